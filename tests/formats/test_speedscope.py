# SPDX-License-Identifier: Apache-2.0
"""--speedscope, checked by what speedscope's file-format-schema.json and its importer ask for."""

import json

import pytest

FRAME_KEYS = {"name", "file", "line", "col"}


@pytest.fixture(scope="module")
def speedscope(profile):
    return json.loads(profile("--speedscope", "--opcodes").read_text(encoding="utf-8"))


def test_profiles_are_of_the_schema(speedscope):
    frames = speedscope["shared"]["frames"]
    assert speedscope["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert all("name" in frame and set(frame) <= FRAME_KEYS for frame in frames)
    assert speedscope["profiles"]
    for profile in speedscope["profiles"]:
        assert profile["type"] == "sampled" and profile["unit"] == "nanoseconds"
        assert len(profile["samples"]) == len(profile["weights"])
        assert sum(profile["weights"]) == profile["endValue"] - profile["startValue"]
        assert all(0 <= frame < len(frames) for sample in profile["samples"] for frame in sample)


def test_the_leaf_has_its_instruction(speedscope):
    frames = speedscope["shared"]["frames"]
    leaves = {frames[sample[-1]]["name"] for profile in speedscope["profiles"] for sample in profile["samples"]}
    inner = {frames[frame]["name"] for profile in speedscope["profiles"] for sample in profile["samples"]
             for frame in sample[:-1]}
    assert any(name.startswith("[BINARY_OP") for name in leaves)
    assert not any(name.startswith("[") for name in inner)
    columns = {(frame["name"], frame["line"], frame.get("col")) for frame in frames if frame["name"].startswith("[BIN")}
    assert len({line for _, line, _ in columns}) < len(columns)


def test_hostile_names_arrive_whole(speedscope):
    assert any(frame["name"].startswith("<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028")
               for frame in speedscope["shared"]["frames"])
