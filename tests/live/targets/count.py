# SPDX-License-Identifier: Apache-2.0
"""Several threads that count as fast as they can into a file that is mapped: who reads it sees whether each of them runs.

    count.py FILE THREADS
"""

import mmap
import os
import sys
import threading


def step(n):
    return n + 1


def count(counters, index):
    n = 0
    while True:
        n = step(n)
        counters[index] = n


def main():
    threads = int(sys.argv[2])
    with open(sys.argv[1], "r+b") as file:
        counters = memoryview(mmap.mmap(file.fileno(), 8 * threads)).cast("Q")
    sys.setswitchinterval(0.0005)
    for index in range(threads):
        threading.Thread(target=count, args=(counters, index), daemon=True).start()
    print("ready", flush=True)
    os.read(0, 1)
    os._exit(0)


main()
