# SPDX-License-Identifier: Apache-2.0
"""Modes, artificial frames and blocking, as the command line offers them. What they mean under which interpreter is tested
in tests/live: here is one enough."""

import ctypes
import os
import pathlib

import pytest
from interpreters import Interpreter, start

from program import read_stacks

STATES = pathlib.Path(__file__).resolve().parent.parent / "live" / "targets" / "states.py"
PTRACE_SEIZE, PTRACE_DETACH, PTRACE_INTERRUPT = 0x4206, 17, 0x4207
WALL_WAIT = 0x40000000


@pytest.fixture
def some_python(python):
    """For what does not depend on the version."""
    return Interpreter("3.11", (python,))


def functions(stacks):
    """Names of the functions that are a thread's own."""
    return {frame.split(":")[-2] for stack in stacks for frame in stack if frame.split(":")[0].endswith("states.py")}


def attach(cli, target, path, *options):
    result = cli("attach", "-a", "-d", 0.15, "--collapsed", "-o", path, *options, target.pid)
    assert result.returncode == 0, result.stderr
    return read_stacks(path) if path.exists() else {}, result.stderr


def test_modes_select_threads(cli, some_python, folder):
    with start(some_python, STATES, "spin", "handler", "sleep") as target:
        seen = {mode: functions(attach(cli, target, folder / mode, "--mode", mode)[0])
                for mode in ("wall", "cpu", "gil", "exception")}
    assert seen["wall"] >= {"main", "spin", "handler", "sleep"}
    assert seen["cpu"] == seen["gil"] == {"spin"}
    assert seen["exception"] == {"handler", "sleep"}


def test_a_mode_in_which_nothing_happens(cli, some_python, folder):
    with start(some_python, STATES, "sleep") as target:
        for mode, reason in (("cpu", "CPU mode when all threads are idle"), ("gil", "GIL mode when no"),
                             ("exception", "exception mode when no")):
            stacks, errors = attach(cli, target, folder / mode, "--mode", mode)
            assert not stacks
            assert "No samples were collected.\nThis can happen in " + reason in errors
            assert "Error rate: 0.00" in errors


def test_native_and_gc(cli, some_python, folder):
    with start(some_python, STATES, "callback", "collect") as target:
        def names(*options):
            stacks, _ = attach(cli, target, folder / "stacks", *options)
            return {frame for stack in stacks for frame in stack if frame.startswith("<")}

        assert names() == {"<GC>"}
        assert names("--native") == {"<GC>", "<native>"}
        assert names("--no-gc", "--native") == {"<native>"}
        assert names("--no-gc") == set()
        text = cli("dump", "-a", "--native", target.pid).stdout
    assert "\n  <GC>\n" in text and "\n  <native>\n" in text
    assert "(main thread, idle, most recent call last)" in text


def test_usage(cli):
    result = cli("run", "--gecko", "--mode", "cpu", "--limit", 3, "x.py")
    assert result.returncode == 2
    assert "Option --mode is incompatible with --gecko" in result.stderr
    assert "Options --limit are only valid with --pstats" in result.stderr
    assert "argument --mode: invalid choice: 'fast' (choose from wall, cpu, gil, exception)" in cli(
        "run", "--mode", "fast", "x.py").stderr
    assert cli("run", "--gecko", "--mode", "wall", "/nonexistent.py").returncode != 2


def test_blocking_often_is_warned_of(cli, some_python, folder):
    with start(some_python, STATES, "spin") as target:
        for rate, warned in (("20khz", True), ("10khz", False)):
            result = cli("attach", "--blocking", "-r", rate, "-d", 0.1, "-o", folder / "p", target.pid)
            assert result.returncode == 0, result.stderr
            assert ("Warning: --blocking stops every sampled thread 20000 times a second" in result.stderr) == warned


def test_blocking_where_a_debugger_is_attached(cli, some_python, folder):
    libc = ctypes.CDLL(None, use_errno=True)
    with start(some_python, STATES) as target:
        assert libc.ptrace(PTRACE_SEIZE, target.pid, None, None) == 0
        blocking = cli("attach", "--blocking", "-d", 0.2, "-o", folder / "p", target.pid)
        reading = cli("attach", "-d", 0.2, "-o", folder / "q", target.pid)
        assert libc.ptrace(PTRACE_INTERRUPT, target.pid, None, None) == 0
        os.waitpid(target.pid, WALL_WAIT)
        assert libc.ptrace(PTRACE_DETACH, target.pid, None, None) == 0
    assert blocking.returncode == 1
    assert f"process {os.getpid()} (" in blocking.stderr and "is attached to it" in blocking.stderr
    assert len([line for line in blocking.stderr.splitlines() if "cannot stop" in line]) == 1
    assert reading.returncode == 0
