# SPDX-License-Identifier: Apache-2.0
"""tachyon-cli as a test sees it: arguments in; status, stdout, stderr and files out."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import termios
import time

TARGETS = pathlib.Path(__file__).resolve().parent / "targets"
TIMEOUT_S = 60

STATS_KEYS = ("python_version", "pid", "duration_s", "samples", "rate_hz", "missed", "verified", "repaired", "torn",
              "incomplete", "failed", "syscalls", "bytes_read", "profiler_cpu_s", "peak_rss_bytes")
STACK_LINE = re.compile(r"tid:(\d+);(.*) (\d+)")


class Cli:
    def __init__(self, path):
        self.path = path

    def command(self, *arguments):
        return [self.path, *map(str, arguments)]

    def __call__(self, *arguments, timeout=TIMEOUT_S, **options):
        """Runs to the end; the result has returncode, stdout, stderr."""
        options = {"stdin": subprocess.DEVNULL, **options}
        return subprocess.run(self.command(*arguments), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=timeout, **options)

    @contextlib.contextmanager
    def started(self, *arguments, **options):
        """A running one; killed if the test leaves it behind."""
        process = subprocess.Popen(self.command(*arguments), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, **options)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def in_terminal(self, *arguments, columns=100, keys=None, **environment):
        """Runs it on a terminal of its own. keys: (text to wait for, bytes to type). Gives (status, what it showed)."""
        pid, fd = pty.fork()
        if pid == 0:
            os.environ.update({"TERM": "xterm-256color", **environment})
            os.execv(self.path, self.command(*arguments))
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        shown = _read_terminal(fd, keys)
        os.close(fd)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


def _read_terminal(fd, keys):
    shown = b""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        if keys and keys[0].encode() in shown:
            os.write(fd, keys[1])
            keys = None
        if not select.select([fd], [], [], 0.05)[0]:
            continue
        try:
            block = os.read(fd, 65536)
        except OSError:  # the last process on the terminal is gone
            block = b""
        if not block:
            return shown.decode()
        shown += block
    raise TimeoutError(f"the terminal shows {shown!r}")


def read_stats(path):
    stats = json.loads(pathlib.Path(path).read_text())
    assert tuple(stats) == STATS_KEYS
    return stats


def read_stacks(path):
    """{(frames outermost first): count} of a collapsed file; every line must be well formed."""
    stacks = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        match = STACK_LINE.fullmatch(line)
        assert match, line
        stacks[tuple(match[2].split(";"))] = stacks.get(tuple(match[2].split(";")), 0) + int(match[3])
    return stacks


def read_functions(path):
    """The functions of a collapsed file; frames that are none, as <GC>, have no file."""
    return {frame.split(":")[1] for stack in read_stacks(path) for frame in stack if ":" in frame}


def wait_for(condition, timeout_s=20):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
