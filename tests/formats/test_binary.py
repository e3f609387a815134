# SPDX-License-Identifier: Apache-2.0
"""Recordings and CPython 3.15's own: each tool reads the other's, and both make the same of it."""

import json
import os
import re
import signal
import sys

import interpreters
import pytest
from program import read_stacks, wait_for

PROGRAM = interpreters.TESTS / "data" / "recordings" / "program.py"
BUSY = interpreters.TESTS / "cli" / "targets" / "busy.py"
SECONDS = "0.5"
ENVIRONMENT = {**os.environ, "LC_ALL": "C"}


@pytest.fixture(scope="module")
def cpython():
    """CPython's profiler; called with arguments it runs to its end."""
    found = [one for one in interpreters.load() if one.version >= (3, 15)]
    if not found:
        pytest.skip("no CPython 3.15 here")

    def run(*arguments):
        return found[0].run("-m", "profiling.sampling", *arguments, env=ENVIRONMENT)
    return run


def by_thread(path):
    """{"tid:…;stack": count} of a file of collapsed stacks, without the frames of CPython's launcher, which it hides."""
    stacks = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, count = line.rsplit(" ", 1)
        stack = ";".join(frame for frame in stack.split(";") if not frame.startswith("_sync_coordinator.py:"))
        stacks[stack] = stacks.get(stack, 0) + int(count)
    return stacks


def without_instructions(stacks):
    result = {}
    for stack, count in stacks.items():
        key = re.sub(r";\[[A-Z_0-9]+\]$", "", stack)
        result[key] = result.get(key, 0) + count
    return result


@pytest.mark.parametrize("compression", ["zstd", "none"])
def test_cpython_reads_ours(cli, cpython, interpreter, folder, compression):
    if (compression == "none" and interpreter.version < (3, 15)) or interpreter.name.endswith("-extra"):
        pytest.skip("once is enough")
    recording, direct, ours, theirs = (folder / f"{interpreter.name}-{compression}.{end}" for end in ("bin", "1", "2", "3"))
    result = cli("run", "-a", "--opcodes", "-r", "1khz", "--compression", compression, f"--binary={recording}",
                 f"--collapsed={direct}", "--", *interpreter.command, PROGRAM, SECONDS)
    assert result.returncode == 0, result.stderr
    assert cli("replay", "--no-opcodes", f"--collapsed={ours}", recording).returncode == 0
    cpython("replay", "--collapsed", "-o", theirs, recording)
    assert by_thread(ours) == by_thread(theirs)
    assert sum(by_thread(ours).values()) > 100
    assert by_thread(ours) == without_instructions(by_thread(direct))


def test_we_read_cpythons(cli, cpython, folder):
    """Uncompressed ones are in tests/data/recordings."""
    recording, ours, theirs = (folder / f"cpython.{end}" for end in ("bin", "1", "2"))
    cpython("run", "-a", "--opcodes", "--binary", "-o", recording, PROGRAM, SECONDS)
    cpython("replay", "--collapsed", "-o", theirs, recording)
    result = cli("replay", f"--collapsed={ours}", recording)
    assert result.returncode == 0, result.stderr
    assert without_instructions(by_thread(ours)) == by_thread(theirs)
    assert any(";[BINARY_OP" in stack for stack in by_thread(ours))


def test_instructions_are_cpythons(cli, cpython, newest, folder):
    """What their page of our recording says of opcodes: their numbers are the real ones."""
    recording, page = folder / "opcodes.bin", folder / "opcodes.html"
    cli("run", "--opcodes", f"--binary={recording}", "--", *newest.command, PROGRAM, SECONDS)
    cpython("replay", "--flamegraph", "-o", page, recording)
    text = page.read_text()
    assert '"opcodes"' in text
    table = cli("replay", recording).stdout
    name = re.search(r"(BINARY_OP_ADD_INT|FOR_ITER_RANGE)", table)[1]
    assert f'"{name}"' in text


FORMATS = ["pstats", "collapsed", "speedscope", "pprof", "flamegraph", "callgrind"]


def test_a_replay_is_what_the_run_was(cli, folder):
    """Formats whose files depend on nothing but the samples are the same to the last byte."""
    run = [f"--{name}={folder / name}.run" for name in FORMATS]
    replay = [f"--{name}={folder / name}.replay" for name in FORMATS]
    recording = folder / "all.bin"
    # Without a mount namespace: a flame graph has source lines, which are looked for where the target is.
    result = cli("run", "--opcodes", f"--binary={recording}", *run, "--", sys.executable, PROGRAM, SECONDS)
    assert result.returncode == 0, result.stderr
    result = cli("replay", *replay, recording)
    assert result.returncode == 0, result.stderr
    for name in FORMATS:
        assert (folder / f"{name}.run").read_bytes() == (folder / f"{name}.replay").read_bytes(), name
    again = folder / "again.bin"
    assert cli("replay", f"--binary={again}", recording).returncode == 0
    cli("replay", f"--collapsed={folder / 'collapsed.again'}", again)
    assert (folder / "collapsed.again").read_bytes() == (folder / "collapsed.run").read_bytes()


def test_threads_keep_their_names(cli, newest, folder):
    """Threads of one snapshot are replayed in the order in which they were first seen: the order of profiles differs."""
    recording = folder / "names.bin"
    cli("run", "-a", f"--binary={recording}", f"--speedscope={folder / 'names.1'}", "--", *newest.command, PROGRAM, 0.3)
    cli("replay", f"--speedscope={folder / 'names.2'}", recording)
    run, replay = ({one["name"]: sum(one["weights"]) for one in json.loads((folder / f"names.{end}").read_text())["profiles"]}
                   for end in (1, 2))
    assert run == replay
    # One that was being made when it was seen has no id and no stack yet.
    assert len([name for name, weight in run.items() if weight]) == 2


def test_annotate_a_recording(cli, newest, folder):
    recording = folder / "annotate.bin"
    cli("run", "--opcodes", f"--binary={recording}", "--", *newest.command, PROGRAM, SECONDS)
    text = cli("annotate", "--function", "inner", recording).stdout
    assert "for number in range(count):" in text
    for word in ("FOR_ITER", "(total)", "(number)", "BINARY_OP"):
        assert word in text, word


def test_killed(cli, newest, folder):
    """After SIGKILL everything but the last second is there; nothing of the file is finished."""
    recording, stacks = folder / "killed.bin", folder / "killed.txt"
    with interpreters.start(newest, BUSY, 30) as target:
        with cli.started("attach", "-r", "2khz", f"--binary={recording}", target.pid) as profiler:
            sizes = set()
            # The header, and two chunks, each a second long.
            wait_for(lambda: sizes.add(recording.stat().st_size if recording.exists() else 0) or len(sizes - {0}) > 2)
            profiler.send_signal(signal.SIGKILL)
            profiler.wait()
        target.kill()
    result = cli("replay", f"--collapsed={stacks}", recording)
    assert result.returncode == 0, result.stderr
    assert "was not finished" in result.stderr
    duration = float(re.search(r"Replayed \d+ samples in ([\d.]+) seconds", result.stderr)[1])
    assert 1.5 < duration < 4
    assert sum(read_stacks(stacks).values()) > 0.5 * 2000 * duration
    # And it can be made whole.
    mended = folder / "mended.bin"
    assert cli("replay", f"--binary={mended}", recording).returncode == 0
    assert "was not finished" not in cli("replay", f"--collapsed={folder / 'mended.txt'}", mended).stderr
    assert (folder / "mended.txt").read_bytes() == stacks.read_bytes()


def test_several_as_one(cli, newest, folder):
    one, two, merged = folder / "one.bin", folder / "two.bin", folder / "merged.bin"
    for path in (one, two):
        cli("run", f"--binary={path}", "--", *newest.command, PROGRAM, 0.3)
    result = cli("replay", "--merge", f"--binary={merged}", f"--collapsed={folder / 'merged.txt'}", one, two)
    assert result.returncode == 0, result.stderr
    total = {}
    for path in (one, two):
        cli("replay", f"--collapsed={folder / 'part.txt'}", path)
        for stack, count in by_thread(folder / "part.txt").items():
            total[stack] = total.get(stack, 0) + count
    assert by_thread(folder / "merged.txt") == total
    cli("replay", f"--collapsed={folder / 'again.txt'}", merged)
    assert by_thread(folder / "again.txt") == total
