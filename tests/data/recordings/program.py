# SPDX-License-Identifier: Apache-2.0
"""What is recorded: a main thread with loops and recursion, and a thread beside it that mostly waits."""

import sys
import threading
import time


def inner(count):
    total = 0
    for number in range(count):
        total += number
    return total


def climb(depth):
    if depth:
        return climb(depth - 1) + inner(300)
    return inner(2000)


def beside(stop):
    while not stop.wait(0.01):
        inner(500)


def main(seconds):
    stop = threading.Event()
    thread = threading.Thread(target=beside, args=[stop], name="beside")
    thread.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        climb(5)
    stop.set()
    thread.join()


main(float(sys.argv[1]))
