# SPDX-License-Identifier: Apache-2.0
"""The program of the captures *-states: the main thread rests; one that computes holds the GIL; and one handles an exception in
a finalizer that the garbage collector has called."""

import gc
import os
import threading

forever = threading.Lock()
forever.acquire()


class Cycle:
    def __init__(self, reached):
        self.myself = self
        self.reached = reached

    def __del__(self):
        try:
            raise ValueError
        except ValueError:
            self.reached.release()
            forever.acquire()


def collect(reached):
    Cycle(reached)
    gc.collect()


def compute(reached):
    reached.release()
    while True:
        pass


def start(function, name):
    reached = threading.Semaphore(0)
    threading.Thread(target=function, args=(reached,), name=name, daemon=True).start()
    reached.acquire()


if __name__ == "__main__":
    start(collect, "räumt auf ♻")
    start(compute, "rechnet")
    print("null", flush=True)
    os.read(0, 1)
    os._exit(0)
