# SPDX-License-Identifier: Apache-2.0
"""Becomes another program when it gets a line: replace.py SCRIPT ends up as "park.py nested_functions"."""

import os
import sys

print("before", flush=True)
os.read(0, 1)
os.execv(sys.executable, [sys.executable, sys.argv[1], "nested_functions"])
