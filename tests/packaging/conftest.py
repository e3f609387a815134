# SPDX-License-Identifier: Apache-2.0
"""What is released: the tarball of `meson dist`, which is what HEAD holds, and where the tests put what they make of it.

The places are the same every time, and inside of the build directory, so that ccache, where it is installed, knows the
files of the last time."""

import os
import shutil
import subprocess
import warnings

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


@pytest.fixture(scope="session")
def tarball(build):
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("no git checkout: a tarball is made of one")
    git = dict(os.environ, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*")
    if run("git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no", env=git):
        warnings.warn("changes that are not committed are not in the tarball, so they are not tested", stacklevel=1)
    run("meson", "dist", "-C", build, "--no-tests", "--allow-dirty", "--formats", "xztar", env=git)
    return next((build / "meson-dist").glob("tachyon-*.tar.xz"))


@pytest.fixture(scope="session")
def installed(tarball):
    """What `meson install` makes of the unpacked tarball, without a network: (sources, build, root of what is installed)."""
    words = offline()
    folder = fresh("dist")
    run("tar", "-xf", tarball, "--strip-components=1", "-C", folder)
    docs = "enabled" if shutil.which("doxygen") and shutil.which("mandoc") else "disabled"
    run(*words, "meson", "setup", folder / "build", folder, "-Dtests=false", "-Dwerror=true", "-Ddebug=false",
        "-Doptimization=0", f"-Ddocs={docs}")
    run(*words, "ninja", "-C", folder / "build", "-j2")
    run(*words, "meson", "install", "-C", folder / "build", "--no-rebuild", "--destdir", folder / "root")
    return folder, folder / "build", folder / "root"
