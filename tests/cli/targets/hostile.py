# SPDX-License-Identifier: Apache-2.0
"""Waits inside a function whose names try to take over a terminal and to break lines of output."""

import sys

EVIL = "a\x1b]0;title\x07\n\r;b\x9b31m\u202e c"


def wait():
    print("ready", flush=True)
    sys.stdin.read()


def spin():
    for _ in range(3_000_000):
        pass


def disguise(function):
    code = function.__code__
    names = {"co_name": EVIL, "co_filename": f"/tmp/{EVIL}.py"}
    if sys.version_info >= (3, 11):
        names["co_qualname"] = EVIL
    function.__code__ = code.replace(**names)
    return function


disguise(spin if "spin" in sys.argv else wait)()
