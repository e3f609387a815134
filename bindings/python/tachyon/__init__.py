# SPDX-License-Identifier: Apache-2.0
"""Profiles CPython 3.11 to 3.15 from outside the process, down to the bytecode instruction.

    import tachyon

    with tachyon.attach(pid) as target:
        for thread in target.sample():
            for frame in thread.frames:
                print(frame.filename, frame.line, frame.qualname)

    with tachyon.profile("profile.html"):
        work()

The process that is read is neither stopped nor written to. Errors are OSErrors: see TachyonError.
"""

import os
from collections.abc import Callable
from typing import Any, Literal

from . import collectors
from ._enums import (
    EndReason,
    FrameKind,
    InstructionFlag,
    LiveForm,
    Mode,
    OpcodeArgument,
    OpcodeFlag,
    ProcessEventKind,
    RecordingFeature,
    TaskLimit,
    ThreadStatus,
    Verdict,
)
from ._errors import (
    AccessError,
    BusyError,
    ClosedError,
    ExitedError,
    NotPythonError,
    RecordingError,
    ReplacedError,
    RetryError,
    StartingError,
    TachyonError,
    UnsupportedTargetError,
    UsageError,
    VersionError,
)
from ._processes import ProcessEvent, Processes
from ._profile import Profile, profile
from ._tachyon import (
    Collector,
    Counters,
    DisassembledInstruction,
    Frame,
    Function,
    GCCollection,
    Instruction,
    Live,
    LiveCall,
    LiveFunction,
    LiveInstruction,
    LiveOverview,
    LiveThread,
    Location,
    Merged,
    Opcode,
    RecordingInfo,
    RunInfo,
    Sampler,
    Session,
    Snapshot,
    Summary,
    Target,
    TargetInfo,
    Task,
    Tasks,
    Thread,
    library_version,
)
from . import _tachyon

__all__ = [
    "AccessError",
    "BusyError",
    "ClosedError",
    "Collector",
    "Counters",
    "DisassembledInstruction",
    "EndReason",
    "ExitedError",
    "Frame",
    "FrameKind",
    "Function",
    "GCCollection",
    "Instruction",
    "InstructionFlag",
    "Live",
    "LiveCall",
    "LiveForm",
    "LiveFunction",
    "LiveInstruction",
    "LiveOverview",
    "LiveThread",
    "Location",
    "Merged",
    "Mode",
    "NotPythonError",
    "Opcode",
    "OpcodeArgument",
    "OpcodeFlag",
    "ProcessEvent",
    "ProcessEventKind",
    "Processes",
    "Profile",
    "RecordingError",
    "RecordingFeature",
    "RecordingInfo",
    "ReplacedError",
    "RetryError",
    "RunInfo",
    "Sampler",
    "Session",
    "Snapshot",
    "StartingError",
    "Summary",
    "TachyonError",
    "Target",
    "TargetInfo",
    "Task",
    "TaskLimit",
    "Tasks",
    "Thread",
    "ThreadStatus",
    "UnsupportedTargetError",
    "UsageError",
    "Verdict",
    "VersionError",
    "attach",
    "collectors",
    "decode_opcode",
    "library_version",
    "load_ipython_extension",
    "open_capture",
    "open_recording",
    "processes",
    "profile",
]

Threads = Literal["all", "main"]
Stop = Literal["never", "thread", "always"]
TaskStacks = Literal["none", "running", "all"]

_THREADS = {"main": 0, "all": 1}
_STOP = {"never": 0, "thread": 1, "always": 2}
_TASKS = {"none": 0, "running": 1, "all": 2}
_NO_RETRIES = 0xFFFFFFFF
_DEADLINE_MAX_S = 3600


def _choice(name: str, value: str, choices: dict[str, int]) -> int:
    if value not in choices:
        raise ValueError(f"{name}: one of {', '.join(map(repr, choices))}, not {value!r}")
    return choices[value]


def _microseconds(name: str, seconds: float | None) -> int:
    """None stands for 0, the library's default."""
    if seconds is None:
        return 0
    if not 0 <= seconds <= _DEADLINE_MAX_S:
        raise ValueError(f"{name}: 0 to {_DEADLINE_MAX_S} seconds, not {seconds!r}")
    return max(1, round(seconds * 1e6))


def attach(
    pid: int,
    *,
    threads: Threads = "all",
    stop: Stop = "never",
    stop_deadline: float | None = None,
    max_retries: int | None = None,
    max_frames: int | None = None,
    opcodes: bool = False,
    cpu_status: bool = False,
    native_frames: bool = False,
    gc_frames: bool = True,
    tasks: TaskStacks = "none",
    log: Callable[[int, str], object] | None = None,
) -> Target:
    """Attaches to a running CPython. The process is not stopped; use the target in a with statement, or close() it.

    threads: of all interpreters, or only the main one. stop: whether a thread whose stack memory alone does not prove may
    be stopped for one reading; then every call must come from the thread that attached. stop_deadline: longest wait for
    that, in seconds. max_retries: further readings when one is torn. max_frames: deepest stack that is followed. opcodes:
    read the leaf's instruction together with its frame. cpu_status: ask the kernel whether threads are on CPU.
    native_frames: artificial frames where Python has called into C. gc_frames: artificial frames where the garbage
    collector runs. tasks: snapshots of stacks of asyncio tasks, of those that run or of all, in the place of threads. log:
    called with a level, 1 to 4, and a message.
    """
    return _tachyon.attach(
        pid,
        threads=_choice("threads", threads, _THREADS),
        stop=_choice("stop", stop, _STOP),
        stop_deadline_us=_microseconds("stop_deadline", stop_deadline),
        max_retries=0 if max_retries is None else max_retries or _NO_RETRIES,
        max_frames=max_frames or 0,
        opcodes=opcodes,
        cpu_status=cpu_status,
        native_frames=native_frames,
        no_gc_frames=not gc_frames,
        tasks=_choice("tasks", tasks, _TASKS),
        log=log,
    )


def open_capture(
    path: str | os.PathLike[str],
    *,
    threads: Threads = "all",
    max_frames: int | None = None,
    opcodes: bool = False,
    native_frames: bool = False,
    gc_frames: bool = True,
    log: Callable[[int, str], object] | None = None,
) -> Target:
    """Opens a capture that Target.capture() made. What works on a process works on it."""
    return _tachyon.open_capture(
        path,
        threads=_choice("threads", threads, _THREADS),
        max_frames=max_frames or 0,
        opcodes=opcodes,
        native_frames=native_frames,
        no_gc_frames=not gc_frames,
        log=log,
    )


def open_recording(path: str | os.PathLike[str], *more: str | os.PathLike[str]) -> Target:
    """Opens a recording, one of collectors.binary() or of CPython 3.15's profiler, or several in the order of their
    samples: every sample() gives the next recorded snapshot, then an ExitedError; a sampler on it does not wait. What it
    says of itself is in Target.recording."""
    target = _tachyon.open_recording(path)
    for another in more:
        target.add_recording(another)
    return target


def processes(pid: int) -> Processes:
    """The processes that a process starts, as they come and go: see Processes."""
    return Processes(pid)


def decode_opcode(version: tuple[int, int], number: int) -> Opcode:
    """One opcode of one version of CPython: decode_opcode((3, 14), 131)."""
    major, minor = version
    if not (0 <= major < 256 and 0 <= minor < 256):
        raise ValueError(f"version: (major, minor), not {version!r}")
    return _tachyon.decode_opcode(major << 8 | minor, number)


def load_ipython_extension(shell: Any) -> None:
    """%load_ext tachyon: makes the cell magic %%tachyon known."""
    from .jupyter import register

    register(shell)
