# SPDX-License-Identifier: Apache-2.0
"""`attach` under every interpreter."""

import pytest
from interpreters import start

from program import TARGETS, read_stacks, read_stats

BUSY = TARGETS / "busy.py"


@pytest.mark.free_threaded
def test_attach(cli, interpreter, folder):
    with start(interpreter, BUSY, 20) as target:
        result = cli("attach", "-d", 0.5, "--collapsed", "-o", folder / "stacks", "--stats", folder / "stats",
                     target.pid)
        assert result.returncode == 0, result.stderr
        stats = read_stats(folder / "stats")
        assert stats["pid"] == target.pid
        assert 100 < stats["samples"] <= 502
        stacks = read_stacks(folder / "stacks")
        assert sum(count for stack, count in stacks.items() if ":inner:" in stack[-1]) > 0.5 * sum(stacks.values())
        # Twice in a row: the first one left nothing behind.
        assert cli("attach", "-d", 0.1, "-o", folder / "again", target.pid).returncode == 0
        target.kill()


@pytest.mark.free_threaded
def test_all_threads(cli, interpreter, folder):
    with start(interpreter, TARGETS / "park.py") as target:
        one = cli("attach", "-d", 0.2, "--collapsed", "-o", folder / "one", target.pid)
        every = cli("attach", "-a", "-d", 0.2, "--collapsed", "-o", folder / "all", target.pid)
        assert one.returncode == every.returncode == 0
    assert {line.split(";")[0] for line in (folder / "one").read_text().splitlines()} == {f"tid:{target.pid}"}
    assert len({line.split(";")[0] for line in (folder / "all").read_text().splitlines()}) == 2


@pytest.mark.parametrize("option", [["--stop", "thread"], ["--blocking"]])
def test_stopping_leaves_the_target_running(cli, interpreter, folder, option):
    with start(interpreter, BUSY, 1.5) as target:
        result = cli("attach", *option, "-r", "1khz", "-d", 0.4, "--stats", folder / "stats", "-o", folder / "p",
                     target.pid)
        assert result.returncode == 0, result.stderr
        stats = read_stats(folder / "stats")
        assert stats["verified"] + stats["repaired"] > 0.95 * stats["samples"] > 0
        assert target.read_line() == "done"


def test_target_that_ends(cli, interpreter, folder):
    """What was sampled until then is written."""
    with start(interpreter, BUSY, 0.5) as target:
        result = cli("attach", "--collapsed", "-o", folder / "stacks", target.pid)
    assert result.returncode == 0
    assert sum(read_stacks(folder / "stacks").values()) > 50
