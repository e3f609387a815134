# SPDX-License-Identifier: Apache-2.0
"""Targets, snapshots, frames and instructions."""

import dis
import errno
import gc
import json
import os
import pickle
import subprocess
import sys
import threading

import pytest

import tachyon


def main_thread(snapshot, pid):
    return next(thread for thread in snapshot if thread.native_id == pid)


def test_frames_are_those_that_the_target_reports(parked):
    said = json.loads(parked.ready)
    with tachyon.attach(parked.pid) as target:
        thread = main_thread(target.sample(), said["thread"])
        assert [frame.qualname for frame in thread.frames] == said["names"]
        assert thread.trusted and thread.verdict is tachyon.Verdict.VERIFIED
        assert tachyon.ThreadStatus.MAIN in thread.status
        assert target.info.version == tuple(said["version"])
        assert target.info.hexversion == said["hexversion"]
        assert target.info.pid == parked.pid


def test_equal_frames_are_the_same_object(parked):
    with tachyon.attach(parked.pid, opcodes=True) as target:
        target.sample()  # reads the bytecode: from now on the leaf's instruction comes with its frame
        first, second = target.sample(), target.sample()
        assert len(first[0].frames) == len(second[0].frames)
        for one, other in zip(first[0].frames, second[0].frames):
            assert one is other
        assert first[0].frames[0].function is second[0].frames[0].function


def test_a_frame_knows_its_place(parked, programs):
    with tachyon.attach(parked.pid) as target:
        leaf, middle, outer = target.sample()[0].frames[:3]
    lines = (programs / "parked.py").read_text().splitlines()
    assert "sys.stdin.read()" in lines[leaf.line - 1]
    assert middle.location.line == middle.line and "innermost()" in lines[middle.line - 1]
    assert lines[outer.line - 1][outer.location.column:outer.location.end_column] == "Holder().middle()"
    assert leaf.filename.endswith("parked.py") and leaf.name == leaf.qualname == "innermost"
    assert (middle.name, middle.qualname) == ("middle", "Holder.middle")
    assert leaf.kind is tachyon.FrameKind.PYTHON and leaf.function.first_line < leaf.line


def test_instructions_and_disassembly_of_ourselves():
    """The one program whose bytecode we know from dis: this one."""
    def known(pid):
        with tachyon.attach(pid, threads="all") as target:
            me = next(t for t in target.sample() if t.native_id == threading.get_native_id())
            mine = next(frame for frame in me.frames if frame.name == "known")
            return mine, mine.instruction, target.disassemble(mine), target.disassemble(mine.function)

    frame, instruction, rows, again = known(os.getpid())
    assert instruction.base_name.startswith("CALL") and instruction.offset == frame.offset
    want = [(i.offset, i.opname, i.arg or 0) for i in dis.get_instructions(known)]
    got = [(row.instruction.offset, row.instruction.base_name, row.instruction.argument) for row in rows]
    assert got == want == [(r.instruction.offset, r.instruction.base_name, r.instruction.argument) for r in again]
    places = {position.offset: position.positions for position in dis.get_instructions(known)}
    for row in rows:
        if row.location.line > 0:
            assert row.location.line == places[row.instruction.offset].lineno


def test_a_target_closes_once_and_then_refuses(parked):
    target = tachyon.attach(parked.pid)
    snapshot = target.sample()
    frame = snapshot[0].frames[0]
    sampler = target.sampler()
    target.close()
    target.close()
    assert target.closed and repr(target) == "<Target, closed>"
    for call in (target.sample, lambda: target.info, lambda: target.counters, target.reattach, lambda: frame.instruction,
                 lambda: snapshot[0].name, lambda: next(sampler), sampler.run, lambda: sampler.summary, target.sampler,
                 lambda: target.disassemble(frame), lambda: target.capture(None), target.__enter__):
        with pytest.raises(tachyon.ClosedError, match="closed") as raised:
            call()
        assert raised.value.errno == errno.EBADF and raised.value.code == 4015
    sampler.stop()
    assert frame.qualname and frame.location.line > 0 and snapshot.threads


def test_what_a_target_gave_outlives_it(parked):
    frame = tachyon.attach(parked.pid).sample()[0].frames[0]
    gc.collect()
    assert frame.qualname == "innermost"
    with pytest.raises(tachyon.ClosedError):
        frame.instruction


def test_no_process():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(tachyon.ExitedError) as raised:
        tachyon.attach(ended.pid)
    assert isinstance(raised.value, (ProcessLookupError, tachyon.TachyonError))
    assert raised.value.errno == errno.ESRCH and raised.value.error_class == "gone"


def test_no_python():
    with subprocess.Popen(["sleep", "60"]) as sleeping:
        try:
            with pytest.raises(tachyon.NotPythonError) as raised:
                tachyon.attach(sleeping.pid)
        finally:
            sleeping.kill()
    error = raised.value
    assert isinstance(error, OSError) and error.code == 4001 and error.phase and str(error) == error.message


def test_a_target_that_ends(busy):
    with tachyon.attach(busy.pid) as target:
        target.sample()
        busy.kill()
        with pytest.raises(tachyon.ExitedError) as raised:
            while True:
                target.sample()
        assert raised.value.errno == errno.ESRCH


@pytest.mark.parametrize("pid", [0, -1, 2**31 - 1])
def test_a_pid_that_is_none(pid):
    with pytest.raises(tachyon.TachyonError):
        tachyon.attach(pid)


@pytest.mark.parametrize("pid", [2**40, "1", None, 1.5])
def test_a_pid_that_is_no_int(pid):
    with pytest.raises((TypeError, OverflowError)):
        tachyon.attach(pid)


@pytest.mark.parametrize("options", [{"threads": "some"}, {"stop": "now"}, {"max_frames": 2**31}, {"bogus": 1}])
def test_bad_options(options):
    with pytest.raises((ValueError, TypeError)):
        tachyon.attach(os.getpid(), **options)


def test_capture(parked, tmp_path):
    with tachyon.attach(parked.pid) as target:
        names = [frame.qualname for frame in target.sample()[0].frames]
        data = target.capture(None)
        assert target.capture(tmp_path / "stack.capture") is None
    assert (tmp_path / "stack.capture").stat().st_size > 1000 and len(data) > 1000
    with tachyon.open_capture(tmp_path / "stack.capture") as capture:
        assert capture.info.is_capture
        assert [frame.qualname for frame in capture.sample()[0].frames] == names
    (tmp_path / "broken").write_bytes(data[:1000])
    with pytest.raises(tachyon.TachyonError):
        tachyon.open_capture(tmp_path / "broken")
    with pytest.raises(tachyon.TachyonError) as raised:
        tachyon.open_capture(tmp_path / "absent")
    assert raised.value.errno == errno.ENOENT


def test_types_cannot_be_made_or_changed():
    for name in ("Target", "Snapshot", "Thread", "Frame", "Function", "Sampler"):
        kind = getattr(tachyon, name)
        with pytest.raises(TypeError):
            kind()
        with pytest.raises(TypeError):
            kind.attribute = 1
        with pytest.raises(TypeError):
            pickle.dumps(kind.__new__(kind))


def test_a_function_of_another_target(parked):
    with tachyon.attach(parked.pid) as one, tachyon.attach(parked.pid) as other:
        frame = one.sample()[0].frames[0]
        with pytest.raises(ValueError):
            other.disassemble(frame)
        with pytest.raises(TypeError):
            other.disassemble(1)


def test_opcodes():
    opcode = tachyon.decode_opcode((3, 11), 122)
    assert (opcode.name, opcode.base_name, opcode.family) == ("BINARY_OP", "BINARY_OP", "BINARY_OP")
    assert tachyon.OpcodeFlag.SPECIALIZABLE in opcode.flags and opcode.argument is tachyon.OpcodeArgument.NUMBER
    for version, number in [((3, 10), 1), ((3, 14), 255 + 1), ((2, 7), 1)]:
        with pytest.raises(tachyon.TachyonError):
            tachyon.decode_opcode(version, number)


def test_log_messages(parked):
    messages = []
    with tachyon.attach(parked.pid, log=lambda level, message: messages.append((level, message))) as target:
        target.sample()
    assert all(1 <= level <= 4 and isinstance(message, str) for level, message in messages)


def test_nothing_is_left_behind(parked):
    """Open files, and the objects that a sample makes."""
    def work():
        with tachyon.attach(parked.pid) as target:
            for _ in range(100):
                target.sample()
            target.sampler(interval=0, max_samples=50).run(tachyon.collectors.flamegraph())

    work()
    files, blocks = len(os.listdir("/proc/self/fd")), sys.getallocatedblocks()
    for _ in range(20):
        work()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == files
    assert sys.getallocatedblocks() - blocks < 500
