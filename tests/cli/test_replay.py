# SPDX-License-Identifier: Apache-2.0
"""`replay` from its command line: what it says, and what it refuses."""

import re

import pytest

from program import TARGETS

RECORDINGS = TARGETS.parents[1] / "data" / "recordings"
OURS = RECORDINGS / "ours-none.bin"
THEIRS = RECORDINGS / "cpython-none.bin"


def refused(result):
    assert result.returncode == 1, result.stderr
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize("recording", [OURS, THEIRS], ids=lambda path: path.stem)
def test_the_table(cli, recording):
    result = cli("replay", recording)
    assert result.returncode == 0
    assert re.search(rf"^Replaying \d+ samples from {re.escape(str(recording))}$", result.stderr, re.M)
    assert "Sample interval: 5000 us" in result.stderr
    assert re.search(r"^Replayed \d+ samples in 1\.\d\d seconds$", result.stderr, re.M)
    assert "program.py:" in result.stdout and "(inner)" in result.stdout


@pytest.mark.parametrize("name", ["cpython-none", "ours-none"])
def test_stacks_are_those_of_cpythons_replay(cli, tmp_path, name):
    """The expected ones were written by CPython when the recordings were made."""
    assert cli("replay", "--no-opcodes", f"--collapsed={tmp_path / 'a'}", RECORDINGS / f"{name}.bin").returncode == 0
    ours = sorted(line for line in (tmp_path / "a").read_text().splitlines())
    expected = sorted(line for line in (RECORDINGS / f"{name}.txt").read_text().splitlines())
    hidden = re.compile(r"_sync_coordinator\.py:[^;]*;|;_sync_coordinator\.py:[^; ]*")
    assert sorted(hidden.sub("", line) for line in ours) == expected


def test_progress_on_a_terminal(cli, tmp_path):
    status, shown = cli.in_terminal("replay", f"--collapsed={tmp_path / 'a'}", OURS)
    assert status == 0 and "Replayed" in shown


def test_not_there(cli):
    assert "tachyon-cli: no-such-file: cannot be opened: No such file" in refused(cli("replay", "no-such-file"))


@pytest.mark.parametrize("contents", [b"", b"\x7fELF", b"HCAT\2\0\0\0" + bytes(64)], ids=["empty", "foreign", "newer"])
def test_no_recording(cli, tmp_path, contents):
    (tmp_path / "file").write_bytes(contents)
    assert "recording" in refused(cli("replay", tmp_path / "file"))


def test_a_directory(cli, tmp_path):
    assert "no regular file" in refused(cli("replay", tmp_path))


def test_damage_is_named_and_what_was_readable_is_written(cli, tmp_path):
    recording = bytearray((RECORDINGS / "ours-zstd.bin").read_bytes())
    last = recording.rindex(b"TYEX")
    recording[last + 40] ^= 1
    (tmp_path / "damaged").write_bytes(recording)
    result = cli("replay", f"--collapsed={tmp_path / 'stacks'}", tmp_path / "damaged")
    if "without" in result.stderr and "zstd" in result.stderr:
        pytest.skip("built without zstd")
    assert f"damaged at byte {last - 8}" in refused(result)
    assert 200 < sum(int(line.rsplit(" ", 1)[1]) for line in (tmp_path / "stacks").read_text().splitlines()) < 417


def test_cut_off(cli, tmp_path):
    (tmp_path / "cut").write_bytes(THEIRS.read_bytes()[:-100])
    assert re.search(r"at byte \d+: the footer speaks of a file of \d+ bytes", refused(cli("replay", tmp_path / "cut")))


def test_not_onto_itself(cli, tmp_path):
    recording = tmp_path / "a.bin"
    recording.write_bytes(OURS.read_bytes())
    for option in ("--binary", "--flamegraph", "--stats"):
        assert "it is being replayed" in refused(cli("replay", f"{option}={recording}", recording))
    assert recording.read_bytes() == OURS.read_bytes()


def test_only_to_a_file(cli):
    assert "regular file" in refused(cli("replay", "--binary=/dev/null", OURS))


def test_usage(cli):
    for arguments, message in ((["replay"], "the following arguments are required: FILE"),
                               (["replay", "a", "b"], "several recordings are replayed with --merge"),
                               (["replay", "--blocking", OURS], "unrecognized arguments: --blocking"),
                               (["replay", "--compression=none", OURS], "only valid with --binary"),
                               (["run", "--binary", "--compression=lz4", "x"], "invalid choice: 'lz4'")):
        result = cli(*arguments)
        assert result.returncode == 2
        assert message in result.stderr


def test_annotate_without_instructions(cli, tmp_path):
    cli("replay", "--no-opcodes", f"--binary={tmp_path / 'plain.bin'}", OURS)
    assert "record with --opcodes" in cli("annotate", tmp_path / "plain.bin").stderr
