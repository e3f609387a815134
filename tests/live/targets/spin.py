# SPDX-License-Identifier: Apache-2.0
"""Computes for ever in the main thread and in one more; says "ready" when it has begun."""

import fcntl
import os
import threading


def small(x):
    return x + 1


def spin():
    x = 0
    while True:
        x = small(x)


if __name__ == "__main__":
    # The kernel ends us when our standard input is closed.
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    threading.Thread(target=spin, daemon=True).start()
    print("ready", flush=True)
    spin()
