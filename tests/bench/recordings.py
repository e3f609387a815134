# SPDX-License-Identifier: Apache-2.0
"""What recordings cost: bytes a sample beside CPython's writer, replaying to every format, and recording itself."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile

import interpreters

HERE = pathlib.Path(__file__).resolve().parent
MAKE_RECORDING = interpreters.BUILD / "tests" / "bench" / "make_recording"

# Name, percent of samples whose stack is that of the sample before, threads.
RECORDED = [("steady", 98, 1), ("busy", 30, 1), ("steady, 8 threads", 98, 8)]
FORMATS = ["pstats", "collapsed", "flamegraph", "speedscope", "pprof", "callgrind", "jsonl", "gecko", "chrome-trace",
           "perfetto", "binary"]


def cpu_seconds(words):
    """CPU time of a command, and its peak memory in bytes."""
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{words} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def bench_recordings(cli, run, python, options):
    """Sizes beside CPython's writer, and what it takes to replay one to every format."""
    samples, rows = int(options.million * 1e6), []
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        folder = pathlib.Path(folder)
        print(f"\nRecordings of {options.million:g} million samples, depth 20: bytes a sample, written by\n")
        print(f"{'':<20} {'libtachyon':>11} {'CPython':>9}")
        for name, keep, threads in RECORDED:
            ours, theirs = folder / f"{name}.bin", folder / "cpython.bin"
            seconds, _ = cpu_seconds([MAKE_RECORDING, ours, samples, 20, keep, threads])
            run([*python.command, HERE / "rewrite.py", ours, theirs]).check_returncode()
            rows.append({"recording": name, "bytes": ours.stat().st_size / samples,
                         "cpython_bytes": theirs.stat().st_size / samples, "writer_us": seconds / samples * 1e6})
            print(f"{name:<20} {rows[-1]['bytes']:>11.2f} {rows[-1]['cpython_bytes']:>9.2f}", flush=True)
        print("\nReplayed: CPU seconds, peak memory, size of the result\n")
        for name, _, _ in RECORDED[:2]:
            for form in FORMATS:
                seconds, memory = cpu_seconds([cli, "replay", "--no-opcodes", f"--{form}={folder / 'result'}", folder / f"{name}.bin"])
                size = (folder / "result").stat().st_size
                rows.append({"recording": name, "format": form, "cpu_s": seconds, "peak_rss_bytes": memory, "bytes": size})
                print(f"{name:<8} {form:<13} {seconds:>7.2f} s {memory / 1e6:>8.1f} MB {size / 1e6:>9.1f} MB", flush=True)
                (folder / "result").unlink()
    return rows


def bench_recording(cli, run, workload, python, options):
    """What recording costs the profiler, beside the fastest report, from a target of depth 20."""
    print(f"\nRecording at 10 kHz, depth 20, CPython {python}: CPU µs a sample of the whole profiler\n")
    rows = []
    with interpreters.start(python, workload, "depth", 20) as target, tempfile.TemporaryDirectory(dir="/tmp") as folder:
        for words in (["--collapsed"], ["--binary"], ["--binary", "--opcodes"], ["--flamegraph"]):
            costs = []
            for _ in range(options.rounds):
                stats = pathlib.Path(folder) / "stats"
                run([cli, "attach", "-r", "10khz", "-d", options.seconds, *words, "-o", pathlib.Path(folder) / "result",
                     "--stats", stats, target.pid]).check_returncode()
                figures = json.loads(stats.read_text())
                costs.append(figures["profiler_cpu_s"] / figures["samples"] * 1e6)
            rows.append({"options": words, "cpu_us": statistics.median(costs)})
            print(f"{' '.join(words):<22} {rows[-1]['cpu_us']:>7.2f} µs", flush=True)
    return rows
