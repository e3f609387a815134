/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_CHUNKS_H
#define TY_SAMPLE_CHUNKS_H

/*
 * A thread's data stack: the chunks in which frames called by Python lie (_PyStackChunk in Include/cpython/pystate.h;
 * the same in 3.11 to 3.15). A chunk begins with {previous, size, top, data[]}; `top` is set when a further chunk is
 * begun; the first chunk leaves its first word unused.
 */

#include <stdbool.h>
#include <stdint.h>

#include "python/offsets.h"
#include "sample/plan.h"
#include "sample/thread.h"

/*
 * Brings the thread's chunk regions up to date with the thread state that was read: marks those in use, fetches new
 * ones, grows the top one. Sets *missed when a read of its own was needed.
 */
void ty_chunks_update(struct ty_plan *plan, struct ty_thread *thread, const struct py_offsets *offsets,
                      const uint8_t *state, bool *missed);

/* true when a frame at `address` is the first of a chunk. */
bool ty_chunks_begin_at(const struct ty_region_list *list, uint64_t address);

#endif
