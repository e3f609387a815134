#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the committed tables with what interpreters say about themselves.

    check_opcode_tables.py INTERPRETER-COMMAND…

Each argument is a command line that starts a CPython ("python3.14", "bwrap … python3.15"). The generators go in through
its standard input, so that the command may run in another mount namespace.
"""

import difflib
import pathlib
import re
import shlex
import subprocess
import sys

VERSIONS = pathlib.Path(__file__).resolve().parents[2] / "lib" / "python" / "versions"
GENERATORS = ("generate_opcodes.py", "generate_printable.py")


def check(command, generator):
    """True if what the generator prints under this interpreter is committed."""
    script = (VERSIONS / generator).read_text()
    run = subprocess.run([*shlex.split(command), "-I", "-"], input=script, capture_output=True, text=True, timeout=60)
    found = re.search(r">(\w+_3_\d+\.c)$", run.stdout, re.M)
    if run.returncode or not found:
        print(f"{command}: {generator} failed ({run.returncode})\n{run.stderr}")
        return False
    path = VERSIONS / found[1]
    committed = path.read_text() if path.exists() else ""
    diff = difflib.unified_diff(committed.splitlines(), run.stdout.splitlines(), path.name, command, lineterm="")
    lines = list(diff)
    print("\n".join(lines) if lines else f"{path.name}: as {command} says")
    return not lines


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    results = [check(command, generator) for command in sys.argv[1:] for generator in GENERATORS]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
