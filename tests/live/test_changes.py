# SPDX-License-Identifier: Apache-2.0
"""Threads, interpreters and processes that come and go while they are read (targets/changes.py)."""

import json
import os
import pathlib
import re

import pytest

import interpreters
import snapshot

TARGETS = pathlib.Path(__file__).resolve().parent / "targets"
SAMPLES = 200
MOST_SAMPLES = 20000
CHURN_S = float(os.environ.get("TACHYON_CHURN_S", 1))
CHURN_INTERVAL_NS = 500_000
MOST_GROWTH_BYTES = 1 << 20


def native_ids(answers):
    return {thread["native_id"] for answer in answers if answer["status"] == 0 for thread in answer["threads"]}


def interpreter_ids(answers):
    return {thread["interpreter"] for answer in answers if answer["status"] == 0 for thread in answer["threads"]}


def watch(interpreter, *arguments, options=("--all",), enough=lambda answers: True, **start):
    """Samples of a program; each is a snapshot, or an error that passes. As many as are `enough`, within reason."""
    answers = []
    with interpreters.start(interpreter, TARGETS / "changes.py", *arguments, **start) as target:
        with snapshot.Conversation(target.pid, *options) as reader:
            assert reader.attached["status"] == 0
            while len(answers) < SAMPLES or (len(answers) < MOST_SAMPLES and not enough(answers)):
                answers.append(reader.ask("sample"))
    return answers


@pytest.mark.free_threaded
@pytest.mark.parametrize("change", ["threads", "interpreters", "forks"])
def test_what_changes(interpreter, change):
    """The main thread is in every snapshot; one bad thread costs no other."""
    if "-extra" in interpreter.name:
        pytest.skip("another build of the version is enough")
    # How many threads live and die meanwhile is the machine's business: the main thread, and others that took turns.
    enough = {"threads": lambda answers: len(native_ids(answers)) > 3,
              "interpreters": lambda answers: len(interpreter_ids(answers)) > 3,
              "forks": lambda answers: True}
    answers = watch(interpreter, change, enough=enough[change])
    good = [answer for answer in answers if answer["status"] == 0]
    # Lists that are being changed may not be followed now and then.
    assert len(good) > 0.9 * len(answers)
    assert {answer["status"] for answer in answers} <= {0, snapshot.ECORRUPT}
    mains = [[thread for thread in answer["threads"] if thread["status"] & 32] for answer in good]
    assert max(map(len, mains)) == 1
    assert sum(map(len, mains)) > 0.99 * len(good)
    mains = [main for main, *_ in filter(None, mains)]
    assert sum(thread["verdict"] in snapshot.PROVEN for thread in mains) > 0.9 * len(mains)
    assert {thread["name"] for thread in mains} == {"MainThread"}
    # A thread that is being made has no name yet, but not another's.
    assert all(sum(thread["name"] == "MainThread" for thread in answer["threads"] if not thread["interpreter"]) <= 1
               for answer in good)
    if change == "interpreters":
        assert len(interpreter_ids(good)) > 3
    if change == "threads":
        assert len(native_ids(good)) > 3


@pytest.mark.free_threaded
def test_a_thousand_threads_a_second(interpreter):
    """Nothing is made up, and nothing is kept of what has gone. The long run of CONTRIBUTING.md does it for a minute."""
    if "-extra" in interpreter.name and CHURN_S < 60:
        pytest.skip("another build of the version is enough")
    with interpreters.start(interpreter, TARGETS / "changes.py", "churn") as target:
        seen = snapshot.watch(target.pid, CHURN_S, CHURN_INTERVAL_NS, "--names")
        target.write_line()
        there = json.loads(target.read_line())
    functions, growth_bytes = seen.pop("functions"), seen["rss_bytes"] - seen["early_rss_bytes"]
    unproven = sum(seen["verdicts"][snapshot.REPAIRED + 1:])
    print(interpreter, seen, f"{there['threads'] / there['seconds']:.0f} threads a second", f"growth: {growth_bytes}")
    assert set(functions) <= {*there["functions"], "<GC>"}
    # The kernel's name, until threading has given it one; and none while its state is being made.
    kernel = "python" + re.escape(".".join(map(str, interpreter.version))) + "t?"
    assert all(re.fullmatch(rf"MainThread|end|worker-\d|{kernel}|", name) for name in seen["names"])
    # 3.13 without the GIL sometimes stands still for a second or two by itself, when one thread waits for another.
    if there["threads"] > 100 * CHURN_S or not interpreter.free_threaded:
        assert sum(seen["names"].get(f"worker-{number}", 0) for number in range(10)) > 0
    assert seen["other_names"] == seen["other_functions"] == 0
    assert seen["failed"] < 0.05 * seen["samples"] and unproven < 0.1 * sum(seen["verdicts"])
    assert seen["names"]["MainThread"] > 0.95 * (seen["samples"] - seen["failed"])
    assert growth_bytes < MOST_GROWTH_BYTES


def test_many_threads():
    """500 threads, each with its own stack; asking for each of them whether it is on CPU."""
    with interpreters.start(interpreters.load(extra=False)[-1], TARGETS / "changes.py", "many") as target:
        with snapshot.Conversation(target.pid, "--all", "--cpu") as reader:
            for _ in range(3):
                threads = reader.ask("sample")["threads"]
                assert len(threads) == 500
                assert all(thread["verdict"] == snapshot.VERIFIED for thread in threads)
                depths = sorted(sum(frame["name"] == "rest" for frame in thread["frames"]) for thread in threads)
                assert depths == sorted([0] + [number % 20 + 1 for number in range(499)])
                # 4: nobody could say.
                assert not any(thread["status"] & 4 for thread in threads)


def test_traces_of_the_jit(interpreter):
    """Stacks stay right where compiled traces run, and what these hide is said."""
    environment = {**os.environ, "PYTHON_JIT": "1"}
    enabled = "import sys; print(getattr(sys, '_jit', None) is not None and sys._jit.is_enabled())"
    if interpreter.run("-c", enabled, env=environment) != "True\n":
        pytest.skip("it has no JIT")
    with interpreters.start(interpreter, TARGETS / "spin.py", env=environment) as target:
        with snapshot.Conversation(target.pid, "--opcodes") as reader:
            threads = [reader.ask("sample")["threads"][0] for _ in range(SAMPLES)]
    assert sum(thread["verdict"] in snapshot.PROVEN for thread in threads) > 0.95 * SAMPLES
    leaves = [thread["frames"][0] for thread in threads]
    in_traces = [leaf for leaf in leaves if leaf["flags"] & snapshot.FRAME_TRACE]
    assert len(in_traces) > SAMPLES / 10
    assert all(leaf["instruction_flags"] & snapshot.INSTRUCTION_TRACE for leaf in in_traces)
