#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Gets what examples/node depends on, at the versions of its lock file:
#
#     tests/ide/packages.sh DIRECTORY
#
# DIRECTORY gets node_modules, from npm. What is there already is not got again unless the lock file has changed; what
# cannot be got is left out, and its tests are skipped. No script of a package is run.
set -uo pipefail

directory=${1:?usage: packages.sh DIRECTORY}
package=$(cd "$(dirname "$0")/../../examples/node" && pwd)
part=$directory.part.$$

cmp -s "$package/package-lock.json" "$directory/package-lock.json" && exit 0
echo "packages: getting what examples/node depends on" >&2
mkdir -p "$part"
cp "$package/package.json" "$package/package-lock.json" "$part"
if (cd "$part" && npm ci --ignore-scripts --no-audit --no-fund --silent) >"$directory.log" 2>&1; then
	rm -rf "$directory"
	mv -T "$part" "$directory"
else
	rm -rf "$part"
	echo "packages: could not get it; the end of $directory.log:" >&2
	tail -n 2 "$directory.log" >&2
fi
exit 0
