# SPDX-License-Identifier: Apache-2.0
"""Samplers in asyncio programs: waiting and sampling happen in a thread, the event loop goes on."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from . import _tachyon

_T = TypeVar("_T")


async def _in_thread(sampler: _tachyon.Sampler, function: Callable[..., _T], *arguments: Any) -> _T:
    """Runs a function that ends soon after sampler.stop(). When cancelled it is ended, not left behind: a thread that
    still used the target would make the next call on it fail."""
    task = asyncio.ensure_future(asyncio.to_thread(function, *arguments))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        sampler.stop()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # it was looked at: asyncio need not warn
        raise


async def iterate(sampler: _tachyon.Sampler) -> AsyncIterator[_tachyon.Snapshot]:
    """What async for over a sampler does."""
    while (snapshot := await _in_thread(sampler, next, sampler, None)) is not None:
        yield snapshot


async def run(sampler: _tachyon.Sampler, collectors: tuple[Any, ...]) -> _tachyon.Summary:
    """Sampler.run_async()."""
    return await _in_thread(sampler, sampler.run, *collectors)


async def in_own_thread(function: Callable[..., _T], *arguments: Any) -> _T:
    """Runs a short function in a thread that is gone afterwards: one of a pool would stay, and show in the profile."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()

    def settle(setter: Callable[[Any], None], value: object) -> None:
        if not done.done():
            setter(value)

    def call() -> None:
        try:
            result = function(*arguments)
        except BaseException as error:
            loop.call_soon_threadsafe(settle, done.set_exception, error)
        else:
            loop.call_soon_threadsafe(settle, done.set_result, result)

    thread = threading.Thread(target=call)
    thread.start()
    try:
        return await done
    finally:
        thread.join()
