# SPDX-License-Identifier: Apache-2.0
"""The crates as their users get them: packaged, unpacked beside an installed library, used by a program that names them as
any program does, on a process that runs."""

import os
import pathlib
import shutil
import subprocess
import tarfile

import pytest

import interpreters
from conftest import RUST

PROGRAM = RUST / "tachyon" / "tests" / "suite" / "programs" / "busy.py"
CRATES = ("tachyon-sys", "tachyon")

MANIFEST = """
[package]
name = "user"
version = "1.0.0"
edition = "2021"

[dependencies]
tachyon = "0.1"
"""

# The packages in the place of the registry they would be in.
CONFIG = """
[source.crates-io]
replace-with = "packaged"

[source.packaged]
directory = "packaged"
"""

OLDER = """
#include <stdint.h>

uint32_t ty_version_number(void)
{
	return 9;
}
"""


@pytest.fixture(scope="module")
def packaged(cargo, tmp_path_factory):
    """A folder with both crates, unpacked."""
    folder = tmp_path_factory.mktemp("packages")
    target = folder / "target"
    for crate in CRATES:
        # tachyon-sys is in no registry yet, so that it is told where it is.
        cargo("package", "-p", crate, "--no-verify", "--allow-dirty", "--target-dir", str(target), "--config",
              f"patch.crates-io.tachyon-sys.path={str(RUST / 'tachyon-sys')!r}")
        [file] = (target / "package").glob(f"{crate}-[0-9]*.crate")
        with tarfile.open(file) as archive:
            archive.extractall(folder / "packaged")
        (folder / "packaged" / file.stem / ".cargo-checksum.json").write_text('{"files":{}}')
    return folder / "packaged"


@pytest.fixture(scope="module")
def user(packaged):
    """The folder of a program that uses them: the example, as it is."""
    folder = packaged.parent
    (folder / ".cargo").mkdir()
    (folder / ".cargo" / "config.toml").write_text(CONFIG)
    (folder / "src").mkdir()
    (folder / "Cargo.toml").write_text(MANIFEST)
    [example] = packaged.glob("tachyon-[0-9]*/examples/profile.rs")
    shutil.copy(example, folder / "src" / "main.rs")
    return folder


@pytest.fixture(scope="module")
def environment():
    """Everything that the tests were told of where the library is, but a place of its own to build in."""
    return dict(os.environ, CARGO_TARGET_DIR=str(pathlib.Path(os.environ["CARGO_TARGET_DIR"]) / "user"))


@pytest.fixture(scope="module")
def program(cargo, user, environment):
    cargo("build", cwd=user, env=environment)
    return pathlib.Path(environment["CARGO_TARGET_DIR"]) / "debug" / "user"


@pytest.fixture
def busy():
    newest = max(interpreters.load(extra=False), key=lambda interpreter: interpreter.version)
    with interpreters.start_command([*newest.command, "-c", PROGRAM.read_text()]) as target:
        yield target


def run(*words):
    """Runs a program that reads another process."""
    runner = os.environ.get("TACHYON_RUNNER")
    return subprocess.run([*([runner] if runner else []), *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60)


def test_packages_are_complete(packaged):
    for crate in CRATES:
        [folder] = packaged.glob(f"{crate}-[0-9]*")
        names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert {"Cargo.toml", "README.md", "LICENSE", "src/lib.rs"} <= names
        assert not [name for name in names if name.startswith("tests/")]
        assert (folder / "LICENSE").read_text().lstrip().startswith("Apache License")


def test_the_example_profiles_a_process(program, busy):
    done = run(program, busy.pid, 0.5)
    assert done.returncode == 0, done.stdout
    assert " even (" in done.stdout and " odd (" in done.stdout and "BINARY_OP" in done.stdout
    assert int(done.stdout.splitlines()[-1].split()[0]) > 50


def test_the_example_draws_a_flame_graph(program, busy, tmp_path):
    done = run(program, busy.pid, 0.2, tmp_path / "graph.html")
    assert done.returncode == 0, done.stdout
    assert "even" in (tmp_path / "graph.html").read_text()


def test_an_older_library_is_an_error(program, busy, tmp_path):
    (tmp_path / "older.c").write_text(OLDER)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", tmp_path / "older.so", tmp_path / "older.c"], check=True)
    done = run("env", f"LD_PRELOAD={tmp_path / 'older.so'}", program, busy.pid, 0.1)
    assert done.returncode == 1
    assert "needs libtachyon 0.1.0 or newer, but runs with 0.0.9" in done.stdout


def test_a_missing_library_says_what_to_install(cargo, user, environment, tmp_path):
    done = cargo("build", cwd=user, check=False, env=dict(environment, PKG_CONFIG_PATH="", PKG_CONFIG_LIBDIR=str(tmp_path)))
    assert done.returncode != 0
    assert "libtachyon is not installed, or not where pkg-config looks" in done.stdout
    assert "apt install libtachyon-dev" in done.stdout and "PKG_CONFIG_PATH" in done.stdout


def test_an_older_library_does_not_build(cargo, user, environment, tmp_path):
    (tmp_path / "tachyon.pc").write_text("Name: tachyon\nDescription: older\nVersion: 0.0.9\nLibs: -ltachyon\n")
    done = cargo("build", cwd=user, check=False, env=dict(environment, PKG_CONFIG_PATH=str(tmp_path)))
    assert done.returncode != 0
    assert "libtachyon 0.0.9 is installed, these bindings need 0.1.0 or newer" in done.stdout


def test_no_pkg_config_says_so(cargo, user, environment):
    done = cargo("build", cwd=user, check=False, env=dict(environment, PKG_CONFIG="/nowhere/pkg-config"))
    assert done.returncode != 0
    assert "/nowhere/pkg-config does not run" in done.stdout
