/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children are found through one hash table for the whole tree rather than through lists: a dispatcher that calls ten
 * thousand handlers would make lists long. The table holds node numbers only; what is compared lies in the nodes, which
 * are needed next anyway.
 */
#include "collect/calltree.h"

#include <errno.h>
#include <stdlib.h>

#include "util/map.h"

#define FIRST_SLOTS 1024

int ty_calltree_init(struct ty_calltree *tree)
{
	*tree = (struct ty_calltree){ .mask = FIRST_SLOTS - 1 };
	tree->slots = calloc(FIRST_SLOTS, sizeof(*tree->slots));
	if (tree->slots && ty_array_push(&tree->nodes))
		return 0;
	ty_calltree_free(tree);
	return -ENOMEM;
}

void ty_calltree_free(struct ty_calltree *tree)
{
	ty_array_free(&tree->nodes);
	free(tree->slots);
	tree->slots = NULL;
}

static size_t first_slot(const struct ty_calltree *tree, uint32_t parent, struct ty_callsite site)
{
	uint64_t hash = ty_hash64((uint64_t)site.function << 32 | (uint32_t)site.offset);

	return ty_hash64(hash ^ ((uint64_t)parent << 8 | site.kind)) & tree->mask;
}

/* The slot that holds the child, or the empty one where it belongs. */
static uint32_t *find(const struct ty_calltree *tree, uint32_t parent, struct ty_callsite site)
{
	for (size_t i = first_slot(tree, parent, site);; i = (i + 1) & tree->mask) {
		const struct ty_callnode *node = &tree->nodes.items[tree->slots[i]];

		if (!tree->slots[i] || (node->parent == parent && node->site.function == site.function &&
		                        node->site.offset == site.offset && node->site.kind == site.kind))
			return &tree->slots[i];
	}
}

static bool grow(struct ty_calltree *tree)
{
	size_t mask = tree->mask * 2 + 1;
	uint32_t *slots = calloc(mask + 1, sizeof(*slots));

	if (!slots)
		return false;
	free(tree->slots);
	tree->slots = slots;
	tree->mask = mask;
	for (uint32_t i = 1; i < tree->nodes.count; i++)
		*find(tree, tree->nodes.items[i].parent, tree->nodes.items[i].site) = i;
	return true;
}

static uint32_t add(struct ty_calltree *tree, uint32_t parent, struct ty_callsite site)
{
	uint32_t number = (uint32_t)tree->nodes.count;
	struct ty_callnode *node;

	if (tree->nodes.count >= UINT32_MAX)
		return 0;
	/* At most half full: probes stay short and the table costs 8 bytes a node. */
	if (tree->nodes.count * 2 > tree->mask && !grow(tree))
		return 0;
	node = ty_array_push(&tree->nodes);
	if (!node)
		return 0;
	node->site = site;
	node->parent = parent;
	node->next_sibling = tree->nodes.items[parent].first_child;
	tree->nodes.items[parent].first_child = number;
	*find(tree, parent, site) = number;
	return number;
}

uint32_t ty_calltree_child(struct ty_calltree *tree, uint32_t parent, struct ty_callsite site)
{
	uint32_t known = *find(tree, parent, site);

	return known ? known : add(tree, parent, site);
}

uint64_t *ty_calltree_totals(const struct ty_calltree *tree)
{
	uint64_t *totals = calloc(tree->nodes.count, sizeof(*totals));

	for (size_t i = tree->nodes.count; totals && i-- > 0;) {
		totals[i] += tree->nodes.items[i].self;
		if (i)
			totals[tree->nodes.items[i].parent] += totals[i];
	}
	return totals;
}

uint32_t ty_calltree_next(const struct ty_calltree *tree, uint32_t node, void (*left)(uint32_t node, void *user_data),
                          void *user_data)
{
	const struct ty_callnode *nodes = tree->nodes.items;

	if (nodes[node].first_child)
		return nodes[node].first_child;
	for (; node; node = nodes[node].parent) {
		left(node, user_data);
		if (nodes[node].next_sibling)
			return nodes[node].next_sibling;
	}
	return 0;
}
