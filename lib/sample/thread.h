/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_THREAD_H
#define TY_SAMPLE_THREAD_H

/* What is kept about one thread of a target from sample to sample. */

#include <tachyon/snapshot.h>

#include "python/code.h"
#include "sample/plan.h"
#include "target/cpu.h"

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

/* A call that was refused because its caller had never been seen to make it. */
struct ty_strange_link {
	uint64_t caller;
	uint64_t caller_ip;
	uint64_t callee;
	uint64_t callee_code;
	uint32_t reading; /* number of the reading in which it was */
};

/*
 * The stack of the last snapshot. Both arrays are filled from their end: the outermost frame is the last element, so
 * that the frames which stay, sample after sample, are not moved when the stack grows and shrinks above them.
 */
struct ty_stack {
	struct ty_record *records;
	ty_frame *frames; /* the same, for the public */
	size_t capacity;
	size_t depth;
};

/* A stack with artificial frames in it. */
struct ty_dress {
	TY_ARRAY(ty_frame) frames; /* leaf first */
	bool is_worn;              /* false: the stack has no artificial frames and is shown as it is */
};

struct ty_thread {
	uint64_t address;     /* of its PyThreadState */
	uint32_t state_bytes; /* of it that are read: ty_thread_state_bytes() */
	uint64_t key;         /* serial number: addresses are used again */
	uint64_t interpreter_address;
	int64_t interpreter;
	uint64_t native_id;
	uint64_t host_id;
	uint64_t pthread_id;
	bool is_main;
	bool foreign; /* no thread of the process has its native_id */
	bool listed;  /* found in the interpreter's list by the current sample */

	struct ty_region_list list;
	struct ty_region_list *lists[1];

	/*
	 * The entry frame below the outermost Python frame, which begins the data stack: as long as that frame says the
	 * same, nothing but the base can be below, and the entry frame need not be read.
	 */
	uint64_t root_entry;
	uint64_t root_slot;
	uint64_t stack_top; /* end of the used part of the data stack, as of this reading */

	struct py_code *leaf; /* whose bytecode is read with the frames; only where instructions are wanted */
	struct ty_suspect suspect;
	struct ty_strange_link strange;

	struct ty_stack stack;
	uint32_t stack_reading;  /* number of the reading whose bytes proved it, 0: none */
	uint32_t stack_sample;   /* number of the sample it belongs to */
	bool stack_is_dated;     /* it was proven by a reading in which ... */
	uint64_t stack_switches; /* ... the GIL had gone so often from one thread to another */
	int verdict;             /* enum ty_verdict */
	bool repaired;
	uint32_t unchanged_frames;
	uint32_t status; /* enum ty_thread_status, as of this sample */
	struct ty_cpu_probe probe;
	uint32_t cpu_sample;        /* number of the sample for which the kernel was asked, 0: none */
	int cpu;                    /* enum ty_cpu_state: what it said */
	uint64_t futex;             /* and where the thread waits in futex(2), 0: it does not */
	char *name;                 /* what ty_thread_name() said last, NULL: not asked yet */
	uint64_t named_ns;          /* when */
	uint64_t seen_exception;    /* address of an object that was found to be an exception */
	uint32_t shown_in;          /* number of the last snapshot that held it */
	uint64_t gc_frame;          /* that the collector interrupts, in some thread; 0: none */
	bool is_in_trace;           /* it runs a trace that was compiled */
	bool is_outside;            /* it has left the interpreter for C code */
	struct ty_dress dresses[2]; /* what a snapshot shows in the place of the stack, and the one before it showed */
	uint8_t dress;              /* index of the first */
	uint32_t shown_unchanged;   /* as unchanged_frames, of what is shown */
	bool was_shown;             /* the snapshot before this one held it */
	bool accepted;              /* this sample's verdict is final */
};

/* Bytes of a thread state that hold every field that is used. */
uint32_t ty_thread_state_bytes(const struct py_offsets *offsets);

/* The thread state as of this reading, NULL if it was not readable. Valid until something is fetched. */
const uint8_t *ty_thread_state(const struct ty_plan *plan, struct ty_thread *thread);

struct ty_thread *ty_thread_new(uint64_t address, uint64_t key);
void ty_thread_free(struct ty_thread *thread);

/* Records of the last snapshot's stack, leaf first. */
static inline const struct ty_record *ty_stack_records(const struct ty_stack *stack)
{
	return stack->records ? stack->records + (stack->capacity - stack->depth) : NULL;
}

static inline const ty_frame *ty_stack_frames(const struct ty_stack *stack)
{
	return stack->frames ? stack->frames + (stack->capacity - stack->depth) : NULL;
}

/*
 * Makes the stack of a sample: `count` fresh records, leaf first, on top of the `tail` outermost ones that are kept.
 * Sets unchanged_frames. false: out of memory; the stack is then empty.
 */
bool ty_thread_publish(struct ty_thread *thread, uint32_t sample, const struct ty_record *fresh, size_t count,
                       size_t tail);

#endif
