# SPDX-License-Identifier: Apache-2.0
"""Processes that a process starts, and asyncio tasks."""

import asyncio
import subprocess
import sys
import time

import pytest

import interpreters
import tachyon
from tachyon import ProcessEventKind as Kind

TREE = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
print(child.pid, flush=True)
sys.stdin.readline()
child.stdin.close()
child.wait()
"""


@pytest.fixture
def tree():
    """A process with a child, which end when its standard input says so."""
    with subprocess.Popen([sys.executable, "-c", TREE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.child = int(process.stdout.readline())
        yield process
        process.kill()


def test_processes_come_and_go(tree):
    watch = tachyon.processes(tree.pid)
    events = iter(watch)
    assert next(events) == (Kind.STARTED, tree.child, tree.pid) and watch.living == {tree.pid, tree.child}
    begin = time.monotonic()
    assert watch.wait(0.05) is None and 0.04 < time.monotonic() - begin < 5
    tree.stdin.write("\n")
    tree.stdin.flush()
    ended = [event.pid for event in events if event.kind is Kind.ENDED]
    assert ended == [tree.child, tree.pid] and watch.living == set()


def test_processes_in_asyncio(tree):
    async def main():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.005)

        ticking = asyncio.create_task(tick())
        kinds = []
        async for event in tachyon.processes(tree.pid):
            kinds.append(event.kind)
            if len(kinds) == 1:
                await asyncio.sleep(0.05)
                tree.stdin.write("\n")
                tree.stdin.flush()
        ticking.cancel()
        return kinds, ticks

    kinds, ticks = asyncio.run(main())
    assert kinds == [Kind.STARTED, Kind.ENDED, Kind.ENDED] and ticks > 5


def test_no_process():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(tachyon.ExitedError):
        tachyon.processes(ended.pid)
    with pytest.raises(ValueError):
        tachyon.processes(1).wait(-1)


def test_tasks(newest, programs):
    """All of them with who awaits them, and as stacks in the place of threads. Every version is the library's to test."""
    with interpreters.start(newest, programs / "waits.py") as process:
        with tachyon.attach(process.pid) as target:
            found = target.sample_tasks()
        with tachyon.attach(process.pid, tasks="all") as target:
            stacks = [[frame.name for frame in thread.frames] for thread in target.sample()]
    assert found.found and not found.limits and not found.message
    tasks = {task.name: task for task in found.tasks}
    assert {"inner", "left", "right"} <= set(tasks)
    inner = tasks["inner"]
    assert {found.tasks[index].name for index in inner.awaited_by} == {"left", "right"}
    assert "child" in [frame.name for frame in inner.frames] and not inner.running and not inner.cycle
    assert tasks["left"].awaits == 1 and inner.native_id and inner.seen_since_ns <= found.time_ns
    assert any("<task inner>" in stack and "<task left>" in stack for stack in stacks)


def test_no_tasks(parked):
    with tachyon.attach(parked.pid) as target:
        assert target.sample_tasks().tasks == ()
        target.close()
        with pytest.raises(tachyon.ClosedError):
            target.sample_tasks()
