/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/merge.h"

#include <errno.h>

#include "util/cleanup.h"

/* Stands in for 0, which is no key of a map: as in stacks.c. */
#define NO_THREAD_ID UINT64_MAX

/* Number of the identity in `into` that one of another tree is. 0 or -ENOMEM. */
static int merge_identity(struct ty_stacks *into, const struct ty_stacks_identity *from, uint32_t *index)
{
	uint64_t key = from->id ? from->id : NO_THREAD_ID;
	const uint64_t *known = ty_map_get(&into->identity_by_id, key);

	if (known) {
		*index = (uint32_t)*known;
		into->identities.items[*index].seen += from->seen;
		return 0;
	}
	*index = (uint32_t)into->identities.count;
	return ty_stacks_add_identity(into, from, key);
}

/* What a node of the other tree is in ours. 0: out of memory, but for the root and, without threads, theirs. */
static int merge_node(struct ty_stacks *into, const struct ty_stacks *from, uint32_t *mapped, size_t i,
                      const uint32_t *identities)
{
	const struct ty_callnode *node = &from->tree.nodes.items[i];
	struct ty_callsite site = node->site;

	if (site.kind == TY_CALLTREE_THREAD)
		site.function = identities[site.function];
	mapped[i] = mapped[node->parent];
	if (site.kind != TY_CALLTREE_THREAD || into->by_thread) {
		mapped[i] = ty_calltree_child(&into->tree, mapped[node->parent], site);
		if (!mapped[i])
			return -ENOMEM;
	}
	into->tree.nodes.items[mapped[i]].self += node->self;
	return 0;
}

static void merge_counters(struct ty_stacks *into, const struct ty_stacks *from)
{
	for (size_t i = 0; i < TY_VERDICTS; i++)
		into->verdicts[i] += from->verdicts[i];
	into->counted += from->counted;
	into->snapshots += from->snapshots;
	into->longest_turn += from->longest_turn;
	if (!into->target)
		into->target = from->target;
}

int ty_stacks_merge(struct ty_stacks *into, const struct ty_stacks *from)
{
	_cleanup_free_ uint32_t *mapped = calloc(from->tree.nodes.count, sizeof(*mapped));
	_cleanup_free_ uint32_t *identities = calloc(from->identities.count + 1, sizeof(*identities));
	int error = mapped && identities ? 0 : -ENOMEM;

	if (into->target && into->target != from->target)
		return -TY_ESTATE;
	for (size_t i = 0; !error && i < from->identities.count; i++)
		error = merge_identity(into, &from->identities.items[i], &identities[i]);
	for (size_t i = 1; !error && i < from->tree.nodes.count; i++)
		error = merge_node(into, from, mapped, i, identities);
	if (!error && into->with_instructions)
		error = ty_instructions_merge(&into->instructions, &from->instructions, mapped);
	if (!error)
		merge_counters(into, from);
	return error;
}
