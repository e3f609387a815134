# SPDX-License-Identifier: Apache-2.0
"""Measures CPython 3.15's own unwinder as bench.c measures the library: unwinder.py PID SECONDS MODE FRAMES-MIN [all] [ours].

With "ours", the one of bindings/python that has its place.
"""

import importlib
import json
import resource
import sys
import time

MODES = {"default": {}, "cache": {"cache_frames": True}, "cache+opcodes": {"cache_frames": True, "opcodes": True}}


def main():
    pid, seconds, mode, frames_min = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    module = importlib.import_module("tachyon.remote_debugging" if "ours" in sys.argv[5:] else "_remote_debugging")
    begin = time.perf_counter()
    unwinder = module.RemoteUnwinder(pid, all_threads="all" in sys.argv[5:], **MODES[mode])
    attach = None
    samples = failed = lost = stacks = 0
    cpu = time.process_time()
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        samples += 1
        try:
            interpreters = unwinder.get_stack_trace()
        except Exception:
            failed += 1
            continue
        attach = attach or time.perf_counter() - begin
        for interpreter in interpreters:
            for thread in interpreter.threads:
                stacks += 1
                lost += len(thread.frame_info) < frames_min
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps({"samples": samples, "failed": failed, "stacks": stacks, "lost": lost, "rate_hz": samples / wall,
                      "cpu_us": cpu * 1e6 / samples, "attach_ms": (attach or 0) * 1e3,
                      "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
