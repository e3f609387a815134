# SPDX-License-Identifier: Apache-2.0
"""BinaryWriter and BinaryReader, and recordings in general: CPython reads ours, we read CPython's."""

import errno
import json
import pathlib
import subprocess
import sys
import threading

import pytest

import tachyon
from tachyon import remote_debugging as remote

PROGRAM = pathlib.Path(__file__).parent / "programs" / "binary.py"

# What programs/binary.py writes: thread 7 in two stacks of two samples each, thread 8 in one of four.
TIMES = [5_001_000, 5_002_000, 5_003_000, 5_004_000]
FRAMES = [["a.py", [line, line, 4, 9], f"f{line}", 27] for line in (1, 2, 3)]
SEEN = {(7, tuple(TIMES[:2])): FRAMES, (7, tuple(TIMES[2:])): FRAMES[1:], (8, tuple(TIMES)): FRAMES[2:]}


def run(command, what, path):
    """programs/binary.py with our module in the place of CPython's, or with CPython's."""
    return subprocess.run([*command, what, str(path)], check=True, capture_output=True, text=True).stdout


def with_ours(what, path):
    program = f"import sys, tachyon.remote_debugging as r; sys.modules['_remote_debugging'] = r; sys.argv[0] = 'binary.py'; " \
              f"exec(open({str(PROGRAM)!r}).read())"
    return run([sys.executable, "-c", program], what, path)


@pytest.fixture
def with_theirs(newest, programs):
    if newest.version < (3, 15):
        pytest.skip("no CPython 3.15")
    return lambda what, path: run([*newest.command, str(programs / "binary.py")], what, path)


def check(text, by):
    said = json.loads(text)
    assert said["count"] == said["info"]["sample_count"] == 8
    assert {(thread, tuple(times)): frames for _, thread, _, times, frames in merge(said["seen"])} == SEEN
    info = said["info"]
    assert (info["mode"], info["capture_features"], info["thread_count"]) == (2, 9, 2)
    assert (info["duration_sec"], info["sample_rate"], info["error_rate"], info["missed_samples"]) == (2.0, 500.0, 1.5, None)
    assert info["start_time_us"] == 5_000_000 and info["sample_interval_us"] == 1000 and info["frame_count"] == 3
    assert tuple(info["python_version"][:2]) == by


def merge(seen):
    """CPython gives the first sample of a stack on its own, and what follows at once: both are one to us."""
    merged = []
    for interpreter, thread, status, times, frames in sorted(seen, key=lambda one: (one[1], one[3])):
        if merged and merged[-1][:3] == [interpreter, thread, status] and merged[-1][4] == frames:
            merged[-1][3] += times
        else:
            merged.append([interpreter, thread, status, times, frames])
    return merged


def test_ours_is_read_by_us(tmp_path):
    with_ours("write", tmp_path / "ours")
    check(with_ours("read", tmp_path / "ours"), sys.version_info[:2])


def test_ours_is_read_by_cpython(visible, with_theirs):
    """Opcodes are shown to it for Pythons whose opcodes it knows."""
    with_ours("write", visible / "ours.bin")
    said = json.loads(with_theirs("read", visible / "ours.bin"))
    if sys.version_info < (3, 15):
        for one in said["seen"]:
            for frame in one[4]:
                assert frame[3] is None
                frame[3] = 27
    check(json.dumps(said), sys.version_info[:2])


def test_cpythons_is_read_by_us(visible, with_theirs):
    with_theirs("write", visible / "theirs.bin")
    check(with_ours("read", visible / "theirs.bin"), (3, 15))


def sample(tid=1, frames=(), status=0, interpreter=0):
    return [remote.InterpreterInfo((interpreter, [remote.ThreadInfo((tid, status, list(frames)))]))]


@pytest.mark.parametrize("arguments, keywords, error", [
    ((3, 1000, 0), {}, TypeError), (("f", -1, 0), {}, ValueError), (("f", 1 << 64, 0), {}, OverflowError),
    (("f", "x", 0), {}, TypeError), (("f", 1000, 0), {"mode": 9}, ValueError),
    (("f", 1000, 0), {"capture_features": 1 << 28}, ValueError), (("no/such/folder", 1000, 0), {}, FileNotFoundError),
])
def test_bad_arguments(tmp_path, monkeypatch, arguments, keywords, error):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        remote.BinaryWriter(*arguments, **keywords)


BROKEN = [3, [3], [remote.InterpreterInfo((0, 3))], [remote.InterpreterInfo((0, [3]))], sample(frames=[3]),
          sample(frames=[("a", None, "b")]), sample(frames=[remote.FrameInfo((3, None, "b", None))]),
          sample(frames=[remote.FrameInfo(("a", None, "b", "x"))]), sample(frames=[remote.FrameInfo(("a", None, "b", 300))]),
          sample(frames=[remote.FrameInfo(("a", (1, 2), "b", 3))]), sample(frames=[remote.FrameInfo(("a", 7, "b", 3))]),
          sample(tid=-1), sample(interpreter=1 << 33), sample(frames=[remote.FrameInfo(("a\0", None, "b", 3))])]


@pytest.mark.parametrize("stack_frames", BROKEN)
def test_what_is_no_sample_is_an_error(tmp_path, stack_frames):
    """CPython's writer ends the process for some of them."""
    writer = remote.BinaryWriter(tmp_path / "f", 1000, 0)
    with pytest.raises((TypeError, ValueError, OverflowError)):
        writer.write_sample(stack_frames, 1)
    writer.write_sample(sample(), 2)
    writer.finalize()
    with remote.BinaryReader(tmp_path / "f") as reader:
        assert reader.sample_count == 1


def test_what_was_closed_stays_closed(tmp_path):
    writer = remote.BinaryWriter(tmp_path / "f", 1000, 0)
    writer.write_sample(sample(), 1)
    writer.finalize()
    assert writer.total_samples == 1
    for call in (writer.finalize, writer.get_stats, lambda: writer.write_sample(sample(), 1), lambda: writer.set_stats(1, 2)):
        with pytest.raises(ValueError, match="closed"):
            call()
    reader = remote.BinaryReader(tmp_path / "f")
    reader.close()
    for call in (reader.get_info, reader.get_stats, lambda: reader.replay(None)):
        with pytest.raises(ValueError, match="closed"):
            call()


def test_a_collector_that_raises(tmp_path):
    with remote.BinaryWriter(tmp_path / "f", 1000, 0) as writer:
        writer.write_sample(sample(), 1)

    class Collector:
        def collect(self, stack_frames, timestamps_us):
            raise KeyError

    with remote.BinaryReader(tmp_path / "f") as reader:
        for _ in range(2):
            with pytest.raises(KeyError):
                reader.replay(Collector())
        with pytest.raises(TypeError):
            reader.replay(object())


@pytest.mark.parametrize("change", [(-32, b"\xff" * 4), (-28, b"\xff" * 4), (40, b"\x41"), (0, b"X"), (-60, b"\xff" * 8)])
def test_a_damaged_file_is_an_error_with_its_place(tmp_path, change):
    path = tmp_path / "f"
    with remote.BinaryWriter(path, 1000, 0) as writer:
        writer.write_sample(sample(frames=[remote.FrameInfo(("a.py", None, "f", None))]), 1)
    data = bytearray(path.read_bytes())
    at = change[0] % len(data)
    data[at:at + len(change[1])] = change[1]
    path.write_bytes(data)
    with pytest.raises(ValueError, match="byte") as raised:
        with remote.BinaryReader(path) as reader:
            reader.replay(type("Collector", (), {"collect": lambda *_: None})())
    assert isinstance(raised.value, tachyon.RecordingError) and raised.value.errno == errno.EBADMSG


@pytest.mark.parametrize("compression", ["none", "auto"])
def test_recordings(busy, tmp_path, compression):
    """One of collectors.binary(): what it says of itself, and two as one."""
    for name in ("one", "two"):
        with tachyon.attach(busy.pid, opcodes=True) as target:
            recorder = tachyon.collectors.binary(tmp_path / name, opcodes=True, compression=compression)
            target.sampler(interval=0.001, max_samples=20).run(recorder)
    with tachyon.open_recording(tmp_path / "one", tmp_path / "two") as recording:
        info = recording.recording
        assert info.recordings == 2 and info.interval_ns == 1_000_000 and info.mode == tachyon.Mode.WALL and info.opcodes
        collapsed = tachyon.collectors.collapsed()
        assert recording.sampler().run(collapsed).samples == 40
        assert recording.recording.finished and b"work" in collapsed.data
        with pytest.raises(tachyon.ClosedError, match="sampled already"):
            recording.add_recording(tmp_path / "one")
    with tachyon.open_recording(tmp_path / "one") as baseline, tachyon.open_recording(tmp_path / "two") as recording:
        graph = tachyon.collectors.flamegraph(baseline=baseline)
        recording.sampler().run(graph)
    assert b"<html" in graph.data
    with pytest.raises(FileNotFoundError):
        tachyon.open_recording(tmp_path / "absent")
    with tachyon.attach(busy.pid) as target, pytest.raises(tachyon.ClosedError, match="no recording"):
        target.recording


def test_two_recordings_from_two_threads(tmp_path):
    def write(path):
        with remote.BinaryWriter(path, 1000, 0) as writer:
            for time_us in range(2000):
                writer.write_sample(sample(frames=[remote.FrameInfo(("a.py", None, f"f{time_us % 7}", None))]), time_us)

    threads = [threading.Thread(target=write, args=(tmp_path / str(number),)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(2):
        with remote.BinaryReader(tmp_path / str(number)) as reader:
            assert reader.get_info()["frame_count"] == 7 and reader.sample_count == 2000
