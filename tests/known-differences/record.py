# SPDX-License-Identifier: Apache-2.0
"""Runs inside of CPython 3.15: makes a recording of its profiler's from samples that tachyon-cli took.

    record.py JSONL RECORDING

JSONL is what `tachyon-cli run --jsonl --times` wrote. The recording is written by CPython's own writer."""

import itertools
import json
import sys

from _remote_debugging import BinaryWriter, FrameInfo, InterpreterInfo, LocationInfo, ThreadInfo

WALL, HAS_MAIN = 0, 32


def tables(path):
    """{name: {id: entry}} of all tables, the samples, and the first record."""
    found, samples, meta = {}, [], None
    ids = {"strings": "str_id", "frames": "frame_id", "threads": "thread_id", "stacks": "stack_id"}
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        meta = meta or record
        samples += record.get("samples", [])
        for name, key in ids.items():
            for entry in record.get(name, []):
                found.setdefault(name, {})[entry[key]] = entry
    return found, samples, meta


def frame(found, number):
    entry = found["frames"][number]
    location = None
    # A module begins on line 0, which is a line; without any place it is what is not known.
    if entry["line"] > 0 or "end_line" in entry:
        location = LocationInfo((entry["line"], entry.get("end_line", -1), entry.get("col", -1), entry.get("end_col", -1)))
    strings = found["strings"]
    return FrameInfo((strings[entry["path_str_id"]]["value"], location, strings[entry["func_str_id"]]["value"], None))


def stack(found, frames, number):
    """Innermost first, as the profiler has them."""
    while number is not None:
        entry = found["stacks"][number]
        yield frames[entry["frame_id"]]
        number = entry.get("parent_id")


def main():
    found, samples, meta = tables(sys.argv[1])
    frames = {number: frame(found, number) for number in found["frames"]}
    stacks = {number: list(stack(found, frames, number)) for number in found["stacks"]}
    start_us = samples[0]["time_ns"] // 1000
    writer = BinaryWriter(sys.argv[2], meta["sample_interval_usec"], start_us, compression=0, mode=WALL)
    for time_ns, group in itertools.groupby(samples, lambda sample: sample["time_ns"]):
        threads = [ThreadInfo((found["threads"][sample["thread_id"]]["tid"],
                               HAS_MAIN if found["threads"][sample["thread_id"]]["main"] else 0,
                               stacks[sample["stack_id"]])) for sample in group]
        writer.write_sample([InterpreterInfo((0, threads))], time_ns // 1000)
    writer.finalize()
    print(sum(1 for _ in samples))


main()
