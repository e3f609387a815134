# SPDX-License-Identifier: Apache-2.0
"""The wheel in a fresh environment of every interpreter, run there as a new user would: against every interpreter."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import interpreters

TIMEOUT_S = 120


def pytest_generate_tests(metafunc):
    if "host" in metafunc.fixturenames:
        # The limited API, and so the wheel, is for builds with the GIL; those without it are targets only.
        found = [one for one in interpreters.load() if not one.free_threaded]
        metafunc.parametrize("host", found, ids=str, scope="module")


@pytest.fixture(scope="module")
def targets(programs):
    """A process of every interpreter, and what it says of itself."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(interpreters.start(one, programs / "parked.py")) for one in interpreters.load()]


def make_environment(host, folder, site):
    """A fresh one with the package alone; Debian's trees hold neither pip nor what it needs, so pip works from here."""
    shutil.rmtree(folder, ignore_errors=True)  # of a first try
    folder.mkdir()
    subprocess.run([*host.command, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=TIMEOUT_S)
    packages = folder / "lib" / f"python{host.version[0]}.{host.version[1]}" / "site-packages"
    wheel = os.environ.get("TACHYON_WHEEL")
    if wheel:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile",
                        "--disable-pip-version-check", "--target", str(packages), wheel],
                       check=True, timeout=TIMEOUT_S)
    else:
        shutil.copytree(site / "tachyon", packages / "tachyon")
        shutil.copytree(site / "libraries", folder / "libraries")
    return [*host.command[:-1], str(folder / "bin" / "python")]


def test_host(host, targets, visible, site):
    words = make_environment(host, visible / f"host-{host}", site)
    pids = [target.pid for target in targets]
    # Nothing but the environment itself is on the path. Without a wheel, which has its own, libraries lie beside the package.
    variables = {**os.environ, "PYTHONPATH": ""}
    if not os.environ.get("TACHYON_WHEEL"):
        variables["LD_LIBRARY_PATH"] = str(visible / f"host-{host}" / "libraries")
    result = subprocess.run([*words, str(visible / "programs" / "host.py"), *map(str, pids)], stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=TIMEOUT_S, env=variables)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert tuple(answer["version"]) == host.version and pathlib.Path(answer["file"]).name == "_tachyon.abi3.so"
    for target in targets:
        said, seen = json.loads(target.ready), answer["seen"][str(target.pid)]
        assert seen["names"] == seen["remote"] == said["names"]
        assert (seen["version"], seen["hexversion"]) == (said["version"], said["hexversion"])
        assert seen["verdict"] in ("VERIFIED", "REPAIRED") and seen["same"] and seen["in_rows"]
        assert seen["instruction"] == seen["decoded"] and seen["samples"] == 20
        assert "innermost" in seen["collapsed"] and seen["collapsed"].split()[-1] == "20"
