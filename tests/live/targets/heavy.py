# SPDX-License-Identifier: Apache-2.0
"""Instructions that take long enough for anything around them to vanish: heavy.py HOW, until standard input is closed.

Every line of input switches instrumentation on or off. HOW: lines, sys.monitoring's LINE events as coverage uses them;
trace, sys.settrace.
"""

import random
import select
import sys

# Small enough for the processor's own caches: memory is shared with whatever else runs on the machine.
LARGE = 7 ** 1600
LARGER = 7 ** 3600
LIST = [number % 200 for number in range(8000)]
SAME = LIST[:]
FEW = LIST[:2000]


def heavy(large, larger, items, same, few):
    # An operation stands on the line its operands begin on, its operands on others: each begins a line anew, which is
    # where LINE events replace it.
    (
        large
        * larger
    )
    (
        larger
        * larger
    )
    (
        items
        == same
    )
    (
        -1
        in few
    )


def two(large, larger):
    return larger * larger - large * large


def switch_lines(on):
    monitoring = sys.monitoring
    if not monitoring.get_tool(monitoring.COVERAGE_ID):
        monitoring.use_tool_id(monitoring.COVERAGE_ID, "test")
        monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, lambda code, line: None)
    monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE if on else 0)


def tracer(frame, event, argument):
    return tracer


def switch_trace(on):
    sys.settrace(tracer if on else None)


switch = {"lines": switch_lines, "trace": switch_trace}[sys.argv[1]]
on = False
print("off", flush=True)
while True:
    for _ in range(20):
        heavy(LARGE, LARGER, LIST, SAME, FEW)
        two(LARGE, LARGER)
        # A program that repeats itself exactly may keep step with the clock that samples it.
        sum(range(random.randrange(10000)))
    if select.select([sys.stdin], [], [], 0)[0]:
        if not sys.stdin.readline():
            break
        on = not on
        switch(on)
        # What was specialized before is so again, or never will be.
        for _ in range(20):
            heavy(LARGE, LARGER, LIST, SAME, FEW)
        print("on" if on else "off", flush=True)
