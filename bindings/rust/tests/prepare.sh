#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes what the tests of the crates run on:
#
#     bindings/rust/tests/prepare.sh BUILD DIRECTORY
#
# BUILD                  a build of the library, which is installed into DIRECTORY/root
# DIRECTORY/environment  lines for a shell: where cargo and the programs find the library
# DIRECTORY/target       what cargo builds, kept for the next run
set -euo pipefail

build=${1:?usage: prepare.sh BUILD DIRECTORY}
directory=${2:?usage: prepare.sh BUILD DIRECTORY}
needed=1.63

say() { echo "prepare: $*"; }

# Yama lets a process read only its descendants: then the tests that attach to their siblings need root.
make_runner() {
	printf '#!/bin/sh\nexec sudo env LD_LIBRARY_PATH=%q TACHYON_INTERPRETERS=%q PATH="$PATH" "$@"\n' "$1" \
		"${TACHYON_INTERPRETERS:-}" >"$directory/runner"
	chmod +x "$directory/runner"
	host=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
	printf 'export TACHYON_RUNNER=%q CARGO_TARGET_%s_RUNNER=%q\n' "$directory/runner" "$host" "$directory/runner" \
		>>"$directory/environment"
}

mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
found=$(rustc --version | cut -d' ' -f2)
if [ "$(printf '%s\n' $needed "$found" | sort -V | head -n 1)" != $needed ]; then
	say "rustc is $found, the crates need $needed or newer"
	exit 1
fi
say "with $(cargo --version), $(rustc --version)"
rm -rf "$directory/root"
meson install -C "$build" --no-rebuild --quiet --destdir "$directory/root"
pkgconfig=$(dirname "$(find "$directory/root" -name tachyon.pc)")
libraries=$(dirname "$(find "$directory/root" -name libtachyon.so)")
printf 'export PKG_CONFIG_PATH=%q PKG_CONFIG_SYSROOT_DIR=%q LD_LIBRARY_PATH=%q CARGO_TARGET_DIR=%q CARGO_NET_OFFLINE=true\n' \
	"$pkgconfig" "$directory/root" "$libraries" "$directory/target" >"$directory/environment"
if [ "$(id -u)" != 0 ] && [ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" != 0 ]; then
	make_runner "$libraries"
fi
