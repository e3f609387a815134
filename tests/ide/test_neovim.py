# SPDX-License-Identifier: Apache-2.0
"""examples/neovim in a Neovim without a screen; neovim.lua has the checks."""

import os
import re
import shutil
import subprocess
import sys

import interpreters
import pytest
from conftest import HERE, HOT, ROOT, facts_of, find_program, without_permission

PLUGIN = ROOT / "examples" / "neovim"
TIMEOUT_S = 120


@pytest.fixture
def neovim(library, tmp_path):
    """Runs groups of checks and expects all to pass."""
    program = find_program("nvim")

    def run(checks, expected, prefix=(), directory=None, **environment):
        environment = {f"TACHYON_{name.upper()}": str(value) for name, value in environment.items()}
        command = [program, "--headless", "-u", "NONE", "-i", "NONE", "-n", "--cmd", f"set runtimepath^={PLUGIN}", "--cmd",
                   f"let g:tachyon_library = '{library}'", "-c", "runtime plugin/tachyon.lua", "-c", f"luafile {HERE / 'neovim.lua'}"]
        home = {f"XDG_{kind}_HOME": str(tmp_path / "home") for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        result = subprocess.run([*prefix, *command], env={**os.environ, **home, **environment, "TACHYON_CHECKS": checks}, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT_S,
                                cwd=directory)
        lines = result.stdout.splitlines()
        assert result.returncode == 0, result.stdout
        assert not [line for line in lines if line.startswith("not ok ")], result.stdout
        assert sum(line.startswith("ok ") for line in lines) == expected, result.stdout

    return run


def test_live(neovim, interpreter):
    with interpreters.start(interpreter, HOT) as target:
        neovim("live", 36, **facts_of(interpreter, target))


def test_matches_files_of_a_container(neovim, tmp_path):
    """The target's file is in its own file system: a copy of the buffer's."""
    interpreter = next((found for found in interpreters.load() if found.tree), None)
    if not interpreter:
        pytest.skip("no interpreter in a tree here")
    image, other = tmp_path / "image", tmp_path / "other"
    for folder in image, other:
        folder.mkdir()
        shutil.copy(HOT, folder / "hot.py")
    with (other / "hot.py").open("a") as file:
        file.write("# written further\n")
    command = [*interpreter.command[:-1], "--ro-bind", image, "/srv", interpreter.command[-1], "/srv/hot.py"]
    with interpreters.start_command(command) as target:
        neovim("files", 4, source=HOT, pid=target.pid, other=other / "hot.py", **{"from": "/srv"})


def test_matches_names_of_files(neovim, tmp_path):
    for folder in "project", "other":
        module = tmp_path / folder / "package" / "module.py"
        module.parent.mkdir(parents=True)
        module.write_text("".join(f"{folder} {number}\n" for number in range(1, 6)))
    (tmp_path / "project" / "package" / "dos.py").write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\nthree")
    (tmp_path / "linked").symlink_to("project")
    (tmp_path / "link.py").symlink_to("project/package/module.py")
    neovim("paths", 20, directory=tmp_path, folder=tmp_path)


def test_mistakes(neovim, not_python, other_libraries):
    version, nothing = other_libraries
    with interpreters.start_command([sys.executable, HOT]) as target:
        neovim("mistakes", 27, pid=target.pid, not_python=not_python, other_version=version, no_library=nothing)


def test_refused(neovim):
    prefix = without_permission()
    with interpreters.start_command([sys.executable, HOT]) as target:
        neovim("refused", 3, prefix, pid=target.pid)


def test_help_is_complete(tmp_path):
    """Every command, setting and highlight group is described, and the tags are sound."""
    doc = shutil.copytree(PLUGIN / "doc", tmp_path / "doc")
    text = (doc / "tachyon.txt").read_text()
    code = "".join(path.read_text() for path in (PLUGIN / "lua").rglob("*.lua"))
    names = set(re.findall(r"\bTachyon[A-Z]\w+\b", code)) | {f"g:{name}" for name in re.findall(r"\btachyon_\w+\b", code)}
    names |= {f"g:tachyon_{name}" for name in re.findall(r"^  (\w+) = function\(value\)", code, re.M)}
    names |= {f":Tachyon-{name}" for name in ("attach", "detach", "toggle", "reset", "clear", "status")}
    names.discard("g:tachyon_")
    assert len(names) > 20
    assert not {name for name in names if f"*{name}*" not in text}
    result = subprocess.run([find_program("nvim"), "--headless", "-u", "NONE", "-i", "NONE", "-c", f"helptags {doc}", "-c", "q"],
                            capture_output=True, text=True, timeout=TIMEOUT_S)
    assert result.stderr == "" and result.returncode == 0 and (doc / "tags").exists()
