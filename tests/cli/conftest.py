# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests of tachyon-cli share."""

import os
import pathlib
import shutil
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import program  # noqa: E402


@pytest.fixture(scope="session")
def cli(build):
    """tachyon-cli; called with arguments it runs to its end."""
    path = os.environ.get("TACHYON_CLI", str(build / "examples" / "tachyon-cli" / "tachyon-cli"))
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is missing: build it, or name it in TACHYON_CLI")
    return program.Cli(path)


@pytest.fixture(scope="session")
def python():
    """An interpreter for tests of what the command line does, whatever the version."""
    return sys.executable


@pytest.fixture
def folder(tmp_path_factory):
    """A directory that is seen at the same place inside an interpreter's mount namespace: they all have /tmp."""
    path = pathlib.Path("/tmp") / f"tachyon-cli-{os.getpid()}-{os.urandom(4).hex()}"
    path.mkdir()
    yield path
    shutil.rmtree(path)
