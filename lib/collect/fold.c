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

struct ty_fold_instruction *ty_fold_instructions(const struct ty_stacks *stacks, const uint32_t *group_of_node,
                                                 size_t *count)
{
	size_t leaves = stacks->instructions.leaves.count, found = 0;
	struct ty_fold_instruction *rows = calloc(leaves + 1, sizeof(*rows));

	for (size_t i = 0; rows && i < leaves; i++) {
		const struct ty_leaf *leaf = &stacks->instructions.leaves.items[i];
		int32_t offset = stacks->tree.nodes.items[leaf->node].site.offset;

		if (leaf->name && group_of_node[leaf->node])
			rows[found++] =
			        (struct ty_fold_instruction){ group_of_node[leaf->node], offset, leaf, leaf->samples };
	}
	if (rows)
		*count = merge(rows, found);
	return rows;
}
