# SPDX-License-Identifier: Apache-2.0
"""Several targets as one."""

import gc
import threading

import pytest

import interpreters
import tachyon
from tachyon import collectors


@pytest.fixture
def two(newest, programs):
    """Two processes that work, in the same program."""
    with interpreters.start(newest, programs / "busy.py") as one, interpreters.start(newest, programs / "busy.py") as other:
        yield one, other


@pytest.fixture
def merged(two):
    with tachyon.Merged() as merged:
        for process in two:
            merged.add(tachyon.attach(process.pid, opcodes=True))
        yield merged


def counts(collapsed):
    return {line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1]) for line in collapsed.data.decode().splitlines()}


def test_processes_of_every_interpreter(programs):
    """One graph for all of them: every function once, whatever process and version it was seen in."""
    with tachyon.Merged() as merged:
        processes = [interpreters.start(one, programs / "parked.py") for one in interpreters.load()]
        try:
            for process in processes:
                process.__enter__()
                merged.add(tachyon.attach(process.pid))
            stacks = collectors.collapsed()
            with merged.session(stacks) as session:
                for source in merged.sources:
                    assert session.sample(source)
            assert session.summary.samples == len(processes)
        finally:
            for process in processes:
                process.__exit__(None, None, None)
    lines = counts(stacks)
    assert sum(lines.values()) == len(processes)
    assert all("parked.py:Holder.middle" in line for line in lines)


def test_functions_are_one(merged):
    """Frames of two processes in the same code are the same object."""
    one, other = ({frame.function for _ in range(50) for thread in merged.sample(source) for frame in thread.frames
                   if frame.name == "work"} for source in merged.sources)
    assert one == other and len(one) == 1
    snapshot = merged.sample(merged.sources[0])
    assert snapshot.target is merged.target and snapshot.pid == merged.sources[0].info.pid


def test_what_can_be_asked(merged):
    first, second = merged.sources
    snapshot = merged.sample(first)
    thread = next(thread for thread in snapshot if thread.native_id == first.info.pid)
    frame = next(frame for frame in thread.frames if frame.name == "work")
    assert frame.instruction.base_name and thread.name == "MainThread"
    assert merged.target.disassemble(frame)
    assert merged.target.info.version == first.info.version and merged.target.counters.samples == 1
    assert repr(merged) == "<Merged: 2 sources>"


def test_a_run(merged, two):
    stacks, live = collectors.collapsed(), tachyon.Live(opcodes=True)
    summary = merged.run(stacks, live, interval=0.001, duration=0.2, opcodes=True)
    assert summary.samples > 20 and summary.end_reason is tachyon.EndReason.STOPPED
    live.update()
    assert live.overview().samples == summary.samples and live.overview().threads == 4
    assert {row.name for row in live.functions()} >= {"work", "even"}
    live.save(collectors.flamegraph())
    assert {f"tid:{process.pid};" for process in two} <= {line[:line.index(";") + 1] for line in counts(stacks)}


def test_a_run_ends_with_its_processes(merged, two):
    timer = threading.Timer(0.1, lambda: [process.kill() for process in two])
    timer.start()
    summary = merged.run(collectors.collapsed(), interval=0.001)
    assert merged.sources == () and summary.samples > 2 and summary.failed >= 2
    timer.join()


def test_a_collector_that_stops_and_one_that_raises(merged):
    class Stop:
        told = []

        def begin(self, run):
            self.told.append(run)
            assert run.target is merged.target and run.interval_ns == 2000000

        def sample(self, snapshot):
            assert snapshot.target.info and snapshot[0].frames[-1].instruction
            assert merged.sources[0].info
            with pytest.raises(tachyon.BusyError):
                merged.sample(merged.sources[0])
            with pytest.raises(tachyon.BusyError):
                merged.sources[0].close()
            with pytest.raises(tachyon.BusyError):
                merged.close()
            return True

        def end(self, summary):
            self.told.append(summary)

    summary = merged.run(Stop(), interval=0.002)
    assert summary.samples == 1 and Stop.told[1] == summary
    for method in ("begin", "sample", "end"):
        table = collectors.collapsed()
        raising = type("Raising", (), {"sample": lambda self, snapshot: None})
        setattr(raising, method, lambda self, argument: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            merged.run(table, raising(), interval=0, duration=0.05)
        assert table.data is not None
    assert merged.sample(merged.sources[0])


def test_sources_come_and_go(merged, two, newest, programs):
    first, second = merged.sources
    stacks = collectors.collapsed()
    with merged.session(stacks) as session:
        assert session.sample(first) and session.sample(second)
        frame = merged.sample(first)[0].frames[0]
        assert merged.remove(first) is first and merged.sources == (second,)
        with pytest.raises(tachyon.UsageError, match="no source"):
            session.sample(first)
        with pytest.raises(tachyon.TachyonError):
            merged.target.disassemble(frame)
        assert frame.qualname and not first.closed
        merged.add(first)
        assert session.sample(first)
        second.close()
        with pytest.raises(tachyon.ClosedError):
            session.sample(second)
        session.missed(3)
    assert session.summary.samples == 3 and session.summary.missed == 3
    for call in (lambda: session.sample(first), session.finish):
        with pytest.raises(tachyon.ClosedError):
            call()
    assert sum(counts(stacks).values()) == 6


def test_closing_a_source_that_was_just_asked(merged):
    """A new target may get the address of the one that is gone, and must not be taken for it."""
    for _ in range(20):
        source = merged.sources[0]
        pid = source.info.pid
        frames = merged.sample(source)[0].frames
        source.close()
        merged.remove(source)
        with pytest.raises(tachyon.TachyonError):
            merged.target.disassemble(frames[0])
        merged.add(tachyon.attach(pid, opcodes=True))


def test_what_is_no_source(merged, parked):
    with tachyon.attach(parked.pid) as target:
        for wrong in (None, 1, merged):
            with pytest.raises(TypeError):
                merged.add(wrong)
        for call in (merged.sample, merged.remove):
            for wrong in (target, None):
                with pytest.raises(tachyon.UsageError, match="no source"):
                    call(wrong)
        with pytest.raises(tachyon.UsageError):
            merged.add(merged.target)
        with pytest.raises(tachyon.UsageError):
            merged.add(merged.sources[0])
        with pytest.raises(tachyon.TachyonError):
            merged.target.sample()
        with tachyon.Merged() as other:
            with pytest.raises(tachyon.UsageError, match="part of one"):
                other.add(merged.sources[0])
            other.add(target)
        assert target.closed
        with pytest.raises(tachyon.ClosedError):
            other.add(merged.sources[0])
        with pytest.raises(tachyon.ClosedError):
            merged.add(target)


def test_bad_options(merged):
    for options in ({"interval": -1}, {"interval": float("nan")}, {"duration": -1}, {"duration": float("nan")}):
        with pytest.raises(ValueError):
            merged.run(**options)
    for options in ({"bogus": 1}, {"interval": "x"}, {"opcodes": object, "interval": ()}):
        with pytest.raises(TypeError):
            merged.session(**options)
    with pytest.raises(TypeError, match="no method sample"):
        merged.session(collectors.collapsed(), 3)
    with pytest.raises(TypeError):
        tachyon.Merged(1)
    with pytest.raises((TypeError, OverflowError)):
        merged.session().missed(-1)
    assert merged.sample(merged.sources[0])


def test_a_session_that_is_forgotten(merged):
    """Nothing is written; the targets and the model go on."""
    live, table = tachyon.Live(), collectors.collapsed()
    session = merged.session(live, table)
    session.sample(merged.sources[0])
    with pytest.raises(tachyon.BusyError, match="in use by a run"):
        merged.session(live)
    del session
    gc.collect()
    assert table.data == b"" and merged.sample(merged.sources[0])
    live.update()
    assert live.overview().counted


def test_closed(two):
    merged = tachyon.Merged()
    sources = [merged.add(tachyon.attach(process.pid)) for process in two]
    merged.sample(sources[0])
    session = merged.session(collectors.collapsed())
    merged.close()
    merged.close()
    assert all(source.closed for source in sources) and merged.target.closed and merged.sources == ()
    for call in (lambda: merged.sample(sources[0]), merged.session, merged.run, merged.__enter__, session.finish,
                 lambda: merged.add(sources[0]), lambda: merged.remove(sources[0])):
        with pytest.raises(tachyon.ClosedError):
            call()


def test_from_two_threads(merged):
    """One samples, the other asks what it must not: it is told so, and harms nobody."""
    done, told = threading.Event(), []
    first, second = merged.sources
    frame = merged.sample(first)[0].frames[-1]

    def intrude():
        while not done.is_set():
            for call in (lambda: merged.sample(second), lambda: frame.instruction, lambda: merged.target.info,
                         lambda: merged.target.disassemble(frame)):
                try:
                    call()
                except tachyon.BusyError as error:
                    told.append(error)
                except tachyon.TachyonError:
                    pass

    thread = threading.Thread(target=intrude)
    thread.start()
    taken = 0
    while taken < 300:
        try:
            merged.sample(first)
            first.sample()
            taken += 1
        except tachyon.BusyError:
            pass
    done.set()
    thread.join()
    assert merged.sample(second)
