/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/beside.h"

#include "target/proc.h"

/* Unproven stacks that are let pass when the thread is where we are already: moving would not have helped. */
#define WAIT_CALLS 64

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
	beside->bound = true;
	beside->processor = schedule.processor;
	beside->wait = 0;
}

void ty_beside_leave(struct ty_beside *beside)
{
	if (beside->bound)
		sched_setaffinity(0, sizeof(beside->allowed), &beside->allowed);
	beside->bound = false;
}
