# SPDX-License-Identifier: Apache-2.0
"""Two tasks that await each other, and one that awaits both; none of them will ever go on."""

import asyncio
import fcntl
import os


async def waits_for(tasks, key):
    while key not in tasks:
        await asyncio.sleep(0)
    await tasks[key]


async def main():
    tasks = {}
    first = asyncio.create_task(waits_for(tasks, "second"), name="first")
    second = asyncio.create_task(waits_for(tasks, "first"), name="second")
    tasks.update(first=first, second=second)
    asyncio.create_task(waits_for(tasks, "first"), name="outside")
    for _ in range(10):
        await asyncio.sleep(0)
    print("ready", flush=True)
    await asyncio.sleep(1000)


if __name__ == "__main__":
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    asyncio.run(main())
