#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the test cases of one stage of run.sh: prints "PASSED FAILED SKIPPED".

    tally.py EXIT-STATUS LOG RESULT…

The first RESULT that exists is counted: a JUnit file of pytest's, or meson's testlog.json, whose programs end with check's
line. Without one, the last "N passed, N failed, N skipped" of the log counts; without that, the exit status is one test.
What cargo ran is counted beside it: a "test result" line of the log for every program of tests. A stage that ended badly
has at least one failure, whatever it counted.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree

CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.M)
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)
CARGO = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;", re.M)
MESON_SKIPPED = "SKIP"
MESON_PASSED = "OK"


def count_junit(path):
    cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed, skipped


def count_program(result):
    """One test program of meson's: check's numbers, or one for the program itself."""
    if result["result"] == MESON_SKIPPED:
        return 0, 0, 1
    ended_well = result["result"] == MESON_PASSED
    found = CHECK.search(result.get("stdout", ""))
    if not found:
        return int(ended_well), int(not ended_well), 0
    checks, failures, errors = map(int, found.groups())
    failed = failures + errors
    return checks - failed, failed or int(not ended_well), 0


def count_meson(path):
    results = [count_program(json.loads(line)) for line in path.read_text().splitlines()]
    return add(results) if results else (0, 0, 0)


def add(counts):
    return tuple(map(sum, zip(*counts)))


def count(status, log, results):
    text = log.read_text(errors="replace") if log.exists() else ""
    counts = [tuple(map(int, numbers)) for numbers in CARGO.findall(text)]
    plain = PLAIN.findall(text)
    path = next(filter(pathlib.Path.exists, results), None)
    if path:
        counts.append(count_junit(path) if path.suffix == ".xml" else count_meson(path))
    elif plain:
        counts.append(tuple(int(number or 0) for number in plain[-1]))
    return add(counts) if counts else (int(status == 0), int(status != 0), 0)


def main():
    status, log, *results = int(sys.argv[1]), *map(pathlib.Path, sys.argv[2:])
    passed, failed, skipped = count(status, log, results)
    print(passed, failed or int(status != 0), skipped)


if __name__ == "__main__":
    main()
