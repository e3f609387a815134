# SPDX-License-Identifier: Apache-2.0
"""`dump` under every interpreter: the lines are those that the program itself reports."""

import json
import re
import subprocess
import unicodedata

import pytest
from interpreters import start

from program import TARGETS

PARK = TARGETS / "park.py"
FRAME = re.compile(r'  File "(.*)", line (\d+), in (\S+)(?:  opcode=(.*))?')
HEADING = re.compile(r"Stack dump(?: for PID (\d+))?, thread (\d+)(?: '(.*)')? \((.*)most recent call last\):")


def sections(text):
    """[(heading, [(file, line, function)], lines)] of a dump."""
    found = []
    for part in text.split("\n\n"):
        heading, *lines = part.rstrip("\n").split("\n")
        frames = [match.groups() for match in map(FRAME.fullmatch, lines) if match]
        match = HEADING.fullmatch(heading)
        assert match, heading
        found.append((match, [[file, int(line), name] for file, line, name, _ in frames], lines))
    return found


@pytest.mark.free_threaded
def test_main_thread(cli, interpreter):
    with start(interpreter, PARK) as target:
        result = cli("dump", target.pid)
        places = json.loads(target.ready)
    assert result.returncode == 0 and result.stderr == ""
    [(heading, frames, lines)] = sections(result.stdout)
    assert heading[1] == str(target.pid) and "main thread" in heading[4]
    assert frames == places["main"]
    assert "    数据 = sys.stdin.read(); print(\"数据が終わった\", len(数据))" in lines
    assert not any("^" in line or "opcode" in line for line in lines)


@pytest.mark.free_threaded
def test_all_threads(cli, interpreter):
    with start(interpreter, PARK) as target:
        result = cli("dump", "-a", target.pid)
        places = json.loads(target.ready)
    assert result.returncode == 0
    by_main = {"main thread" in heading[4]: (heading, frames) for heading, frames, _ in sections(result.stdout)}
    assert set(by_main) == {True, False}
    assert by_main[True][1] == places["main"]
    heading, frames = by_main[False]
    # The worker waits some frames further in, inside threading.
    assert frames[:len(places["worker"])] == places["worker"]
    assert all(file.endswith("threading.py") for file, _, _ in frames[len(places["worker"]):])


def test_columns(cli, interpreter):
    """Carets stand under the call that waits, also behind characters that are two columns wide."""
    with start(interpreter, PARK) as target:
        lines = cli("dump", "--opcodes", target.pid).stdout.split("\n")
    frame = next(index for index, line in enumerate(lines) if "in Keeper.überprüfe" in line)
    assert re.search(r"  opcode=CALL\w*( \(CALL\))?$", lines[frame])
    source, carets = lines[frame + 1], lines[frame + 2]
    columns = "".join(character * (2 if unicodedata.east_asian_width(character) == "W" else 1) for character in source)
    marked = columns[len(carets) - carets.count("^"):len(carets)]
    assert set(carets) == {" ", "^"}
    assert marked == "sys.stdin.read()"


def test_source_is_read_in_the_targets_own_root(cli, interpreter):
    """A file that only the target's mount namespace has at that place: its standard library's."""
    with start(interpreter, PARK) as target:
        text = cli("dump", "-a", target.pid).stdout
    library = [line for line in text.split("\n") if "threading.py" in line]
    assert library
    following = text.split(library[0] + "\n")[1].split("\n")[0]
    assert following.startswith("    ") and "(" in following


def test_hostile_names(cli, interpreter, folder):
    """Nothing that a target calls itself reaches the terminal as a control character."""
    with start(interpreter, TARGETS / "hostile.py") as target:
        dump = cli("dump", "--opcodes", target.pid)
    assert dump.returncode == 0
    assert r"a\x1b]0;title\x07\x0a\x0d;b\x9b31m\u202e c" in dump.stdout
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", dump.stdout)
    table = cli("run", "--opcodes", "--", *interpreter.command, TARGETS / "hostile.py", "spin")
    assert table.returncode == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", table.stdout + table.stderr)
    cli("run", "--collapsed", "-o", folder / "stacks", "--", *interpreter.command, TARGETS / "hostile.py", "spin")
    for line in (folder / "stacks").read_bytes().rstrip(b"\n").split(b"\n"):
        assert re.fullmatch(rb"tid:\d+;.* \d+", line) and b"\r" not in line


def test_not_in_the_targets_root(cli, python, folder):
    """A name that leads out of the target's directory by "..", and one that is a pipe, show no source and do not hang."""
    (folder / "inside").mkdir()
    (folder / "secret.py").write_text("SECRET\n" * 50)
    subprocess.run(["mkfifo", folder / "inside" / "pipe.py"], check=True)
    code = ("import sys; wait = 'print(1, flush=True); import sys; sys.stdin.read()'\n"
            "exec(compile('def f():\\n exec(compile(wait, \"pipe.py\", \"exec\"))\\nf()', '../secret.py', 'exec'))")
    from interpreters import start_command
    with start_command([python, "-c", code], cwd=folder / "inside") as target:
        result = cli("dump", target.pid, timeout=10)
    assert result.returncode == 0
    assert '"../secret.py"' in result.stdout and '"pipe.py"' in result.stdout
    assert "SECRET" not in result.stdout
