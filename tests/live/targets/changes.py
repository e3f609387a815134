# SPDX-License-Identifier: Apache-2.0
"""What changes while it is read: changes.py threads|churn|interpreters|forks|many.

    threads       are created and end, eight at a time
    churn         1000 threads a second, ten at a time. Told anything, it prints {"threads": how many there were, "seconds",
                  "functions": all qualified names that a frame can have}
    interpreters  are created, run some code and are destroyed
    forks         children that live a moment, while two threads run
    many          500 threads that rest, each in a stack of its own

Says that it has begun, and ends with its standard input.
"""

import _weakrefset
import json
import os
import pathlib
import sys
import threading
import time
import types


def rest(depth, reached):
    if depth:
        rest(depth - 1, reached)
    else:
        reached.release()
        threading.Event().wait()


def begin():
    print("begun", flush=True)
    threading.Thread(target=lambda: os._exit(len(os.read(0, 1))), daemon=True).start()


def threads():
    begin()
    while True:
        few = [threading.Thread(target=sum, args=(range(50),)) for _ in range(8)]
        for thread in few:
            thread.start()
        for thread in few:
            thread.join()


def qualified_names(code):
    yield code.co_qualname
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from qualified_names(constant)


def compute():
    return [number for number in range(100)]


def churn():
    told = threading.Event()
    threading.Thread(target=lambda: (os.read(0, 1), told.set(), os.read(0, 1), os._exit(0)), name="end", daemon=True).start()
    started, begin = 0, time.monotonic()
    print("begun", flush=True)
    while not told.is_set():
        few = [threading.Thread(target=compute, name=f"worker-{number}") for number in range(10)]
        for thread in few:
            thread.start()
        for thread in few:
            thread.join()
        started += len(few)
        time.sleep(max(0, begin + started / 1000 - time.monotonic()))
    codes = [compile(pathlib.Path(module.__file__).read_text(), "", "exec")
             for module in (sys.modules["__main__"], threading, _weakrefset)]
    print(json.dumps({"threads": started, "seconds": time.monotonic() - begin,
                      "functions": sorted({name for code in codes for name in qualified_names(code)})}), flush=True)
    threading.Event().wait()


def interpreters():
    if sys.version_info >= (3, 13):
        import _interpreters as module
        run = module.exec
    else:
        import _xxsubinterpreters as module
        run = module.run_string
    begin()
    while True:
        interpreter = module.create()
        run(interpreter, "sum(i for i in range(20000))")
        module.destroy(interpreter)


def forks():
    threading.Thread(target=lambda: [sum(range(100)) for _ in iter(int, 1)], daemon=True).start()
    begin()
    while True:
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)


def many():
    reached = threading.Semaphore(0)
    threading.stack_size(256 << 10)
    for number in range(499):
        threading.Thread(target=rest, args=(number % 20, reached), daemon=True).start()
        reached.acquire()
    print("begun", flush=True)
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    {"threads": threads, "churn": churn, "interpreters": interpreters, "forks": forks, "many": many}[sys.argv[1]]()
