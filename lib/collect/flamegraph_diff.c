/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flame graph beside that of an earlier run. Lines move from version to version, so both are trees of functions, by
 * name and file; files of two checkouts are matched (checkouts.h). Times are compared, not shares or samples: a sample
 * stands for the duration of its run divided by its samples, because two runs seldom miss as many ticks.
 *
 * The baseline is read when the collector is made: that a file is no recording is to be known before an hour of
 * profiling.
 */
#include "collect/flamegraph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/checkouts.h"
#include "util/cleanup.h"

/* ---- reading the baseline ---- */

static int read_samples(struct ty_flamegraph_baseline *baseline, ty_target *target)
{
	uint64_t first_ns = 0, last_ns = 0;
	const ty_snapshot *snapshot;
	int error;

	while ((error = ty_sample(target, &snapshot)) == 0) {
		last_ns = ty_snapshot_time(snapshot);
		if (!baseline->stacks.snapshots)
			first_ns = last_ns;
		error = ty_stacks_add(&baseline->stacks, snapshot);
		if (error)
			return error;
	}
	/* From the first snapshot to the last, and on to the one that would have come next. */
	if (last_ns > first_ns)
		baseline->duration_ns =
		        (last_ns - first_ns) / (baseline->stacks.snapshots - 1) * baseline->stacks.snapshots;
	return error == -TY_EEXITED ? 0 : error;
}

static void write_title(struct ty_flamegraph_baseline *baseline, ty_target *target)
{
	ty_target_information info = { .size = sizeof(info) };

	if (ty_target_info(target, &info) == 0)
		snprintf(baseline->title, sizeof(baseline->title), "Python %u.%u, process %d", info.python_version >> 8,
		         info.python_version & 0xff, info.pid);
}

int ty_flamegraph_read_baseline(struct ty_flamegraph *flamegraph, ty_target *target)
{
	const struct ty_stacks *stacks = &flamegraph->report.stacks;
	struct ty_flamegraph_baseline *baseline = calloc(1, sizeof(*baseline));
	int error;

	if (!baseline)
		return -ENOMEM;
	flamegraph->baseline = baseline;
	write_title(baseline, target);
	ty_places_init(&baseline->places, target);
	error = ty_stacks_init(&baseline->stacks, true, stacks->with_instructions, stacks->trust);
	if (!error)
		error = read_samples(baseline, target);
	if (!error)
		error = ty_flamegraph_fold(&baseline->folded, &baseline->stacks, &baseline->places, true);
	return error;
}

void ty_flamegraph_free_baseline(struct ty_flamegraph_baseline *baseline)
{
	if (!baseline)
		return;
	ty_flamegraph_free_tree(&baseline->folded);
	ty_stacks_free(&baseline->stacks);
	ty_places_free(&baseline->places);
	free(baseline);
}

/* Alone it is the interval that was asked for, as in other reports. */
uint64_t ty_flamegraph_interval_ns(const struct ty_flamegraph *flamegraph)
{
	const struct ty_report *report = &flamegraph->report;

	if (flamegraph->baseline && report->stacks.snapshots && report->summary.duration_ns)
		return report->summary.duration_ns / report->stacks.snapshots;
	return ty_report_interval_ns(report);
}

double ty_flamegraph_baseline_scale(const struct ty_flamegraph *flamegraph)
{
	const struct ty_flamegraph_baseline *baseline = flamegraph->baseline;
	uint64_t now_ns = ty_flamegraph_interval_ns(flamegraph);

	if (!baseline->duration_ns || !now_ns)
		return 1;
	return (double)baseline->duration_ns / (double)baseline->stacks.snapshots / (double)now_ns;
}

/* ---- which function is which ---- */

/* The files of a table of places, each once. */
struct files {
	TY_ARRAY(const char *) paths;
	struct ty_map by_string; /* index in paths + 1 by the string's id */
};

static int list_files(const struct ty_places *places, struct files *files)
{
	for (uint32_t i = 1; i <= places->places.count; i++) {
		uint32_t file = ty_places_get(places, i)->file;
		uint64_t number = ty_map_number(&files->by_string, file);
		const char **path;

		if (!number)
			return -ENOMEM;
		if (number <= files->paths.count)
			continue;
		path = ty_array_push(&files->paths);
		if (!path)
			return -ENOMEM;
		*path = ty_places_string(places, file);
	}
	return 0;
}

static void free_files(struct files *files)
{
	ty_array_free(&files->paths);
	ty_map_free(&files->by_string);
}

static uint32_t add_place(struct ty_places *now, const struct ty_places *before, const struct files *now_files,
                          const struct files *before_files, const size_t *matched, uint32_t number)
{
	const struct ty_place *place = ty_places_get(before, number);
	size_t file = *ty_map_get(&before_files->by_string, place->file) - 1;
	const char *path = before_files->paths.items[file];

	if (matched[file] != SIZE_MAX)
		path = now_files->paths.items[matched[file]];
	return ty_places_add_function(now, path, ty_places_string(before, place->name), place->line);
}

/* The baseline's places in those of the profile, by number. Allocated; NULL when memory is out. */
static uint32_t *match_places(struct ty_places *now, const struct ty_places *before)
{
	uint32_t *places = calloc(before->places.count + 1, sizeof(*places));
	struct files now_files = { 0 }, before_files = { 0 };
	_cleanup_free_ size_t *matched = NULL;
	bool done = places && !list_files(now, &now_files) && !list_files(before, &before_files);

	if (done)
		matched = ty_checkouts_match(before_files.paths.items, before_files.paths.count, now_files.paths.items,
		                             now_files.paths.count);
	for (uint32_t i = 1; done && matched && i <= before->places.count; i++) {
		places[i] = add_place(now, before, &now_files, &before_files, matched, i);
		done = places[i] != 0;
	}
	free_files(&now_files);
	free_files(&before_files);
	if (done && matched)
		return places;
	free(places);
	return NULL;
}

/* ---- two trees as one ---- */

/* All threads are one; places are those of `place_of_place` if there are some. */
static struct ty_callsite site_of(const struct ty_callnode *node, const uint32_t *place_of_place)
{
	struct ty_callsite site = node->site;

	if (site.kind == TY_CALLTREE_THREAD)
		site.function = 0;
	else if (place_of_place)
		site.function = place_of_place[site.function];
	return site;
}

/* Puts a tree into `united`. Gives where each node went; NULL when memory is out. */
static uint32_t *put_tree(struct ty_calltree *united, const struct ty_calltree *tree, const uint32_t *place_of_place)
{
	uint32_t *where = calloc(tree->nodes.count, sizeof(*where));

	for (size_t i = 1; where && i < tree->nodes.count; i++) {
		const struct ty_callnode *node = &tree->nodes.items[i];

		where[i] = ty_calltree_child(united, where[node->parent], site_of(node, place_of_place));
		if (!where[i]) {
			free(where);
			return NULL;
		}
	}
	return where;
}

static int by_node(const void *left, const void *right)
{
	const struct ty_flamegraph_row *a = left, *b = right;

	return (a->node > b->node) - (a->node < b->node);
}

static int put_rows(struct ty_flamegraph_rows *now, const struct ty_flamegraph_rows *before, const uint32_t *where_now,
                    const uint32_t *where_before)
{
	for (size_t i = 0; i < now->rows.count; i++)
		now->rows.items[i].node = where_now[now->rows.items[i].node];
	for (size_t i = 0; i < before->rows.count; i++) {
		const struct ty_flamegraph_row *source = &before->rows.items[i];
		struct ty_flamegraph_row *row = ty_array_push(&now->rows);

		if (!row)
			return -ENOMEM;
		*row = (struct ty_flamegraph_row){ where_before[source->node], source->offset, source->leaf, 0,
			                           source->samples };
	}
	if (now->rows.count)
		qsort(now->rows.items, now->rows.count, sizeof(*now->rows.items), by_node);
	return 0;
}

static int add_samples(struct ty_flamegraph *flamegraph, struct ty_calltree *united, const uint32_t *where_now,
                       const uint32_t *where_before)
{
	const struct ty_calltree *now = &flamegraph->folded.tree, *before = &flamegraph->baseline->folded.tree;

	if (!ty_array_reserve(&flamegraph->before, united->nodes.count))
		return -ENOMEM;
	flamegraph->before.count = united->nodes.count;
	memset(flamegraph->before.items, 0, united->nodes.count * sizeof(*flamegraph->before.items));
	for (size_t i = 1; i < now->nodes.count; i++)
		united->nodes.items[where_now[i]].self += now->nodes.items[i].self;
	for (size_t i = 1; i < before->nodes.count; i++)
		flamegraph->before.items[where_before[i]] += before->nodes.items[i].self;
	return 0;
}

int ty_flamegraph_unite(struct ty_flamegraph *flamegraph)
{
	struct ty_flamegraph_tree *now = &flamegraph->folded, *before = &flamegraph->baseline->folded;
	_cleanup_free_ uint32_t *places = match_places(&flamegraph->places, &flamegraph->baseline->places);
	_cleanup_free_ uint32_t *where_now = NULL, *where_before = NULL;
	struct ty_calltree united;
	int error = places ? ty_calltree_init(&united) : -ENOMEM;

	if (error)
		return error;
	where_now = put_tree(&united, &now->tree, NULL);
	where_before = where_now ? put_tree(&united, &before->tree, places) : NULL;
	error = where_before ? add_samples(flamegraph, &united, where_now, where_before) : -ENOMEM;
	if (!error)
		error = put_rows(&now->leaf, &before->leaf, where_now, where_before);
	if (!error)
		error = put_rows(&now->standing, &before->standing, where_now, where_before);
	if (error) {
		ty_calltree_free(&united);
		return error;
	}
	ty_calltree_free(&now->tree);
	now->tree = united;
	return 0;
}
