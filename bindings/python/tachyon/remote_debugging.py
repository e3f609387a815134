# SPDX-License-Identifier: Apache-2.0
"""CPython 3.15's _remote_debugging for every CPython from 3.11 on, on either side.

Names, signatures and named tuples are those of CPython's module, so that programs written for it run on this one:

    import sys, tachyon.remote_debugging
    sys.modules["_remote_debugging"] = tachyon.remote_debugging

See the README for what differs.
"""

import os

from ._binary import BinaryReader, BinaryWriter
from ._enums import ThreadStatus as _ThreadStatus
from ._errors import TachyonError as _TachyonError
from ._tachyon import (
    AwaitedInfo,
    CoroInfo,
    FrameInfo,
    GCStatsInfo,
    InterpreterInfo,
    LocationInfo,
    RemoteUnwinder,
    TaskInfo,
    ThreadInfo,
)
from ._tachyon import attach as _attach
from ._tachyon import has_zstd as _has_zstd

__all__ = [
    "PROCESS_VM_READV_SUPPORTED",
    "THREAD_STATUS_GIL_REQUESTED",
    "THREAD_STATUS_HAS_EXCEPTION",
    "THREAD_STATUS_HAS_GIL",
    "THREAD_STATUS_MAIN_THREAD",
    "THREAD_STATUS_ON_CPU",
    "THREAD_STATUS_UNKNOWN",
    "AwaitedInfo",
    "BinaryReader",
    "BinaryWriter",
    "CoroInfo",
    "FrameInfo",
    "GCMonitor",
    "GCStatsInfo",
    "InterpreterInfo",
    "LocationInfo",
    "RemoteUnwinder",
    "TaskInfo",
    "ThreadInfo",
    "get_child_pids",
    "get_gc_stats",
    "is_python_process",
    "zstd_available",
]

PROCESS_VM_READV_SUPPORTED = 1
THREAD_STATUS_HAS_GIL = int(_ThreadStatus.HAS_GIL)
THREAD_STATUS_ON_CPU = int(_ThreadStatus.ON_CPU)
THREAD_STATUS_UNKNOWN = int(_ThreadStatus.UNKNOWN)
THREAD_STATUS_GIL_REQUESTED = int(_ThreadStatus.GIL_REQUESTED)
THREAD_STATUS_HAS_EXCEPTION = int(_ThreadStatus.HAS_EXCEPTION)
THREAD_STATUS_MAIN_THREAD = int(_ThreadStatus.MAIN)


def is_python_process(pid: int) -> bool:
    """Whether a process is a Python that can be read."""
    try:
        _attach(pid).close()
    except _TachyonError:
        return False
    return True


def _children() -> dict[int, list[int]]:
    """The processes that there are now, by their parent."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as stat:
                # The name of the program stands in parentheses and may hold anything.
                parent = int(stat.read().rpartition(b")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(name))
    return children


def get_child_pids(pid: int, *, recursive: bool = True) -> list[int]:
    """The child processes of a process, and theirs."""
    children = _children()
    found = list(children.get(pid, ()))
    if recursive:
        for child in found:  # grows while it is gone through
            found += (grandchild for grandchild in children.get(child, ()) if grandchild not in found)
    return found


class GCMonitor:
    """Tells the last garbage collections of a process, which CPython keeps from 3.15 on."""

    def __init__(self, pid: int, *, debug: bool = False) -> None:
        self._target = _attach(pid)

    def get_gc_stats(self, all_interpreters: bool = False) -> list[GCStatsInfo]:
        """The last collections of each generation, the oldest first; of all interpreters, or of the main one."""
        return list(map(GCStatsInfo, self._target.gc_collections(all_interpreters=all_interpreters)))


def get_gc_stats(pid: int, *, all_interpreters: bool = False) -> list[GCStatsInfo]:
    """The last garbage collections of a process: see GCMonitor."""
    return GCMonitor(pid).get_gc_stats(all_interpreters)


def zstd_available() -> bool:
    """Whether recordings can be compressed with zstd."""
    return _has_zstd
