# SPDX-License-Identifier: Apache-2.0
"""A profiler that stops threads and is killed at any moment leaves the target running."""

import os
import pathlib
import random
import struct
import subprocess
import time

import pytest

import interpreters
from conftest import TARGETS

TOOL = interpreters.BUILD / "tests" / "live" / "stop_loop"
THREADS = 3
KILLS = 1000  # over all interpreters together
LATEST_KILL_S = 0.003
WAIT_S = 20


def kills_each():
    return -(-KILLS // len(interpreters.load(extra=False)))


def states(pid):
    """The letters of proc_pid_status(5) of all threads."""
    found = []
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        found += [line.split()[1] for line in status.read_text().splitlines() if line.startswith("State:")]
    return found


def tracers(pid):
    return [line.split()[1] for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status")
            for line in status.read_text().splitlines() if line.startswith("TracerPid:")]


def wait_until(condition, what):
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.0005)


class Counters:
    def __init__(self, path):
        self._path = path

    def read(self):
        return struct.unpack(f"{THREADS}Q", self._path.read_bytes())


def kill_once(target, counters, seed):
    with subprocess.Popen([TOOL, str(target.pid)], stdout=subprocess.PIPE) as tool:
        assert tool.stdout.readline() == b"stopping\n"
        time.sleep(seed.uniform(0, LATEST_KILL_S))
        tool.kill()
    assert tool.returncode == -9
    # It has been waited for: the kernel has let go of what it traced.
    assert set(tracers(target.pid)) == {"0"}
    assert not set(states(target.pid)) & {"t", "T"}
    before = counters.read()
    wait_until(lambda: all(now > then for now, then in zip(counters.read(), before)),
               lambda: f"{before} {counters.read()} {states(target.pid)}")


def test_killed_profiler_leaves_the_target_running(interpreter, tmp_path):
    if "-" in interpreter.name:
        pytest.skip("one build of a version is enough")
    path = tmp_path / "counters"
    path.write_bytes(bytes(8 * THREADS))
    seed = random.Random(interpreter.name)
    with interpreters.start(interpreter, TARGETS / "count.py", path, THREADS) as target:
        counters = Counters(path)
        wait_until(lambda: all(counters.read()), counters.read)
        for _ in range(kills_each()):
            kill_once(target, counters, seed)
        assert os.path.exists(f"/proc/{target.pid}")
