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


def pytest_configure(config):
    config.addinivalue_line("markers", "free_threaded: runs under free-threaded interpreters as well, of which not all is asked: "
                            "what they do differently, and a little of everything, because they are one more of a version")


def pytest_generate_tests(metafunc):
    if "interpreter" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker("free_threaded")
    chosen = [param for param in _all_interpreters() if marked or not param.id.endswith("-free")]
    metafunc.parametrize("interpreter", chosen, indirect=True, scope="session")


@pytest.fixture(scope="session")
def interpreter(request):
    """A fixture of its own, so that others may stand on it and live as long: they are made once for each interpreter."""
    return request.param


@pytest.fixture(scope="session")
def build():
    """The build directory that is tested."""
    return interpreters.BUILD
