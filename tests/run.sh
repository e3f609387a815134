#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs all tests: tests/run.sh [STAGE…]
#
# Installs what the tests need (Debian 12 or newer; root or sudo), builds into build/tests with warnings as errors, runs
# every stage below and ends with one line, "N passed, N failed, N skipped", and exit status 1 if anything failed. A log
# of each stage stays in build/tests/logs. With names of stages it runs only those.
#
# The interpreters come from tests/support/interpreters.sh, which says where they are kept.
set -uo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/tests
sanitized=$root/build/tests-sanitized
logs=$build/logs
python=/usr/bin/python3
packages=(gcc g++ binutils meson ninja-build pkgconf libelf-dev zlib1g-dev libzstd-dev libncurses-dev check valgrind bubblewrap mmdebstrap
	python3 python3-dev python3-pytest python3-pytest-xdist python3-pytest-rerunfailures python3-pip python3-venv chromium tmux groff-base
	bindgen libclang1 neovim node-typescript git build-essential debhelper dh-python doxygen mandoc abigail-tools)
# Debian's Rust, unless there is one already.
command -v cargo >/dev/null || packages+=(cargo rustc rustfmt rust-clippy)
stage_timeout_s=1500
workers=3
passed=0 failed=0 skipped=0

export TACHYON_BUILD=$build TACHYON_INTERPRETERS=$build/interpreters.tsv PYTHONDONTWRITEBYTECODE=1

all_stages=(unit sanitized valgrind api packaging opcodes live cli formats bindings rust ide oracle)

# ---- what the stages run; each prints to its log and tells tally.py what to count ----

unit_tests() { # BUILD-DIRECTORY LOGBASE OPTIONS…
	local directory=$1 base=$2
	shift 2
	meson test -C "$directory" --no-rebuild --print-errorlogs --logbase "$base" "$@"
}

stage_unit() {
	unit_tests "$build" unit
}

# In one process a program (CK_FORK=no), so that a leak or an error is seen where the program ends. The sanitizers see
# every test; the build needs neither the shared library nor the examples, and is made in two thirds of the time with -O1.
stage_sanitized() {
	[ -f "$sanitized/build.ninja" ] ||
		meson setup "$sanitized" "$root" -Dwerror=true -Dexamples=false -Doptimization=1 \
			-Db_sanitize=address,undefined -Db_lundef=false || return
	ninja -C "$sanitized" || return
	CK_FORK=no UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
		unit_tests "$sanitized" sanitized --timeout-multiplier 4
}

stage_valgrind() {
	CK_FORK=no CK_TIMEOUT_MULTIPLIER=10 unit_tests "$build" valgrind --timeout-multiplier 10 --no-suite slow \
		--wrap 'valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect --error-exitcode=99'
}

# Most of a live test is waiting for a target: three at a time keep two processors busy. One that fails is tried once more,
# and the log says so (RERUN): on a crowded machine a target may not get its turn within a test's patience.
pytest_stage() { # NAME
	local name=$1
	shift
	as_ptracer "$python" -m pytest -p no:cacheprovider -n "$workers" --reruns 1 -raR --tb=short \
		--junit-xml="$logs/$name.xml" "$root/tests/$name" "$@"
}

stage_api() {
	pytest_stage api
}

# In the order of the file: two builds at a time would be no faster.
stage_packaging() {
	workers=0 pytest_stage packaging
}

stage_opcodes() {
	local name command commands=()

	while IFS=$'\t' read -r name command; do
		case $name in *-*) ;; *) commands+=("$command") ;; esac
	done <"$TACHYON_INTERPRETERS"
	"$python" "$root/tests/python/check_opcode_tables.py" "${commands[@]}"
}

stage_live() {
	pytest_stage live
}

stage_cli() {
	pytest_stage cli
}

stage_formats() {
	"$root/tests/formats/readers.sh" "${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}/readers-1"
	pytest_stage formats "$root/tests/known-differences"
}

# The wheel is made and installed first. The tests run with the tools that made it, where PyPI could be reached.
stage_bindings() {
	local made=$build/bindings-python

	"$root/bindings/python/tests/prepare.sh" "$made" || return
	. "$made/environment"
	# By files: those of one share what takes long to make.
	PYTHONPATH=$TACHYON_SITE as_ptracer "$TACHYON_PYTHON" -m pytest -p no:cacheprovider -n "$workers" --dist loadfile \
		--reruns 1 -raR --tb=short --junit-xml="$logs/bindings.xml" "$root/bindings/python/tests"
}

stage_ide() {
	local modules=${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}/node-1

	"$root/tests/ide/packages.sh" "$modules"
	export TACHYON_NODE_MODULES=$modules/node_modules
	pytest_stage ide
}

# What is in the crates first; then what is around them: the bindings compared with the headers, packages.
stage_rust() {
	local made=$build/bindings-rust status=0

	"$root/bindings/rust/tests/prepare.sh" "$build" "$made" || return
	. "$made/environment"
	(cd "$root/bindings/rust" && cargo test --workspace --no-fail-fast) || status=1
	"$python" -m pytest -p no:cacheprovider --reruns 1 -raR --tb=short --junit-xml="$logs/rust.xml" \
		"$root/bindings/rust/tests" || status=1
	return $status
}

stage_oracle() {
	as_ptracer "$python" "$root/tests/oracle/run.py" --short
}

# ---- around the stages ----

say() { echo "tests: $*"; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Yama lets a process read only its descendants: then the tests that attach to their siblings need root.
as_ptracer() {
	if [ "$(id -u)" != 0 ] && [ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" != 0 ]; then
		sudo --preserve-env=PATH,HOME,TACHYON_BUILD,TACHYON_CACHE,TACHYON_CHURN_S,TACHYON_INTERPRETERS,TACHYON_SITE,TACHYON_WHEEL,TACHYON_TESTSUITE,TACHYON_TREES,TACHYON_NODE_MODULES,PYTHONPATH,PYTHONDONTWRITEBYTECODE \
			"$@"
	else
		"$@"
	fi
}

fail() { # MESSAGE… : something that the stages stand on
	say "$@"
	failed=$((failed + 1))
	summary
}

summary() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
	exit
}

install_packages() {
	local package missing=()

	# Node may come from elsewhere, with npm in it.
	command -v node >/dev/null || packages+=(nodejs)
	command -v npm >/dev/null || packages+=(npm)
	for package in "${packages[@]}"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
	done
	[ ${#missing[@]} = 0 ] && return
	say "installing with apt: ${missing[*]}"
	if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "${missing[@]}"; } >"$logs/packages.log" 2>&1; then
		tail -n 5 "$logs/packages.log"
		fail "could not install ${missing[*]}: is the network there, and are you root or may use sudo?"
	fi
}

build_all() {
	{ [ -f "$build/build.ninja" ] || meson setup "$build" "$root" -Dwerror=true; } >"$logs/build.log" 2>&1 &&
		ninja -C "$build" >>"$logs/build.log" 2>&1 && return
	grep -E -A 12 'FAILED|ERROR|error:' "$logs/build.log" | head -n 60
	fail "the build failed; all of it is in $logs/build.log"
}

run_stage() { # NAME
	local name=$1 started=$SECONDS stage status p f s

	rm -f "$logs/$name.xml" "$build/meson-logs/$name"*.json "$sanitized/meson-logs/$name"*.json
	# timeout(1) gives the stage a process group of its own, so that all it started ends with it.
	timeout --kill-after=10 $stage_timeout_s "$root/tests/run.sh" --stage "$name" >"$logs/$name.log" 2>&1 </dev/null &
	stage=$!
	trap 'kill $stage; exit 130' INT TERM
	wait $stage
	status=$?
	trap - INT TERM
	[ $status != 124 ] || echo "no end after $stage_timeout_s s" >>"$logs/$name.log"
	read -r p f s < <("$python" "$root/tests/support/tally.py" "$status" "$logs/$name.log" "$logs/$name.xml" \
		"$build/meson-logs/$name"*.json "$sanitized/meson-logs/$name"*.json)
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	printf 'tests: %-10s %5d ok %4d failed %4d skipped %5d s\n' "$name" "$p" "$f" "$s" $((SECONDS - started))
	grep -E '^SKIPPED|^SKIP:|^RERUN' "$logs/$name.log"
	[ "$f" = 0 ] && return
	echo "--- the end of $logs/$name.log"
	tail -n 60 "$logs/$name.log"
	echo "---"
}

if [ "${1:-}" = --stage ]; then
	stage_"$2"
	exit
fi
mkdir -p "$logs"
install_packages
say "interpreters, kept for the next run:"
if ! "$root/tests/support/interpreters.sh" "$TACHYON_INTERPRETERS"; then
	say "an interpreter that the tests need is missing"
	failed=$((failed + 1))
fi
say "with $(cut -f1 "$TACHYON_INTERPRETERS" | paste -sd' ')"
build_all
if [ $# = 0 ]; then
	set -- "${all_stages[@]}"
fi
for stage in "$@"; do
	case " ${all_stages[*]} " in
	*" $stage "*) run_stage "$stage" ;;
	*) fail "no stage $stage: there are ${all_stages[*]}" ;;
	esac
done
summary
