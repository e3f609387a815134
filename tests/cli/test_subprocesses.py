# SPDX-License-Identifier: Apache-2.0
"""--subprocesses: every process that a program starts, each with a result of its own or all in one."""

import json
import os
import re
import shutil
import signal
import subprocess

import pytest
from interpreters import BUILD, load, start_command

from program import TARGETS, read_functions, read_stacks, read_stats

FAMILY = TARGETS / "family.py"
POOLS = ["pool-fork", "pool-spawn", "pool-forkserver"]


def newest():
    return load(extra=False)[-1]


def tids(path):
    return {int(re.match(r"tid:(\d+);", line)[1]) for line in path.read_text().splitlines()}


def seen_pids(folder, base, ending):
    """Process ids in the names of results, as CPython's profiler names them."""
    return {int(path.name[len(base) + 1:-len(ending)]) for path in folder.glob(f"{base}_*{ending}")}


def run(cli, folder, command, *arguments, options=()):
    """(result, process ids the program printed); collapsed stacks go to stacks.txt and its kin."""
    result = cli("run", "--subprocesses", "--collapsed", "-o", folder / "stacks.txt", *options, "--", *command, *arguments)
    assert result.returncode == 0, result.stderr
    return result, json.loads(result.stdout)


# ---- one result each ----

@pytest.mark.free_threaded
@pytest.mark.parametrize("method", ["fork", "thread", "exec"])
def test_each_process_has_a_result(cli, interpreter, folder, method):
    result, (own, child) = run(cli, folder, interpreter.command, FAMILY, method, 0.15)
    assert seen_pids(folder, "stacks", ".txt") == {child}
    assert read_functions(folder / f"stacks_{child}.txt") >= {"work"}
    assert tids(folder / "stacks.txt") == {own} and tids(folder / f"stacks_{child}.txt") == {child}
    assert "work" not in read_functions(folder / "stacks.txt")
    assert "Profiled 2 processes\n" in result.stderr


@pytest.mark.parametrize("method", POOLS)
def test_pool(cli, folder, method):
    _, (own, *workers) = run(cli, folder, newest().command, FAMILY, method, 0.1, 2)
    assert workers and set(workers) <= seen_pids(folder, "stacks", ".txt")
    for worker in workers:
        assert "work" in read_functions(folder / f"stacks_{worker}.txt")


def test_orphans(cli, python, folder):
    """Each is started by a process that ends at once, before anybody can look at it."""
    result, (_, *orphans) = run(cli, folder, [python], FAMILY, "daemon", 0.1, 8)
    assert seen_pids(folder, "stacks", ".txt") == set(orphans), result.stderr
    assert all("work" in read_functions(folder / f"stacks_{orphan}.txt") for orphan in orphans)


def test_python_below_something_else(cli, python, folder):
    result, (own, shell) = run(cli, folder, [python], FAMILY, "launcher", 0.2)
    (child,) = seen_pids(folder, "stacks", ".txt")
    assert child not in (own, shell)
    assert read_functions(folder / f"stacks_{child}.txt") >= {"work"}
    assert f"Left out, not Python: 1, sh ({shell})\n" in result.stderr


def test_first_python_has_the_name_as_given(cli, python, folder):
    result, (own, child) = run(cli, folder, ["sh", "-c", '"$@"; true', "sh", python], FAMILY, "fork", 0.15)
    assert tids(folder / "stacks.txt") == {own}
    assert seen_pids(folder, "stacks", ".txt") == {child}


def test_names_without_a_path(cli, python, folder):
    """The table of the first goes to stdout, those of the others to files."""
    result = cli("run", "--subprocesses", "--jsonl=x.speedscope.jsonl", "--pstats", "--", python, FAMILY, "fork", 0.15,
                 cwd=folder)
    assert result.returncode == 0, result.stderr
    assert "Profile Stats:" in result.stdout
    pid = json.loads(result.stdout.splitlines()[0])[1]
    assert {path.name for path in folder.iterdir()} == {
        "x.speedscope.jsonl", f"x.speedscope_{pid}.jsonl", f"profile_{pid}.pstats"}


def test_children_of_30_ms(cli, python, folder):
    """Nearly all, in one run of some: on a busy machine 30 ms may pass without us."""
    for _ in range(8):
        _, (own, *children) = run(cli, folder, [python], FAMILY, "short", 0.03, 10)
        if len(set(children) & seen_pids(folder, "stacks", ".txt")) >= 8:
            return
    pytest.fail("children were missed")


def test_more_than_a_hundred(cli, python, folder):
    script = folder / "many.py"
    script.write_text("import os, time\npids = []\nfor _ in range(120):\n    pid = os.fork()\n    if pid == 0:\n"
                      "        end = time.monotonic() + 2\n        while time.monotonic() < end: time.sleep(0.01)\n"
                      "        os._exit(0)\n    pids.append(pid)\n"
                      "for pid in pids: os.waitpid(pid, 0)\nimport json; print(json.dumps(pids))\n")
    result, children = run(cli, folder, [python], script, options=["-r", "20hz"])
    assert seen_pids(folder, "stacks", ".txt") == set(children)


# ---- one result for all ----

@pytest.fixture(scope="module")
def merged(cli, tmp_path_factory):
    """(folder, process ids, stats) of one run with every format."""
    folder = tmp_path_factory.mktemp("merged")
    result = cli("run", "--subprocesses", "--merge", "--opcodes", "-r", "500hz", "--stats", folder / "stats",
                 *(f"--{name}={folder / name}" for name in ("pstats", "collapsed", "flamegraph", "gecko", "speedscope",
                                                             "jsonl", "chrome-trace")),
                 "--", *newest().command, FAMILY, "fork", 0.3, 3)
    assert result.returncode == 0, result.stderr
    assert "Profiled 4 processes\n" in result.stderr
    return folder, json.loads(result.stdout), read_stats(folder / "stats")


def test_merged_stacks_are_those_of_all(merged):
    folder, pids, stats = merged
    stacks = read_stacks(folder / "collapsed")
    assert tids(folder / "collapsed") == set(pids)
    assert 0.9 * (stats["verified"] + stats["repaired"]) < sum(stacks.values()) <= stats["verified"] + stats["repaired"]


def test_merged_time_is_the_sum(merged):
    folder, _, stats = merged
    taken = stats["samples"] / (stats["missed"] + stats["samples"])
    spent = sum(count for stack, count in read_stacks(folder / "collapsed").items() if any(":work:" in f for f in stack))
    assert spent > 0.5 * 3 * 0.3 * 500 * taken


def test_merged_timelines_know_their_process(merged):
    folder, pids, stats = merged
    gecko = json.loads((folder / "gecko").read_text())
    assert {int(thread["pid"]) for thread in gecko["threads"]} == set(pids)
    assert all(thread["pid"] == thread["tid"] for thread in gecko["threads"])
    trace = json.loads((folder / "chrome-trace").read_text())
    names = [event for event in trace["traceEvents"] if event.get("name") == "process_name"]
    assert sorted(event["pid"] for event in names) == sorted(pids)


def test_merged_over_versions(cli, folder):
    """A launcher of one version whose child is another: each function is of its own."""
    versions = [interpreter for interpreter in load() if not interpreter.tree]
    if len(versions) < 2:
        pytest.skip("needs two interpreters of this machine's own")
    one, other = versions[0].command[0], versions[-1].command[0]
    script = folder / "starts.py"
    script.write_text(f"import subprocess\ndef launch():\n    subprocess.run([{other!r}, {str(FAMILY)!r}, 'fork', '0.2'])\n"
                      "launch()\n")
    result = cli("run", "--subprocesses", "--merge", "--collapsed", "-o", folder / "stacks.txt", "--", one, script)
    assert result.returncode == 0, result.stderr
    assert {"launch", "work"} <= read_functions(folder / "stacks.txt")


# ---- the life of a run ----

def test_attach(cli, python, folder):
    with start_command([python, "-c", "import os, time\npid = os.fork()\nprint(pid, flush=True) if pid else None\n"
                        "end = time.monotonic() + 30\nwhile time.monotonic() < end: time.sleep(0.001)"]) as target:
        child = int(target.ready)
        result = cli("attach", "--subprocesses", "-d", 0.4, "--collapsed", "-o", folder / "stacks.txt", "--stats",
                     folder / "stats", target.pid)
        assert result.returncode == 0, result.stderr
        os.kill(child, signal.SIGKILL)
        target.kill()
    assert tids(folder / "stacks.txt") == {target.pid} and tids(folder / f"stacks_{child}.txt") == {child}
    stats = read_stats(folder / "stats")
    assert stats["pid"] == target.pid and 0.4 <= stats["duration_s"] < 5


def test_interrupted(cli, python, folder):
    """Ctrl-C ends the profile of all, and what was sampled is written."""
    with cli.started("run", "--subprocesses", "--collapsed", "-o", folder / "stacks.txt", "--realtime-stats", "--", python,
                     FAMILY, "fork", 30, start_new_session=True) as process:
        while not process.stderr.readline().startswith("Stats: "):
            pass
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert "Interrupted by user." in errors and "Profiled 2 processes" in errors
    (child,) = seen_pids(folder, "stacks", ".txt")
    assert "work" in read_functions(folder / f"stacks_{child}.txt")


@pytest.mark.parametrize("count, told", [(1, 1), (7, 5)])
def test_children_that_may_not_be_read(cli, python, folder, count, told):
    """It is said in one line each, for the first of them, and the rest goes on."""
    script = folder / "guarded.py"
    script.write_text(f"import ctypes, os, time\nfor _ in range({count}):\n    if os.fork() == 0:\n"
                      "        ctypes.CDLL(None).prctl(4, 0)\n        time.sleep(2.7)\n        os._exit(0)\n"
                      f"for _ in range({count}):\n    os.wait()\nprint('done')\n")
    options = {"cwd": folder}
    command = cli.path
    if os.geteuid() == 0:  # whom nothing would be refused
        command = shutil.copy(cli.path, folder)
        shutil.copy(BUILD / "lib" / "libtachyon.so.0", folder)
        folder.chmod(0o777)
        options |= {"user": 65534, "group": 65534, "extra_groups": [], "env": {**os.environ, "LD_LIBRARY_PATH": str(folder)}}
    result = subprocess.run([command, "run", "--subprocesses", "--collapsed", "-o", "stacks.txt", "--", python, script],
                            text=True, capture_output=True, timeout=60, **options)
    assert (result.returncode, result.stdout) == (0, "done\n"), result.stderr
    refusals = [line for line in result.stderr.splitlines() if re.search(r"may (no longer|not) read process", line)]
    assert len(refusals) == told
    assert ("more processes that cannot be read are only counted" in result.stderr) == (count > told)
    assert "<module>" in read_functions(folder / "stacks.txt")


def test_nothing_is_python(cli, folder):
    result = cli("run", "--subprocesses", "--collapsed", "-o", folder / "stacks.txt", "--", "sleep", "0.1")
    assert result.returncode == 1
    assert "no Python process was sampled" in result.stderr
    assert not list(folder.iterdir())


def test_realtime_stats(cli, python, folder):
    result = cli("run", "--realtime-stats", "-o", folder / "p", "--", python, TARGETS / "busy.py", 1.4)
    assert result.returncode == 0
    line = next(line for line in result.stderr.splitlines() if line.startswith("Stats: 1 s  "))
    assert re.fullmatch(r"Stats: 1 s  [\d.]+ Hz  [\d.]+% proven \(\d+ verified, \d+ repaired, \d+ torn, \d+ incomplete, "
                        r"\d+ unreadable\)  \d+ missed, \d+ failed  cache [\d.]+% \(\d+ code objects fetched, \d+ checked\)"
                        r"  [\d.]+ reads, \d+ bytes a sample", line)
    assert float(re.search(r"([\d.]+) Hz", line)[1]) > 100
    assert re.search(r"Reading statistics:\n  Samples: +\d+, [\d.]+% found all where it was predicted", result.stderr)
