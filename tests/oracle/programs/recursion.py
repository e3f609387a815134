# SPDX-License-Identifier: Apache-2.0
"""Recursion that crosses the chunks of the data stack, up and down all the time: chunks are allocated and freed."""

import harness

DEPTH = 400
MAX_DEPTH = 408
AT_DEPTH = [("recursion:bottom", 404)]


def bottom(n):
    return n + 1


def even(n):
    if n:
        return odd(n - 1)  # -> odd
    return bottom(n)  # -> bottom


def odd(n):
    a, b, c, d, e, f, g, h = range(8)
    return even(n - 1) + a + b + c + d + e + f + g + h  # -> even


def around_the_edge(n):
    """Goes back and forth over a few frames far down, where a chunk may end."""
    if n:
        return around_the_edge(n - 1)  # -> around_the_edge
    for _ in range(50):
        edge_one(2)  # -> edge_one
    return 0


def edge_one(n):
    a, b, c, d = range(4)
    return edge_two(n) + a + b + c + d  # -> edge_two


def edge_two(n):
    a, b, c, d = range(4)
    return edge_one(n - 1) if n else a + b + c + d  # -> edge_one


def loop():
    while True:
        even(DEPTH)  # -> even
        for depth in range(100, 140):
            around_the_edge(depth)  # -> around_the_edge


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
