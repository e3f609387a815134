# SPDX-License-Identifier: Apache-2.0
"""Does not end on SIGTERM or SIGINT, but writes down that it got them: stubborn.py FILE."""

import signal
import sys
import time

log = open(sys.argv[1], "w", buffering=1)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, frame: log.write(f"{signal.Signals(number).name}\n"))
print("ready", flush=True)
end = time.monotonic() + 30
while time.monotonic() < end:
    pass
