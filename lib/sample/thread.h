/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_THREAD_H
#define TY_SAMPLE_THREAD_H

/* What is kept about one thread of a target from sample to sample. */

#include <tachyon/snapshot.h>

#include "python/code.h"
#include "sample/plan.h"

/* One frame as it was read: raw words, and what was made of them. */
struct ty_record {
	uint64_t address;
	uint64_t previous;
	uint64_t ip;
	struct py_code *code; /* NULL: unreadable */
	ty_frame frame;
};

/* A link between two frames that nothing contradicts for certain, but that is not what one would expect. */
struct ty_suspect {
	uint64_t caller;
	uint64_t caller_ip;
	uint64_t callee;
	uint64_t callee_function;
	uint32_t seen;   /* readings in a row that agreed on it */
	uint32_t sample; /* number of the last sample that did */
};

struct ty_stack {
	TY_ARRAY(struct ty_record) records; /* leaf first */
	TY_ARRAY(ty_frame) frames;          /* the same, for the public */
};

struct ty_thread {
	uint64_t address; /* of its PyThreadState */
	uint64_t key;     /* serial number: addresses are used again */
	uint64_t interpreter_address;
	int64_t interpreter;
	uint64_t native_id;
	uint64_t host_id;
	uint64_t pthread_id;
	bool is_main;
	bool listed; /* found in the interpreter's list by the current sample */

	struct ty_region_list list;
	struct ty_region_list *lists[1];

	/*
	 * The entry frame below the outermost Python frame, which begins the data stack: as long as that frame says the
	 * same, nothing but the base can be below, and the entry frame need not be read.
	 */
	uint64_t root_entry;
	uint64_t root_slot;

	struct py_code *leaf; /* whose bytecode is read with the frames; only where instructions are wanted */
	struct ty_suspect suspect;

	struct ty_stack stacks[2]; /* of this and the previous sample */
	int current;               /* index of this sample's */
	int verdict;               /* enum ty_verdict */
	bool repaired;
	uint32_t unchanged_frames;
	uint32_t status;
	bool accepted; /* this sample's verdict is final */
};

struct ty_thread *ty_thread_new(uint64_t address, uint64_t key);
void ty_thread_free(struct ty_thread *thread);

static inline struct ty_stack *ty_thread_stack(struct ty_thread *thread)
{
	return &thread->stacks[thread->current];
}

static inline struct ty_stack *ty_thread_previous(struct ty_thread *thread)
{
	return &thread->stacks[!thread->current];
}

/* Makes this sample's stack the previous one. */
void ty_thread_turn(struct ty_thread *thread);

/* Fills frames and unchanged_frames from the records of this sample's stack. false: out of memory. */
bool ty_thread_publish(struct ty_thread *thread);

#endif
