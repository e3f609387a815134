# SPDX-License-Identifier: Apache-2.0
"""examples/node under Node's own test runner; the checks are in the files *.test.js."""

import json
import os
import re
import subprocess
import sys

import interpreters
import pytest
from conftest import HERE, HOT, ROOT, facts_of, find_program, without_permission

PACKAGE = ROOT / "examples" / "node"
TIMEOUT_S = 120
# What it marks as an error is one, or it is one itself.
CONSUMER = """
declare const console: { log(...words: unknown[]): void };
import { attach, profile, library, Heat, Instruction, TachyonError } from %s;
async function main(): Promise<void> {
  const heat: Heat = await profile(1, { durationMs: 5, files: ['a'], mode: 'cpu' });
  const rows: Instruction[] = heat.files[0].lines[0].instructions;
  const share: number = rows[0].share + heat.stacks.torn;
  const running = await attach(1, { intervalMs: 1, threads: 'main', library: library().name });
  for await (const more of running.stream({ everyMs: 5 })) console.log(more.sampling.endReason, share);
  const { error } = await running.ended;
  const code: string | undefined = error instanceof TachyonError ? error.code : undefined;
  // @ts-expect-error: null where it is none of ours
  const path: string = heat.files[0].path;
  // @ts-expect-error
  await attach(1, { mode: 'idle' });
  console.log(code, path);
}
main();
"""


@pytest.fixture(scope="session")
def modules():
    """Where koffi is: what packages.sh got, or what npm put into the source tree."""
    places = [os.environ.get("TACHYON_NODE_MODULES", ""), PACKAGE / "node_modules"]
    found = next((place for place in map(str, places) if place and os.path.isdir(os.path.join(place, "koffi"))), None)
    if not found:
        pytest.skip("koffi could not be had from npm")
    return found


@pytest.fixture
def node(library, modules):
    """Runs a file of tests and expects all to pass."""
    program = find_program("node")

    def run(name, passed, prefix=(), **environment):
        environment = {f"TACHYON_{name.upper()}": str(value) for name, value in environment.items()}
        result = subprocess.run([*prefix, program, "--test", "--test-reporter=tap", HERE / name],
                                env={**os.environ, "NODE_PATH": modules, "TACHYON_LIBRARY": str(library), **environment},
                                text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                timeout=TIMEOUT_S)
        assert result.returncode == 0, result.stdout
        assert re.search(rf"^# pass {passed}$", result.stdout, re.M), result.stdout

    return run


def test_live(node, interpreter):
    with interpreters.start(interpreter, HOT) as target:
        node("node_live.test.js", 9, **facts_of(interpreter, target))


def test_command(node):
    with interpreters.start_command([sys.executable, HOT]) as target:
        node("node_command.test.js", 4, pid=target.pid, source=HOT)


def test_mistakes(node, not_python, other_libraries):
    version, nothing = other_libraries
    with interpreters.start_command([sys.executable, HOT]) as target:
        node("node_mistakes.test.js", 3, pid=target.pid, not_python=not_python, other_version=version, no_library=nothing)


def test_refused(node):
    prefix = without_permission()
    with interpreters.start_command([sys.executable, HOT]) as target:
        node("node_mistakes.test.js", 1, prefix, refused=target.pid)


def test_types(tmp_path):
    """A program that uses all of it is right to TypeScript, and one with a mistake is not."""
    program = find_program("tsc")
    consumer = tmp_path / "consumer.ts"
    consumer.write_text(CONSUMER % json.dumps(os.path.relpath(PACKAGE / "lib" / "index", tmp_path)))
    result = subprocess.run([program, "--noEmit", "--strict", "--skipLibCheck", "--target", "es2018", "--lib", "es2018",
                             "--moduleResolution", "node", consumer], capture_output=True, text=True, timeout=TIMEOUT_S)
    assert result.returncode == 0, result.stdout


def test_lock_file_names_no_registry():
    lock = json.loads((PACKAGE / "package-lock.json").read_text())
    manifest = json.loads((PACKAGE / "package.json").read_text())
    assert manifest["dependencies"]["koffi"] == lock["packages"]["node_modules/koffi"]["version"]
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
