# SPDX-License-Identifier: Apache-2.0
"""Several results of one run: which goes where, and that each is what it would be alone."""

import gzip
import json
import marshal

import pytest

from program import TARGETS, read_stacks, wait_for

BUSY = TARGETS / "busy.py"

KINDS = {
    "pstats": lambda path: marshal.loads(path.read_bytes()),
    "collapsed": read_stacks,
    "gecko": lambda path: json.loads(path.read_text())["threads"],
    "speedscope": lambda path: json.loads(path.read_text())["profiles"],
    "pprof": lambda path: gzip.decompress(path.read_bytes()),
    "jsonl": lambda path: [json.loads(line) for line in path.read_text().splitlines()][0]["type"] == "meta",
    "binary": lambda path: path.read_bytes().index(b"HCAT"),
    "flamegraph": lambda path: path.read_text().index("<html"),
    "callgrind": lambda path: path.read_text().index("# callgrind format"),
    "chrome-trace": lambda path: json.loads(path.read_text())["traceEvents"],
    "perfetto": lambda path: path.read_bytes().index(b"python.wall"),
}

CHOICES = {
    "told by the ending": (["-o", "a.html", "-o", "b.pb.gz", "-o", "c.speedscope.json", "-o", "d.json", "-o", "e.txt"],
                           {"a.html": "flamegraph", "b.pb.gz": "pprof", "c.speedscope.json": "speedscope",
                            "d.json": "gecko", "e.txt": "collapsed"}),
    "timelines too": (["-o", "a.trace.json", "-o", "b.pftrace", "-o", "callgrind.out", "-o", "c.json", "-o", "d.bin"],
                      {"a.trace.json": "chrome-trace", "b.pftrace": "perfetto", "callgrind.out": "callgrind",
                       "c.json": "gecko", "d.bin": "binary"}),
    "each with its path": (["--collapsed=a", "--jsonl=b", "--pstats=c.html"],
                           {"a": "collapsed", "b": "jsonl", "c.html": "pstats"}),
    "one of each belong together": (["--gecko", "-o", "a.html"], {"a.html": "gecko"}),
    "a lone file of any name": (["-o", "a.out"], {"a.out": "pstats"}),
    "a lone file that tells": (["-o", "a.speedscope.json"], {"a.speedscope.json": "speedscope"}),
    "endings find their formats": (["--pprof", "--gecko", "-o", "a.json", "-o", "b.pb.gz"],
                                   {"a.json": "gecko", "b.pb.gz": "pprof"}),
    "what is left takes what is left": (["--gecko", "--pprof", "-o", "a.xyz", "-o", "a.json"],
                                        {"a.json": "gecko", "a.xyz": "pprof"}),
    "a directory takes all": (["--gecko", "--collapsed", "-o", "."], {"gecko_*.json": "gecko", "collapsed_*.txt": "collapsed"}),
    "names of their own": (["--collapsed", "--collapsed", "--gecko"],
                           {"gecko_*.json": "gecko", "collapsed_*.txt": "collapsed"}),
}


@pytest.mark.parametrize("arguments, files", CHOICES.values(), ids=CHOICES)
def test_which_goes_where(cli, python, folder, arguments, files):
    result = cli("run", *arguments, "--", python, BUSY, 0.05, cwd=folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "ready\ndone\n"
    assert len(list(folder.iterdir())) == len(files)
    for pattern, kind in files.items():
        (path,) = folder.glob(pattern)
        assert KINDS[kind](path) is not None
        assert path.name in result.stderr


def test_one_run_one_truth(cli, python, folder):
    """Two results of one run hold the same samples."""
    cli("run", "--collapsed=a", "--pstats=b", "--", python, BUSY, 0.2, cwd=folder)
    table = marshal.loads((folder / "b").read_bytes())
    table.pop(("__sampled__",))
    assert sum(read_stacks(folder / "a").values()) == sum(row[0] for row in table.values()) > 20


def test_the_table_beside_files(cli, python, folder):
    result = cli("run", "--pstats", "--gecko", "--", python, BUSY, 0.05, cwd=folder)
    assert "filename:lineno(function)" in result.stdout
    assert [path.suffix for path in folder.iterdir()] == [".json"]


@pytest.mark.parametrize("arguments", [["-o", "-"], ["--pstats=-"], ["--pstats", "-o", "-"]])
def test_the_table_where_stdout_is_named(cli, python, folder, arguments):
    result = cli("run", *arguments, "--sort", "name", "--", python, BUSY, 0.05, cwd=folder)
    assert "filename:lineno(function)" in result.stdout and not list(folder.iterdir())


def test_a_folder_with_a_slash(cli, python, folder):
    result = cli("run", "--collapsed", "-d", ".5", "-o", f"{folder}/", "--", python, BUSY, 0.05)
    assert f"{folder}/collapsed_" in result.stderr


def test_one_place_that_cannot_be_written(cli, python, folder):
    """Nothing is run, and nothing is left behind."""
    result = cli("run", "--collapsed=a", "--gecko=no/such/b", "--", python, BUSY, 0.05, cwd=folder)
    assert result.returncode == 1 and "no/such/b" in result.stderr
    assert result.stdout == "" and not list(folder.iterdir())


def test_browser(cli, python, folder):
    browser = folder / "browser"
    browser.write_text(f"#!/bin/sh\necho noise; echo \"$1\" > {folder}/shown.tmp; mv {folder}/shown.tmp {folder}/shown\n")
    browser.chmod(0o755)
    result = cli("run", "--browser", "-o", "a b.html", "--", python, BUSY, 0.05, cwd=folder,
                 env={"BROWSER": str(browser), "PATH": "/usr/bin:/bin"})
    assert (result.returncode, result.stdout) == (0, "ready\ndone\n"), result.stderr
    wait_for((folder / "shown").exists)
    assert (folder / "shown").read_text() == f"{folder / 'a b.html'}\n"
