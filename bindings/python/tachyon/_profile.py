# SPDX-License-Identifier: Apache-2.0
"""tachyon.profile(): profiles the program that calls it, from a helper process.

A process cannot sample itself without holding itself up: the helper is another Python, which reads this one as it would
read any other. It is told what to do, and to stop, through its standard input, and answers on its standard output: one
line of JSON when it samples, one at the end, and behind that the profile if it is to be in memory.
"""

import functools
import inspect
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from . import _errors, _tachyon
from ._asynchronous import in_own_thread
from ._enums import EndReason, Mode

_P = ParamSpec("_P")
_R = TypeVar("_R")

_YAMA = "/proc/sys/kernel/yama/ptrace_scope"
_EXIT_TIMEOUT_S = 60

# What the ending of a file says, longest first.
_SUFFIXES = {
    ".speedscope.json": "speedscope",
    ".gecko.json": "gecko",
    ".perfetto-trace": "perfetto",
    ".pftrace": "perfetto",
    ".callgrind": "callgrind",
    ".collapsed": "collapsed",
    ".folded": "collapsed",
    ".pb.gz": "pprof",
    ".pprof": "pprof",
    ".pstats": "pstats",
    ".jsonl": "jsonl",
    ".html": "flamegraph",
    ".txt": "collapsed",
}

# Appended, not put in front: a package beside this one must not stand before the standard library.
_HELPER = "import sys; sys.path.append(sys.argv[1]); from tachyon._helper import main; main()"

_readers: list[int] = []
_readers_lock = threading.Lock()


def _needs_leave() -> bool:
    """Whether Yama lets a process be read by its ancestors alone; the helper is a child."""
    try:
        with open(_YAMA) as file:
            return file.read().strip() == "1"
    except OSError:
        return False


def _allow(pid: int) -> None:
    with _readers_lock:
        _readers.append(pid)
        if _needs_leave():
            _tachyon.allow_reader(pid)


def _forbid(pid: int) -> None:
    """Ends what _allow() began. Only one process can be named: of several, the one before is again."""
    with _readers_lock:
        _readers.remove(pid)
        if _needs_leave():
            _tachyon.allow_reader(_readers[-1] if _readers else 0)


class Profile:
    """A profile of this program: what a with statement of profile() gives, complete when the statement has ended."""

    def __init__(self, format: str, output: str | None) -> None:
        self.format = format
        self.output = output  #: path of the file, None if the profile is in data
        self.data: bytes | None = None  #: the profile, if there is no output
        self.summary: _tachyon.Summary | None = None

    def text(self) -> str:
        """The profile as text."""
        if self.data is not None:
            return self.data.decode()
        if self.output is None or self.summary is None:
            raise ValueError("the profile is not complete yet")
        with open(self.output, encoding="utf-8") as file:
            return file.read()

    def _repr_html_(self) -> str | None:
        """What Jupyter shows: the flame graph, in a frame of its own."""
        from .jupyter import in_frame

        return in_frame(self.text()) if self.format == "flamegraph" and self.summary else None

    def __repr__(self) -> str:
        if self.summary is None:
            return f"<Profile ({self.format}), not complete>"
        return f"<Profile ({self.format}): {self.summary.samples} samples in {self.summary.duration_ns / 1e9:.3f} s>"


class _Helper:
    """The helper process, from its start to its end."""

    def __init__(self, order: dict[str, Any], python: str) -> None:
        package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        self._process = subprocess.Popen(
            [python, "-I", "-S", "-c", _HELPER, package],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        _allow(self._process.pid)
        try:
            self._say(order)
            self._hear()
        except BaseException:
            self._end(kill=True)
            raise

    def _say(self, order: dict[str, Any]) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # what became of it is said by what it wrote

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout and self._process.stderr
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the helper process ended: {self._process.stderr.read().decode().strip() or 'no word'}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise _errors.make_error(*answer["error"])
        if "os_error" in answer:
            raise OSError(*answer["os_error"])
        if "exception" in answer:
            raise RuntimeError(f"the helper process failed: {answer['exception']}")
        return answer

    def finish(self, profile: Profile) -> None:
        """Ends sampling and fills in the profile."""
        assert self._process.stdout
        try:
            self._say({"stop": True})
            answer = self._hear()
            if answer["data"]:
                profile.data = self._process.stdout.read()
            numbers = answer["summary"]
            profile.summary = _tachyon.Summary((*numbers[:-1], EndReason(numbers[-1])))
        except BaseException:
            self._end(kill=True)
            raise
        self._end()

    def _end(self, kill: bool = False) -> None:
        process = self._process
        if kill:
            process.kill()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        try:
            process.wait(_EXIT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _forbid(process.pid)


def _format_of(output: str | None, format: str | None) -> str:
    if format is None:
        name = output or ".html"
        format = next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix)), None)
    if format is None:
        raise ValueError(f"{output!r}: the format does not follow from the name; say format=, or end it in one of "
                         f"{', '.join(_SUFFIXES)}")
    if format not in (known := {*_SUFFIXES.values(), "annotation", "chrome_trace"}):
        raise ValueError(f"format: one of {', '.join(sorted(known))}, not {format!r}")
    return format


class profile:
    """Profiles this program while a with statement or a function runs.

        with tachyon.profile("profile.html"):
            work()

        with tachyon.profile() as result:       # or async with
            work()
        result.data

        @tachyon.profile("profile.html")        # or an async def; each call makes the profile anew
        def work(): ...

    output: file to write; None: the profile is in memory. format: follows from the file's name if it is not said;
    "flamegraph" in memory. interval: seconds between samples. threads: of the whole program, or only the main one. mode:
    which samples of a thread count. opcodes: gather instructions. options: of the format's function in
    tachyon.collectors. python: the interpreter that runs the helper. done: called with every complete Profile, for
    decorated functions.
    """

    def __init__(
        self,
        output: str | os.PathLike[str] | None = None,
        *,
        format: str | None = None,
        interval: float = 0.001,
        threads: str = "all",
        mode: Mode = Mode.WALL,
        opcodes: bool = False,
        python: str | None = None,
        done: Callable[[Profile], object] | None = None,
        **options: Any,
    ) -> None:
        self._output = None if output is None else os.fspath(output)
        self._format = _format_of(self._output, format)
        self._python = python
        self._done = done
        self._running: list[tuple[_Helper, Profile]] = []
        if not 0 <= interval <= 1e9:
            raise ValueError(f"interval: seconds, not {interval!r}")
        if threads not in ("all", "main"):
            raise ValueError(f"threads: 'all' or 'main', not {threads!r}")
        if opcodes and self._format != "annotation":
            options["opcodes"] = True
        self._order = {
            "interval": interval,
            "threads": threads,
            "mode": int(Mode(mode)),
            "options": options,
            "opcodes": opcodes or self._format == "annotation",
        }

    def __enter__(self) -> Profile:
        python = self._python or sys.executable
        if not python:
            raise RuntimeError("sys.executable does not say which Python can run the helper: give python=")
        output = None if self._output is None else os.path.abspath(self._output)
        order = {**self._order, "pid": os.getpid(), "format": self._format, "output": output}
        result = Profile(self._format, output)
        self._running.append((_Helper(order, python), result))
        return result

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        helper, result = self._running.pop()
        helper.finish(result)
        if self._done:
            self._done(result)

    async def __aenter__(self) -> Profile:
        return await in_own_thread(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await in_own_thread(self.__exit__, kind, error, traceback)

    def __call__(self, function: Callable[_P, _R]) -> Callable[_P, _R]:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped_async(*args: _P.args, **kwargs: _P.kwargs) -> Any:
                async with self._again():
                    return await function(*args, **kwargs)

            return cast(Callable[_P, _R], wrapped_async)

        @functools.wraps(function)
        def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            with self._again():
                return function(*args, **kwargs)

        return wrapped

    def _again(self) -> "profile":
        """One of its own for each call: calls may overlap."""
        new = profile.__new__(profile)
        new.__dict__.update(self.__dict__, _running=[])
        return new
