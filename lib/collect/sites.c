/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The nodes of the call tree are grouped three times: by function and offset, by function and line, by function; and
 * counted by what line statistics use. The forms are folded from the leaves. All arrays are sorted by function first,
 * so that they are put together by walking them side by side.
 */
#include "collect/sites.h"

#include <errno.h>
#include <stdlib.h>

#include <tachyon/opcode.h>

#include "util/cleanup.h"

#define FORM_FLAGS (TY_INSTRUCTION_INSTRUMENTED | TY_INSTRUCTION_TRACE | TY_INSTRUCTION_UNRESOLVED)

/* The groups of all nodes. */
struct grouping {
	uint32_t *of_node; /* number of its group; 0: the node is no Python frame */
	struct ty_map number_by_key;
	TY_ARRAY(uint64_t) keys; /* by number - 1 */
};

/* Samples of one group. */
struct count {
	uint64_t key;
	uint64_t leaf;
	uint64_t on_stack;
};

/* What tells the groups of nodes apart. The upper half is the function, so that no key is 0. */
typedef uint64_t (*key_fn)(ty_target *target, struct ty_callsite site);

/* In the lower half what is not known (-1) comes first. */
static uint64_t make_key(uint32_t function, int32_t within)
{
	return (uint64_t)function << 32 | ((uint32_t)within + 1);
}

static uint32_t function_of(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

static int32_t within(uint64_t key)
{
	return (int32_t)((uint32_t)key - 1);
}

static uint64_t offset_key(ty_target *target, struct ty_callsite site)
{
	(void)target;
	return make_key(site.function, site.offset < 0 ? -1 : site.offset);
}

static uint64_t line_key(ty_target *target, struct ty_callsite site)
{
	ty_frame frame = { .function = site.function, .offset = site.offset };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(target, &frame, &location) != 0 || location.line < 0)
		location.line = -1;
	return make_key(site.function, location.line);
}

static uint64_t function_key(ty_target *target, struct ty_callsite site)
{
	(void)target;
	return make_key(site.function, -1);
}

static uint32_t number_of(struct grouping *grouping, uint64_t key)
{
	const uint64_t *known = ty_map_get(&grouping->number_by_key, key);
	uint64_t *added;

	if (known)
		return (uint32_t)*known;
	added = ty_array_push(&grouping->keys);
	if (!added || !ty_map_put(&grouping->number_by_key, key, grouping->keys.count))
		return 0;
	*added = key;
	return (uint32_t)grouping->keys.count;
}

/* Groups the Python frames of a tree; free it in any case. 0 or -ENOMEM. */
static int group(struct grouping *grouping, const struct ty_stacks *stacks, key_fn key)
{
	const struct ty_calltree *tree = &stacks->tree;

	*grouping = (struct grouping){ .of_node = calloc(tree->nodes.count, sizeof(*grouping->of_node)) };
	if (!grouping->of_node)
		return -ENOMEM;
	for (size_t i = 1; i < tree->nodes.count; i++) {
		struct ty_callsite site = tree->nodes.items[i].site;

		if (site.kind != TY_FRAME_PYTHON || !site.function)
			continue;
		grouping->of_node[i] = number_of(grouping, key(stacks->target, site));
		if (!grouping->of_node[i])
			return -ENOMEM;
	}
	return 0;
}

static void free_grouping(struct grouping *grouping)
{
	free(grouping->of_node);
	ty_map_free(&grouping->number_by_key);
	ty_array_free(&grouping->keys);
}

static int ascending(uint64_t left, uint64_t right)
{
	return (left > right) - (left < right);
}

static int by_key(const void *left, const void *right)
{
	const struct count *a = left, *b = right;

	return ascending(a->key, b->key);
}

/* Samples of all groups, by key. Allocated; NULL when memory is out. */
static struct count *count_by(const struct ty_stacks *stacks, const uint64_t *totals, key_fn key, size_t *count)
{
	struct ty_linestat *stats = NULL;
	struct count *counts = NULL;
	struct grouping grouping;

	if (group(&grouping, stacks, key) == 0)
		stats = ty_linestats_count(&stacks->tree, totals, grouping.of_node, grouping.keys.count);
	if (stats)
		counts = calloc(grouping.keys.count + 1, sizeof(*counts));
	*count = grouping.keys.count;
	for (size_t i = 0; counts && i < *count; i++)
		counts[i] = (struct count){ grouping.keys.items[i], stats[i].direct, stats[i].cumulative };
	if (counts)
		qsort(counts, *count, sizeof(*counts), by_key);
	free_grouping(&grouping);
	free(stats);
	return counts;
}

static int count_sites(struct ty_sites *sites, const struct ty_stacks *stacks, const uint64_t *totals)
{
	size_t count;
	_cleanup_free_ struct count *counts = count_by(stacks, totals, offset_key, &count);

	if (!counts || !ty_array_reserve(&sites->sites, count + 1))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		sites->sites.items[i] = (struct ty_site){
			.function = function_of(counts[i].key),
			.offset = within(counts[i].key),
			.leaf = counts[i].leaf,
			.on_stack = counts[i].on_stack,
		};
	sites->sites.count = count;
	return 0;
}

static int count_lines(struct ty_sites *sites, const struct ty_stacks *stacks, const uint64_t *totals)
{
	size_t count;
	_cleanup_free_ struct count *counts = count_by(stacks, totals, line_key, &count);

	if (!counts || !ty_array_reserve(&sites->lines, count + 1))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		sites->lines.items[i] = (struct ty_site_line){
			.function = function_of(counts[i].key),
			.line = within(counts[i].key),
			.leaf = counts[i].leaf,
			.on_stack = counts[i].on_stack,
		};
	sites->lines.count = count;
	return 0;
}

static int count_functions(struct ty_sites *sites, const struct ty_stacks *stacks, const uint64_t *totals)
{
	size_t count;
	_cleanup_free_ struct count *counts = count_by(stacks, totals, function_key, &count);

	if (!counts || !ty_array_reserve(&sites->functions, count + 1))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		sites->functions.items[i] = (struct ty_site_function){
			.id = function_of(counts[i].key),
			.leaf = counts[i].leaf,
			.on_stack = counts[i].on_stack,
		};
	sites->functions.count = count;
	return 0;
}

static int by_samples(const void *left, const void *right)
{
	const struct ty_site_form *a = left, *b = right;

	return a->samples != b->samples ? ascending(b->samples, a->samples)
	                                : ascending(a->leaf->opcode, b->leaf->opcode);
}

static int by_form(const void *left, const void *right)
{
	const struct ty_site_form *a = left, *b = right;

	if (a->function != b->function)
		return ascending(a->function, b->function);
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (a->leaf->opcode != b->leaf->opcode)
		return ascending(a->leaf->opcode, b->leaf->opcode);
	return ascending(a->leaf->flags & FORM_FLAGS, b->leaf->flags & FORM_FLAGS);
}

/* Adds up the leaves that are one form at one site; those without an instruction are left out. */
static int fold_forms(struct ty_sites *sites, const struct ty_stacks *stacks)
{
	size_t leaves = stacks->instructions.leaves.count, found = 0;

	sites->forms = calloc(leaves + 1, sizeof(*sites->forms));
	if (!sites->forms)
		return -ENOMEM;
	for (size_t i = 0; i < leaves; i++) {
		const struct ty_leaf *leaf = &stacks->instructions.leaves.items[i];
		struct ty_callsite site = stacks->tree.nodes.items[leaf->node].site;

		if (leaf->name && site.kind == TY_FRAME_PYTHON)
			sites->forms[found++] =
			        (struct ty_site_form){ site.function, site.offset, leaf, leaf->samples };
	}
	qsort(sites->forms, found, sizeof(*sites->forms), by_form);
	for (size_t i = 0; i < found; i++) {
		struct ty_site_form *last = sites->forms + sites->form_count - 1;

		if (sites->form_count && by_form(last, &sites->forms[i]) == 0)
			last->samples += sites->forms[i].samples;
		else
			sites->forms[sites->form_count++] = sites->forms[i];
	}
	return 0;
}

/* Every form belongs to a site, but not every site has one. */
static void give_forms(struct ty_sites *sites)
{
	size_t at = 0;

	for (size_t i = 0; i < sites->sites.count; i++) {
		struct ty_site *site = &sites->sites.items[i];
		size_t begin = at;

		while (at < sites->form_count && sites->forms[at].function == site->function &&
		       sites->forms[at].offset == site->offset)
			at++;
		qsort(sites->forms + begin, at - begin, sizeof(*sites->forms), by_samples);
		site->forms = sites->forms + begin;
		site->form_count = at - begin;
	}
}

static void give_sites_and_lines(struct ty_sites *sites)
{
	const struct ty_site *site = sites->sites.items, *sites_end = site + sites->sites.count;
	const struct ty_site_line *line = sites->lines.items, *lines_end = line + sites->lines.count;

	for (size_t i = 0; i < sites->functions.count; i++) {
		struct ty_site_function *function = &sites->functions.items[i];

		function->sites = site;
		while (site < sites_end && site->function == function->id)
			site++;
		function->site_count = (size_t)(site - function->sites);
		function->lines = line;
		while (line < lines_end && line->function == function->id)
			line++;
		function->line_count = (size_t)(line - function->lines);
	}
}

int ty_sites_init(struct ty_sites *sites, const struct ty_stacks *stacks)
{
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(&stacks->tree);
	int error = totals ? 0 : -ENOMEM;

	*sites = (struct ty_sites){ 0 };
	if (!error)
		error = count_sites(sites, stacks, totals);
	if (!error)
		error = count_lines(sites, stacks, totals);
	if (!error)
		error = count_functions(sites, stacks, totals);
	if (!error)
		error = fold_forms(sites, stacks);
	if (error) {
		ty_sites_free(sites);
		return error;
	}
	give_forms(sites);
	give_sites_and_lines(sites);
	return 0;
}

void ty_sites_free(struct ty_sites *sites)
{
	ty_array_free(&sites->sites);
	ty_array_free(&sites->lines);
	ty_array_free(&sites->functions);
	free(sites->forms);
	*sites = (struct ty_sites){ 0 };
}

enum ty_adaptation ty_adaptation_of(uint32_t flags, uint32_t opcode_flags)
{
	if (flags & TY_INSTRUCTION_TRACE)
		return TY_IN_TRACE;
	if (flags & TY_INSTRUCTION_UNRESOLVED)
		return TY_ADAPTATION_UNKNOWN;
	if (opcode_flags & TY_OPCODE_SPECIALIZED)
		return TY_SPECIALIZED;
	return opcode_flags & TY_OPCODE_SPECIALIZABLE ? TY_GENERIC : TY_NOT_SPECIALIZABLE;
}
