# SPDX-License-Identifier: Apache-2.0
"""Samplers and collectors: built-in ones, Python objects, and what goes wrong with either."""

import asyncio
import errno
import io
import json
import os
import pathlib
import re
import signal
import threading
import time

import pytest

import tachyon
from tachyon import collectors

ROOT = pathlib.Path(__file__).resolve().parents[3]

# Constructors of the C headers: what the library has, the binding has.
MAKERS = re.compile(r"^TY_API int ty_(\w+)_new\(const ty_\w+_options \*options, ty_sink \*sink,", re.M)
BUILT_IN = [getattr(collectors, name) for header in (ROOT / "include" / "tachyon").glob("*.h")
            for name in MAKERS.findall(header.read_text())]
TEXT = {collectors.annotation, collectors.collapsed, collectors.flamegraph, collectors.jsonl, collectors.pstats}


@pytest.fixture
def target(busy):
    with tachyon.attach(busy.pid, opcodes=True) as target:
        yield target


class Recorder:
    """A collector that remembers what it was told."""

    def __init__(self, stop_after=None):
        self.told, self.snapshots, self.stop_after = [], [], stop_after

    def begin(self, run):
        self.told.append(run)

    def sample(self, snapshot):
        self.snapshots.append(snapshot)
        return len(self.snapshots) == self.stop_after

    def end(self, summary):
        self.told.append(summary)


def test_there_are_built_in_collectors():
    assert len(BUILT_IN) > 10


def test_iteration(target):
    sampler = target.sampler(interval=0.001, max_samples=20)
    snapshots = list(sampler)
    assert len(snapshots) == 20 and list(sampler) == []
    assert [s.time_ns for s in snapshots] == sorted({s.time_ns for s in snapshots})
    assert snapshots[0].target is target is sampler.target
    assert sampler.summary.samples == 20 and sampler.summary.end_reason is tachyon.EndReason.DURATION


def test_the_clock(target):
    begin = time.monotonic()
    summary = target.sampler(interval=0.005, duration=0.1).run()
    assert 0.09 < time.monotonic() - begin < 5
    assert 0 < summary.samples <= 21 and summary.samples + summary.missed >= 15


@pytest.mark.parametrize("options", [{"interval": -1}, {"interval": float("nan")}, {"interval": "1"}, {"duration": 1e10},
                                     {"mode": 77}, {"bogus": 1}])
def test_bad_options(target, options):
    with pytest.raises((ValueError, TypeError)):
        target.sampler(**options)


def test_a_python_collector(target):
    recorder = Recorder()
    summary = target.sampler(interval=0, max_samples=30, opcodes=True).run(recorder)
    run, told_summary = recorder.told
    assert run.target is target and run.opcodes is True and run.interval_ns == 1
    assert told_summary == summary and len(recorder.snapshots) == summary.samples == 30
    names = {frame.name for snapshot in recorder.snapshots for thread in snapshot for frame in thread.frames}
    assert "work" in names
    only_sample = type("OnlySample", (), {"sample": lambda self, snapshot: True})
    assert target.sampler(interval=0).run(only_sample()).end_reason is tachyon.EndReason.COLLECTOR


def test_a_collector_asks_but_does_not_sample(target):
    seen = []

    class Asking:
        def sample(self, snapshot):
            leaf = snapshot[0].frames[0]
            seen.append((snapshot[0].name, leaf.instruction, target.info, target.disassemble(leaf), repr(target)))
            for call in (target.sample, target.close, target.reattach, lambda: next(other), other.run):
                with pytest.raises(tachyon.BusyError) as raised:
                    call()
                assert raised.value.errno == errno.EBUSY
            return True

    other = target.sampler()
    target.sampler(interval=0).run(Asking())
    assert len(seen) == 1


@pytest.mark.parametrize("method", ["begin", "sample", "end"])
def test_a_collector_that_raises(target, method):
    """It ends the run; the other collectors write what they have; the exception arrives as it is."""
    class Raising(Recorder):
        pass

    def raise_it(self, argument):
        raise LookupError(f"in {method}")

    setattr(Raising, method, raise_it)
    table, recorder = collectors.collapsed(), Recorder()
    with pytest.raises(LookupError, match=f"in {method}") as raised:
        target.sampler(interval=0, max_samples=50).run(table, Raising(), recorder)
    assert any(entry.name == "raise_it" for entry in raised.traceback)
    assert table.data is not None and len(recorder.told) == 2
    assert target.sample()


def test_what_is_no_collector(target):
    with pytest.raises(TypeError, match="no method sample"):
        target.sampler().run(collectors.collapsed(), object())
    assert target.sample()


@pytest.mark.parametrize("make", BUILT_IN, ids=lambda make: make.__name__)
def test_built_in_to_memory_and_file(target, tmp_path, make):
    memory, file, stream = make(), make(tmp_path / "file"), io.BytesIO()
    with open(tmp_path / "descriptor", "wb") as descriptor:
        summary = target.sampler(interval=0, max_samples=40, opcodes=True).run(
            memory, file, make(stream), make(descriptor.fileno()))
    assert summary.samples == 40
    written = (tmp_path / "file").read_bytes()
    assert len(written) > 100 and stream.getvalue() and (tmp_path / "descriptor").stat().st_size
    assert memory.data and file.data is None
    if make in TEXT:
        assert b"work" in memory.data
    if make is collectors.collapsed:
        assert memory.data == written == stream.getvalue()


def test_a_heatmap(target, tmp_path):
    summary = target.sampler(interval=0, max_samples=40, opcodes=True).run(collectors.heatmap(tmp_path / "heat", opcodes=True))
    assert summary.samples == 40 and (tmp_path / "heat" / "index.html").read_text()
    with pytest.raises(OSError) as raised:
        collectors.heatmap(tmp_path / "heat")
    assert raised.value.errno == errno.EEXIST
    with pytest.raises(TypeError):
        collectors.heatmap(None)


def test_a_recording(target, tmp_path):
    """What is read from it is what was recorded."""
    live, again = collectors.collapsed(), collectors.collapsed()
    target.sampler(interval=0, max_samples=40).run(live, collectors.binary(tmp_path / "run.bin"))
    with tachyon.open_recording(tmp_path / "run.bin") as recording:
        recording.sampler().run(again)
        with pytest.raises(tachyon.ExitedError):
            recording.sample()
    assert again.data == live.data != b""
    (tmp_path / "broken").write_bytes(b"TACH" + bytes(100))
    with pytest.raises(tachyon.TachyonError):
        tachyon.open_recording(tmp_path / "broken")


def test_built_in_once(target):
    table = collectors.collapsed()
    target.sampler(interval=0, max_samples=5).run(table)
    with pytest.raises(tachyon.TachyonError):
        target.sampler(interval=0, max_samples=5).run(table)
    twice = collectors.collapsed()
    with pytest.raises(tachyon.BusyError):
        target.sampler(interval=0, max_samples=5).run(twice, twice)
    assert target.sampler(interval=0, max_samples=5).run(twice).samples == 5


def test_places_that_cannot_be_written(target, tmp_path):
    with pytest.raises(FileNotFoundError):
        collectors.flamegraph(tmp_path / "no" / "folder.html")
    with pytest.raises(TypeError):
        collectors.flamegraph(1.5)

    class Full(io.RawIOBase):
        def write(self, data):
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full") as raised:
        target.sampler(interval=0, max_samples=5).run(collectors.collapsed(Full()))
    assert raised.value.errno == errno.ENOSPC

    class Short(io.RawIOBase):
        def write(self, data):
            return 1

    with pytest.raises(OSError, match="fewer bytes"):
        target.sampler(interval=0, max_samples=5).run(collectors.collapsed(Short()))


def test_options_of_built_in_ones(target):
    by_name = collectors.pstats(sort="name", limit=1, summary=False)
    everything = collectors.pstats(limit=None, opcodes=True)
    shown = collectors.annotation(format="json", function="work", source=lambda file, line: f"line {line} é")
    target.sampler(interval=0, max_samples=200, opcodes=True).run(by_name, everything, shown)
    assert b"Summary of Interesting" not in by_name.data and len(everything.data) > len(by_name.data)
    assert [f for f in json.loads(shown.data)["functions"]]
    for make in (lambda: collectors.pstats(sort="bogus"), lambda: collectors.pstats(limit=0),
                 lambda: collectors.collapsed(trust="bogus"), lambda: collectors.annotation(listing=False, specialization=False)):
        with pytest.raises(ValueError):
            make()
    for kind, options in [("bogus", {}), ("pstats", {"bogus": 1}), ("pstats", {"limit": -1}), ("pstats", {"limit": 2**33}),
                          ("pstats", {"limit": "x"}), ("annotation", {"function": 3})]:
        with pytest.raises((ValueError, TypeError, OverflowError)):
            tachyon.Collector(kind, None, options)


def test_a_source_that_raises(target):
    with pytest.raises(ZeroDivisionError):
        target.sampler(interval=0, max_samples=50, opcodes=True).run(collectors.annotation(source=lambda file, line: 1 / 0))


def test_modes(target, busy):
    """busy.py has a thread that works, and one that waits."""
    threads = {mode: {thread.native_id for snapshot in target.sampler(interval=0.001, max_samples=200, mode=mode)
                      for thread in snapshot} for mode in tachyon.Mode}
    assert len(threads[tachyon.Mode.WALL]) == 2 and threads[tachyon.Mode.EXCEPTION] == set()
    assert threads[tachyon.Mode.CPU] == {busy.pid}
    assert busy.pid in threads[tachyon.Mode.GIL]


def test_stop_from_another_thread(target):
    sampler = target.sampler(interval=10)
    recorder = Recorder()
    recorder.begin = lambda run: threading.Thread(target=sampler.stop).start()
    assert sampler.run(recorder).end_reason is tachyon.EndReason.STOPPED


def test_signals_end_a_run_and_a_wait(target):
    """Also while the sampler waits for a tick that is long in coming."""
    for start in (lambda s: s.run(), lambda s: list(s)):
        timer = threading.Timer(0.1, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
        timer.start()
        begin = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            start(target.sampler(interval=30))
        assert time.monotonic() - begin < 10
        timer.join()


def test_two_threads_on_one_target(target):
    """One of them samples, the other is told so; neither harms the other."""
    started, answers = threading.Event(), []

    class Slow:
        def sample(self, snapshot):
            started.set()
            return len(answers) > 2

    def intrude():
        started.wait()
        for call in (target.sample, target.close, lambda: target.info):
            try:
                call()
            except tachyon.BusyError as error:
                answers.append(error)

    other = threading.Thread(target=intrude)
    other.start()
    target.sampler(interval=0, duration=20).run(Slow())
    other.join()
    assert len(answers) == 3 and not target.closed


def test_the_gil_is_free_while_sampling(target):
    """A thread counts while this one waits for ticks: it would not, if the wait held the GIL."""
    counted, done = [0], threading.Event()

    def count():
        while not done.is_set():
            counted[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    target.sampler(interval=0.3, max_samples=2).run()
    seen = counted[0]
    done.set()
    thread.join()
    assert seen > 20


def test_two_targets_from_two_threads(target, newest, programs):
    import interpreters

    with interpreters.start(newest, programs / "busy.py") as second, tachyon.attach(second.pid) as other:
        summaries = {}

        def run(one):
            summaries[one] = one.sampler(interval=0, max_samples=2000).run(Recorder(), collectors.collapsed())

        threads = [threading.Thread(target=run, args=(one,)) for one in (target, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [summaries[one].samples for one in (target, other)] == [2000, 2000]


def test_async_iteration(target):
    async def main():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        ticking = asyncio.create_task(tick())
        seen = [snapshot async for snapshot in target.sampler(interval=0.01, max_samples=5)]
        summary = await target.sampler(interval=0.01, max_samples=5).run_async(Recorder())
        ticking.cancel()
        return len(seen), summary.samples, ticks

    seen, samples, ticks = asyncio.run(main())
    assert seen == samples == 5 and ticks > 10


def test_async_cancelled(target):
    """What was cancelled has ended: the target is free again."""
    async def main():
        for wait in (lambda s: s.run_async(), lambda s: s.__aiter__().__anext__()):
            sampler = target.sampler(interval=30)
            next(sampler)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(wait(sampler), 0.05)
            target.sample()

    asyncio.run(main())


def test_a_target_that_ends_during_a_run(busy):
    with tachyon.attach(busy.pid) as target:
        recorder = Recorder()
        recorder.sample = lambda snapshot: os.kill(busy.pid, signal.SIGKILL) if not snapshot.target.closed else None
        assert target.sampler(interval=0.001).run(recorder).end_reason is tachyon.EndReason.EXITED


def test_beside_the_target(busy):
    """From the processor that the target runs on; the thread may run anywhere again afterwards."""
    before = os.sched_getaffinity(0)
    with tachyon.attach(busy.pid) as target:
        summary = target.sampler(interval=0.0005, max_samples=100, beside=True).run(tachyon.collectors.collapsed())
    assert summary.samples == 100 and os.sched_getaffinity(0) == before
