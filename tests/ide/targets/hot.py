# SPDX-License-Identifier: Apache-2.0
"""Runs until its standard input is closed. The lines that tests look for say so."""
import select
import sys


def hot(values):
    total = 0
    for value in values:
        total = total + value * 3  # HOT
    return total


def shared(values):
    return sum(map(lambda value: value + 1, values))  # SHARED


def cold():
    return 1  # COLD


def main():
    values = list(range(2000))
    cold()
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        for _ in range(10):
            hot(values)  # CALL
        shared(values)


main()
