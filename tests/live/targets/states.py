# SPDX-License-Identifier: Apache-2.0
"""Threads in states that are known: states.py NAME…

Starts a thread for every name, waits until each is where it wants to be, and prints {name: native id, …} with the main
thread as "main". Ends with its standard input.
"""

import asyncio
import gc
import hashlib
import json
import os
import sqlite3
import sys
import threading
import time
import zlib

FOREVER_S = 3600
BLOCK = bytes(4 << 20)


def sleep(ready):
    ready()
    time.sleep(FOREVER_S)


def io(ready):
    reading, _ = os.pipe()
    ready()
    os.read(reading, 1)


def lock(ready):
    held = threading.Lock()
    held.acquire()
    ready()
    held.acquire()


def spin(ready):
    ready()
    while True:
        pass


def spin_too(ready):
    spin(ready)


def digest(ready):
    ready()
    while True:
        hashlib.sha256(BLOCK).digest()


def compress(ready):
    ready()
    while True:
        zlib.crc32(BLOCK)


def query(ready):
    database = sqlite3.connect(":memory:")
    ready()
    while True:
        database.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) "
                         "SELECT max(i) FROM n").fetchone()


def handler(ready):
    try:
        raise ValueError("handled below")
    except ValueError:
        sleep(ready)


def outer_handler(ready):
    """The exception is handled outside of the generator that runs."""

    def generator():
        yield
        sleep(ready)

    try:
        raise ValueError("handled below")
    except ValueError:
        for _ in generator():
            pass


def generator_handler(ready):

    def generator():
        yield
        try:
            raise ValueError("handled below")
        except ValueError:
            yield sleep(ready)

    for _ in generator():
        pass


def coroutine_handler(ready):

    async def coroutine():
        try:
            raise ValueError("handled below")
        except ValueError:
            await asyncio.sleep(0)
            sleep(ready)

    asyncio.run(coroutine())


def suspended_handler(ready):
    """A generator rests in its handler: nobody handles anything meanwhile."""

    def generator():
        try:
            raise ValueError("handled below")
        except ValueError:
            yield

    resting = generator()
    next(resting)
    sleep(ready)


def handled(ready):
    try:
        raise ValueError("handled below")
    except ValueError:
        pass
    sleep(ready)


class Cycle:
    """Rests in its finalizer, which the garbage collector runs: the cycle keeps it from running any earlier."""

    def __init__(self, ready):
        self.myself = self
        self.ready = ready

    def __del__(self):
        sleep(self.ready)


def collect(ready):
    Cycle(ready)
    gc.collect()


def collect_now_and_then(ready):
    """The collector is called between two instructions, when enough objects have been made."""
    Cycle(ready)
    kept = []
    while True:
        keep_one_more(kept)


def keep_one_more(kept):
    kept.append([])


def callback(ready):
    """C code between two Python functions."""
    sorted([1], key=lambda _: sleep(ready))


def nested_callback(ready):
    sorted([1], key=lambda _: callback(ready))


class Named(threading.Thread):
    """An attribute of its own stands before those of threading.Thread."""

    def __init__(self, **arguments):
        self.mine = 1
        super().__init__(**arguments)


def start(name, reached):
    """Names that are not plain: long and of several alphabets; given after the thread was made, and seen from its dict."""
    thread = Named(target=globals()[name], args=(reached,), name=name, daemon=True)
    if name == "sleep":
        thread.name = "schläft 😴 " + "x" * 300
    if name == "io":
        vars(thread)["_name"] = "renamed"
    thread.start()
    return thread


def main(names):
    reached = threading.Semaphore(0)
    gc.set_threshold(1000, 1, 1)
    native_ids = {"main": threading.get_native_id()}
    for name in names:
        thread = start(name, reached.release)
        reached.acquire()
        native_ids[name] = thread.native_id
    print(json.dumps(native_ids), flush=True)
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
