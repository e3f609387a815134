# SPDX-License-Identifier: Apache-2.0
"""Tasks that move: `compute`, `storm`, `many` (10 000 that rest) and `later` (asyncio is imported on a word)."""

import fcntl
import os
import sys


def end_with_stdin():
    """The kernel ends us when our standard input is closed."""
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def step(x):
    return x * 3 % 1000003


def compute():
    x = 1
    for _ in range(2000):
        x = step(x)
    return x


def run_compute():
    import asyncio

    async def worker():
        while True:
            compute()
            await asyncio.sleep(0)

    async def main():
        async with asyncio.TaskGroup() as group:
            for i in range(3):
                group.create_task(worker(), name=f"worker {i}")
            print("ready", flush=True)
    asyncio.run(main())


def run_storm():
    import asyncio

    async def child():
        await asyncio.sleep(100)

    async def victim():
        await asyncio.create_task(child(), name="child")

    async def main():
        print("ready", flush=True)
        while True:
            victims = [asyncio.create_task(victim(), name="victim") for _ in range(20)]
            for _ in range(3):
                await asyncio.sleep(0)
            for one in victims:
                one.cancel()
            await asyncio.wait(victims)
    asyncio.run(main())


def run_many():
    import asyncio

    async def leaf():
        await asyncio.sleep(1000)

    async def main():
        tasks = [asyncio.create_task(leaf()) for _ in range(10000)]
        for _ in range(3):
            await asyncio.sleep(0)
        print("ready", flush=True)
        await asyncio.wait(tasks)
    asyncio.run(main())


def run_later():
    print("ready", flush=True)
    sys.stdin.readline()
    import asyncio

    async def main():
        end_with_stdin()
        late = asyncio.create_task(asyncio.sleep(1000), name="late")
        await asyncio.sleep(0)
        print("late", flush=True)
        await late
    asyncio.run(main())


if __name__ == "__main__":
    if sys.argv[1] != "later":
        end_with_stdin()
    globals()["run_" + sys.argv[1]]()
