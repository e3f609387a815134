/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_STOP_H
#define TY_SAMPLE_STOP_H

#include "sample/target.h"

/*
 * Samples with every thread stopped around its own reading, one at a time (TY_STOP_ALWAYS). 0 or negative as
 * ty_sample().
 */
int ty_sample_stopped(ty_target *target);

/*
 * Reads one open thread once more with that thread stopped (TY_STOP_THREAD) and walks it. 0, or negative when the
 * thread cannot be stopped: then it keeps the verdict it has.
 */
int ty_sample_thread_stopped(ty_target *target, struct ty_thread *thread);

/* Lets go of threads that were told to stop and had not yet, before the target is freed. */
void ty_stops_finish(ty_target *target);

#endif
