# SPDX-License-Identifier: Apache-2.0
"""The source of the crates: bindings that are those of the headers, and what cargo's tools have to say."""

import os
import shutil
import subprocess

import pytest

from conftest import RUST


def needs(program):
    if not shutil.which(program):
        pytest.skip(f"no {program} here")


def test_bindings_are_those_of_the_headers(tmp_path):
    needs("bindgen")
    needs("rustfmt")
    made = tmp_path / "bindings.rs"
    subprocess.run([RUST / "generate.sh", made], check=True)
    committed = RUST / "tachyon-sys" / "src" / "bindings.rs"
    assert made.read_text() == committed.read_text(), "run bindings/rust/generate.sh"


def test_format(cargo):
    needs("cargo-fmt")
    cargo("fmt", "--all", "--check")


# Before that one clippy looks for the comment of an unsafe block at the beginning of its line alone.
CLIPPY_THAT_FINDS_COMMENTS = (0, 1, 70)


def test_clippy(cargo):
    needs("cargo-clippy")
    version = cargo("clippy", "--version").stdout.split()[1]
    lints = ["warnings"]
    if tuple(map(int, version.split("."))) >= CLIPPY_THAT_FINDS_COMMENTS:
        lints.append("clippy::undocumented_unsafe_blocks")
    cargo("clippy", "--workspace", "--all-targets", "--", *(word for lint in lints for word in ("-D", lint)))


def test_documentation(cargo):
    cargo("doc", "--workspace", "--no-deps", env=dict(os.environ, RUSTDOCFLAGS="-D warnings"))


def test_nothing_but_the_library_is_needed():
    """Neither a registry nor a network: the lock file names no source."""
    assert "source" not in (RUST / "Cargo.lock").read_text()
