# SPDX-License-Identifier: Apache-2.0
"""What the live view costs: its own processor time, and samples that are missed with and without it.

The view's thread is told by its name. Rounds with and without it alternate: what else the machine does makes samples miss
as well. Drawn in a window of 200x50 with the instruction panel, which is more than most."""

import json
import pathlib
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

import interpreters  # noqa: E402
import screen as screens  # noqa: E402

RATE_HZ = 10000
WORKLOADS = [("depth", 20), ("depth", 200), ("stdlib", 1)]


def view_cpu_s(screen):
    """Processor time of the view's thread so far, by its share of all CPUs' clock ticks in ns (proc(5), schedstat)."""
    tty = screen.tmux("display-message", "-p", "#{pane_tty}").strip()
    for task in pathlib.Path("/proc").glob("[0-9]*/task/[0-9]*"):
        try:
            if (task / "comm").read_text() == "live view\n" and str((task / "fd/2").readlink()) == tty:
                return int((task / "schedstat").read_text().split()[0]) / 1e9
        except OSError:
            pass
    raise RuntimeError("there is no view")


def missed_share(path):
    stats = json.loads(path.read_text())
    return stats["missed"] / max(1, stats["missed"] + stats["samples"])


def measure(cli, run, target, seconds, directory):
    """(share of samples missed without a view, with one, share of one core that the view takes)"""
    stats = directory / "stats.json"
    words = ["attach", "-r", RATE_HZ, "-d", seconds, "--opcodes", "--stats", stats]
    run([cli, *words, "--collapsed", "-o", directory / "stacks", target.pid])
    without = missed_share(stats)
    with screens.opened(200, 50) as screen:
        screen.run(cli, *words, "--live", target.pid)
        screen.wait("COMPLETE", timeout_s=seconds + screens.TIMEOUT_S)
        load = view_cpu_s(screen) / seconds
        screen.type("q")
        screen.wait(r"^status=0")
    return without, missed_share(stats), load


def bench_live(cli, run, workload, python, options):
    print(f"\nLive view at {RATE_HZ} Hz, CPython {python}; the goal is less than 10 % of one core and no more missed\n")
    print(f"{'workload':<11} {'missed without':>15} {'missed with':>12} {'view, of one core':>18}")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for kind, size in WORKLOADS:
            with interpreters.start(python, workload, kind, size) as target:
                rounds = [measure(cli, run, target, max(2, options.seconds), pathlib.Path(name))
                          for _ in range(options.rounds)]
            without, with_view, load = (statistics.median(column) for column in zip(*rounds))
            rows.append({"workload": f"{kind} {size}", "missed_without": without, "missed_with": with_view, "view_load": load})
            print(f"{kind} {size:<6} {without:>15.2%} {with_view:>12.2%} {load:>18.2%}", flush=True)
    return rows
