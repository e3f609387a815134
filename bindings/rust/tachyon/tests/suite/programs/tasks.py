# SPDX-License-Identifier: Apache-2.0
"""Two tasks wait for a third, which waits for a future, until the standard input ends."""

import asyncio
import os
import sys
import threading


async def base(never, ready):
    ready.set()
    await never


async def upper(below):
    await below


async def main():
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    below = asyncio.create_task(base(loop.create_future(), ready), name="below")
    waiting = [asyncio.create_task(upper(below), name=name) for name in ("left", "right")]
    await ready.wait()
    await asyncio.sleep(0)
    print(os.getpid(), flush=True)
    await asyncio.wait(waiting)


def end():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end, daemon=True).start()
asyncio.run(main())
