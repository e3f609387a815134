# SPDX-License-Identifier: Apache-2.0
"""Instrumentation changes the bytecode, not what is reported; and an instruction is known by its place, not its line."""

import ast
import statistics

import pytest

import annotation
import interpreters
from conftest import TARGETS

HEAVY = TARGETS / "heavy.py"
NEAR = 0.03
# A difference is known well enough when NEAR is so many of its standard errors.
SURE = 4
# Pairs of annotations.
FEWEST, MOST = 4, 10


def skip_without(interpreter, how):
    if how == "lines" and interpreter.version < (3, 12):
        pytest.skip("no sys.monitoring")


def switch(target, state):
    target.write_line()
    assert target.read_line() == state


def take(pid):
    counter = annotation.Counter("heavy")
    counter.add(annotation.take(pid, "--function", "heavy", seconds=1))
    return counter


def differences(pairs):
    """By instruction: how much its share differs, and the standard error of that, both from the pairs."""
    keys = {key for pair in pairs for counter in pair for key in counter.leaf}
    by_pair = {key: [found.share(key) - plain.share(key) for plain, found in pairs] for key in keys}
    return {key: (statistics.mean(values), statistics.stdev(values) / len(values) ** 0.5)
            for key, values in by_pair.items()}


def compare(interpreter, how):
    """Without instrumentation and with it, in turn, so that what else the machine does meets both alike.

    Samples of a target that waits for a processor are all the same one. So how sure a share is does not follow from
    their number on a busy machine, but from how much it varies from one annotation to the next.
    """
    pairs = []
    with interpreters.start(interpreter, HEAVY, how) as target:
        while len(pairs) < MOST:
            plain = take(target.pid)
            switch(target, "on")
            pairs.append((plain, take(target.pid)))
            switch(target, "off")
            if len(pairs) >= FEWEST and all(SURE * error < NEAR for _, error in differences(pairs).values()):
                break
    return pairs


def mean_share(counters, key):
    return statistics.mean(counter.share(key) for counter in counters)


@pytest.mark.parametrize("how", ["lines", "trace"])
def test_shares_are_those_without(interpreter, how):
    skip_without(interpreter, how)
    pairs = compare(interpreter, how)
    plain, found = zip(*pairs)
    assert not [name for counter in plain + found for name in counter.names if "INSTRUMENTED" in name]
    assert sum(counter.instrumented for counter in plain) == 0
    if interpreter.version >= (3, 12):
        # It did stand in the way: otherwise this would be no test.
        assert sum(counter.instrumented for counter in found) > 0.5 * sum(counter.total for counter in found)
    for key, (difference, error) in differences(pairs).items():
        assert abs(difference) < max(NEAR, SURE * error), key
    # All but a hundredth of the time is in the four heavy instructions.
    heavy = sorted(plain[0].leaf, key=plain[0].leaf.get, reverse=True)[:4]
    assert {base for _, base in heavy} == {"BINARY_OP", "COMPARE_OP", "CONTAINS_OP"}
    assert sum(mean_share(plain, key) for key in heavy) > 0.99


REPORTS = (
    ["attach", "--opcodes"], ["attach", "--opcodes", "--collapsed", "-o", "-"],
    ["attach", "--opcodes", "--jsonl", "-o", "-"], ["attach", "--opcodes", "--gecko", "-o", "-"],
    ["annotate"], ["annotate", "--json"], ["annotate", "--specialization"],
)


@pytest.mark.parametrize("how", ["lines", "trace"])
def test_no_report_names_instrumentation(interpreter, how):
    skip_without(interpreter, how)
    with interpreters.start(interpreter, HEAVY, how) as target:
        switch(target, "on")
        for command in REPORTS:
            done = annotation.run(*command, "-d", 0.4, "-r", "2khz", target.pid)
            assert done.returncode == 0, (command, done.stderr)
            assert "heavy" in done.stdout, command
            assert "INSTRUMENTED_" not in done.stdout + done.stderr, command


def multiplications():
    """Columns of the two in two(), the larger one's first."""
    tree = ast.parse(HEAVY.read_text())
    function = next(node for node in tree.body if getattr(node, "name", "") == "two")
    difference = function.body[0].value
    return [(node.lineno, node.col_offset, node.end_col_offset) for node in (difference.left, difference.right)]


def test_two_operations_of_one_line_are_two_rows(interpreter):
    with interpreters.start(interpreter, HEAVY, "trace") as target:
        rows, leaf = {}, 0
        for _ in range(annotation.ROUNDS):
            function = annotation.functions(annotation.take(target.pid, "--function", "two", seconds=1))["two"]
            leaf += function["leaf"]
            for instruction in function["instructions"]:
                if instruction["base"] == "BINARY_OP":
                    place = (instruction["line"], instruction["column"], instruction["end_column"])
                    rows[place] = rows.get(place, 0) + instruction["leaf"]
            if leaf >= 400:
                break
    larger, smaller = multiplications()
    # The subtraction is the third. Twice the digits cost about three times as much (Karatsuba).
    assert len(rows) == 3
    assert rows[larger] > 0.6 * leaf
    assert 0.03 * leaf < rows[smaller] < 0.4 * leaf
