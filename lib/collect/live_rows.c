/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queries: the overview, threads, and lists of functions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/live.h"

#include "util/cleanup.h"
#include "util/options.h"

int ty_live_update(ty_live *live)
{
	int error = ty_live_copy(live);

	return error || !live->copy.totals ? error : ty_live_remember(live);
}

void ty_live_reset(ty_live *live)
{
	struct ty_live_copy *copy = &live->copy;

	for (size_t i = 0; i < copy->tree.nodes.count; i++) {
		copy->nodes.items[i].before += copy->tree.nodes.items[i].self;
		copy->tree.nodes.items[i].self = 0;
	}
	for (size_t i = 0; i < copy->leaves.count; i++) {
		copy->leaves.items[i].before += copy->leaves.items[i].leaf.samples;
		copy->leaves.items[i].leaf.samples = 0;
	}
	for (size_t i = 0; i < copy->threads.count; i++) {
		struct ty_live_thread *thread = &copy->threads.items[i];

		thread->before = thread->now;
		thread->tally = (struct ty_live_tally){ 0 };
		thread->counted = 0;
	}
	copy->so_far_before = copy->so_far;
	copy->counted = 0;
	if (copy->totals)
		memset(copy->totals, 0, copy->tree.nodes.count * sizeof(*copy->totals));
	if (copy->by_function)
		memset(copy->by_function, 0, copy->counted_functions * sizeof(*copy->by_function));
	ty_live_forget(live);
}

/* ---- overview and threads ---- */

bool ty_live_knows_thread(const struct ty_live *live, uint32_t thread)
{
	return thread <= live->copy.threads.count;
}

static void add_thread(ty_live_overview_info *overview, const struct ty_live_thread *thread)
{
	const struct ty_live_tally *tally = &thread->tally;

	overview->verified += tally->verdicts[TY_VERIFIED];
	overview->repaired += tally->verdicts[TY_REPAIRED];
	overview->torn += tally->verdicts[TY_TORN];
	overview->incomplete += tally->verdicts[TY_INCOMPLETE];
	overview->unreadable += tally->verdicts[TY_FAILED];
	for (size_t i = 0; i < TY_VERDICTS; i++)
		overview->stacks += tally->verdicts[i];
	overview->counted += thread->counted;
	overview->has_gil += tally->activity.has_gil;
	overview->on_cpu += tally->activity.on_cpu;
	overview->unknown += tally->activity.cpu_unknown;
	overview->gil_requested += tally->activity.waits_for_gil;
	overview->has_exception += tally->activity.has_exception;
}

/* A run that began again is shorter than the one before it (another sampler): then it counts from its begin. */
static uint64_t since(uint64_t now, uint64_t before)
{
	return now >= before ? now - before : now;
}

static void add_functions(const struct ty_live_copy *copy, uint32_t thread, ty_live_overview_info *overview)
{
	for (size_t i = 0; i < copy->counted_functions; i++) {
		overview->functions += copy->by_function[i].cumulative > 0;
		overview->executing += copy->by_function[i].direct > 0;
	}
	for (size_t i = 0; i < copy->tree.nodes.count; i++)
		if (copy->nodes.items[i].collects && ty_live_is_seen(copy, i, thread))
			overview->collecting += copy->tree.nodes.items[i].self;
}

int ty_live_overview(ty_live *live, uint32_t thread, ty_live_overview_info *out)
{
	const struct ty_live_copy *copy = &live->copy;
	const ty_run_summary *before = &copy->so_far_before;
	ty_live_overview_info overview = {
		.duration_ns = since(copy->so_far.duration_ns, before->duration_ns),
		.samples = since(copy->so_far.samples, before->samples),
		.missed = since(copy->so_far.missed, before->missed),
		.failed = since(copy->so_far.failed, before->failed),
		.threads = (uint32_t)copy->threads.count,
	};

	if (!ty_live_knows_thread(live, thread))
		return -TY_ENOTFOUND;
	for (size_t i = 0; i < copy->threads.count; i++)
		if (!thread || thread == i + 1)
			add_thread(&overview, &copy->threads.items[i]);
	add_functions(copy, thread, &overview);
	return ty_options_out(out, &overview, sizeof(overview));
}

int ty_live_thread(ty_live *live, uint32_t number, ty_live_thread_info *out)
{
	if (!number || !ty_live_knows_thread(live, number))
		return -TY_ENOTFOUND;
	const struct ty_live_thread *thread = &live->copy.threads.items[number - 1];
	ty_live_thread_info info = {
		.thread = number,
		.is_main = thread->is_main,
		.id = thread->id,
		.interpreter = thread->interpreter,
		.counted = thread->counted,
		.name = thread->name,
	};

	return ty_options_out(out, &info, sizeof(info));
}

/* ---- lists of functions ---- */

/* What a row is of, whatever its group. */
struct subject {
	uint32_t function;       /* 0: none */
	uint32_t filename, name; /* of the copy's strings */
	int32_t line;
};

static struct subject subject_of(const struct ty_live_copy *copy, int group, uint32_t key)
{
	const struct ty_live_line *line = group == TY_LIVE_LINES        ? &copy->lines.lines.items[key - 1]
	                                  : group == TY_LIVE_FILE_LINES ? &copy->file_lines.lines.items[key - 1]
	                                                                : NULL;

	if (group == TY_LIVE_FILES || group == TY_LIVE_FILE_LINES)
		return (struct subject){ .filename = copy->files.items[(line ? line->owner : key) - 1],
			                 .line = line ? line->line : 0 };

	uint32_t number = line ? line->owner : key;
	const struct ty_live_function *function = &copy->functions.items[number - 1];

	return (struct subject){ number, function->filename, function->name, line ? line->line : function->first_line };
}

static bool passes(const struct ty_live_copy *copy, const ty_live_query *query, uint32_t key)
{
	struct subject subject = subject_of(copy, query->group, key);
	const char *filename = ty_strtab_get(&copy->strings, subject.filename);

	if (query->filename && strcmp(filename, query->filename) != 0)
		return false;
	return !query->filter || strcasestr(filename, query->filter) ||
	       strcasestr(ty_strtab_get(&copy->strings, subject.name), query->filter);
}

struct order {
	const struct ty_live_copy *copy;
	const ty_live_query *query;
};

static int descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_name(const struct order *order, const struct ty_live_row *a, const struct ty_live_row *b)
{
	const struct ty_strtab *strings = &order->copy->strings;
	struct subject left = subject_of(order->copy, order->query->group, a->key);
	struct subject right = subject_of(order->copy, order->query->group, b->key);
	int names = strcmp(ty_strtab_get(strings, left.name), ty_strtab_get(strings, right.name));

	/* Of files, which have no name. */
	if (!left.name)
		names = strcmp(ty_strtab_get(strings, left.filename), ty_strtab_get(strings, right.filename));
	return names ? names : (left.line > right.line) - (left.line < right.line);
}

static int compare(const void *left, const void *right, void *user_data)
{
	const struct ty_live_row *a = left, *b = right;
	const struct order *order = user_data;
	int leaf = descending(a->leaf, b->leaf), on_stack = descending(a->on_stack, b->on_stack), result;

	switch (order->query->sort) {
	case TY_SORT_NAME:
		result = by_name(order, a, b);
		break;
	case TY_SORT_CUMTIME:
	case TY_SORT_CUMUL_PCT:
	case TY_SORT_NSAMPLES_CUMUL:
		result = on_stack ? on_stack : leaf;
		break;
	default:
		result = leaf ? leaf : on_stack;
	}
	return result ? result : (a->key > b->key) - (a->key < b->key);
}

static int add_rows(struct ty_live_copy *copy, const ty_live_query *query, const struct ty_linestat *stats,
                    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t key = (uint32_t)i + 1;
		struct ty_live_row *row;

		if (!stats[i].cumulative || !passes(copy, query, key))
			continue;
		row = ty_array_push(&copy->rows);
		if (!row)
			return -ENOMEM;
		*row = (struct ty_live_row){ key, stats[i].direct, stats[i].cumulative };
	}
	return 0;
}

/* A task never executes itself: to it counts what runs in it, and not in a task that it waits for. 0 or -ENOMEM. */
static int count_innermost(const struct ty_live_copy *copy, uint32_t thread, struct ty_linestat *stats)
{
	_cleanup_free_ uint32_t *innermost = calloc(copy->tree.nodes.count, sizeof(*innermost));

	if (!innermost)
		return -ENOMEM;
	for (size_t i = 1; i < copy->tree.nodes.count; i++) {
		const struct ty_callnode *node = &copy->tree.nodes.items[i];

		innermost[i] = copy->task_of.items[i] ? copy->task_of.items[i] : innermost[node->parent];
		if (innermost[i] && ty_live_is_seen(copy, i, thread))
			stats[innermost[i] - 1].direct += node->self;
	}
	return 0;
}

static bool query_is_valid(const ty_live *live, const ty_live_query *query)
{
	return query->group >= TY_LIVE_FUNCTIONS && query->group <= TY_LIVE_FILE_LINES &&
	       query->sort >= TY_SORT_NSAMPLES && query->sort <= TY_SORT_NAME &&
	       ty_live_knows_thread(live, query->thread);
}

/* The rows of a group: which one each node is of, and how many there are. */
struct grouping {
	const uint32_t *of_node;
	size_t count;
};

static struct grouping grouping_of(const struct ty_live_copy *copy, int group)
{
	switch (group) {
	case TY_LIVE_LINES:
		return (struct grouping){ copy->line_of.items, copy->lines.lines.count };
	case TY_LIVE_TASKS:
		return (struct grouping){ copy->task_of.items, copy->functions.count };
	case TY_LIVE_FILES:
		return (struct grouping){ copy->file_of.items, copy->files.count };
	case TY_LIVE_FILE_LINES:
		return (struct grouping){ copy->file_line_of.items, copy->file_lines.lines.count };
	default:
		return (struct grouping){ copy->function_of.items, copy->functions.count };
	}
}

int ty_live_functions(ty_live *live, const ty_live_query *given)
{
	struct ty_live_copy *copy = &live->copy;
	_cleanup_free_ struct ty_linestat *stats = NULL;
	struct grouping grouping;
	ty_live_query query;
	int error;

	ty_array_clear(&copy->rows);
	if (ty_options_in(&query, sizeof(query), given) || !query_is_valid(live, &query))
		return -TY_EOPTION;
	if (!copy->totals)
		return copy->tree.nodes.count ? -ENOMEM : 0;
	grouping = grouping_of(copy, query.group);
	stats = ty_live_count(live, grouping.of_node, grouping.count, query.thread);
	if (!stats)
		return -ENOMEM;
	copy->rows_group = query.group;
	error = query.group == TY_LIVE_TASKS ? count_innermost(copy, query.thread, stats) : 0;
	if (!error)
		error = add_rows(copy, &query, stats, grouping.count);
	if (error)
		return error;
	if (copy->rows.count)
		qsort_r(copy->rows.items, copy->rows.count, sizeof(*copy->rows.items), compare,
		        &(struct order){ copy, &query });
	return (int)copy->rows.count;
}

int ty_live_function(ty_live *live, size_t index, ty_live_function_info *out)
{
	const struct ty_live_copy *copy = &live->copy;

	if (index >= copy->rows.count)
		return -TY_ENOTFOUND;
	const struct ty_live_row *row = &copy->rows.items[index];
	struct subject subject = subject_of(copy, copy->rows_group, row->key);
	ty_live_function_info info = {
		.function = subject.function,
		.line = subject.line,
		.filename = ty_strtab_get(&copy->strings, subject.filename),
		.name = ty_strtab_get(&copy->strings, subject.name),
		.leaf = row->leaf,
		.on_stack = row->on_stack,
		.leaf_trend = subject.function ? ty_live_trend(live, subject.function, false) : 0,
		.on_stack_trend = subject.function ? ty_live_trend(live, subject.function, true) : 0,
	};

	return ty_options_out(out, &info, sizeof(info));
}
