#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Prints the path of a Debian tree of somebody who has a compiler and Python but nothing of libtachyon:
#
#     tests/packaging/tree.sh
#
# Of the release that this machine runs, because the packages are built here; made once, of about 350 MB, and kept beside the
# interpreters' trees (tests/support/interpreters.sh; TACHYON_TREES=DIR uses the one in DIR and makes none). It holds what
# the packages depend on, so that they install without a network; no header of it but those of the C library.
set -uo pipefail

packages=gcc,libc6-dev,man-db,pkgconf,python3,libelf1,libncursesw6,libzstd1,sensible-utils,zlib1g
trees=${TACHYON_TREES:-${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}/trees-2}

say() { echo "tree: $*" >&2; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

. /etc/os-release
if [ "${ID:-}" != debian ] || [ -z "${VERSION_CODENAME:-}" ]; then
	say "this is no release of Debian"
	exit 1
fi
tree=$trees/user-$VERSION_CODENAME
if [ ! -d "$tree" ]; then
	if [ -n "${TACHYON_TREES:-}" ]; then
		say "no $tree"
		exit 1
	fi
	say "making $tree: Debian $VERSION_CODENAME with ${packages//,/, } (about 350 MB)"
	mkdir -p "$trees"
	part=$tree.part.$$ log=$tree.log
	# Complete or not at all. The archive's clock may lie behind ours: no danger to a test.
	if ! as_root mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="$packages" \
		"$VERSION_CODENAME" "$part" >"$log" 2>&1; then
		as_root rm -rf "$part"
		say "could not make it; is the network there? The end of $log:"
		tail -n 4 "$log" >&2
		exit 1
	fi
	as_root mv -T "$part" "$tree" && rm -f "$log"
fi
echo "$tree"
