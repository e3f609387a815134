/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls a function, and what it calls: a tree of functions made from the tree of instructions. For callers the
 * paths from the function to the root are put together from their inner end, for callees what lies below it is folded.
 */
#include <errno.h>
#include <stdlib.h>

#include "collect/live.h"

#include "util/cleanup.h"
#include "util/options.h"

#define DEPTH_MAX 24
#define ROWS_MAX 4096
#define LEAST_PART 1000 /* of the function's samples that a row has at least */

struct fold {
	const struct ty_live *live;
	struct ty_calltree tree; /* of functions; `self` is all samples of a path */
	uint32_t function, thread;
	bool *inside; /* by node: the function stands above it or is it */
};

static uint32_t function_of(const struct fold *fold, size_t node)
{
	return fold->live->copy.function_of.items[node];
}

/* The outermost frame of the function on its stack. */
static bool is_outermost(const struct fold *fold, size_t node)
{
	return function_of(fold, node) == fold->function &&
	       !fold->inside[fold->live->copy.tree.nodes.items[node].parent];
}

static uint32_t add_step(struct fold *fold, uint32_t parent, uint32_t function, uint64_t samples)
{
	uint32_t step = ty_calltree_child(&fold->tree, parent, (struct ty_callsite){ .function = function });

	if (step)
		fold->tree.nodes.items[step].self += samples;
	return step;
}

static int add_callers(struct fold *fold, size_t node)
{
	const struct ty_live_copy *copy = &fold->live->copy;
	uint32_t step = TY_CALLTREE_ROOT;

	for (size_t at = node, depth = 0; function_of(fold, at) && depth < DEPTH_MAX; depth++) {
		step = add_step(fold, step, function_of(fold, at), copy->totals[node]);
		if (!step)
			return -ENOMEM;
		at = copy->tree.nodes.items[at].parent;
	}
	return 0;
}

static int fold_callers(struct fold *fold)
{
	const struct ty_live_copy *copy = &fold->live->copy;
	int error = 0;

	for (size_t i = 1; !error && i < copy->tree.nodes.count; i++)
		if (is_outermost(fold, i) && ty_live_is_seen(copy, i, fold->thread) && copy->totals[i])
			error = add_callers(fold, i);
	return error;
}

static int fold_callees(struct fold *fold)
{
	const struct ty_live_copy *copy = &fold->live->copy;
	_cleanup_free_ uint32_t *mapped = calloc(copy->tree.nodes.count, sizeof(*mapped));
	_cleanup_free_ uint8_t *depth = calloc(copy->tree.nodes.count, 1);

	if (!mapped || !depth)
		return -ENOMEM;
	for (size_t i = 1; i < copy->tree.nodes.count; i++) {
		uint32_t parent = copy->tree.nodes.items[i].parent;
		bool begins = is_outermost(fold, i);

		if (!copy->totals[i] || !fold->inside[i] || !ty_live_is_seen(copy, i, fold->thread))
			continue;
		if (!begins && (!mapped[parent] || depth[parent] + 1 >= DEPTH_MAX))
			continue;
		depth[i] = begins ? 0 : (uint8_t)(depth[parent] + 1);
		mapped[i] = add_step(fold, begins ? TY_CALLTREE_ROOT : mapped[parent], function_of(fold, i),
		                     copy->totals[i]);
		if (!mapped[i])
			return -ENOMEM;
	}
	return 0;
}

static int mark_inside(struct fold *fold)
{
	const struct ty_live_copy *copy = &fold->live->copy;

	fold->inside = calloc(copy->tree.nodes.count + 1, sizeof(*fold->inside));
	if (!fold->inside)
		return -ENOMEM;
	for (size_t i = 1; i < copy->tree.nodes.count; i++)
		fold->inside[i] =
		        fold->inside[copy->tree.nodes.items[i].parent] || function_of(fold, i) == fold->function;
	return 0;
}

/* ---- rows ---- */

static int by_samples(const void *left, const void *right, void *user_data)
{
	const struct ty_calltree *tree = user_data;
	uint64_t a = tree->nodes.items[*(const uint32_t *)left].self;
	uint64_t b = tree->nodes.items[*(const uint32_t *)right].self;

	return (a < b) - (a > b);
}

/* Children with enough samples, the most first. Allocated; NULL: out of memory. */
static uint32_t *sorted_children(const struct ty_calltree *tree, uint32_t node, uint64_t least, size_t *count)
{
	size_t room = 0;
	uint32_t *children;

	for (uint32_t i = tree->nodes.items[node].first_child; i; i = tree->nodes.items[i].next_sibling)
		room++;
	children = calloc(room + 1, sizeof(*children));
	*count = 0;
	for (uint32_t i = tree->nodes.items[node].first_child; children && i; i = tree->nodes.items[i].next_sibling)
		if (tree->nodes.items[i].self >= least)
			children[(*count)++] = i;
	if (children)
		qsort_r(children, *count, sizeof(*children), by_samples, (void *)tree);
	return children;
}

/* Recursion is no deeper than DEPTH_MAX, which is how deep the tree was made. */
static int add_rows(struct ty_live_copy *copy, const struct ty_calltree *tree, uint32_t node, uint32_t depth,
                    uint64_t least)
{
	size_t count;
	_cleanup_free_ uint32_t *children = sorted_children(tree, node, least, &count);
	int error = children ? 0 : -ENOMEM;

	for (size_t i = 0; !error && i < count && copy->calls.count < ROWS_MAX; i++) {
		const struct ty_callnode *child = &tree->nodes.items[children[i]];
		const struct ty_live_function *function = &copy->functions.items[child->site.function - 1];
		ty_live_call_info *row = ty_array_push(&copy->calls);

		if (!row)
			return -ENOMEM;
		*row = (ty_live_call_info){
			.function = child->site.function,
			.depth = depth,
			.line = function->first_line,
			.is_last = i + 1 == count,
			.filename = ty_strtab_get(&copy->strings, function->filename),
			.name = ty_strtab_get(&copy->strings, function->name),
			.samples = child->self,
		};
		error = add_rows(copy, tree, children[i], depth + 1, least);
	}
	return error;
}

int ty_live_calls(ty_live *live, uint32_t function, int direction, uint32_t thread)
{
	struct ty_live_copy *copy = &live->copy;
	struct fold fold = { .live = live, .function = function, .thread = thread };
	int error;

	ty_array_clear(&copy->calls);
	if (direction != TY_LIVE_CALLERS && direction != TY_LIVE_CALLEES)
		return -TY_EOPTION;
	if (!function || function > copy->functions.count || !ty_live_knows_thread(live, thread))
		return -TY_ENOTFOUND;
	if (!copy->totals)
		return -ENOMEM;
	error = ty_calltree_init(&fold.tree);
	if (!error)
		error = mark_inside(&fold);
	if (!error)
		error = direction == TY_LIVE_CALLERS ? fold_callers(&fold) : fold_callees(&fold);
	if (!error && fold.tree.nodes.count > 1) {
		uint64_t least = fold.tree.nodes.items[1].self / LEAST_PART;

		error = add_rows(copy, &fold.tree, TY_CALLTREE_ROOT, 0, least ? least : 1);
	}
	free(fold.inside);
	ty_calltree_free(&fold.tree);
	return error ? error : (int)copy->calls.count;
}

int ty_live_call(ty_live *live, size_t index, ty_live_call_info *out)
{
	if (index >= live->copy.calls.count)
		return -TY_ENOTFOUND;
	return ty_options_out(out, &live->copy.calls.items[index], sizeof(ty_live_call_info));
}
