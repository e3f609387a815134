# SPDX-License-Identifier: Apache-2.0
"""A launcher written in Python: works a little, then becomes another Python program: relay.py SCRIPT ARGS…"""

import os
import sys
import time


def prepare():
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        pass


prepare()
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
