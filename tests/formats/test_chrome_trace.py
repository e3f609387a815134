# SPDX-License-Identifier: Apache-2.0
"""--chrome-trace, by the rules of the Trace Event Format: events nest on their threads, times go forward, states pair up."""

import collections
import json

import pytest

PHASES = set("MBEbe")


@pytest.fixture(scope="module")
def trace(profile):
    return json.loads(profile("--chrome-trace", "--opcodes").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def events(trace):
    return trace["traceEvents"]


def test_every_event_has_what_readers_ask_for(events):
    assert {event["ph"] for event in events} == PHASES
    for event in events:
        assert isinstance(event["pid"], int) and 0 < event["tid"] < 2**31
        assert event["ph"] == "M" or 0 <= event["ts"] < 60e6
        assert event["ph"] == "E" or event["name"]


def test_slices_nest_and_go_forward(events):
    stacks, last = collections.defaultdict(list), {}
    for event in events:
        if event["ph"] not in "BE":
            continue
        assert event["ts"] >= last.get(event["tid"], 0)
        last[event["tid"]] = event["ts"]
        if event["ph"] == "B":
            stacks[event["tid"]].append(event["name"])
            assert len(stacks[event["tid"]]) < 100
        else:
            stacks[event["tid"]].pop()
    assert len(stacks) >= 3 and not any(stacks.values())


def test_time_is_where_the_program_spent_it(events):
    total, open_since = collections.Counter(), collections.defaultdict(list)
    for event in events:
        if event["ph"] == "B":
            open_since[event["tid"]].append((event["name"], event["ts"]))
        elif event["ph"] == "E":
            name, since = open_since[event["tid"]].pop()
            total[name] += event["ts"] - since
    assert total["consume"] > total["add"] > total["consume"] / 4


def test_states_pair_up_and_do_not_overlap(events):
    open_states, opcodes = {}, 0
    for event in sorted((event for event in events if event["ph"] in "be"), key=lambda event: event["ts"]):
        key = event["cat"], event["id"]
        if event["ph"] == "b":
            assert key not in open_states
            open_states[key] = event["name"]
            opcodes += event["cat"] == "opcode" and event["args"]["offset"] % 2 == 0 and event["args"].get("line", 0) > 0
        else:
            assert open_states.pop(key) == event["name"]
    assert not open_states and opcodes > 10


def test_facts_and_names_are_the_targets(trace, events, newest):
    version = newest.run("-c", "import platform; print(platform.python_version())").strip()
    names = {event["args"]["name"] for event in events if event["ph"] == "M"}
    assert {"worker-<b>1</b>", "worker-2", f"Python {version}"} <= names
    assert trace["otherData"]["python_version"] == version and trace["otherData"]["verified"] > 50


def test_hostile_names_arrive_whole(events):
    assert any(event.get("name", "").startswith("<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028")
               for event in events)
