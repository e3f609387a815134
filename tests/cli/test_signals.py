# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, SIGTERM and SIGHUP: the profile ends and is written, and the target ends as it should."""

import signal
import time

import pytest
from interpreters import start_command

from program import TARGETS, is_alive, read_stacks, wait_for

BUSY = TARGETS / "busy.py"
STUBBORN = TARGETS / "stubborn.py"


def wait_ready(process):
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_to_us(cli, python, folder, number):
    with cli.started("run", "--collapsed", "-o", folder / "stacks", "--", python, BUSY, 30) as process:
        wait_ready(process)
        process.send_signal(number)
        out, errors = process.communicate(timeout=10)
    # The target died of SIGINT, or of the SIGTERM that follows every other signal.
    assert process.returncode == 128 + (signal.SIGINT if number == signal.SIGINT else signal.SIGTERM)
    assert sum(read_stacks(folder / "stacks").values()) > 50
    assert "Captured" in errors
    assert ("Interrupted by user." in errors) == (number == signal.SIGINT)
    assert "done" not in out


def test_ctrl_c_on_a_terminal(cli, python, folder):
    status, shown = cli.in_terminal("run", "--collapsed", "-o", folder / "stacks", "--", python, BUSY, 30,
                                    keys=("samples", b"\x03"))
    assert status == 128 + signal.SIGINT
    assert "Interrupted by user." in shown and "Captured" in shown
    assert read_stacks(folder / "stacks")


def test_target_that_does_not_want_to_end(cli, python, folder):
    """The end of the duration: SIGTERM, after 2 seconds SIGKILL."""
    with cli.started("run", "-d", "0.5", "-o", folder / "profile", "--", python, STUBBORN, folder / "log") as process:
        process.communicate(timeout=15)
    assert process.returncode == 0
    assert (folder / "log").read_text() == "SIGTERM\n"
    assert (folder / "profile").stat().st_size > 0


def test_second_interrupt_is_stronger(cli, python, folder):
    with cli.started("run", "-o", folder / "profile", "--", python, STUBBORN, folder / "log") as process:
        wait_ready(process)
        for expected in ("SIGINT\n", "SIGINT\nSIGTERM\n"):
            process.send_signal(signal.SIGINT)
            wait_for(lambda: (folder / "log").read_text() == expected)
        # Whoever waits for what does not end is told what to do.
        assert any("the next Ctrl-C sends it SIGKILL" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGKILL
    assert (folder / "profile").stat().st_size > 0


def test_attach_leaves_the_target_alone(cli, python, folder):
    with start_command([python, BUSY, 30]) as target:
        with cli.started("attach", "-o", folder / "profile", target.pid) as process:
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
        assert process.returncode == 0
        assert "Interrupted by user." in errors
        assert is_alive(target.pid)
        target.kill()


def test_interrupt_before_there_is_python(cli, folder):
    with cli.started("run", "-o", folder / "profile", "--", "sleep", 30) as process:
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGINT
    assert list(folder.iterdir()) == []


def test_wrapper_and_python_are_both_ended(cli, python, folder):
    script = f"{python} -c 'import os, time; print(os.getpid(), flush=True); time.sleep(30)'; true"
    with cli.started("run", "-d", "0.5", "-o", folder / "profile", "--", "sh", "-c", script) as process:
        inner = int(process.stdout.readline())
        process.communicate(timeout=10)
    wait_for(lambda: not is_alive(inner))
