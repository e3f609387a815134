/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_REST_H
#define TY_SAMPLE_REST_H

/*
 * Threads that rest: of which a reading brings the thread state and nothing else.
 *
 * In CPU mode those that are not on a processor, whose stacks are not wanted. In the other modes those that cannot have
 * run since their stack was proven: only the thread that has the GIL changes its stack, and the GIL counts how often it
 * went from one thread state to another (switch_number of struct _gil_runtime_state, pycore_gil.h; take_gil() counts
 * before the thread goes on). A thread that is not the one that had the GIL last stands where it stood as long as the
 * counter says what it said then. Of a hundred threads that wait this saves most of a reading.
 *
 * The counter is in what a reading brings first: whatever happened after the reading that proved the stack had begun,
 * and before this one did, shows in it. A prediction that fails costs a reading more, so it is made only while the GIL
 * stays where it is, and after longer times where it failed before.
 */

#include "sample/target.h"

/* Are the counters of the GILs wanted at all? */
bool ty_rest_is_wanted(const ty_target *target);

/* Before the first reading of a sample, when the kernel has been asked who is on a processor. */
void ty_rest_predict(ty_target *target);

/* true for a thread of which this reading brought no stack because it was expected not to have run. */
bool ty_rest_is_predicted(const ty_target *target, const struct ty_thread *thread);

/*
 * Of such a thread, after a reading: true when it has not run, and its stack of the last sample is that of this one;
 * false when its stack has to be read after all.
 */
bool ty_rest_holds(ty_target *target, struct ty_thread *thread);

/* When the GIL of an interpreter was seen to have gone to another thread. */
void ty_rest_end_calm(struct ty_interpreter *interpreter);

/* After the stack of a thread was proven by a reading. */
void ty_rest_date(ty_target *target, struct ty_thread *thread);

#endif
