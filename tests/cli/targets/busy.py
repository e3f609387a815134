# SPDX-License-Identifier: Apache-2.0
"""Spends its time in inner(), called by outer(): busy.py SECONDS [EXIT-STATUS]. Says "ready" first and "done" last."""

import sys
import time


def inner(start):
    total = start
    for number in range(2000):
        total = total + number
    return total


def outer(seconds):
    end = time.monotonic() + seconds
    total = 0
    while time.monotonic() < end:
        total = inner(total)
    return total


print("ready", flush=True)
outer(float(sys.argv[1]))
print("done", flush=True)
sys.exit(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
