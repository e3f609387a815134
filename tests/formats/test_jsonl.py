# SPDX-License-Identifier: Apache-2.0
"""--jsonl, read by the schema that CPython 3.15 writes down in its jsonl_collector.py."""

import collections
import json
import re

import pytest


def read(path):
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({record["run_id"] for record in records}) == 1
    assert re.fullmatch("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", records[0]["run_id"])
    assert all(record["v"] == 0 for record in records)
    return records


def entries(records, key, **wanted):
    """All entries of the chunks of one table."""
    chunks = [record[key] for record in records
              if key in record and all(record.get(name) == value for name, value in wanted.items())]
    assert all(0 < len(chunk) <= 256 for chunk in chunks)
    return [entry for chunk in chunks for entry in chunk]


@pytest.fixture(scope="module")
def records(profile):
    return read(profile("--jsonl", "--opcodes", "--times"))


def test_records_stand_in_cpythons_order(records):
    types = [record["type"] for record in records]
    assert types[0] == "meta" and types[-1] == "end" and types.count("end") == 1
    known = [kind for kind in dict.fromkeys(types) if kind not in ("thread_table", "stack_table", "sample_table")]
    assert known == ["meta", "string_table", "frame_table", "agg", "end"]
    assert records[0]["sample_interval_usec"] == 500 and records[0]["mode"] == "wall"


def test_ids_are_dense_and_everything_refers_to_something(records):
    strings = entries(records, "strings")
    frames = entries(records, "frames")
    assert [string["str_id"] for string in strings] == list(range(len(strings)))
    assert [frame["frame_id"] for frame in frames] == list(range(len(frames)))
    for frame in frames:
        assert frame["path_str_id"] < len(strings) and frame["func_str_id"] < len(strings)
    for entry in entries(records, "entries", kind="frame") + entries(records, "entries", kind="instruction"):
        assert entry["frame_id"] < len(frames)


def test_counts_agree(records):
    total = records[-1]["samples_total"]
    assert total > 50
    frames = entries(records, "entries", kind="frame")
    stacks = entries(records, "entries", kind="stack")
    instructions = entries(records, "entries", kind="instruction")
    assert sum(entry["self"] for entry in frames) == sum(entry["self"] for entry in stacks) == total
    assert sum(entry["self"] for entry in instructions) <= total
    assert all(entry["self"] <= entry["cumulative"] <= total for entry in frames)


def test_times_are_in_order_and_add_up_to_the_stacks(records):
    samples = entries(records, "samples")
    times = [sample["time_ns"] for sample in samples]
    assert times == sorted(times) and times[-1] - times[0] <= records[-1]["duration_ns"]
    counted = collections.Counter((sample["stack_id"], sample["thread_id"]) for sample in samples)
    stacks = entries(records, "entries", kind="stack")
    assert counted == {(entry["stack_id"], entry["thread_id"]): entry["self"] for entry in stacks}


def test_two_instructions_of_a_line_stay_two(records):
    strings = [string["value"] for string in entries(records, "strings")]
    frames = entries(records, "frames")
    offsets = {(strings[frames[entry["frame_id"]]["func_str_id"]], entry["offset"])
               for entry in entries(records, "entries", kind="instruction") if entry["base_opname"] == "BINARY_OP"}
    assert len([offset for name, offset in offsets if name == "add"]) == 3


def test_threads_have_their_names(records):
    names = {thread["name"]: thread["main"] for thread in entries(records, "threads")}
    assert names["worker-<b>1</b>"] is names["worker-2"] is False and True in names.values()


def test_hostile_names_arrive_whole(records):
    assert any(string["value"].startswith("<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028")
               for string in entries(records, "strings"))
