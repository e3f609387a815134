# SPDX-License-Identifier: Apache-2.0
"""Works for the seconds of its argument and ends: additions of ints, and some that no CPython specializes."""

import sys
import time


def add_ints(count):
    total = 0
    for number in range(count):
        total = number + 1
    return total


def add_complex(count):
    total = 0
    for _ in range(count):
        total = 1j + 2j * total
    return total


end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    add_ints(3000)
    add_complex(1000)
