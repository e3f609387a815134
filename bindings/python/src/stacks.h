/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_STACKS_H
#define TPY_STACKS_H

/*
 * Stacks of threads as lists, of which only what changed since the thread's last one is made: the outermost frames of
 * a program stay for thousands of samples, and copying a list costs less than looking them up.
 *
 * A thread is looked for where it was in the snapshot before. One that moved, because another one began or ended, is
 * made anew once.
 */

#include "frames.h"

struct tpy_stack {
	uint64_t thread_key;
	uint32_t status;
	ty_frame *frames; /* as they were read, of `list` */
	uint32_t count, capacity;
	PyObject *list; /* never given away: somebody could change it */
	PyObject *id;   /* native_id of the thread as a number */
};

struct tpy_stacks {
	struct tpy_stack *items; /* by index in the snapshot */
	size_t count;
};

/** Makes the list of `count` frames. */
typedef PyObject *(*tpy_stack_maker)(struct tpy_frames *frames, bool opcodes, const ty_frame *raw, uint32_t count);

/**
 * Brings the stack of a thread up to date.
 * @param index of the thread in its snapshot
 * @return the stack, valid until the next call; NULL with an exception
 */
struct tpy_stack *tpy_stack_update(struct tpy_stacks *stacks, size_t index, struct tpy_frames *frames, bool opcodes,
                                   const ty_thread_info *thread, tpy_stack_maker make);

void tpy_stacks_free(struct tpy_stacks *stacks);

#endif
