# SPDX-License-Identifier: Apache-2.0
"""Delegation: every value passes through a chain of generators that all stand on their yield from."""

import harness

MAX_DEPTH = 9


def value(n):
    return n * 2


def innermost(n):
    yield value(n)  # -> value
    got = yield n
    if got:
        yield value(got)  # -> value


def third(n):
    yield from innermost(n)  # -> innermost
    return n


def second(n):
    result = yield from third(n)  # -> third
    yield result


def outermost(n):
    yield from second(n)  # -> second
    yield from other_branch(n)  # -> other_branch


def other_branch(n):
    for i in range(n):
        yield i


def drive():
    for n in outermost(3):  # -> outermost
        pass


def drive_by_send():
    sender = outermost(4)  # -> outermost
    next(sender)  # -> outermost
    sender.send(None)  # -> outermost
    sender.send(5)  # -> outermost
    sender.close()  # -> outermost, second, third, innermost, other_branch


def loop():
    while True:
        drive()  # -> drive
        drive_by_send()  # -> drive_by_send


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
