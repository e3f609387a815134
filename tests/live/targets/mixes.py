# SPDX-License-Identifier: Apache-2.0
"""Instructions whose adaptive form is known: run in turn until standard input is closed.

Every function repeats one operation, so that most of its samples are on it.
"""

import math
import select
import sys


class Plain:
    def __init__(self):
        self.x = 1

    def method(self):
        return self


class Slotted:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 1


def int_add(a, b):
    for _ in range(200):
        a + b; a + b; a + b; a + b; a + b; a + b; a + b; a + b


def float_add(a, b):
    for _ in range(200):
        a + b; a + b; a + b; a + b; a + b; a + b; a + b; a + b


def complex_add(a, b):
    for _ in range(200):
        a + b; a + b; a + b; a + b; a + b; a + b; a + b; a + b


def instance_attribute(o):
    for _ in range(200):
        o.x; o.x; o.x; o.x; o.x; o.x; o.x; o.x


def slot_attribute(o):
    for _ in range(200):
        o.x; o.x; o.x; o.x; o.x; o.x; o.x; o.x


def module_attribute(m):
    for _ in range(200):
        m.pi; m.pi; m.pi; m.pi; m.pi; m.pi; m.pi; m.pi


def method_call(o):
    for _ in range(200):
        o.method(); o.method(); o.method(); o.method()


def dict_lookup(d):
    for _ in range(200):
        d["k"]; d["k"]; d["k"]; d["k"]; d["k"]; d["k"]; d["k"]; d["k"]


def global_lookup():
    for _ in range(200):
        Plain; Plain; Plain; Plain; Plain; Plain; Plain; Plain


def is_over():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def run_all():
    plain, slotted, table = Plain(), Slotted(), {"k": 1}
    while not is_over():
        for _ in range(20):
            int_add(3, 4)
            float_add(1.5, 2.5)
            complex_add(1j, 2j)
            instance_attribute(plain)
            slot_attribute(slotted)
            module_attribute(math)
            method_call(plain)
            dict_lookup(table)
            global_lookup()


def run_turning():
    """int_add with ints, and from the first line of input on with complex numbers."""
    for operands in (3, 4), (1j, 2j):
        for _ in range(100):
            int_add(*operands)
        print("running", flush=True)
        while not is_over():
            for _ in range(100):
                int_add(*operands)
        sys.stdin.readline()


if sys.argv[1] == "turning":
    run_turning()
else:
    print("running", flush=True)
    run_all()
