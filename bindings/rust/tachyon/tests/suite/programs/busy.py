# SPDX-License-Identifier: Apache-2.0
"""Works in two small functions until its standard input ends."""

import os
import sys
import threading


def even(x):
    return x + 2


def odd(x):
    return x + 1


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
