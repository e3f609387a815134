/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_FOLD_H
#define TY_COLLECT_FOLD_H

/*
 * A tree of instructions made into a tree of something coarser (spots, places): children that a reader cannot tell
 * apart become one.
 */

#include "collect/stacks.h"

/*
 * Folds `tree` by groups, numbered from 1: nodes of `folded` are threads as in `tree`, or TY_CALLTREE_LABEL with the
 * group as their function. Gives where each node went. Both are the caller's to free; NULL when memory is out, and
 * `folded` is nothing to free then.
 */
uint32_t *ty_fold(const struct ty_calltree *tree, const uint32_t *group_of_node, struct ty_calltree *folded);

/* Leaf samples of one instruction, in one form, in one group of nodes. */
struct ty_fold_instruction {
	uint32_t group;
	int32_t offset;
	const struct ty_leaf *leaf; /* one of those that were added up; it has a name */
	uint64_t samples;
};

/*
 * The instructions of all leaves by group, offset and opcode, in that order; leaves without one are left out, and so is
 * group 0. Allocated; NULL when memory is out.
 */
struct ty_fold_instruction *ty_fold_instructions(const struct ty_stacks *stacks, const uint32_t *group_of_node,
                                                 size_t *count);

/*
 * Likewise the instructions of frames that waited for what they called: samples are those at nodes above. `totals` as
 * ty_calltree_totals() gives them.
 */
struct ty_fold_instruction *ty_fold_standing(struct ty_stacks *stacks, const uint64_t *totals,
                                             const uint32_t *group_of_node, size_t *count);

#endif
