# SPDX-License-Identifier: Apache-2.0
"""The built-in collectors: one function a format.

Each gives a collector for one run, to be handed to Sampler.run(). Where it writes to is its first argument: a path (the
file appears when it is complete), an object with a write method that takes bytes, a file descriptor, or None: then the
collector's data has the bytes after the run.

    heat = tachyon.collectors.flamegraph("profile.html")
    table = tachyon.collectors.pstats()
    target.sampler(duration=10).run(heat, table)
    print(table.data.decode())

trust says which stacks count: "proven", or "all" that have frames.
"""

import linecache
import os
from collections.abc import Callable
from typing import Literal, Protocol

from ._tachyon import Collector, Target


class Writable(Protocol):
    """Something to write bytes to."""

    def write(self, data: bytes, /) -> object: ...


Destination = str | os.PathLike[str] | int | Writable | None
Source = Callable[[str, int], str | None]
Trust = Literal["proven", "all"]
Sort = Literal["nsamples", "tottime", "cumtime", "sample-pct", "cumul-pct", "nsamples-cumul", "name"]

_TRUST = {"proven": 0, "all": 1}
_SORT = {"nsamples": 0, "tottime": 1, "cumtime": 2, "sample-pct": 3, "cumul-pct": 4, "nsamples-cumul": 5, "name": 6}
_ALL_ROWS = 0xFFFFFFFF


def _choice(name: str, value: str, choices: dict[str, int]) -> int:
    try:
        return choices[value]
    except KeyError:
        raise ValueError(f"{name}: {', '.join(map(repr, choices))}, not {value!r}") from None


def _limit(rows: int | None) -> int:
    """None stands for all rows; the library has 0 for its own default."""
    if rows is None:
        return _ALL_ROWS
    if not 0 < rows < _ALL_ROWS:
        raise ValueError(f"limit: a positive number or None, not {rows}")
    return rows


def flamegraph(
    to: Destination = None,
    *,
    opcodes: bool = False,
    source: Source | None = linecache.getline,
    trust: Trust = "proven",
    baseline: Target | None = None,
) -> Collector:
    """A flame graph: one HTML file that needs no network. source: gives a line of a file of the target; None: without.
    baseline: a recording of an earlier run, which this one is compared with; it is read to its end at once."""
    options = {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)}
    return Collector("flamegraph", to, options, source, baseline)


def heatmap(
    folder: str | os.PathLike[str],
    *,
    opcodes: bool = False,
    source: Source | None = linecache.getline,
    trust: Trust = "proven",
) -> Collector:
    """The sources with samples by line: a folder of HTML files, which must not be there yet. Attach with opcodes=True to
    see instructions as well."""
    return Collector("heatmap", folder, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)}, source)


def collapsed(
    to: Destination = None, *, opcodes: bool = False, offsets: bool = False, trust: Trust = "proven"
) -> Collector:
    """Collapsed stacks: one line a distinct stack, outermost frame first, and its count."""
    options = {"opcodes": int(opcodes), "offsets": int(offsets), "trust": _choice("trust", trust, _TRUST)}
    return Collector("collapsed", to, options)


def pstats(
    to: Destination = None,
    *,
    format: Literal["text", "marshal"] = "text",
    sort: Sort = "nsamples",
    limit: int | None = 15,
    summary: bool = True,
    color: bool = False,
    opcodes: bool = False,
    trust: Trust = "proven",
) -> Collector:
    """A table of functions by samples; as "marshal", the file that pstats.Stats of CPython 3.15 loads."""
    options = {
        "format": _choice("format", format, {"text": 0, "marshal": 1}),
        "sort": _choice("sort", sort, _SORT),
        "limit": _limit(limit),
        "no_summary": int(not summary),
        "color": int(color),
        "opcodes": int(opcodes),
        "trust": _choice("trust", trust, _TRUST),
    }
    return Collector("pstats", to, options)


def annotation(
    to: Destination = None,
    *,
    format: Literal["text", "json"] = "text",
    specialization: bool = True,
    listing: bool = True,
    function: str | None = None,
    limit: int | None = 5,
    color: bool = False,
    source: Source | None = linecache.getline,
    trust: Trust = "proven",
) -> Collector:
    """Functions by bytecode instruction, and how well they specialize. Attach with opcodes=True.

    function: only those whose qualified name has it. source: gives a line of a file of the target; None: without.
    """
    if not (specialization or listing):
        raise ValueError("an annotation has at least one of specialization and listing")
    options: dict[str, int | str] = {
        "format": _choice("format", format, {"text": 0, "json": 1}),
        "parts": int(specialization) | int(listing) << 1,
        "limit": _limit(limit),
        "color": int(color),
        "trust": _choice("trust", trust, _TRUST),
    }
    if function is not None:
        options["function"] = function
    return Collector("annotation", to, options, source)


def jsonl(
    to: Destination = None,
    *,
    opcodes: bool = False,
    stacks: bool = False,
    times: bool = False,
    trust: Trust = "proven",
) -> Collector:
    """JSON lines: one JSON object a line, for scripts. stacks: every distinct stack; times: every sample's time."""
    options = {
        "opcodes": int(opcodes),
        "stacks": int(stacks),
        "times": int(times),
        "trust": _choice("trust", trust, _TRUST),
    }
    return Collector("jsonl", to, options)


def gecko(to: Destination = None, *, opcodes: bool = False, trust: Trust = "proven") -> Collector:
    """A profile over time for Firefox Profiler."""
    return Collector("gecko", to, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)})


def speedscope(to: Destination = None, *, opcodes: bool = False, trust: Trust = "proven") -> Collector:
    """A profile for speedscope."""
    return Collector("speedscope", to, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)})


def pprof(to: Destination = None, *, opcodes: bool = False, trust: Trust = "proven") -> Collector:
    """A profile for pprof: profile.proto, compressed with gzip."""
    return Collector("pprof", to, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)})


def callgrind(to: Destination = None, *, opcodes: bool = False, trust: Trust = "proven") -> Collector:
    """A profile for KCachegrind, QCachegrind and callgrind_annotate."""
    return Collector("callgrind", to, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)})


def chrome_trace(to: Destination = None, *, opcodes: bool = False, trust: Trust = "proven") -> Collector:
    """A timeline as Trace Event JSON, for Perfetto and chrome://tracing."""
    return Collector("chrome_trace", to, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)})


def perfetto(to: Destination = None, *, opcodes: bool = False, trust: Trust = "proven") -> Collector:
    """A timeline as a Perfetto trace, with every sample's call stack."""
    return Collector("perfetto", to, {"opcodes": int(opcodes), "trust": _choice("trust", trust, _TRUST)})


def binary(
    path: str | os.PathLike[str],
    *,
    opcodes: bool = False,
    compression: Literal["auto", "zstd", "none"] = "auto",
    trust: Trust = "proven",
) -> Collector:
    """A recording of every sample, in the format of CPython 3.15's profiler: tachyon.open_recording() reads it."""
    options = {
        "opcodes": int(opcodes),
        "compression": _choice("compression", compression, {"auto": 0, "zstd": 1, "none": 2}),
        "trust": _choice("trust", trust, _TRUST),
    }
    return Collector("binary", path, options)
