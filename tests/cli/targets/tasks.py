# SPDX-License-Identifier: Apache-2.0
"""Every way in which tasks of asyncio wait for one another, at rest; prints what the program itself sees of them.

One JSON line: for each loop its thread and its tasks by id: name, coroutine chain (leaf first) with places, and who awaits
each: as asyncio.capture_call_graph() has it where there is one (3.14+), and as this program declares it.
"""

import asyncio
import gc
import json
import os
import sys
import threading
import types

FOREVER = 1000
CHAIN = (types.CoroutineType, types.AsyncGeneratorType, types.GeneratorType)
THERE = []  # what `elsewhere` waits for has begun
DECLARED = {}  # name -> names of those that await it


def spawn(coroutine, name, awaited_by=()):
    DECLARED[name] = sorted(awaited_by)
    return asyncio.get_running_loop().create_task(coroutine, name=name)


# ---- what tasks do ----

async def leaf():
    await asyncio.sleep(FOREVER)


async def inner():
    await leaf()


async def gathers():
    await asyncio.gather(spawn(inner(), "gathered 1", ["gathers"]), spawn(inner(), "gathered 2", ["gathers"]))


async def nests():
    async def group():
        async with asyncio.TaskGroup() as outer:
            outer.create_task(inner(), name="deep")
            DECLARED["deep"] = ["middle"]
            async with asyncio.TaskGroup() as second:
                second.create_task(inner(), name="deeper")
                DECLARED["deeper"] = ["middle"]
    await spawn(group(), "middle", ["nests"])


async def groups():
    async with asyncio.TaskGroup() as group:
        DECLARED.update({"grouped 1": ["groups"], "grouped 2": ["groups"]})
        group.create_task(inner(), name="grouped 1")
        group.create_task(inner(), name="grouped 2")


async def waits_for():
    await asyncio.wait_for(spawn(inner(), "timed", ["waits_for"]), FOREVER)


async def waits():
    await asyncio.wait([spawn(inner(), "waited", ["waits"])])


async def completes():
    tasks = [spawn(inner(), f"completed {i}", ["completes"]) for i in range(2)]
    for next_one in asyncio.as_completed(tasks):
        await next_one


async def shields():
    await asyncio.shield(spawn(inner(), "shielded", ["shields"]))


async def gets(queue):
    while True:
        await queue.get()


async def agenerate():
    async for item in agenerate_more():
        yield item


async def agenerate_more():
    await inner()
    yield 1


async def iterates():
    async for _ in agenerate():
        pass


async def anexts():
    await anext(agenerate(), None)


class Awaitable:
    def __await__(self):
        return inner().__await__()


class Generating:
    def __await__(self):
        yield from leaf().__await__()


@types.coroutine
def old_style():
    yield from leaf().__await__()


async def awaits_others():
    async def first():
        await Awaitable()
    async def second():
        await Generating()
    async def third():
        await old_style()
    await asyncio.gather(spawn(first(), "awaitable", ["awaits_others"]), spawn(second(), "generating", ["awaits_others"]),
                         spawn(third(), "old_style", ["awaits_others"]))


async def enters():
    class Manager:
        async def __aenter__(self):
            await leaf()

        async def __aexit__(self, *_):
            pass
    async with Manager():
        pass


async def shares(task):
    await task


async def executes():
    await asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)


async def future_alone():
    await asyncio.get_running_loop().create_future()


async def never_begins():
    pass


async def elsewhere(other_loop):
    """Waits for a task of another loop, which asyncio allows through a concurrent future only."""
    async def there():
        THERE.append(True)
        await leaf()
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(there(), other_loop))


class OwnTask(asyncio.Task):
    pass


# ---- what the program sees ----

def behind(awaited):
    """The coroutine behind what a coroutine awaits."""
    for _ in range(4):
        if awaited is None or isinstance(awaited, CHAIN):
            return awaited
        if isinstance(awaited, asyncio.Future) or "Future" in type(awaited).__name__:
            return None
        awaited = next((one for one in gc.get_referents(awaited)
                        if isinstance(one, CHAIN) or "async_generator" in type(one).__name__), None)
    return None


def chain_of(coroutine):
    """Leaf first."""
    frames = []
    while coroutine is not None:
        for kind in ("cr", "ag", "gi"):
            if hasattr(coroutine, f"{kind}_frame"):
                break
        frame = getattr(coroutine, f"{kind}_frame")
        code = frame.f_code
        frames.insert(0, [code.co_qualname, code.co_filename, frame.f_lineno, frame.f_lasti])
        coroutine = behind(getattr(coroutine, "gi_yieldfrom" if kind == "gi" else f"{kind}_await"))
    return frames


def waiters_of(graph):
    """Names of the tasks that await something; futures are looked through."""
    names = set()
    for waiter in graph.awaited_by:
        names |= {waiter.future.get_name()} if isinstance(waiter.future, asyncio.Task) else waiters_of(waiter)
    return names


def describe():
    me = asyncio.current_task()
    tasks = {}
    for task in asyncio.all_tasks():
        told = tasks[hex(id(task))] = {"name": task.get_name(), "me": task is me}
        if task is not me:
            told["stack"] = chain_of(task.get_coro())
            outermost = task.get_stack()[0]
            assert told["stack"][-1][2:] == [outermost.f_lineno, outermost.f_lasti]
        if hasattr(asyncio, "capture_call_graph"):
            told["awaited_by"] = sorted(waiters_of(asyncio.capture_call_graph(task)))
    return {"thread": threading.get_native_id(), "tasks": tasks}


def settle(answer, done):
    """A task that reports when everything rests, and then rests."""
    async def report():
        for _ in range(50):
            await asyncio.sleep(0)
        answer.append(describe())
        done.set()
        await asyncio.sleep(FOREVER)
    return asyncio.get_running_loop().create_task(report(), name=f"report {threading.get_native_id()}")


# ---- the loops ----

async def main_loop(answer, done, other_loop):
    for function in (gathers, nests, groups, waits_for, waits, completes, shields, iterates, anexts, awaits_others, enters,
                     executes, future_alone):
        spawn(function(), function.__name__)
    queue = asyncio.Queue()
    for i in range(3):
        spawn(gets(queue), f"gets {i}")
    shared = spawn(inner(), "shared", ["shares 0", "shares 1", "shares 2"])
    for i in range(3):
        spawn(shares(shared), f"shares {i}")
    spawn(elsewhere(other_loop), "elsewhere")
    spawn(leaf(), "name with \x1b[31m and ünïcödé 名前")
    spawn(leaf(), "long " + "x" * 500)
    DECLARED["own"] = []
    OwnTask(inner(), name="own", loop=asyncio.get_running_loop())
    if sys.version_info >= (3, 12):
        DECLARED["eager"] = ["eats"]

        async def eats():
            await asyncio.Task(inner(), loop=asyncio.get_running_loop(), name="eager", eager_start=True)
        spawn(eats(), "eats")
    reporter = settle(answer, done)
    await reporter


async def second_loop(answer, done, ready):
    ready.append(asyncio.get_running_loop())
    spawn(gathers_in_thread(), "gathers there")
    while not THERE:
        await asyncio.sleep(0.001)
    await settle(answer, done)


async def gathers_in_thread():
    await asyncio.gather(spawn(inner(), "there 1", ["gathers there"]), spawn(inner(), "there 2", ["gathers there"]))


def main():
    answers, ready, dones = [], [], [threading.Event(), threading.Event()]
    threading.Thread(target=lambda: asyncio.run(second_loop(answers, dones[1], ready)), daemon=True).start()

    def report():
        for done in dones:
            done.wait()
        print(json.dumps({"loops": answers, "declared": DECLARED}), flush=True)
        sys.stdin.read()
        os._exit(0)
    threading.Thread(target=report, daemon=True).start()
    while not ready:
        pass
    asyncio.run(main_loop(answers, dones[0], ready[0]))


if __name__ == "__main__":
    main()
