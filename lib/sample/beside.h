/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_BESIDE_H
#define TY_SAMPLE_BESIDE_H

/*
 * Sampling from the processor that the target runs on.
 *
 * What tears a reading is that the target runs on another processor meanwhile. A thread of ours that is bound to the
 * same processor cannot read while the target's thread runs: the kernel runs one or the other. Nothing is stopped, no
 * signal is sent, and when we are killed the target simply goes on; what it costs the target is the time of the reading
 * and two switches, some 10 µs a sample.
 *
 * The target's thread is not bound, so it may move; then stacks are not proven again, and it is followed. Where the
 * processor has so much to do that ticks are missed, we leave it for a while.
 */

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct ty_beside {
	cpu_set_t allowed; /* where the calling thread ran before it was bound */
	bool bound;
	int processor;     /* that it is bound to */
	uint32_t wait;     /* calls to leave out: following did not help */
	uint32_t ticks;    /* since it was bound, or since they were looked at last */
	uint64_t missed;   /* of them */
	uint64_t slice_ns; /* of the calling thread before it was bound; 0: the kernel's own */
};

/* Binds the calling thread to the processor of a target's thread, or leaves it where it is if that cannot help. */
void ty_beside_follow(struct ty_beside *beside, pid_t pid, pid_t tid);

/* A tick is over, before which so many were missed. */
void ty_beside_tick(struct ty_beside *beside, uint64_t missed);

/* Lets the calling thread run where it ran before. */
void ty_beside_leave(struct ty_beside *beside);

#endif
