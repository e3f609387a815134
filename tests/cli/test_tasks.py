# SPDX-License-Identifier: Apache-2.0
"""asyncio: the tree of tasks and task stacks are what the programs themselves see."""

import json
import re
import signal
import time

import pytest
from interpreters import start

from program import TARGETS, read_stacks, read_stats

TASKS = TARGETS / "tasks.py"
STORM = TARGETS / "tasks_storm.py"
CYCLE = TARGETS / "tasks_cycle.py"


def ask(cli, pid, *options):
    result = cli("tasks", "--json", *options, pid)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="session")
def resting(interpreter):
    with start(interpreter, TASKS) as target:
        yield target, json.loads(target.ready)


def short(name):
    """As a name is shown: at most 255 bytes."""
    return name if len(name.encode()) < 256 else name[:252] + "…"


def test_every_task(cli, resting):
    """Id, name, thread, coroutines with line and instruction, for every way to wait; and nothing else."""
    target, told = resting
    answer = ask(cli, target.pid)
    assert answer["complete"] and answer["asyncio"] and answer["message"] == ""
    found = {task["id"]: task for task in answer["tasks"]}
    assert set(found) == {key for loop in told["loops"] for key in loop["tasks"]}
    for loop in told["loops"]:
        for key, wanted in loop["tasks"].items():
            task = found[key]
            assert task["name"] == short(wanted["name"])
            assert task["thread_id"] == loop["thread"]
            assert (task["state"], task["verdict"]) == ("suspended", "verified")
            if not wanted["me"]:
                stack = [[frame["function"], frame["file"], frame["line"], frame["offset"]] for frame in task["stack"]]
                assert stack == wanted["stack"], wanted["name"]
                assert all(frame["instruction"] for frame in task["stack"])


def test_who_awaits_whom(cli, resting):
    """What the program declares; and from 3.14 on what asyncio.capture_call_graph() says."""
    target, told = resting
    answer = ask(cli, target.pid)
    names = {task["id"]: task["name"] for task in answer["tasks"]}
    waiters = {task["id"]: sorted(names[waiter] for waiter in task["awaited_by"]) for task in answer["tasks"]}
    by_name = {names[key]: found for key, found in waiters.items()}
    for name, wanted in told["declared"].items():
        assert by_name[short(name)] == wanted, name
    for loop in told["loops"]:
        for key, wanted in loop["tasks"].items():
            if "awaited_by" in wanted:
                assert waiters[key] == wanted["awaited_by"], wanted["name"]


def test_tree(cli, resting):
    target, told = resting
    result = cli("tasks", "--opcodes", target.pid)
    assert result.returncode == 0 and result.stderr == ""
    assert "\x1b" not in result.stdout and r"name with \x1b[31m and ünïcödé 名前" in result.stdout
    tree = re.search(r"\(T\) gathers  here for at least 0\.\d\d s\n(.*\n)(.*\n)", result.stdout)
    assert re.search(r"└──  gathers \S+/tasks\.py:\d+  \w+ at \d+\n", tree[1])
    assert re.search(r"├── \(T\) gathered \d  here", tree[2])
    # A task with three waiters stands below each of them, once with all that is below it.
    assert len(re.findall(r"\(T\) shared  here", result.stdout)) == 1
    assert len(re.findall(r"\(T\) shared  see above", result.stdout)) == 2
    assert len(re.findall(r"^thread \d+", result.stdout, re.M)) == 2


def test_stacks_of_all(cli, resting, folder):
    """--async-mode all: one stack for each path from a task to one that nobody awaits, with the tasks' marks."""
    target, told = resting
    result = cli("attach", "-d", "0.3", "-a", "--async-aware", "--async-mode", "all", "--opcodes", "--collapsed", "-o",
                 folder / "stacks", "--stats", folder / "stats", target.pid)
    assert result.returncode == 0, result.stderr
    stats = read_stats(folder / "stats")
    assert stats["samples"] > 10 and stats["torn"] == stats["failed"] == stats["incomplete"] == 0
    names = [[re.sub(r":[^:]*$", "", frame) for frame in stack] for stack in read_stacks(folder / "stacks")]
    marks = {tuple(frame for frame in stack if frame.startswith("<task ")) for stack in names}
    for i in range(3):
        assert (f"<task shares {i}>", "<task shared>") in marks
    assert {("<task gathers>", f"<task gathered {i}>") for i in (1, 2)} <= marks
    assert ("<task gathers there>", "<task there 1>") in marks
    assert ("<task nests>", "<task middle>", "<task deeper>") in marks


def test_running_tasks(cli, interpreter, folder):
    """The task that computes, with those that await it; what it shares with the loop is left out."""
    with start(interpreter, STORM, "compute") as target:
        result = cli("attach", "-d", "0.5", "--async-aware", "--collapsed", "-o", folder / "stacks", "--stats",
                     folder / "stats", target.pid)
        answer = ask(cli, target.pid)
    assert result.returncode == 0, result.stderr
    stats = read_stats(folder / "stats")
    assert stats["failed"] == 0
    believed = [task for task in answer["tasks"] if task["verdict"] in ("verified", "repaired")]
    assert sum(task["state"] == "running" for task in believed) <= 1
    stacks = read_stacks(folder / "stacks")
    proven = sum(stacks.values())
    assert proven > 20
    expected = re.compile(r"<task Task-1>;\S*main:\d+;(\S*_?_aexit_?_?:\d+;)*<task worker \d>;\S*worker:\d+"
                          r"(;\S*compute:\d+(;\S*step:\d+)?|;\S*sleep:\d+(;\S*__sleep0:\d+)?)?")
    for stack in stacks:
        assert expected.fullmatch(";".join(stack)), stack


def test_storm(cli, interpreter, folder):
    """Tasks are made, cancelled and awaited as fast as can be: no stack that cannot be, no reading that fails."""
    with start(interpreter, STORM, "storm") as target:
        result = cli("attach", "-d", "0.5", "-r", "500hz", "--async-aware", "--async-mode", "all", "--collapsed", "-o",
                     folder / "stacks", "--stats", folder / "stats", target.pid)
    assert result.returncode == 0, result.stderr
    stats = read_stats(folder / "stats")
    assert stats["samples"] > 20 and stats["failed"] == 0
    for stack in read_stacks(folder / "stacks"):
        names = [frame if frame.startswith("<task") else frame.split(":")[-2].split(".")[-1] for frame in stack]
        marks = [name for name in names if name.startswith("<task")]
        # Before 3.13 a task is made first and named then.
        if interpreter.version < (3, 13) and len(stack) == 2 and re.fullmatch(r"<task Task-\d+>", marks[0]):
            continue
        assert marks in (["<task Task-1>"], ["<task Task-1>", "<task victim>"], ["<task victim>"],
                         ["<task Task-1>", "<task victim>", "<task child>"], ["<task victim>", "<task child>"],
                         ["<task child>"]), stack
        # Below its mark each task begins with its own coroutine.
        for mark, begin in zip(names, names[1:]):
            if mark.startswith("<task ") and not begin.startswith("<task"):
                assert begin == {"<task Task-1>": "main"}.get(mark, mark[6:-1]), stack


def test_cycle(cli, interpreter):
    """Two tasks that await each other: both are shown, and where the cycle closes."""
    with start(interpreter, CYCLE) as target:
        answer = ask(cli, target.pid)
        tree = cli("tasks", target.pid).stdout
        dump = cli("dump", "--async-aware", target.pid).stdout
    by_name = {task["name"]: task for task in answer["tasks"]}
    for one, other in ("first", "second"), ("second", "first"):
        assert by_name[one]["cycle"] and by_name[other]["id"] in by_name[one]["awaited_by"]
    assert by_name["outside"]["id"] in by_name["first"]["awaited_by"]
    assert not by_name["outside"]["cycle"]
    assert re.search(r"\(T\) \w+  cycle: it waits for itself", tree)
    assert re.search(r"<task \w+, cycle>", dump)


def test_ten_thousand(cli, interpreter):
    with start(interpreter, STORM, "many") as target:
        answer = ask(cli, target.pid)
    assert answer["complete"] and len(answer["tasks"]) == 10001
    workers = [task for task in answer["tasks"] if task["name"] != "Task-1"]
    assert all(task["verdict"] == "verified" for task in workers)
    assert all([frame["function"].split(".")[-1] for frame in task["stack"]] == ["sleep", "leaf"] for task in workers)
    assert len({task["name"] for task in workers}) == 10000


def test_seen_since(cli, resting):
    """How long a task was seen where it is: as long as it was watched, the same for all that rest."""
    target, _ = resting
    seen = {task["seen_here_s"] for task in ask(cli, target.pid, "-d", "0.4")["tasks"]}
    # The last reading is one of the last ticks of that time, not its end.
    assert len(seen) == 1 and 0.2 < seen.pop() < 60


def test_without_asyncio(cli, interpreter):
    with start(interpreter, TARGETS / "park.py") as target:
        result = cli("tasks", target.pid)
        profile = cli("attach", "-d", "0.1", "--async-aware", "--collapsed", "-o", "-", target.pid)
    assert result.returncode == 0 and result.stdout.startswith("0 tasks of process")
    assert profile.returncode == 0 and profile.stdout == ""


def test_asyncio_comes_later(cli, interpreter, folder):
    """Attached before asyncio is imported."""
    with start(interpreter, STORM, "later") as target:
        with cli.started("attach", "--async-aware", "--async-mode", "all", "--collapsed", "-o", folder / "stacks",
                         "--stats", folder / "stats", target.pid) as profiler:
            time.sleep(0.1)
            target.write_line()
            assert target.read_line() == "late"
            # asyncio is looked for again every quarter of a second.
            time.sleep(0.6)
            profiler.send_signal(signal.SIGINT)
            assert profiler.wait(30) == 0
    assert any("<task late>" in stack for stack in read_stacks(folder / "stacks"))


def test_usage(cli):
    assert "--async-mode requires --async-aware to be enabled." in cli("attach", "--async-mode", "all", "1").stderr
    assert "invalid choice: 'some'" in cli("attach", "--async-aware", "--async-mode", "some", "1").stderr
    gone = cli("tasks", "2147483647")
    assert gone.returncode == 1 and gone.stderr
