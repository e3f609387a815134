# SPDX-License-Identifier: Apache-2.0
"""What the tests around the crates share; those inside of them are cargo's. tests/run.sh rust prepares both."""

import pathlib
import subprocess
import sys

import pytest

RUST = pathlib.Path(__file__).resolve().parents[1]
ROOT = RUST.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

BUILD_TIMEOUT_S = 300


@pytest.fixture(scope="session")
def cargo():
    """Runs cargo in the workspace, or elsewhere, and gives what it said."""

    def run(*words, cwd=RUST, check=True, **options):
        done = subprocess.run(["cargo", *words], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=BUILD_TIMEOUT_S, **options)
        assert not check or done.returncode == 0, done.stdout
        return done

    return run
