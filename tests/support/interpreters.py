# SPDX-License-Identifier: Apache-2.0
"""The interpreters that interpreters.sh lists, and processes of theirs that a test can rely on.

    with start(interpreter, "targets/park.py", "recursion") as target:
        target.ready            # the first line the program printed: it is where it wants to be
        target.pid              # the Python process itself, not the bubblewrap around it

A program says that it is ready by printing one line, and ends when its standard input is closed: so nothing here sleeps
and hopes, and nothing outlives a test, even one that is killed.
"""

import contextlib
import dataclasses
import os
import pathlib
import select
import shlex
import signal
import subprocess
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("TACHYON_BUILD", TESTS.parent / "build" / "tests"))
READY_TIMEOUT_S = 60
EXIT_TIMEOUT_S = 10
READ_BYTES = 1 << 20


@dataclasses.dataclass(frozen=True)
class Interpreter:
    name: str  # "3.14", or "3.13-extra" for one more build of a version
    command: tuple  # words to put a script after

    @property
    def version(self):
        return tuple(int(part) for part in self.name.split("-")[0].split("."))

    @property
    def free_threaded(self):
        return self.name.endswith("-free")

    @property
    def tree(self):
        """The Debian tree it runs in, None for an interpreter of the machine's own."""
        if self.command[0] != "bwrap":
            return None
        return pathlib.Path(self.command[self.command.index("/usr") - 1]).parent

    def run(self, *arguments, **options):
        """Runs it to its end and gives what it printed."""
        return subprocess.run([*self.command, *map(str, arguments)], check=True, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, timeout=READY_TIMEOUT_S, **options).stdout

    def inside(self, *words):
        """The command line for another program in the interpreter's mount namespace."""
        return [*self.command[:-1], *words] if self.tree else list(words)

    def __str__(self):
        return self.name


def load(extra=True):
    """All interpreters of the list; extra=False leaves out further builds of a version."""
    path = pathlib.Path(os.environ.get("TACHYON_INTERPRETERS", BUILD / "interpreters.tsv"))
    if not path.exists():
        raise SystemExit(f"{path} is missing: make it with tests/support/interpreters.sh {path}")
    found = []
    for line in path.read_text().splitlines():
        name, command = line.split("\t")
        if extra or "-" not in name:
            found.append(Interpreter(name, tuple(shlex.split(command))))
    return found


def _parents():
    """Parent of every process."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, rest = stat.read_text(errors="replace").split(" (", 1)
            parents[int(pid)] = int(rest.rsplit(")", 1)[1].split()[1])
    return parents


def _is_bubblewrap(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "bwrap"
    except OSError:
        return False


def python_pid(launcher, timeout_s=READY_TIMEOUT_S):
    """The process that a launcher ended up as: bubblewrap's innermost child once that has called exec()."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        pid, parents = launcher, _parents()
        while _is_bubblewrap(pid):
            pid = next((child for child, parent in parents.items() if parent == pid), None)
            if pid is None:
                break
        if pid is not None:
            return pid
        time.sleep(0.001)
    raise TimeoutError(f"bubblewrap {launcher} started nothing")


class Target:
    """A running program; see start()."""

    def __init__(self, process, wait_ready):
        self._process = process
        self._pending = b""
        self.ready = self.read_line() if wait_ready else None
        self.pid = python_pid(process.pid)

    def read_line(self, timeout_s=READY_TIMEOUT_S):
        """One line of its output; what follows it is kept for the next call."""
        deadline = time.monotonic() + timeout_s
        while b"\n" not in self._pending:
            readable, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not readable:
                raise TimeoutError(f"no line from {self._process.args} within {timeout_s} s, but {self._pending!r}")
            block = os.read(self._process.stdout.fileno(), READ_BYTES)
            if not block:
                raise EOFError(f"{self._process.args} ended: {self._process.wait(EXIT_TIMEOUT_S)}")
            self._pending += block
        line, self._pending = self._pending.split(b"\n", 1)
        return line.decode()

    def write_line(self, line=""):
        os.write(self._process.stdin.fileno(), f"{line}\n".encode())

    def kill(self):
        """Ends the Python process at once, as a crash would, and waits until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._process.wait(EXIT_TIMEOUT_S)

    def close(self):
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(EXIT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
        finally:
            self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def start_command(words, wait_ready=True, **options):
    """Starts any command line that ends up as a program as described above."""
    process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                               **options)
    try:
        return Target(process, wait_ready)
    except BaseException:
        process.kill()
        process.wait()
        raise


def start(interpreter, script, *arguments, flags=(), wait_ready=True, **options):
    """Starts a script under an interpreter; flags go before the script."""
    return start_command([*interpreter.command, *flags, script, *arguments], wait_ready, **options)
