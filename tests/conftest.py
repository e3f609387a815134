# SPDX-License-Identifier: Apache-2.0
"""What all Python tests share: a test with an argument `interpreter` runs once under every interpreter."""

import functools
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS / "support"))

import interpreters  # noqa: E402

# Tests that need a version no machine here has: seen in the summary, not silently absent.
VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")


@functools.cache  # the same objects for every test: else fixtures that stand on one would be made anew
def _all_interpreters():
    found = interpreters.load()
    names = {interpreter.name for interpreter in found}
    missing = [pytest.param(None, id=version, marks=pytest.mark.skip(f"no CPython {version} here"))
               for version in VERSIONS if version not in names]
    return [pytest.param(interpreter, id=interpreter.name) for interpreter in found] + missing


def pytest_generate_tests(metafunc):
    if "interpreter" in metafunc.fixturenames:
        metafunc.parametrize("interpreter", _all_interpreters(), indirect=True, scope="session")


@pytest.fixture(scope="session")
def interpreter(request):
    """A fixture of its own, so that others may stand on it and live as long: they are made once for each interpreter."""
    return request.param


@pytest.fixture(scope="session")
def build():
    """The build directory that is tested."""
    return interpreters.BUILD
