#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the oracle: every program under every interpreter, sampled and judged by oracle.c.

    run.py [--short | --samples N --paced N] [--program NAME]… [--interpreter NAME]… [--json FILE]

A row a program and interpreter: stacks by verdict, impossible ones among those called proven (the figure that must be 0),
the yield (proven of all), the distance of the leaves and of the leaf instructions from what stopping the thread gives
(total variation, in percentage points, with the distance that chance alone would give beside it), and what believing
every stack costs. It ends with "N passed, N failed, N skipped": a run fails that has an impossible stack called proven,
garbage for an instruction, or a yield or a distance that no noise of a short run explains.
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
SHORT = (30000, 1500, 2)  # samples as fast as they come, paced samples, seconds for each reading
LONG = (1000000, 20000, 120)
# The goals of the long run are 99 % and 2 points; a short one on a busy machine must not fail by chance.
YIELD_MIN = {True: 0.90, False: 0.99}
DISTANCE_MAX = {True: 0.50, False: 0.02}
# Share of the stacks called proven. The goal is none, and the long run holds to it; the short one, on a machine that takes
# the processor away in the middle of a reading, guards what has been reached.
IMPOSSIBLE_MAX = {True: 0.002, False: 0.0}
THREADED = {"threads"}
COUNTS = ("samples", "stacks", "verified", "repaired", "torn", "incomplete", "unread", "bad_instruction")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="some seconds a program: for every test run")
    parser.add_argument("--samples", type=int, help="samples a program, as fast as they come")
    parser.add_argument("--paced", type=int, help="samples a program for each of the three distributions")
    parser.add_argument("--seconds", type=int, help="at most so long for each of the four readings of a program")
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
        "impossible": sum(reading["impossible_proven"] for reading in readings.values()),
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
    if row["impossible"] > row["stacks"] * IMPOSSIBLE_MAX[is_short]:
        found.append(f"{row['impossible']} impossible stacks called proven")
    if row["bad_instruction"]:
        found.append(f"{row['bad_instruction']} leaves that stand on no instruction")
    if not sum(readings["paced"]["leaves"].values()) or not sum(readings["stopped"]["leaves"].values()):
        found.append("nothing was seen")
    if row["yield"] < YIELD_MIN[is_short]:
        found.append(f"yield {row['yield']:.1%}")
    if not is_threaded and row["leaf_distance"] - 2 * row["leaf_chance"] > DISTANCE_MAX[is_short]:
        found.append(f"leaves {100 * row['leaf_distance']:.1f} points away from the truth")
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
    if row["impossible"]:
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
    print(f"{total} stacks, {sum(result['impossible'] for result in results)} impossible ones called proven")
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
