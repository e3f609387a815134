# SPDX-License-Identifier: Apache-2.0
"""What threads are doing, under every interpreter, in states that they are known to be in (targets/states.py)."""

import contextlib
import json
import pathlib
import time

import pytest

import interpreters
import snapshot

STATES = pathlib.Path(__file__).resolve().parent / "targets" / "states.py"
HAS_GIL, ON_CPU, UNKNOWN, GIL_REQUESTED, HAS_EXCEPTION, MAIN = 1, 2, 4, 8, 16, 32
PATIENCE_S = 30

# Threads that rest, and what must be true of each in every sample beside being idle.
RESTING = {"main": MAIN, "sleep": 0, "io": 0, "lock": 0, "handler": HAS_EXCEPTION, "outer_handler": HAS_EXCEPTION,
           "generator_handler": HAS_EXCEPTION, "coroutine_handler": HAS_EXCEPTION, "suspended_handler": 0, "handled": 0,
           "callback": 0, "collect": 0}

# What threading calls those that are not called like their function (targets/states.py).
NAMES = {"main": "MainThread", "sleep": "schläft 😴 " + "x" * 300, "io": "renamed"}

# Functions from a thread's own on, outermost first.
STACKS = {"sleep": ["sleep", "<native>"], "callback": ["callback", "<native>", "<lambda>", "sleep", "<native>"],
          "collect": ["collect", "<GC>", "__del__", "sleep", "<native>"]}


class Watched:
    """A running states.py; sample() gives the threads by name."""

    def __init__(self, target, stack):
        self.target = target
        self._stack = stack
        self._names = {native_id: name for name, native_id in json.loads(target.ready).items()}
        self._readers = {}

    def sample(self, *options):
        """Further options, another reader of the same process."""
        if options not in self._readers:
            reader = snapshot.Conversation(self.target.pid, "--all", *options)
            self._readers[options] = self._stack.enter_context(reader)
            assert reader.attached["status"] == 0
        answer = self._readers[options].ask("sample")
        assert answer["status"] == 0
        return {self._names.get(thread["native_id"]): thread for thread in answer["threads"]}


@pytest.fixture
def watch(interpreter):
    with contextlib.ExitStack() as stack:
        def watch(*names):
            return Watched(stack.enter_context(interpreters.start(interpreter, STATES, *names)), stack)
        yield watch


def rest(watched):
    """Between saying that it is where it wants to be and being there, a thread may run for a moment."""
    deadline = time.monotonic() + PATIENCE_S
    while any(thread["status"] & (ON_CPU | HAS_GIL | GIL_REQUESTED) for thread in watched.sample("--cpu").values()):
        assert time.monotonic() < deadline


def stack_of(name, interpreter):
    """Free-threaded builds before 3.15 do not tell who collects."""
    silent = interpreter.free_threaded and interpreter.version < (3, 15)
    return [{"<GC>": "<native>"}.get(function, function) if silent else function for function in STACKS[name]]


def functions(thread, first):
    """Names of its functions, outermost first, from one on."""
    names = [frame["qualname"].rpartition(".")[2] for frame in reversed(thread["frames"])]
    return names[names.index(first):]


@pytest.mark.free_threaded
def test_threads_that_rest(watch, interpreter):
    watched = watch(*(name for name in RESTING if name != "main"))
    rest(watched)
    for _ in range(3):
        assert {name: thread["status"] for name, thread in watched.sample("--cpu").items()} == RESTING
    names = {name: thread["name"] for name, thread in watched.sample().items()}
    # Longer names than 255 bytes are cut.
    assert names == {name: NAMES.get(name, name).encode()[:255].decode() for name in RESTING}
    # Who is not asked does not say.
    assert all(thread["status"] == RESTING[name] | UNKNOWN for name, thread in watched.sample().items())
    for unchanged in (False, True):
        threads = watched.sample("--native")
        for name in STACKS:
            assert functions(threads[name], name) == stack_of(name, interpreter)
            frames = threads[name]["frames"]
            assert threads[name]["unchanged_frames"] == (len(frames) if unchanged else 0)
            assert all((frame["kind"] != snapshot.FRAME_PYTHON) == (frame["filename"] == "~") for frame in frames)
    assert functions(watched.sample("--no-gc")["collect"], "collect") == ["collect", "__del__", "sleep"]


@pytest.mark.free_threaded
def test_threads_that_run(watch, interpreter):
    """Two threads take turns with the GIL; three work in C without it; one has collected between two instructions."""
    watched = watch("spin", "spin_too", "digest", "compress", "query", "collect_now_and_then")
    wanted = {("spin", "holds"), ("spin_too", "holds"), ("spin", "does not"), ("spin_too", "does not"),
              ("digest", "on CPU without"), ("compress", "on CPU without"), ("query", "on CPU without")}
    if interpreter.free_threaded:
        wanted -= {("spin", "does not"), ("spin_too", "does not")}
    else:
        wanted |= {("spin", "waits"), ("spin_too", "waits")}
    deadline = time.monotonic() + PATIENCE_S
    # It has said that all are there, and needs the GIL once more before it rests.
    while watched.sample("--cpu")["main"]["status"] != MAIN:
        assert time.monotonic() < deadline
    while wanted:
        assert time.monotonic() < deadline, wanted
        threads = watched.sample("--cpu")
        # One GIL; a moment later the next one may have it already, but never are there three.
        holders = sum(bool(thread["status"] & HAS_GIL) for thread in threads.values())
        assert holders <= 2 or interpreter.free_threaded
        for name, thread in threads.items():
            status = thread["status"]
            assert not status & (UNKNOWN | HAS_EXCEPTION)
            wanted.discard((name, "holds" if status & HAS_GIL else "does not"))
            if status & GIL_REQUESTED:
                wanted.discard((name, "waits"))
            if status & ON_CPU and not status & (HAS_GIL | GIL_REQUESTED):
                wanted.discard((name, "on CPU without"))
        assert not threads["main"]["status"] & ~MAIN
    collected = functions(watched.sample()["collect_now_and_then"], "collect_now_and_then")
    assert collected[-3:] == ["<GC>", "__del__", "sleep"] or interpreter.free_threaded
