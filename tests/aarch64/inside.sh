#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What the machine of machine.sh runs: tests of the kernel's calls, then real processes of every CPython, and as many of the
# live tests as an emulated processor does in minutes. TCG is some twenty times slower than the processor it runs on, and
# orders memory as that one does: rates and the shares of torn samples mean nothing here.
set -uo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
export TACHYON_BUILD=$root/build TACHYON_INTERPRETERS=/tmp/interpreters.tsv TACHYON_TREES=/trees PYTHONDONTWRITEBYTECODE=1
chosen="test_profile or frames_are_what or stopping_gives or main_thread or test_all_threads"
failed=0

echo "aarch64: $(uname -rm), pages of $(getconf PAGESIZE) bytes"
while read -r program; do
	"$TACHYON_BUILD/$program" || failed=1
done <"$TACHYON_BUILD/kernel-tests"
"$root/tests/support/interpreters.sh" "$TACHYON_INTERPRETERS" || failed=1
# One after another: two of these directories have a conftest.py.
for tests in aarch64/test_profile.py live/test_locations.py cli/test_dump.py; do
	python3 -m pytest -p no:cacheprovider -raR --tb=short --reruns 1 --durations=5 "$root/tests/$tests" -k "$chosen" || failed=1
done
exit $failed
