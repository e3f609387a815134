#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The benchmark: tests/bench/run.sh [OPTIONS OF bench.py]
#
# Builds a release build into build/bench, provides interpreters as the tests do (tests/support/interpreters.sh), gets
# py-spy and austin from PyPI into the same cache, and runs bench.py: tables on the screen, all figures in
# build/bench/figures.json. "run.sh pages [NODES]" compares flame graphs in Chromium instead (pages.py). What the build
# needs is installed by tests/run.sh or examples/quickstart.sh.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
export TACHYON_BUILD=$root/build/bench TACHYON_INTERPRETERS=$root/build/bench/interpreters.tsv PYTHONDONTWRITEBYTECODE=1
export TACHYON_PEERS=${TACHYON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libtachyon}/peers-1

[ -f "$TACHYON_BUILD/build.ninja" ] || meson setup "$TACHYON_BUILD" "$root" --buildtype=release >/dev/null
ninja -C "$TACHYON_BUILD" --quiet
"$root/tests/support/interpreters.sh" "$TACHYON_INTERPRETERS"
if [ "${1:-}" = pages ]; then
	shift
	exec python3 "$root/tests/bench/pages.py" "$@"
fi

if [ ! -x "$TACHYON_PEERS/bin/py-spy" ]; then
	echo "bench: getting py-spy and austin-dist from PyPI into $TACHYON_PEERS"
	{ python3 -m venv "$TACHYON_PEERS" && "$TACHYON_PEERS/bin/pip" install --quiet py-spy austin-dist; } ||
		echo "bench: could not: they are left out"
fi
if "$root/bindings/python/tests/prepare.sh" "$TACHYON_BUILD/bindings-python" >"$TACHYON_BUILD/bindings-python.log" 2>&1; then
	. "$TACHYON_BUILD/bindings-python/environment"
fi
exec python3 "$root/tests/bench/bench.py" --json "$TACHYON_BUILD/figures.json" "$@"
