# SPDX-License-Identifier: Apache-2.0
"""Targets with mount, PID and user namespaces of their own, which is what a container is: bubblewrap makes them."""

import json
import os
import pathlib
import re
import tempfile

import pytest
from interpreters import start_command

from program import TARGETS, read_functions, read_stacks, read_stats

UNSHARE = ["--unshare-user", "--unshare-pid"]
WAITS = "def rest():\n    print(__import__('os').getpid(), flush=True)\n    __import__('sys').stdin.read()\n\n\nrest()  # inside\n"
ESCAPES = """\
import os, sys
wait = compile("print(os.getpid(), flush=True); sys.stdin.read()", {link!r}, "exec")
exec(compile("def f():\\n    exec(wait)\\nf()", {name!r}, "exec"))
"""


WORKS = """\
import json, os, threading, time
def compute():
    while True: pass
def rest():
    time.sleep(1000)
threads = [threading.Thread(target=compute, name="computes", daemon=True), threading.Thread(target=rest, name="sleeps", daemon=True)]
for thread in threads: thread.start()
print(json.dumps([os.getpid(), *(thread.native_id for thread in threads)]), flush=True)
os.read(0, 1)
os._exit(0)
"""


def inside(interpreter, *words, binds=()):
    """The command line for an interpreter in namespaces of its own."""
    if not interpreter.tree:
        pytest.skip("runs without bubblewrap")
    command = list(interpreter.command)
    return [command[0], *UNSHARE, *command[1:-1], *binds, command[-1], *words]


def test_sources_are_those_of_the_container(cli, interpreter, folder):
    """The file that the target names exists on both sides, with other contents."""
    there = folder / "there"
    there.mkdir()
    (there / "app.py").write_text(WAITS)
    binds = ["--bind", there, "/srv"]
    with start_command(inside(interpreter, "/srv/app.py", binds=binds)) as target:
        assert int(target.ready) != target.pid
        result = cli("dump", "--opcodes", target.pid)
        assert result.returncode == 0, result.stderr
        assert '"/srv/app.py", line 6' in result.stdout and "rest()  # inside" in result.stdout
        stacks = cli("attach", "-d", 0.3, "--collapsed=-", target.pid)
        assert re.search(rf"tid:\d+;app\.py:<module>:6;app\.py:rest:3 \d+\n", stacks.stdout)


def test_nothing_outside_of_its_root_is_read(cli, interpreter, folder):
    """Names that lead out of the container: absolute ones that only we have, ".." and links."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as outside:
        secret = pathlib.Path(outside) / "secret.py"
        secret.write_text("SECRET\n" * 20)
        there = folder / "there"
        there.mkdir()
        (there / "link.py").symlink_to(secret)
        (there / "app.py").write_text(ESCAPES.format(link="/srv/link.py", name=f"/srv/../..{secret}"))
        with start_command(inside(interpreter, "/srv/app.py", binds=["--bind", there, "/srv"])) as target:
            assert not os.path.exists(f"/proc/{target.pid}/root{secret}")
            result = cli("dump", target.pid)
            pages = cli("attach", "-a", "-d", 0.2, f"--heatmap={folder / 'heatmap'}", f"--flamegraph={folder / 'flamegraph'}",
                        target.pid)
    assert (result.returncode, pages.returncode) == (0, 0), result.stderr + pages.stderr
    assert '"/srv/link.py"' in result.stdout and secret.name in result.stdout
    assert "SECRET" not in result.stdout
    written = [path.read_text() for path in (*(folder / "heatmap").iterdir(), folder / "flamegraph")]
    assert len(written) > 2 and not any("SECRET" in text for text in written)


def test_cpu_mode_in_a_container(cli, interpreter, folder):
    """The kernel is asked by our ids, threads are named by what the container says, and nothing is taken from our own files."""
    there = folder / "there"
    there.mkdir()
    (there / "app.py").write_text(WORKS)
    binds = ["--bind", there, "/srv"]
    with start_command(inside(interpreter, "/srv/app.py", binds=binds)) as target:
        own, computes, _ = json.loads(target.ready)
        assert own != target.pid and own < 100
        result = cli("attach", "-a", "--mode", "cpu", "-d", 0.6, f"--collapsed={folder / 'stacks'}",
                     f"--chrome-trace={folder / 'trace'}", "--stats", folder / "stats", target.pid)
        assert result.returncode == 0, result.stderr
        stacks = read_stacks(folder / "stacks")
        shown = {int(tid) for tid in re.findall(r"^tid:(\d+);", (folder / "stacks").read_text(), re.M)}
        # Ids of the host: those the kernel answers to. Their last one in NSpid is what the container calls them.
        ids = {int(path.name): int(re.search(r"^NSpid:.*\t(\d+)$", (path / "status").read_text(), re.M)[1])
               for path in pathlib.Path(f"/proc/{target.pid}/task").iterdir()}
    stats = read_stats(folder / "stats")
    assert sum(stacks.values()) > 0.8 * stats["samples"]
    assert all(any(":compute:" in frame for frame in stack) for stack in stacks)
    assert {ids.get(tid, tid) for tid in shown} == {computes}
    events = json.loads((folder / "trace").read_text())["traceEvents"]
    assert {event["args"]["name"] for event in events if event.get("name") == "thread_name"} == {"computes"}


def test_subprocesses_in_a_container(cli, interpreter, folder):
    """Results are named by the ids that we see, whatever the processes call themselves."""
    result = cli("run", "--subprocesses", "--collapsed", "-o", folder / "stacks.txt", "--",
                 *inside(interpreter, TARGETS / "family.py", "fork", 0.15))
    assert result.returncode == 0, result.stderr
    own, child = json.loads(result.stdout)
    (path,) = folder.glob("stacks_*.txt")
    assert own < 100 and int(path.stem.split("_")[1]) != child
    assert "work" in read_functions(path)
    assert re.search(r"Left out, not Python: \d, bwrap \(\d+\)", result.stderr)
