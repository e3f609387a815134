# SPDX-License-Identifier: Apache-2.0
"""Commands that become Python late, or start it as a child."""

import shlex

import pytest

from program import TARGETS, read_functions

BUSY = TARGETS / "busy.py"


def run(cli, folder, *command):
    result = cli("run", "--collapsed", "-o", folder / "stacks", "--", *command)
    return result, read_functions(folder / "stacks")


@pytest.mark.parametrize("script", [
    "exec {python} {busy} 0.4",
    "sleep 0.3; exec {python} {busy} 0.4",
    "{python} {busy} 0.4; true",
    "sleep 0.3; ({python} {busy} 0.4); true",
], ids=["exec", "late exec", "child", "late grandchild"])
def test_shell(cli, python, folder, script):
    words = script.format(python=shlex.quote(python), busy=shlex.quote(str(BUSY)))
    result, seen = run(cli, folder, "sh", "-c", words)
    assert (result.returncode, result.stdout) == (0, "ready\ndone\n")
    assert "inner" in seen


def test_status_is_that_of_the_command(cli, python, folder):
    result, seen = run(cli, folder, "sh", "-c", f"{shlex.quote(python)} {BUSY} 0.3 3; exit 5")
    assert result.returncode == 5
    assert "inner" in seen


def test_env(cli, python, folder):
    result, seen = run(cli, folder, "env", "A=b", python, BUSY, 0.3, 4)
    assert result.returncode == 4
    assert "inner" in seen


def test_virtual_environment(cli, python, folder):
    (folder / "tool").write_text(f"#!{python} -s\nimport runpy, sys\nsys.argv[1:] = ['0.3']\n"
                                 f"runpy.run_path({str(BUSY)!r}, run_name='__main__')\n")
    (folder / "tool").chmod(0o755)
    result, seen = run(cli, folder, folder / "tool")
    assert result.returncode == 0
    assert "inner" in seen


def test_python_that_becomes_another_python(cli, interpreter, folder):
    """One profile holds both."""
    result, seen = run(cli, folder, *interpreter.command, TARGETS / "relay.py", BUSY, 0.4, 6)
    assert (result.returncode, result.stdout) == (6, "ready\ndone\n")
    assert {"prepare", "inner"} <= seen
