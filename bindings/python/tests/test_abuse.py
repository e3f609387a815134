# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in programs: ends in the middle, forks, cycles, wrong arguments. Never a crash, never a leak."""

import gc
import os
import pathlib
import signal
import subprocess
import sys
import threading
import weakref

import pytest

import tachyon
from tachyon import collectors

TIMEOUT_S = 60


def run_python(program, *arguments, python=(sys.executable,)):
    """In a Python of its own that takes warnings for errors; it says nothing that it should not."""
    result = subprocess.run([*python, "-X", "dev", "-W", "error", "-c", program, *map(str, arguments)],
                            capture_output=True, text=True, timeout=TIMEOUT_S)
    assert result.returncode == 0, (result.returncode, result.stderr)
    assert result.stderr == ""
    return result.stdout


class Holder:
    """Something that holds what holds it."""

    def __call__(self, *arguments):
        return None

    def write(self, data):
        return len(data)

    def sample(self, snapshot):
        return True


def make_log(holder, pid):
    holder.target = tachyon.attach(pid, log=holder)


def make_snapshot(holder, pid):
    holder.snapshot = tachyon.attach(pid, log=holder).sample()


def make_sampler(holder, pid):
    holder.sampler = tachyon.attach(pid, log=holder).sampler()


def make_file(holder, pid):
    holder.collector = collectors.collapsed(holder)


def make_source(holder, pid):
    holder.collector = collectors.flamegraph(source=holder)


def make_merged(holder, pid):
    holder.merged = tachyon.Merged()
    holder.merged.add(tachyon.attach(pid, log=holder))


def make_session(holder, pid):
    holder.merged = tachyon.Merged()
    source = holder.merged.add(tachyon.attach(pid))
    holder.session = holder.merged.session(holder)
    holder.session.sample(source)


def make_live(holder, pid):
    holder.live = tachyon.Live()
    with tachyon.attach(pid, log=holder) as target:
        target.sampler(interval=0, max_samples=2).run(holder.live)
    holder.log = target


@pytest.mark.parametrize("make", [make_log, make_snapshot, make_sampler, make_file, make_source, make_merged, make_session,
                                  make_live], ids=lambda make: make.__name__)
def test_cycles_are_collected(parked, make):
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    holder = Holder()
    make(holder, parked.pid)
    gone = weakref.ref(holder)
    del holder
    gc.collect()
    assert gone() is None and len(os.listdir("/proc/self/fd")) == before


LEFT_OPEN = """
import sys, threading, tachyon
from tachyon import collectors, remote_debugging

class Late:
    def __init__(self):
        self.target = tachyon.attach(int(sys.argv[1]), opcodes=True)
        self.snapshot = self.target.sample()
        self.live, self.table = tachyon.Live(), collectors.collapsed()
        self.target.sampler(interval=0, max_samples=5).run(self.live, self.table, self)
        self.sampler = self.target.sampler()
        self.merged = tachyon.Merged()
        self.merged.add(tachyon.attach(int(sys.argv[1])))
        self.session = self.merged.session(self, collectors.flamegraph(), tachyon.Live())
        self.session.sample(self.merged.sources[0])
        self.unwinder = remote_debugging.RemoteUnwinder(int(sys.argv[1]))
        self.unwinder.get_stack_trace()
        self.processes = tachyon.processes(int(sys.argv[1]))
        self.tuples = self.live.overview(), self.target.info, self.snapshot[0].frames[0].instruction
        self.cycle = self

    def sample(self, snapshot):
        pass

    def __del__(self):
        repr(self.tuples)
        self.target.sample()
        self.session.sample(self.merged.sources[0])

late = [Late(), Late()]
kept = tachyon.attach(int(sys.argv[1]))
sampler = kept.sampler(interval=0.001)
if sys.argv[2] == "thread":
    threading.Thread(target=sampler.run, args=(late[0],), daemon=True).start()
print("end")
"""


@pytest.mark.parametrize("way", ["open", "thread"])
def test_the_end_of_python_with_open_handles(parked, way):
    assert run_python(LEFT_OPEN, parked.pid, way) == "end\n"


INTERPRETERS = """
import sys, textwrap
try:
    import _interpreters as interpreters
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        sys.exit(77)
import tachyon
work = textwrap.dedent('''
    import sys
    sys.path[:] = %r
    import tachyon
    seen = []
    class Collector:
        def sample(self, snapshot):
            seen.append(snapshot[0].frames[0].name)
    target = tachyon.attach(%d)
    live = tachyon.Live()
    target.sampler(interval=0, max_samples=10).run(Collector(), live, tachyon.collectors.flamegraph())
    live.update()
    assert len(seen) == 10 and live.functions() and isinstance(target.sample(), tachyon.Snapshot)
''' % (sys.path, int(sys.argv[1])))
for _ in range(3):
    try:
        one = interpreters.create("legacy")
    except TypeError:
        one = interpreters.create(isolated=False)
    failed = interpreters.run_string(one, work)
    assert not failed, failed
    interpreters.destroy(one)
assert len(tachyon.attach(int(sys.argv[1])).sample()) >= 1
print("end")
"""


def test_subinterpreters(parked):
    """The state is the module's: each interpreter has a tachyon of its own, also one after another."""
    assert run_python("import warnings; warnings.simplefilter('ignore')\n" + INTERPRETERS, parked.pid) == "end\n"


FORKS = """
import os, sys, tachyon
target = tachyon.attach(int(sys.argv[1]))
names = [frame.qualname for frame in target.sample()[0].frames]
live = tachyon.Live()
target.sampler(interval=0, max_samples=10).run(live)
child = os.fork()
if not child:
    assert [frame.qualname for frame in target.sample()[0].frames] == names
    live.update()
    assert live.functions()
    target.close()
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert [frame.qualname for frame in target.sample()[0].frames] == names
print("end")
"""


def test_fork_with_an_open_target(parked):
    """The child has a copy of all, and what it closes is its own."""
    assert run_python(FORKS, parked.pid) == "end\n"


INTERRUPTED = """
import os, signal, sys, threading, tachyon
from tachyon import collectors
target = tachyon.attach(int(sys.argv[1]))
def interrupt():
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
merged = tachyon.Merged()
merged.add(tachyon.attach(int(sys.argv[1])))
class Collector:
    def sample(self, snapshot):
        pass
for start in (lambda *c: target.sampler(interval=0).run(*c), lambda *c: target.sampler(interval=30).run(*c),
              lambda *c: merged.run(*c), lambda *c: merged.run(*c, interval=30)):
    table, live = collectors.collapsed(), tachyon.Live()
    interrupt()
    try:
        start(table, live, Collector())
    except KeyboardInterrupt:
        pass
    else:
        sys.exit("not interrupted")
    live.update()
    assert live.functions() and table.data, (live.functions(), table.data)
    assert target.sample()
watch = tachyon.processes(int(sys.argv[1]))
interrupt()
try:
    list(watch)
except KeyboardInterrupt:
    print("end")
"""


def test_ctrl_c(parked):
    """Also where it comes between two samples: what was gathered so far is written."""
    assert run_python(INTERRUPTED, parked.pid) == "end\n"


def test_numbers_that_do_not_fit(parked):
    pid = parked.pid
    for number in (-1, -2**31, 2**32, 2**32 + 131, 2**64, -2**64):
        for call in (lambda: tachyon.decode_opcode((3, 14), number), lambda: tachyon.attach(pid, max_frames=number),
                     lambda: tachyon.attach(pid, max_retries=number)):
            with pytest.raises((ValueError, OverflowError)):
                call()
    with tachyon.attach(pid) as target:
        for number in (-1, 2**64, -2**64):
            with pytest.raises((ValueError, OverflowError)):
                target.sampler(max_samples=number)
    for number in (-1, float("nan"), float("inf"), 1e300, -0.5):
        for call in (lambda: tachyon.attach(pid, stop_deadline=number), lambda: tachyon.processes(pid).wait(number),
                     lambda: tachyon.profile(interval=number)):
            with pytest.raises(ValueError):
                call()
    for version in ((3, -1), (-1, 3), (3, 256), (2**70, 0)):
        with pytest.raises(ValueError, match="version"):
            tachyon.decode_opcode(version, 1)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", b"a\0b"])
def test_paths_that_are_none(parked, text):
    for call in (lambda: tachyon.open_capture(text), lambda: tachyon.open_recording(text), lambda: collectors.pstats(text),
                 lambda: collectors.heatmap(text), lambda: collectors.binary(text)):
        with pytest.raises((ValueError, OSError)):
            call()
    with tachyon.attach(parked.pid) as target:
        with pytest.raises((ValueError, OSError)):
            target.capture(text)


def test_text_that_is_none():
    for text in ("a\0b", "\ud800"):
        with pytest.raises(ValueError):
            collectors.annotation(function=text)
        with pytest.raises(ValueError):
            tachyon.Collector(text, None, {})


@pytest.mark.parametrize("pid", [False, None, "1", 1.0, b"1", [1], 2**31, -2**31, 2**100])
def test_pids_that_are_none(pid):
    for call in (tachyon.attach, tachyon.processes):
        with pytest.raises((TypeError, OverflowError, tachyon.TachyonError)):
            call(pid)


@pytest.mark.parametrize("descriptor", [-1, 2**31 - 1, 2**31, 2**70, True])
def test_descriptors_that_are_none(parked, descriptor):
    """True is descriptor 1, and surely a mistake."""
    with tachyon.attach(parked.pid) as target:
        with pytest.raises((ValueError, OSError, OverflowError, TypeError)):
            target.sampler(interval=0, max_samples=2).run(collectors.collapsed(descriptor))


def test_a_log_that_raises(parked, capfd):
    """It is reported, and nothing else."""
    def log(level, message):
        raise KeyError(message)

    with tachyon.attach(parked.pid, log=log) as target:
        assert target.sample()


@pytest.mark.parametrize("answer", [3, b"x", "\ud800", "a\0b", "x" * 100000])
def test_sources_of_all_kinds(busy, answer):
    shown = collectors.annotation(source=lambda file, line: answer)
    with tachyon.attach(busy.pid, opcodes=True) as target:
        try:
            target.sampler(interval=0, max_samples=50, opcodes=True).run(shown)
        except (TypeError, ValueError):
            assert not isinstance(answer, str) or answer == "\ud800"
        assert target.sample()


def test_closed_in_the_middle(busy):
    """By the thread itself, in a callback, or by another one."""
    with tachyon.attach(busy.pid) as target:
        class Closing:
            def begin(self, run):
                with pytest.raises(tachyon.BusyError):
                    run.target.close()

            def sample(self, snapshot):
                self.begin(snapshot)

            def end(self, summary):
                with pytest.raises(tachyon.BusyError):
                    target.close()

        assert target.sampler(interval=0, max_samples=3).run(Closing()).samples == 3
        sampler = target.sampler(interval=0)
        next(sampler)
    for call in (lambda: next(sampler), sampler.run, lambda: sampler.summary):
        with pytest.raises(tachyon.ClosedError):
            call()


def test_a_thread_in_many_places(busy):
    """Eight threads do everything to one target: answers, or errors that say why there is none."""
    target = tachyon.attach(busy.pid, opcodes=True)
    frame = target.sample()[0].frames[-1]
    calls = [target.sample, lambda: frame.instruction, lambda: target.disassemble(frame), lambda: target.info,
             lambda: target.sampler(interval=0, max_samples=2).run(collectors.collapsed()), lambda: repr(target),
             lambda: target.counters, target.sample_tasks, lambda: target.capture(None)]
    others, wrong = [], []

    def abuse(shift):
        for turn in range(100):
            try:
                calls[(turn * shift) % len(calls)]()
            except tachyon.BusyError:
                pass
            except BaseException as error:
                wrong.append(error)

    for shift in range(1, 9):
        others.append(threading.Thread(target=abuse, args=(shift,)))
        others[-1].start()
    for thread in others:
        thread.join()
    assert wrong == []
    target.close()
