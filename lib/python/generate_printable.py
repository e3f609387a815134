#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints printable.c: the characters that repr() escapes, as the interpreter that runs this knows them.

    python3.15 generate_printable.py >printable.c

Run it with the newest CPython: each one knows more characters of Unicode. An older target escapes some of those, which no
constant in practice holds.
"""

import textwrap
import unicodedata


def ranges():
    first = None
    for code in range(0x110001):
        printable = code == 0x110000 or chr(code).isprintable()
        if not printable and first is None:
            first = code
        elif printable and first is not None:
            yield first, code - 1
            first = None


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/*")
    print(f" * Characters that repr() escapes, of Unicode {unicodedata.unidata_version}. Generated, do not edit:")
    print(" * python3 generate_printable.py >printable.c")
    print(" */")
    print("#include <stddef.h>\n")
    print('#include "python/value.h"\n')
    print("/* clang-format off */")
    print("static const struct range {\n\tuint32_t first, last;\n} UNPRINTABLE[] = {")
    listed = " ".join(f"{{0x{first:x},0x{last:x}}}," for first, last in ranges())
    print(textwrap.indent(textwrap.fill(listed, 104, break_on_hyphens=False), "\t"))
    print("};\n/* clang-format on */")
    print("""
bool ty_is_printable(uint32_t character)
{
	size_t low = 0, high = sizeof(UNPRINTABLE) / sizeof(UNPRINTABLE[0]);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (character < UNPRINTABLE[middle].first)
			high = middle;
		else if (character > UNPRINTABLE[middle].last)
			low = middle + 1;
		else
			return false;
	}
	return character <= 0x10ffff;
}""")


if __name__ == "__main__":
    main()
