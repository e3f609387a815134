# SPDX-License-Identifier: Apache-2.0
"""What the tests of output formats share: profiles made by tachyon-cli, to be opened by the readers they are for."""

import os
import pathlib
import shutil
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cli")]

import browser as browsers  # noqa: E402
import interpreters  # noqa: E402
import program  # noqa: E402

WORK = HERE / "targets" / "work.py"
CPU_SECONDS = "0.8"


@pytest.fixture(scope="session")
def cli(build):
    """tachyon-cli; called with arguments it runs to its end."""
    path = os.environ.get("TACHYON_CLI", str(build / "examples" / "tachyon-cli" / "tachyon-cli"))
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is missing: build it, or name it in TACHYON_CLI")
    return program.Cli(path)


@pytest.fixture(scope="session")
def newest():
    """The newest interpreter there is, for tests of readers, which do not care."""
    return max(interpreters.load(extra=False), key=lambda interpreter: interpreter.version)


@pytest.fixture(scope="session")
def readers():
    """Where readers.sh put what it could get."""
    cache = os.environ.get("TACHYON_CACHE") or pathlib.Path(
        os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "libtachyon"
    return pathlib.Path(cache) / "readers-1"


@pytest.fixture(scope="session")
def folder():
    """A directory that is seen at the same place inside an interpreter's mount namespace: they all have /tmp."""
    path = pathlib.Path("/tmp") / f"tachyon-formats-{os.getpid()}-{os.urandom(4).hex()}"
    path.mkdir()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def profile(cli, newest, folder):
    """profile("--gecko", …): the path of work.py's profile. Made once for every list of options."""
    made = {}

    def make(*options):
        if options not in made:
            # A browser goes by the ending.
            path = folder / f"{len(made)}{options[0]}{'.html' if options[0] == '--flamegraph' else ''}"
            result = cli("run", "--all-threads", "-r", "2khz", *options, "-o", path, "--", *newest.command, WORK,
                         CPU_SECONDS)
            assert result.returncode == 0, result.stderr
            made[options] = path
        return made[options]
    return make


@pytest.fixture(scope="session")
def chromium():
    """A browser, started once for all tests of pages."""
    if not browsers.find():
        pytest.skip("no Chromium here: it shows the page")
    with browsers.Browser() as started:
        yield started


@pytest.fixture
def browser(chromium):
    """The browser for one test, in which no page may complain: no message, exception or dialog."""
    chromium.complaints.clear()
    chromium.forget()
    yield chromium
    assert not chromium.complaints
