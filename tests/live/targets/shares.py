# SPDX-License-Identifier: Apache-2.0
"""Two threads that know how much of their time they hold the GIL, are on CPU and handle an exception: shares.py

They take turns, so that who computes holds the GIL by construction; after each round they compete for it. What happened when
is written down with the clock that samples have: so the truth is right however busy the machine is. Prints "ready"; told
anything, prints for the one that leads and the one that follows

    {"native_id": …, "phases": [[begin, end, holds the GIL, handles an exception]…], "bursts": [[begin, end]…],
     "contests": [[begin, end]…], "accounts": [[time, ns on CPU or waiting for one until then,
     ns waiting for one since the last account]…]}

in ns. Between phases and contests it waits for the other to end its turn. A burst is a time within a contest in which it had
the GIL without a break. Who computes and never waits is on CPU, or waits for one, all the time; otherwise the kernel's accounts
tell. (They would for both, but leave out what a hypervisor took away.) Ends with its standard input.
"""

import contextlib
import hashlib
import json
import os
import sys
import threading
import time

now = time.monotonic_ns
MS = 1_000_000
CONTEST_NS = 16 * MS
SWITCH_S = 0.002
BREAK_NS = 50_000  # the interpreter's own steps are shorter


def compute(until):
    while now() < until:
        pass


class Worker(threading.Thread):
    def __init__(self, turns, block):
        super().__init__(daemon=True)
        self.turns = turns
        self.block = block
        self.go = threading.Lock()
        self.go.acquire()
        self.phases, self.bursts, self.contests, self.accounts = [], [], [], []
        self.kernels_ns = self.waited_ns = 0

    def account(self, computes=False):
        """Adds what it was on CPU since the last time. The second number of schedstat is the time it waited for a processor."""
        waited_ns = int(os.pread(self.schedstat, 100, 0).split()[1])
        kernels_ns = time.thread_time_ns() + waited_ns
        last, on_cpu_ns, _ = self.accounts[-1] if self.accounts else (now(), 0, 0)
        time_ns = now()
        on_cpu_ns += time_ns - last if computes else kernels_ns - self.kernels_ns
        self.accounts.append((time_ns, on_cpu_ns, waited_ns - self.waited_ns))
        self.kernels_ns, self.waited_ns = kernels_ns, waited_ns
        return time_ns

    def phase(self, begin, has_gil, has_exception, computes):
        end = self.account(computes)
        self.phases.append((begin, end, has_gil, has_exception))
        return end

    def turn(self):
        spins_ms, handles_ms, sleeps_s, handles_sleeping_s, digests = self.turns
        begin = self.account()
        compute(begin + spins_ms * MS)
        begin = self.phase(begin, 1, 0, True)
        for _ in range(digests):
            hashlib.sha256(self.block).digest()
        begin = self.phase(begin, 0, 0, True)
        time.sleep(sleeps_s)
        begin = self.phase(begin, 0, 0, False)
        try:
            raise ValueError("handled below")
        except ValueError:
            compute(begin + handles_ms * MS)
            begin = self.phase(begin, 1, 1, True)
            time.sleep(handles_sleeping_s)
            self.phase(begin, 0, 1, False)

    def contest(self, until):
        first = last = begin = now()
        while last < until:
            time_ns = now()
            if time_ns - last > BREAK_NS:
                self.bursts.append((begin, last))
                begin = time_ns
            last = time_ns
        self.bursts.append((begin, last))
        self.contests.append((first, last))

    def run(self):
        self.schedstat = os.open(f"/proc/self/task/{self.native_id}/schedstat", os.O_RDONLY)
        while True:
            self.round(self.other)


class Leader(Worker):
    def round(self, other):
        self.turn()
        other.go.release()
        self.go.acquire()
        self.contest(other.until)
        other.go.release()
        self.go.acquire()


class Follower(Worker):
    def round(self, other):
        self.go.acquire()
        self.turn()
        self.until = now() + CONTEST_NS
        other.go.release()
        self.contest(self.until)
        self.go.acquire()
        other.go.release()


def make_block():
    """As much as is digested in some 3 ms."""
    block = bytes(1 << 20)
    begin = now()
    hashlib.sha256(block).digest()
    return bytes(max(1 << 16, (3 * MS << 20) // (now() - begin)))


def main():
    with contextlib.suppress(PermissionError):  # not to be kept from the processor with the GIL in hand; the sampler comes first
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    sys.setswitchinterval(SWITCH_S)
    block = make_block()
    workers = Leader((6, 3, 0.002, 0.004, 1), block), Follower((2, 5, 0.005, 0.001, 2), block)
    for worker, other in (workers, workers[::-1]):
        worker.other = other
    for worker in workers:
        worker.start()
    print("ready", flush=True)
    os.read(0, 1)
    seen = ("phases", "bursts", "contests", "accounts")
    print(json.dumps([{name: list(getattr(worker, name)) for name in seen} | {"native_id": worker.native_id}
                      for worker in workers]), flush=True)
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    main()
