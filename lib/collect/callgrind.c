/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector for KCachegrind, QCachegrind and callgrind_annotate: the callgrind profile format, version 1. Facts:
 * docs/cl-format.xml of Valgrind 3.19, KCachegrind's cachegrindloader.cpp.
 *
 *     positions: instr line      instr: byte offset of the instruction in its function's bytecode
 *     events: Samples            leaf samples; with opcodes also those that ran Specialized, and Generic: what could be
 *                                specialized and is not. KCachegrind colours and sorts by any of them
 *
 * A call is one instruction calling one function; its cost is the samples in which it was on the stack, under recursion
 * one a sample. How often it was made a sampler does not know; readers take 0 for "no call", so the number of calls is
 * that of samples, and the description says so.
 *
 * Functions of one name in one file would be one to these readers, and their offsets would collide: such names get
 * their first line. Names are given a number where they are first used; "(3) name" also keeps a name that begins with a
 * bracket from being taken for a number. There is no "ob=": readers would disassemble that file at our offsets.
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collect/linestats.h"
#include "collect/report.h"
#include "collect/sites.h"
#include "collect/spots.h"
#include "output/sink.h"
#include "output/text.h"
#include "util/cleanup.h"
#include "util/options.h"

#define NO_NAME "???" /* what callgrind writes for it */

enum event { SAMPLES, SPECIALIZED, GENERIC, EVENTS };

/* A line of costs: of an instruction itself, or of what it called. */
struct cost_line {
	uint32_t function; /* of spots */
	int32_t offset;
	int32_t line;
	uint32_t callee; /* 0: the instruction itself */
	uint64_t cost[EVENTS];
};

struct callgrind {
	struct ty_report report;
	size_t events;
	struct ty_spots spots;
	uint32_t *spot_of_node;
	uint32_t *call_of_node;        /* number of the line of the call that made its frame; 0: none */
	struct ty_map line_numbers[3]; /* function, offset -> line -> callee -> number */
	TY_ARRAY(struct cost_line) lines;
	struct ty_map names; /* file and name -> how many functions have them */
	bool *is_named;      /* by function: its number has been written with its name */
	bool *is_file_named; /* by string */
};

static struct cost_line *find_line(struct callgrind *callgrind, uint32_t node, uint32_t callee, uint32_t *number)
{
	const struct ty_spot *spot = ty_spots_get(&callgrind->spots, callgrind->spot_of_node[node]);
	int32_t offset = callgrind->report.stacks.tree.nodes.items[node].site.offset;
	uint64_t found = (uint64_t)spot->function << 32 | (uint32_t)offset;

	found = ty_map_number(&callgrind->line_numbers[0], found);
	if (found)
		found = ty_map_number(&callgrind->line_numbers[1], found << 32 | (uint32_t)spot->line);
	if (found)
		found = ty_map_number_in(&callgrind->line_numbers[2], found << 32 | callee, &callgrind->lines);
	if (!found)
		return NULL;
	*number = (uint32_t)found;
	if (found > callgrind->lines.count)
		*ty_array_push(&callgrind->lines) =
		        (struct cost_line){ spot->function, offset, spot->line, callee, { 0 } };
	return &callgrind->lines.items[found - 1];
}

/* Gives every node its line, and the call that led to it, in the order of nodes. */
static int find_lines(struct callgrind *callgrind)
{
	const struct ty_calltree *tree = &callgrind->report.stacks.tree;
	uint32_t number;

	for (uint32_t node = 1; node < tree->nodes.count; node++) {
		uint32_t parent = tree->nodes.items[node].parent;
		struct cost_line *line = find_line(callgrind, node, 0, &number);

		if (!line)
			return -ENOMEM;
		line->cost[SAMPLES] += tree->nodes.items[node].self;
		if (!parent)
			continue;
		number = ty_spots_get(&callgrind->spots, callgrind->spot_of_node[node])->function;
		if (!find_line(callgrind, parent, number, &callgrind->call_of_node[node]))
			return -ENOMEM;
	}
	return 0;
}

/* Leaf samples of an event, by node; then those at or below it. */
static uint64_t *count_event(struct callgrind *callgrind, enum event event)
{
	static const enum ty_adaptation ADAPTATIONS[] = {
		[SPECIALIZED] = TY_SPECIALIZED,
		[GENERIC] = TY_GENERIC,
	};
	const struct ty_stacks *stacks = &callgrind->report.stacks;
	uint64_t *totals = calloc(stacks->tree.nodes.count, sizeof(*totals));
	uint32_t number;

	if (event == SAMPLES) {
		free(totals);
		return ty_calltree_totals(&stacks->tree);
	}
	for (size_t i = 0; totals && i < stacks->instructions.leaves.count; i++) {
		const struct ty_leaf *leaf = &stacks->instructions.leaves.items[i];

		if (!leaf->name || ty_adaptation_of(leaf->flags, leaf->opcode_flags) != ADAPTATIONS[event])
			continue;
		totals[leaf->node] += leaf->samples;
		find_line(callgrind, leaf->node, 0, &number)->cost[event] += leaf->samples;
	}
	for (size_t i = stacks->tree.nodes.count; totals && i-- > 1;)
		totals[stacks->tree.nodes.items[i].parent] += totals[i];
	return totals;
}

static int count(struct callgrind *callgrind)
{
	for (size_t event = 0; event < callgrind->events; event++) {
		_cleanup_free_ uint64_t *totals = count_event(callgrind, (enum event)event);
		_cleanup_free_ struct ty_linestat *stats = NULL;

		if (totals)
			stats = ty_linestats_count(&callgrind->report.stacks.tree, totals, callgrind->call_of_node,
			                           callgrind->lines.count);
		if (!stats)
			return -ENOMEM;
		for (size_t i = 0; i < callgrind->lines.count; i++)
			callgrind->lines.items[i].cost[event] += stats[i].cumulative;
	}
	return 0;
}

static uint64_t name_key(const struct ty_spot_function *function)
{
	return (uint64_t)function->file << 32 | function->name;
}

static int count_names(struct callgrind *callgrind)
{
	const struct ty_spots *spots = &callgrind->spots;

	for (uint32_t i = 1; i <= spots->functions.count; i++) {
		uint64_t key = name_key(ty_spots_function(spots, i));
		const uint64_t *known = ty_map_get(&callgrind->names, key);

		if (!ty_map_put(&callgrind->names, key, known ? *known + 1 : 1))
			return -ENOMEM;
	}
	return 0;
}

static int ascending(int64_t left, int64_t right)
{
	return (left > right) - (left < right);
}

static int by_position(const void *left, const void *right)
{
	const struct cost_line *a = left, *b = right;
	int order = ascending(a->function, b->function);

	if (order == 0)
		order = ascending(a->offset, b->offset);
	if (order == 0)
		order = ascending(a->line, b->line);
	return order ? order : ascending(a->callee, b->callee);
}

static int prepare(struct callgrind *callgrind)
{
	const struct ty_stacks *stacks = &callgrind->report.stacks;
	int error;

	ty_spots_init(&callgrind->spots, stacks->target);
	callgrind->spot_of_node = ty_spots_of_tree(&callgrind->spots, &stacks->tree);
	callgrind->call_of_node = calloc(stacks->tree.nodes.count, sizeof(*callgrind->call_of_node));
	if (!callgrind->spot_of_node || !callgrind->call_of_node)
		return -ENOMEM;
	error = find_lines(callgrind);
	if (!error)
		error = count(callgrind);
	if (!error)
		error = count_names(callgrind);
	if (error)
		return error;
	callgrind->is_named = calloc(callgrind->spots.functions.count + 1, sizeof(bool));
	callgrind->is_file_named = calloc(callgrind->spots.places.strings.strings.count + 1, sizeof(bool));
	if (!callgrind->is_named || !callgrind->is_file_named)
		return -ENOMEM;
	if (callgrind->lines.count)
		qsort(callgrind->lines.items, callgrind->lines.count, sizeof(*callgrind->lines.items), by_position);
	return 0;
}

static void release(struct callgrind *callgrind)
{
	free(ty_steal_ptr(callgrind->spot_of_node));
	free(ty_steal_ptr(callgrind->call_of_node));
	free(ty_steal_ptr(callgrind->is_named));
	free(ty_steal_ptr(callgrind->is_file_named));
	for (size_t i = 0; i < sizeof(callgrind->line_numbers) / sizeof(*callgrind->line_numbers); i++)
		ty_map_free(&callgrind->line_numbers[i]);
	ty_map_free(&callgrind->names);
	ty_array_free(&callgrind->lines);
	ty_spots_free(&callgrind->spots);
}

static void print_name(ty_sink *sink, const char *name)
{
	_cleanup_free_ char *clean = ty_text_clean(name, TY_TEXT_LINE);

	if (!clean)
		ty_sink_fail(sink, -ENOMEM);
	else
		ty_print_string(sink, clean[strspn(clean, " ")] ? clean : NO_NAME);
}

/* "fl=(2) /src/app.py", "cfi=(2)". */
static void print_file(struct callgrind *callgrind, const char *key, const struct ty_spot_function *function)
{
	ty_sink *sink = callgrind->report.sink;
	const char *name =
	        function->is_artificial ? NO_NAME : ty_places_string(&callgrind->spots.places, function->file);

	ty_print(sink, "%s=(%" PRIu32 ")", key, function->file);
	if (!callgrind->is_file_named[function->file]) {
		ty_print_string(sink, " ");
		print_name(sink, name);
	}
	callgrind->is_file_named[function->file] = true;
	ty_print_string(sink, "\n");
}

static void print_function(struct callgrind *callgrind, const char *key, uint32_t number)
{
	const struct ty_spot_function *function = ty_spots_function(&callgrind->spots, number);
	ty_sink *sink = callgrind->report.sink;

	ty_print(sink, "%s=(%" PRIu32 ")", key, number);
	if (!callgrind->is_named[number]) {
		ty_print_string(sink, " ");
		print_name(sink, ty_places_string(&callgrind->spots.places, function->name));
		if (*ty_map_get(&callgrind->names, name_key(function)) > 1)
			ty_print(sink, " (line %" PRIu32 ")", function->first_line);
	}
	callgrind->is_named[number] = true;
	ty_print_string(sink, "\n");
}

static void print_costs(struct callgrind *callgrind, const uint64_t *costs)
{
	for (size_t i = 0; i < callgrind->events; i++)
		ty_print(callgrind->report.sink, " %" PRIu64, costs[i]);
	ty_print_string(callgrind->report.sink, "\n");
}

/* What is not known is 0. */
static int32_t at_least_zero(int32_t value)
{
	return value < 0 ? 0 : value;
}

static void print_line(struct callgrind *callgrind, const struct cost_line *line)
{
	ty_sink *sink = callgrind->report.sink;

	if (line->callee) {
		const struct ty_spot_function *callee = ty_spots_function(&callgrind->spots, line->callee);

		print_file(callgrind, "cfi", callee);
		print_function(callgrind, "cfn", line->callee);
		ty_print(sink, "calls=%" PRIu64 " 0x0 %" PRIu32 "\n", line->cost[SAMPLES], callee->first_line);
	}
	ty_print(sink, "0x%" PRIx32 " %" PRId32, (uint32_t)at_least_zero(line->offset), at_least_zero(line->line));
	print_costs(callgrind, line->cost);
}

static void print_lines(struct callgrind *callgrind)
{
	uint32_t function = 0;

	for (size_t i = 0; i < callgrind->lines.count; i++) {
		const struct cost_line *line = &callgrind->lines.items[i];

		if (!line->cost[SAMPLES])
			continue;
		if (line->function != function) {
			function = line->function;
			ty_print_string(callgrind->report.sink, "\n");
			print_file(callgrind, "fl", ty_spots_function(&callgrind->spots, function));
			print_function(callgrind, "fn", function);
		}
		print_line(callgrind, line);
	}
}

static void print_head(struct callgrind *callgrind)
{
	const struct ty_report *report = &callgrind->report;
	const uint64_t *verdicts = report->stacks.verdicts;
	ty_sink *sink = report->sink;
	char version[TY_VERSION_BYTES];

	ty_print(sink, "# callgrind format\nversion: 1\ncreator: libtachyon " TY_VERSION "\npid: %" PRId32 "\n",
	         ty_report_target(report).pid);
	ty_print(sink, "desc: Target: Python %s\n", ty_report_python_version(report, version));
	ty_print(sink, "desc: Interval: %" PRIu64 " ns\n", ty_report_interval_ns(report));
	ty_print(sink,
	         "desc: Stacks: %" PRIu64 " verified, %" PRIu64 " repaired, %" PRIu64 " torn, %" PRIu64
	         " incomplete, %" PRIu64 " unreadable\n",
	         verdicts[TY_VERIFIED], verdicts[TY_REPAIRED], verdicts[TY_TORN], verdicts[TY_INCOMPLETE],
	         verdicts[TY_FAILED]);
	ty_print_string(sink, "desc: Calls: samples in which the call was on the stack; how often it was made is not "
	                      "known\n"
	                      "positions: instr line\n");
	ty_print_string(sink, callgrind->events == EVENTS ? "event: Specialized : Samples of specialized instructions\n"
	                                                    "event: Generic : Samples of instructions that could be "
	                                                    "specialized and are not\n"
	                                                    "events: Samples Specialized Generic\n"
	                                                  : "events: Samples\n");
}

static void print_summary(struct callgrind *callgrind)
{
	uint64_t sums[EVENTS] = { 0 };

	for (size_t i = 0; i < callgrind->lines.count; i++)
		for (size_t event = 0; event < EVENTS && !callgrind->lines.items[i].callee; event++)
			sums[event] += callgrind->lines.items[i].cost[event];
	ty_print_string(callgrind->report.sink, "\ntotals:");
	print_costs(callgrind, sums);
}

static int write_callgrind(struct ty_report *report)
{
	struct callgrind *callgrind = (struct callgrind *)report;
	int error = prepare(callgrind);

	if (!error) {
		print_head(callgrind);
		print_lines(callgrind);
		print_summary(callgrind);
	}
	release(callgrind);
	return error;
}

int ty_callgrind_new(const ty_callgrind_options *options, ty_sink *sink, ty_collector **collector)
{
	struct callgrind *callgrind = calloc(1, sizeof(*callgrind));
	struct ty_report_options report = { .by_thread = false };
	ty_callgrind_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	if (callgrind)
		callgrind->events = known.opcodes ? EVENTS : SAMPLES + 1;
	return ty_report_new(callgrind ? &callgrind->report : NULL, &report, sink, write_callgrind, collector);
}
