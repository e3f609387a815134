# SPDX-License-Identifier: Apache-2.0
"""One run of tachyon-cli, and what CPython's own profiler makes of the samples of that run."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "cli")]

import interpreters  # noqa: E402
import program  # noqa: E402

WORK = HERE.parent / "formats" / "targets" / "work.py"
CPU_SECONDS = "0.5"
FORMATS = ("pstats", "collapsed", "jsonl", "gecko")


@pytest.fixture(scope="session")
def folder():
    """A directory that is seen at the same place inside an interpreter's mount namespace: they all have /tmp."""
    path = pathlib.Path("/tmp") / f"tachyon-differences-{os.getpid()}-{os.urandom(4).hex()}"
    path.mkdir()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def newest():
    """The interpreter whose profiler it is."""
    found = max(interpreters.load(extra=False), key=lambda interpreter: interpreter.version)
    if found.version < (3, 15):
        pytest.skip("no CPython 3.15 here: its profiler is what ours is compared with")
    return found


@pytest.fixture(scope="session")
def cli(build):
    return program.Cli(os.environ.get("TACHYON_CLI", str(build / "examples" / "tachyon-cli" / "tachyon-cli")))


@pytest.fixture(scope="session")
def recording(cli, newest, folder):
    """Made by CPython's own writer, of the samples of a run that also wrote all of `ours`."""
    results = [f"--{name}={folder / ('ours.' + name)}" for name in FORMATS]
    run = cli("run", "-a", "-r", "2khz", "--times", *results, "--", *newest.command, WORK, CPU_SECONDS)
    assert run.returncode == 0, run.stderr
    newest.run(HERE / "record.py", folder / "ours.jsonl", folder / "recording")
    return folder / "recording"


@pytest.fixture(scope="session")
def ours(recording, folder):
    """The path of our result in a format."""
    return lambda name: folder / f"ours.{name}"


@pytest.fixture(scope="session")
def replayed(cli, recording, folder):
    """The path of what `tachyon-cli replay` makes of CPython's recording."""
    paths = {name: folder / f"replayed.{name}" for name in FORMATS}
    run = cli("replay", "--times", *(f"--{name}={path}" for name, path in paths.items()), recording)
    assert run.returncode == 0, run.stderr
    return lambda name: paths[name]


@pytest.fixture(scope="session")
def theirs(recording, newest, folder):
    """The path of what `profiling.sampling replay` makes of the same samples."""
    def replay(name):
        path = folder / f"theirs.{name}"
        if not path.exists():
            # Its help wants a locale that the interpreter's tree has.
            run = subprocess.run([*newest.command, "-m", "profiling.sampling", "replay", recording, f"--{name}", "-o", path],
                                 env=dict(os.environ, LC_ALL="C"), stdin=subprocess.DEVNULL, text=True, errors="replace",
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
            assert run.returncode == 0, run.stdout
        return path
    return replay
