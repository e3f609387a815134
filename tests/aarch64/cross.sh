#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Writes a cross file for Meson that builds for aarch64 on a Debian of another machine:
#
#     tests/aarch64/cross.sh FILE
#
# The compiler is Debian's (gcc-aarch64-linux-gnu); headers and libraries come from a tree of arm64 packages of about 70 MB,
# so that the system needs no foreign architecture. What is built for the target runs in an emulator of user programs.
set -euo pipefail

file=${1:?usage: cross.sh FILE}
. "$(dirname "$0")/trees.sh"

suite=$(release) || {
	say "this is no release of Debian"
	exit 1
}
tree=$(make_tree "$suite" "$suite" "$libraries")

cat >"$file" <<EOF
[constants]
tree = '$tree'
arguments = ['--sysroot=' + tree]

[binaries]
c = 'aarch64-linux-gnu-gcc'
ar = 'aarch64-linux-gnu-gcc-ar'
strip = 'aarch64-linux-gnu-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-aarch64-static', '-L', tree]

[built-in options]
c_args = arguments
c_link_args = arguments

[properties]
sys_root = tree
pkg_config_libdir = [tree / 'usr/lib/aarch64-linux-gnu/pkgconfig', tree / 'usr/share/pkgconfig']

[host_machine]
system = 'linux'
cpu_family = 'aarch64'
cpu = 'aarch64'
endian = 'little'
EOF
