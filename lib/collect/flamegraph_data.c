/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of the flame graph's page, as JSON:
 *
 *     nodes      columns parent, place, self; a place below 0 is thread -1 - place. A parent stands before its children
 *     places     columns name, file, line: a function at a line. Name and file are indexes of strings
 *     files      columns path (index of strings), module, kind (enum ty_origin)
 *     leaf       instructions of leaves: columns node, opcode, offset, end_line, column, end_column, samples; by node
 *     standing   instructions of frames that waited for what they called, likewise
 *     opcodes    name, base, form
 *     source     columns file, line, text
 *     threads    name, tid, and in how many of its samples a thread was doing what
 *
 * Compared with a baseline, nodes and instructions have a column before, in samples of this run, there is one thread,
 * and lines are those that functions begin at.
 *
 * The two kinds of samples are kept apart: a CALL that is on the stack most of the time is seldom what was executing.
 * Strings are escaped so that none ends the element that the data stands in (output/json.h).
 */
#include "collect/flamegraph.h"

#include <errno.h>
#include <stdio.h>

#include "collect/sites.h"
#include "collect/specialization.h"
#include "output/page.h"
#include "output/sink.h"

static void write_activity(struct ty_json *json, const struct ty_activity_thread *thread)
{
	ty_json_member_uint(json, "samples", thread->samples);
	ty_json_member_uint(json, "gil", thread->has_gil);
	ty_json_member_uint(json, "waiting", thread->waits_for_gil);
	ty_json_member_uint(json, "cpu", thread->on_cpu);
	ty_json_member_uint(json, "cpu_unknown", thread->cpu_unknown);
	ty_json_member_uint(json, "exception", thread->has_exception);
	ty_json_member_uint(json, "gc", thread->collecting);
}

static void write_threads(struct ty_flamegraph *flamegraph)
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
		write_activity(json, &flamegraph->activity.threads.items[i]);
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

/* Of a comparison: threads of two runs are not the same. */
static void write_one_thread(struct ty_flamegraph *flamegraph)
{
	struct ty_activity_thread sum = { 0 };
	struct ty_json *json = &flamegraph->json;

	for (size_t i = 0; i < flamegraph->activity.threads.count; i++) {
		const struct ty_activity_thread *thread = &flamegraph->activity.threads.items[i];

		sum.samples += thread->samples;
		sum.has_gil += thread->has_gil;
		sum.waits_for_gil += thread->waits_for_gil;
		sum.on_cpu += thread->on_cpu;
		sum.cpu_unknown += thread->cpu_unknown;
		sum.has_exception += thread->has_exception;
		sum.collecting += thread->collecting;
	}
	ty_json_open(json, "threads", '[');
	ty_json_begin(json, '{');
	ty_json_member_string(json, "name", "all");
	ty_json_member_string(json, "tid", "");
	write_activity(json, &sum);
	ty_json_end(json, '}');
	ty_json_end(json, ']');
}

static void write_baseline(struct ty_flamegraph *flamegraph)
{
	const struct ty_flamegraph_baseline *baseline = flamegraph->baseline;
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "baseline", '{');
	ty_json_member_string(json, "title", baseline->title);
	ty_json_member_uint(json, "samples", baseline->stacks.snapshots);
	ty_json_member_uint(json, "duration_ns", baseline->duration_ns);
	ty_json_end(json, '}');
}

static void write_before(struct ty_flamegraph *flamegraph)
{
	double scale = ty_flamegraph_baseline_scale(flamegraph);

	ty_json_open(&flamegraph->json, "before", '[');
	for (size_t i = 1; i < flamegraph->before.count; i++)
		ty_json_real(&flamegraph->json, (double)flamegraph->before.items[i] * scale);
	ty_json_end(&flamegraph->json, ']');
}

static void write_strings(struct ty_flamegraph *flamegraph)
{
	const struct ty_strtab *strings = &flamegraph->places.strings;

	ty_json_open(&flamegraph->json, "strings", '[');
	for (uint32_t i = 1; i <= strings->strings.count; i++)
		ty_json_string(&flamegraph->json, ty_strtab_get(strings, i));
	ty_json_end(&flamegraph->json, ']');
}

static void write_files(struct ty_flamegraph *flamegraph)
{
	const struct ty_modules *modules = &flamegraph->modules;
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "files", '{');
	ty_json_open(json, "path", '[');
	for (size_t i = 0; i < modules->modules.count; i++)
		ty_json_uint(json, modules->modules.items[i].file - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "module", '[');
	for (size_t i = 0; i < modules->modules.count; i++)
		ty_json_string(json, modules->modules.items[i].name);
	ty_json_end(json, ']');
	ty_json_open(json, "kind", '[');
	for (size_t i = 0; i < modules->modules.count; i++)
		ty_json_uint(json, modules->modules.items[i].origin);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

static void write_places(struct ty_flamegraph *flamegraph)
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

static int64_t place_of(struct ty_callsite site)
{
	return site.kind == TY_CALLTREE_THREAD ? -1 - (int64_t)site.function : (int64_t)site.function - 1;
}

static void write_nodes(struct ty_flamegraph *flamegraph)
{
	const struct ty_calltree *tree = &flamegraph->folded.tree;
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "nodes", '{');
	ty_json_open(json, "parent", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		ty_json_int(json, (int64_t)tree->nodes.items[i].parent - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "place", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		ty_json_int(json, place_of(tree->nodes.items[i].site));
	ty_json_end(json, ']');
	ty_json_open(json, "self", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		ty_json_uint(json, tree->nodes.items[i].self);
	ty_json_end(json, ']');
	if (flamegraph->baseline)
		write_before(flamegraph);
	ty_json_end(json, '}');
}

/* Index of an opcode, by its name: numbers mean another thing in every version. */
static int64_t opcode_of(struct ty_flamegraph *flamegraph, const struct ty_leaf *leaf)
{
	uint64_t number =
	        ty_map_number_in(&flamegraph->opcode_numbers, (uintptr_t)leaf->name, &flamegraph->opcodes);

	if (number > flamegraph->opcodes.count)
		*ty_array_push(&flamegraph->opcodes) = leaf;
	if (!number)
		ty_sink_fail(flamegraph->json.sink, -ENOMEM);
	return (int64_t)number - 1;
}

static ty_location_info location_of(const struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	ty_location_info location = { .size = sizeof(location), .end_line = -1, .column = -1, .end_column = -1 };
	struct ty_callsite site;
	ty_frame frame;

	/* In a comparison a row stands for all places of a function. */
	if (flamegraph->baseline)
		return location;
	site = flamegraph->report.stacks.tree.nodes.items[row->leaf->node].site;
	frame = (ty_frame){ .function = site.function, .offset = site.offset, .kind = site.kind };
	if (ty_location(flamegraph->report.stacks.target, &frame, &location) != 0)
		location.end_line = location.column = location.end_column = -1;
	return location;
}

static int64_t row_node(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	(void)flamegraph;
	return (int64_t)row->node - 1;
}

static int64_t row_opcode(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	return opcode_of(flamegraph, row->leaf);
}

static int64_t row_offset(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	(void)flamegraph;
	return row->offset;
}

static int64_t row_end_line(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	return location_of(flamegraph, row).end_line;
}

static int64_t row_column(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	return location_of(flamegraph, row).column;
}

static int64_t row_end_column(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	return location_of(flamegraph, row).end_column;
}

static int64_t row_samples(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row)
{
	(void)flamegraph;
	return (int64_t)row->samples;
}

static void write_rows(struct ty_flamegraph *flamegraph, const char *key, const struct ty_flamegraph_rows *table)
{
	static const struct {
		const char *key;
		int64_t (*value)(struct ty_flamegraph *flamegraph, const struct ty_flamegraph_row *row);
	} COLUMNS[] = {
		{ "node", row_node },         { "opcode", row_opcode }, { "offset", row_offset },
		{ "end_line", row_end_line }, { "column", row_column }, { "end_column", row_end_column },
		{ "samples", row_samples },
	};
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, key, '{');
	for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++) {
		ty_json_open(json, COLUMNS[i].key, '[');
		for (size_t row = 0; row < table->rows.count; row++)
			ty_json_int(json, COLUMNS[i].value(flamegraph, &table->rows.items[row]));
		ty_json_end(json, ']');
	}
	if (flamegraph->baseline) {
		double scale = ty_flamegraph_baseline_scale(flamegraph);

		ty_json_open(json, "before", '[');
		for (size_t row = 0; row < table->rows.count; row++)
			ty_json_real(json, (double)table->rows.items[row].before * scale);
		ty_json_end(json, ']');
	}
	ty_json_end(json, '}');
}

static void write_opcodes(struct ty_flamegraph *flamegraph)
{
	struct ty_json *json = &flamegraph->json;

	ty_json_open(json, "opcodes", '[');
	for (size_t i = 0; i < flamegraph->opcodes.count; i++) {
		const struct ty_leaf *leaf = flamegraph->opcodes.items[i];

		ty_json_begin(json, '{');
		ty_json_member_string(json, "name", leaf->name);
		ty_json_member_string(json, "base", leaf->base_name);
		ty_json_member_string(json, "form",
		                      ty_adaptation_key(ty_adaptation_of(leaf->flags, leaf->opcode_flags)));
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

/* For ty_report_write_page(). */
static int write_data(void *user_data)
{
	struct ty_flamegraph *flamegraph = user_data;

	ty_json_member_uint(&flamegraph->json, "interval_ns", ty_flamegraph_interval_ns(flamegraph));
	if (flamegraph->baseline) {
		write_baseline(flamegraph);
		write_one_thread(flamegraph);
	} else {
		write_threads(flamegraph);
	}
	write_strings(flamegraph);
	write_files(flamegraph);
	write_places(flamegraph);
	write_nodes(flamegraph);
	write_rows(flamegraph, "leaf", &flamegraph->folded.leaf);
	write_rows(flamegraph, "standing", &flamegraph->folded.standing);
	write_opcodes(flamegraph);
	return ty_excerpts_write(&flamegraph->excerpts, &flamegraph->places, &flamegraph->json);
}

int ty_flamegraph_write(struct ty_flamegraph *flamegraph)
{
	flamegraph->json = (struct ty_json){ .sink = flamegraph->report.sink };
	return ty_report_write_page(&flamegraph->report, ty_page_flamegraph, &flamegraph->json, write_data, flamegraph);
}
