/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_WALK_STATE_H
#define TY_SAMPLE_WALK_STATE_H

/* What the parts of a walk share: walk.c follows the chain, top.c finds where it begins, evidence.c and habits.c judge
 * links. */

#include "sample/walk.h"

#define PY_WORD_BYTES 8

struct walk {
	struct ty_walker *walker;
	struct ty_thread *thread;
	struct ty_walk_result *result;
	uint64_t base;  /* address of the base frame, 0 where there is none */
	size_t hint;    /* index into the previous stack where the next frame probably is */
	bool unchanged; /* the frame before in this walk was found there as it was */
	bool tail_tried;
	bool broken;         /* a link did not hold */
	bool crossed;        /* a link from one chunk to another was judged */
	bool untraced;       /* certainly no trace function is called */
	uint32_t unreadable; /* code objects that could not be read */
	uint64_t above;      /* address of the frame above on the data stack, 0: none yet */
};

/* A frame with its code object and the instruction it stands on. */
struct located {
	struct py_frame frame;
	struct py_code *code; /* NULL: not cached */
	int64_t unit;         /* -1: does not fit the code object */
	uint32_t flags;       /* enum py_opcode_flag of the instruction */
};

/* The bytes of a range if this reading has brought them. */
const uint8_t *ty_walk_bytes(struct walk *walk, uint64_t address, size_t size_bytes);

/* Reads a frame, by a read of its own if it was not predicted. false: it cannot be read. */
bool ty_walk_frame(struct walk *walk, uint64_t address, struct py_frame *frame);

/* Decodes a frame of this reading and looks its code object up; fetches nothing. false: it is not there. */
bool ty_walk_peek(struct walk *walk, uint64_t address, struct located *located);

/* Looks up the code object of a frame that was read. */
void ty_walk_locate(struct walk *walk, const struct py_frame *frame, struct located *located);

static inline bool ty_walk_is_shim(const struct walk *walk, const struct py_frame *frame)
{
	return ty_frame_is_shim(walk->walker->version, frame);
}

/* Where threads have a base frame, chains end there; before, they end in NULL. */
static inline bool ty_walk_is_base(const struct walk *walk, uint64_t address)
{
	return address == walk->base;
}

/* Nothing ran while these bytes were read: they cannot contradict each other. */
static inline bool ty_walk_is_at_rest(const struct walk *walk)
{
	return walk->walker->at_rest || ty_plan_is_at_rest(walk->walker->plan);
}

/* ---- evidence.c ---- */

/* Remembers that a function object runs code. */
void ty_evidence_know_function(struct walk *walk, uint64_t function);

/*
 * true for a frame on an instruction that may resume a generator, but iterates over something written in C: over a
 * list, a tuple or a range by the form of the instruction; or it was seen there again and again, and never a generator
 * below.
 */
bool ty_evidence_iterates_in_c(struct walk *walk, const struct located *top);

/* true for a frame that is certainly no longer on the stack. */
bool ty_evidence_is_dead(struct walk *walk, const struct located *frame);

/* First address of the data stack that is not taken by a frame or what is below it; 0: unknown. */
uint64_t ty_evidence_stack_end(struct walk *walk, const struct py_frame *frame);

/* The generator objects that a frame may be resuming: words of its value stack. Returns how many. */
int ty_evidence_generators(struct walk *walk, const struct located *caller, uint64_t generators[2]);

/* Operands of a call into C that are looked at: a method's self, or the first arguments of a function. */
#define TY_OPERANDS 3

/* What a call took off the value stack of a frame: the words above its top. Returns how many. */
int ty_evidence_operands(struct walk *walk, const struct located *caller, uint64_t operands[TY_OPERANDS]);

/* Decodes the frame of a generator that did not run when it was read before the stack, and did behind it. */
bool ty_evidence_resumed_later(struct walk *walk, uint64_t address, struct py_frame *frame);

/*
 * Decodes the frame of a generator that runs: as it was read before the stack, or behind it if it was resumed in
 * between. false: it does not run, or is not there.
 */
bool ty_evidence_peek_generator(struct walk *walk, uint64_t address, struct located *located);

/* false: `caller` cannot have called `callee` directly, without leaving the interpreter loop. */
bool ty_evidence_called(struct walk *walk, const struct located *caller, const struct py_frame *callee);

/* false: `caller` cannot have entered the generator `callee` through C. */
bool ty_evidence_entered(struct walk *walk, const struct located *caller, const struct py_frame *callee);

/*
 * true for a generator's frame that waits for what it has called and said the same before the stack was copied and
 * after: one that went on in between may have been resumed by somebody else when the stack was copied.
 */
bool ty_evidence_stayed(struct walk *walk, const struct py_frame *frame);

/*
 * true for a caller that said the same before what it called was copied and after. Chunks are read one after the other:
 * where it lies in another one than the callee, it may have gone on in between.
 */
bool ty_evidence_waited(struct walk *walk, const struct py_frame *caller);

/* ---- habits.c ---- */

/* Counts a thread that was seen on an instruction which calls, and no Python frame above. */
void ty_habit_see_top(struct walk *walk, const struct located *top);

/* false: `caller` was seen on that instruction often, and never with that function above it. */
bool ty_habit_allows(struct walk *walk, const struct located *caller, const struct py_frame *callee);

/* ---- top.c ---- */

/*
 * From the hint to the frame that was on top when the stack was copied. false: it is not known. top->address is 0 when
 * no Python frame was running.
 */
bool ty_walk_find_top(struct walk *walk, uint64_t hint, struct py_frame *top);

#endif
