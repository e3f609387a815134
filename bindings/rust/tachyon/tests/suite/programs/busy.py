# SPDX-License-Identifier: Apache-2.0
"""Works in two functions, about as long in each, until its standard input ends."""

import os
import sys
import threading


def even(x):
    for _ in range(100):
        x += 2
    return x


def odd(x):
    for _ in range(100):
        x += 1
    return x


def work():
    x = 0
    while True:
        x = odd(even(x)) & 0xFFFF


def end():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end, name="ender", daemon=True).start()
print(os.getpid(), flush=True)
work()
