# SPDX-License-Identifier: Apache-2.0
"""A profiler that stops threads and is killed at any moment leaves its target running."""

import json
import pathlib
import random
import subprocess
import time

import interpreters
import pytest
import snapshot
from conftest import TARGETS

KILLS = 1000
STOPPED_STATES = {"t", "T"}


def states(pid):
    """The state letter of every thread."""
    return [stat.read_text().rsplit(")", 1)[1].split()[0] for stat in pathlib.Path(f"/proc/{pid}/task").glob("*/stat")]


def tracers(pid):
    return {line.split()[1] for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status")
            for line in status.read_text().splitlines() if line.startswith("TracerPid:")}


def cpu_ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@pytest.fixture(scope="module")
def newest():
    return [interpreter for interpreter in interpreters.load(extra=False)][-1]


def kill_in_the_middle(target, chance):
    """Whether a thread was seen stopped just before the profiler was killed."""
    profiler = subprocess.Popen([snapshot.TOOL, "--all", "--stop", "--forever", str(target.pid)], stdout=subprocess.PIPE)
    assert json.loads(profiler.stdout.readline())["status"] == 0
    time.sleep(chance.random() * 0.001)
    was_stopped = bool(STOPPED_STATES & set(states(target.pid)))
    profiler.kill()
    profiler.wait()
    profiler.stdout.close()
    return was_stopped


def test_killed_a_thousand_times(newest):
    chance = random.Random(3)
    with interpreters.start(newest, TARGETS / "spin.py") as target:
        stopped = 0
        for _ in range(KILLS):
            stopped += kill_in_the_middle(target, chance)
            # It has been waited for: the kernel has let go of what it traced.
            assert tracers(target.pid) == {"0"}
            assert not STOPPED_STATES & set(states(target.pid))
        # Otherwise the thousand kills would have met it between two stops, and shown nothing.
        assert stopped > KILLS / 100
        before = cpu_ticks(target.pid)
        time.sleep(0.3)
        assert cpu_ticks(target.pid) > before


@pytest.mark.free_threaded
def test_stops_are_counted_and_end(interpreter):
    with interpreters.start(interpreter, TARGETS / "spin.py") as target:
        with snapshot.Conversation(target.pid, "--all", "--stop") as library:
            for _ in range(50):
                sample = library.ask("sample")
                assert sample["status"] == 0
                assert all(thread["verdict"] in snapshot.PROVEN for thread in sample["threads"])
                assert not STOPPED_STATES & set(states(target.pid))
            assert library.ask("statistics")["stops"] >= 50
