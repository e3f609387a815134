# SPDX-License-Identifier: Apache-2.0
"""tachyon.remote_debugging: the same as CPython 3.15's module, and what that module's own tests say of it."""

import concurrent.futures
import errno
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import pytest

import interpreters
import tachyon
from tachyon import remote_debugging

# CPython's own tests of the module, and of its formats.
SUITE = ("test.test_external_inspection", "test.test_gc_stats",
         "test.test_profiling.test_sampling_profiler.test_binary_format")

# Those that cannot pass, and why.
IN_OTHER_WORDS = "a file that was changed by hand is refused with a ValueError that names the byte, not in CPython's words"
CANNOT_PASS = {
    "test_long_task_name_is_truncated": "names are cut at 255 bytes, which an ellipsis is part of, not at 255 characters",
    "test_open_accepts_frame_count_at_capacity_boundary": IN_OTHER_WORDS,
    "test_open_rejects_frame_count_larger_than_file": IN_OTHER_WORDS,
    "test_open_rejects_string_count_larger_than_file": IN_OTHER_WORDS,
    "test_replay_rejects_trailing_partial_sample_header": IN_OTHER_WORDS + ", and when it is opened",
}

CPYTHON_TIMEOUT_S = 400


def test_the_same_names_as_cpython(newest, programs):
    """Classes with their members and fields, functions with their parameters, constants with their values."""
    if newest.version < (3, 15):
        pytest.skip("no CPython 3.15")
    theirs = json.loads(newest.run(programs / "describe.py", "_remote_debugging"))
    ours = json.loads(subprocess.run([sys.executable, programs / "describe.py", "tachyon.remote_debugging"], check=True,
                                     capture_output=True, text=True, cwd=programs).stdout)
    assert set(ours) == set(theirs)
    for name, description in theirs.items():
        assert ours[name] == description, name


def test_the_stack_is_the_one_that_a_target_gives(parked):
    unwinder = remote_debugging.RemoteUnwinder(parked.pid, all_threads=True, opcodes=True)
    (interpreter,) = unwinder.get_stack_trace()
    (thread,) = interpreter.threads
    assert interpreter.interpreter_id == 0 and thread.thread_id == parked.pid
    assert thread.status & remote_debugging.THREAD_STATUS_MAIN_THREAD
    with tachyon.attach(parked.pid, opcodes=True) as target:
        frames = target.sample()[0].frames
        assert len(thread.frame_info) == len(frames)
        for theirs, frame in zip(thread.frame_info, frames):
            assert tuple(theirs) == (frame.filename, tuple(frame.location), frame.qualname, frame.instruction.executing)


def test_opcodes_only_if_asked_for(parked):
    (interpreter,) = remote_debugging.RemoteUnwinder(parked.pid).get_stack_trace()
    assert [frame.opcode for frame in interpreter.threads[0].frame_info] == [None] * 4


def test_frames_are_the_same_objects(parked):
    unwinder = remote_debugging.RemoteUnwinder(parked.pid)
    first, second = (unwinder.get_stack_trace()[0].threads[0].frame_info for _ in range(2))
    assert first is not second and all(map(lambda one, other: one is other, first, second))


def test_every_version_is_read(interpreter, programs):
    with interpreters.start(interpreter, programs / "parked.py") as target:
        said = json.loads(target.ready)
        for arguments in ({}, {"all_threads": True}, {"opcodes": True, "cache_frames": True}):
            trace = remote_debugging.RemoteUnwinder(target.pid, **arguments).get_stack_trace()
            assert [frame.funcname for frame in trace[0].threads[0].frame_info] == said["names"]


def test_statistics(parked):
    unwinder = remote_debugging.RemoteUnwinder(parked.pid, stats=True)
    for _ in range(3):
        unwinder.get_stack_trace()
    stats = unwinder.get_stats()
    assert stats["total_samples"] == 3 and stats["memory_bytes_read"] > 100
    assert all(type(value) is (float if name.endswith("_rate") else int) for name, value in stats.items())
    with pytest.raises(RuntimeError, match="stats=True"):
        remote_debugging.RemoteUnwinder(parked.pid).get_stats()


def state_of(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_pause_and_resume(busy):
    """While it is paused, every sample shows the same place; afterwards it goes on, also when the unwinder just goes."""
    unwinder = remote_debugging.RemoteUnwinder(busy.pid, all_threads=True)
    assert unwinder.resume_threads() is False
    assert unwinder.pause_threads() is True and unwinder.pause_threads() is False
    assert {state_of(f"{busy.pid}/task/{thread}") for thread in os.listdir(f"/proc/{busy.pid}/task")} == {"t"}
    assert len({str(unwinder.get_stack_trace()) for _ in range(20)}) == 1
    with concurrent.futures.ThreadPoolExecutor() as pool:
        with pytest.raises(RuntimeError, match="must resume"):
            pool.submit(unwinder.resume_threads).result()
    assert unwinder.resume_threads() is True and state_of(busy.pid) != "t"
    assert unwinder.pause_threads()
    del unwinder
    assert state_of(busy.pid) != "t"


def test_errors(parked):
    with pytest.raises(ValueError, match="cannot both be True"):
        remote_debugging.RemoteUnwinder(parked.pid, all_threads=True, only_active_thread=True)
    for arguments, keywords in [((), {}), (("1",), {}), ((1, True), {}), ((1,), {"bogus": 1})]:
        with pytest.raises(TypeError):
            remote_debugging.RemoteUnwinder(*arguments, **keywords)
    with subprocess.Popen(["sleep", "60"]) as sleeping:
        with pytest.raises(RuntimeError):
            remote_debugging.RemoteUnwinder(sleeping.pid)
        assert not remote_debugging.is_python_process(sleeping.pid)
        sleeping.kill()
    unwinder = remote_debugging.RemoteUnwinder(parked.pid)
    parked.kill()
    with pytest.raises(ProcessLookupError):
        unwinder.get_stack_trace()
    with pytest.raises(ProcessLookupError):
        remote_debugging.RemoteUnwinder(parked.pid)


def test_processes(parked):
    assert remote_debugging.is_python_process(parked.pid) and remote_debugging.is_python_process(os.getpid())
    descendants = remote_debugging.get_child_pids(os.getpid())
    children = remote_debugging.get_child_pids(os.getpid(), recursive=False)
    assert parked.pid in descendants and set(children) <= set(descendants)
    assert len(descendants) == len(set(descendants))
    assert remote_debugging.get_child_pids(parked.pid) == []


# ---- garbage collections ----

COLLECT = "import gc, sys\nfor i in range(9): gc.collect(i % 3)\nprint('ready', flush=True)\nsys.stdin.read()\n"


@pytest.fixture
def collects(visible):
    """A program that has collected each generation three times at least."""
    path = visible / "programs" / "collects.py"
    path.write_text(COLLECT)
    return path


def test_garbage_collections(interpreter, collects):
    """From 3.15 on; older ones do not keep them, which is said."""
    with interpreters.start(interpreter, collects) as target:
        if interpreter.version < (3, 15):
            with pytest.raises(RuntimeError, match="CPython 3.* does not keep") as raised:
                remote_debugging.get_gc_stats(target.pid)
            assert raised.value.errno == errno.ENOTSUP
            return
        stats = remote_debugging.GCMonitor(target.pid).get_gc_stats(all_interpreters=True)
        assert remote_debugging.get_gc_stats(target.pid) == stats
        for generation in range(3):
            own = [entry for entry in stats if entry.gen == generation]
            assert own[-1].collections >= 3 and all(entry.iid == 0 for entry in own)
            assert [entry.ts_start for entry in own] == sorted(entry.ts_start for entry in own)
            assert all(entry.ts_start < entry.ts_stop < time.monotonic_ns() and entry.duration > 0 for entry in own)
        with tachyon.attach(target.pid) as attached:
            assert list(map(tuple, attached.gc_collections())) == list(map(tuple, stats))


def test_no_garbage_collections_of_a_closed_target(parked):
    target = tachyon.attach(parked.pid)
    target.close()
    with pytest.raises(tachyon.ClosedError):
        target.gc_collections()


# ---- CPython's own tests ----

def suite_command(tree, visible):
    """Runs a module of CPython's test suite in its tree, with our module in the place of CPython's."""
    (visible / "hosts").write_text("127.0.0.1 localhost\n")
    path = f"{visible}/programs/stand_in:{visible}/site"
    return ["bwrap", "--die-with-parent", "--ro-bind", f"{tree}/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink",
            "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin", "--proc", "/proc", "--dev", "/dev", "--bind", "/tmp", "/tmp",
            "--ro-bind", f"{visible}/hosts", "/etc/hosts", "--setenv", "PYTHONPATH", path, "--setenv", "LD_LIBRARY_PATH",
            f"{visible}/site/libraries", "--chdir", "/tmp", "/usr/bin/python3.15"]


@pytest.fixture(scope="session", autouse=True)
def cpython_tests(visible, site):
    """They mostly wait, and so run beside the others."""
    tree = os.environ.get("TACHYON_TESTSUITE")
    if not tree:
        yield None
        return
    shutil.copytree(site, visible / "site", dirs_exist_ok=True)
    log = visible / "suite.log"
    with open(log, "w") as output:
        process = subprocess.Popen([*suite_command(pathlib.Path(tree), visible), "-m", "unittest", *SUITE],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    yield process, log
    process.kill()
    process.wait()


def test_the_suite_of_cpython(cpython_tests):
    if not cpython_tests:
        pytest.skip("no test suite of CPython 3.15")
    process, log = cpython_tests
    process.wait(CPYTHON_TIMEOUT_S)
    text = log.read_text()
    failed = set(re.findall(r"^(?:ERROR|FAIL): (\w+)", text, re.M))
    ran = re.search(r"^Ran (\d+) tests", text, re.M)
    assert ran and int(ran[1]) >= 120, text[-4000:]
    assert failed <= set(CANNOT_PASS), text[-8000:]
    assert set(CANNOT_PASS) <= failed, "passes now: take it off the list"


def test_nothing_is_said_at_exit():
    """Named tuples that are left, in a circle, when the interpreter ends."""
    program = "import tachyon.remote_debugging as r; x = [r.FrameInfo(('a', None, 'b', None))]; x.append(x)"
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert result.stdout == result.stderr == ""
