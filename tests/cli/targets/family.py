# SPDX-License-Identifier: Apache-2.0
"""Has children work: family.py METHOD SECONDS [COUNT]. Prints the process ids, its own first, as one JSON list at the end.
Seconds are those of the processor, so that a busy machine makes it last longer; with method "short" those of the clock.

METHOD: fork, short, thread (forks from a thread), exec (another Python by subprocess), launcher (a shell that starts Python),
daemon (Python whose parent and grandparent end as soon as it is started), system (programs that are not Python), or one of
multiprocessing's for a ProcessPoolExecutor: pool-fork, pool-spawn, pool-forkserver.
"""

import concurrent.futures
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time

BUSY = "import time\ndef work(seconds):\n    while time.process_time() < seconds:\n        pass\n"


def work(seconds, clock=time.process_time):
    end = clock() + seconds
    while clock() < end:
        pass
    return os.getpid()


def fork_one(seconds, clock=time.process_time):
    pid = os.fork()
    if pid == 0:
        work(seconds, clock)
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


def run(words):
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        return process.pid


def start(method, seconds, count):
    if method == "fork":
        return [fork_one(seconds) for _ in range(count)]
    if method == "short":
        return [fork_one(seconds, time.monotonic) for _ in range(count)]
    if method == "thread":
        found = []
        thread = threading.Thread(target=lambda: found.append(fork_one(seconds)))
        thread.start()
        thread.join()
        return found
    if method == "exec":
        return [run([sys.executable, "-c", f"{BUSY}work({seconds})"]) for _ in range(count)]
    if method == "launcher":
        return [run(["sh", "-c", f'"$0" -c "$1"; true', sys.executable, f"{BUSY}work({seconds})"])]
    if method == "daemon":
        line = '("$0" -c "$1" >&2 & echo $!)'
        return [int(subprocess.check_output(["sh", "-c", line, sys.executable, f"{BUSY}work({seconds})"])) for _ in range(count)]
    if method == "system":
        return [run(["sleep", str(seconds)]) for _ in range(count)]
    context = multiprocessing.get_context(method.removeprefix("pool-"))
    with concurrent.futures.ProcessPoolExecutor(count, context) as pool:
        return sorted(set(pool.map(work, [seconds] * 4 * count)))


if __name__ == "__main__":
    method, seconds = sys.argv[1], float(sys.argv[2])
    children = start(method, seconds, int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    print(json.dumps([os.getpid(), *children]), flush=True)
