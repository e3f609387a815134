# SPDX-License-Identifier: Apache-2.0
"""The share of samples in which a thread holds the GIL, is on CPU or handles an exception is the share of its time in which it
does, within two percentage points (targets/shares.py says what it is, for the very time that was sampled).

That chance stays well below: a sample is taken at a random time of each interval, so that only intervals in which something
changes are left to chance, by p(1 - p) <= 1/4 each. A worker changes what it does some 20 times in a round of 60 ms, which
is 700 intervals of 4000: a standard deviation of at most sqrt(700 / 4) / 4000 = 0.33 percentage points. If all 4000 were
left to chance, it were 0.8.
"""

import bisect
import json
import pathlib

import pytest

import interpreters
import snapshot

SHARES = pathlib.Path(__file__).resolve().parent / "targets" / "shares.py"
HAS_GIL, ON_CPU, UNKNOWN, GIL_REQUESTED, HAS_EXCEPTION = 1, 2, 4, 8, 16
FROM_KERNEL, FROM_MEMORY = (ON_CPU, UNKNOWN), (HAS_GIL, HAS_EXCEPTION, GIL_REQUESTED)
PHASES = 5  # of a turn
SECONDS, INTERVAL_NS = 2, 500_000
BREAK_NS = 20 * INTERVAL_NS
TOLERANCE = 0.02
KNOWN = 0.3  # of the time, at least; on a machine that is not busy it is nine tenths
LATE_NS = 300_000


def waits(own, other):
    """When a worker neither runs nor wants to: from the end of its turn, or of a contest, until the other lets it go on."""
    turns = own["phases"][::PHASES]
    if own["contests"][0] < other["contests"][0]:  # it follows
        return [(end, begin) for (_, end), (begin, *_) in zip(own["contests"], turns[1:])]
    ends = own["phases"][PHASES - 1::PHASES]
    return [(end, begin) for (_, end, *_), (begin, _) in zip(ends, other["contests"])]


def holds(own, other):
    """[(begin, end, whether it is its own)…] of contests: bursts, and what lies between two of the same worker."""
    bursts = sorted([(*burst, True) for burst in own["bursts"]] + [(*burst, False) for burst in other["bursts"]])
    joined = []
    for begin, end, is_own in bursts:
        if joined and joined[-1][2] == is_own and any(first <= joined[-1][0] and end <= last for first, last in
                                                      (own if is_own else other)["contests"]):
            begin = joined.pop()[0]
        joined.append((begin, end, is_own))
    return joined


def timeline(own, other, free_threaded):
    """[(begin, end, status)…]: what is known of a worker. Who has the GIL between two bursts of different workers is not."""
    # One that had to wait for a processor may have done so with the GIL that it had just got back.
    late = {time for time, _, waited_ns in own["accounts"] if waited_ns > LATE_NS}
    known = [(begin, end, HAS_GIL * holds | HAS_EXCEPTION * handles) for begin, end, holds, handles in own["phases"]
             if holds or end not in late]
    known += [(begin, end, 0) for begin, end in waits(own, other) if end not in late]
    if free_threaded:  # both run in a contest
        return sorted(known + [(begin, end, 0) for begin, end in own["contests"]])
    held = holds(own, other)
    known += [(begin, end, HAS_GIL) for begin, end, is_own in held if is_own]
    for begin, end in own["contests"]:
        known += [(max(begin, first), min(end, last), GIL_REQUESTED) for first, last, is_own in held
                  if not is_own and first < end and begin < last]
    return sorted(known)


def known_shares(known, begin, end):
    """{status: share} of what is known of the time from begin to end."""
    spans = [(max(first, begin), min(last, end), status) for first, last, status in known if first < end and begin < last]
    whole = sum(last - first for first, last, _ in spans)
    assert whole > KNOWN * (end - begin)
    return {wanted: sum(last - first for first, last, status in spans if status & wanted) / whole for wanted in FROM_MEMORY}


def counted_shares(statuses, wanted):
    return {bit: sum(bool(status & bit) for status in statuses) / len(statuses) for bit in wanted}


def samples_of(seen, native_id, begin, end):
    """[(time, status)…]"""
    samples = [(time, dict(zip(ids[::2], ids[1::2]))[native_id]) for time, *ids in seen["statuses"] if begin <= time < end]
    assert len(samples) > (end - begin) / INTERVAL_NS / 2
    return samples


def while_known(samples, known):
    starts = [begin for begin, _, _ in known]
    spans = ((time, status, known[max(0, bisect.bisect(starts, time) - 1)]) for time, status in samples)
    return [status for time, status, (begin, end, _) in spans if begin <= time < end]


def sampled_times(seen):
    """(begin, end) of the longest time without a break: now and then a machine stands still."""
    times = [time for time, *_ in seen["statuses"]]
    breaks = [0, *(i for i in range(1, len(times)) if times[i] - times[i - 1] > BREAK_NS), len(times)]
    begin, end = max(((times[i], times[j - 1]) for i, j in zip(breaks, breaks[1:])), key=lambda span: span[1] - span[0])
    assert end - begin > SECONDS * 1e9 / 2
    return begin, end


def accounted(own, begin, end):
    """The first and the last of its accounts in that time."""
    accounts = [(time, ns) for time, ns, _ in own["accounts"] if begin <= time <= end]
    return accounts[0], accounts[-1]


def check(counted, known):
    print(counted, known)
    assert all(abs(counted[status] - share) < TOLERANCE for status, share in known.items()), (counted, known)


@pytest.mark.free_threaded
def test_shares_are_those_of_the_time(interpreter):
    with interpreters.start(interpreter, SHARES) as target:
        seen = snapshot.watch(target.pid, SECONDS, INTERVAL_NS, "--cpu", "--statuses")
        target.write_line()
        lead, follow = json.loads(target.read_line())
    assert seen["failed"] == 0
    for own, other in ((lead, follow), (follow, lead)):
        (begin, begin_cpu), (end, end_cpu) = accounted(own, *sampled_times(seen))
        samples = samples_of(seen, own["native_id"], begin, end)
        check(counted_shares([status for _, status in samples], FROM_KERNEL),
              {ON_CPU: (end_cpu - begin_cpu) / (end - begin), UNKNOWN: 0})
        known = timeline(own, other, interpreter.free_threaded)
        counted = counted_shares(while_known(samples, known), FROM_MEMORY)
        shares = known_shares(known, begin, end)
        if interpreter.free_threaded:  # how long it stays attached around a digest and a lock is its own affair
            del shares[HAS_GIL]
        # Who has given the GIL away asks for it again when it has got a processor.
        assert counted[GIL_REQUESTED] < shares.pop(GIL_REQUESTED) + TOLERANCE
        check(counted, shares)
