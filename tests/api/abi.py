# SPDX-License-Identifier: Apache-2.0
"""The ABI of a release, written down: one header of all it declared, and a dump of the types in libabigail's format.

    /usr/bin/python3 tests/api/abi.py       writes both anew, for as long as the release is not out

The dump is not of the library but of a stand-in: functions of the same names that do nothing, compiled from the public
headers and the symbol map. It has what a program sees and no more: no private struct behind an opaque pointer, no path, no
trace of the compiler's options. test_abi.py compares it with the real library; there a struct that is opaque to the dump may
be whatever it is.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import source

RELEASE = "0.1"
FOLDER = pathlib.Path(__file__).resolve().parent / f"abi-{RELEASE}"
HEADER = FOLDER / f"tachyon-{RELEASE}.h"
DUMP = FOLDER / "libtachyon.abi"
SUPPRESSIONS = FOLDER / "suppressions.ini"
INCLUDE = source.ROOT / "include"
# Of what the stand-in is, only what a program can depend on.
ABIDW = ["abidw", "--no-architecture", "--no-elf-needed", "--no-show-locs", "--no-corpus-path", "--no-comp-dir-path",
         "--no-parameter-names", "--drop-undefined-syms", "--type-id-style", "hash"]
FUNCTION = re.compile(r"TY_API\s+(?P<result>[^;{(]*?)\b(?P<name>ty_\w+)\s*\((?P<arguments>[^;]*)\)\s*;", re.S)
STRUCT = re.compile(r"typedef struct (?P<name>\w+) \{(?P<body>.*?)\n\}", re.S)
ENUM = re.compile(r"\benum (?P<name>\w+) \{(?P<body>.*?)\}", re.S)
CALLBACK = re.compile(r"^typedef [^;{]*\(\*(?P<name>\w+)\)[^;]*;", re.M)


def words(text):
    return " ".join(text.split())


class Declarations:
    """What a header declares, as text that can be compared."""

    def __init__(self, text):
        text = source.without_comments(text)
        self.functions = {found["name"]: found for found in FUNCTION.finditer(text)}
        self.callbacks = {found["name"]: words(found[0]) for found in CALLBACK.finditer(text)}
        self.structs = {found["name"]: [words(member) for member in found["body"].split(";") if member.strip()]
                        for found in STRUCT.finditer(text)}
        self.enums = {found["name"]: [words(value) for value in found["body"].split(",") if value.strip()]
                      for found in ENUM.finditer(text)}


def headers_text(include=INCLUDE):
    """All public headers as one, in an order in which each finds what it needs."""
    pending, done = ["tachyon.h"], []
    while pending:
        path = include / "tachyon" / pending[-1]
        needed = [name.split("/")[1] for _, name in source.includes(path) if name.startswith("tachyon/")]
        missing = [name for name in needed if name not in done]
        if missing:
            pending += missing[:1]
        else:
            done.append(pending.pop())
    return "\n".join((include / "tachyon" / name).read_text() for name in done)


def amalgamated():
    text = source.without_comments(headers_text())
    lines = [line.rstrip() for line in text.splitlines() if not re.match(r"\s*#\s*include <tachyon/", line)]
    top = (f"/* SPDX-License-Identifier: Apache-2.0 */\n/* What {RELEASE} declared, without its words, written by "
           "tests/api/abi.py: not to be edited. */\n")
    return top + re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip()) + "\n"


def stand_in(folder, include=INCLUDE):
    """A library of the ABI that the headers promise, in a folder of its own."""
    functions = Declarations(headers_text(include)).functions.values()
    code = ["#include <tachyon/tachyon.h>"]
    for function in functions:
        body = "" if words(function["result"]) == "void" else "return 0;"
        code.append(f"{words(function['result'])} {function['name']}({words(function['arguments'])}) {{ {body} }}")
    (folder / "stand-in.c").write_text("\n".join(code) + "\n")
    exported = "".join(f"{function['name']};" for function in functions)
    (folder / "stand-in.map").write_text(f"TACHYON_{RELEASE} {{ global: {exported} local: *; }};\n")
    subprocess.run(["gcc", "-g", "-fPIC", "-shared", "-Wno-unused-parameter", f"-I{include}", "-Wl,-soname,libtachyon.so.0",
                    "-Wl,--version-script,stand-in.map", "-o", "libtachyon.so", "stand-in.c"], cwd=folder, check=True)
    return folder / "libtachyon.so"


def main():
    released = f"## [{RELEASE}.0]" in (source.ROOT / "CHANGELOG.md").read_text()
    if released:
        sys.exit(f"{RELEASE} is released: programs were built against what is written down, it stays. "
                 "A new release gets a folder of its own.")
    with tempfile.TemporaryDirectory() as name:
        library = stand_in(pathlib.Path(name))
        FOLDER.mkdir(exist_ok=True)
        subprocess.run([*ABIDW, "--out-file", DUMP, library], check=True)
    HEADER.write_text(amalgamated())
    print(f"{HEADER.relative_to(source.ROOT)} and {DUMP.relative_to(source.ROOT)} are those of today's headers")


if __name__ == "__main__":
    main()
