# SPDX-License-Identifier: Apache-2.0
"""The target of check_disassembly.py: writes what its own dis module says of its code objects, and waits.

    disassembly_target.py OUTPUT STEP [events|traces]

Compiles every STEP-th file of its standard library, which gives code that never ran, and runs some of the library, which
gives specialized code. OUTPUT gets a line an instruction, in the form of disassemble_dump.c.

"events": only the code that runs, with every event of sys.monitoring on. "traces": only the code that runs, and long enough
for a JIT to take it over. OUTPUT has the generic opcodes then, as nothing else is left of those that are hidden. The line
"ready" tells how many are.
"""

import collections
import decimal
import dis
import fractions
import glob
import json
import os
import re
import statistics
import sys
import textwrap
import types
import warnings

# Not what works while the file is written: its code goes on being specialized.
QUIET = (collections, decimal, fractions, json, json.decoder, json.encoder, json.scanner, re, statistics, textwrap)


def nested(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from nested(constant)


def compiled(step):
    root = os.path.dirname(os.__file__)
    files = sorted(glob.glob(f"{root}/**/*.py", recursive=True))
    for path in [path for path in files if "site-packages" not in path and "dist-packages" not in path][::step]:
        try:
            with open(path, "rb") as file:
                yield from nested(compile(file.read(), path, "exec"))
        except (OSError, SyntaxError, ValueError):
            pass


def hot(count):
    total = 0
    for number in range(count):
        total += number * 2
        while total & 1:
            total >>= 1
    return total


def exercise(rounds):
    hot(rounds)
    for number in range(rounds):
        document = json.dumps({"a": [number, 1.5, None, True], "b": {"c": "text", "d": [[], {}]}}, indent=number % 3 or None)
        json.loads(document)
        re.sub(r"(\w+)|[0-9]+", lambda match: match[0].upper(), document)
        re.purge()
        textwrap.fill(document * 3, 40)
        statistics.stdev([fractions.Fraction(number, 3), 2, 3, 4])
        collections.Counter(document).most_common(3)


def executed():
    yield hot.__code__
    for module in QUIET:
        for value in list(vars(module).values()):
            members = list(vars(value).values()) if isinstance(value, type) else [value]
            for member in members:
                function = getattr(member, "__func__", member)
                if isinstance(function, types.FunctionType):
                    yield from nested(function.__code__)


def handlers(code):
    found = {}
    for entry in dis._parse_exception_table(code):
        for offset in range(entry.start, entry.end, 2):
            found[offset] = f"{entry.target}:{entry.depth}:{int(entry.lasti)}"
    return found


def show(value):
    return "-1" if value is None else str(value)


def monitor():
    """Every kind of event, so that every instrumented opcode is there, on every second function."""
    monitoring = sys.monitoring
    events = monitoring.events
    monitoring.use_tool_id(monitoring.DEBUGGER_ID, "test")
    local = events.LINE | events.INSTRUCTION | events.CALL | events.JUMP | events.PY_START | events.PY_RETURN
    for event in ("PY_YIELD", "PY_RESUME", "STOP_ITERATION", "BRANCH", "BRANCH_LEFT", "BRANCH_RIGHT"):
        local |= getattr(events, event, 0)
    for number, code in enumerate(executed()):
        kinds = (0, events.LINE, local & ~events.INSTRUCTION & ~events.LINE, local)
        monitoring.set_local_events(monitoring.DEBUGGER_ID, code, kinds[number % 4])


def hidden_opcodes(codes):
    names = [name for name in dis.opmap if name.startswith("INSTRUMENTED_") or name == "ENTER_EXECUTOR"]
    numbers = {dis.opmap[name] for name in names}
    return sum(code._co_code_adaptive[row.offset] in numbers for code in codes for row in dis.get_instructions(code))


def rows(code, adaptive):
    # Labels of the code as compiled: dis of 3.11 and 3.12 overlooks specialized jumps.
    labels = {offset: number for number, offset in enumerate(sorted(dis.findlabels(code.co_code)), 1)}
    covered = handlers(code)
    base_name = {op: dis.opname[getattr(dis, "_deoptop", lambda op: op)(op)] for op in range(256)}
    for row in dis.get_instructions(code, adaptive=adaptive):
        yield "\t".join([
            str(row.offset), row.opname, base_name[row.opcode], "-" if row.arg is None else str(row.arg), row.argrepr,
            ":".join(show(row.positions[i]) for i in (0, 1, 2, 3)), str(labels.get(row.offset, 0)),
            covered.get(row.offset, "-"),
        ])


def main():
    warnings.simplefilter("ignore")
    hidden = sys.argv[3:]
    if hidden == ["events"] and hasattr(sys, "monitoring"):
        monitor()
    exercise(2000 if hidden == ["traces"] else 50)
    codes = list(executed()) + ([] if hidden else list(compiled(int(sys.argv[2]))))
    with open(sys.argv[1], "w", encoding="utf-8", errors="replace") as output:
        for code in codes:
            print(f"code {id(code):x}", file=output)
            for row in rows(code, adaptive=not hidden):
                print(row, file=output)
    if hidden == ["traces"]:
        hot(1000000)  # the interpreter throws traces away that were not used for some time
    print("ready", hidden_opcodes(codes) if hidden else 0, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
