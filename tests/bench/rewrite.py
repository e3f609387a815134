# SPDX-License-Identifier: Apache-2.0
"""rewrite.py RECORDING NEW: has CPython's own writer write what its reader reads, to compare the sizes. For CPython 3.15.

Samples of one tick are given at once and in the order of time, as its profiler does."""

import sys

import _remote_debugging as debugging


class Collector:
    def __init__(self):
        self.samples = []

    def collect(self, stack_frames, timestamps_us):
        self.samples.extend((timestamp, stack_frames) for timestamp in timestamps_us)


collector = Collector()
with debugging.BinaryReader(sys.argv[1]) as reader:
    information = reader.get_info()
    reader.replay(collector)
collector.samples.sort(key=lambda sample: sample[0])
writer = debugging.BinaryWriter(sys.argv[2], information["sample_interval_us"], information["start_time_us"], compression=1)
for time_us, stacks in collector.samples:
    writer.write_sample(stacks, time_us)
writer.finalize()
