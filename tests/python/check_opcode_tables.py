#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the committed opcode tables with what interpreters say about themselves.

    check_opcode_tables.py INTERPRETER-COMMAND…

Each argument is a command line that starts a CPython ("python3.14", "bwrap … python3.15"). The generator goes in through
its standard input, so that the command may run in another mount namespace.
"""

import difflib
import pathlib
import re
import shlex
import subprocess
import sys

VERSIONS = pathlib.Path(__file__).resolve().parents[2] / "lib" / "python" / "versions"


def check(command, script):
    """True if the table of this interpreter is the committed one."""
    run = subprocess.run([*shlex.split(command), "-I", "-"], input=script, capture_output=True, text=True, timeout=60)
    found = re.search(r"opcodes_3_\d+\.c", run.stdout)
    if run.returncode or not found:
        print(f"{command}: the generator failed ({run.returncode})\n{run.stderr}")
        return False
    path = VERSIONS / found[0]
    committed = path.read_text() if path.exists() else ""
    diff = difflib.unified_diff(committed.splitlines(), run.stdout.splitlines(), str(path.name), command, lineterm="")
    lines = list(diff)
    print("\n".join(lines) if lines else f"{path.name}: as {command} says")
    return not lines


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    script = (VERSIONS / "generate_opcodes.py").read_text()
    results = [check(command, script) for command in sys.argv[1:]]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
