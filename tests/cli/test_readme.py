# SPDX-License-Identifier: Apache-2.0
"""What the README says works as it stands there."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest
from interpreters import start

from program import TARGETS

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def stack(cli, tmp_path_factory):
    """The program of the section on the library, built against the library that tachyon-cli runs with."""
    if not shutil.which("cc"):
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("readme")
    (folder / "stack.c").write_text(re.search(r"```c\n(.*?)```", README, re.S)[1])
    loaded = subprocess.run(["ldd", cli.path], capture_output=True, text=True, check=True).stdout
    library = pathlib.Path(re.search(r"libtachyon\S* => (\S+)", loaded)[1])
    subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", folder / "stack", folder / "stack.c",
                    f"-I{ROOT / 'include'}", library, f"-Wl,-rpath,{library.parent}"], check=True)
    return folder / "stack"


def test_program(stack, interpreter):
    with start(interpreter, TARGETS / "park.py") as target:
        shown = subprocess.run([stack, str(target.pid)], capture_output=True, text=True)
    assert shown.returncode == 0
    assert [line.split(": ")[0] for line in shown.stdout.splitlines()] == ["Keeper.überprüfe", "<module>"]
    assert re.fullmatch(r"Keeper\.überprüfe: CALL\w*", shown.stdout.splitlines()[0])


def test_options_exist(cli):
    """Every option in a command line of the README is one that the command has."""
    lines = re.findall(r"^tachyon-cli (\w+) (.*?)(?:#|$)", README, re.M)
    assert len(lines) >= 5
    for command, words in lines:
        told = cli(command, "--help").stdout
        for word in shlex.split(words.partition(" -- ")[0]):
            if word.startswith("-") and word not in ("-", "--"):
                assert re.search(rf"(^|\s){re.escape(word.partition('=')[0])}[ ,\n[]", told), (command, word)


def test_files_exist():
    for name in re.findall(r"\]\(([\w./-]+)\)", README):
        assert os.path.exists(ROOT / name), name
