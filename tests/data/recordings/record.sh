#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the recordings of this directory anew. PYTHON is CPython 3.15, CLI is tachyon-cli.
#
#     cpython-none.bin, cpython-zstd.bin   by CPython's own profiler
#     cpython-*.txt                        what its replay makes of each with --collapsed
#     ours-zstd.bin, ours-none.bin         by tachyon-cli, of the same program
#     ours-*.txt                           what CPython's replay makes of each
set -eu

python=${PYTHON:?CPython 3.15}
cli=${CLI:?tachyon-cli}
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C
cd "$here"

for kind in none zstd; do
	$python -m profiling.sampling run -r 200hz -a --opcodes --binary --compression $kind -o cpython-$kind.bin program.py 1
	$cli run -r 200hz -a --opcodes --binary=ours-$kind.bin --compression $kind -- $python program.py 1
done
for recording in *.bin; do
	$python -m profiling.sampling replay --collapsed -o "${recording%.bin}.txt" "$recording"
done
