# SPDX-License-Identifier: Apache-2.0
"""What a recording holds for CPython's own reader, or one of its writer: binary.py read|write FILE."""

import json
import sys

import _remote_debugging as remote


class Collector:
    def __init__(self):
        self.seen = []

    def collect(self, stack_frames, timestamps_us):
        for interpreter in stack_frames:
            for thread in interpreter.threads:
                frames = [(frame.filename, frame.location, frame.funcname, frame.opcode) for frame in thread.frame_info]
                self.seen.append((interpreter.interpreter_id, thread.thread_id, thread.status, list(timestamps_us), frames))


def read(path):
    collector = Collector()
    with remote.BinaryReader(path) as reader:
        count = reader.replay(collector)
        print(json.dumps({"count": count, "info": reader.get_info(), "seen": collector.seen}))


def write(path):
    frames = [remote.FrameInfo(("a.py", remote.LocationInfo((line, line, 4, 9)), f"f{line}", 27)) for line in (1, 2, 3)]
    with remote.BinaryWriter(path, 1000, 5_000_000, mode=2, capture_features=9) as writer:
        for number in range(4):
            stack = frames[number // 2:]
            threads = [remote.ThreadInfo((7, 1, stack)), remote.ThreadInfo((8, 0, frames[2:]))]
            writer.write_sample([remote.InterpreterInfo((0, threads))], 5_001_000 + 1000 * number)
        writer.set_stats(2.0, 500.0, 1.5, None)


globals()[sys.argv[1]](sys.argv[2])
