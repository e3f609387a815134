# SPDX-License-Identifier: Apache-2.0
"""What is released: the tarball of `meson dist`, which is what HEAD holds, and what is built of it."""

import os
import shutil
import warnings

import pytest

from making import ROOT, fresh, offline, run


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
