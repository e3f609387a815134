/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector for pprof: profile.proto of https://github.com/google/pprof, gzip'ed. What go tool pprof, Pyroscope,
 * Grafana, Speedscope and the cloud profilers read.
 *
 * A location is a piece of source, with its column; a function is one by file, name and first line. A sample stands for
 * all samples of one distinct stack of a thread, with their number and time. Labels say the rest:
 *
 *     thread, thread_id                          pprof -tagroot=thread
 *     instruction, base_instruction, offset      pprof -tagleaf=instruction
 *
 * The instruction is the leaf's, in the form it was seen in: its samples are what the instruction itself was executing.
 *
 * Functions have no system_name: go tool pprof takes a name that equals it for C++ and cuts what stands in "<>" and
 * "()", the "<module>" and "<lambda>" of Python.
 *
 * Our strings begin at 1 and pprof's string 0 must be empty, so a string's number is the same in both.
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/fold.h"
#include "collect/report.h"
#include "collect/spots.h"
#include "output/gzip.h"
#include "output/protobuf.h"
#include "output/sink.h"
#include "util/cleanup.h"
#include "util/options.h"

/* Numbers of fields, by message, as in profile.proto. */
enum profile_field {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_MAPPING = 3,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING_TABLE = 6,
	PROFILE_TIME_NANOS = 9,
	PROFILE_DURATION_NANOS = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	PROFILE_COMMENT = 13,
	PROFILE_DEFAULT_SAMPLE_TYPE = 14,
};
enum value_type_field { VALUE_TYPE_TYPE = 1, VALUE_TYPE_UNIT = 2 };
enum sample_field { SAMPLE_LOCATION_ID = 1, SAMPLE_VALUE = 2, SAMPLE_LABEL = 3 };
enum label_field { LABEL_KEY = 1, LABEL_STR = 2, LABEL_NUM = 3 };
enum mapping_field { MAPPING_ID = 1, MAPPING_FILENAME = 5, MAPPING_HAS_FUNCTIONS = 7, MAPPING_HAS_INLINE = 10 };
enum location_field { LOCATION_ID = 1, LOCATION_MAPPING_ID = 2, LOCATION_LINE = 4 };
enum line_field { LINE_FUNCTION_ID = 1, LINE_LINE = 2, LINE_COLUMN = 3 };
enum function_field {
	FUNCTION_ID = 1,
	FUNCTION_NAME = 2,
	FUNCTION_FILENAME = 4,
	FUNCTION_START_LINE = 5,
};

struct pprof {
	struct ty_report report;
	ty_sink *sink; /* of what is not yet compressed */
	struct ty_protobuf message;
	struct ty_spots spots;
	struct ty_calltree tree; /* of spots */
	uint32_t *node_of_node;
	struct ty_fold_instruction *rows;
	size_t row_count;
};

/* Number of a text of ours. */
static uint32_t text(struct pprof *pprof, const char *string)
{
	uint32_t number = ty_strtab_add(&pprof->spots.places.strings, string, strlen(string));

	if (!number)
		pprof->message.failed = true;
	return number;
}

static void write_value_type(struct pprof *pprof, uint32_t field, const char *type, const char *unit)
{
	ty_protobuf_number(&pprof->message, VALUE_TYPE_TYPE, text(pprof, type));
	ty_protobuf_number(&pprof->message, VALUE_TYPE_UNIT, text(pprof, unit));
	ty_protobuf_flush(&pprof->message, field, pprof->sink);
}

static void put_label(struct pprof *pprof, const char *key, const char *value)
{
	size_t label = ty_protobuf_begin(&pprof->message, SAMPLE_LABEL);

	ty_protobuf_number(&pprof->message, LABEL_KEY, text(pprof, key));
	ty_protobuf_number(&pprof->message, LABEL_STR, text(pprof, value));
	ty_protobuf_end(&pprof->message, label);
}

static void put_number_label(struct pprof *pprof, const char *key, uint64_t value)
{
	size_t label = ty_protobuf_begin(&pprof->message, SAMPLE_LABEL);

	ty_protobuf_number(&pprof->message, LABEL_KEY, text(pprof, key));
	ty_protobuf_number(&pprof->message, LABEL_NUM, value);
	ty_protobuf_end(&pprof->message, label);
}

/* The frames of a node, leaf first, and the thread they belong to. */
static void put_stack(struct pprof *pprof, uint32_t node)
{
	const struct ty_callnode *nodes = pprof->tree.nodes.items;
	size_t locations = ty_protobuf_begin(&pprof->message, SAMPLE_LOCATION_ID);
	const struct ty_stacks_identity *thread;

	for (; nodes[node].site.kind != TY_CALLTREE_THREAD; node = nodes[node].parent)
		ty_protobuf_packed(&pprof->message, nodes[node].site.function);
	ty_protobuf_end(&pprof->message, locations);
	thread = &pprof->report.stacks.identities.items[nodes[node].site.function];
	put_label(pprof, "thread", thread->name);
	put_number_label(pprof, "thread_id", thread->id);
}

static void write_sample(struct pprof *pprof, uint32_t node, const struct ty_fold_instruction *row, uint64_t samples)
{
	size_t values;

	put_stack(pprof, node);
	values = ty_protobuf_begin(&pprof->message, SAMPLE_VALUE);
	ty_protobuf_packed(&pprof->message, samples);
	ty_protobuf_packed(&pprof->message, samples * ty_report_interval_ns(&pprof->report));
	ty_protobuf_end(&pprof->message, values);
	if (row) {
		put_label(pprof, "instruction", row->leaf->name);
		put_label(pprof, "base_instruction", row->leaf->base_name);
		put_number_label(pprof, "offset", (uint64_t)row->offset);
	}
	ty_protobuf_flush(&pprof->message, PROFILE_SAMPLE, pprof->sink);
}

/* The rows of instructions are in the order of their nodes; what they leave over has no instruction. */
static void write_samples(struct pprof *pprof)
{
	size_t row = 0;

	for (uint32_t node = 1; node < pprof->tree.nodes.count; node++) {
		uint64_t rest = pprof->tree.nodes.items[node].self;

		for (; row < pprof->row_count && pprof->rows[row].group == node; row++) {
			write_sample(pprof, node, &pprof->rows[row], pprof->rows[row].samples);
			rest -= pprof->rows[row].samples;
		}
		if (rest)
			write_sample(pprof, node, NULL, rest);
	}
}

/* pprof looks for symbols in the mapping of a location that claims to have none. */
static void write_mapping(struct pprof *pprof)
{
	ty_target_information target = ty_report_target(&pprof->report);

	ty_protobuf_number(&pprof->message, MAPPING_ID, 1);
	ty_protobuf_number(&pprof->message, MAPPING_FILENAME,
	                   text(pprof, target.runtime_path ? target.runtime_path : "python"));
	for (uint32_t field = MAPPING_HAS_FUNCTIONS; field <= MAPPING_HAS_INLINE; field++)
		ty_protobuf_number(&pprof->message, field, 1);
	ty_protobuf_flush(&pprof->message, PROFILE_MAPPING, pprof->sink);
}

static void write_locations(struct pprof *pprof)
{
	for (uint32_t i = 1; i <= pprof->spots.spots.count; i++) {
		const struct ty_spot *spot = ty_spots_get(&pprof->spots, i);
		size_t line;

		ty_protobuf_number(&pprof->message, LOCATION_ID, i);
		ty_protobuf_number(&pprof->message, LOCATION_MAPPING_ID, 1);
		line = ty_protobuf_begin(&pprof->message, LOCATION_LINE);
		ty_protobuf_number(&pprof->message, LINE_FUNCTION_ID, spot->function);
		if (spot->line > 0)
			ty_protobuf_number(&pprof->message, LINE_LINE, (uint64_t)spot->line);
		if (spot->column >= 0)
			ty_protobuf_number(&pprof->message, LINE_COLUMN, (uint64_t)spot->column + 1);
		ty_protobuf_end(&pprof->message, line);
		ty_protobuf_flush(&pprof->message, PROFILE_LOCATION, pprof->sink);
	}
}

static void write_functions(struct pprof *pprof)
{
	for (uint32_t i = 1; i <= pprof->spots.functions.count; i++) {
		const struct ty_spot_function *function = ty_spots_function(&pprof->spots, i);

		ty_protobuf_number(&pprof->message, FUNCTION_ID, i);
		ty_protobuf_number(&pprof->message, FUNCTION_NAME, function->name);
		if (!function->is_artificial)
			ty_protobuf_number(&pprof->message, FUNCTION_FILENAME, function->file);
		ty_protobuf_number(&pprof->message, FUNCTION_START_LINE, function->first_line);
		ty_protobuf_flush(&pprof->message, PROFILE_FUNCTION, pprof->sink);
	}
}

/* Fields of the profile itself are written as they are. */
static void write_field(struct pprof *pprof)
{
	ty_sink_write(pprof->sink, pprof->message.bytes.items, pprof->message.bytes.count);
	ty_array_clear(&pprof->message.bytes);
}

static void write_number(struct pprof *pprof, uint32_t field, uint64_t value)
{
	ty_protobuf_number(&pprof->message, field, value);
	write_field(pprof);
}

static void write_comment(struct pprof *pprof)
{
	const struct ty_report *report = &pprof->report;
	const uint64_t *verdicts = report->stacks.verdicts;
	char comment[256], version[TY_VERSION_BYTES];

	snprintf(comment, sizeof(comment),
	         "libtachyon " TY_VERSION ", Python %s, process %d; stacks: %llu verified, %llu repaired, %llu torn, "
	         "%llu incomplete",
	         ty_report_python_version(report, version), ty_report_target(report).pid,
	         (unsigned long long)verdicts[TY_VERIFIED], (unsigned long long)verdicts[TY_REPAIRED],
	         (unsigned long long)verdicts[TY_TORN], (unsigned long long)verdicts[TY_INCOMPLETE]);
	write_number(pprof, PROFILE_COMMENT, text(pprof, comment));
}

/* Last, because everything before may add to them. */
static void write_strings(struct pprof *pprof)
{
	const struct ty_strtab *strings = &pprof->spots.places.strings;

	for (uint32_t i = 0; i <= strings->strings.count; i++) {
		const char *string = ty_strtab_get(strings, i);

		ty_protobuf_bytes(&pprof->message, PROFILE_STRING_TABLE, string, strlen(string));
		write_field(pprof);
	}
}

static int write_profile(struct pprof *pprof)
{
	const struct ty_report *report = &pprof->report;

	write_value_type(pprof, PROFILE_SAMPLE_TYPE, "samples", "count");
	write_value_type(pprof, PROFILE_SAMPLE_TYPE, "wall", "nanoseconds");
	write_value_type(pprof, PROFILE_PERIOD_TYPE, "wall", "nanoseconds");
	write_number(pprof, PROFILE_PERIOD, ty_report_interval_ns(report));
	write_number(pprof, PROFILE_TIME_NANOS, report->run.start_unix_ns);
	write_number(pprof, PROFILE_DURATION_NANOS, report->summary.duration_ns);
	write_number(pprof, PROFILE_DEFAULT_SAMPLE_TYPE, text(pprof, "samples"));
	write_comment(pprof);
	write_samples(pprof);
	write_mapping(pprof);
	write_locations(pprof);
	write_functions(pprof);
	write_strings(pprof);
	return pprof->message.failed ? -ENOMEM : 0;
}

static int prepare(struct pprof *pprof)
{
	const struct ty_stacks *stacks = &pprof->report.stacks;
	_cleanup_free_ uint32_t *spots = NULL;

	ty_spots_init(&pprof->spots, stacks->target);
	spots = ty_spots_of_tree(&pprof->spots, &stacks->tree);
	if (spots)
		pprof->node_of_node = ty_fold(&stacks->tree, spots, &pprof->tree);
	if (pprof->node_of_node)
		pprof->rows = ty_fold_instructions(stacks, pprof->node_of_node, &pprof->row_count);
	return pprof->rows ? 0 : -ENOMEM;
}

static void release(struct pprof *pprof)
{
	if (pprof->node_of_node)
		ty_calltree_free(&pprof->tree);
	free(ty_steal_ptr(pprof->node_of_node));
	free(ty_steal_ptr(pprof->rows));
	ty_protobuf_free(&pprof->message);
	ty_spots_free(&pprof->spots);
}

static int write_pprof(struct ty_report *report)
{
	struct pprof *pprof = (struct pprof *)report;
	struct ty_gzip *gzip = NULL;
	int error = ty_gzip_new(report->sink, &gzip);

	if (!error)
		error = prepare(pprof);
	if (!error) {
		pprof->sink = ty_gzip_sink(gzip);
		error = write_profile(pprof);
	}
	if (!error)
		error = ty_gzip_finish(gzip);
	release(pprof);
	ty_gzip_free(gzip);
	return error;
}

int ty_pprof_new(const ty_pprof_options *options, ty_sink *sink, ty_collector **collector)
{
	struct pprof *pprof = calloc(1, sizeof(*pprof));
	struct ty_report_options report = { .by_thread = true };
	ty_pprof_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	return ty_report_new(pprof ? &pprof->report : NULL, &report, sink, write_pprof, collector);
}
