#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# From a fresh clone to a profile: installs what the build needs, builds into build/, profiles the program that ships in
# examples/quickstart and shows its hot functions, lines and bytecode instructions.
#
#     examples/quickstart.sh [OPTIONS OF tachyon-cli run…]
#
# For Debian 12 and newer and its relatives, as root or with sudo. A second run only profiles.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build
packages="gcc libc6-dev meson ninja-build pkgconf libelf-dev zlib1g-dev libzstd-dev libncurses-dev python3"

say() { echo "quickstart: $*" >&2; }

die() {
    say "$@"
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root or sudo: $*"
    fi
}

missing_packages() {
    for package in $packages; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || printf '%s ' "$package"
    done
}

# What is there counts, not where it came from: on a system without apt everything may be installed by other means.
have_tools() {
    command -v cc >/dev/null && command -v meson >/dev/null && command -v ninja >/dev/null &&
        command -v pkg-config >/dev/null && pkg-config --exists libelf zlib ncursesw && command -v python3 >/dev/null
}

install_packages() {
    have_tools && return
    command -v apt-get >/dev/null || die "no apt-get here; please install: a C compiler, meson, ninja, pkg-config," \
        "libelf, zlib, zstd and ncurses with their headers, python3"
    missing=$(missing_packages)
    say "installing with apt: $missing"
    log=$(mktemp)
    if ! { as_root apt-get update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        die "apt could not install them. Is there a network? All of its output is in $log"
    fi
    rm -f "$log"
}

build_library() {
    say "building into $build"
    if [ ! -f "$build/build.ninja" ]; then
        meson setup "$build" "$root" -Dtests=false >/dev/null || die "meson failed; see $build/meson-logs/meson-log.txt"
    fi
    ninja -C "$build" --quiet || die "the build failed"
}

install_packages
build_library
say "profiling examples/quickstart/stdlib_report.py (about 10 seconds)"
say "\$ tachyon-cli run --opcodes ${*:+$* }examples/quickstart/stdlib_report.py"
exec "$build/examples/tachyon-cli/tachyon-cli" run --opcodes "$@" "$root/examples/quickstart/stdlib_report.py"
