# SPDX-License-Identifier: Apache-2.0
"""Live models: one thread samples, another one asks."""

import errno
import gc
import io
import threading
import weakref

import pytest

import interpreters
import tachyon
from tachyon import collectors


@pytest.fixture
def target(busy):
    with tachyon.attach(busy.pid, opcodes=True) as target:
        yield target


def fill(target, samples=200, **options):
    live = tachyon.Live(opcodes=True, **options)
    summary = target.sampler(interval=0.0002, max_samples=samples, opcodes=True).run(live)
    assert summary.samples == samples
    live.update()
    return live


def test_what_a_model_says(interpreter, programs):
    """Against every version: functions, lines, instructions, calls and threads agree with each other."""
    with interpreters.start(interpreter, programs / "busy.py") as process:
        with tachyon.attach(process.pid, opcodes=True, threads="main") as target:
            live = fill(target, 300, listings=True)
    overview = live.overview()
    assert overview.samples == 300 and overview.threads == 1 and overview.failed == 0
    assert overview.stacks == sum(overview[5:10]) and overview.counted <= overview.stacks
    thread, = live.threads()
    assert thread.is_main and thread.counted == overview.counted and thread.thread == 1
    rows = {row.name: row for row in live.functions()}
    assert {"even", "odd", "work"} & set(rows) and overview.functions == len(live.functions())
    assert sum(row.leaf for row in rows.values()) == overview.counted == rows["<module>"].on_stack
    work = rows["work"]
    assert work.filename.endswith("busy.py") and work.on_stack >= work.leaf and work.line > 1
    instructions = live.instructions(work.function)
    lines = [row for row in instructions if row.is_line]
    assert sum(row.leaf for row in lines) == work.leaf == sum(row.leaf for row in instructions if not row.is_line)
    assert {row.base_name for row in instructions} > {"BINARY_OP"} and lines[0].argument is None
    assert all(isinstance(row.form, tachyon.LiveForm) for row in instructions)
    sampled = next(row for row in instructions if row.leaf and not row.is_line)
    assert tachyon.decode_opcode(interpreter.version, sampled.opcode).name == sampled.name
    calls = live.calls(work.function)
    assert (calls[0].function, calls[0].depth, calls[0].samples) == (work.function, 0, work.on_stack)
    assert [row.name for row in calls[1:]] == ["<module>"] and calls[1].is_last
    assert {row.name for row in live.calls(work.function, "callees")} <= {"work", "even", "odd"}


def test_which_rows(target):
    live = fill(target)
    by_name = [row.name for row in live.functions(sort="name")]
    assert by_name == sorted(by_name)
    assert {row.name for row in live.functions(filter="WORK")} == {"work"}
    file, = [row for row in live.functions(group="files") if row.filename.endswith("busy.py")]
    lines = live.functions(group="file-lines", filename=file.filename)
    assert file.function == 0 and lines and {row.filename for row in lines} == {file.filename}
    assert live.functions(group="tasks") == [] and live.functions(filename="nowhere") == []
    for thread in live.threads():
        assert sum(row.leaf for row in live.functions(thread=thread.thread)) == thread.counted
        assert live.overview(thread=thread.thread).counted == thread.counted
    first = live.functions()[0]
    assert len(live.history(first.function, seconds=5)) == 5
    assert len(live.history(first.function, on_stack=True, seconds=2**31)) == 60
    live.reset()
    assert live.overview().counted == 0


def test_history(target):
    """The seconds that are over."""
    live = tachyon.Live()

    class Updating:
        def sample(self, snapshot):
            live.update()

    target.sampler(interval=0.05, duration=1.2).run(live, Updating())
    module = next(row for row in live.functions() if row.name == "<module>")
    shares = live.history(module.function, on_stack=True, seconds=3)
    assert shares[:2] == [0, 0] and 0.4 < shares[2] <= 1 and live.history(module.function, seconds=1) == [0]


def test_bad_questions(target):
    live = fill(target, 10)
    for call in (lambda: live.functions(group="bogus"), lambda: live.functions(sort=""), lambda: live.calls(1, "up"),
                 lambda: tachyon.Live(trust="none"), lambda: live.instructions(10**6), lambda: live.calls(10**6),
                 lambda: live.history(10**6), lambda: live.overview(thread=77), lambda: live.functions(filter="a\0b"),
                 lambda: live.functions(filter="\ud800")):
        with pytest.raises(ValueError):
            call()
    for call in (lambda: live.instructions(None), lambda: live.instructions(1.5), lambda: live.overview(thread="1"),
                 lambda: tachyon.Live(1), lambda: tachyon.Live(bogus=1), lambda: live.functions(group=None)):
        with pytest.raises(TypeError):
            call()
    for number in (-1, 2**32, 2**64, -2**64):
        for call in (lambda: live.instructions(number), lambda: live.overview(thread=number),
                     lambda: live.history(1, seconds=number)):
            with pytest.raises(OverflowError):
                call()
    with pytest.raises(ValueError, match="group: 'functions', 'lines', .*, not 'bogus'"):
        live.functions(group="bogus")


def test_an_empty_model():
    live = tachyon.Live()
    live.update()
    assert live.functions() == live.threads() == [] and live.overview().samples == 0
    with pytest.raises(tachyon.TachyonError, match="no sample yet"):
        live.save(collectors.collapsed())


def test_asked_while_it_grows(target):
    """What is seen only grows, and what is saved meanwhile is a profile so far. Saving waits for no end of the run."""
    live = tachyon.Live(opcodes=True)
    sampler = target.sampler(interval=0.0005)
    done = []
    thread = threading.Thread(target=lambda: done.append(sampler.run(live)))
    thread.start()
    try:
        seen, saved, stream = [], collectors.collapsed(), io.BytesIO()
        while len(seen) < 50 or seen[-1] < 100:
            live.update()
            seen.append(live.overview().counted)
        live.save(saved)
        live.save(collectors.collapsed(stream))
        with pytest.raises(tachyon.BusyError):
            target.sampler(max_samples=1).run(live)
    finally:
        sampler.stop()
        thread.join()
    live.update()
    assert seen == sorted(seen) and done[0].samples == live.overview().samples
    counts = [sum(int(line.split()[-1]) for line in text.decode().splitlines()) for text in (saved.data, stream.getvalue())]
    assert 100 <= counts[0] <= counts[1] <= live.overview().counted


def test_saving(target, tmp_path):
    live = fill(target)
    graph, table = collectors.flamegraph(tmp_path / "so-far.html"), collectors.pstats()
    live.save(graph)
    live.save(table)
    assert "busy.py" in (tmp_path / "so-far.html").read_text() and b"work" in table.data
    with pytest.raises(tachyon.UsageError, match="see every sample"):
        live.save(collectors.gecko())
    with pytest.raises(tachyon.TachyonError):
        live.save(table)

    class Full(io.RawIOBase):
        def write(self, data):
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        live.save(collectors.collapsed(Full()))
    for wrong in (None, live, object()):
        with pytest.raises(TypeError, match="no built-in collector"):
            live.save(wrong)
    target.close()
    with pytest.raises(tachyon.ClosedError):
        live.save(collectors.collapsed())
    assert live.functions()  # names belong to the model


def test_saving_from_the_thread_that_samples(target):
    live = tachyon.Live()

    class Saving:
        def sample(self, snapshot):
            with pytest.raises(tachyon.BusyError, match="from another one"):
                live.save(collectors.collapsed())
            return True

    target.sampler(interval=0).run(live, Saving())
    live.save(collectors.collapsed())


def test_one_model_one_run(target, busy):
    live = fill(target, 20)
    with tachyon.attach(busy.pid) as other:
        for one in (target, other):
            with pytest.raises(tachyon.UsageError, match="for one run"):
                one.sampler(interval=0, max_samples=20).run(live)
    twice = tachyon.Live()
    with pytest.raises(tachyon.BusyError, match="in use by a run"):
        target.sampler(interval=0, max_samples=20).run(twice, twice)
    assert target.sampler(interval=0, max_samples=20).run(twice).samples == 20 and live.functions()


def test_two_threads_that_ask(target):
    """An answer or a BusyError, and never another thread's rows."""
    live = fill(target)
    want, wrong = live.functions(), []

    def ask():
        for _ in range(300):
            try:
                live.update()
                if live.functions() != want:
                    wrong.append(1)
            except tachyon.BusyError:
                pass

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_models_are_garbage(target):
    class Holder:
        def write(self, data):
            return len(data)

    holder = Holder()
    holder.live, holder.collector = fill(target, 10), collectors.collapsed(holder)
    gone = weakref.ref(holder)
    del holder
    gc.collect()
    assert gone() is None
