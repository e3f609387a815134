# SPDX-License-Identifier: Apache-2.0
"""--perfetto, read with Perfetto's own schema (its package on PyPI; its trace processor is a download that no registry
has), and checked by what its importer asks for: what is referred to was told before, slices nest, times go forward."""

import collections
import sys

import pytest

FIRST_OF_SEQUENCE, NEEDS_TABLES = 1, 2
BEGIN, END = 1, 2
TABLES = {"event_categories", "event_names", "debug_annotation_names", "source_locations", "function_names", "frames",
          "callstacks", "source_paths"}


@pytest.fixture(scope="module")
def packets(profile, readers):
    """The packets of a trace, every field known to the schema."""
    directory = readers / "perfetto"
    if not directory.is_dir():
        pytest.skip("no schema of Perfetto's here: tests/formats/readers.sh gets it from PyPI")
    sys.path.insert(0, str(directory))
    try:
        from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace
    finally:
        sys.path.remove(str(directory))
    trace = Trace()
    data = profile("--perfetto", "--opcodes").read_bytes()
    assert trace.ParseFromString(data) == len(data)
    size = trace.ByteSize()
    trace.DiscardUnknownFields()
    assert trace.ByteSize() == size
    return trace.packet


@pytest.fixture(scope="module")
def tables(packets):
    """{table: {iid: entry}}, and that every reference comes after what it refers to."""
    found = collections.defaultdict(dict)

    def refer(table, iid):
        assert iid in found[table], (table, iid)

    for packet in packets:
        for field, entries in packet.interned_data.ListFields():
            for entry in entries:
                assert entry.iid and entry.iid not in found[field.name]
                found[field.name][entry.iid] = entry
                if field.name == "frames":
                    refer("function_names", entry.function_name_id)
                    refer("source_paths", entry.source_path_iid)
                for frame in entry.frame_ids if field.name == "callstacks" else ():
                    refer("frames", frame)
        if packet.HasField("stack_sample"):
            refer("callstacks", packet.stack_sample.callstack_iid)
        if packet.track_event.type == BEGIN:
            refer("event_names", packet.track_event.name_iid)
            for category in packet.track_event.category_iids:
                refer("event_categories", category)
            for annotation in packet.track_event.debug_annotations:
                refer("debug_annotation_names", annotation.name_iid)
        if packet.track_event.source_location_iid:
            refer("source_locations", packet.track_event.source_location_iid)
    assert set(found) == TABLES
    return found


def test_the_sequence_begins_with_its_clock(packets):
    first = packets[0]
    assert first.sequence_flags == FIRST_OF_SEQUENCE and first.trace_packet_defaults.timestamp_clock_id == 3
    assert first.clock_snapshot.primary_trace_clock == 3
    start = first.clock_snapshot.clocks[0].timestamp
    for packet in packets[1:]:
        assert packet.sequence_flags == NEEDS_TABLES and packet.trusted_packet_sequence_id == 1
        assert not packet.HasField("timestamp") or 0 <= packet.timestamp - start < 60e9


def test_tracks_are_told_before_their_events(packets, newest):
    tracks, names = {}, set()
    for packet in packets:
        if packet.HasField("track_descriptor"):
            track = packet.track_descriptor
            assert track.uuid not in tracks and (track.HasField("process") or track.parent_uuid in tracks)
            tracks[track.uuid] = track
            names |= {track.thread.thread_name, track.process.process_name, track.name}
        if packet.HasField("track_event"):
            assert packet.track_event.track_uuid in tracks
    version = newest.run("-c", "import platform; print(platform.python_version())").strip()
    assert {"worker-<b>1</b>", "worker-2", f"Python {version}", "Opcode"} <= names


def test_slices_nest_and_go_forward(packets, tables):
    depth, last = collections.Counter(), collections.defaultdict(int)
    seen = set()
    for packet in packets:
        event = packet.track_event
        if not packet.HasField("track_event"):
            continue
        assert packet.timestamp >= last[event.track_uuid]
        last[event.track_uuid] = packet.timestamp
        depth[event.track_uuid] += 1 if event.type == BEGIN else -1
        assert 0 <= depth[event.track_uuid] < 100
        if event.type == BEGIN:
            seen.add(tables["event_names"][event.name_iid].name)
    assert not any(depth.values())
    assert {"add", "descend"} <= seen and any(name.startswith("BINARY_OP_ADD") for name in seen)


def test_every_sample_has_its_stack(packets, tables, profile):
    samples = [packet.stack_sample for packet in packets if packet.HasField("stack_sample")]
    assert len(samples) > 50 and all(sample.primary_weight == 500_000 for sample in samples)
    leaves = collections.Counter()
    for sample in samples:
        frames = tables["callstacks"][sample.callstack_iid].frame_ids
        leaf, base = (tables["frames"][frames[index]] for index in (-1, 0))
        leaves[tables["function_names"][leaf.function_name_id].str] += 1
        assert tables["source_paths"][base.source_path_iid].str
    assert leaves.most_common(1)[0][0] == b"add"


def test_instructions_have_their_places(packets, tables):
    names = {iid: entry.name for iid, entry in tables["debug_annotation_names"].items()}
    found = 0
    for packet in packets:
        said = {names[annotation.name_iid]: annotation for annotation in packet.track_event.debug_annotations}
        if said:
            assert said["offset"].int_value % 2 == 0 and said["base"].string_value
            found += "line" in said and said["line"].int_value > 0 and said["specialized"].bool_value
    assert found > 10


def test_hostile_names_arrive_whole(tables):
    assert any(entry.name.startswith("<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028")
               for entry in tables["event_names"].values())
