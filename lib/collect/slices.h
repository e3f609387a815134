/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_SLICES_H
#define TY_COLLECT_SLICES_H

/*
 * A timeline as slices, for formats that show calls over time: a function is one slice from the sample in which it was
 * first seen to the first one in which it was gone, whatever lines it stood on meanwhile. A call that ended and was
 * made again between two samples looks as if it had gone on.
 */

#include "collect/spots.h"
#include "collect/timeline.h"

struct ty_slices {
	const struct ty_timeline *timeline;
	struct ty_spots spots;
	uint32_t *spot_of_node;
	struct ty_calltree tree; /* of functions */
	uint32_t *slice_of_node; /* node of `tree` */
	TY_ARRAY(uint32_t) opening;
};

/* Times are ns since the begin of the run. */
struct ty_slices_visitor {
	/* A slice of a function of `spots` begins within the one that began last; the one that began last ends. */
	void (*begin)(uint32_t function, uint64_t time_ns, void *user_data);
	void (*end)(uint64_t time_ns, void *user_data);
	/* After what it began and ended, a sample whose leaf is a node of the timeline's call tree. NULL: not asked
	 * for. */
	void (*sample)(uint32_t node, uint64_t time_ns, void *user_data);
	/* enum ty_state, or TY_STATE_FIRST_OPCODE + index of a form. */
	void (*state)(uint64_t state, uint64_t since_ns, uint64_t duration_ns, void *user_data);
	void *user_data;
};

/* 0 or -ENOMEM; to be freed also after an error. */
int ty_slices_init(struct ty_slices *slices, const struct ty_timeline *timeline);
void ty_slices_free(struct ty_slices *slices);

/* The slices and samples of a thread in order of time, then its states in the order of their ends. 0 or an error. */
int ty_slices_visit(struct ty_slices *slices, size_t thread, const struct ty_slices_visitor *visitor);

/* The form of an instruction, by state; NULL for other states. */
const struct ty_form *ty_slices_form(const struct ty_slices *slices, uint64_t state);

/* The process of a thread: a target may be several. */
int32_t ty_slices_process_id(const struct ty_slices *slices, size_t thread);

/*
 * What identifies a thread: its id; where that is not known or does not fit into 31 bits, which is what readers keep, a
 * number that no thread of Linux has.
 */
uint32_t ty_slices_thread_id(const struct ty_slices *slices, size_t thread);

#endif
