# SPDX-License-Identifier: Apache-2.0
"""--diff-flamegraph against a recording: two versions of a program in two folders, and baselines that are none."""

import json
import re

import pytest

BEFORE = """
import sys, time
def slow(n):
    total = 0
    for i in range(n):
        total += i * 2
    return total
def legacy(n):
    return [x * x for x in range(n)]
def work():
    end = time.process_time() + float(sys.argv[1])
    while time.process_time() < end:
        slow(300)
        legacy(300)
work()
"""
NOW = "\n\n" + BEFORE.replace("legacy", "modern").replace("total = 0", "total = 0.5").replace(
    "total += i * 2", "total += i * 2\n        total += i * 3\n        total += i * 4")
CPU_SECONDS = "0.4"


@pytest.fixture(scope="module")
def programs(folder):
    """The same file in two checkouts."""
    paths = []
    for name, text in (("old", BEFORE), ("new", NOW)):
        path = folder / name / "app" / "main.py"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def baseline(cli, newest, folder, programs):
    path = folder / "baseline.bin"
    result = cli("run", "-r", "2khz", "--opcodes", "--binary", "-o", path, "--", *newest.command, programs[0], CPU_SECONDS)
    assert result.returncode == 0, result.stderr
    return path


@pytest.fixture(scope="module")
def page(cli, newest, folder, programs, baseline):
    path = folder / "diff.html"
    result = cli("run", "-r", "1khz", "--opcodes", "--diff-flamegraph", baseline, "-o", path, "--", *newest.command,
                 programs[1], CPU_SECONDS)
    assert result.returncode == 0, result.stderr
    return path


def data_of(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="profile">(.*?)</script>', text, re.DOTALL)[1])


def by_function(data, key):
    """Self samples by the name of a function, in ms."""
    sums = {}
    for place, samples in zip(data["nodes"]["place"], data["nodes"][key]):
        if place >= 0:
            name = data["strings"][data["places"]["name"][place]]
            sums[name] = sums.get(name, 0) + samples * data["interval_ns"] / 1e6
    return sums


def test_two_checkouts_are_compared_by_function(page):
    data = data_of(page)
    before, now = by_function(data, "before"), by_function(data, "self")
    assert before["slow"] > 50 and now["slow"] > before["slow"]
    assert before["legacy"] > 20 and not now["legacy"]
    assert now["modern"] > 20 and not before["modern"]
    paths = [data["strings"][path] for path in data["files"]["path"]]
    assert sum(path.endswith("app/main.py") for path in paths) == 1
    # CPU time is what ends the programs: whole runs are about as long, however many ticks either missed.
    assert 0.3 < sum(before.values()) / sum(now.values()) < 3


def test_instructions_are_compared(page):
    data = data_of(page)
    sums = {}
    for row, opcode in enumerate(data["leaf"]["opcode"]):
        place = data["nodes"]["place"][data["leaf"]["node"][row]]
        if data["strings"][data["places"]["name"][place]] == "slow":
            pair = sums.setdefault(data["opcodes"][opcode]["name"], [0, 0])
            pair[0] += data["leaf"]["before"][row]
            pair[1] += data["leaf"]["samples"][row]
    # An int that became a float: another form of the same instruction.
    assert any("INT" in name and before > now for name, (before, now) in sums.items()), sums


def test_it_is_shown(browser, page):
    browser.open(page)
    text = browser.evaluate("document.querySelector('aside').innerText")
    assert "Compared with Python" in text and "legacy" in text and "(vanished)" in text and "(new)" in text
    browser.evaluate("document.getElementById('canvas').focus()")
    browser.key("b")
    assert browser.evaluate("document.getElementById('before').getAttribute('aria-pressed')") == "true"
    for _ in range(30):
        if "Executing here" in browser.evaluate("document.getElementById('details').innerText"):
            break
        browser.key("ArrowDown")
    assert re.search(r"\d+ → \d+", browser.evaluate("document.getElementById('details').innerText"))


def test_a_recording_is_compared_with_itself(cli, folder, baseline):
    path = folder / "same.html"
    result = cli("replay", "--diff-flamegraph", baseline, "-o", path, baseline)
    assert result.returncode == 0, result.stderr
    data = data_of(path)
    # The run's own duration is a tick or so longer than from its first snapshot to its last.
    assert all(abs(before - now) <= 0.5 + 0.1 * now for before, now in zip(data["nodes"]["before"], data["nodes"]["self"]))


def test_baselines_that_are_none(cli, newest, folder, page, baseline):
    command = ["--", *newest.command, "-c", "print('started')"]
    for path, reason in ((folder / "missing.bin", "No such file"), (page, "no recording")):
        result = cli("run", "--diff-flamegraph", path, *command)
        assert result.returncode == 2 and reason in result.stderr and "started" not in result.stdout
    before = baseline.read_bytes()
    result = cli("run", "--diff-flamegraph", baseline, f"--binary={baseline}", *command, cwd=folder)
    assert result.returncode == 1 and "it is the baseline" in result.stderr and baseline.read_bytes() == before
    cut = folder / "cut.bin"
    cut.write_bytes(baseline.read_bytes()[:20])
    result = cli("run", "--diff-flamegraph", cut, "-o", folder / "never.html", *command)
    assert result.returncode != 0 and "cut.bin" in result.stderr and not (folder / "never.html").exists()
