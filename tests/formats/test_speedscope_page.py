# SPDX-License-Identifier: Apache-2.0
"""What speedscope makes of every format that it imports: the page that people open, not our reading of its schema."""

import collections
import json

import browser as browsers
import pytest

import speedscope_page

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def speedscope(readers, folder):
    directory = readers / "speedscope"
    if reason := speedscope_page.unavailable(directory):
        pytest.skip(reason)
    with browsers.Browser(height=2000) as browser:
        yield speedscope_page.Speedscope(directory, browser, folder)


def check_evil(table):
    """It is there, as text: the page's own scripts are all that ran."""
    assert any(name.startswith(EVIL) for name, _, _ in table)


def test_speedscope_files(speedscope, profile):
    path = profile("--speedscope", "--opcodes")
    data = json.loads(path.read_text(encoding="utf-8"))
    assert speedscope.open(path) == data["name"]
    table = speedscope.table()
    shown = data["profiles"][0]
    time_ms = collections.Counter()
    for sample, weight in zip(shown["samples"], shown["weights"]):
        for frame in set(sample):
            time_ms[frame] += weight / 1e6
    expected = max(time for frame, time in time_ms.items() if data["shared"]["frames"][frame]["name"] == "add")
    assert f"{expected:.2f}ms" in [total for name, total, _ in table if name == "add"]
    assert any(name.startswith("[") for name, _, _ in table)
    check_evil(table)


def test_collapsed_stacks(speedscope, profile):
    path = profile("--collapsed")
    own = collections.Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, count = line.rsplit(" ", 1)
        own[stack.rsplit(";", 1)[-1]] += int(count)
    speedscope.open(path)
    table = speedscope.table()
    shown = {name: int(samples.replace(",", "")) for name, _, samples in table}
    assert [shown[name] for name, _ in own.most_common(3)] == [samples for _, samples in own.most_common(3)]
    assert own.most_common(1)[0][0].startswith("work.py:")


def test_pprof(speedscope, profile):
    speedscope.open(profile("--pprof"))
    table = speedscope.table()
    assert sum(int(own.replace(",", "")) for name, _, own in table if name == "add") > 50
    check_evil(table)


def test_chrome_traces(speedscope, profile):
    speedscope.open(profile("--chrome-trace", "--opcodes"))
    table = speedscope.table()
    assert any(name.startswith("add {") for name, _, _ in table)
    check_evil(table)
