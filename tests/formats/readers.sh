#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Gets programs that people read profiles with, for the tests in this directory:
#
#     tests/formats/readers.sh DIRECTORY
#
# DIRECTORY gets `speedscope` (its page, from npm) and `perfetto` (Perfetto's own schema, with the protobuf library that
# it wants; from PyPI). What is there already is not got again, and what cannot be got is left out: its tests are
# skipped. Nothing is installed and nothing that is got is run here.
set -uo pipefail

directory=${1:?usage: readers.sh DIRECTORY}
SPEEDSCOPE=speedscope@1.25.0
PERFETTO=(perfetto==0.59.1 protobuf==6.33.0)

# Makes DIRECTORY/NAME complete or not at all, with a function that fills a directory.
get() { # NAME FUNCTION
	local name=$1 part=$directory/$1.part.$$

	[ -d "$directory/$name" ] && return
	echo "readers: getting $name" >&2
	mkdir -p "$part"
	if "$2" "$part" >"$directory/$name.log" 2>&1; then
		mv -T "$part" "$directory/$name"
	else
		rm -rf "$part"
		echo "readers: could not get $name; the end of $directory/$name.log:" >&2
		tail -n 2 "$directory/$name.log" >&2
	fi
}

get_speedscope() {
	(cd "$1" && npm pack --silent "$SPEEDSCOPE" && tar -xzf ./*.tgz --strip-components=1 && rm ./*.tgz)
}

get_perfetto() {
	local wheel

	python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 --dest "$1" "${PERFETTO[@]}" ||
		return
	for wheel in "$1"/*.whl; do
		python3 -m zipfile -e "$wheel" "$1" && rm "$wheel" || return
	done
}

mkdir -p "$directory"
get speedscope get_speedscope
get perfetto get_perfetto
exit 0
