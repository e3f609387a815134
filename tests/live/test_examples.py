# SPDX-License-Identifier: Apache-2.0
"""The small programs of examples/, on one interpreter: what they print of a program that says itself where it rests."""

import json
import subprocess

import interpreters
import pytest
from conftest import TARGETS

EXAMPLES = interpreters.BUILD / "examples"
TIMEOUT_S = 30
NOBODY = 0  # no process has this id
CALLER = 1  # the depth at which park.py's own account begins: above it is park()


def run(name, *arguments):
    return subprocess.run([EXAMPLES / name, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=TIMEOUT_S)


def output(name, *arguments):
    done = run(name, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def target():
    newest = interpreters.load(extra=False)[-1]
    with interpreters.start(newest, TARGETS / "park.py", "nested_functions") as target:
        yield target


@pytest.fixture(scope="module")
def frames(target):
    """What the program says of its main thread, leaf first, from the caller of park() on."""
    [thread] = json.loads(target.ready)["threads"]
    return thread["frames"]


def place(frame):
    return f"{frame['filename']}:{frame['position'][0]}"


def test_hello(target, frames):
    park, *callers = output("hello", target.pid)
    assert park.split()[1] == "park"
    # Here and below the specialized form may stand in the generic one's place, and begins with its name.
    assert len(callers) == len(frames)
    for line, frame in zip(callers, frames):
        assert line.startswith(f"{place(frame)} {frame['qualname']} {frame['base']}")


def test_dump(target, frames):
    head, *lines = output("dump", target.pid)
    assert head.startswith("thread ") and head.endswith('"MainThread", main, verified')
    assert [line.strip() for line in lines[-len(frames):]] == [f"{f['qualname']} ({place(f)})" for f in frames]
    assert lines[-len(frames) - 1].startswith("  park (")
    assert lines[0].strip() == "<native>"  # os.read()


def test_disassemble(target, frames):
    caller = frames[0]
    head, *rows = output("disassemble", target.pid, CALLER)
    assert head == f"{caller['qualname']} ({caller['filename']}:{caller['first_line']})"
    [current] = [row for row in rows if row.startswith(" ->")]
    assert int(current.split()[1]) == caller["offset"]
    assert current.split()[2].startswith(caller["base"])
    assert f"line {caller['position'][0]}" in rows


def test_disassemble_deeper_than_the_stack(target, frames):
    done = run("disassemble", target.pid, CALLER + len(frames))
    assert done.returncode == 1 and done.stdout == "" and done.stderr.startswith("disassemble: ")


def test_custom_collector(target):
    *functions, total = output("custom-collector", target.pid, 0.2)
    samples, word = total.split()
    assert word == "samples" and int(samples) > 0
    # It rests: whatever was sampled was park(), and every sample is accounted for.
    [function] = functions
    assert function.split()[:2] == [samples, "park"]


@pytest.mark.parametrize("name", ["hello", "dump", "disassemble", "custom-collector"])
def test_nobody(name):
    done = run(name, NOBODY)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"{name}: ") and len(done.stderr.strip()) > len(name) + 2
