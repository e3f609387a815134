#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the oracle: every program under every interpreter, sampled and judged by oracle.c.

    run.py [--short | --samples N --paced N] [--program NAME]… [--interpreter NAME]… [--json FILE]

A row a program and interpreter: stacks by verdict, impossible ones among those called proven, the yield (proven of all),
the distance of the leaves and of the leaf instructions from what stopping the thread gives (total variation, in
percentage points, with the distance that chance alone would give beside it): read from another processor, and from the
one that the target runs on (TY_PLACE_BESIDE); and what believing every stack costs. It ends with "N passed, N failed, N
skipped": a run fails that misses what the constants below say.
"""

import argparse
import collections
import json
import math
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import grammar  # noqa: E402
import interpreters  # noqa: E402

TOOL = interpreters.BUILD / "tests" / "oracle" / "oracle"
SHORT = (20000, 1000, 0.6)  # samples as fast as they come, paced samples, seconds for each reading
LONG = (1000000, 20000, 120)
# What a run may show: (short, long). From the target's processor, the goals; a short run on a busy machine must not fail
# by chance. From another processor no evidence proves more than what the long run's table shows, and a short run guards
# what has been reached. A stopped thread cannot be torn: what is called proven then has to be right in any run.
BESIDE_YIELD_MIN = (0.90, 0.99)
BESIDE_DISTANCE_MAX = (0.25, 0.02)
BESIDE_IMPOSSIBLE_MAX = (0.005, 0.0)
BESIDE_IMPOSSIBLE_FEW = (3, 0)  # the first samples are read from another processor still
FREE_YIELD_MIN = (0.20, 0.0)
FREE_IMPOSSIBLE_MAX = (0.005, 0.001)
STOPPED_YIELD_MIN = (0.95, 0.99)
STACKS_MIN = 100  # below which a share says nothing: a machine may be that busy
THREADED = {"threads"}
COUNTS = ("samples", "stacks", "verified", "repaired", "torn", "incomplete", "unread", "impossible_proven", "bad_instruction")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="some seconds a program: for every test run")
    parser.add_argument("--samples", type=int, help="samples a program, as fast as they come")
    parser.add_argument("--paced", type=int, help="samples a program for each of the three distributions")
    parser.add_argument("--seconds", type=float, help="at most so long for each of the five readings of a program")
    parser.add_argument("--program", action="append", choices=grammar.program_names())
    parser.add_argument("--interpreter", action="append")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there")
    options = parser.parse_args()
    samples, paced, seconds = SHORT if options.short else LONG
    options.samples, options.paced = options.samples or samples, options.paced or paced
    options.seconds = options.seconds or seconds
    return options


def measure(interpreter, program, options):
    """The readings of one program."""
    with tempfile.NamedTemporaryFile("w", suffix=".grammar") as file:
        file.write(grammar.grammar(program))
        file.flush()
        script = grammar.PROGRAMS / f"{program}.py"
        with interpreters.start(interpreter, script) as target:
            words = [TOOL, target.pid, file.name, options.samples, options.paced, options.seconds]
            words += ["--all"] if program in THREADED else []
            run = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True, check=True)
            return json.loads(run.stdout)


def share(reading, *names):
    return sum(reading[name] for name in names) / max(1, reading["stacks"])


def distance(one, other):
    """Total variation between two histograms: the share that lies elsewhere."""
    total_one, total_other = max(1, sum(one.values())), max(1, sum(other.values()))
    return sum(abs(one.get(key, 0) / total_one - other.get(key, 0) / total_other) for key in {*one, *other}) / 2


def chance(one, other):
    """What distance() would be expected to give for two samples of these sizes of one distribution."""
    total_one, total_other = max(1, sum(one.values())), max(1, sum(other.values()))
    scale = math.sqrt((1 / total_one + 1 / total_other) * 2 / math.pi)
    shares = [(one.get(key, 0) + other.get(key, 0)) / (total_one + total_other) for key in {*one, *other}]
    return sum(math.sqrt(p * (1 - p)) for p in shares) * scale / 2


def figures(readings):
    fast, paced, beside, trusting, stopped = (readings[name] for name in ("fast", "paced", "beside", "trusting", "stopped"))
    free = {name: fast[name] + paced[name] for name in COUNTS}
    return {
        "stacks": free["stacks"],
        "yield": share(free, "verified", "repaired"),
        "repaired": share(free, "repaired"),
        "torn": share(free, "torn"),
        "incomplete": share(free, "incomplete", "unread"),
        "impossible": free["impossible_proven"],
        "stopped_yield": share(stopped, "verified", "repaired"),
        "stopped_impossible": stopped["impossible_proven"],
        "beside_stacks": beside["stacks"],
        "beside_yield": share(beside, "verified", "repaired"),
        "beside_impossible": beside["impossible_proven"],
        "beside_distance": distance(beside["leaves"], stopped["leaves"]),
        "beside_chance": chance(beside["leaves"], stopped["leaves"]),
        "beside_instruction_distance": distance(beside["instructions"], stopped["instructions"]),
        "beside_instruction_chance": chance(beside["instructions"], stopped["instructions"]),
        "impossible_trusting": share(trusting, "impossible_all"),
        "bad_instruction": free["bad_instruction"],
        "leaf_distance": distance(paced["leaves"], stopped["leaves"]),
        "leaf_chance": chance(paced["leaves"], stopped["leaves"]),
        "instruction_distance": distance(paced["instructions"], stopped["instructions"]),
        "instruction_chance": chance(paced["instructions"], stopped["instructions"]),
        "trusting_distance": distance(trusting["leaves"], stopped["leaves"]),
        "rate_hz": fast["samples"] * 1e9 / max(1, fast["duration_ns"]),
        "syscalls_per_sample": fast["syscalls"] / max(1, fast["samples"]),
    }


def faults(row, readings, is_short, is_threaded):
    """Why a run has failed, in words. Threads that wait for the lock are seen at one place for a long time: how far their
    leaves are from the truth is chance."""
    found = []
    goal = 0 if is_short else 1
    beside_distance = row["beside_distance"] - 2 * row["beside_chance"]
    if row["stopped_impossible"]:
        found.append(f"{row['stopped_impossible']} impossible stacks of a stopped thread")
    if row["stopped_yield"] < STOPPED_YIELD_MIN[goal] and readings["stopped"]["stacks"] >= STACKS_MIN:
        found.append(f"yield of the stopped thread {row['stopped_yield']:.1%}")
    if row["beside_impossible"] > max(BESIDE_IMPOSSIBLE_FEW[goal], row["beside_stacks"] * BESIDE_IMPOSSIBLE_MAX[goal]):
        found.append(f"{row['beside_impossible']} impossible stacks from the target's processor")
    if row["beside_yield"] < BESIDE_YIELD_MIN[goal] and row["beside_stacks"] >= STACKS_MIN:
        found.append(f"yield from the target's processor {row['beside_yield']:.1%}")
    if not is_threaded and beside_distance > BESIDE_DISTANCE_MAX[goal]:
        found.append(f"leaves from the target's processor {100 * row['beside_distance']:.1f} points away from the truth")
    if row["impossible"] > row["stacks"] * FREE_IMPOSSIBLE_MAX[goal]:
        found.append(f"{row['impossible']} impossible stacks called proven")
    if row["yield"] < FREE_YIELD_MIN[goal]:
        found.append(f"yield {row['yield']:.1%}")
    if row["bad_instruction"]:
        found.append(f"{row['bad_instruction']} leaves that stand on no instruction")
    if not sum(readings["beside"]["leaves"].values()) or not sum(readings["stopped"]["leaves"].values()):
        found.append("nothing was seen")
    return found


HEADER = (f"{'program':<12} {'python':<11} {'stacks':>8} {'yield':>7} {'repaired':>8} {'torn':>6} {'incompl':>7} "
          f"{'IMPOSSIBLE':>10} | {'leaf':>5} {'(±)':>4} {'instr':>5} {'(±)':>4} | {'beside: yield':>13} {'leaf':>5} {'(±)':>4} "
          f"{'instr':>5} {'(±)':>4} | {'trusting: impossible':>20} {'leaf':>5} "
          f"| {'kHz':>5} {'calls':>5}")


def table_line(program, interpreter, row):
    points = {name: 100 * row[name] for name in row}
    return (f"{program:<12} {interpreter!s:<11} {row['stacks']:>8} {points['yield']:>6.2f}% {points['repaired']:>7.2f}% "
            f"{points['torn']:>5.2f}% {points['incomplete']:>6.2f}% {row['impossible']:>10} | {points['leaf_distance']:>5.1f} "
            f"{points['leaf_chance']:>4.1f} {points['instruction_distance']:>5.1f} {points['instruction_chance']:>4.1f} | "
            f"{points['beside_yield']:>12.2f}% {points['beside_distance']:>5.1f} {points['beside_chance']:>4.1f} "
            f"{points['beside_instruction_distance']:>5.1f} {points['beside_instruction_chance']:>4.1f} | "
            f"{points['impossible_trusting']:>19.3f}% {points['trusting_distance']:>5.1f} | {row['rate_hz'] / 1000:>5.0f} "
            f"{row['syscalls_per_sample']:>5.2f}")


def run_one(program, interpreter, options):
    readings = measure(interpreter, program, options)
    row = figures(readings)
    print(table_line(program, interpreter, row), flush=True)
    found = faults(row, readings, options.short, program in THREADED)
    for fault in found:
        print(f"    FAILED: {fault}")
    if row["impossible"] or row["beside_impossible"] or row["stopped_impossible"]:
        for name, reading in readings.items():
            for example, times in collections.Counter(reading["examples"]).items():
                print(f"      {name}: {times} x {example}")
    return {"program": program, "interpreter": interpreter.name, "faults": found, **row, "readings": readings}


def main():
    options = parse()
    chosen = [interpreter for interpreter in interpreters.load(extra=bool(options.interpreter))
              if not options.interpreter or interpreter.name in options.interpreter]
    print(HEADER)
    results = [run_one(program, interpreter, options) for interpreter in chosen
               for program in options.program or grammar.program_names()]
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    failed = sum(bool(result["faults"]) for result in results)
    total = sum(result["stacks"] for result in results)
    print(f"{total} stacks from another processor, {sum(result['impossible'] for result in results)} impossible ones called "
          f"proven; {sum(result['beside_stacks'] for result in results)} from the target's, "
          f"{sum(result['beside_impossible'] for result in results)} impossible")
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
