# SPDX-License-Identifier: Apache-2.0
"""What changes while it is read: changes.py threads|interpreters|forks|many.

    threads       are created and end, eight at a time
    interpreters  are created, run some code and are destroyed
    forks         children that live a moment, while two threads run
    many          500 threads that rest, each in a stack of its own

Says that it has begun, and ends with its standard input.
"""

import os
import sys
import threading


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
    {"threads": threads, "interpreters": interpreters, "forks": forks, "many": many}[sys.argv[1]]()
