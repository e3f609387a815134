/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree makes counting once per sample cheap: the samples below a node are one number, and it is added to the node's
 * place unless that place is already on the path from the root. So recursion costs one look per node instead of a set
 * of places per sample.
 */
#include "collect/linestats.h"

#include <errno.h>

struct walk {
	const uint32_t *group_of_node;
	uint32_t *on_path; /* by group - 1: how often it is on the path from the root */
};

static void leave(uint32_t node, void *user_data)
{
	struct walk *walk = user_data;
	uint32_t group = walk->group_of_node[node];

	if (group)
		walk->on_path[group - 1]--;
}

struct ty_linestat *ty_linestats_count(const struct ty_calltree *tree, const uint64_t *totals,
                                       const uint32_t *group_of_node, size_t count)
{
	struct walk walk = { group_of_node, calloc(count + 1, sizeof(*walk.on_path)) };
	struct ty_linestat *stats = calloc(count + 1, sizeof(*stats));
	uint32_t node = TY_CALLTREE_ROOT;

	if (!walk.on_path || !stats) {
		free(walk.on_path);
		free(stats);
		return NULL;
	}
	while ((node = ty_calltree_next(tree, node, leave, &walk))) {
		uint32_t group = group_of_node[node];

		if (!group)
			continue;
		stats[group - 1].direct += tree->nodes.items[node].self;
		if (walk.on_path[group - 1]++ == 0)
			stats[group - 1].cumulative += totals[node];
	}
	free(walk.on_path);
	return stats;
}

static int count_places(struct ty_linestats *stats, const struct ty_calltree *tree)
{
	stats->by_place = ty_linestats_count(tree, stats->totals, stats->place_of_node, stats->places.places.count);
	if (!stats->by_place)
		return -ENOMEM;
	for (size_t i = 0; i < stats->places.places.count; i++)
		stats->samples += stats->by_place[i].direct;
	return 0;
}

int ty_linestats_init(struct ty_linestats *stats, const struct ty_calltree *tree, ty_target *target)
{
	int error = -ENOMEM;

	*stats = (struct ty_linestats){ 0 };
	ty_places_init(&stats->places, target);
	stats->place_of_node = ty_places_of_tree(&stats->places, tree);
	stats->totals = ty_calltree_totals(tree);
	if (stats->place_of_node && stats->totals)
		error = count_places(stats, tree);
	if (error)
		ty_linestats_free(stats);
	return error;
}

void ty_linestats_free(struct ty_linestats *stats)
{
	ty_places_free(&stats->places);
	free(stats->place_of_node);
	free(stats->totals);
	free(stats->by_place);
	*stats = (struct ty_linestats){ 0 };
}

static int compare_callers(const void *left, const void *right)
{
	const struct ty_caller *a = left, *b = right;

	if (a->callee != b->callee)
		return a->callee < b->callee ? -1 : 1;
	return (a->caller > b->caller) - (a->caller < b->caller);
}

struct ty_caller *ty_linestats_callers(const struct ty_linestats *stats, const struct ty_calltree *tree, size_t *count)
{
	struct ty_caller *pairs = malloc(tree->nodes.count * sizeof(*pairs));
	size_t found = 0, kept = 0;

	for (size_t i = 1; pairs && i < tree->nodes.count; i++) {
		uint32_t caller = stats->place_of_node[tree->nodes.items[i].parent];

		if (stats->place_of_node[i] && caller)
			pairs[found++] = (struct ty_caller){ stats->place_of_node[i], caller, stats->totals[i] };
	}
	if (found)
		qsort(pairs, found, sizeof(*pairs), compare_callers);
	for (size_t i = 0; i < found; i++) {
		if (kept && compare_callers(&pairs[kept - 1], &pairs[i]) == 0)
			pairs[kept - 1].samples += pairs[i].samples;
		else
			pairs[kept++] = pairs[i];
	}
	*count = kept;
	return pairs;
}
