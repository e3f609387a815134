# SPDX-License-Identifier: Apache-2.0
"""The program of the captures beside this file: comes to rest in a stack of many kinds of frames and prints, as one line of
JSON, what the interpreter itself says about them, leaf first."""

import dis
import json
import os
import sys


def describe(frame):
    code = frame.f_code
    instructions = {i.offset: i.opname for i in dis.get_instructions(code)}
    offset = frame.f_lasti
    while offset not in instructions:  # up to 3.12 a caller stands on the last inline cache of its call
        offset -= 2
    line, end_line, column, end_column = (-1 if x is None else x for x in list(code.co_positions())[offset // 2])
    return {"name": code.co_name, "qualname": code.co_qualname, "filename": os.path.basename(code.co_filename),
            "first_line": code.co_firstlineno, "line": line, "end_line": end_line, "column": column,
            "end_column": end_column, "offset": offset, "base": instructions[offset]}


def rest():
    frames, frame = [], sys._getframe(1)
    while frame is not None:
        frames.append(describe(frame))
        frame = frame.f_back
    print(json.dumps(frames), flush=True)
    os.read(0, 1)


def recursion(n):
    if n:
        return recursion(n - 1)
    return rest()


def generator():
    yield 1
    yield recursion(5)


def comprehension():
    return [value for value in generator()]


class Größe:
    def 測る(self):
        return sorted([2, 1], key=lambda n: comprehension())

    def __getattr__(self, name):
        return self.測る()


if __name__ == "__main__":
    Größe().missing
