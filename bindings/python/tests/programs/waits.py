# SPDX-License-Identifier: Apache-2.0
"""Two asyncio tasks that wait for one that waits for an event; ends when its standard input does."""

import asyncio
import os
import sys
import threading


async def child(event):
    await event.wait()


async def parent(task):
    await task


async def main():
    event = asyncio.Event()
    inner = asyncio.create_task(child(event), name="inner")
    outer = [asyncio.create_task(parent(inner), name=name) for name in ("left", "right")]
    await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asyncio.gather(*outer)


threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
asyncio.run(main())
