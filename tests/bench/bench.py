# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmark and prints its tables; run.sh makes what it needs.

    bench.py [--seconds S] [--rounds N] [--section NAME]… [--million M] [--json FILE]

All tools that are compared run in turn within one round, and the median of the rounds is shown, so that what else the
machine does meets all of them alike. "cpu" is CPU time of the profiler for a sample: where the machine is busy it says more
than the rate. "lost" are samples that failed, were not proven or lack frames.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import interpreters  # noqa: E402
import live_view  # noqa: E402
import recordings  # noqa: E402

BENCH = interpreters.BUILD / "tests" / "bench" / "bench"
CLI = interpreters.BUILD / "examples" / "tachyon-cli" / "tachyon-cli"
WORKLOAD = HERE / "targets" / "workload.py"
PEERS = pathlib.Path(os.environ.get("TACHYON_PEERS", "/nonexistent"))
TIMEOUT_S = 300
RANGES_PER_THREAD = 3  # thread state, data stack, bytecode

# Kind, size, fewest frames a whole stack has, all threads.
WORKLOADS = [("depth", 1, 3, False), ("depth", 20, 22, False), ("depth", 200, 202, False), ("depth", 1000, 1002, False),
             ("threads", 1, 10, True), ("threads", 10, 10, True), ("threads", 100, 10, True), ("threads", 500, 10, True),
             ("code", 100000, 3, False), ("stdlib", 1, 2, False)]
UNWINDERS = ["default", "cache", "cache+opcodes"]


def run(words, variables=None, **options):
    environment = dict(os.environ, LC_ALL="C", NO_COLOR="1", **(variables or {}))
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", env=environment, timeout=TIMEOUT_S, **options)


def run_json(words, variables=None):
    result = run(words, variables)
    if result.returncode:
        raise RuntimeError(f"{words[0]} failed: {result.stderr.strip()}")
    return json.loads(result.stdout)


def median(rounds):
    """Median of each figure over the rounds of one tool."""
    return {key: statistics.median(result[key] for result in rounds) for key in rounds[0]}


def lost_share(figures):
    return 1 if not figures["samples"] else (figures["failed"] + figures["lost"] / max(1, figures["stacks"])
                                             * (figures["samples"] - figures["failed"])) / figures["samples"]


# ---- one sample: the library, CPython's unwinder, the floor ----

def sample_tools(python, pid, kind, size, frames, everything, options):
    ranges = min(1000, RANGES_PER_THREAD * (size + 1 if kind == "threads" else 1))
    ours = [BENCH, pid, options.seconds, "--frames", frames, *(["--all"] if everything else [])]
    tools = {"libtachyon": ours, "floor": [*ours, "--floor", ranges]}
    for mode in UNWINDERS:
        tools[f"RemoteUnwinder {mode}"] = [*python.command, HERE / "unwinder.py", pid, options.seconds, mode, frames,
                                           *(["all"] if everything else [])]
    return tools


def bench_samples(python, options):
    """Rows of (workload, tool, figures)."""
    print(f"\nOne sample with locations and the leaf's instruction, CPython {python}\n")
    print(f"{'workload':<13} {'tool':<29} {'samples/s':>10} {'cpu µs':>9} {'lost':>8} {'calls':>7} {'bytes':>8} {'allocs':>7} "
          f"{'x floor':>8} {'attach ms':>9}")
    rows = []
    for kind, size, frames, everything in WORKLOADS:
        with interpreters.start(python, WORKLOAD, kind, size) as target:
            tools = sample_tools(python, target.pid, kind, size, frames, everything, options)
            rounds = {name: [] for name in tools}
            for _ in range(options.rounds):
                for name, words in tools.items():
                    rounds[name].append(run_json(words))
        floor = median(rounds["floor"])["cpu_us"]
        for name, results in rounds.items():
            figures = median(results)
            figures["lost_share"], figures["times_floor"] = lost_share(figures), figures["cpu_us"] / floor
            rows.append({"workload": f"{kind} {size}", "tool": name, **figures})
            print(sample_line(rows[-1]), flush=True)
    return rows


# ---- modes ----

MODES = {"wall": ["--mode", "wall"], "cpu": ["--mode", "cpu"], "gil": ["--mode", "gil"],
         "wall, asked who is on CPU": ["--mode", "wall", "--cpu-status"]}


def bench_modes(python, options):
    """What a mode costs, by threads that wait: rows of (threads, mode, figures)."""
    print(f"\nModes: all threads, of which one computes, CPython {python}\n")
    print(f"{'threads':>7} {'mode':<26} {'cpu µs':>9} {'a thread':>9} {'x wall':>7} {'calls':>7}")
    rows = []
    for threads in (1, 100, 500):
        kind, size = ("threads", threads - 1) if threads > 1 else ("depth", 10)
        with interpreters.start(python, WORKLOAD, kind, size) as target:
            rounds = {mode: [] for mode in MODES}
            for _ in range(options.rounds):
                for mode, words in MODES.items():
                    rounds[mode].append(run_json([BENCH, target.pid, options.seconds, "--all", *words]))
        for mode, results in rounds.items():
            figures = median(results)
            # Side by side: the median of the ratios of the rounds.
            ratio = statistics.median(one["cpu_us"] / wall["cpu_us"] for one, wall in zip(results, rounds["wall"]))
            rows.append({"threads": threads, "mode": mode, "times_wall": ratio, **figures})
            print(f"{threads:>7} {mode:<26} {figures['cpu_us']:>9.2f} {figures['cpu_us'] / threads:>9.2f} {ratio:>7.2f} "
                  f"{figures['calls']:>7.2f}", flush=True)
    return rows


def sample_line(row):
    def optional(key, form):
        return format(row[key], form) if key in row and row["tool"] != "floor" else "-"

    return (f"{row['workload']:<13} {row['tool']:<29} {row['rate_hz']:>10.0f} {row['cpu_us']:>9.2f} {row['lost_share']:>8.3%} "
            f"{optional('calls', '.3f'):>7} {optional('bytes', '.0f'):>8} {optional('allocations', '.4f'):>7} "
            f"{row['times_floor']:>8.2f} {optional('attach_ms', '.1f'):>9}")


# ---- command lines, end to end ----

def tachyon_cli(pid, seconds, directory, *options):
    stats = directory / "stats.json"
    result = run([CLI, "attach", "-r", "1000000", "-d", seconds, *options, "-o", directory / "ours", "--stats", stats, pid])
    figures = json.loads(stats.read_text())
    if result.returncode:
        raise RuntimeError(result.stderr)
    stacks = sum(figures[name] for name in ("verified", "repaired", "torn", "incomplete"))
    return {"rate_hz": figures["samples"] / figures["duration_s"],
            "cpu_us": figures["profiler_cpu_s"] * 1e6 / max(1, figures["samples"]),
            "lost_share": (figures["torn"] + figures["incomplete"]) / max(1, stacks),
            "peak_rss_bytes": figures["peak_rss_bytes"]}


def cpython_cli(python, pid, seconds, directory, *options):
    result = run([*python.command, "-m", "profiling.sampling", "attach", "-r", "1000000", "-d", max(1, int(seconds)),
                  *options, "-o", directory / "theirs", pid])
    captured = re.search(r"Captured ([\d,]+) samples in ([\d.]+)", result.stdout + result.stderr)
    errors = re.search(r"Error rate: ([\d.]+)", result.stdout + result.stderr)
    if not captured:
        raise RuntimeError((result.stdout + result.stderr)[-400:])
    return {"rate_hz": int(captured[1].replace(",", "")) / float(captured[2]),
            "lost_share": float(errors[1]) / 100 if errors else 0}


def py_spy(pid, seconds, directory):
    """It counts samples, not time: what it takes for as many as it was asked for is measured."""
    asked = 1000 * int(seconds + 1)
    begin = time.monotonic()
    result = run([PEERS / "bin" / "py-spy", "record", "-p", pid, "-d", 1, "-r", asked, "--nonblocking", "-f", "raw", "-o",
                  directory / "py-spy"])
    counted = re.search(r"Samples: (\d+) Errors: (\d+)", result.stdout + result.stderr)
    if not counted:
        raise RuntimeError((result.stdout + result.stderr).strip()[-300:])
    return {"rate_hz": int(counted[1]) / (time.monotonic() - begin),
            "lost_share": int(counted[2]) / max(1, int(counted[1]) + int(counted[2]))}


def austin(python, pid, seconds, directory):
    """Run inside the interpreter's tree: its build wants a newer C library than Debian 12 has."""
    program = shutil.copy(PEERS / "bin" / "austin", directory)
    result = run(python.inside(program, "-i", 1, "-x", int(seconds + 1), "-o", directory / "austin.mojo", "-p", pid))
    text = re.sub(r"\x1b\[[\d;]*m", "", result.stdout + result.stderr)
    rate = re.search(r"Average sampling rate[ .]*([\d.]+) (k?)Hz", text)
    errors = re.search(r"Error rate[ .]*(\d+)/(\d+)", text)
    if not rate:
        raise RuntimeError(" ".join(text.split())[-300:])
    return {"rate_hz": float(rate[1]) * (1000 if rate[2] else 1),
            "lost_share": int(errors[1]) / max(1, int(errors[2])) if errors else 0}


def command_lines(found, directory, options):
    """(label, interpreter, how to run it on a process)"""
    newest, previous, seconds = found["3.15"], found["3.14"], options.seconds
    yield "tachyon-cli --collapsed", newest, lambda pid: tachyon_cli(pid, seconds, directory, "--collapsed")
    yield "profiling.sampling --collapsed", newest, lambda pid: cpython_cli(newest, pid, seconds, directory, "--collapsed")
    yield ("tachyon-cli --collapsed --opcodes", newest,
           lambda pid: tachyon_cli(pid, seconds, directory, "--collapsed", "--opcodes"))
    yield ("profiling.sampling --flamegraph --opcodes", newest,
           lambda pid: cpython_cli(newest, pid, seconds, directory, "--flamegraph", "--opcodes"))
    yield "tachyon-cli --collapsed", previous, lambda pid: tachyon_cli(pid, seconds, directory, "--collapsed")
    yield "py-spy record --nonblocking", previous, lambda pid: py_spy(pid, seconds, directory)
    yield "austin", previous, lambda pid: austin(previous, pid, seconds, directory)


def bench_command_lines(found, options):
    print("\nCommand lines end to end, one thread, depth 20\n")
    print(f"{'tool':<42} {'python':<7} {'samples/s':>10} {'cpu µs':>7} {'lost':>8} {'peak MB':>8}")
    rows = []
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        os.chmod(name, 0o755)
        for tool, python, measure in command_lines(found, pathlib.Path(name), options):
            with interpreters.start(python, WORKLOAD, "depth", 20) as target:
                try:
                    figures = median([measure(target.pid) for _ in range(options.rounds)])
                except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                    print(f"{tool:<42} {python.name:<7} skipped: {error}")
                    continue
            rows.append({"tool": tool, "python": python.name, **figures})
            cpu = f"{figures['cpu_us']:.2f}" if "cpu_us" in figures else "-"
            peak = f"{figures['peak_rss_bytes'] / 1e6:.1f}" if "peak_rss_bytes" in figures else "-"
            print(f"{tool:<42} {python.name:<7} {figures['rate_hz']:>10.0f} {cpu:>7} {figures['lost_share']:>8.3%} "
                  f"{peak:>8}", flush=True)
    return rows


# ---- what instructions cost ----

OPCODE_WORKLOADS = [("depth", 20), ("depth", 200), ("stdlib", 1)]


def opcode_tools(python, directory, options):
    """(label, how to run it on a process without instructions, with them)"""
    seconds = options.seconds
    unwinder = [*python.command, HERE / "unwinder.py"]

    def cli(measure, *words):
        return (lambda pid: measure(pid, seconds, directory, *words),
                lambda pid: measure(pid, seconds, directory, *words, "--opcodes"))

    def theirs(*arguments):
        return cpython_cli(python, *arguments)

    yield ("libtachyon", lambda pid: run_json([BENCH, pid, seconds, "--no-opcodes"]),
           lambda pid: run_json([BENCH, pid, seconds]))
    yield ("RemoteUnwinder", lambda pid: run_json([*unwinder, pid, seconds, "cache", 1]),
           lambda pid: run_json([*unwinder, pid, seconds, "cache+opcodes", 1]))
    yield ("tachyon-cli --collapsed", *cli(tachyon_cli, "--collapsed"))
    yield ("tachyon-cli --flamegraph", *cli(tachyon_cli, "--flamegraph"))
    yield ("profiling.sampling --flamegraph", *cli(theirs, "--flamegraph"))
    yield ("tachyon-cli --gecko", *cli(tachyon_cli, "--gecko"))
    yield ("profiling.sampling --gecko", *cli(theirs, "--gecko"))


def opcode_row(workload, tool, pairs):
    """The loss is the median of those of the pairs: what else the machine does meets both of a pair alike."""
    row = {"workload": workload, "tool": tool, "lost_rate": statistics.median(1 - b["rate_hz"] / a["rate_hz"] for a, b in pairs)}
    for index, name in enumerate(("without", "with")):
        row[name] = median([pair[index] for pair in pairs])
    if "cpu_us" in row["without"]:
        row["more_cpu"] = statistics.median(b["cpu_us"] / a["cpu_us"] - 1 for a, b in pairs)
    more_cpu = f"{row['more_cpu']:.1%}" if "more_cpu" in row else "-"
    print(f"{workload:<11} {tool:<32} {row['without']['rate_hz']:>10.0f} {row['with']['rate_hz']:>10.0f} "
          f"{row['lost_rate']:>7.1%} {more_cpu:>9}", flush=True)
    return row


def bench_opcodes(python, options):
    print(f"\nSamples a second without and with instructions, CPython {python}; the goal is at most 10 % fewer\n")
    print(f"{'workload':<11} {'tool':<32} {'without':>10} {'with':>10} {'fewer':>7} {'more cpu':>9}")
    rows = []
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        os.chmod(name, 0o755)
        for kind, size in OPCODE_WORKLOADS:
            with interpreters.start(python, WORKLOAD, kind, size) as target:
                for tool, without, with_opcodes in opcode_tools(python, pathlib.Path(name), options):
                    try:
                        pairs = [(without(target.pid), with_opcodes(target.pid)) for _ in range(options.rounds)]
                    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
                        print(f"{kind} {size:<6} {tool:<32} skipped: {error}")
                        continue
                    rows.append(opcode_row(f"{kind} {size}", tool, pairs))
    return rows


# ---- what a target feels ----

def rounds_per_second(target, count):
    return statistics.median(float(target.read_line()) for _ in range(count))


def bench_slowdown(python, options):
    """Windows with and without the profiler alternate; work is counted per second of the target's own CPU time."""
    print(f"\nSlowdown of the target, CPython {python}: less work per CPU second\n")
    rows = []
    for rate_hz in (1000, 10000, 100000):
        ratios = []
        with interpreters.start(python, WORKLOAD, "rounds", 200) as target:
            for _ in range(options.rounds * 2):
                alone = rounds_per_second(target, 3)
                profiler = subprocess.Popen([str(word) for word in (BENCH, target.pid, TIMEOUT_S, "--rate", rate_hz)],
                                            stdout=subprocess.DEVNULL)
                target.read_line()
                ratios.append(rounds_per_second(target, 3) / alone)
                profiler.terminate()
                profiler.wait()
                target.read_line()
        slowdown, spread = 1 - statistics.median(ratios), statistics.pstdev(ratios)
        rows.append({"rate_hz": rate_hz, "slowdown": slowdown, "spread": spread})
        print(f"{rate_hz:>7} Hz  {slowdown:>7.2%}  (± {spread:.2%})", flush=True)
    return rows


def bench_python(python, options):
    """The unwinder of bindings/python in the place of CPython's, in the same interpreter, by turns."""
    site = os.environ.get("TACHYON_SITE")
    print(f"\nget_stack_trace() at depth 20, CPython {python}: tachyon.remote_debugging beside _remote_debugging\n")
    if not site:
        print("skipped: no TACHYON_SITE; bindings/python/tests/prepare.sh makes one")
        return []
    rows = []
    with tempfile.TemporaryDirectory(dir="/tmp") as visible, interpreters.start(python, WORKLOAD, "depth", 20) as target:
        shutil.copytree(site, visible, dirs_exist_ok=True)
        os.chmod(visible, 0o755)
        for mode in UNWINDERS:
            words = [*python.command, HERE / "unwinder.py", target.pid, options.seconds, mode, 20]
            rounds = {"cpython": [], "ours": []}
            for _ in range(options.rounds):
                rounds["cpython"].append(run_json(words))
                rounds["ours"].append(run_json([*words, "ours"], {"PYTHONPATH": visible}))
            theirs, ours = median(rounds["cpython"]), median(rounds["ours"])
            rows.append({"mode": mode, "cpython": theirs, "ours": ours, "times": theirs["cpu_us"] / ours["cpu_us"]})
            print(f"{mode:<14} {ours['cpu_us']:>7.2f} µs beside {theirs['cpu_us']:>7.2f} µs CPU a sample: "
                  f"{rows[-1]['times']:.1f} times as fast; lost {lost_share(ours):.3%} beside {lost_share(theirs):.3%}", flush=True)
    return rows


def bench_start(python, options):
    """From a cold start to one stack on the screen."""
    print(f"\ndump from a cold start, CPython {python}\n")
    rows = []
    with interpreters.start(python, WORKLOAD, "depth", 20) as target:
        tools = {"tachyon-cli dump": [CLI, "dump", target.pid],
                 "profiling.sampling dump": [*python.command, "-m", "profiling.sampling", "dump", target.pid]}
        for tool, words in tools.items():
            times_ms, failed = [], 0
            for _ in range(options.rounds * 3):
                begin = time.monotonic()
                failed += run(words).returncode != 0
                times_ms.append((time.monotonic() - begin) * 1e3)
            rows.append({"tool": tool, "ms": statistics.median(times_ms), "failed": failed, "dumps": len(times_ms)})
            print(f"{tool:<26} {rows[-1]['ms']:>8.1f} ms, {failed} of {len(times_ms)} failed", flush=True)
    return rows


def bench_memory(python, options):
    """Peak memory of the command line after many samples."""
    samples = int(options.million * 1e6)
    print(f"\nPeak memory after {options.million:g} million samples, CPython {python}\n")
    with interpreters.start(python, WORKLOAD, "stdlib", 1) as target:
        figures = run_json([BENCH, target.pid, 3600, "--samples", samples])
    print(f"library alone, generator-heavy code: {figures['peak_rss_bytes'] / 1e6:.1f} MB, {figures['samples']} samples")
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sections = ["samples", "python", "modes", "command-lines", "opcodes", "slowdown", "start", "memory", "live", "recordings",
                "recording"]
    parser.add_argument("--seconds", type=float, default=1, help="for each tool in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", type=float, default=1, help="samples of the sections memory and recordings, in millions")
    parser.add_argument("--section", action="append", choices=sections)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    found = {interpreter.name: interpreter for interpreter in interpreters.load()}
    chosen = options.section or sections
    results = {"date": time.strftime("%Y-%m-%d"), "machine": os.uname().machine, "cpus": os.cpu_count(),
               "kernel": os.uname().release, "load": os.getloadavg()[0]}
    print(f"{results['date']}, {results['cpus']} CPUs, {results['machine']}, Linux {results['kernel']}, "
          f"load {results['load']:.1f}")
    runs = {"samples": lambda: bench_samples(found["3.15"], options), "python": lambda: bench_python(found["3.15"], options),
            "modes": lambda: bench_modes(found["3.15"], options), "command-lines": lambda: bench_command_lines(found, options),
            "opcodes": lambda: bench_opcodes(found["3.15"], options),
            "slowdown": lambda: bench_slowdown(found["3.15"], options), "start": lambda: bench_start(found["3.15"], options),
            "memory": lambda: bench_memory(found["3.15"], options),
            "live": lambda: live_view.bench_live(CLI, run, WORKLOAD, found["3.15"], options),
            "recordings": lambda: recordings.bench_recordings(CLI, run, found["3.15"], options),
            "recording": lambda: recordings.bench_recording(CLI, run, WORKLOAD, found["3.15"], options)}
    for section in chosen:
        results[section] = runs[section]()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
        print(f"\nall figures: {options.json}")


if __name__ == "__main__":
    main()
