# SPDX-License-Identifier: Apache-2.0
"""asyncio tasks: the library against CPython 3.15's own reader, side by side: tasks.py [--seconds S] [--rounds N].

With the argument `--unwinder PID SECONDS TASKS-MIN all|running` it is the other side, run by CPython 3.15.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SIZES = (10, 1000, 10000)


def unwinder(pid, seconds, tasks_min, what):
    from _remote_debugging import RemoteUnwinder
    reader = RemoteUnwinder(pid, all_threads=True)
    read = reader.get_all_awaited_by if what == "all" else reader.get_async_stack_trace
    samples = failed = stacks = 0
    cpu, begin = time.process_time(), time.perf_counter()
    while not samples or time.perf_counter() - begin < seconds:
        samples += 1
        try:
            found = sum(len(thread.awaited_by) for thread in read())
            stacks += found
            failed += what == "all" and found < tasks_min
        except Exception:
            failed += 1
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    print(json.dumps({"samples": samples, "failed": failed, "stacks": stacks, "wall_us": wall * 1e6 / samples,
                      "cpu_us": cpu * 1e6 / samples}))


def run(words):
    return json.loads(subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, check=True, text=True).stdout)


def compare(python, size, what, options):
    sys.path.insert(0, str(HERE.parent / "support"))
    import interpreters
    ours, theirs = [], []
    with interpreters.start(python, HERE / "targets" / "tasks.py", size, what) as target:
        for _ in range(options.rounds):
            ours.append(run([interpreters.BUILD / "tests" / "bench" / "tasks", target.pid, options.seconds, size, what]))
            theirs.append(run([*python.command, HERE / "tasks.py", "--unwinder", target.pid, options.seconds, size, what]))
    for name, rounds in ("libtachyon", ours), ("RemoteUnwinder", theirs):
        middle = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
        failed = sum(one["failed"] for one in rounds) / sum(one["samples"] for one in rounds)
        print(f"{size:>6} {what:<8} {name:<15} {middle['wall_us']:>12.1f} {middle['cpu_us']:>12.1f} {failed:>8.2%} "
              f"{middle.get('unproven', 0) / max(1, middle['stacks']):>9.2%}", flush=True)
    ratio = statistics.median(b["cpu_us"] / a["cpu_us"] for a, b in zip(ours, theirs))
    print(f"{'':>6} {'':<8} {ratio:.1f} times as fast", flush=True)


def main():
    if sys.argv[1:2] == ["--unwinder"]:
        unwinder(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sys.path.insert(0, str(HERE.parent / "support"))
    import interpreters
    python = next(one for one in interpreters.load(extra=False) if one.name == "3.15")
    print(f"{'tasks':>6} {'reading':<8} {'tool':<15} {'wall µs':>12} {'cpu µs':>12} {'failed':>8} {'unproven':>9}")
    for size in SIZES:
        for what in "all", "running":
            compare(python, size, what, options)


if __name__ == "__main__":
    main()
