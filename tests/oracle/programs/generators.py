# SPDX-License-Identifier: Apache-2.0
"""Generators: their frames live in the heap, are entered and left at every value, and die when they end."""

import harness

MAX_DEPTH = 6


def odd_value(x):
    return x + 1


def even_value(x):
    return x + 2


def odd_numbers():
    n = 1
    while n < 9:
        n = odd_value(n)  # -> odd_value
        yield n


def even_numbers():
    for n in (2, 4, 6):
        yield even_value(n)  # -> even_value


def filtered(source):
    for n in source:  # -> even_numbers
        if n > 2:
            yield n


def sum_of_odd():
    total = 0
    for n in odd_numbers():  # -> odd_numbers
        total += n
    return total


def sum_of_filtered():
    total = 0
    for n in filtered(even_numbers()):  # -> filtered, even_numbers
        total += n
    return total


def loop():
    while True:
        sum_of_odd()  # -> sum_of_odd
        sum_of_filtered()  # -> sum_of_filtered


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
