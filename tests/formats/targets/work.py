# SPDX-License-Identifier: Apache-2.0
"""Something of everything a report shows: work.py CPU-SECONDS. Two threads with names, recursion, a generator, a line with
two instructions of one kind, and functions whose names attack whatever shows them."""

import sys
import threading
import time

END = time.process_time() + float(sys.argv[1])
EVIL = "<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028 \ud800 %s &amp;"


def add(first, second, third):
    total = 0
    for _ in range(300):
        total = first + second + third * 0.5
    return total


def descend(depth):
    return add(1, 2, 3) if depth == 0 else descend(depth - 1)


def produce():
    while time.process_time() < END:
        yield add(1.0, 2.0, 3.0)


def consume():
    for _ in produce():
        descend(5)
        evil()


def evil():
    total = 0
    for number in range(300):
        total += number
    return total


try:
    evil.__code__ = evil.__code__.replace(co_name=EVIL, co_filename=f"/tmp/{EVIL}/evil.py", co_qualname=EVIL)
except TypeError:
    evil.__code__ = evil.__code__.replace(co_name=EVIL, co_filename=f"/tmp/{EVIL}/evil.py")
threads = [threading.Thread(target=consume, name=name) for name in ("worker-<b>1</b>", "worker-2")]
for thread in threads:
    thread.start()
consume()
for thread in threads:
    thread.join()
