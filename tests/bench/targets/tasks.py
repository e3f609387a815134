# SPDX-License-Identifier: Apache-2.0
"""tasks.py N all|running: N tasks, three coroutines deep, that rest; with `running` one more computes in a group."""

import asyncio
import fcntl
import os
import sys


async def leaf():
    await asyncio.sleep(100000)


async def middle():
    await leaf()


async def outer():
    await middle()


async def busy():
    x = 0
    while True:
        for _ in range(1000):
            x = (x + 1) % 1000003


async def main():
    async with asyncio.TaskGroup() as group:
        for _ in range(int(sys.argv[1])):
            group.create_task(outer())
        for _ in range(4):
            await asyncio.sleep(0)
        print("ready", flush=True)
        if sys.argv[2] == "running":
            group.create_task(busy())


if __name__ == "__main__":
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    asyncio.run(main())
