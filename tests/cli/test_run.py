# SPDX-License-Identifier: Apache-2.0
"""`run` under every interpreter: what was running is what the profile says, and the program does not notice."""

import json
import marshal
import re

import pytest

from program import TARGETS, read_stacks, read_stats

BUSY = TARGETS / "busy.py"

OPCODE_NAMES = """
import json, opcode
names = set(opcode.opmap) | set(getattr(opcode, "_specialized_opmap", {})) | set(getattr(opcode, "_specialized_instructions", ()))
print(json.dumps(sorted(names)))
"""


def of_program(stacks):
    """Without those of a Python that is starting or ending, which takes its time where the machine is busy."""
    return {stack: count for stack, count in stacks.items() if any(frame.startswith("busy.py:") for frame in stack)}


def leaf_share(stacks, name, opcodes=False):
    leaf, ours = -2 if opcodes else -1, of_program(stacks)
    return sum(count for stack, count in ours.items() if f":{name}:" in stack[leaf:][0]) / sum(ours.values())


@pytest.mark.free_threaded
def test_collapsed(cli, interpreter, folder):
    result = cli("run", "--collapsed", "-o", folder / "stacks", "--stats", folder / "stats", "-r", "2khz", "--",
                 *interpreter.command, BUSY, 0.7)
    assert (result.returncode, result.stdout) == (0, "ready\ndone\n")
    stats, stacks = read_stats(folder / "stats"), read_stacks(folder / "stacks")
    proven = stats["verified"] + stats["repaired"]
    assert stats["python_version"].startswith(interpreter.name.split("-")[0] + ".")
    assert 300 < stats["samples"] <= 2000 * stats["duration_s"] + 1
    assert proven > 0.9 * stats["samples"]
    # Before its first frame a starting Python has an empty stack, which is proven and no line.
    assert 300 < sum(of_program(stacks).values()) <= sum(stacks.values()) <= proven
    assert leaf_share(stacks, "inner") > 0.5
    (hot, _) = max(stacks.items(), key=lambda item: item[1])
    assert [frame.rsplit(":", 1)[0] for frame in hot] == ["busy.py:<module>", "busy.py:outer", "busy.py:inner"]
    assert f"Captured {stats['samples']} samples in " in result.stderr
    assert f"Collapsed stack output written to {folder / 'stacks'}" in result.stderr


def test_start_of_the_interpreter_is_seen(cli, interpreter, folder):
    """Sampling begins while Python imports what it needs itself, not when the program is already running."""
    cli("run", "--collapsed", "-o", folder / "stacks", "-r", "20khz", "--", *interpreter.command, BUSY, 0.1)
    frames = {frame for stack in read_stacks(folder / "stacks") for frame in stack}
    assert any("importlib" in frame for frame in frames)


@pytest.mark.free_threaded
def test_opcodes(cli, interpreter, folder):
    names = set(json.loads(interpreter.run("-c", OPCODE_NAMES)))
    cli("run", "--collapsed", "--opcodes", "-o", folder / "stacks", "-r", "2khz", "--", *interpreter.command, BUSY, 0.7)
    stacks = read_stacks(folder / "stacks")
    assert leaf_share(stacks, "inner", opcodes=True) > 0.5
    seen = {stack[-1] for stack in stacks if ":inner:" in stack[-2:][0]}
    assert seen and all(leaf[0] == "[" and leaf[-1] == "]" for leaf in seen)
    assert {leaf[1:-1] for leaf in seen} <= names
    assert any(leaf.startswith("[BINARY_OP") for leaf in seen)
    assert any(leaf.startswith("[FOR_ITER") for leaf in seen)


def test_offsets_tell_instructions_of_one_kind_apart(cli, python, folder):
    cli("run", "--collapsed", "--opcodes", "--offsets", "-o", folder / "stacks", "-r", "2khz", "--", python, BUSY, 0.3)
    leaves = {stack[-1] for stack in read_stacks(folder / "stacks") if ":inner:" in stack[-2:][0]}
    assert leaves and all(re.fullmatch(r"\[\w+@\d+\]", leaf) for leaf in leaves)


def test_pstats_table(cli, interpreter):
    result = cli("run", "--opcodes", "--", *interpreter.command, BUSY, 0.5)
    assert result.returncode == 0
    assert result.stdout.startswith("ready\ndone\n")
    table = result.stdout.partition("done\n")[2]
    assert "nsamples" in table and "filename:lineno(function)" in table and "Legend:" in table
    assert "Summary of Interesting Functions:" in table
    assert any("busy.py:" in line and "(inner)" in line for line in table.splitlines()[:8])
    assert "FOR_ITER" in table
    assert "\x1b" not in result.stdout + result.stderr


def test_pstats_file(cli, interpreter, folder):
    result = cli("run", "-o", folder / "profile", "--", *interpreter.command, BUSY, 0.5)
    assert (result.returncode, result.stdout) == (0, "ready\ndone\n")
    table = marshal.loads((folder / "profile").read_bytes())
    assert table.pop(("__sampled__",)) is True
    direct = {}
    for (filename, line, function), (own, _, _, _, callers) in table.items():
        direct[function] = direct.get(function, 0) + own
        assert isinstance(filename, str) and line >= 0 and isinstance(callers, dict)
    assert max(direct, key=direct.get) == "inner"
    if interpreter.version >= (3, 15):
        printed = interpreter.run("-c", f"import pstats; pstats.Stats({str(folder / 'profile')!r}).sort_stats('tottime').print_stats(5)")
        assert "inner" in printed


@pytest.mark.parametrize("status", [0, 1, 7])
def test_exit_status(cli, interpreter, folder, status):
    result = cli("run", "-o", folder / "profile", "--", *interpreter.command, BUSY, 0.05, status)
    assert result.returncode == status


def test_script_and_module(cli, python, folder):
    (folder / "some_module.py").write_text("import sys, time; time.sleep(0.2); print(sys.argv[1:])\n")
    script = cli("run", "-o", folder / "one", "--python", python, "some_module.py", "-d", "--sort", cwd=folder)
    module = cli("run", "-o", folder / "two", "--python", python, "-m", "some_module", "a b", cwd=folder)
    assert (script.returncode, script.stdout) == (0, "['-d', '--sort']\n")
    assert (module.returncode, module.stdout) == (0, "['a b']\n")


def test_standard_input_is_the_targets(cli, python, folder):
    with open(folder / "input", "w+") as stream:
        stream.write("line\n")
        stream.seek(0)
        result = cli("run", "-o", folder / "profile", "--", python, "-c",
                     "import time; time.sleep(.1); print(input())", stdin=stream)
    assert (result.returncode, result.stdout) == (0, "line\n")


def test_duration_terminates_the_target(cli, python, folder):
    result = cli("run", "-d", "0.5", "-o", folder / "profile", "--stats", folder / "stats", "--", python, BUSY, 30)
    assert (result.returncode, result.stdout) == (0, "ready\n")
    assert 0.45 < read_stats(folder / "stats")["duration_s"] < 0.8


def test_low_rate(cli, python, folder):
    cli("run", "-r", "20hz", "-o", folder / "profile", "--stats", folder / "stats", "--", python, BUSY, 1)
    assert 15 <= read_stats(folder / "stats")["samples"] <= 25
