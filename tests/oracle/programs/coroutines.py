# SPDX-License-Identifier: Apache-2.0
"""Coroutines without an event loop of somebody else's: a chain of awaits, resumed by send(), and asynchronous
iteration."""

import harness

MAX_DEPTH = 9


class Pause:
    def __await__(self):
        yield self
        return 1


def work(n):
    return n + 1


async def leaf(n):
    n = work(n)  # -> work
    await Pause()  # -> Pause.__await__
    return work(n)  # -> work


async def middle(n):
    return await leaf(n)  # -> leaf


async def top(n):
    total = await middle(n)  # -> middle
    async for value in ticker():  # -> ticker
        total += value
    return total


async def ticker():
    for n in range(3):
        await Pause()  # -> Pause.__await__
        yield n


async def plain(n):
    return work(n)  # -> work


async def many(n):
    for i in range(n):
        await plain(i)  # -> plain


def run_to_the_end(coroutine):
    while True:
        try:
            coroutine.send(None)  # -> top, many
        except StopIteration:
            return


def loop():
    while True:
        run_to_the_end(top(1))  # -> run_to_the_end, top
        run_to_the_end(many(4))  # -> run_to_the_end, many


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
