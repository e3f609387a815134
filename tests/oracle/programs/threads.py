# SPDX-License-Identifier: Apache-2.0
"""Threads that do what the other programs do, each its own kind of work, taking the lock from each other."""

import _thread
import sys

import attributes
import coroutines
import exceptions
import generators
import harness
import pairs
import recursion

WORK = [attributes, coroutines, exceptions, generators, pairs, recursion]

# Every thread begins in the loop of its own program, and never meets a function of another's.
ROOTS = ["attributes:loop", "coroutines:loop", "exceptions:loop", "generators:loop", "pairs:loop", "recursion:loop"]
MAX_DEPTH = 408


def pause(x):
    return x


def main():
    while True:
        pause(1)  # -> pause


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)
    for module in WORK:
        _thread.start_new_thread(module.loop, ())
    harness.begin()  # -> harness:begin
    main()  # -> main
