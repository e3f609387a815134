/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_ACTIVITY_H
#define TY_COLLECT_ACTIVITY_H

/*
 * What threads were doing, in samples: the status that came with every stack, whether the stack was counted or not.
 * Garbage collection is told by a frame of the stack, so it comes from the call tree.
 */

#include "collect/stacks.h"

struct ty_activity_thread {
	uint64_t samples;
	uint64_t has_gil;
	uint64_t waits_for_gil;
	uint64_t on_cpu;
	uint64_t cpu_unknown; /* it was not asked or could not be told */
	uint64_t has_exception;
	uint64_t collecting;
};

struct ty_activity {
	TY_ARRAY(struct ty_activity_thread) threads; /* by identity of ty_stacks */
};

/* For an observer of ty_stacks: counts one sample of a thread. 0 or -ENOMEM. */
int ty_activity_add(struct ty_activity *activity, uint32_t identity, uint32_t status);

/* At the end: counts garbage collection. `stacks` by thread, `totals` as ty_calltree_totals() gives them. 0 or -ENOMEM. */
int ty_activity_finish(struct ty_activity *activity, const struct ty_stacks *stacks, const uint64_t *totals);
void ty_activity_free(struct ty_activity *activity);

#endif
