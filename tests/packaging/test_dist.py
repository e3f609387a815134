# SPDX-License-Identifier: Apache-2.0
"""The tarball of `meson dist`: complete, and built and installed without a network."""

import os
import subprocess
import tarfile

from making import ROOT, run

PREFIX = "usr/local"


def test_it_holds_every_file(tarball):
    tracked = run("git", "-c", "safe.directory=*", "-C", ROOT, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0")
    with tarfile.open(tarball) as archive:
        members = {member.name.partition("/")[2]: member for member in archive if not member.isdir()}
    assert set(members) - {""} == set(filter(None, tracked))
    # Meson before 1.1 knows the options by this name.
    assert members["meson_options.txt"].linkname == "meson.options"


def test_it_builds_and_installs(installed):
    _, _, root = installed
    prefix = root / PREFIX
    names = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}
    lib = next(prefix.rglob("tachyon.pc")).parents[1].relative_to(prefix)
    assert {"bin/tachyon-cli", f"{lib}/libtachyon.so", f"{lib}/libtachyon.so.0", f"{lib}/pkgconfig/tachyon.pc",
            "include/tachyon/tachyon.h", "share/man/man1/tachyon-cli.1", "share/man/man3/libtachyon.3",
            "share/bash-completion/completions/tachyon-cli", "share/zsh/site-functions/_tachyon-cli",
            "share/fish/vendor_completions.d/tachyon-cli.fish"} <= names
    places = {name.split("/")[0] for name in names} | {"/".join(name.split("/")[:2]) for name in names
                                                       if name.startswith("share/")}
    assert places <= {"bin", "include", "lib", "lib64", "share", "share/man", "share/bash-completion", "share/zsh",
                      "share/fish", "share/doc"}


def test_what_is_installed_runs(installed):
    _, _, root = installed
    library = next((root / PREFIX).rglob("libtachyon.so")).parent
    shown = subprocess.run([root / PREFIX / "bin" / "tachyon-cli", "--version"], stdout=subprocess.PIPE, text=True,
                           env=dict(os.environ, LD_LIBRARY_PATH=str(library)), check=True).stdout
    assert "0.1.0" in shown


def test_nothing_installed_knows_where_it_was_built(installed):
    folder, _, root = installed
    telling = [path for path in (root / PREFIX).rglob("*") if path.is_file() and str(folder).encode() in path.read_bytes()]
    assert not telling
