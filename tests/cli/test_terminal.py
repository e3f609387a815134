# SPDX-License-Identifier: Apache-2.0
"""What only a terminal gets to see: the progress line and colours."""

import re

from interpreters import start_command

from program import TARGETS

SILENT = "import time; end = time.monotonic() + 1.6\nwhile time.monotonic() < end: pass"
PROGRESS = re.compile(r"\d+\.\d s  \d+ samples  \d+/s  \d+\.\d% proven")
COLOR = re.compile(r"\x1b\[[\d;]*m")


def test_progress(cli, python, folder):
    status, shown = cli.in_terminal("run", "-o", folder / "profile", "--", python, "-c", SILENT)
    assert status == 0
    assert len(PROGRESS.findall(shown)) >= 2
    assert "ETA" not in shown
    # It is gone when the text at the end comes.
    assert re.search(r"\r\x1b\[KCaptured ", shown)


def test_time_left(cli, python, folder):
    status, shown = cli.in_terminal("run", "-d", "1.3", "-o", folder / "profile", "--", python, "-c", SILENT)
    assert status == 0
    left = [float(text) for text in re.findall(r"ETA (\d+\.\d) s", shown)]
    assert left and left == sorted(left, reverse=True) and left[0] < 1.3


def test_narrow_terminal_gets_a_short_line(cli, python, folder):
    """A line that wraps could not be taken back."""
    _, shown = cli.in_terminal("run", "-d", "1.3", "-o", folder / "profile", "--", python, "-c", SILENT, columns=30)
    assert re.search(r"\r\x1b\[2m\d+\.\d s  \d+/s  \d+\.\d%\x1b\[0m\x1b\[K\r", shown)
    assert not PROGRESS.search(shown)


def test_no_color(cli, python, folder):
    colored = cli.in_terminal("run", "-d", "1.0", "--", python, "-c", SILENT)[1]
    plain = cli.in_terminal("run", "-d", "1.0", "--", python, "-c", SILENT, NO_COLOR="1")[1]
    assert COLOR.search(colored)
    assert not COLOR.search(plain)
    assert PROGRESS.search(plain)


def test_no_progress_without_a_terminal(cli, python, folder):
    result = cli("run", "-d", "0.8", "-o", folder / "profile", "--", python, "-c", SILENT)
    assert not PROGRESS.search(result.stderr) and "\x1b" not in result.stderr and "\r" not in result.stderr


def test_dump_marks_columns_with_colors(cli, python):
    with start_command([python, TARGETS / "park.py"]) as target:
        _, shown = cli.in_terminal("dump", "--opcodes", target.pid)
    assert "\x1b[1;33msys.stdin.read()\x1b[0m" in shown
    assert "^" not in shown
