/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples by file, by line and by call, each counted once per stack: the nodes of the call tree are grouped three times
 * and counted by what line statistics use.
 */
#include "collect/heatmap.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

struct count {
	const struct ty_calltree *tree;
	const uint64_t *totals;
	const uint32_t *place_of_node;
	uint32_t *group_of_node;
	struct ty_map numbers;
};

/* The number of a key, which becomes the node's group. false: out of memory. */
static bool group(struct count *count, size_t node, uint64_t key)
{
	count->group_of_node[node] = (uint32_t)ty_map_number(&count->numbers, key);
	return count->group_of_node[node] != 0;
}

static void begin_groups(struct count *count)
{
	memset(count->group_of_node, 0, count->tree->nodes.count * sizeof(*count->group_of_node));
	ty_map_clear(&count->numbers);
}

static struct ty_linestat *count_groups(const struct count *count)
{
	return ty_linestats_count(count->tree, count->totals, count->group_of_node, count->numbers.count);
}

/* The place of a node's frame; NULL for what is no frame or belongs to no file. */
static const struct ty_place *place_of(const struct ty_heat *heat, const struct count *count, uint32_t node)
{
	uint32_t place = count->place_of_node[node];

	return place && !ty_places_is_artificial(&heat->places, place) ? ty_places_get(&heat->places, place) : NULL;
}

static int by_line(const void *left, const void *right)
{
	const struct ty_heat_line *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static int count_lines(struct ty_heat *heat, struct count *count)
{
	_cleanup_free_ struct ty_linestat *stats = NULL;

	begin_groups(count);
	for (uint32_t i = 1; i < count->tree->nodes.count; i++) {
		const struct ty_place *place = place_of(heat, count, i);
		struct ty_heat_line *line;

		if (!place)
			continue;
		if (!group(count, i, (uint64_t)place->file << 32 | (uint32_t)place->line))
			return -ENOMEM;
		if (count->group_of_node[i] <= heat->lines.count)
			continue;
		line = ty_array_push(&heat->lines);
		if (!line)
			return -ENOMEM;
		line->file = place->file;
		line->line = place->line;
	}
	stats = count_groups(count);
	for (size_t i = 0; stats && i < heat->lines.count; i++) {
		heat->lines.items[i].self = stats[i].direct;
		heat->lines.items[i].total = stats[i].cumulative;
	}
	if (heat->lines.count)
		qsort(heat->lines.items, heat->lines.count, sizeof(*heat->lines.items), by_line);
	return stats ? 0 : -ENOMEM;
}

/* The nearest frame above that belongs to a file. */
static uint32_t caller_of(const struct ty_heat *heat, const struct count *count, uint32_t node)
{
	do
		node = count->tree->nodes.items[node].parent;
	while (node && !place_of(heat, count, node));
	return node;
}

static int add_call(struct ty_heat *heat, uint32_t caller, const struct ty_place_function *callee)
{
	struct ty_heat_call *call = ty_array_push(&heat->calls);

	if (!call)
		return -ENOMEM;
	*call = (struct ty_heat_call){ caller, callee->file, callee->name, (int32_t)callee->first_line, 0 };
	return 0;
}

static int by_samples(const void *left, const void *right)
{
	const struct ty_heat_call *a = left, *b = right;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	return (a->callee_name > b->callee_name) - (a->callee_name < b->callee_name);
}

static int count_calls(struct ty_heat *heat, struct count *count)
{
	_cleanup_free_ struct ty_linestat *stats = NULL;
	int error = 0;

	begin_groups(count);
	for (uint32_t i = 1; !error && i < count->tree->nodes.count; i++) {
		uint32_t caller = place_of(heat, count, i) ? caller_of(heat, count, i) : 0;
		const struct ty_place_function *callee;

		if (!caller)
			continue;
		callee = ty_places_function(&heat->places, count->tree->nodes.items[i].site.function);
		if (!callee || !group(count, i, (uint64_t)count->place_of_node[caller] << 32 | callee->pair))
			return -ENOMEM;
		if (count->group_of_node[i] > heat->calls.count)
			error = add_call(heat, count->place_of_node[caller], callee);
	}
	stats = error ? NULL : count_groups(count);
	for (size_t i = 0; stats && i < heat->calls.count; i++)
		heat->calls.items[i].samples = stats[i].cumulative;
	if (heat->calls.count)
		qsort(heat->calls.items, heat->calls.count, sizeof(*heat->calls.items), by_samples);
	return stats ? 0 : -ENOMEM;
}

static int by_heat(const void *left, const void *right)
{
	const struct ty_heat_file *a = left, *b = right;

	if (a->self != b->self)
		return a->self > b->self ? -1 : 1;
	if (a->total != b->total)
		return a->total > b->total ? -1 : 1;
	return (a->file > b->file) - (a->file < b->file);
}

static int count_files(struct ty_heat *heat, struct count *count)
{
	_cleanup_free_ struct ty_linestat *stats = NULL;

	begin_groups(count);
	for (uint32_t i = 1; i < count->tree->nodes.count; i++) {
		const struct ty_place *place = place_of(heat, count, i);
		struct ty_heat_file *file;

		if (!place)
			continue;
		if (!group(count, i, place->file))
			return -ENOMEM;
		if (count->group_of_node[i] <= heat->files.count)
			continue;
		file = ty_array_push(&heat->files);
		if (!file)
			return -ENOMEM;
		file->file = place->file;
		file->module = ty_modules_add(&heat->modules, &heat->places.strings, place->file);
		if (!file->module)
			return -ENOMEM;
	}
	stats = count_groups(count);
	for (size_t i = 0; stats && i < heat->files.count; i++) {
		heat->files.items[i].self = stats[i].direct;
		heat->files.items[i].total = stats[i].cumulative;
	}
	if (heat->files.count)
		qsort(heat->files.items, heat->files.count, sizeof(*heat->files.items), by_heat);
	return stats ? ty_modules_finish(&heat->modules, &heat->places.strings) : -ENOMEM;
}

static int give_lines(struct ty_heat *heat)
{
	for (size_t i = 0; i < heat->files.count; i++)
		if (!ty_map_put(&heat->page_of_file, heat->files.items[i].file, i + 1))
			return -ENOMEM;
	for (size_t i = 0; i < heat->lines.count; i++) {
		const struct ty_heat_line *line = &heat->lines.items[i];
		struct ty_heat_file *file = &heat->files.items[*ty_map_get(&heat->page_of_file, line->file) - 1];

		if (!file->line_count++)
			file->lines = line;
	}
	return 0;
}

int ty_heat_init(struct ty_heat *heat, const struct ty_stacks *stacks)
{
	struct count count = { .tree = &stacks->tree };
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(&stacks->tree);
	_cleanup_free_ uint32_t *group_of_node = calloc(stacks->tree.nodes.count, sizeof(*group_of_node));
	_cleanup_free_ uint32_t *places = NULL;
	int error;

	ty_places_init(&heat->places, stacks->target);
	places = ty_places_of_tree(&heat->places, &stacks->tree);
	if (!totals || !group_of_node || !places)
		return -ENOMEM;
	count.totals = totals;
	count.place_of_node = places;
	count.group_of_node = group_of_node;
	error = count_lines(heat, &count);
	if (!error)
		error = count_calls(heat, &count);
	if (!error)
		error = count_files(heat, &count);
	ty_map_free(&count.numbers);
	return error ? error : give_lines(heat);
}

void ty_heat_free(struct ty_heat *heat)
{
	ty_array_free(&heat->lines);
	ty_array_free(&heat->calls);
	ty_array_free(&heat->files);
	ty_map_free(&heat->page_of_file);
	ty_modules_free(&heat->modules);
	ty_places_free(&heat->places);
}
