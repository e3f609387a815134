# SPDX-License-Identifier: Apache-2.0
"""Where the tests put what they make, and commands that have no network.

The places are the same every time, and inside of the build directory, so that ccache, where it is installed, knows the
files of the last time."""

import shutil
import subprocess

import pytest

import interpreters

ROOT = interpreters.TESTS.parent
WORK = interpreters.BUILD / "packages"


def fresh(name):
    path = WORK / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def offline():
    """The words before a command that has no network; what a person has put into /usr/local is not there either."""
    words = ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--tmpfs", "/usr/local", "--unshare-net", "--unshare-pid",
             "--die-with-parent", "--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"]
    if shutil.which("ccache"):
        # debhelper gives a build a home of its own.
        cache = subprocess.run(["ccache", "--get-config", "cache_dir"], stdout=subprocess.PIPE, text=True).stdout.strip()
        words += ["--setenv", "CCACHE_DIR", cache] if cache else []
    done = subprocess.run([*words, "true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        pytest.skip(f"no namespace without a network: {done.stdout.strip()}")
    return words


def run(*words, **options):
    """What it printed; all of it is in the failure if it fails."""
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout[-6000:]}"
    return done.stdout
