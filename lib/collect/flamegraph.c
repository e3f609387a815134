/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flame graph: one HTML file that needs no network, the page of output/page with the profile as JSON in it. The
 * page does everything a reader can change (threads, inversion, search), so the data is the tree of distinct stacks as
 * it is:
 *
 *     nodes      columns parent, place, self; a place below 0 is thread -1 - place. A parent stands before its children
 *     leaf       instructions of leaves: columns node, opcode, offset, column, end_column, samples
 *     standing   instructions of frames that waited for what they called, likewise
 *     opcodes    name, base, specialized
 *
 * The two kinds of samples are kept apart: a CALL that is on the stack most of the time is seldom what was executing.
 * Strings are escaped so that none ends the element that the data stands in (output/json.h).
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/opcode.h>

#include "collect/fold.h"
#include "collect/places.h"
#include "collect/report.h"
#include "output/page.h"
#include "output/sink.h"
#include "util/cleanup.h"
#include "util/options.h"

struct flamegraph {
	struct ty_report report;
	struct ty_json json;
	struct ty_places places;
	struct ty_calltree tree; /* of places; node n is row n - 1 */
	uint32_t *node_of_node;
	struct ty_fold_instruction *leaf;
	struct ty_fold_instruction *standing;
	size_t leaf_count;
	size_t standing_count;
	struct ty_map opcode_numbers; /* by address of the name, which is static */
	TY_ARRAY(const struct ty_leaf *) opcodes;
};

static int prepare(struct flamegraph *flamegraph)
{
	struct ty_stacks *stacks = &flamegraph->report.stacks;
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(&stacks->tree);
	_cleanup_free_ uint32_t *places = NULL;

	ty_places_init(&flamegraph->places, stacks->target);
	places = ty_places_of_tree(&flamegraph->places, &stacks->tree);
	if (!totals || !places)
		return -ENOMEM;
	flamegraph->node_of_node = ty_fold(&stacks->tree, places, &flamegraph->tree);
	if (!flamegraph->node_of_node)
		return -ENOMEM;
	flamegraph->leaf = ty_fold_instructions(stacks, flamegraph->node_of_node, &flamegraph->leaf_count);
	flamegraph->standing = ty_fold_standing(stacks, totals, flamegraph->node_of_node, &flamegraph->standing_count);
	return flamegraph->leaf && flamegraph->standing ? 0 : -ENOMEM;
}

static void release(struct flamegraph *flamegraph)
{
	if (flamegraph->node_of_node)
		ty_calltree_free(&flamegraph->tree);
	free(ty_steal_ptr(flamegraph->node_of_node));
	free(ty_steal_ptr(flamegraph->leaf));
	free(ty_steal_ptr(flamegraph->standing));
	ty_map_free(&flamegraph->opcode_numbers);
	ty_array_free(&flamegraph->opcodes);
	ty_places_free(&flamegraph->places);
}

static void write_run(struct flamegraph *flamegraph)
{
	const struct ty_report *report = &flamegraph->report;
	struct ty_json *json = &flamegraph->json;
	char version[TY_VERSION_BYTES], title[96];

	snprintf(title, sizeof(title), "Python %s, process %d", ty_report_python_version(report, version),
	         ty_report_target(report).pid);
	ty_json_member_string(json, "title", title);
	ty_json_member_uint(json, "interval_ns", ty_report_interval_ns(report));
	ty_json_member_uint(json, "duration_ns", report->summary.duration_ns);
	ty_json_member_uint(json, "samples", report->stacks.snapshots);
	ty_json_open(json, "trust", '{');
	ty_report_write_verdicts(report, json);
	ty_json_end(json, '}');
}

static void write_threads(struct flamegraph *flamegraph)
{
	struct ty_json *json = &flamegraph->json;
	char tid[32];

	ty_json_open(json, "threads", '[');
	for (size_t i = 0; i < flamegraph->report.stacks.identities.count; i++) {
		const struct ty_stacks_identity *thread = &flamegraph->report.stacks.identities.items[i];

		snprintf(tid, sizeof(tid), "%llu", (unsigned long long)thread->id);
		ty_json_begin(json, '{');
		ty_json_member_string(json, "name", thread->name);
		ty_json_member_string(json, "tid", tid);
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

static void write_strings(struct flamegraph *flamegraph)
{
	const struct ty_strtab *strings = &flamegraph->places.strings;

	ty_json_open(&flamegraph->json, "strings", '[');
	for (uint32_t i = 1; i <= strings->strings.count; i++)
		ty_json_string(&flamegraph->json, ty_strtab_get(strings, i));
	ty_json_end(&flamegraph->json, ']');
}

static void write_places(struct flamegraph *flamegraph)
{
	const struct ty_places *places = &flamegraph->places;
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "places", '{');
	ty_json_open(json, "name", '[');
	for (uint32_t i = 1; i <= places->places.count; i++)
		ty_json_uint(json, ty_places_get(places, i)->name - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "file", '[');
	for (uint32_t i = 1; i <= places->places.count; i++)
		ty_json_uint(json, ty_places_get(places, i)->file - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "line", '[');
	for (uint32_t i = 1; i <= places->places.count; i++)
		ty_json_int(json, ty_places_get(places, i)->line);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

static void write_nodes(struct flamegraph *flamegraph)
{
	const struct ty_calltree *tree = &flamegraph->tree;
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "nodes", '{');
	ty_json_open(json, "parent", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		ty_json_int(json, (int64_t)tree->nodes.items[i].parent - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "place", '[');
	for (size_t i = 1; i < tree->nodes.count; i++) {
		struct ty_callsite site = tree->nodes.items[i].site;
		bool is_thread = site.kind == TY_CALLTREE_THREAD;

		ty_json_int(json, is_thread ? -1 - (int64_t)site.function : (int64_t)site.function - 1);
	}
	ty_json_end(json, ']');
	ty_json_open(json, "self", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		ty_json_uint(json, tree->nodes.items[i].self);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

/* Index of an opcode, by its name: numbers mean another thing in every version. */
static int64_t opcode_of(struct flamegraph *flamegraph, const struct ty_leaf *leaf)
{
	uint64_t number = ty_map_number(&flamegraph->opcode_numbers, (uintptr_t)leaf->name);
	const struct ty_leaf **stored;

	if (number > flamegraph->opcodes.count) {
		stored = ty_array_push(&flamegraph->opcodes);
		if (!stored)
			number = 0;
		else
			*stored = leaf;
	}
	if (!number)
		ty_sink_fail(flamegraph->json.sink, -ENOMEM);
	return (int64_t)number - 1;
}

static ty_location_info location_of(const struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	struct ty_callsite site = flamegraph->report.stacks.tree.nodes.items[row->leaf->node].site;
	ty_frame frame = { .function = site.function, .offset = site.offset, .kind = site.kind };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(flamegraph->report.stacks.target, &frame, &location) != 0 || location.end_line != location.line)
		location.column = location.end_column = -1;
	return location;
}

static int64_t row_node(struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	(void)flamegraph;
	return (int64_t)row->group - 1;
}

static int64_t row_opcode(struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	return opcode_of(flamegraph, row->leaf);
}

static int64_t row_offset(struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	(void)flamegraph;
	return row->offset;
}

static int64_t row_column(struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	return location_of(flamegraph, row).column;
}

static int64_t row_end_column(struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	return location_of(flamegraph, row).end_column;
}

static int64_t row_samples(struct flamegraph *flamegraph, const struct ty_fold_instruction *row)
{
	(void)flamegraph;
	return (int64_t)row->samples;
}

static void write_instructions(struct flamegraph *flamegraph, const char *key, const struct ty_fold_instruction *rows,
                               size_t count)
{
	static const struct {
		const char *key;
		int64_t (*value)(struct flamegraph *flamegraph, const struct ty_fold_instruction *row);
	} COLUMNS[] = {
		{ "node", row_node },     { "opcode", row_opcode },         { "offset", row_offset },
		{ "column", row_column }, { "end_column", row_end_column }, { "samples", row_samples },
	};
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, key, '{');
	for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++) {
		ty_json_open(json, COLUMNS[i].key, '[');
		for (size_t row = 0; row < count; row++)
			ty_json_int(json, COLUMNS[i].value(flamegraph, &rows[row]));
		ty_json_end(json, ']');
	}
	ty_json_end(json, '}');
}

static void write_opcodes(struct flamegraph *flamegraph)
{
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "opcodes", '[');
	for (size_t i = 0; i < flamegraph->opcodes.count; i++) {
		const struct ty_leaf *leaf = flamegraph->opcodes.items[i];

		ty_json_begin(json, '{');
		ty_json_member_string(json, "name", leaf->name);
		ty_json_member_string(json, "base", leaf->base_name);
		ty_json_member_bool(json, "specialized", leaf->opcode_flags & TY_OPCODE_SPECIALIZED);
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

static void write_data(struct flamegraph *flamegraph)
{
	struct ty_json *json = &flamegraph->json;

	ty_json_begin(json, '{');
	write_run(flamegraph);
	write_threads(flamegraph);
	write_strings(flamegraph);
	write_places(flamegraph);
	write_nodes(flamegraph);
	write_instructions(flamegraph, "leaf", flamegraph->leaf, flamegraph->leaf_count);
	write_instructions(flamegraph, "standing", flamegraph->standing, flamegraph->standing_count);
	write_opcodes(flamegraph);
	ty_json_end(json, '}');
}

static int write_flamegraph(struct ty_report *report)
{
	struct flamegraph *flamegraph = (struct flamegraph *)report;
	const char *mark = strstr(ty_flamegraph_page, TY_PAGE_MARK);
	int error = prepare(flamegraph);

	if (!error) {
		flamegraph->json = (struct ty_json){ .sink = report->sink };
		ty_sink_write(report->sink, ty_flamegraph_page, (size_t)(mark - ty_flamegraph_page));
		write_data(flamegraph);
		mark += strlen(TY_PAGE_MARK);
		ty_sink_write(report->sink, mark, strlen(mark));
	}
	release(flamegraph);
	return error;
}

int ty_flamegraph_new(const ty_flamegraph_options *options, ty_sink *sink, ty_collector **collector)
{
	struct flamegraph *flamegraph = calloc(1, sizeof(*flamegraph));
	struct ty_report_options report = { .by_thread = true };
	ty_flamegraph_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	return ty_report_new(flamegraph ? &flamegraph->report : NULL, &report, sink, write_flamegraph, collector);
}
