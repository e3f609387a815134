# SPDX-License-Identifier: Apache-2.0
"""--gecko, checked by what Firefox Profiler's importer asks of the processed format: columns of one length, indexes that
point at something, a schema for every marker, times in order. Its importer itself is in no package registry."""

import json

import pytest

SHARED = ("stackTable", "frameTable", "funcTable", "resourceTable", "nativeSymbols", "sources")


@pytest.fixture(scope="module")
def gecko(profile):
    return json.loads(profile("--gecko", "--opcodes").read_text(encoding="utf-8"))


def rows(table):
    """The columns of a table, which must be of its length."""
    columns = {name: column for name, column in table.items() if isinstance(column, list)}
    assert columns and all(len(column) == table["length"] for column in columns.values()), table.keys()
    return columns


def test_tables_are_whole(gecko):
    for name in SHARED:
        rows(gecko["shared"][name])
    for thread in gecko["threads"]:
        rows(thread["samples"])
        rows(thread["markers"])


def test_indexes_point_at_something(gecko):
    shared = gecko["shared"]
    for table, column, other in (("stackTable", "frame", shared["frameTable"]["length"]),
                                 ("frameTable", "func", shared["funcTable"]["length"]),
                                 ("frameTable", "category", len(gecko["meta"]["categories"])),
                                 ("funcTable", "name", len(shared["stringArray"])),
                                 ("resourceTable", "name", len(shared["stringArray"])),
                                 ("sources", "filename", len(shared["stringArray"]))):
        assert all(0 <= index < other for index in shared[table][column]), (table, column)
    assert all(prefix is None or prefix < row for row, prefix in enumerate(shared["stackTable"]["prefix"]))
    assert all(-1 <= index < shared["resourceTable"]["length"] for index in shared["funcTable"]["resource"])
    for thread in gecko["threads"]:
        assert all(stack is None or 0 <= stack < shared["stackTable"]["length"] for stack in thread["samples"]["stack"])
        assert all(0 <= name < len(shared["stringArray"]) for name in thread["markers"]["name"])


def test_times_are_in_order(gecko):
    for thread in gecko["threads"]:
        times = thread["samples"]["time"]
        assert times == sorted(times) and all(0 <= time < 60000 for time in times)
        assert all(start <= end for start, end in zip(thread["markers"]["startTime"], thread["markers"]["endTime"]))


def test_every_marker_has_a_schema(gecko):
    schemas = {schema["name"]: {field["key"] for field in schema["fields"]} for schema in gecko["meta"]["markerSchema"]}
    found = [data for thread in gecko["threads"] for data in thread["markers"]["data"]]
    assert any(data["type"] == "Opcode" for data in found)
    for data in found:
        assert set(data) - {"type"} <= schemas[data["type"]]


def test_opcode_markers_do_not_overlap(gecko):
    for thread in gecko["threads"]:
        markers = thread["markers"]
        spans = sorted((start, end) for start, end, data in
                       zip(markers["startTime"], markers["endTime"], markers["data"]) if data["type"] == "Opcode")
        assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:]))


def test_facts_are_the_targets(gecko, newest):
    version = newest.run("-c", "import platform; print(platform.python_version())").strip()
    assert gecko["meta"]["product"] == f"Python {version}"
    assert {"worker-<b>1</b>", "worker-2"} <= {thread["name"] for thread in gecko["threads"]}
    assert any(thread["pid"] == thread["tid"] for thread in gecko["threads"])


def test_hostile_names_arrive_whole(gecko):
    assert any(text.startswith("<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028")
               for text in gecko["shared"]["stringArray"])
