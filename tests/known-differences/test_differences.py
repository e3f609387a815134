# SPDX-License-Identifier: Apache-2.0
"""The same samples through CPython 3.15's profiler and through ours: every count is equal, and every difference in what is
said about them is one of README.md's. A test named after a difference fails when that difference is gone."""

import collections
import json
import marshal
import os
import pathlib
import re

import pytest

WORK = pathlib.Path(__file__).resolve().parent.parent / "formats" / "targets" / "work.py"
EVIL = "<script>alert(1)</script>"
README = (pathlib.Path(__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_difference_is_explained():
    told = set(re.findall(r"`(test_\w+)`", README))
    here = {name for name in globals() if name.startswith("test_differs_")}
    assert here and told == here


# ---- one recording, both tools ----

def test_our_replay_of_their_recording_is_theirs(replayed, theirs):
    """What is not in a recording of CPython's (names, verdicts) is in no replay of it."""
    mine, other = (marshal.loads(path.read_bytes()) for path in (replayed("pstats"), theirs("pstats")))
    # How much of the start of the program is seen depends on how busy the machine is.
    assert len(mine) > 10
    assert mine == other
    assert read_jsonl(replayed("jsonl"))[1] == read_jsonl(theirs("jsonl"))[1]
    mine, other = read_collapsed(replayed("collapsed"))[0], read_collapsed(theirs("collapsed"))[0]
    assert all(other[stack] == samples for stack, samples in mine.items() if EVIL not in stack)
    (_, mine), (_, other) = read_gecko(replayed("gecko")), read_gecko(theirs("gecko"))
    assert {thread: by_line(counts) for thread, counts in mine.items()} == {
        thread: by_line(counts) for thread, counts in other.items()}


# ---- pstats ----

def test_pstats_files_are_equal(ours, theirs):
    """Places, counts, times and callers."""
    mine, other = (marshal.loads(path.read_bytes()) for path in (ours("pstats"), theirs("pstats")))
    # How much of the start of the program is seen depends on how busy the machine is.
    assert len(mine) > 10
    assert mine == other


# ---- collapsed ----

def read_collapsed(path):
    """{stack: samples} of the lines that are whole, and the rest."""
    stacks, broken = collections.Counter(), []
    for line in path.read_text(encoding="utf-8", errors="surrogatepass").split("\n"):
        match = re.fullmatch(r"(tid:\d+;\S.*) (\d+)", line)
        if match:
            stacks[match[1]] += int(match[2])
        elif line:
            broken.append(line)
    return stacks, broken


def test_collapsed_stacks_are_equal(ours, theirs):
    mine, other = read_collapsed(ours("collapsed"))[0], read_collapsed(theirs("collapsed"))[0]
    ordinary = {stack: samples for stack, samples in mine.items() if EVIL not in stack}
    assert len(ordinary) > 5
    assert ordinary == {stack: samples for stack, samples in other.items() if EVIL not in stack}


def test_differs_collapsed_names_keep_their_line(ours, theirs):
    """Ours are cleaned; theirs break at the line ends of a name."""
    (mine, broken), (other, broken_other) = read_collapsed(ours("collapsed")), read_collapsed(theirs("collapsed"))
    assert not broken and broken_other
    evil = [stack for stack in mine if EVIL in stack]
    assert evil and all("\\x0a\\x0d\\x1b[31m," in stack for stack in evil)
    lost = sum(mine[stack] for stack in evil)
    assert sum(mine.values()) - sum(samples for stack, samples in other.items() if EVIL not in stack) == lost


# ---- JSON lines ----

def read_jsonl(path):
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    strings, frames, counts = {}, {}, {}
    for record in records:
        strings.update((entry["str_id"], entry["value"]) for entry in record.get("strings", []))
        frames.update((entry["frame_id"], entry) for entry in record.get("frames", []))
        for entry in record["entries"] if record.get("kind") == "frame" else ():
            frame = dict(frames[entry["frame_id"]])
            place = strings[frame.pop("path_str_id")], strings[frame.pop("func_str_id")]
            del frame["frame_id"]
            counts[place + tuple(sorted(frame.items()))] = entry["self"], entry["cumulative"]
    return records, counts


def test_jsonl_counts_are_equal(ours, theirs):
    """By file, function, line, end line and both columns."""
    (records, mine), (other_records, other) = read_jsonl(ours("jsonl")), read_jsonl(theirs("jsonl"))
    # How much of the start of the program is seen depends on how busy the machine is.
    assert len(mine) > 10
    assert mine == other
    assert records[-1]["samples_total"] == other_records[-1]["samples_total"]


def test_differs_jsonl_says_more(ours, theirs):
    """Every member of theirs is in ours with the same value; ours has more, which their schema lets readers skip."""
    (records, _), (other_records, _) = read_jsonl(ours("jsonl")), read_jsonl(theirs("jsonl"))
    for mine, other in ((records[0], other_records[0]), (records[-1], other_records[-1])):
        assert {key: mine[key] for key in other if key != "run_id"} == {
            key: value for key, value in other.items() if key != "run_id"}
        assert len(mine) > len(other)
    types, other_types = ({record["type"] for record in of} for of in (records, other_records))
    assert types - other_types == {"thread_table", "stack_table", "sample_table"} and other_types <= types


# ---- gecko ----

def read_gecko(path):
    """The profile, and {tid: leaf samples by (function, line, column)}; what is not known is None."""
    profile = json.loads(path.read_text(encoding="utf-8"))
    strings, found = profile["shared"]["stringArray"], {}
    for thread in profile["threads"]:
        tables = profile["shared"] if "stackTable" in profile["shared"] else thread
        frames, functions = tables["frameTable"], tables["funcTable"]
        found[int(thread["tid"])] = collections.Counter(
            (strings[functions["name"][frames["func"][frame]]], frames["line"][frame], frames["column"][frame])
            for frame in (tables["stackTable"]["frame"][stack] for stack in thread["samples"]["stack"] if stack is not None))
    return profile, found


@pytest.fixture(scope="module")
def geckos(ours, theirs):
    return read_gecko(ours("gecko")), read_gecko(theirs("gecko"))


def by_line(counts):
    merged = collections.Counter()
    for (name, line, _), samples in counts.items():
        merged[name, line or 0] += samples
    return merged


def test_gecko_counts_are_equal(geckos):
    (_, mine), (_, other) = geckos
    assert len(mine) == 3 and set(mine) == set(other)
    for thread, counts in mine.items():
        assert by_line(counts) == by_line(other[thread])


def test_differs_gecko_columns_begin_at_one(geckos):
    (_, mine), (_, other) = geckos
    for thread, counts in mine.items():
        shifted = collections.Counter()
        for (name, line, column), samples in other[thread].items():
            shifted[name, line or None, None if column is None else column + 1] += samples
        assert counts == shifted and counts != other[thread]


def test_differs_gecko_facts_are_the_targets(geckos):
    (mine, _), (other, _) = geckos
    assert {thread["name"] for thread in mine["threads"]} > {"worker-<b>1</b>", "worker-2"}
    assert all(re.fullmatch(r"Thread-\d+", thread["name"]) for thread in other["threads"])
    main = next(thread for thread in mine["threads"] if thread["isMainThread"])
    assert main["pid"] == main["tid"]
    assert main["pid"] not in {thread["pid"] for thread in other["threads"]}
    assert mine["meta"]["product"].startswith("Python 3.15") and other["meta"]["product"] == "Python"


def test_differs_gecko_threads_share_their_tables(geckos):
    (mine, _), (other, _) = geckos
    assert mine["meta"]["preprocessedProfileVersion"] > other["meta"]["preprocessedProfileVersion"]
    assert "stackTable" in mine["shared"] and all("stackTable" in thread for thread in other["threads"])


def test_differs_gecko_has_a_schema_for_every_marker(geckos):
    (mine, _), (other, _) = geckos

    def without_schema(profile):
        schemas = {schema["name"] for schema in profile["meta"]["markerSchema"]}
        return {data["type"] for thread in profile["threads"] for data in thread["markers"]["data"]} - schemas

    assert not without_schema(mine) and without_schema(other)


# ---- flame graph ----

def test_flamegraph_counts_are_equal_but_for_what_is_rare(ours, theirs):
    """Theirs leaves out nodes below 0.1 %, if there are any; what it shows is what our stacks add up to."""
    text = theirs("flamegraph").read_text(encoding="utf-8", errors="surrogatepass")
    data = json.loads(re.search(r"EMBEDDED_DATA\s*=\s*(\{.*?\});?\n", text, re.DOTALL)[1])
    strings, shown = data["strings"], collections.Counter()
    nodes = [data]
    while nodes:
        node = nodes.pop()
        nodes += node["children"]
        if "funcname" in node:
            shown[strings[node["funcname"]], node["lineno"]] += node["self"]
    samples = read_jsonl(ours("jsonl"))[1]
    mine = collections.Counter()
    for (_, function, *rest), (own, _) in samples.items():
        mine[function, dict(rest)["line"]] += own
    assert data["value"] == sum(mine.values())
    assert all(samples <= mine[place] for place, samples in shown.items())
    missing = sum(mine.values()) - sum(shown.values())
    assert 0 <= missing < 0.1 * data["value"]


# ---- recordings ----

RECORDINGS = pathlib.Path(__file__).resolve().parent.parent / "data" / "recordings"


def replayed(cli, folder, recording, *options):
    path = folder / "replayed.txt"
    result = cli("replay", *options, f"--collapsed={path}", recording)
    assert result.returncode == 0, result.stderr
    return read_collapsed(path)[0]


def test_recordings_of_cpython_give_the_same_stacks(cli, folder):
    """Beside them is what CPython's replay made of them."""
    mine = collections.Counter()
    for stack, samples in replayed(cli, folder, RECORDINGS / "cpython-none.bin", "--no-opcodes").items():
        mine[re.sub(r";_sync_coordinator\.py:[^;]*", "", stack)] += samples
    assert mine == read_collapsed(RECORDINGS / "cpython-none.txt")[0]


def test_differs_recordings_show_the_launcher(cli, folder):
    mine = replayed(cli, folder, RECORDINGS / "cpython-none.bin", "--no-opcodes")
    assert any("_sync_coordinator.py:" in stack for stack in mine)
    assert "_sync_coordinator.py:" not in (RECORDINGS / "cpython-none.txt").read_text()


def test_differs_recordings_give_their_instructions(cli, folder):
    assert any(";[BINARY_OP" in stack for stack in replayed(cli, folder, RECORDINGS / "cpython-none.bin"))
    assert "[" not in (RECORDINGS / "cpython-none.txt").read_text()


def test_differs_recordings_leave_out_what_is_not_proven(cli, folder, newest):
    """A recording of a thread that was torn now and then: theirs counts no more stacks than we do."""
    target = [*newest.command, WORK, "0.3"]
    recording, stats, other = folder / "torn.bin", folder / "torn.json", folder / "torn.txt"
    assert cli("run", "-a", "-r", "5khz", f"--binary={recording}", "--stats", stats, "--", *target).returncode == 0
    newest.run("-m", "profiling.sampling", "replay", "--collapsed", "-o", other, recording, env={**os.environ, "LC_ALL": "C"})
    figures, mine = json.loads(stats.read_text()), replayed(cli, folder, recording)
    assert sum(mine.values()) <= figures["verified"] + figures["repaired"]
    ordinary = sum(samples for stack, samples in mine.items() if EVIL not in stack)
    theirs_ordinary = sum(samples for stack, samples in read_collapsed(other)[0].items() if EVIL not in stack)
    assert theirs_ordinary <= ordinary
