# SPDX-License-Identifier: Apache-2.0
"""The helper process of tachyon.profile(): see _profile.py for what is said between the two."""

import json
import sys
import threading
from typing import Any

from . import _errors, _tachyon, attach, collectors


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _error_answer(error: BaseException) -> dict[str, Any]:
    if isinstance(error, _errors.TachyonError):
        phase, kind = _errors.PHASES.index(error.phase), _errors.CLASSES.index(error.error_class)
        return {"error": [error.code, error.errno or 0, phase, kind, error.address, error.message]}
    if isinstance(error, OSError) and error.errno:
        return {"os_error": [error.errno, error.strerror, error.filename]}
    return {"exception": f"{type(error).__name__}: {error}"}


class _Ready:
    """A collector that says when sampling begins."""

    def begin(self, run: _tachyon.RunInfo) -> None:
        _say({"ready": True})

    def sample(self, snapshot: _tachyon.Snapshot) -> None:
        pass


def _stop_when_told(sampler: _tachyon.Sampler) -> None:
    """A line, or the end of the program that is profiled."""
    sys.stdin.buffer.readline()
    sampler.stop()


def _profile(order: dict[str, Any]) -> None:
    make = getattr(collectors, order["format"])
    collector = make(order["output"], **order["options"])
    with attach(order["pid"], threads=order["threads"], opcodes=order["opcodes"]) as target:
        sampler = target.sampler(interval=order["interval"], mode=order["mode"], opcodes=order["opcodes"])
        threading.Thread(target=_stop_when_told, args=(sampler,), daemon=True).start()
        summary = sampler.run(collector, _Ready())
    _say({"summary": [int(number) for number in summary], "data": collector.data is not None})
    if collector.data is not None:
        sys.stdout.buffer.write(collector.data)
        sys.stdout.buffer.flush()


def main() -> None:
    """Runs the helper."""
    try:
        _profile(json.loads(sys.stdin.buffer.readline()))
    except Exception as error:
        _say(_error_answer(error))
