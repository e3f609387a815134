#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the library's disassembly with what the dis module says inside of each interpreter.

    check_disassembly.py DISASSEMBLE_DUMP [--all] [NAME…]

Every interpreter of tests/support/interpreters.py, or those with the names given. Without --all every 20th file of the
standard library is compared, with it all of it. Then the same with code that is instrumented, and
with code that a JIT took over.
"""

import itertools
import os
import pathlib
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))

import interpreters  # noqa: E402

SHOWN = 20
TIMEOUT_S = 900


def addresses(expected):
    with open(expected, encoding="utf-8") as file:
        for line in file:
            if line.startswith("code "):
                yield line[5:]


def dump(tool, pid, expected, actual):
    """What the library says, of the code objects in the file of what dis says."""
    with open(actual, "wb") as output:
        run = subprocess.Popen([tool, str(pid)], stdin=subprocess.PIPE, stdout=output)
        for address in addresses(expected):
            run.stdin.write(address.encode())
        run.stdin.close()
        return run.wait(TIMEOUT_S)


def exact(line):
    return line


def generic(line):
    """A line with the generic opcode in the place of the specialized one."""
    fields = line.split(b"\t")
    return b"\t".join([fields[0], fields[2], *fields[2:]]) if len(fields) > 2 else line


def compare(name, expected, actual, prepare):
    """Number of lines, of specialized ones, and of different ones; shows some of those."""
    total = specialized = different = 0
    with open(expected, "rb") as want, open(actual, "rb") as have:
        for wanted, had in itertools.zip_longest(want, have, fillvalue=b""):
            total += not wanted.startswith(b"code ")
            specialized += generic(wanted) != wanted
            if prepare(wanted) == prepare(had):
                continue
            different += 1
            if different <= SHOWN:
                print(f"{name}: dis {wanted.decode(errors='replace')!r}\n{name}: we  {had.decode(errors='replace')!r}")
    return total, specialized, different


def run(interpreter, tool, words, prepare):
    """The three numbers of compare(), and what the target said when it was ready."""
    with tempfile.TemporaryDirectory(prefix="tachyon-", dir="/tmp") as directory:
        expected, actual = f"{directory}/expected", f"{directory}/actual"
        script = TESTS / "python" / "disassembly_target.py"
        environment = {**os.environ, "PYTHON_JIT": str(int("traces" in words))}
        with interpreters.start(interpreter, script, expected, *words, wait_ready=False, env=environment) as target:
            ready = target.read_line(TIMEOUT_S)
            status = dump(tool, target.pid, expected, actual)
        if status:
            sys.exit(f"{interpreter}: {tool} failed ({status})")
        return *compare(interpreter.name, expected, actual, prepare), ready


def check(interpreter, tool, step):
    total, specialized, different, _ = run(interpreter, tool, [step], exact)
    print(f"{interpreter}: {total} instructions, {specialized} of them specialized, {different} differ", flush=True)
    return specialized > 0 and different == 0


def check_hidden(interpreter, tool, how):
    total, _, different, ready = run(interpreter, tool, [1, how], generic)
    hidden = int(ready.split()[1])
    print(f"{interpreter}: {total} instructions, {hidden} of them hidden by {how}, {different} differ", flush=True)
    return different == 0 and hidden > 0


def has_events(interpreter):
    return interpreter.version >= (3, 12)


def has_traces(interpreter):
    script = "import sys; print(sys._jit.is_available())"
    return interpreter.version >= (3, 14) and interpreter.run("-c", script).strip() == "True"


def main():
    words = sys.argv[1:]
    step = 1 if "--all" in words else 20
    words = [word for word in words if word != "--all"]
    if not words:
        sys.exit(__doc__)
    chosen = [each for each in interpreters.load() if each.name in words[1:] or not words[1:]]
    results = [check(interpreter, words[0], step) for interpreter in chosen]
    results += [check_hidden(interpreter, words[0], "events") for interpreter in chosen if has_events(interpreter)]
    results += [check_hidden(interpreter, words[0], "traces") for interpreter in chosen if has_traces(interpreter)]
    sys.exit(not results or not all(results))


if __name__ == "__main__":
    main()
