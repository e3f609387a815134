# SPDX-License-Identifier: Apache-2.0
"""Python that runs where no call is written: attributes, properties, operators, construction, iteration, key
functions. Some of it enters through C, some is inlined by the interpreter."""

import harness

MAX_DEPTH = 8


def helper(x):
    return x


class Number:
    def __init__(self, value):
        self.value = helper(value)  # -> helper

    def __getattr__(self, name):
        return helper(name)  # -> helper

    @property
    def doubled(self):
        return helper(self.value) * 2  # -> helper

    def __add__(self, other):
        return Number(self.value + other.value)  # -> Number.__init__

    def __getitem__(self, index):
        return helper(index)  # -> helper

    def __len__(self):
        return 3

    def __eq__(self, other):
        return self.value == other.value

    def __hash__(self):
        return helper(1)  # -> helper

    def __contains__(self, item):
        return item == 1

    def __call__(self, x):
        return helper(x)  # -> helper

    def __iter__(self):
        return Steps()  # -> Steps.__init__


class Steps:
    def __init__(self):
        self.n = 0

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration
        return self.n


class Computed:
    def __get__(self, instance, owner):
        return helper(7)  # -> helper


class Intercepted:
    computed = Computed()

    def __getattribute__(self, name):
        return object.__getattribute__(self, name)  # -> Computed.__get__


def sort_key(x):
    return helper(-x)  # -> helper


def loop():
    one, two, intercepted = Number(1), Number(2), Intercepted()  # -> Number.__init__
    while True:
        one.missing  # -> Number.__getattr__
        one.doubled  # -> Number.doubled
        one + two  # -> Number.__add__
        one[3]  # -> Number.__getitem__
        len(one)  # -> Number.__len__
        one == two  # -> Number.__eq__
        hash(one)  # -> Number.__hash__
        1 in one  # -> Number.__contains__
        one(5)  # -> Number.__call__
        for step in one:  # -> Number.__iter__, Steps.__next__
            pass
        intercepted.computed  # -> Intercepted.__getattribute__
        sorted((3, 1, 2), key=sort_key)  # -> sort_key
        max(map(sort_key, (1, 2)))  # -> sort_key


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
