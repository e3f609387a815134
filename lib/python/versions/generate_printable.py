#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the characters that repr() escapes in the interpreter that runs it, as the C file printable_3_N.c beside this
script: each version knows more of Unicode than the one before.

    python3.15 generate_printable.py >printable_3_15.c
"""

import sys
import textwrap
import unicodedata

MINOR = sys.version_info[1]
END = 0x110000
LINE_COLUMNS = 104


def ranges():
    first = None
    for code in range(END + 1):
        printable = code == END or chr(code).isprintable()
        if not printable and first is None:
            first = code
        elif printable and first is not None:
            yield first, code - 1
            first = None


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/*")
    print(f" * Characters of Unicode {unicodedata.unidata_version} that repr() of CPython 3.{MINOR} escapes. Generated, do not edit:")
    print(f" * python3.{MINOR} generate_printable.py >printable_3_{MINOR}.c")
    print(" */")
    print('#include "python/versions/opcodes.h"\n')
    print("/* clang-format off */")
    print("static const struct py_range UNPRINTABLE[] = {")
    listed = " ".join(f"{{0x{first:x},0x{last:x}}}," for first, last in ranges())
    print(textwrap.indent(textwrap.fill(listed, LINE_COLUMNS, break_on_hyphens=False), "\t"))
    print("};\n")
    print(f"const struct py_unprintable ty_unprintable_3_{MINOR} = {{")
    print("\t.ranges = UNPRINTABLE,\n\t.count = sizeof(UNPRINTABLE) / sizeof(UNPRINTABLE[0]),\n};")


if __name__ == "__main__":
    main()
