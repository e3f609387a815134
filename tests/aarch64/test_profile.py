# SPDX-License-Identifier: Apache-2.0
"""A second of samples of a program that computes, in the machine of machine.sh; tests/live says what single samples hold."""

import json
import pathlib
import platform
import re
import subprocess

import pytest

import interpreters

CLI = interpreters.BUILD / "examples" / "tachyon-cli" / "tachyon-cli"
BUSY = interpreters.TESTS / "cli" / "targets" / "busy.py"
SAMPLES_MIN = 20
TIMEOUT_S = 120
STACK = re.compile(r"tid:\d+;busy.py:<module>:24(?:;busy.py:outer:\d+(?:;busy.py:inner:\d+)?)?(?:;<native>)?(?:;\[([A-Z_]+)\])? (\d+)")


@pytest.fixture(scope="module", autouse=True)
def on_aarch64():
    assert platform.machine() == "aarch64"


def profile(target, folder, *options):
    result, stats = folder / "result", folder / "stats.json"
    done = subprocess.run([CLI, "attach", "-d", "1", "--stats", stats, "--collapsed", "-o", result, *options, str(target.pid)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT_S)
    assert done.returncode == 0, done.stdout
    said = json.loads(stats.read_text())
    assert said["verified"] + said["repaired"] >= SAMPLES_MIN
    # An emulated processor stops wherever it likes: some may be torn, and be called that.
    assert said["torn"] + said["incomplete"] <= (said["verified"] + said["repaired"]) // 10
    stacks = [STACK.fullmatch(line) for line in result.read_text().splitlines()]
    assert stacks and all(stacks), result.read_text()
    return stacks, said


def test_opcodes(interpreter, tmp_path):
    with interpreters.start(interpreter, BUSY, 600) as target:
        stacks, said = profile(target, tmp_path, "--opcodes")
        target.kill()
    assert sum(int(stack[2]) for stack in stacks) == said["verified"] + said["repaired"]
    seen = {stack[1] for stack in stacks}
    assert any(name.startswith("BINARY_OP") for name in seen) and any(name.startswith("FOR_ITER") for name in seen)


def test_stopped_and_native(interpreter, tmp_path):
    with interpreters.start(interpreter, BUSY, 600) as target:
        stacks, said = profile(target, tmp_path, "--blocking", "--native")
        assert "TracerPid:\t0\n" in pathlib.Path(f"/proc/{target.pid}/status").read_text()
        target.kill()
    assert sum(int(stack[2]) for stack in stacks) == said["verified"] + said["repaired"]
    assert said["torn"] == 0


def test_another_program_is_none_of_python():
    with subprocess.Popen(["sleep", "600"]) as process:
        done = subprocess.run([CLI, "dump", str(process.pid)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=TIMEOUT_S)
        process.kill()
    assert done.returncode != 0 and "not a Python process" in done.stdout
