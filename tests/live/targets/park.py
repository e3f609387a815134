# SPDX-License-Identifier: Apache-2.0
"""Comes to rest at a known place and tells, as one line of JSON, what it knows itself about the frames that led there.

    park.py SCENARIO

The line is {"threads": [{"native_id", "name", "frames"}]}, frames leaf first and without park() itself, each with what
sys._getframe(), co_positions() and dis say. It rests in read() until its standard input is closed.
"""

import contextlib
import dis
import functools
import json
import os
import sys
import threading

DEEP = 5000

_scenarios = {}
_threads = []
_resting = threading.Event()
_expected_threads = 1
_described_codes = {}


def scenario(function):
    _scenarios[function.__name__] = function
    return function


# ---- what the program knows about itself ----

def _describe_code(code):
    """Positions by code unit and instructions by offset of a code object; worked out once."""
    if code not in _described_codes:
        positions = list(code.co_positions()) or [(None,) * 4] * (len(code.co_code) // 2)
        instructions = {i.offset: (i.opname, i.arg or 0) for i in dis.get_instructions(code)}
        _described_codes[code] = positions, instructions
    return _described_codes[code]


def _offset(frame, instructions):
    """Where the instruction begins. Before 3.13 a frame that has called another stands on the last inline cache of its
    CALL."""
    offset = frame.f_lasti
    while offset not in instructions:
        offset -= 2
    return offset


def _text(string):
    """What the library gives for a string that UTF-8 cannot hold."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in string)


def _describe(frame):
    code = frame.f_code
    positions, instructions = _describe_code(code)
    offset = _offset(frame, instructions)
    opname, argument = instructions[offset]
    return {
        "name": _text(code.co_name),
        "qualname": _text(code.co_qualname),
        "filename": _text(code.co_filename),
        "first_line": code.co_firstlineno,
        "position": [-1 if item is None else item for item in positions[offset // 2]],
        "offset": offset,
        "base": opname,
        "argument": argument,
        # Other threads may specialize it later, and tracing hides it.
        "executing": code._co_code_adaptive[offset] if _expected_threads == 1 and not sys.gettrace() else None,
    }


def _chain(frame):
    frames = []
    while frame is not None:
        frames.append(_describe(frame))
        frame = frame.f_back
    return frames


def park(*_):
    """Rests here; the last thread that comes to rest prints what all of them said."""
    thread = threading.current_thread()
    _threads.append({"native_id": threading.get_native_id(), "name": thread.name,
                     "frames": _chain(sys._getframe(1))})
    if len(_threads) == _expected_threads:
        print(json.dumps({"threads": _threads}), flush=True)
    if thread is threading.main_thread():
        os.read(0, 1)
        os._exit(0)
    _resting.wait()


# ---- kinds of frames ----

@scenario
def nested_functions():
    def outer(x):
        def inner(y):
            return [x, y, park()]
        return inner(x + 1)
    outer(1)


@scenario
def comprehensions():
    return [{key: {park() for _ in range(1)} for key in "k"} for _ in "x"]


@scenario
def generator_expression():
    return sum(value or 0 for value in (park() for _ in range(3)))


@scenario
def lambdas():
    twice = lambda f: (lambda: f(f))  # noqa: E731
    twice(lambda f: park())()


@scenario
def generators():
    def leaf():
        yield 1
        park()
        yield 2

    def middle():
        yield 0
        yield from leaf()

    for _ in middle():
        pass


@scenario
def generator_methods():
    def receiver():
        while True:
            got = yield
            if got:
                park()
    g = receiver()
    next(g)
    g.send(0)
    g.send(1)


@scenario
def generator_closing():
    def guarded():
        try:
            yield
        finally:
            park()
    with contextlib.closing(guarded()) as g:
        next(g)


@scenario
def coroutines():
    import asyncio

    async def leaf():
        await asyncio.sleep(0)
        park()

    async def numbers():
        yield 1
        await leaf()
        yield 2

    async def middle():
        async for _ in numbers():
            await asyncio.sleep(0)

    async def main():
        async with asyncio.timeout(100):
            await asyncio.gather(asyncio.create_task(middle(), name="the task"))

    asyncio.run(main())


@scenario
def class_body():
    class Outer:
        attribute = 1

        class Inner:
            value = park()


class Overloaded:
    def __getattr__(self, name):
        return self + name

    def __add__(self, other):
        return self[other]

    def __getitem__(self, key):
        with self:
            pass

    def __enter__(self):
        return self.value

    def __exit__(self, *_):
        pass

    @property
    def value(self):
        return f"{self!r:>10}"

    def __repr__(self):
        return park() or ""


@scenario
def special_methods():
    return Overloaded().missing


@scenario
def construction():
    """An __init__ that the interpreter has inlined: it runs above a frame of the interpreter's own, which nobody sees."""
    class Made:
        def __init__(self, last):
            if last:
                park()
    for n in range(100):
        Made(n == 99)


@scenario
def through_c():
    """C functions between Python frames: sorted, map, partial, a key function, an import."""
    ordered = functools.cmp_to_key(lambda a, b: list(map(functools.partial(park, a), [b])) and 0)
    sorted([3, 1, 2], key=ordered)


@scenario
def exception_handlers():
    def raises():
        raise KeyError("x")

    try:
        try:
            raises()
        except KeyError:
            try:
                1 / 0
            finally:
                park()
    except ZeroDivisionError:
        pass


@scenario
def executed_code():
    exec(compile("def f():\n  return (\n    park(\n  1,\n 2)\n)\nf()", "<ausgeführt>", "exec"), {"park": park})


# ---- depth ----

@scenario
def deep_recursion():
    def down(n):
        if n:
            return down(n - 1)
        return park()
    sys.setrecursionlimit(DEEP * 2)
    down(DEEP)


@scenario
def deep_generators():
    def down(n):
        if n:
            yield from down(n - 1)
        else:
            park()
            yield
    sys.setrecursionlimit(DEEP)
    list(down(800))


@scenario
def deep_through_c():
    def down(n):
        return max([n], key=lambda _: down(n - 1) if n else park())
    down(60)


# ---- names and tables ----

def _renamed(name, filename="<names>"):
    """A function with names that need not be identifiers."""
    code = compile("def f(park):\n    return park()\n", filename, "exec").co_consts[0]
    code = code.replace(co_name=name, co_qualname=f"Größe.<locals>.{name}")
    return type(park)(code, {"park": park})


@scenario
def names_in_latin_1():
    class Straße:
        def größe(self):
            return _renamed("façade", "/tmp/é/naïve.py")(park)
    Straße().größe()


@scenario
def names_in_chinese():
    class 分析器:
        def 関数(self):
            return _renamed("함수", "/tmp/文件/模块.py")(park)
    分析器().関数()


@scenario
def names_in_emoji():
    def 𠀀():
        return _renamed("😀→🐍", "/tmp/🐍/😀.py")(park)
    𠀀()


@scenario
def names_with_surrogates():
    return _renamed("ab\udc80c", "/tmp/not-utf8-\udcff.py")(park)


@scenario
def names_that_are_odd():
    return _renamed("a\nb\t\"\\\x01;", "/tmp/new\nline.py")(park)


@scenario
def names_of_a_thousand_characters():
    return _renamed("長い" * 400, "/tmp/" + "d/" * 400 + "é.py")(park)


@scenario
def lines_far_apart():
    source = "\n" * 70000 + "x = [park(\n" + "\n" * 300 + "  1)]\n"
    exec(compile(source, "<far>", "exec"), {"park": park})


@scenario
def columns_far_right():
    source = "x = 'é" + "y" * 5000 + "', park()\nif x:" + " " * 200 + "park()"
    exec(compile(source, "<right>", "exec"), {"park": park})


@scenario
def long_bytecode():
    """Offsets beyond 64 KiB and arguments that need EXTENDED_ARG."""
    names = [f"name{i}" for i in range(20000)]
    source = "".join(f"{name} = 1\n" for name in names) + "park(name19999)\n"
    exec(compile(source, "<long>", "exec"), {"park": park})


@scenario
def no_location_table():
    code = compile("park()", "<bare>", "exec")
    exec(code.replace(co_linetable=b""), {"park": park})


@scenario
def traced():
    """Bytecode that instrumentation has replaced in part."""
    sys.settrace(lambda *_: lambda *_: None)
    nested_functions()


# ---- threads ----

@scenario
def threads():
    global _expected_threads
    _expected_threads = 8

    def work(depth):
        return work(depth - 1) if depth else park()

    for n in range(_expected_threads - 1):
        threading.Thread(target=work, args=(n * 5,), name=f"worker-{n} é", daemon=True).start()
    while len(_threads) < _expected_threads - 1:
        pass
    work(3)


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(_scenarios))
    else:
        _scenarios[sys.argv[1]]()
