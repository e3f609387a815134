# SPDX-License-Identifier: Apache-2.0
"""The live view, driven by keys on a real terminal and looked at as a person would."""

import json
import os
import pathlib
import re
import signal
import time

import pytest
import screen as screens
from interpreters import start

from program import TARGETS, read_stacks, wait_for

CALLS = TARGETS / "calls.py"
GOLDEN = pathlib.Path(__file__).resolve().parent / "screens"
ENOUGH = r"Samples: +(\d,)?\d\d\d"  # every function of calls.py has been seen
HEADER_ROWS = 8
TITLES = r"nsamples.*function.*file:line"


def masked(text):
    """What stays when numbers, bars and the widths that follow from them are taken away."""
    lines = []
    for line in text.splitlines():
        line = re.sub(r"(Uptime: \w+).*", r"\1", line)
        line = re.sub(r"  [\d,]+ missed", "", line)
        line = re.sub(r"\[[█░]+\]", "[bar]", line)
        line = re.sub(r"(Top 3: +1 hot).*", r"\1", line)
        line = re.sub(r"last minute.*", "last minute", line)
        line = re.sub(r"\d[\d,]*(\.\d+)?", "#", line)
        lines.append(re.sub(r" +", " ", line).strip())
    return "\n".join(lines).strip() + "\n"


def check_screen(screen, name, header=True):
    path = GOLDEN / f"{name}.txt"
    text = masked(screen.text() if header else screen.text().split("\n", HEADER_ROWS)[-1])
    if "TACHYON_WRITE_SCREENS" in os.environ:
        path.write_text(text)
    assert text == path.read_text()


def profiler(screen):
    """PID of the tachyon-cli on a terminal."""
    tty = screen.tmux("display-message", "-p", "#{pane_tty}").strip()
    for stat in pathlib.Path("/proc").glob("[0-9]*/exe"):
        try:
            if stat.readlink().name == "tachyon-cli" and os.readlink(stat.parent / "fd/2") == tty:
                return int(stat.parent.name)
        except OSError:
            pass
    raise AssertionError("no tachyon-cli on it")


def quit_view(screen, before):
    screen.type("q")
    text = screen.wait(r"^status=\d+")
    assert not screen.is_alternate()
    assert screen.settings() == before
    return text


# ---- every interpreter ----

def test_what_a_person_sees(cli, interpreter, folder):
    with start(interpreter, CALLS, 60) as target, screens.opened(110, 30) as screen:
        before = screen.settings()
        screen.run(*cli.command("attach", "--live", "--sort", "name", target.pid))
        screen.wait(ENOUGH)
        screen.wait("other_caller")
        check_screen(screen, "table-110x30")

        screen.type("j", "j", "j", "g")
        screen.wait("Who calls hot")
        check_screen(screen, "callers-110x30")
        screen.type("Escape", "o")
        screen.wait(r"Instructions for hot\(\)")
        # The loop runs in specialized instructions, under every version.
        screen.wait(r"\d+\.\d%.* BINARY_OP_ADD_INT .*specialized")
        screen.wait(r"\d+ +total = total \+ number$")

        screen.type("Enter")
        screen.wait(r"^ +\d+ .* L1 +\d+  FOR_ITER")
        screen.type("Escape", "o", "Home")
        screen.resize(60, 12)
        screen.wait(r"Thread: ALL \(1\) │ Uptime: \w+$|Samples: +\d+ ")
        wait_for(lambda: len(screen.text().splitlines()) <= 12 and "Top 3" not in screen.text())
        check_screen(screen, "table-60x12")

        screen.type("w", "c", "Enter")
        screen.wait("Save to: collapsed_")
        screen.type(*["BSpace"] * 30, f"{folder}/so-far", "Enter")
        screen.wait(r"saved: /tmp")
        functions = {frame.split(":")[1] for stack in read_stacks(folder / "so-far") for frame in stack}
        assert functions >= {"hot", "warm", "cool", "work"}, functions
        assert "status=0" in quit_view(screen, before)
        target.kill()


def test_a_program_that_is_run(cli, interpreter):
    """It reads nothing, its output does not disturb the picture and is there afterwards; the picture stays at the end."""
    with screens.opened(100, 24) as screen:
        before = screen.settings()
        screen.run(*cli.command("run", "--live", "--", *interpreter.command, CALLS, 0.7))
        text = screen.wait("PROFILING COMPLETE")
        assert re.search(r"^►? +\d+/\d+ .* hot ", text, re.M), text
        assert "the end of it" not in text
        text = quit_view(screen, before)
        assert re.search(r"^ready$", text, re.M) and re.search(r"^the end of it$", text, re.M)
        assert "status=0" in text and "Captured" in text


# ---- what the view itself does, whatever the version ----

@pytest.fixture(scope="module")
def busy(interpreters_list):
    with start(interpreters_list[0], CALLS, 300, 2) as target:
        yield target
        target.kill()


@pytest.fixture(scope="module")
def interpreters_list():
    import interpreters
    return interpreters.load(extra=False)


@pytest.fixture
def view(cli, busy):
    with screens.opened(110, 30) as screen:
        screen.run(*cli.command("attach", "-a", "--live", busy.pid))
        screen.wait("other_caller")
        yield screen


def test_help(view):
    view.type("h")
    view.wait("asyncio tasks")
    check_screen(view, "help-110x30", header=False)
    view.type("Escape")
    view.wait(TITLES)


def test_sorting(view):
    view.type("s")
    view.wait("Sort: sample-pct")
    view.wait("sample%▼")
    view.type("S", "S")
    text = view.wait("Sort: name")
    names = re.findall(r"^►? +\d+/\d+ +[\d.]+ +[\d.]+ +(\S+)", text, re.M)
    assert len(names) > 5 and names == sorted(names)


def test_filter(view):
    view.type("/", "CALLER")
    text = view.wait("Filter: CALLER")
    view.type("Enter")
    text = view.wait(r"\[Filter: CALLER\]")
    assert re.findall(r"  (\S+) +calls.py:\d+", text) == ["caller", "other_caller"] or \
        re.findall(r"  (\S+) +calls.py:\d+", text) == ["other_caller", "caller"], text
    view.type("/", "BSpace", "x")
    view.wait("No function matches")
    view.type("Escape")
    view.wait(r"\[Filter: CALLER\]")
    view.type("c")
    wait_for(lambda: "Filter" not in view.text() and " hot " in view.text())


def test_threads(view):
    assert "Thread: ALL (3)" in view.text()
    view.type("t")
    view.wait(r"Thread: \d+.* \(1/3\)")
    view.type("Left")
    text = view.wait(r"Thread: \d+.* \(3/3\)")
    # One thread works, two wait.
    one = " hot " in text
    view.type("Right", "Right")
    text = view.wait(r"Thread: \d+.* \(2/3\)")
    assert one + (" hot " in text) <= 1
    view.type("t")
    view.wait(r"Thread: ALL \(3\)")


def test_pause(view):
    def sampled():
        return re.search(r"Samples: +([\d,]+)", view.text())[1]

    view.type("p")
    view.wait(r"\[PAUSED\]")
    held = sampled()
    time.sleep(0.4)
    assert sampled() == held
    view.type("p")
    wait_for(lambda: sampled() != held)


def test_reset(view):
    wait_for(lambda: int(re.search(r"Samples: +([\d,]+)", view.text())[1].replace(",", "")) > 500)
    view.type("r")
    view.wait("counts begin again")
    assert int(re.search(r"Samples: +([\d,]+)", view.text())[1].replace(",", "")) < 500


def test_rate_and_mode(view):
    view.type("]")
    view.wait(r"Interval: 500µs")
    view.wait(r"of 2000.0/s")
    view.type("[", "[")
    view.wait(r"Interval: 2000µs")
    view.type("m", "m")
    # Of the three threads one holds the GIL.
    view.wait(r"\[Mode: gil\]")
    wait_for(lambda: re.search(r"100\.0% on gil", view.text()) and "waiting for gil" not in view.text())
    assert "Condition.wait" not in view.text()


def test_refresh_and_trends(view):
    view.type("-")
    view.wait("Display: 6.7Hz")
    view.type("+", "+")
    view.wait("Display: 20.0Hz")
    view.type("x")
    view.wait(r"\[Trend colors: OFF\]")


def test_lines_and_tasks(view):
    view.type("l")
    text = view.wait("Sort: nsamples by line")
    wait_for(lambda: len(re.findall(r" hot +calls.py:1\d", view.text())) >= 2)
    view.type("a")
    view.wait("No asyncio task was seen")
    view.type("a")
    view.wait(r" hot +calls.py:11")


def test_callees(view):
    view.type("/", "<module>", "Enter", "g", "Tab")
    view.wait(r"What <module>\(\) calls")
    view.wait(r"  └─ work  calls.py(.|\n)*     ├─ caller(.|\n)*        ├─ hot(.|\n)*     └─ other_caller")
    view.type("Escape")
    view.wait(TITLES)


def test_mouse(view):
    def click(column, row):
        # Pressed and released, as xterm says it.
        for button in ("20", "23"):
            view.tmux("send-keys", "-H", "1b", "5b", "4d", button, f"{column + 33:02x}", f"{row + 33:02x}")

    def row_of(pattern):
        return next(i for i, line in enumerate(view.text().splitlines()) if re.search(pattern, line))

    # Lines above the table come with the first figures.
    view.wait(r"Top 3: +1 [\s\S]*file:line")
    click(20, row_of(TITLES))
    view.wait("Sort: sample-pct")
    view.wait(r" warm +calls.py")
    click(50, row_of(r" warm +calls.py"))
    wait_for(lambda: re.search(r"^► .* warm ", view.text(), re.M))


def test_resize_and_too_small(view):
    view.resize(50, 10)
    view.wait("Window too small: 50x10")
    view.resize(300, 100)
    text = view.wait(r"nsamples.*sample%.*tottime.*cumul%.*cumtime")
    assert re.search(r"\[[█░]+\] \d+\.\d% on gil", text)
    view.resize(60, 12)
    wait_for(lambda: len(view.text().splitlines()) <= 12 and "function" in view.text())


def test_selection_follows_its_function(view):
    view.type("j")
    selected = re.search(r"^► +\S+ +\S+ +\S+ +(\S+)", view.text(), re.M)
    wait_for(lambda: re.search(r"^► ", view.text(), re.M))
    selected = re.search(r"^► +\S+ +\S+ +\S+ +(\S+)", view.text(), re.M)[1]
    view.type("s", "s", "s", "s", "s", "s")
    view.wait("Sort: name")
    assert re.search(r"^► +\S+ +\S+ +\S+ +(\S+)", view.text(), re.M)[1] == selected


# ---- terminals ----

@pytest.mark.parametrize("term, colors", [("screen-256color", "38;5;"), ("screen", "3[1-7]m"), ("vt100", None)])
def test_colors(cli, busy, term, colors):
    with screens.opened(100, 24, term=term) as screen:
        screen.run(*cli.command("attach", "--live", "--opcodes", busy.pid))
        screen.wait("specialized|s…")
        text = screen.text("-e")
        if colors:
            assert re.search(r"\x1b\[[\d;]*" + colors, text)
        else:
            assert not re.search(r"\x1b\[[\d;]*[34][0-8]", text)


def test_no_color_and_ascii(cli, busy):
    with screens.opened(100, 24, LC_ALL="C", NO_COLOR="1") as screen:
        screen.run(*cli.command("attach", "--live", "--opcodes", busy.pid))
        screen.wait(r"Instructions for")
        text = screen.text("-e")
        assert screen.text().isascii() and not re.search(r"\x1b\[[\d;]*3[0-8]", text)


def test_stop_and_continue(cli, busy):
    with screens.opened(100, 24) as screen:
        before = screen.settings()
        screen.run(*cli.command("attach", "--live", busy.pid))
        screen.wait(" hot ")
        screen.type("C-z")
        screen.wait("Stopped")
        assert screen.settings() == before and not screen.is_alternate()
        screen.type("fg", "Enter")
        screen.wait(TITLES)
        assert screen.is_alternate()
        quit_view(screen, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV, signal.SIGABRT])
def test_terminal_is_given_back(cli, busy, number):
    with screens.opened(100, 24) as screen:
        before = screen.settings()
        screen.run(*cli.command("attach", "--live", busy.pid))
        screen.wait(" hot ")
        os.kill(profiler(screen), number)
        text = screen.wait(r"^status=\d+")
        assert screen.settings() == before and not screen.is_alternate()
        crashed = number in (signal.SIGSEGV, signal.SIGABRT)
        assert ("Captured" in text) != crashed
        assert f"status={128 + number if crashed else 0}" in text


# ---- bad input ----

def test_no_terminal(cli, busy):
    result = cli("attach", "--live", busy.pid)
    assert result.returncode == 1 and "needs a terminal" in result.stderr


@pytest.mark.parametrize("term, says", [("no-such-terminal", "set TERM"), ("dumb", "set TERM")])
def test_unknown_terminal(cli, busy, term, says):
    with screens.opened(100, 24) as screen:
        screen.run("env", f"TERM={term}", *cli.command("attach", "--live", busy.pid))
        text = screen.wait(r"^status=1")
        assert says in text.replace("\n", "")


def test_window_that_is_too_small_at_the_begin(cli, busy):
    with screens.opened(59, 12) as screen:
        screen.run(*cli.command("run", "--live", "no-such-script.py"))
        screen.wait(r"^status=1")
        screen.run(*cli.command("attach", "--live", busy.pid))
        text = screen.wait(r"59x12")
        assert "too small" in text.replace("\n", "")


def test_target_that_ends(cli, interpreters_list, folder):
    with start(interpreters_list[-1], CALLS, 60) as target, screens.opened(100, 24) as screen:
        before = screen.settings()
        screen.run(*cli.command("attach", "--live", target.pid))
        screen.wait(" hot ")
        target.kill()
        screen.wait("PROFILING COMPLETE.*Press 'q' to Quit")
        screen.type("r")
        screen.wait("nothing to count again")
        screen.type("w", "f", "Enter")
        screen.wait("Save to")
        screen.type(*["BSpace"] * 40, f"{folder}/end.html", "Enter")
        screen.wait("saved")
        assert "<html" in (folder / "end.html").read_text()
        quit_view(screen, before)


def test_no_sample_at_all(cli, busy):
    with screens.opened(100, 24) as screen:
        before = screen.settings()
        screen.run(*cli.command("attach", "--live", "--mode", "exception", "-d", 0.5, busy.pid))
        screen.wait("Waiting for the first sample|Not one sample")
        screen.wait("Not one sample could be taken")
        quit_view(screen, before)


def test_where_a_save_fails(view):
    view.type("w", "c", "Enter")
    view.wait("Save to")
    view.type(*["BSpace"] * 40, "/nonexistent/x", "Enter")
    view.wait("not saved: No such file")


def test_what_shows_time_is_saved_too(view, folder):
    """From the recording, which is written about once a second."""
    wait_for(lambda: int(re.search(r"Samples: +([\d,]+)", view.text())[1].replace(",", "")) > 1500)
    view.type("w", "g", "Enter")
    view.wait("Save to: gecko")
    view.type(*["BSpace"] * 40, f"{folder}/gecko.json", "Enter")
    view.wait("saved:")
    threads = json.loads((folder / "gecko.json").read_text())["threads"]
    assert len(threads) == 3 and all(thread["samples"]["length"] > 100 for thread in threads)


def test_a_result_beside_the_view(cli, busy, folder):
    with screens.opened(100, 24) as screen:
        before = screen.settings()
        screen.run(*cli.command("attach", "--live", "--collapsed", "-o", folder / "stacks", busy.pid))
        screen.wait(" hot ")
        quit_view(screen, before)
        assert read_stacks(folder / "stacks")
