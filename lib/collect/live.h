/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_LIVE_H
#define TY_COLLECT_LIVE_H

/*
 * The model behind a live view, in two halves.
 *
 * The source belongs to the sampling thread: the call tree that every report stands on, and beside it what only that
 * thread may ask the target for: names, lines, disassemblies. The copy belongs to the reading thread: everything that
 * lists are made of.
 *
 * What is in the source never moves or vanishes, it only grows and counts: nodes, functions and leaves are arrays that
 * are appended to. So the copy is brought up to date piece by piece, and the lock is held for TY_LIVE_CHUNK entries at
 * a time (some 10 µs). Samples that come in between two pieces make a copy that is no single instant; it is off by
 * these samples and right again the next time. A mutex of glibc is not fair: a reader that unlocks and locks in a loop
 * would keep the sampler out, so the sampler says that it waits, and the reader lets it pass.
 */

#include <pthread.h>
#include <stdatomic.h>

#include <tachyon/live.h>

#include "collect/activity.h"
#include "collect/linestats.h"
#include "collect/listings.h"
#include "collect/sites.h"
#include "collect/stacks.h"

#define TY_LIVE_CHUNK 2048U
#define TY_LIVE_SECONDS 60U

/* Stacks of one thread. */
struct ty_live_tally {
	uint64_t verdicts[TY_VERDICTS];
	struct ty_activity_thread activity;
};

/* What the target says about a function. */
struct ty_live_name {
	const char *filename;
	const char *name;
	int32_t first_line;
};

struct ty_live_source {
	pthread_mutex_t lock; /* guards all of this but for the sampling thread itself, which alone changes it */
	atomic_int waiting;   /* the sampling thread waits for the lock */
	struct ty_stacks stacks;
	TY_ARRAY(int32_t) lines;                /* by node */
	TY_ARRAY(struct ty_live_name) names;    /* by function id */
	struct ty_strtab strings;               /* of the names: a reader may be later than the target's end */
	TY_ARRAY(struct ty_live_tally) tallies; /* by identity; without activity */
	struct ty_activity activity;
	struct ty_listings listings;
	ty_run_info run;
	ty_run_summary so_far;
	bool lists_all;  /* every function is disassembled */
	uint32_t listed; /* up to this function id, then */
	uint32_t wanted; /* function id whose disassembly is to be kept fresh; 0: none */
	uint32_t fresh;  /* the one that was last read again */
	uint64_t refresh_ns, refresh_after_ns;
	uint64_t time_ns; /* of the last snapshot */
};

/* A function as a person sees it: code objects made twice from one source are one. */
struct ty_live_function {
	uint32_t filename, name; /* of the copy's strings */
	int32_t first_line;
	struct ty_live_past *past; /* NULL: nothing to remember */
};

/* Lines of functions, or of files. */
struct ty_live_line {
	uint32_t owner; /* number of the function or the file */
	int32_t line;
};

struct ty_live_lines {
	TY_ARRAY(struct ty_live_line) lines; /* by number - 1 */
	struct ty_map numbers;               /* by owner and line */
};

struct ty_live_past {
	uint16_t leaf[TY_LIVE_SECONDS], on_stack[TY_LIVE_SECONDS]; /* thousandths, by second % TY_LIVE_SECONDS */
	uint64_t second;                                           /* the last one written */
	uint64_t leaf_before, on_stack_before;                     /* samples at the end of it */
};

struct ty_live_thread {
	uint64_t id;
	int64_t interpreter;
	bool is_main;
	char name[64];
	struct ty_live_tally tally;  /* since the reset */
	struct ty_live_tally now;    /* since the begin */
	struct ty_live_tally before; /* at the reset */
	uint64_t counted;
};

/* A node of the call tree. */
struct ty_live_node {
	uint32_t thread; /* number, from 1 */
	int32_t line;
	uint64_t before; /* its samples at the reset */
	bool collects;   /* the garbage collector runs in it */
};

/* A leaf in one form, and its samples at the reset. */
struct ty_live_leaf {
	struct ty_leaf leaf;
	uint64_t before;
};

struct ty_live_row {
	uint32_t key; /* by the group of the list */
	uint64_t leaf, on_stack;
};

struct ty_live_copy {
	struct ty_calltree tree; /* nodes alone; `self` is since the reset */
	TY_ARRAY(struct ty_live_node) nodes;
	/* By node, numbers from 1; 0: none. The arrays that ty_linestats_count() takes. */
	TY_ARRAY(uint32_t) function_of;
	TY_ARRAY(uint32_t) line_of;
	TY_ARRAY(uint32_t) task_of;
	TY_ARRAY(uint32_t) file_of;
	TY_ARRAY(uint32_t) file_line_of;
	TY_ARRAY(struct ty_live_function) functions; /* by number - 1 */
	TY_ARRAY(uint32_t) files;                    /* by number - 1: of `strings` */
	struct ty_live_lines lines, file_lines;
	TY_ARRAY(uint32_t) function_by_id;
	TY_ARRAY(struct ty_live_leaf) leaves;
	TY_ARRAY(struct ty_live_thread) threads;
	struct ty_strtab strings;
	struct ty_map pairs, function_numbers, file_numbers;
	ty_run_summary so_far, so_far_before;
	uint64_t *totals; /* of nodes; NULL: nothing is there, or memory was out */
	struct ty_linestat *by_function;
	size_t counted_functions; /* in by_function */
	uint64_t counted, counted_before_second;
	uint64_t time_ns, second, second_end_ns;

	/* The last lists. */
	TY_ARRAY(struct ty_live_row) rows;
	int rows_group;
	TY_ARRAY(ty_live_instruction_info) instructions;
	TY_ARRAY(ty_live_call_info) calls;
};

struct ty_live {
	int opcodes;
	ty_collector *collector;
	struct ty_live_source source;
	struct ty_live_copy copy;
};

/* The reading thread's side of the lock. */
void ty_live_lock(struct ty_live *live);
void ty_live_unlock(struct ty_live *live);

/* live_copy.c: what is new in the source. 0 or -ENOMEM. */
int ty_live_copy(struct ty_live *live);
void ty_live_copy_free(struct ty_live_copy *copy);

/* live_history.c: the seconds that have passed. 0 or -ENOMEM. */
int ty_live_remember(struct ty_live *live);
void ty_live_forget(struct ty_live *live);
int ty_live_trend(const struct ty_live *live, uint32_t function, bool on_stack);

/* Whether the number of a thread is one, or 0. */
bool ty_live_knows_thread(const struct ty_live *live, uint32_t thread);

/* Samples by number - 1, counted over one thread or, for 0, all. Allocated; NULL when memory is out. */
struct ty_linestat *ty_live_count(const struct ty_live *live, const uint32_t *number_of_node, size_t count,
                                  uint32_t thread);

/* Node i, seen from a thread; 0: all. */
static inline bool ty_live_is_seen(const struct ty_live_copy *copy, size_t node, uint32_t thread)
{
	return !thread || copy->nodes.items[node].thread == thread;
}

#endif
