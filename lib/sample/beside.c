/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/beside.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "target/proc.h"

/* Unproven stacks that are let pass when the thread is where we are already: moving would not have helped. */
#define WAIT_CALLS 1

/* After so many ticks it is asked whether too many were missed; and unproven stacks let pass when they were. */
#define TICKS 100
#define MISSED_MAX 33
#define LEFT_CALLS 256

/*
 * Processor time in one piece that we ask the scheduler for. A thread with short slices is let in soon when it wakes,
 * from Linux 6.12 on (sched(7): EEVDF); before, and where setting it fails, nothing changes.
 */
#define SLICE_NS 100000

/* sched_setattr(2); the C library has no declaration of it. */
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns;
	uint64_t deadline_ns;
	uint64_t period_ns;
};

/* Sets the slice of the calling thread and returns what it was. */
static uint64_t set_slice(uint64_t slice_ns)
{
	struct attributes attributes = { .size = sizeof(attributes) };
	uint64_t before;

	if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0 || attributes.policy != SCHED_OTHER)
		return 0;
	before = attributes.runtime_ns;
	attributes.runtime_ns = slice_ns;
	syscall(SYS_sched_setattr, 0, &attributes, 0);
	return before;
}

void ty_beside_follow(struct ty_beside *beside, pid_t pid, pid_t tid)
{
	struct ty_thread_schedule schedule;
	cpu_set_t wanted;

	if (beside->wait) {
		beside->wait--;
		return;
	}
	beside->wait = WAIT_CALLS;
	/* A real-time thread would not let us run at all. */
	if (!ty_proc_thread_schedule(pid, tid, &schedule) || schedule.is_real_time)
		return;
	if (beside->bound && beside->processor == schedule.processor)
		return;
	if (!beside->bound && sched_getaffinity(0, sizeof(beside->allowed), &beside->allowed) < 0)
		return;
	if (schedule.processor >= CPU_SETSIZE || !CPU_ISSET(schedule.processor, &beside->allowed))
		return;
	CPU_ZERO(&wanted);
	CPU_SET(schedule.processor, &wanted);
	if (sched_setaffinity(0, sizeof(wanted), &wanted) < 0)
		return;
	if (!beside->bound)
		beside->slice_ns = set_slice(SLICE_NS);
	beside->bound = true;
	beside->ticks = 0;
	beside->missed = 0;
	beside->processor = schedule.processor;
	beside->wait = 0;
}

void ty_beside_tick(struct ty_beside *beside, uint64_t missed)
{
	if (!beside->bound)
		return;
	beside->missed += missed;
	if (++beside->ticks < TICKS && beside->missed <= MISSED_MAX)
		return;
	if (beside->missed > MISSED_MAX) {
		ty_beside_leave(beside);
		beside->wait = LEFT_CALLS;
	}
	beside->ticks = 0;
	beside->missed = 0;
}

void ty_beside_leave(struct ty_beside *beside)
{
	if (!beside->bound)
		return;
	sched_setaffinity(0, sizeof(beside->allowed), &beside->allowed);
	set_slice(beside->slice_ns);
	beside->bound = false;
}
