# SPDX-License-Identifier: Apache-2.0
"""Annotations of running processes: what `tachyon-cli annotate --json` says of one."""

import json
import subprocess

import interpreters

CLI = interpreters.BUILD / "examples" / "tachyon-cli" / "tachyon-cli"
TIMEOUT_S = 120
ROUNDS = 20


def run(*words, **options):
    return subprocess.run([CLI, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=TIMEOUT_S, text=True, **options)


def take(pid, *options, seconds=2, rate="4khz"):
    done = run("annotate", "--json", "-d", seconds, "-r", rate, *options, "--pid", pid)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def functions(annotation):
    """By name; a function has one entry, whatever was made of it."""
    found = {function["function"]: function for function in annotation["functions"]}
    assert len(found) == len(annotation["functions"])
    return found


class Counter:
    """Leaf samples of one function, from any number of annotations."""

    def __init__(self, name):
        self.name = name
        self.leaf = {}  # by line from the function's first and by base instruction
        self.names = set()
        self.instrumented = 0

    def add(self, annotation):
        function = functions(annotation)[self.name]
        for instruction in function["instructions"]:
            key = (instruction["line"] - function["first_line"], instruction["base"])
            self.leaf[key] = self.leaf.get(key, 0) + instruction["leaf"]
            self.names.add(instruction["instruction"])
            for form in instruction["forms"]:
                self.names.add(form["instruction"])
                self.instrumented += form["instrumented"] * form["leaf"]

    @property
    def total(self):
        return sum(self.leaf.values())

    def share(self, key):
        return self.leaf.get(key, 0) / self.total
