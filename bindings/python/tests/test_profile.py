# SPDX-License-Identifier: Apache-2.0
"""tachyon.profile(): the program profiles itself, by a helper process."""

import asyncio
import os
import pathlib
import subprocess
import sys
import threading
import time

import pytest

import tachyon
import tachyon.remote_debugging

WORK_S = 0.2


def spend_time():
    end = time.monotonic() + WORK_S
    x = 0
    while time.monotonic() < end:
        x += 1
    return x


def test_a_block_in_memory():
    with tachyon.profile(format="collapsed", threads="main") as profile:
        assert profile.summary is None and "not complete" in repr(profile)
        spend_time()
    counts = {line.rpartition(" ")[0]: int(line.rpartition(" ")[2]) for line in profile.text().splitlines()}
    spent = sum(count for stack, count in counts.items() if "spend_time" in stack)
    assert spent > sum(counts.values()) / 2 and profile.summary.samples > 20
    assert profile.data.decode() == profile.text() and profile._repr_html_() is None


def test_a_block_to_a_file(tmp_path):
    with tachyon.profile(tmp_path / "profile.html", opcodes=True, threads="main") as profile:
        spend_time()
    assert profile.format == "flamegraph" and profile.data is None
    page = (tmp_path / "profile.html").read_text()
    assert "spend_time" in page and page == profile.text()
    assert "<iframe" in profile._repr_html_()


@pytest.mark.parametrize("name, format", [("a.pstats", "pstats"), ("b.folded", "collapsed"), ("c.pb.gz", "pprof"),
                                          ("d.speedscope.json", "speedscope"), ("e.jsonl", "jsonl")])
def test_the_name_says_the_format(name, format):
    assert tachyon.profile(name)._format == format


@pytest.mark.parametrize("arguments", [{"output": "profile.bogus"}, {"format": "bogus"}, {"interval": -1},
                                       {"threads": "some"}])
def test_bad_arguments(arguments):
    with pytest.raises(ValueError):
        tachyon.profile(**arguments)


def test_a_decorated_function():
    complete = []

    @tachyon.profile(format="jsonl", done=complete.append)
    def work(x, *, y):
        """Doc."""
        spend_time()
        return x + y

    assert work(1, y=2) == work(2, y=1) == 3 and work.__name__ == "work" and work.__doc__ == "Doc."
    assert len(complete) == 2 and all("spend_time" in profile.text() for profile in complete)


def test_a_decorated_coroutine_and_an_async_block():
    complete = []

    @tachyon.profile(format="collapsed", done=complete.append)
    async def work():
        spend_time()
        await asyncio.sleep(0)
        return 7

    async def main():
        before = threading.active_count()
        result = await work()
        async with tachyon.profile(format="collapsed") as profile:
            spend_time()
        return result, profile, threading.active_count() - before

    result, profile, more_threads = asyncio.run(main())
    assert result == 7 and more_threads == 0
    assert "spend_time" in complete[0].text(), complete[0].summary
    assert "spend_time" in profile.text(), profile.summary


def test_blocks_within_one_another():
    with tachyon.profile(format="collapsed") as outer:
        with tachyon.profile(format="collapsed") as inner:
            spend_time()
        spend_time()
    assert "spend_time" in inner.text() and outer.summary.samples > inner.summary.samples > 20


def test_an_exception_passes_and_the_profile_is_complete():
    with pytest.raises(KeyError):
        with tachyon.profile(format="collapsed") as profile:
            spend_time()
            raise KeyError
    assert "spend_time" in profile.text()


def test_what_goes_wrong_in_the_helper(tmp_path):
    with pytest.raises(FileNotFoundError):
        with tachyon.profile(tmp_path / "no" / "profile.html"):
            raise AssertionError("the block is not entered")
    with pytest.raises(RuntimeError, match="unexpected keyword"):
        tachyon.profile(bogus=1).__enter__()
    with pytest.raises(RuntimeError, match="ended"):
        tachyon.profile(python="/bin/false").__enter__()
    with pytest.raises(OSError):
        tachyon.profile(python=str(tmp_path / "absent")).__enter__()
    assert not [pid for pid in tachyon.remote_debugging.get_child_pids(os.getpid(), recursive=False)
                if ") Z " in pathlib.Path(f"/proc/{pid}/stat").read_text()]


def test_a_helper_that_is_killed():
    with pytest.raises(RuntimeError, match="ended"):
        with tachyon.profile() as profile:
            helper, = (pid for pid in tachyon.remote_debugging.get_child_pids(os.getpid(), recursive=False)
                       if "_helper" in open(f"/proc/{pid}/cmdline").read())
            os.kill(helper, 9)
    assert profile.summary is None


def test_a_program_that_ends_in_the_block(tmp_path):
    """What was gathered is written all the same."""
    program = f"import tachyon, os, time\nwith tachyon.profile({str(tmp_path / 'p.collapsed')!r}):\n" \
              "    x = 0\n    end = time.monotonic() + .2\n    while time.monotonic() < end: x += 1\n    os._exit(3)\n"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 3
    deadline = time.monotonic() + 30
    while not (tmp_path / "p.collapsed").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert "<module>" in (tmp_path / "p.collapsed").read_text()


def test_annotation():
    with tachyon.profile(format="annotation", function="spend_time") as profile:
        spend_time()
    assert "spend_time" in profile.text() and "LOAD_" in profile.text()
