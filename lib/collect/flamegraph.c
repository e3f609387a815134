/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flame graph: one HTML file that needs no network. The page does everything a reader can change (threads,
 * inversion, search), so what is gathered here is the tree of distinct stacks as it is, folded by place: file, line and
 * function.
 */
#include "collect/flamegraph.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/fold.h"
#include "collect/merge.h"
#include "util/cleanup.h"
#include "util/options.h"

/* ---- while samples come ---- */

/* New nodes tell of functions that are new. */
static void see_new_nodes(struct ty_flamegraph *flamegraph)
{
	const struct ty_stacks *stacks = &flamegraph->report.stacks;

	for (; flamegraph->nodes_seen < stacks->tree.nodes.count; flamegraph->nodes_seen++) {
		struct ty_callsite site = stacks->tree.nodes.items[flamegraph->nodes_seen].site;

		if (site.kind == TY_FRAME_PYTHON && site.function)
			ty_excerpts_see(&flamegraph->excerpts, stacks->target, site.function);
	}
}

/* For ty_stacks. */
static int observe(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node, void *user_data)
{
	struct ty_flamegraph *flamegraph = user_data;

	(void)node;
	see_new_nodes(flamegraph);
	return ty_activity_add(&flamegraph->activity, thread->identity, info->status);
}

/* For ty_report. The identities of a report that had none are those it was given. */
static int loaded(struct ty_report *report, const struct ty_gathered *from)
{
	struct ty_flamegraph *flamegraph = (struct ty_flamegraph *)report;
	size_t threads = from->activity->threads.count;

	see_new_nodes(flamegraph);
	if (!ty_array_reserve(&flamegraph->activity.threads, threads + 1))
		return -ENOMEM;
	for (size_t i = 0; i < threads; i++)
		flamegraph->activity.threads.items[i] = from->activity->threads.items[i];
	flamegraph->activity.threads.count = threads;
	return 0;
}

/* ---- at the end ---- */

static int take_rows(struct ty_flamegraph_rows *rows, struct ty_fold_instruction *folded, size_t count)
{
	_cleanup_free_ struct ty_fold_instruction *owned = folded;

	if (!owned || !ty_array_reserve(&rows->rows, count + 1))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		rows->rows.items[i] = (struct ty_flamegraph_row){ owned[i].group, owned[i].offset, owned[i].leaf,
			                                          owned[i].samples, 0 };
	rows->rows.count = count;
	return 0;
}

int ty_flamegraph_fold(struct ty_flamegraph_tree *folded, struct ty_stacks *stacks, struct ty_places *places,
                       bool whole)
{
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(&stacks->tree);
	_cleanup_free_ uint32_t *places_of_nodes = NULL, *node_of_node = NULL;
	struct ty_fold_instruction *rows;
	size_t count = 0;
	int error;

	places_of_nodes =
	        whole ? ty_places_of_functions(places, &stacks->tree) : ty_places_of_tree(places, &stacks->tree);
	if (totals && places_of_nodes)
		node_of_node = ty_fold(&stacks->tree, places_of_nodes, &folded->tree);
	if (!node_of_node)
		return -ENOMEM;
	rows = ty_fold_instructions(stacks, node_of_node, &count);
	error = take_rows(&folded->leaf, rows, count);
	if (error)
		return error;
	rows = ty_fold_standing(stacks, totals, node_of_node, &count);
	return take_rows(&folded->standing, rows, count);
}

void ty_flamegraph_free_tree(struct ty_flamegraph_tree *folded)
{
	if (folded->tree.nodes.count)
		ty_calltree_free(&folded->tree);
	ty_array_free(&folded->leaf.rows);
	ty_array_free(&folded->standing.rows);
}

static int name_modules(struct ty_flamegraph *flamegraph)
{
	const struct ty_places *places = &flamegraph->places;

	for (size_t i = 0; i < places->places.count; i++)
		if (!ty_modules_add(&flamegraph->modules, &places->strings, places->places.items[i].file))
			return -ENOMEM;
	return ty_modules_finish(&flamegraph->modules, &places->strings);
}

static int write_flamegraph(struct ty_report *report)
{
	struct ty_flamegraph *flamegraph = (struct ty_flamegraph *)report;
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(&report->stacks.tree);
	int error = totals ? 0 : -ENOMEM;

	ty_places_init(&flamegraph->places, report->stacks.target);
	if (!error)
		error = ty_flamegraph_fold(&flamegraph->folded, &report->stacks, &flamegraph->places,
		                           flamegraph->baseline != NULL);
	if (!error && flamegraph->baseline)
		error = ty_flamegraph_unite(flamegraph);
	if (!error)
		error = name_modules(flamegraph);
	if (!error)
		error = ty_activity_finish(&flamegraph->activity, &report->stacks, totals);
	return error ? error : ty_flamegraph_write(flamegraph);
}

/* ---- the collector ---- */

static void destroy(void *user_data)
{
	struct ty_flamegraph *flamegraph = user_data;

	ty_flamegraph_free_tree(&flamegraph->folded);
	ty_flamegraph_free_baseline(flamegraph->baseline);
	ty_array_free(&flamegraph->before);
	ty_map_free(&flamegraph->opcode_numbers);
	ty_array_free(&flamegraph->opcodes);
	ty_modules_free(&flamegraph->modules);
	ty_places_free(&flamegraph->places);
	ty_activity_free(&flamegraph->activity);
	ty_report_destroy(flamegraph);
}

int ty_flamegraph_new(const ty_flamegraph_options *options, ty_sink *sink, ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = ty_report_begin,
		.sample = ty_report_sample,
		.end = ty_report_end,
		.destroy = destroy,
	};
	struct ty_report_options report = { .by_thread = true, .observe = observe, .loaded = loaded, .callbacks = &CALLBACKS };
	struct ty_flamegraph *flamegraph = calloc(1, sizeof(*flamegraph));
	ty_flamegraph_options known;
	int error;

	if (collector)
		*collector = NULL;
	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	if (flamegraph) {
		flamegraph->excerpts.source = known.source;
		flamegraph->excerpts.user_data = known.source_user_data;
	}
	error = ty_report_new(flamegraph ? &flamegraph->report : NULL, &report, sink, write_flamegraph, collector);
	if (!error && known.baseline)
		error = ty_flamegraph_read_baseline(flamegraph, known.baseline);
	if (error && collector) {
		ty_collector_free(*collector);
		*collector = NULL;
	}
	return error;
}
