/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_WALK_H
#define TY_SAMPLE_WALK_H

/*
 * From a copy of a thread's memory to its stack and the verdict on it.
 *
 * The thread runs while it is copied. The copy of the data stack is nearly atomic, because neighbouring frames are
 * neighbouring bytes; what tears is the gap between the thread state and the stack, and between the stack and frames in
 * the heap. So the thread state's current_frame is a hint where to begin; which frame is on top is told by the frames
 * themselves (python/frame.h), and every link of the chain has to hold:
 *
 *   - the caller stands on an instruction that pushes frames, and is not itself executing;
 *   - the slot above the caller's value stack holds the function that the callee runs, if it holds a function at all;
 *   - frames on the data stack lie end to end;
 *   - the caller's instruction was seen to call that function before, or is new itself, or calls many (habits.c);
 *   - the chain ends at the base.
 *
 * A stack for which all of that holds is verified; or repaired, where the hint had to be corrected.
 */

#include "python/code.h"
#include "python/frame.h"
#include "python/runtime.h"
#include "sample/plan.h"
#include "sample/thread.h"
#include "util/map.h"

/* Function objects that were seen to run code: what a caller's slot is compared with. */
#define TY_KNOWN_FUNCTIONS 1024

/* Instructions that resume generators, and the generator functions that were proven to run below them. */
#define TY_RESUMING_SITES 1024
#define TY_PROVEN_LINKS 1024

/* Instructions that call, and what they were seen to call. */
#define TY_HABITS 2048
#define TY_HABITUAL_LINKS 4096

struct ty_walk_result {
	int verdict;       /* enum ty_verdict */
	bool missed;       /* bytes were fetched by reads of their own: the copy is not of one instant */
	bool code_changed; /* a code object was replaced: names of this walk are wrong */
	int error;         /* negative: the target is gone, or memory is out */
};

/* An instruction that resumes generators. Addresses come and go; functions and instructions stay. */
struct ty_resuming_site {
	uint64_t id;        /* function and instruction; 0: no site */
	uint32_t sightings; /* of a generator below it, while none was proven */
	bool proven;        /* for some generator functions: those in the walker's proven_links */
	bool resumes;       /* a generator was seen below it */
	uint8_t bare;       /* how often a thread was seen on it without one, up to some */
};

/* An instruction that calls: how often it was seen, and how often a callee was refused that it had never called. */
struct ty_habit {
	uint64_t site; /* function and instruction; 0: none */
	uint32_t sightings;
	uint32_t strange;
};

struct ty_walker {
	struct ty_plan *plan;
	struct py_codes *codes;
	const struct py_version *version;
	const struct py_offsets *offsets;
	uint32_t max_frames;
	bool opcodes;
	bool at_rest; /* the thread was stopped while its bytes were read */
	uint64_t known_functions[TY_KNOWN_FUNCTIONS];
	struct ty_resuming_site sites[TY_RESUMING_SITES];
	uint64_t proven_links[TY_PROVEN_LINKS];
	struct ty_habit habits[TY_HABITS];
	uint64_t habitual[TY_HABITUAL_LINKS];
	struct ty_region_list *code_list;       /* where regions of doubtful code objects go */
	TY_ARRAY(struct py_code *) unconfirmed; /* used by this walk, identity in doubt */
	TY_ARRAY(struct ty_record) fresh;       /* frames of this walk, leaf first, */
	size_t tail;                            /* on top of this many outermost ones of the thread's last stack */
};

/* Walks one thread in the bytes that the plan has read. The result is kept in the walker until the next walk. */
void ty_walk_thread(struct ty_walker *walker, struct ty_thread *thread, struct ty_walk_result *result);

/* Makes what the last walk found the thread's stack of this sample. false: out of memory. */
bool ty_walk_publish(struct ty_walker *walker, struct ty_thread *thread, int verdict);

void ty_walker_free(struct ty_walker *walker);

#endif
