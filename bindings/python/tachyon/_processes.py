# SPDX-License-Identifier: Apache-2.0
"""The processes that a process starts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import NamedTuple

from . import _tachyon
from ._enums import ProcessEventKind

# How long a thread of an event loop waits at once: so long it may outlive a task that was cancelled.
_STEP_S = 0.1


class ProcessEvent(NamedTuple):
    """What happened to a process."""

    kind: ProcessEventKind
    pid: int
    parent: int  #: of the process, when it was first seen


class Processes:
    """A process and all its descendants, in whatever PID namespace they are.

        for event in tachyon.processes(pid):
            print(event.kind.name, event.pid)

    Those that it has already come first, as STARTED, a parent before its children. Of the process itself it is told when
    it is replaced or ends. The iteration ends when all have ended. One thread at a time.
    """

    def __init__(self, pid: int) -> None:
        self._events = _tachyon.Processes(pid)
        self._living: set[int] = {pid}

    @property
    def living(self) -> frozenset[int]:
        """The processes that were told of and have not ended."""
        return frozenset(self._living)

    def wait(self, timeout: float | None = None) -> ProcessEvent | None:
        """The next event, or None when the timeout, in seconds, is over."""
        found = self._events.wait(timeout)
        if found is None:
            return None
        event = ProcessEvent(ProcessEventKind(found[0]), found[1], found[2])
        if event.kind is ProcessEventKind.ENDED:
            self._living.discard(event.pid)
        else:
            self._living.add(event.pid)
        return event

    def __iter__(self) -> Iterator[ProcessEvent]:
        while self._living:
            if (event := self.wait()) is not None:
                yield event

    async def __aiter__(self) -> AsyncIterator[ProcessEvent]:
        while self._living:
            if (event := await asyncio.to_thread(self.wait, _STEP_S)) is not None:
                yield event
