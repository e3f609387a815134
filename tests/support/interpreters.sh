#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Provides the interpreters the tests run against and writes their list:
#
#     tests/support/interpreters.sh LIST
#
# LIST gets one interpreter a line, "NAME<TAB>COMMAND WORDS", the words quoted for a shell. Append a script and its
# arguments and run it: the tests directory and /tmp are visible to it. tests/support/interpreters.py reads it.
#
# CPython 3.11, 3.13, 3.14 and 3.15 come as trees of Debian packages, of about 70 MB each, which are made once and kept
# in ${TACHYON_CACHE:-${XDG_CACHE_HOME:-~/.cache}/libtachyon}. The system itself stays as it is. bubblewrap runs them in
# a mount namespace of their own, which is what a container looks like from outside; it stays as the parent of the
# Python process. Debian has no 3.12: one is used where pyenv, uv or PATH have it, and so are pyenv's and uv's other
# versions, as further builds (NAME-extra). Debian's executables are static and not position independent; its libpython,
# which the trees hold too, and pyenv's builds are the other layout.
#
# TACHYON_FREE_THREADED=1 adds 3.13-free, a CPython without the GIL: built from Debian's source package, which takes some
# minutes and needs a C compiler, make and xz, and kept beside the trees. What is there already is used without asking.
#
# TACHYON_TREES=DIR uses the trees in DIR (py311, py313, …) and makes none.
#
# Exit status: 0; 1 when a tree could not be made (the list then has the rest).
set -uo pipefail

list=${1:?usage: interpreters.sh LIST}
tests=$(cd "$(dirname "$0")/.." && pwd)
cache=${TACHYON_TREES:-${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}/trees-2}
status=0

say() { echo "interpreters: $*" >&2; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Makes DIR complete or not at all, so that an interrupted run leaves nothing that looks like a tree.
make_tree() { # DIR SUITE PACKAGES PYTHON
	local dir=$1 suite=$2 packages=$3 part="$1.part.$$" log="$1.log"

	say "making $dir: Debian $suite's ${packages//,/, } (about 70 MB)"
	mkdir -p "$(dirname "$dir")"
	# The archive's clock may lie behind ours (a mirror, a snapshot): that is no danger to a test.
	if ! as_root mmdebstrap --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
		--include="$packages" "$suite" "$part" >"$log" 2>&1; then
		as_root rm -rf "$part"
		say "could not make it; is the network there? The end of $log:"
		tail -n 4 "$log" >&2
		return 1
	fi
	warm_up "$part" "$4"
	mv -T "$part" "$dir" && rm -f "$log"
}

# Compiles what programs import most: the trees are read-only when they run, so that each run would do it again.
warm_up() { # DIR PYTHON
	local command

	command=$(tree_command "$1" "$2")
	eval "as_root ${command/--ro-bind/--bind} -c 'import asyncio, contextlib, ctypes, dis, json, runpy, threading, xml.sax'" \
		</dev/null >&2 || true
}

# The words that run a tree's interpreter. Debian before trixie has real /lib and /bin folders, later links into /usr.
tree_command() { # DIR PYTHON
	local dir=$1 words=(bwrap --die-with-parent --ro-bind "$1/usr" /usr) name

	for name in lib lib64 bin; do
		if [ -d "$dir/$name" ] && [ ! -L "$dir/$name" ]; then
			words+=(--ro-bind "$dir/$name" "/$name")
		elif [ -d "$dir/usr/$name" ]; then
			words+=(--symlink "usr/$name" "/$name")
		fi
	done
	words+=(--proc /proc --dev /dev --bind /tmp /tmp --ro-bind "$tests" "$tests" "/usr/bin/$2")
	printf '%q ' "${words[@]}"
}

add_tree() { # NAME DIR SUITE PYTHON PACKAGES
	local name=$1 dir="$cache/$2" suite=$3 python=$4 packages=$5 command

	if [ ! -x "$dir/usr/bin/$python" ]; then
		if [ -n "${TACHYON_TREES:-}" ]; then
			say "$name: not in $TACHYON_TREES"
			return 0
		fi
		make_tree "$dir" "$suite" "$packages" "$python" || return 1
	fi
	command=$(tree_command "$dir" "$python")
	if ! (eval "$command -c 'pass'") </dev/null >&2; then
		say "$name: $dir does not run here (does bwrap have the right to make namespaces?)"
		return 1
	fi
	printf '%s\t%s\n' "$name" "${command% }" >>"$list.part"
}

# The source package of CPython 3.13, from a list of sources of our own: the system's stays as it is.
fetch_source() { # DIR
	local dir=$1 apt=$1/apt keys=/usr/share/keyrings/debian-archive-keyring.gpg

	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	echo "deb-src [signed-by=$keys] http://deb.debian.org/debian trixie main" >"$apt/sources.list"
	(
		cd "$dir" || exit 1
		for step in update "source --download-only python3.13"; do
			# shellcheck disable=SC2086
			apt-get -q -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
				-o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" \
				-o Acquire::Check-Valid-Until=false $step || exit 1
		done
		tar -xf python3.13_*.orig.tar.xz --strip-components=1
	)
}

# Not as fast as it could be: tests need an interpreter, no speed.
build_free_threaded() { # PREFIX
	local prefix=$1 source="$1.source.$$" log="$1.log" result

	say "building $prefix from Debian's source package of python3.13 (about 60 MB, some minutes)"
	mkdir -p "$source"
	{
		fetch_source "$source" && cd "$source" &&
			./configure --disable-gil --without-ensurepip --disable-test-modules --prefix="$prefix" &&
			make -j"$(nproc)" EXTRA_CFLAGS=-O1 && make install
	} >"$log" 2>&1
	result=$?
	rm -rf "$source"
	[ $result = 0 ] && rm -f "$log" && return 0
	say "could not build it. The end of $log:"
	tail -n 4 "$log" >&2
	return 1
}

add_free_threaded() {
	local prefix="$cache/free313"

	if [ ! -x "$prefix/bin/python3.13t" ]; then
		[ "${TACHYON_FREE_THREADED:-}" = 1 ] || return 0
		(build_free_threaded "$prefix") || return 1
	fi
	printf '3.13-free\t%q\n' "$prefix/bin/python3.13t" >>"$list.part"
}

# Real executables behind launchers and links, each once.
add_host() { # NAME EXECUTABLE
	local name=$1 real

	real=$("$2" -I -c 'import os, sys; print(os.path.realpath(sys.executable))' 2>/dev/null) || return 1
	case " $seen " in *" $real "*) return 1 ;; esac
	seen="$seen $real"
	printf '%s\t%q\n' "$name" "$real" >>"$list.part"
	say "$name: found $real"
}

add_hosts() {
	local minor path name seen=""

	for minor in 11 12 13 14 15; do
		name=3.$minor
		[ "$minor" = 12 ] || name=3.$minor-extra
		for path in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python3."$minor" \
			"${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/cpython-3."$minor".*/bin/python3."$minor" \
			$([ "$minor" != 12 ] || type -ap python3.12); do
			if [ -x "$path" ] && add_host "$name" "$path"; then
				break
			fi
		done
	done
	grep -q "^3.12	" "$list.part" || say "3.12: none found in pyenv, uv or PATH (Debian has none): its tests are skipped"
}

mkdir -p "$(dirname "$list")"
: >"$list.part"
add_tree 3.11 py311 bookworm python3.11 python3.11,libpython3.11 || status=1
add_tree 3.13 py313 trixie python3.13 python3.13,libpython3.13 || status=1
add_tree 3.14 py314 forky python3.14 python3.14,libpython3.14 || status=1
add_tree 3.15 py315 forky python3.15 python3.15,libpython3.15 || status=1
add_free_threaded || status=1
add_hosts
mv "$list.part" "$list"
exit $status
