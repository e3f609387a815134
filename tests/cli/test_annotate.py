# SPDX-License-Identifier: Apache-2.0
"""`annotate`: bytecode with samples below its source, from a script, a command or a running process."""

import json
import re
import sys

import pytest
from interpreters import start_command

from program import TARGETS

MIXED = TARGETS / "mixed.py"
FORWARD = "from pathlib import Path; import sys; Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"


def line_of(text):
    """Number of the line of the script that has a text."""
    return next(number for number, line in enumerate(MIXED.read_text().splitlines(), 1) if text in line)


def lines_of(result):
    assert result.returncode == 0, result.stderr
    assert not [line for line in result.stdout.splitlines() if line != line.rstrip()]
    return result.stdout.splitlines()


def test_a_script_that_has_ended_is_shown_in_full(cli, interpreter):
    """Source and all instructions, in order, though nothing is left to be read when they are printed."""
    lines = lines_of(cli("annotate", "-f", "add_ints", "--", *interpreter.command, MIXED, 1.5))
    source = [line.split("  ")[-1] for line in lines]
    assert "for number in range(count):" in source
    number = line_of("total = number + 1")
    assert any(re.search(rf"^ +\d+ +[\d.]+% +\d+ +{number} +total = number \+ 1$", line) for line in lines)
    assert any(re.search(r"\d+ +[\d.]+% +\d+ +\d+  BINARY_OP_ADD_INT +0 \(\+\) +specialized", line) for line in lines)
    # Hardly ever sampled, and listed all the same.
    assert any(re.search(r"  RESUME", line) for line in lines)
    assert any(re.search(r"  RETURN_VALUE|  RETURN_CONST", line) for line in lines)
    assert not [line for line in lines if "add_complex):" in line]


def test_a_running_process(cli, interpreter):
    with start_command([*interpreter.command, MIXED, 60], wait_ready=False) as target:
        for process in ([target.pid], ["--pid", target.pid], ["-p", target.pid]):
            lines = lines_of(cli("annotate", "-d", 0.7, "-f", "add_ints", *process))
            assert any("BINARY_OP_ADD_INT" in line for line in lines)
            assert any("total = number + 1" in line for line in lines)
        target.kill()


def test_what_could_be_specialized(cli, interpreter):
    lines = lines_of(cli("annotate", "--specialization", "--", *interpreter.command, MIXED, 1.5))
    place = next(line for line in lines if f"mixed.py:{line_of('2j * total')}:" in line)
    assert re.search(r"^ +\d+ +[\d.]+%  mixed\.py:\d+:\d+ +BINARY_OP(_ADAPTIVE)? \d+ \([+*]\) in add_complex", place)
    assert not [line for line in lines if "source / offset" in line]
    # Five kinds that are everything.
    whole = next(line for line in lines if line.endswith("  all"))
    assert sum(map(float, re.findall(r"([\d.]+)%", whole))) == pytest.approx(100, abs=0.3)


def test_json(cli, python, folder):
    path = folder / "annotation.json"
    result = cli("annotate", "--json", "-o", path, MIXED, 1)
    assert result.returncode == 0 and not result.stdout
    assert f"Annotation written to {path}" in result.stderr
    annotation = json.loads(path.read_text())
    assert annotation["version"] == 1
    function = next(function for function in annotation["functions"] if function["function"] == "add_ints")
    assert function["file"] == str(MIXED) and function["disassembled"]
    assert sum(instruction["leaf"] for instruction in function["instructions"]) == function["leaf"]
    assert sum(line["leaf"] for line in function["lines"]) == function["leaf"]
    for instruction in function["instructions"]:
        assert sum(form["leaf"] for form in instruction["forms"]) == instruction["leaf"] <= instruction["on_stack"]
    assert sum(annotation["specialization"].values()) == annotation["stacks"]["counted"]


def test_status_of_the_script(cli):
    assert cli("annotate", "--", sys.executable, "-c", "import time; time.sleep(0.3); raise SystemExit(7)").returncode == 7


def test_pager(cli, python, folder):
    """On a terminal, and when the command has ended; without one the terminal itself."""
    path = folder / "paged"
    pager = f"{python} -c '{FORWARD}' {path}"
    status, shown = cli.in_terminal("annotate", "--", python, MIXED, 0.7, PAGER=pager)
    assert status == 0
    assert "add_ints" in path.read_text() and "\x1b[" in path.read_text()
    assert "add_ints" not in shown
    path.unlink()
    status, shown = cli.in_terminal("annotate", "--", python, MIXED, 0.7, PAGER=pager, NO_COLOR="1")
    assert "add_ints" in path.read_text() and "\x1b" not in path.read_text()
    _, shown = cli.in_terminal("annotate", "--", python, MIXED, 0.7, PAGER="cat")
    assert "add_ints" in shown
    _, shown = cli.in_terminal("annotate", "--", python, MIXED, 0.7, PAGER="/no/such/pager")
    assert "add_ints" in shown


def test_no_pager_elsewhere(cli, python, folder):
    path = folder / "paged"
    result = cli("annotate", "--", python, MIXED, 0.5, env={"PAGER": f"touch {path}", "PATH": "/usr/bin:/bin"})
    assert "add_ints" in result.stdout and "\x1b" not in result.stdout
    assert not path.exists()


@pytest.mark.parametrize("arguments, message", [
    ([], "required: TARGET"),
    (["--pid", "x", ], "invalid process id: 'x'"),
    (["--pid", "0"], "invalid process id: '0'"),
    (["--pid", "1", "script.py"], "not allowed with script.py"),
    (["--pid", "1", "-m"], "not allowed with options --module"),
    (["--opcodes", "script.py"], "unrecognized arguments: --opcodes"),
    (["-l", "0", "script.py"], "invalid number of rows"),
])
def test_usage(cli, arguments, message):
    result = cli("annotate", *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "usage: tachyon-cli annotate" in result.stderr


def test_a_process_that_is_not_there(cli):
    result = cli("annotate", 2**22 + 1)
    assert result.returncode == 1
    assert str(2**22 + 1) in result.stderr


def test_a_function_that_was_not_seen(cli, python):
    assert "No function with that name was sampled." in cli("annotate", "-f", "nobody", "--", python, MIXED, 0.5).stdout
