# SPDX-License-Identifier: Apache-2.0
"""Merged.run(): the clock over several targets."""

import time
from typing import Any

from . import _tachyon
from ._errors import ExitedError, RetryError

# Longest sleep without a look at the sources, in s.
_STEP_S = 0.1


def _sample_all(merged: _tachyon.Merged, session: _tachyon.Session) -> bool:
    """One sample of every source; those that ended are taken out. Whether to go on."""
    for source in merged.sources:
        try:
            if not session.sample(source):
                return False
        except ExitedError:
            merged.remove(source).close()
        except RetryError:
            pass  # counted as failed
    return bool(merged.sources)


def _wait_for_tick(tick: float, interval: float, end: float, session: _tachyon.Session) -> float:
    """Sleeps until the next tick, which it gives; those that went by are counted as missed, not made up for."""
    tick += interval
    now = time.monotonic()
    if interval and now > tick + interval:
        gone = int((now - tick) / interval)
        session.missed(gone)
        tick += gone * interval
    while (left := min(tick, end) - time.monotonic()) > 0:
        time.sleep(min(left, _STEP_S))
    return tick


def run(
    merged: _tachyon.Merged,
    collectors: tuple[Any, ...],
    *,
    interval: float = 0.001,
    duration: float | None = None,
    opcodes: bool = False,
) -> _tachyon.Summary:
    """Merged.run()."""
    if duration is not None and not 0 <= duration <= 1e9:
        raise ValueError(f"duration: 0 to 1000000000 seconds, not {duration!r}")
    with merged.session(*collectors, interval=interval, opcodes=opcodes) as session:
        tick = time.monotonic()
        end = float("inf") if duration is None else tick + duration
        while _sample_all(merged, session) and time.monotonic() < end:
            tick = _wait_for_tick(tick, interval, end, session)
            if time.monotonic() >= end:
                break
        return session.finish()
