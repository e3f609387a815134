# SPDX-License-Identifier: Apache-2.0
"""The cell magic, in IPython itself."""

import html
import re

import pytest

pytest.importorskip("IPython", reason="IPython could not be had")

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from IPython.utils.capture import capture_output  # noqa: E402

CELL = "import time\nend = time.monotonic() + .2\nx = 0\nwhile time.monotonic() < end: x += 1\n"


@pytest.fixture(scope="module")
def shell():
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "tachyon")
    return shell


def run(shell, text):
    with capture_output() as captured:
        result = shell.run_cell(text)
    return result, captured


def test_the_graph_is_shown(shell):
    result, captured = run(shell, "%%tachyon --opcodes --height 300\n" + CELL)
    assert result.success and shell.user_ns["x"] > 0
    assert re.search(r"\d+ samples in 0\.\d\d s", captured.stdout)
    shown, = captured.outputs
    frame = shown.data["text/html"]
    assert frame.startswith("<div><iframe") and 'height="300"' in frame and "allow-same-origin" not in frame
    page = html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])
    assert page.startswith("<!DOCTYPE html>") and "ipython-input" in page


def test_other_formats_go_to_a_file(shell, tmp_path):
    result, captured = run(shell, f"%%tachyon -r 200 -o '{tmp_path}/cell.collapsed'\n" + CELL)
    assert result.success and not captured.outputs and "written to" in captured.stdout
    assert "ipython-input" in (tmp_path / "cell.collapsed").read_text()


def test_threads_are_those_that_are_asked_for(shell, tmp_path):
    """A kernel has threads of its own, which are no concern of a cell."""
    shell.run_cell("import threading; event = threading.Event(); threading.Thread(target=event.wait, name='idle').start()")
    for options, there in (("", False), ("--threads all", True)):
        result, _ = run(shell, f"%%tachyon {options} -o '{tmp_path}/cell.collapsed'\n" + CELL)
        assert result.success and ("threading.py:Event.wait" in (tmp_path / "cell.collapsed").read_text()) is there
    shell.run_cell("event.set()")


@pytest.mark.parametrize("options", ["--bogus", "-r 0", "-r x", "--threads some"])
def test_bad_options_are_an_error_and_no_more(shell, options):
    result, _ = run(shell, f"%%tachyon {options}\nbad = 1\n")
    assert isinstance(result.error_in_exec, ValueError) and "bad" not in shell.user_ns


def test_a_cell_that_raises(shell):
    result, captured = run(shell, "%%tachyon\n1 / 0\n")
    assert "ZeroDivisionError" in captured.stdout and captured.outputs
