/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_LINESTATS_H
#define TY_COLLECT_LINESTATS_H

/*
 * Samples by place (file, line, function), from a call tree. Computed once, at the end.
 *
 *   direct      leaf samples: the place was executing
 *   cumulative  on-stack samples: it was executing or waiting for what it called. Under recursion a sample counts once,
 *               however often the place is on the stack
 */

#include "collect/calltree.h"
#include "collect/places.h"

struct ty_linestat {
	uint64_t direct;
	uint64_t cumulative;
};

struct ty_linestats {
	struct ty_places places;
	uint32_t *place_of_node;
	uint64_t *totals;             /* of nodes */
	struct ty_linestat *by_place; /* by number of the place - 1 */
	uint64_t samples;             /* sum of direct */
};

/*
 * The same for any grouping of nodes: groups are numbered from 1, 0 is a node that is in none. By group - 1. Allocated;
 * NULL when memory is out.
 */
struct ty_linestat *ty_linestats_count(const struct ty_calltree *tree, const uint64_t *totals,
                                       const uint32_t *group_of_node, size_t count);

/* 0 or -ENOMEM. */
int ty_linestats_init(struct ty_linestats *stats, const struct ty_calltree *tree, ty_target *target);
void ty_linestats_free(struct ty_linestats *stats);

/* How often a place stood directly above another one on a stack. */
struct ty_caller {
	uint32_t callee;
	uint32_t caller;
	uint64_t samples;
};

/* All pairs, by callee and caller. Allocated; NULL when memory is out. */
struct ty_caller *ty_linestats_callers(const struct ty_linestats *stats, const struct ty_calltree *tree, size_t *count);

#endif
