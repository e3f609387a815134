# SPDX-License-Identifier: Apache-2.0
"""What the tests of the Python binding share. tests/run.sh bindings makes the wheel and installs it for them; by hand,
any Python that can import tachyon will do.

TACHYON_SITE   folder that the wheel is installed in
TACHYON_WHEEL  the wheel, if it could be made
"""

import os
import pathlib
import shutil
import sys
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import interpreters  # noqa: E402


def pytest_generate_tests(metafunc):
    if "interpreter" in metafunc.fixturenames:
        metafunc.parametrize("interpreter", interpreters.load(), ids=str)


@pytest.fixture(scope="session")
def visible():
    """A folder that interpreters in mount namespaces of their own see, with the programs in it."""
    with tempfile.TemporaryDirectory(prefix="tachyon-", dir="/tmp") as name:
        os.chmod(name, 0o755)
        shutil.copytree(HERE / "programs", pathlib.Path(name) / "programs")
        yield pathlib.Path(name)


@pytest.fixture(scope="session")
def programs(visible):
    return visible / "programs"


@pytest.fixture(scope="session")
def newest():
    return max(interpreters.load(extra=False), key=lambda interpreter: interpreter.version)


@pytest.fixture(scope="session")
def wheel():
    path = os.environ.get("TACHYON_WHEEL")
    if not path:
        pytest.skip("no wheel: meson-python could not be had")
    return pathlib.Path(path)


@pytest.fixture(scope="session")
def site():
    """Where the package under test is installed."""
    import tachyon

    return pathlib.Path(os.environ.get("TACHYON_SITE", pathlib.Path(tachyon.__file__).parent.parent))


@pytest.fixture
def parked(newest, programs):
    """A process that rests in known functions."""
    with interpreters.start(newest, programs / "parked.py") as target:
        yield target


@pytest.fixture
def busy(newest, programs):
    """A process that works."""
    with interpreters.start(newest, programs / "busy.py") as target:
        yield target
