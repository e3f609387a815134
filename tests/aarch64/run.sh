#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests for aarch64 on another machine: tests/aarch64/run.sh [STAGE…]. On aarch64 itself tests/run.sh is what to run.
#
#     build        cross-builds into build/aarch64, with warnings as errors; some 2 minutes
#     unit         the unit tests in qemu-user; some 4 minutes
#     machine      a machine emulated by qemu-system: real processes under Debian's kernel; some 7 minutes
#     machine-16k  the same under a kernel with pages of 16 KiB
#
# Without names of stages: build and unit. Installs what it needs (Debian 12 or newer; root or sudo) and keeps trees of
# arm64 packages beside the interpreters' of tests/run.sh. Not a stage of that one because an emulator takes minutes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/aarch64
packages=(meson ninja-build pkgconf mmdebstrap gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static)
. "$here/trees.sh"

install_packages() {
	local package missing=()

	for package in "${packages[@]}"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
	done
	[ ${#missing[@]} = 0 ] && return
	say "installing with apt: ${missing[*]}"
	as_root apt-get -q update >/dev/null
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" >/dev/null
}

stage_build() {
	if [ ! -f "$build/build.ninja" ]; then
		mkdir -p "$build"
		"$here/cross.sh" "$build/cross.ini"
		meson setup "$build" "$root" --cross-file "$build/cross.ini" -Dwerror=true
	fi
	ninja -C "$build"
}

# Suite "kernel": tests of system calls that qemu-user does not have. The stage "machine" runs them.
stage_unit() {
	meson test -C "$build" --print-errorlogs --timeout-multiplier 10 --no-suite kernel
}

stage_machine() {
	"$here/machine.sh" "$build"
}

stage_machine-16k() {
	"$here/machine.sh" "$build" 16k
}

[ $# != 0 ] || set -- build unit
for stage in "$@"; do
	case $stage in
	build | unit) ;;
	machine | machine-16k) packages+=(qemu-system-arm cpio e2fsprogs kmod xz-utils) ;;
	*)
		say "no stage $stage: there are build unit machine machine-16k"
		exit 2
		;;
	esac
done
install_packages
for stage in "$@"; do
	stage_"$stage"
	say "$stage: passed"
done
