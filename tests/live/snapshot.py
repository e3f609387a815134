# SPDX-License-Identifier: Apache-2.0
"""What the library says about a process, through snapshot_json."""

import json
import subprocess

import interpreters

TOOL = interpreters.BUILD / "tests" / "live" / "snapshot_json"
WATCH = interpreters.BUILD / "tests" / "live" / "watch"
TIMEOUT_S = 60

# Numbers of the public headers that the tests name.
VERIFIED, REPAIRED = 0, 1
PROVEN = (VERIFIED, REPAIRED)
FRAME_PYTHON = 0
FRAME_GENERATOR, FRAME_TRACE = 4, 16
INSTRUCTION_TRACE = 4
ENOTPYTHON, EVERSION, ESTARTING, EEXITED, EREPLACED, EPERMISSION = -4001, -4002, -4004, -4005, -4006, -4007
ECORRUPT = -4009
ESRCH = -3


def _answer(*words):
    run = subprocess.run([TOOL, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_S)
    assert run.returncode in (0, 1), f"snapshot_json ended with {run.returncode}"
    answer = json.loads(run.stdout.decode("utf-8"))
    assert (run.returncode == 0) == (answer["status"] == 0)
    return answer


def take(pid, *options):
    """One sample, or the error that came instead."""
    return _answer(*options, pid)


def open_capture(path, *options):
    return _answer(*options, "--open", path)


def watch(pid, seconds, interval_ns, *options):
    """What watch.c says about a process that was watched for so long."""
    words = [WATCH, *options, str(pid), str(seconds), str(interval_ns)]
    run = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_S + seconds)
    attached, _, seen = run.stdout.decode("utf-8").partition("\n")
    assert json.loads(attached)["status"] == 0 and run.returncode == 0
    return json.loads(seen)


class Conversation:
    """An attached snapshot_json that takes commands: for what happens between two samples."""

    def __init__(self, pid, *options):
        self._process = subprocess.Popen([TOOL, "--interactive", *options, str(pid)], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE)
        self.attached = json.loads(self._process.stdout.readline())

    def ask(self, command):
        self._process.stdin.write(f"{command}\n".encode())
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(TIMEOUT_S)


def thread(sample, native_id):
    return next(thread for thread in sample["threads"] if thread["native_id"] == native_id)


def python_frames(thread):
    return [frame for frame in thread["frames"] if frame["kind"] == FRAME_PYTHON]


def caller_frames(thread):
    """The frames below park(): those the target has described."""
    frames = python_frames(thread)
    first = next(i for i, frame in enumerate(frames) if frame["name"] == "park")
    return frames[first + 1:]
