# SPDX-License-Identifier: Apache-2.0
"""Types of the extension module."""

import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from types import TracebackType
from typing import Any, Final, Literal, Protocol, SupportsFloat, TypedDict, final

from _typeshed import structseq
from typing_extensions import Unpack

from tachyon import _enums

class _Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...

class _Collector(Protocol):
    def sample(self, snapshot: Snapshot, /) -> object: ...

_Destination = str | os.PathLike[str] | int | _Writable | None
_Log = Callable[[int, str], object]
_Group = Literal["functions", "lines", "tasks", "files", "file-lines"]
_Sort = Literal["nsamples", "tottime", "cumtime", "sample-pct", "cumul-pct", "nsamples-cumul", "name"]

library_version: str
has_zstd: bool

class _Options(TypedDict, total=False):
    threads: int
    stop: int
    stop_deadline_us: int
    max_retries: int
    max_frames: int
    opcodes: bool
    cpu_status: bool
    native_frames: bool
    no_gc_frames: bool
    tasks: int
    log: _Log | None

def attach(pid: int, **options: Unpack[_Options]) -> Target: ...
def open_capture(path: str | os.PathLike[str], **options: Unpack[_Options]) -> Target: ...
def open_recording(path: str | os.PathLike[str], /) -> Target: ...
def decode_opcode(version: int, number: int, /) -> Opcode: ...
def allow_reader(pid: int, /) -> None: ...

@final
class Function:
    """A function of a target: what its code object says."""

    id: Final[int]
    name: Final[str]
    qualname: Final[str]
    filename: Final[str]
    first_line: Final[int]
    bytecode_bytes: Final[int]
    address: Final[int]

@final
class Frame:
    """A frame of a stack. Equal frames of a target are the same object."""

    function: Final[Function]
    location: Final[Location]
    kind: Final[_enums.FrameKind]
    offset: Final[int]
    name: Final[str]
    qualname: Final[str]
    filename: Final[str]
    line: Final[int]
    opcode: Final[int | None]
    opcode_later: Final[bool]
    is_generator: Final[bool]
    is_entry: Final[bool]
    @property
    def instruction(self) -> Instruction | None: ...

@final
class Thread:
    """A thread of a snapshot."""

    frames: Final[tuple[Frame, ...]]
    status: Final[_enums.ThreadStatus]
    verdict: Final[_enums.Verdict]
    native_id: Final[int]
    host_id: Final[int]
    ident: Final[int]
    key: Final[int]
    interpreter: Final[int]
    unchanged_frames: Final[int]
    @property
    def name(self) -> str: ...
    trusted: Final[bool]

@final
class Snapshot:
    """One reading of a target: a sequence of its threads."""

    target: Final[Target]
    threads: Final[tuple[Thread, ...]]
    pid: Final[int]
    time_ns: Final[int]
    def __iter__(self) -> Iterator[Thread]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Thread: ...

@final
class Collector:
    """A built-in collector, for one run: see tachyon.collectors."""

    def __new__(
        cls,
        kind: str,
        destination: _Destination,
        options: dict[str, Any],
        source: Callable[[str, int], str | None] | None = None,
        baseline: Target | None = None,
    ) -> Collector: ...
    @property
    def data(self) -> bytes | None: ...

@final
class Sampler:
    """A clock on a target: iterate over it, or run it with collectors."""

    @property
    def summary(self) -> Summary: ...
    target: Final[Target]
    def __iter__(self) -> Sampler: ...
    def __next__(self) -> Snapshot: ...
    def __aiter__(self) -> AsyncIterator[Snapshot]: ...
    def run(self, *collectors: Collector | Live | _Collector) -> Summary: ...
    def run_async(self, *collectors: Collector | Live | _Collector) -> Coroutine[Any, Any, Summary]: ...
    def stop(self) -> None: ...

@final
class Target:
    """A process, or a capture of one: see attach() and open_capture(). One thread at a time."""

    @property
    def info(self) -> TargetInfo: ...
    @property
    def recording(self) -> RecordingInfo: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def closed(self) -> bool: ...
    def sample(self) -> Snapshot: ...
    def sample_tasks(self) -> Tasks: ...
    def add_recording(self, path: str | os.PathLike[str], /) -> None: ...
    def sampler(
        self,
        *,
        interval: SupportsFloat | None = None,
        duration: SupportsFloat | None = None,
        max_samples: int = 0,
        mode: int = 0,
        opcodes: bool = False,
        beside: bool = False,
    ) -> Sampler: ...
    def disassemble(self, function: Function | Frame, /) -> list[DisassembledInstruction]: ...
    def capture(self, destination: _Destination, /) -> bytes | None: ...
    def gc_collections(self, *, all_interpreters: bool = False) -> list[GCCollection]: ...
    def reattach(self) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Target: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Merged:
    """Several targets as one, so that one collector gathers the samples of many processes. Equal functions are one function,
    whatever process they were seen in."""

    def __new__(cls) -> Merged: ...
    target: Final[Target]
    @property
    def sources(self) -> tuple[Target, ...]: ...
    def add(self, source: Target, /) -> Target: ...
    def remove(self, source: Target, /) -> Target: ...
    def sample(self, source: Target, /) -> Snapshot: ...
    def session(
        self, *collectors: Collector | Live | _Collector, interval: SupportsFloat | None = None, opcodes: bool = False
    ) -> Session: ...
    def run(
        self,
        *collectors: Collector | Live | _Collector,
        interval: float = 0.001,
        duration: float | None = None,
        opcodes: bool = False,
    ) -> Summary: ...
    def close(self) -> None: ...
    def __enter__(self) -> Merged: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Session:
    """Hands samples of the sources of a merged target to collectors: see Merged.session()."""

    @property
    def summary(self) -> Summary: ...
    def sample(self, source: Target, /) -> bool: ...
    def missed(self, ticks: int, /) -> None: ...
    def finish(self) -> Summary: ...
    def __enter__(self) -> Session: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class Live:
    """A profile to look at while it grows: a collector for the thread that samples, and answers for one other thread."""

    def __new__(
        cls, *, opcodes: bool = False, listings: bool = False, trust: Literal["proven", "all"] = "proven"
    ) -> Live: ...
    def update(self) -> None: ...
    def reset(self) -> None: ...
    def overview(self, *, thread: int = 0) -> LiveOverview: ...
    def threads(self) -> list[LiveThread]: ...
    def functions(
        self,
        *,
        group: _Group = "functions",
        sort: _Sort = "nsamples",
        thread: int = 0,
        filter: str | None = None,
        filename: str | None = None,
    ) -> list[LiveFunction]: ...
    def instructions(self, function: int, *, thread: int = 0) -> list[LiveInstruction]: ...
    def calls(
        self, function: int, direction: Literal["callers", "callees"] = "callers", *, thread: int = 0
    ) -> list[LiveCall]: ...
    def history(self, function: int, *, on_stack: bool = False, seconds: int = 60) -> list[float]: ...
    def save(self, collector: Collector, /) -> None: ...

@final
class RemoteUnwinder:
    """Inspects the stacks of another Python process."""

    def __new__(
        cls,
        pid: int,
        *,
        all_threads: bool = False,
        only_active_thread: bool = False,
        mode: int = 0,
        debug: bool = False,
        skip_non_matching_threads: bool = True,
        native: bool = False,
        gc: bool = False,
        opcodes: bool = False,
        cache_frames: bool = False,
        stats: bool = False,
    ) -> RemoteUnwinder: ...
    def get_stack_trace(self) -> list[InterpreterInfo]: ...
    def get_async_stack_trace(self) -> list[AwaitedInfo]: ...
    def get_all_awaited_by(self) -> list[AwaitedInfo]: ...
    def get_stats(self) -> dict[str, int | float]: ...
    def pause_threads(self) -> bool: ...
    def resume_threads(self) -> bool: ...

@final
class Recorder:
    """Writes a recording: BinaryWriter stands on it."""

    def __new__(
        cls,
        path: str | bytes,
        interval_us: int,
        start_us: int,
        compression: int,
        mode: int,
        features: int,
        hexversion: int,
    ) -> Recorder: ...
    def frame(
        self,
        filename: str,
        qualname: str,
        kind: int,
        line: int,
        end_line: int,
        column: int,
        end_column: int,
        opcode: int,
        /,
    ) -> int: ...
    def stack(self, time_us: int, native_id: int, interpreter: int, status: int, frames: list[int], /) -> None: ...
    def measured(
        self, measured: int, duration_s: float, rate_hz: float, error_percent: float, missed: float, /
    ) -> None: ...
    def counters(self) -> tuple[int, int, int, int, int, int, int, int]: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...

@final
class Processes:
    """Events of processes: tachyon.Processes stands on it."""

    def __new__(cls, pid: int) -> Processes: ...
    def wait(self, timeout: float | None = None, /) -> tuple[int, int, int] | None: ...

@final
class Replay:
    """Reads a recording: BinaryReader stands on it."""

    def __new__(cls, path: str | bytes) -> Replay: ...
    @property
    def info(self) -> RecordingInfo: ...
    def __iter__(self) -> Replay: ...
    def __next__(self) -> tuple[list[InterpreterInfo], int]: ...

@final
class Location(structseq[Any], tuple[int, int, int, int]):
    """A place in a source file."""

    line: Final[int]
    end_line: Final[int]
    column: Final[int]
    end_column: Final[int]

@final
class Instruction(structseq[Any], tuple[int, int, str, int, str, int, int, int, int]):
    """One bytecode instruction."""

    offset: Final[int]
    opcode: Final[int]
    name: Final[str]
    base: Final[int]
    base_name: Final[str]
    argument: Final[int]
    executing: Final[int]
    flags: Final[int]
    opcode_flags: Final[int]

@final
class DisassembledInstruction(structseq[Any], tuple[Instruction, Location, str, int, int, int, int, bool]):
    """One instruction of a disassembly."""

    instruction: Final[Instruction]
    location: Final[Location]
    argument_text: Final[str]
    target: Final[int]
    label: Final[int]
    handler: Final[int]
    handler_depth: Final[int]
    handler_lasti: Final[bool]

@final
class Opcode(structseq[Any], tuple[tuple[int, int], int, str, int, str, str | None, _enums.OpcodeFlag, int, _enums.OpcodeArgument]):
    """One opcode of one version of CPython."""

    version: Final[tuple[int, int]]
    number: Final[int]
    name: Final[str]
    base: Final[int]
    base_name: Final[str]
    family: Final[str | None]
    flags: Final[_enums.OpcodeFlag]
    caches: Final[int]
    argument: Final[_enums.OpcodeArgument]

@final
class TargetInfo(structseq[Any], tuple[int, int, tuple[int, int], int, bool, bool, int, str]):
    """Facts about a target."""

    pid: Final[int]
    namespace_pid: Final[int]
    version: Final[tuple[int, int]]
    hexversion: Final[int]
    free_threaded: Final[bool]
    is_capture: Final[bool]
    runtime_address: Final[int]
    runtime_path: Final[str]

@final
class Counters(structseq[Any], tuple[int, int, int, int, int, int, int, int, int, int, int, int, int, int]):
    """What was done on a target so far."""

    samples: Final[int]
    failed: Final[int]
    verified: Final[int]
    repaired: Final[int]
    torn: Final[int]
    incomplete: Final[int]
    retries: Final[int]
    stops: Final[int]
    stop_ns: Final[int]
    syscalls: Final[int]
    bytes_read: Final[int]
    predicted: Final[int]
    code_objects: Final[int]
    code_checks: Final[int]

@final
class RunInfo(structseq[Any], tuple[Target, int, int, int, int, bool]):
    """What is known when profiling begins."""

    target: Final[Target]
    start_time_ns: Final[int]
    start_unix_ns: Final[int]
    interval_ns: Final[int]
    mode: Final[int]
    opcodes: Final[bool]

@final
class Summary(structseq[Any], tuple[int, int, int, int, int, int, int, int, int, _enums.EndReason]):
    """What is known when profiling ended."""

    duration_ns: Final[int]
    samples: Final[int]
    missed: Final[int]
    failed: Final[int]
    verified: Final[int]
    repaired: Final[int]
    torn: Final[int]
    incomplete: Final[int]
    unreadable: Final[int]
    end_reason: Final[_enums.EndReason]

@final
class GCCollection(structseq[Any], tuple[Any, ...]):
    """One garbage collection."""

    generation: Final[int]
    interpreter: Final[int]
    start_ns: Final[int]
    stop_ns: Final[int]
    collections: Final[int]
    collected: Final[int]
    uncollectable: Final[int]
    candidates: Final[int]
    heap_objects: Final[int]
    duration: Final[float]

@final
class RecordingInfo(structseq[Any], tuple[Any, ...]):
    """What a recording says of itself."""

    interval_ns: Final[int]
    start_time_ns: Final[int]
    start_unix_ns: Final[int]
    duration_ns: Final[int]
    stacks: Final[int]
    bytes: Final[int]
    bytes_read: Final[int]
    mode: Final[int | None]
    opcodes: Final[bool]
    finished: Final[bool]
    by_cpython: Final[bool]
    compressed: Final[bool]
    recordings: Final[int]
    python_hexversion: Final[int]
    threads: Final[int]
    strings: Final[int]
    frames: Final[int]
    features: Final[int | None]
    duration_s: Final[float | None]
    rate_hz: Final[float | None]
    error_percent: Final[float | None]
    missed: Final[float | None]

@final
class Task(structseq[Any], tuple[Any, ...]):
    """An asyncio task."""

    name: Final[str]
    serial: Final[int]
    address: Final[int]
    running: Final[bool]
    new: Final[bool]
    cycle: Final[bool]
    native_id: Final[int]
    interpreter: Final[int]
    loop: Final[int]
    future: Final[int]
    verdict: Final[_enums.Verdict]
    frames: Final[tuple[Frame, ...]]
    awaited_by: Final[tuple[int, ...]]
    awaits: Final[int]
    seen_since_ns: Final[int]

@final
class Tasks(structseq[Any], tuple[Any, ...]):
    """The asyncio tasks of one reading."""

    tasks: Final[tuple[Task, ...]]
    found: Final[bool]
    message: Final[str]
    limits: Final[int]
    time_ns: Final[int]

@final
class LiveOverview(structseq[Any], tuple[Any, ...]):
    """A profile so far, in numbers."""

    duration_ns: Final[int]
    samples: Final[int]
    missed: Final[int]
    failed: Final[int]
    stacks: Final[int]
    verified: Final[int]
    repaired: Final[int]
    torn: Final[int]
    incomplete: Final[int]
    unreadable: Final[int]
    counted: Final[int]
    has_gil: Final[int]
    on_cpu: Final[int]
    unknown: Final[int]
    gil_requested: Final[int]
    has_exception: Final[int]
    collecting: Final[int]
    threads: Final[int]
    functions: Final[int]
    executing: Final[int]

@final
class LiveThread(structseq[Any], tuple[int, bool, int, int, int, str]):
    """A thread that was seen."""

    thread: Final[int]
    is_main: Final[bool]
    id: Final[int]
    interpreter: Final[int]
    counted: Final[int]
    name: Final[str]

@final
class LiveFunction(structseq[Any], tuple[int, int, str, str, int, int, int, int]):
    """A function so far; or a line, a task, a file."""

    function: Final[int]
    line: Final[int]
    filename: Final[str]
    name: Final[str]
    leaf: Final[int]
    on_stack: Final[int]
    leaf_trend: Final[int]
    on_stack_trend: Final[int]

@final
class LiveInstruction(structseq[Any], tuple[Any, ...]):
    """An instruction of a function so far, or a line before its instructions."""

    is_line: Final[bool]
    line: Final[int]
    leaf: Final[int]
    on_stack: Final[int]
    offset: Final[int]
    column: Final[int]
    end_line: Final[int]
    end_column: Final[int]
    name: Final[str]
    base_name: Final[str]
    argument_text: Final[str]
    argument: Final[int | None]
    label: Final[int]
    form: Final[_enums.LiveForm]
    forms: Final[int]
    flags: Final[int]
    opcode: Final[int | None]

@final
class LiveCall(structseq[Any], tuple[int, int, int, bool, str, str, int]):
    """A row of a tree of calls."""

    function: Final[int]
    depth: Final[int]
    line: Final[int]
    is_last: Final[bool]
    filename: Final[str]
    name: Final[str]
    samples: Final[int]

@final
class LocationInfo(structseq[Any], tuple[int, int, int, int]):
    """Source location information."""

    lineno: Final[int]
    end_lineno: Final[int]
    col_offset: Final[int]
    end_col_offset: Final[int]

@final
class FrameInfo(structseq[Any], tuple[str, LocationInfo | None, str, int | None]):
    """Information about a frame."""

    filename: Final[str]
    location: Final[LocationInfo | None]
    funcname: Final[str]
    opcode: Final[int | None]

@final
class CoroInfo(structseq[Any], tuple[list[FrameInfo], int]):
    """Information about a coroutine."""

    call_stack: Final[list[FrameInfo]]
    task_name: Final[int]

@final
class TaskInfo(structseq[Any], tuple[int, str, list[CoroInfo], list[CoroInfo]]):
    """Information about an asyncio task."""

    task_id: Final[int]
    task_name: Final[str]
    coroutine_stack: Final[list[CoroInfo]]
    awaited_by: Final[list[CoroInfo]]

@final
class ThreadInfo(structseq[Any], tuple[int, int, list[FrameInfo]]):
    """Information about a thread."""

    thread_id: Final[int]
    status: Final[int]
    frame_info: Final[list[FrameInfo]]

@final
class InterpreterInfo(structseq[Any], tuple[int, list[ThreadInfo]]):
    """Information about an interpreter."""

    interpreter_id: Final[int]
    threads: Final[list[ThreadInfo]]

@final
class AwaitedInfo(structseq[Any], tuple[int, list[TaskInfo]]):
    """Information about what a thread is awaiting."""

    thread_id: Final[int]
    awaited_by: Final[list[TaskInfo]]

@final
class GCStatsInfo(structseq[Any], tuple[int, int, int, int, int, int, int, int, int, float]):
    """Information about garbage collections."""

    gen: Final[int]
    iid: Final[int]
    ts_start: Final[int]
    ts_stop: Final[int]
    collections: Final[int]
    collected: Final[int]
    uncollectable: Final[int]
    candidates: Final[int]
    heap_size: Final[int]
    duration: Final[float]
