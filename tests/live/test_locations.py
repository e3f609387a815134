# SPDX-License-Identifier: Apache-2.0
"""Names, positions and instructions are what the target itself computes with sys._getframe(), co_positions() and dis."""

import json
import pathlib
import re

import pytest

import interpreters
import snapshot
from conftest import TARGETS

SCENARIOS = re.findall(r"^@scenario\ndef (\w+)", (TARGETS / "park.py").read_text(), re.M)


def expected(target):
    return json.loads(target.ready)["threads"]


def strip(frame):
    """What both sides know of a frame. The byte as executing is unknown to a target that is traced."""
    keys = ["name", "qualname", "filename", "first_line", "position", "offset", "base", "argument"]
    return {key: frame.get(key) for key in keys}


def compare(thread, wanted):
    assert thread["verdict"] in snapshot.PROVEN
    found = snapshot.caller_frames(thread)
    for got, want in zip(found, wanted["frames"]):
        assert strip(got) == strip(want)
        if want["executing"] is not None:
            assert got["executing"] == want["executing"]
    assert len(found) == len(wanted["frames"])


@pytest.mark.free_threaded
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_frames_are_what_the_target_says(interpreter, park, scenario):
    with interpreters.start(interpreter, park, scenario) as target:
        sample = snapshot.take(target.pid, "--all", "--opcodes")
        assert sample["status"] == 0, sample
        assert sample["python_version"] == list(interpreter.version)
        for wanted in expected(target):
            compare(snapshot.thread(sample, wanted["native_id"]), wanted)


@pytest.mark.free_threaded
def test_main_thread_alone(interpreter, park):
    """Without --all there is one thread, the main one, whatever the others do."""
    with interpreters.start(interpreter, park, "threads") as target:
        sample = snapshot.take(target.pid, "--opcodes")
        wanted = expected(target)[-1]
        assert [thread["native_id"] for thread in sample["threads"]] == [wanted["native_id"]]
        compare(sample["threads"][0], wanted)


@pytest.mark.free_threaded
def test_thread_names(interpreter, park):
    """What threading says, or the kernel's name, which from 3.14 on is threading's, cut short."""
    with interpreters.start(interpreter, park, "threads") as target:
        sample = snapshot.take(target.pid, "--all")
        for wanted in expected(target):
            kernel = pathlib.Path(f"/proc/{target.pid}/task/{wanted['native_id']}/comm").read_text().rstrip("\n")
            assert snapshot.thread(sample, wanted["native_id"])["name"] in (wanted["name"], kernel)


@pytest.mark.free_threaded
def test_stopping_gives_the_same(interpreter, park):
    with interpreters.start(interpreter, park, "generators") as target:
        sample = snapshot.take(target.pid, "--stop", "--opcodes")
        compare(sample["threads"][0], expected(target)[0])


@pytest.mark.free_threaded
def test_generator_frames_are_marked(interpreter, park):
    with interpreters.start(interpreter, park, "generators") as target:
        frames = snapshot.caller_frames(snapshot.take(target.pid)["threads"][0])
        marked = [frame["name"] for frame in frames if frame["flags"] & snapshot.FRAME_GENERATOR]
        assert marked == ["leaf", "middle"]


@pytest.mark.free_threaded
def test_a_resting_target_costs_one_system_call(interpreter, park):
    """The prediction: after the first samples nothing but one vector read is made, deep stacks included."""
    with interpreters.start(interpreter, park, "coroutines") as target:
        with snapshot.Conversation(target.pid, "--opcodes") as library:
            first = [library.ask("sample") for _ in range(5)][-1]
            before = library.ask("statistics")
            # Names of threads, which a sample that is shown asks for, are looked up again every second.
            after = library.ask("repeat 20")
            assert after["syscalls"] - before["syscalls"] == 20
            last = library.ask("sample")
            frames = last["threads"][0]["frames"]
            assert frames == first["threads"][0]["frames"]
            assert last["threads"][0]["unchanged_frames"] == len(frames)


def test_positions_switched_off(interpreter, park):
    """-X no_debug_ranges: lines are known, columns are not."""
    with interpreters.start(interpreter, park, "nested_functions", flags=["-X", "no_debug_ranges"]) as target:
        wanted = expected(target)[0]
        assert wanted["frames"][0]["position"][2:] == [-1, -1]
        compare(snapshot.take(target.pid, "--opcodes")["threads"][0], wanted)


@pytest.mark.free_threaded
@pytest.mark.parametrize("scenario", ["nested_functions", "coroutines", "names_in_emoji", "threads", "deep_recursion"])
def test_a_capture_says_the_same(interpreter, park, scenario, tmp_path):
    """A capture outlives its process and needs nothing but the file."""
    path = tmp_path / "capture"
    with interpreters.start(interpreter, park, scenario) as target:
        wanted = expected(target)
        with snapshot.Conversation(target.pid, "--all", "--opcodes") as library:
            assert library.attached["status"] == 0
            assert library.ask(f"capture {path}")["status"] == 0
    sample = snapshot.open_capture(path, "--all", "--opcodes")
    assert sample["is_capture"] == 1
    for thread in wanted:
        compare(snapshot.thread(sample, thread["native_id"]), thread)
