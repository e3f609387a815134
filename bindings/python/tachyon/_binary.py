# SPDX-License-Identifier: Apache-2.0
"""BinaryWriter and BinaryReader of tachyon.remote_debugging: recordings from and to named tuples."""

import math
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

from ._enums import FrameKind
from ._tachyon import FrameInfo, InterpreterInfo, Recorder, Replay, ThreadInfo

_U32_MAX = 2**32 - 1
_MODES = range(-1, 5)  # 3 is a mode of CPython's that means all of them
_FEATURES = range(-1, 2**28)
_ZSTD, _PLAIN = 1, 2
_MEASURED_RUN, _MEASURED_ERRORS, _MEASURED_MISSED = 1, 2, 4
_ARTIFICIAL = {("~", "<native>"): FrameKind.NATIVE, ("~", "<GC>"): FrameKind.GC}


class _Collector(Protocol):
    def collect(self, stack_frames: list[InterpreterInfo], timestamps_us: list[int], /) -> object: ...


_Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]


def _microseconds(name: str, value: int) -> int:
    """What fits into the file as nanoseconds too."""
    if not isinstance(value, int):
        raise TypeError(f"{name}: an integer, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{name}: not negative")
    if value >= 2**64 // 2000:
        raise OverflowError(f"{name} is too large")
    return value


def _number(value: int | None) -> int:
    return -1 if value is None else value


class _Frames(dict[FrameInfo, int]):
    """Numbers of the frames that were written."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __missing__(self, frame: FrameInfo) -> int:
        filename, location, qualname, opcode = frame
        line, end_line, column, end_column = location or (None,) * 4
        kind = _ARTIFICIAL.get((filename, qualname), FrameKind.PYTHON)
        number = self._recorder.frame(
            filename,
            qualname,
            kind,
            _number(line),
            _number(end_line),
            _number(column),
            _number(end_column),
            _number(opcode),
        )
        self[frame] = number
        return number


class BinaryWriter:
    """Writes samples to a recording, in the format of CPython 3.15's profiler."""

    def __init__(
        self,
        filename: _Path,
        sample_interval_us: int,
        start_time_us: int,
        *,
        compression: int = 0,
        mode: int = -1,
        capture_features: int = -1,
    ) -> None:
        if mode not in _MODES:
            raise ValueError("invalid profiling mode")
        if capture_features not in _FEATURES:
            raise ValueError("invalid capture features")
        interval_us = _microseconds("sample_interval_us", sample_interval_us)
        start_us = _microseconds("start_time_us", start_time_us)
        # The bit beside the features says that they are told.
        features = 0 if capture_features < 0 else (capture_features << 1 | 1) & 63
        try:
            self._recorder: Recorder | None = Recorder(
                os.fspath(filename),
                interval_us,
                start_us,
                _ZSTD if compression == 1 else _PLAIN,
                mode,
                features,
                sys.hexversion,
            )
        except OSError as error:
            error.filename = filename
            raise
        self._frames = _Frames(self._recorder)
        self._total_samples = 0

    def _open(self, message: str = "Writer is closed") -> Recorder:
        if self._recorder is None:
            raise ValueError(message)
        return self._recorder

    def write_sample(self, stack_frames: list[InterpreterInfo], timestamp_us: int) -> None:
        """Writes what RemoteUnwinder.get_stack_trace() gave at a time, in µs of time.monotonic()."""
        recorder, frames = self._open(), self._frames
        if not isinstance(stack_frames, list):
            raise TypeError("stack_frames must be a list")
        time_us = _microseconds("timestamp_us", timestamp_us)
        for interpreter, threads in stack_frames:
            if interpreter > _U32_MAX:
                raise OverflowError(f"interpreter_id {interpreter} exceeds maximum value {_U32_MAX}")
            for thread, status, stack in threads:
                recorder.stack(time_us, thread, interpreter, status, [frames[frame] for frame in stack])

    def set_stats(
        self,
        duration_sec: float,
        sample_rate: float,
        error_rate: float | None = None,
        missed_samples: float | None = None,
    ) -> None:
        """What was measured in the run, for those who replay it."""
        recorder = self._open()
        for name, value in (("duration", duration_sec), ("sample rate", sample_rate), ("error rate", error_rate),
                            ("missed samples", missed_samples)):
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a finite non-negative value")
        measured = _MEASURED_RUN
        measured |= 0 if error_rate is None else _MEASURED_ERRORS
        measured |= 0 if missed_samples is None else _MEASURED_MISSED
        recorder.measured(measured, duration_sec, sample_rate, error_rate or 0.0, missed_samples or 0.0)

    def finalize(self) -> None:
        """Completes the file and closes it."""
        recorder = self._open("Writer is already closed")
        self._total_samples = recorder.counters()[0]
        self._recorder = None
        recorder.finish()

    def close(self) -> None:
        """Closes the file as it is: what was not written yet is discarded."""
        if self._recorder is not None:
            self._recorder.close()
            self._recorder = None

    def get_stats(self) -> dict[str, int | float]:
        """How well the samples could be packed so far."""
        samples, repeats, repeated, full, pop_push, written, saved, size = self._open().counters()
        return {
            "repeat_records": repeats,
            "repeat_samples": repeated,
            "full_records": full,
            "suffix_records": 0,
            "pop_push_records": pop_push,
            "total_records": repeats + full + pop_push,
            "total_samples": samples,
            "total_frames_written": written,
            "frames_saved": saved,
            "bytes_written": size,
            "frame_compression_pct": 100.0 * saved / (written + saved) if written + saved else 0.0,
        }

    @property
    def total_samples(self) -> int:
        """Samples written: one for each thread."""
        return self._total_samples if self._recorder is None else self._recorder.counters()[0]

    def __enter__(self) -> "BinaryWriter":
        return self

    def __exit__(self, exc_type: object = None, exc_val: object = None, exc_tb: object = None) -> None:
        if exc_type is not None:
            self.close()
        elif self._recorder is not None:
            self.finalize()


class _Run:
    """Samples of one thread that are equal, until one comes that is not."""

    __slots__ = ("info", "times")

    def __init__(self, info: ThreadInfo, time_us: int) -> None:
        self.info = info
        self.times = [time_us]


class _Player:
    """Gives a collector the samples of a recording, equal ones of a thread at once."""

    def __init__(self, collect: Callable[[list[InterpreterInfo], list[int]], object], threads_max: int) -> None:
        self._collect = collect
        self._threads_max = threads_max
        self._runs: dict[tuple[int, int], _Run] = {}
        self.samples = self.repeated = self.given = 0

    def _give(self, interpreter: int, run: _Run) -> None:
        self._collect([InterpreterInfo((interpreter, [run.info]))], run.times)
        self.given += 1

    def add(self, interpreter: int, info: ThreadInfo, time_us: int) -> None:
        self.samples += 1
        key = interpreter, info.thread_id
        run = self._runs.get(key)
        if run is None:
            if len(self._runs) == self._threads_max:
                raise ValueError("Invalid thread count: sample data contains more unique threads than declared in header "
                                 f"(declared {self._threads_max}, found at least {self._threads_max + 1})")
        elif run.info == info:
            run.times.append(time_us)
            self.repeated += 1
            return
        else:
            self._give(interpreter, run)
        self._runs[key] = _Run(info, time_us)

    def finish(self) -> None:
        for (interpreter, _), run in self._runs.items():
            self._give(interpreter, run)


_PROGRESS_SAMPLES = 65536


class BinaryReader:
    """Reads a recording, one of this library or of CPython."""

    def __init__(self, filename: _Path) -> None:
        self._filename = os.fspath(filename)
        self._closed = False
        try:
            replay = Replay(self._filename)
        except OSError as error:
            error.filename = filename
            raise
        self._fresh: Replay | None = replay  # for the first replay(); further ones open the file again
        self._info = replay.info
        self._stats = (0, 0, 0)

    def _open(self) -> None:
        if self._closed:
            raise ValueError("Reader is closed")

    def get_info(self) -> dict[str, Any]:
        """What the file says of itself; None: it does not."""
        self._open()
        info = self._info
        version = info.python_hexversion
        return {
            "version": 1,
            "python_version": (version >> 24, version >> 16 & 255, version >> 8 & 255),
            "start_time_us": info.start_time_ns // 1000,
            "sample_interval_us": info.interval_ns // 1000,
            "sample_count": info.stacks,
            "thread_count": info.threads,
            "string_count": info.strings,
            "frame_count": info.frames,
            "compression_type": int(info.compressed),
            "duration_sec": info.duration_s,
            "sample_rate": info.rate_hz,
            "error_rate": info.error_percent,
            "missed_samples": info.missed,
            "mode": info.mode,
            "capture_features": None if info.features is None else info.features >> 1,
        }

    def replay(self, collector: _Collector, progress_callback: Callable[[int, int], object] | None = None) -> int:
        """Hands every sample to collector.collect(stack_frames, timestamps_us). Gives their number."""
        self._open()
        if not hasattr(collector, "collect"):
            raise TypeError("Collector must have a collect() method")
        if progress_callback is not None and not callable(progress_callback):
            raise TypeError(f"'{type(progress_callback).__name__}' object is not callable")
        # One that is not finished does not say how many threads it has.
        player = _Player(collector.collect, self._info.threads if self._info.stacks else _U32_MAX)
        self._play(player, progress_callback or (lambda current, total: None))
        if self._info.stacks and player.samples != self._info.stacks:
            raise ValueError(f"Sample count mismatch: header declares {self._info.stacks} samples but replay decoded "
                             f"{player.samples}")
        return player.samples

    def _play(self, player: _Player, progress: Callable[[int, int], object]) -> None:
        replay, self._fresh = self._fresh or Replay(self._filename), None
        told = 0
        try:
            progress(0, self._info.stacks)
            for trace, time_us in replay:
                for interpreter, threads in trace:
                    for info in threads:
                        player.add(interpreter, info, time_us)
                if player.samples >= told + _PROGRESS_SAMPLES:
                    told = player.samples
                    progress(told, self._info.stacks)
            player.finish()
            progress(player.samples, self._info.stacks)
        finally:
            self._stats = player.samples, player.repeated, player.given

    def get_stats(self) -> dict[str, int]:
        """Of the last replay()."""
        self._open()
        samples, repeated, given = self._stats
        return {
            "repeat_records": 0,
            "repeat_samples": repeated,
            "full_records": given,
            "suffix_records": 0,
            "pop_push_records": 0,
            "total_records": given,
            "total_samples": samples,
            "stack_reconstructions": given,
        }

    @property
    def sample_count(self) -> int:
        """Samples in the file: one for each thread."""
        return 0 if self._closed else self._info.stacks

    @property
    def sample_interval_us(self) -> int:
        """Requested time between samples, in µs."""
        return 0 if self._closed else self._info.interval_ns // 1000

    def close(self) -> None:
        """Closes the file."""
        self._closed = True
        self._fresh = None

    def __enter__(self) -> "BinaryReader":
        return self

    def __exit__(self, exc_type: object = None, exc_val: object = None, exc_tb: object = None) -> None:
        self.close()
