# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import shutil
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOT = HERE / "targets" / "hot.py"
INCLUDE = ROOT / "include"


@pytest.fixture(scope="session")
def library(build):
    return build / "lib" / "libtachyon.so.0"


@pytest.fixture(scope="session")
def other_libraries(tmp_path_factory):
    """A library of another version, and one that is no libtachyon."""
    folder = tmp_path_factory.mktemp("libraries")
    sources = {
        "version.so": "unsigned int ty_version_number(void) { return 0x010203; }",
        "nothing.so": "int nothing;",
    }
    for name, code in sources.items():
        subprocess.run(["gcc", "-shared", "-fPIC", "-x", "c", "-o", folder / name, "-"], input=code, text=True, check=True)
    return folder / "version.so", folder / "nothing.so"


@pytest.fixture
def not_python():
    """A process that is no Python."""
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process.pid
        process.kill()


def facts_of(interpreter, target):
    """What the checks want to know of a live target."""
    # CPython 3.13 specializes nothing where there is no GIL.
    specializes = not interpreter.free_threaded or interpreter.version > (3, 13)
    return {"pid": target.pid, "source": HOT, "version": interpreter.name.split("-")[0], "specializes": int(specializes)}


def without_permission():
    """What to put before a command so that root may not read other processes: they have a right that it has not. Another
    user might not read the tests."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to give up a right")
    return [find_program("setpriv"), "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace"]


def find_program(name):
    found = shutil.which(name)
    if not found:
        pytest.skip(f"no {name} here")
    return found
