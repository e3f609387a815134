# SPDX-License-Identifier: Apache-2.0
"""--callgrind, read by callgrind_annotate of Valgrind; what it leaves out (instructions, recursion) by the format's own
rules."""

import re
import shutil
import subprocess

import pytest


@pytest.fixture(scope="module")
def annotate(profile):
    """What callgrind_annotate prints of the profile."""
    if not shutil.which("callgrind_annotate"):
        pytest.skip("no callgrind_annotate here: it reads the profile")
    path = profile("--callgrind", "--opcodes")

    def run(*options):
        # Below the working directory it calls a file by two names.
        result = subprocess.run(["callgrind_annotate", *options, path], cwd="/", stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        assert result.returncode == 0 and result.stderr == "", result.stderr
        return result.stdout
    return run


def read(path):
    """{(file, function): {(offset, line): costs}} and the calls: {(…, (file, function)): costs}."""
    names, own, calls, key, callee = {}, {}, {}, None, None
    text = path.read_text(encoding="utf-8")
    head, body = re.split(r"^events: .*\n", text, maxsplit=1, flags=re.MULTILINE)
    for line in body.splitlines():
        if match := re.fullmatch(r"c?(f[linj]+)=\((\d+)\)(?: (.*))?", line):
            kind, number, name = match.groups()
            table = "function" if kind == "fn" else "file"
            if name is not None:
                assert (table, number) not in names, line
                names[table, number] = name
            current = names[table, number]
            if line[0] != "c":
                key = (current, None) if table == "file" else (key[0], current)
            else:
                callee = (current, None) if table == "file" else (callee[0], current)
        elif match := re.fullmatch(r"calls=(\d+) 0x0 \d+", line):
            count = int(match[1])
        elif match := re.fullmatch(r"0x([0-9a-f]+) (\d+)((?: \d+)+)", line):
            place = int(match[1], 16), int(match[2])
            costs = [int(cost) for cost in match[3].split()]
            if callee:
                assert costs[0] == count
                calls[key, place, callee] = costs
                callee = None
            else:
                assert place not in own.setdefault(key, {}), line
                own[key][place] = costs
        else:
            assert re.fullmatch(r"|totals:(?: \d+)+", line), line
    return head, own, calls, [int(cost) for cost in re.search(r"^totals:(.*)$", body, re.MULTILINE)[1].split()]


@pytest.fixture(scope="module")
def callgrind(profile):
    return read(profile("--callgrind", "--opcodes"))


def test_callgrind_annotate_counts_what_we_counted(annotate, callgrind):
    _, own, _, totals = callgrind
    text = annotate("--threshold=100")
    assert re.search(rf"^{totals[0]:,} \(100\.0%\).*PROGRAM TOTALS$", text, re.MULTILINE), text
    for (file, function), places in own.items():
        samples = sum(costs[0] for costs in places.values())
        if samples >= totals[0] // 20 and file.endswith("work.py"):
            assert re.search(rf"^ *{samples:,} .*work\.py:{re.escape(function)}( |$)", text, re.MULTILINE), (function, text)


def test_it_annotates_lines_and_knows_callers(annotate):
    tree = annotate("--tree=caller", "--threshold=100")
    assert re.search(r"< .*work\.py:produce \([\d,]+x\)", tree) and re.search(r"\* .*work\.py:add", tree)
    lines = annotate("--auto=yes", "--threshold=100")
    assert re.search(r"^ *[\d,]+ \([ \d.]+%\).* total = first \+ second \+ third \* 0\.5$", lines, re.MULTILINE)


def test_every_instruction_has_its_own_line(callgrind):
    _, own, _, totals = callgrind
    add = next(places for (file, function), places in own.items() if function == "add")
    assert len({offset for offset, line in add if line == 16}) > 2
    assert sum(costs[0] for places in own.values() for costs in places.values()) == totals[0] > 50
    for places in own.values():
        assert all(costs[0] >= costs[1] + costs[2] for costs in places.values())
    assert totals[1] > 0


def test_calls_agree_with_what_they_called(callgrind):
    """But for recursion, what is called costs what its calls do."""
    _, own, calls, totals = callgrind
    add = next(key for key in own if key[1] == "add")
    assert sum(costs[0] for (_, _, callee), costs in calls.items() if callee == add) == \
        sum(costs[0] for costs in own[add].values()) + sum(costs[0] for (key, _, _), costs in calls.items() if key == add)
    descend = [costs[0] for (key, _, callee), costs in calls.items() if key[1] == callee[1] == "descend"]
    assert descend and max(descend) <= totals[0]


def test_hostile_names_cannot_break_lines(callgrind):
    _, own, _, _ = callgrind
    name = next(function for _, function in own if function.startswith("<script>"))
    assert name.startswith("<script>alert(1)</script>\"'\\\\x0a\\x0d\\x1b[31m;\\u202e\\u2028")
