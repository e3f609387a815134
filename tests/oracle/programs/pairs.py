# SPDX-License-Identifier: Apache-2.0
"""Two pairs of tiny functions, called in turn: the worst case for a reader that does not stop its target."""

import harness

MAX_DEPTH = 4


def first_leaf(x):
    return x + 1


def first_caller(x):
    return first_leaf(x) + 1  # -> first_leaf


def second_leaf(x):
    return x * 2


def second_caller(x):
    return second_leaf(x) - 1  # -> second_leaf


def loop():
    while True:
        first_caller(1)  # -> first_caller
        second_caller(2)  # -> second_caller


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
