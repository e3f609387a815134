# SPDX-License-Identifier: Apache-2.0
"""--subprocesses --merge, in every format: four processes in one result, in which each format counts the same samples of the
function that the children run. Each is read by a few lines that know its layout and nothing of ours."""

import collections
import gzip
import json
import marshal
import re

import pytest
from interpreters import load

from program import TARGETS, read_stats

FAMILY = TARGETS / "family.py"
FUNCTION = "work"
INTERVAL_US = 2000
SLOT = re.compile(r'<script type="application/json" id="profile">(.*?)</script>', re.DOTALL)
FORMATS = ("pstats", "collapsed", "flamegraph", "heatmap", "gecko", "speedscope", "jsonl", "chrome-trace", "pprof",
           "callgrind", "perfetto", "binary")


@pytest.fixture(scope="module")
def merged(cli, tmp_path_factory):
    """(folder, process ids: the parent's first, stats) of one run with every format."""
    folder = tmp_path_factory.mktemp("merged")
    interpreter = load(extra=False)[-1]
    result = cli("run", "--subprocesses", "--merge", "--opcodes", "-r", f"{1_000_000 // INTERVAL_US}hz", "--stats",
                 folder / "stats", *(f"--{name}={folder / name}" for name in FORMATS), "--", *interpreter.command, FAMILY,
                 "fork", 0.3, 3)
    assert result.returncode == 0, result.stderr
    assert "Profiled 4 processes\n" in result.stderr
    return folder, json.loads(result.stdout), read_stats(folder / "stats")


# ---- (samples of the function, process ids or None where the format has no place for them) ----

def stacks_of(path):
    """[(thread's id, frames, count)…] of collapsed stacks, without what the innermost frame executes."""
    lines = [re.fullmatch(r"tid:(\d+);(.*?)(?:;\[\w+\])? (\d+)", line) for line in path.read_text().splitlines()]
    return [(int(line[1]), line[2].split(";"), int(line[3])) for line in lines]


def of_collapsed(path):
    stacks = stacks_of(path)
    return sum(count for _, frames, count in stacks if f":{FUNCTION}:" in frames[-1]), {tid for tid, _, _ in stacks}


def of_pstats(path):
    table = marshal.loads(path.read_bytes())
    return sum(row[0] for place, row in table.items() if place[-1] == FUNCTION), None


def of_flamegraph(path):
    data = json.loads(SLOT.search(path.read_text())[1])
    places = [data["strings"][name] for name in data["places"]["name"]]
    nodes = zip(data["nodes"]["place"], data["nodes"]["self"])
    tids = {int(thread["tid"]) for thread in data["threads"]}
    return sum(samples for place, samples in nodes if place >= 0 and places[place] == FUNCTION), tids


def of_heatmap(path):
    files = json.loads(SLOT.search((path / "index.html").read_text())[1])["files"]
    page = next(file["page"] for file in files if file["path"].endswith(FAMILY.name))
    data = json.loads(SLOT.search((path / page).read_text())[1])
    first, end = (next(number for number, line in enumerate(FAMILY.read_text().splitlines(), 1) if line.startswith(text))
                  for text in (f"def {FUNCTION}(", "def fork_one("))
    return sum(own for line, own in zip(data["heat"]["line"], data["heat"]["self"]) if first <= line < end), None


def of_gecko(path):
    data = json.loads(path.read_text())
    shared = data["shared"]
    names = [shared["stringArray"][name] for name in shared["funcTable"]["name"]]
    leaves = [names[shared["frameTable"]["func"][frame]] for frame in shared["stackTable"]["frame"]]
    stacks = [stack for thread in data["threads"] for stack in thread["samples"]["stack"]]
    return (sum(stack is not None and leaves[stack] == FUNCTION for stack in stacks),
            {int(thread["pid"]) for thread in data["threads"]})


def of_speedscope(path):
    """Instructions are frames of their own, above that of their function."""
    data = json.loads(path.read_text())
    names = [frame["name"] for frame in data["shared"]["frames"]]
    total = sum(weight for profile in data["profiles"] for stack, weight in zip(profile["samples"], profile["weights"])
                if FUNCTION in [names[frame] for frame in stack[-2:]])
    return total // (INTERVAL_US * 1000), {int(re.search(r"tid (\d+)", profile["name"])[1]) for profile in data["profiles"]}


def of_jsonl(path):
    records = [json.loads(line) for line in path.read_text().splitlines()]

    def entries(key, **wanted):
        return [entry for record in records if all(record.get(name) == value for name, value in wanted.items())
                for entry in record.get(key, ())]

    strings = {entry["str_id"]: entry["value"] for entry in entries("strings")}
    frames = {entry["frame_id"] for entry in entries("frames") if strings[entry["func_str_id"]] == FUNCTION}
    return sum(entry["self"] for entry in entries("entries", kind="frame") if entry["frame_id"] in frames), None


def of_chrome_trace(path):
    """Slices, not samples: who is in it alone."""
    events = json.loads(path.read_text())["traceEvents"]
    return None, {event["pid"] for event in events if event.get("name") == FUNCTION}


def of_callgrind(path):
    """Costs of a function itself are the lines that do not follow one of calls."""
    total, name, names, follows = 0, None, {}, False
    for line in path.read_text().splitlines():
        if match := re.fullmatch(r"c?fn=\((\d+)\)(?: (.*))?", line):
            names[match[1]] = match[2] or names[match[1]]
            name = names[match[1]] if line[0] == "f" else name
        elif match := re.fullmatch(r"[+\-*]?\w* [+\-*]?\d* ?(\d+)( \d+)*", line):
            total += int(line.split()[2]) if name == FUNCTION and not follows else 0
        follows = line.startswith("calls=")
    return total, None


def varint(data, at):
    """(value, where it ends)"""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def fields(data):
    """(field, value)…: numbers and blocks of bytes of a message in the format of protocol buffers."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key % 8
        value, at = varint(data, at) if kind in (0, 2) else ({1: 8, 5: 4}[kind], at)
        yield key // 8, value if kind == 0 else data[at:at + value]
        at += 0 if kind == 0 else value


def numbers(value):
    """Of a field that repeats: one number, or a block of them."""
    found, at = ([value], 0) if isinstance(value, int) else ([], 0)
    while not isinstance(value, int) and at < len(value):
        number, at = varint(value, at)
        found.append(number)
    return found


def of_pprof(path):
    profile = list(fields(gzip.decompress(path.read_bytes())))
    strings = [value.decode() for field, value in profile if field == 6]
    functions = {entry[1]: strings[entry[2]] for entry in (dict(fields(value)) for field, value in profile if field == 5)}
    locations = {entry[1]: functions[dict(fields(entry[4]))[1]] for entry in
                 (dict(fields(value)) for field, value in profile if field == 4)}
    samples = [dict(fields(value)) for field, value in profile if field == 2]
    return sum(numbers(sample[2])[0] for sample in samples if locations[numbers(sample[1])[0]] == FUNCTION), None


def of_perfetto(path):
    packets = [dict(fields(packet)) for _, packet in fields(path.read_bytes())]
    tables, total, pids = {table: {} for table in (5, 6, 7)}, 0, set()
    for table, value in (entry for packet in packets for entry in fields(packet.get(12, b""))):
        if table in tables:
            entry = list(fields(value))
            tables[table][dict(entry)[1]] = [part for field, part in entry if field == 2]
    for sample in (dict(fields(packet[135])) for packet in packets if 135 in packet):
        leaf = [frame for part in tables[7][sample[6]] for frame in numbers(part)][-1]
        total += tables[5][tables[6][leaf][0]][0] == FUNCTION.encode()
        pids.add(dict(fields(sample[1]))[2])
    return total, pids


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "binary"])
def test_all_are_counted(merged, name):
    folder, pids, _ = merged
    wanted, _ = of_collapsed(folder / "collapsed")
    counted, seen = globals()[f"of_{name.replace('-', '_')}"](folder / name)
    assert wanted > 100
    assert counted in (None, wanted)
    assert seen is None or seen == set(pids[1:] if name == "chrome-trace" else pids)


def test_a_recording_of_all(merged, cli):
    """Replayed, it is what was written at once."""
    folder, _, stats = merged
    result = cli("replay", f"--collapsed={folder / 'again'}", folder / "binary")
    assert result.returncode == 0, result.stderr
    assert f"({stats['verified']} verified, {stats['repaired']} repaired" in result.stderr
    written, replayed = collections.Counter(), collections.Counter()
    for counter, name in ((written, "collapsed"), (replayed, "again")):
        for tid, frames, count in stacks_of(folder / name):
            counter[tid, *frames] += count
    assert replayed == written
