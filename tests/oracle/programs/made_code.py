# SPDX-License-Identifier: Apache-2.0
"""Code objects that are made, run a few times and dropped at a high rate: their addresses are used again at once, often
by code of the same size. A cache that takes an old one for a new one shows a pair of functions that never met."""

import harness

MAX_DEPTH = 6

SOURCE = """\
def inner__{n}(x):
    return x + {n}
def outer__{n}(x):
    x = inner__{n}(x)
    return inner__{n}(x)
"""

# What the functions of SOURCE may do: (caller, line counted from its first, callee).
EDGES = [("made:outer__*", 1, "made:inner__*"), ("made:outer__*", 2, "made:inner__*")]


def make(n):
    names = {}
    exec(compile(SOURCE.format(n=n), f"<made {n}>", "exec"), names)  # -> made:<module>
    return names[f"outer__{n}"]


def use(function):
    for _ in range(20):
        function(1)  # -> made:outer__*


def loop():
    n = 1000
    while True:
        function = make(n)  # -> make
        use(function)  # -> use
        del function
        n = n + 1 if n < 9999 else 1000


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
