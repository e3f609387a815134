# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Trees of Debian packages for arm64, for the scripts beside this one to source. Nothing of a tree runs while it is made:
# packages are extracted and not configured, so that no emulator is needed. They are kept beside the interpreters' trees
# (tests/support/interpreters.sh); TACHYON_TREES=DIR uses the ones in DIR and makes none.
trees=${TACHYON_TREES:-${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}/trees-2}

# The headers and libraries of what meson.build asks for.
libraries=libc6-dev,libelf-dev,zlib1g-dev,libzstd-dev,libncurses-dev,check

say() { echo "aarch64: $*" >&2; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# The release that this machine runs, whose cross compiler the trees must fit.
release() {
	(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:?}")
}

# Prints the tree's path; makes it first, complete or not at all, if it is not there.
make_tree() { # NAME SUITE PACKAGES
	local tree=$trees/aarch64-$1 part=$trees/aarch64-$1.part.$$ log=$trees/aarch64-$1.log

	if [ ! -d "$tree" ]; then
		if [ -n "${TACHYON_TREES:-}" ]; then
			say "no $tree"
			return 1
		fi
		say "making $tree: arm64 packages of Debian $2"
		mkdir -p "$trees"
		# The archive's clock may lie behind ours: no danger to a test.
		if ! as_root mmdebstrap --architectures=arm64 --variant=extract \
			--aptopt='Acquire::Check-Valid-Until "false"' --include="$3" "$2" "$part" >"$log" 2>&1; then
			as_root rm -rf "$part"
			say "could not make it; is the network there? The end of $log:"
			tail -n 4 "$log" >&2
			return 1
		fi
		as_root mv -T "$part" "$tree" && rm -f "$log"
	fi
	echo "$tree"
}
