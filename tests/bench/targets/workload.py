# SPDX-License-Identifier: Apache-2.0
"""What the benchmark measures on: workload.py KIND SIZE, endless, one line "ready" when it has begun.

    depth N      a loop of small calls on top of N frames
    threads N    N threads of ten frames that wait, and the main thread as in "depth 10"
    code N       N functions of their own code objects, called in turn on top of three frames
    stdlib N     tokenizing, JSON and regular expressions: generators and comprehensions of the standard library
    rounds N     as "depth 20", and a line with the rounds of work per second of CPU time every N milliseconds
"""

import fcntl
import io
import json
import os
import re
import sys
import threading
import time
import tokenize

ROUND_CALLS = 1000


def ready():
    # Closing our standard input ends us: no thread and no check in the loops that are measured.
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    print("ready", flush=True)


def small(x):
    return x + 1


def work():
    x = 0
    for _ in range(ROUND_CALLS):
        x = small(x)
    return x


def forever():
    ready()
    while True:
        work()


def down(n, then):
    if n > 1:
        return down(n - 1, then)
    return then()


def wait_in_threads(count):
    barrier = threading.Barrier(count + 1)
    stop = threading.Event()

    def rest():
        barrier.wait()
        stop.wait()

    for _ in range(count):
        threading.Thread(target=down, args=(10, rest), daemon=True).start()
    barrier.wait()
    down(10, forever)


def many_functions(count):
    functions = []
    for n in range(count):
        names = {}
        exec(f"def f{n}(x):\n    return x + {n}\n", names)
        functions.append(names[f"f{n}"])
    ready()
    while True:
        for function in functions:
            function(1)


def standard_library():
    text = io.open(tokenize.__file__).read()
    ready()
    while True:
        tokens = [token.string for token in tokenize.generate_tokens(io.StringIO(text).readline)]
        json.loads(json.dumps({str(n): token for n, token in enumerate(tokens)}, indent=1))
        sorted({match[0].lower() for match in re.finditer(r"\w+", text)})


def count_rounds(milliseconds):
    ready()
    while True:
        rounds, begin = 0, time.process_time()
        wall_end = time.monotonic() + milliseconds / 1000
        while time.monotonic() < wall_end:
            work()
            rounds += 1
        print(rounds / (time.process_time() - begin), flush=True)


def main():
    kind, size = sys.argv[1], int(sys.argv[2])
    sys.setrecursionlimit(20000)
    if kind == "depth":
        down(size, forever)
    elif kind == "threads":
        wait_in_threads(size)
    elif kind == "code":
        many_functions(size)
    elif kind == "stdlib":
        standard_library()
    else:
        down(20, lambda: count_rounds(size))


if __name__ == "__main__":
    main()
