#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the Debian packages from a tarball of `meson dist`:
#
#     examples/debian/build.sh tachyon-0.1.0.tar.xz DIRECTORY [OPTIONS OF dpkg-buildpackage…]
#
# DIRECTORY gets the unpacked sources, in them this folder as debian/, where dpkg-buildpackage looks for it, and the packages.
# The top level of the repository stays free of it: distributions bring their own debian/ along. What must be installed
# stands in Build-Depends of control: `apt-get build-dep DIRECTORY/libtachyon-…` gets it.
set -euo pipefail

tarball=$(realpath "${1:?usage: build.sh TARBALL DIRECTORY [OPTIONS]}")
directory=${2:?usage: build.sh TARBALL DIRECTORY [OPTIONS]}
shift 2

mkdir -p "$directory"
cd "$directory"
version=$(basename "$tarball" .tar.xz)
version=${version#tachyon-}
source=libtachyon-$version
[ ! -e "$source" ] || {
	echo "build.sh: $directory/$source is there already" >&2
	exit 1
}
cp "$tarball" "libtachyon_$version.orig.tar.xz"
mkdir "$source"
tar -xf "$tarball" --strip-components=1 -C "$source"
cp -R "$source/examples/debian" "$source/debian"
rm "$source/debian/build.sh"
cd "$source"
dpkg-buildpackage --unsigned-source --unsigned-changes "$@"
