# SPDX-License-Identifier: Apache-2.0
"""The cell magic %%tachyon of IPython and Jupyter: runs a cell and shows its flame graph below it.

    %load_ext tachyon

    %%tachyon --opcodes
    work()
"""

import argparse
import html
import importlib
import shlex
from typing import Any

from ._profile import Profile, profile

HEIGHT_PX = 600


def in_frame(page: str, height_px: int = HEIGHT_PX) -> str:
    """A page within a page: its scripts and styles stay apart from the notebook's, and may not reach it."""
    return (
        f'<div><iframe srcdoc="{html.escape(page)}" width="100%" height="{height_px}" '
        'sandbox="allow-scripts allow-downloads" style="border: 0" title="Flame graph"></iframe></div>'
    )


class _Parser(argparse.ArgumentParser):
    """Ends in an exception where argparse would end the kernel."""

    def exit(self, status: int = 0, message: str | None = None) -> Any:
        raise ValueError(message or "")

    def error(self, message: str) -> Any:
        raise ValueError(f"%%tachyon: {message}\n{self.format_help()}") from None


def _parser() -> _Parser:
    parser = _Parser(prog="%%tachyon", description="Profiles a cell and shows the flame graph.", add_help=False)
    parser.add_argument("-r", "--rate", type=float, default=1000, help="samples a second (default: 1000)")
    parser.add_argument("-o", "--output", help="also write the profile to a file; its ending says the format")
    parser.add_argument("--opcodes", action="store_true", help="gather bytecode instructions")
    # A cell runs in the main thread; a kernel has half a dozen others of its own, which wait and would fill the graph.
    parser.add_argument("--threads", choices=["all", "main"], default="main", help="whose threads (default: main)")
    parser.add_argument("--height", type=int, default=HEIGHT_PX, help="height of the graph in pixels")
    return parser


def _show(result: Profile, height_px: int) -> None:
    show: Any = importlib.import_module("IPython.display")
    summary = result.summary
    assert summary
    print(f"{summary.samples} samples in {summary.duration_ns / 1e9:.2f} s")
    if result.format == "flamegraph":
        show.display(show.HTML(in_frame(result.text(), height_px)))
    else:
        print(f"written to {result.output}")


def register(shell: Any) -> None:
    """Makes the magic known to a shell. Called by %load_ext tachyon."""

    def tachyon(line: str, cell: str) -> None:
        """Profiles a cell and shows the flame graph. Options: -r RATE, -o FILE, --opcodes, --threads, --height."""
        options = _parser().parse_args(shlex.split(line))
        if options.rate <= 0:
            raise ValueError("%%tachyon: the rate is positive")
        running = profile(
            options.output, interval=1 / options.rate, opcodes=options.opcodes, threads=options.threads
        )
        with running as result:
            shell.run_cell(cell)
        _show(result, options.height)

    shell.register_magic_function(tachyon, "cell", "tachyon")
