# SPDX-License-Identifier: Apache-2.0
"""For views: hot() and then warm() and cool() execute most, each called by its own caller: calls.py SECONDS [THREADS].

Says "ready" first. Writes to stderr at the end, and nothing before."""

import sys
import threading
import time


def hot(total):
    for number in range(3000):
        total = total + number
    return total


def warm(total):
    for number in range(900):
        total = total + number
    return total


def cool(total):
    for number in range(300):
        total = total + number
    return total


def caller(total):
    total = hot(total)
    return warm(total)


def other_caller(total):
    return cool(total)


def work(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        caller(0)
        other_caller(0)


def wait(event):
    event.wait()


print("ready", flush=True)
event = threading.Event()
threads = [threading.Thread(target=wait, args=(event,), name="waiter") for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 0)]
for thread in threads:
    thread.start()
work(float(sys.argv[1]))
event.set()
print("the end of it", file=sys.stderr)
