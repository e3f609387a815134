# SPDX-License-Identifier: Apache-2.0
"""Enumerations. Their values are those of the C headers, and of CPython's own profiler where it has them."""

import enum


class Verdict(enum.IntEnum):
    """How far a thread's stack can be trusted."""

    VERIFIED = 0  #: the bytes prove a stack that existed at one instant
    REPAIRED = 1  #: a frame was caught dying or being born; the stack that existed is proven
    TORN = 2  #: the bytes contradict each other: this stack may never have existed
    INCOMPLETE = 3  #: the outermost frames are missing
    FAILED = 4  #: the thread could not be read


class ThreadStatus(enum.IntFlag):
    """What a thread is doing."""

    HAS_GIL = 1
    ON_CPU = 2
    UNKNOWN = 4  #: whether it is on CPU was not asked or could not be told
    GIL_REQUESTED = 8
    HAS_EXCEPTION = 16
    MAIN = 32


class FrameKind(enum.IntEnum):
    """Kind of a frame."""

    PYTHON = 0
    UNREADABLE = 1  #: a Python frame whose code object could not be read
    NATIVE = 2  #: artificial: Python called into C here
    GC = 3  #: artificial: the garbage collector runs
    TASK = 4  #: artificial: an asyncio task begins here


class InstructionFlag(enum.IntFlag):
    """Properties of an instruction that was found in a target."""

    LATER = 1  #: the bytecode was read at another time than the frame
    INSTRUMENTED = 2  #: sys.monitoring or sys.settrace had replaced it
    TRACE = 4  #: a JIT or tier-2 trace was entered here
    UNRESOLVED = 8  #: the real opcode could not be told


class OpcodeFlag(enum.IntFlag):
    """Properties of an opcode."""

    HAS_ARGUMENT = 1
    SPECIALIZED = 2
    INSTRUMENTED = 4
    BOOKKEEPING = 8
    SUPER = 16
    EXECUTOR = 32
    SPECIALIZABLE = 64
    CACHE = 128


class OpcodeArgument(enum.IntEnum):
    """What the argument of an opcode refers to."""

    NONE = 0
    NUMBER = 1
    CONSTANT = 2
    NAME = 3
    LOCAL = 4
    FREE = 5
    JUMP = 6
    COMPARE = 7


class Mode(enum.IntEnum):
    """Which threads the snapshots of a sampler hold."""

    WALL = 0  #: all
    CPU = 1  #: those on CPU
    GIL = 2  #: those that hold the GIL
    EXCEPTION = 4  #: those that raise or handle an exception


class EndReason(enum.IntEnum):
    """Why profiling ended."""

    NONE = 0  #: it did not end yet
    DURATION = 1  #: the time or number of samples asked for is over
    STOPPED = 2  #: Sampler.stop(), or an exception of a collector
    EXITED = 3  #: the target ended
    COLLECTOR = 4  #: a collector asked for it
    ERROR = 5  #: an error that does not pass


class LiveForm(enum.IntEnum):
    """What the adaptive interpreter made of an instruction."""

    UNKNOWN = 0  #: could not be told
    SPECIALIZED = 1  #: it runs in a form for certain types
    GENERIC = 2  #: it could be specialized and is not
    FIXED = 3  #: it has no specialized forms
    TRACE = 4  #: a JIT trace runs here: what runs inside is not visible


class ProcessEventKind(enum.IntEnum):
    """What happened to a process."""

    STARTED = 1  #: it was forked, or was there when watching began
    REPLACED = 2  #: it runs another executable by now: exec()
    ENDED = 3  #: it ended


class RecordingFeature(enum.IntFlag):
    """What the writer of a recording was told to gather."""

    KNOWN = 1  #: the others are told
    ALL_THREADS = 2
    NATIVE = 4
    GC = 8
    OPCODES = 16
    BLOCKING = 32


class TaskLimit(enum.IntFlag):
    """Limits that a reading of asyncio tasks reached: what is beyond them is missing."""

    TASKS = 1
    WAITERS = 2
    COROUTINES = 4
    PATHS = 8
    DEPTH = 16
    NAMES = 32
    MEMORY = 64
    LIST = 128  #: the list of tasks changed while it was read
