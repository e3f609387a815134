# SPDX-License-Identifier: Apache-2.0
"""asyncio as people use it: aiohttp serving requests, on its own loop and on uvloop. Skipped where they cannot be had."""

import json
import subprocess

import interpreters
import pytest

from program import TARGETS

PACKAGES = ("aiohttp", "uvloop")
INSTALL_TIMEOUT_S = 60


def install(interpreter, folder):
    """None, or why not."""
    try:
        result = subprocess.run([*interpreter.command, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                                 "--only-binary", ":all:", "--target", folder, *PACKAGES], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return f"pip took more than {INSTALL_TIMEOUT_S} s"
    return None if result.returncode == 0 else result.stderr.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """The first interpreter that can install them, and where they are."""
    folder, why = tmp_path_factory.mktemp("packages"), "no interpreter"
    for interpreter in interpreters.load():
        why = install(interpreter, folder)
        if why is None:
            return interpreter, folder
    pytest.skip(f"{' and '.join(PACKAGES)} cannot be had here: {why}")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_server(cli, packages, loop):
    """The handlers of real requests: every task and coroutine is what the server itself sees."""
    interpreter, folder = packages
    with interpreters.start(interpreter, TARGETS / "tasks_server.py", folder, loop) as target:
        told = json.loads(target.ready)
        result = cli("tasks", "--json", target.pid)
        assert result.returncode == 0, result.stderr
        found = {task["id"]: task for task in json.loads(result.stdout)["tasks"]}
    assert told["loop"].startswith(loop)
    assert set(found) == set(told["tasks"])
    handled = 0
    for key, wanted in told["tasks"].items():
        task = found[key]
        assert task["name"] == wanted["name"] and task["verdict"] == "verified"
        if wanted["me"]:
            continue
        stack = [[frame["function"], frame["file"], frame["line"], frame["offset"]] for frame in task["stack"]]
        assert stack == wanted["stack"]
        names = [frame["function"].split(".")[-1] for frame in task["stack"]]
        handled += names[:4] == ["sleep", "query", "load", "handler"]
    assert handled == 5
