# SPDX-License-Identifier: Apache-2.0
"""Waits in a known place, in several threads, and first prints as JSON where it is.

The line has "main" and "worker": lists of [file, line, function], outermost first. Ends when its standard input does.
"""

import json
import sys
import threading

gate = threading.Event()
parked = threading.Event()
places = {}


def note(name, depth_of_wait):
    """The caller's stack, its innermost line replaced by the one on which it is going to wait."""
    frames, frame = [], sys._getframe(1)
    while frame:
        code = frame.f_code
        frames.append([code.co_filename, frame.f_lineno, getattr(code, "co_qualname", code.co_name)])
        frame = frame.f_back
    frames[0][1] += depth_of_wait
    places[name] = frames[::-1]


def worker():
    note("worker", 2)
    parked.set()
    gate.wait()


class Keeper:
    def überprüfe(self):
        note("main", 3)
        parked.wait()
        print(json.dumps(places), flush=True)
        数据 = sys.stdin.read(); print("数据が終わった", len(数据))


threading.Thread(target=worker, name="wörker-1", daemon=True).start()
Keeper().überprüfe()
gate.set()
