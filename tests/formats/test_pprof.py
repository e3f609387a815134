# SPDX-License-Identifier: Apache-2.0
"""--pprof, read by go tool pprof where there is a Go, and its gzip frame by Python."""

import gzip
import re
import shutil
import subprocess

import pytest


@pytest.fixture(scope="module")
def pprof(profile):
    """What go tool pprof prints of the profile."""
    if not shutil.which("go"):
        pytest.skip("no go here: its tool pprof reads the profile")
    path = profile("--pprof", "--opcodes")

    def run(*options):
        result = subprocess.run(["go", "tool", "pprof", *options, path], stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        assert result.returncode == 0, result.stderr
        return result.stdout
    return run


def test_it_is_gzip(profile):
    data = gzip.decompress(profile("--pprof", "--opcodes").read_bytes())
    assert b"work.py" in data and b"BINARY_OP" in data


def test_top_shows_functions(pprof):
    top = pprof("-top", "-sample_index=samples")
    total = int(re.search(r"Total samples = (\d+)", top)[1])
    assert total > 50
    assert re.search(r"^ +\d+ .* add$", top, re.MULTILINE)
    assert "<module>" in top and "<script>alert(1)</script>" in top


def test_instructions_and_threads_are_labels(pprof):
    tags = pprof("-tags")
    assert re.search(r"^ instruction: Total", tags, re.MULTILINE)
    assert re.search(r"\): BINARY_OP_\w+$", tags, re.MULTILINE)
    assert "worker-<b>1</b>" in tags
    assert re.search(r"BINARY_OP", pprof("-top", "-tagleaf=instruction"))


def test_columns_tell_instructions_of_a_line_apart(pprof):
    raw = pprof("-raw")
    columns = re.findall(r"add \S*work\.py:(\d+):(\d+) s=\d+", raw)
    assert len({column for line, column in columns if line == max(columns)[0]}) >= 1
    assert len(set(columns)) > len({line for line, _ in columns})


def test_it_opens_as_a_page(pprof):
    """The flame graph of pprof's own page is made from the same tree as -traces."""
    assert re.search(r"^ +\d+ +add", pprof("-traces"), re.MULTILINE)
