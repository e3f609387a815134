/* SPDX-License-Identifier: Apache-2.0 */
/* A parent's number is smaller than its children's, so one pass upwards folds a tree without recursion. */
#include "collect/fold.h"

#include <stdlib.h>

static uint32_t fold_node(struct ty_calltree *folded, uint32_t parent, const struct ty_callnode *node, uint32_t group)
{
	struct ty_callsite site = { .function = group, .kind = TY_CALLTREE_LABEL };
	uint32_t child = ty_calltree_child(folded, parent, node->site.kind == TY_CALLTREE_THREAD ? node->site : site);

	if (child)
		folded->nodes.items[child].self += node->self;
	return child;
}

uint32_t *ty_fold(const struct ty_calltree *tree, const uint32_t *group_of_node, struct ty_calltree *folded)
{
	uint32_t *where = calloc(tree->nodes.count, sizeof(*where));

	if (!where || ty_calltree_init(folded)) {
		free(where);
		return NULL;
	}
	for (size_t i = 1; i < tree->nodes.count; i++) {
		const struct ty_callnode *node = &tree->nodes.items[i];

		where[i] = fold_node(folded, where[node->parent], node, group_of_node[i]);
		if (!where[i]) {
			ty_calltree_free(folded);
			free(where);
			return NULL;
		}
	}
	return where;
}

static int ascending(int64_t left, int64_t right)
{
	return (left > right) - (left < right);
}

static int compare(const void *left, const void *right)
{
	const struct ty_fold_instruction *a = left, *b = right;
	int order = ascending(a->group, b->group);

	if (order == 0)
		order = ascending(a->offset, b->offset);
	return order ? order : ascending(a->leaf->opcode, b->leaf->opcode);
}

static size_t merge(struct ty_fold_instruction *rows, size_t count)
{
	size_t kept = 0;

	qsort(rows, count, sizeof(*rows), compare);
	for (size_t i = 0; i < count; i++) {
		if (kept && compare(&rows[kept - 1], &rows[i]) == 0)
			rows[kept - 1].samples += rows[i].samples;
		else
			rows[kept++] = rows[i];
	}
	return kept;
}

static struct ty_fold_instruction *fold(const struct ty_stacks *stacks, const struct ty_leaf *leaves, size_t leaf_count,
                                        const uint32_t *group_of_node, size_t *count)
{
	struct ty_fold_instruction *rows = calloc(leaf_count + 1, sizeof(*rows));
	size_t found = 0;

	for (size_t i = 0; rows && i < leaf_count; i++) {
		const struct ty_leaf *leaf = &leaves[i];
		int32_t offset = stacks->tree.nodes.items[leaf->node].site.offset;

		if (leaf->name && leaf->samples && group_of_node[leaf->node])
			rows[found++] =
			        (struct ty_fold_instruction){ group_of_node[leaf->node], offset, leaf, leaf->samples };
	}
	if (rows)
		*count = merge(rows, found);
	return rows;
}

struct ty_fold_instruction *ty_fold_instructions(const struct ty_stacks *stacks, const uint32_t *group_of_node,
                                                 size_t *count)
{
	return fold(stacks, stacks->instructions.leaves.items, stacks->instructions.leaves.count, group_of_node, count);
}

struct ty_fold_instruction *ty_fold_standing(struct ty_stacks *stacks, const uint64_t *totals,
                                             const uint32_t *group_of_node, size_t *count)
{
	struct ty_leaf *standing = stacks->instructions.standing.items;

	for (size_t i = 0; i < stacks->instructions.standing.count; i++) {
		uint32_t node = standing[i].node;

		standing[i].samples = totals[node] - stacks->tree.nodes.items[node].self;
	}
	return fold(stacks, standing, stacks->instructions.standing.count, group_of_node, count);
}
