/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file: Firefox Profiler's "processed profile format", version 60, the first in which all threads share one stack
 * table, so that a function is one function whatever thread calls it. Facts: docs-developer/CHANGELOG-formats.md and
 * src/types/profile.ts of https://github.com/firefox-devtools/profiler; newer versions of it upgrade the file.
 *
 * Tables are written column by column; the columns of samples and markers are read from the spool once a column.
 * Times are milliseconds from the begin of profiling, whose date is meta.startTime. Lines and columns count from 1.
 *
 * Facts are the target's: process id, version, thread ids and names.
 */
#include "collect/gecko.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/utsname.h>

#define FORMAT_VERSION 60 /* of processed profiles */
#define GECKO_VERSION 32  /* of what Firefox itself writes; readers ask for one */
#define NS_DECIMALS 6     /* of a millisecond */
#define INTERVAL_PHASE "1"

static const struct {
	const char *name;
	const char *color;
} CATEGORIES[] = {
	[TY_GECKO_OTHER] = { "Other", "grey" },
	[TY_GECKO_PYTHON] = { "Python", "yellow" },
	[TY_GECKO_NATIVE] = { "Native", "blue" },
	[TY_GECKO_GC] = { "GC", "orange" },
	[TY_GECKO_GIL] = { "GIL", "green" },
	[TY_GECKO_CPU] = { "CPU", "purple" },
	[TY_GECKO_CODE] = { "Code Type", "red" },
	[TY_GECKO_OPCODES] = { "Opcodes", "magenta" },
	[TY_GECKO_EXCEPTION] = { "Exception", "lightblue" },
};

/* Types of markers by state: those of CPython's profiler. */
static const char *const TYPES[TY_STATE_FIRST_OPCODE] = {
	[TY_STATE_HAS_GIL] = "HasGIL",
	[TY_STATE_NO_GIL] = "NoGIL",
	[TY_STATE_WAITING_FOR_GIL] = "WaitingforGIL",
	[TY_STATE_ON_CPU] = "OnCPU",
	[TY_STATE_OFF_CPU] = "OffCPU",
	[TY_STATE_PYTHON_CODE] = "PythonCode",
	[TY_STATE_NATIVE_CODE] = "NativeCode",
	[TY_STATE_COLLECTING] = "GCCollecting",
	[TY_STATE_HAS_EXCEPTION] = "HasException",
	[TY_STATE_NO_EXCEPTION] = "NoException",
};

static const enum ty_gecko_category CATEGORY_OF_TRACK[TY_TRACKS] = {
	[TY_TRACK_GIL] = TY_GECKO_GIL,        [TY_TRACK_WAIT] = TY_GECKO_GIL, [TY_TRACK_CPU] = TY_GECKO_CPU,
	[TY_TRACK_CODE] = TY_GECKO_CODE,      [TY_TRACK_GC] = TY_GECKO_GC,    [TY_TRACK_EXCEPTION] = TY_GECKO_EXCEPTION,
	[TY_TRACK_OPCODE] = TY_GECKO_OPCODES,
};

static void write_categories(struct ty_json *json)
{
	ty_json_open(json, "categories", '[');
	for (size_t i = 0; i < sizeof(CATEGORIES) / sizeof(*CATEGORIES); i++) {
		ty_json_begin(json, '{');
		ty_json_member_string(json, "name", CATEGORIES[i].name);
		ty_json_member_string(json, "color", CATEGORIES[i].color);
		ty_json_open(json, "subcategories", '[');
		ty_json_string(json, "Other");
		ty_json_end(json, ']');
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

static void begin_schema(struct ty_json *json, const char *name, const char *label, const char *table_label)
{
	ty_json_begin(json, '{');
	ty_json_member_string(json, "name", name);
	ty_json_open(json, "display", '[');
	ty_json_string(json, "marker-chart");
	ty_json_string(json, "marker-table");
	ty_json_end(json, ']');
	ty_json_member_string(json, "tooltipLabel", label);
	ty_json_member_string(json, "tableLabel", table_label);
	ty_json_member_string(json, "chartLabel", label);
	ty_json_open(json, "fields", '[');
}

static void write_field(struct ty_json *json, const char *key, const char *label, const char *format)
{
	ty_json_begin(json, '{');
	ty_json_member_string(json, "key", key);
	ty_json_member_string(json, "label", label);
	ty_json_member_string(json, "format", format);
	ty_json_end(json, '}');
}

static void end_schema(struct ty_json *json)
{
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

static void write_schemas(struct ty_json *json)
{
	ty_json_open(json, "markerSchema", '[');
	for (size_t i = TY_STATE_NONE + 1; i < TY_STATE_FIRST_OPCODE; i++) {
		begin_schema(json, TYPES[i], "{marker.name}", "{marker.name}");
		end_schema(json);
	}
	begin_schema(json, "Opcode", "{marker.data.opname}", "{marker.data.opname} at line {marker.data.line}");
	write_field(json, "opname", "Opcode", "string");
	write_field(json, "base_opname", "Base Opcode", "string");
	write_field(json, "is_specialized", "Specialized", "string");
	write_field(json, "opcode", "Opcode Number", "integer");
	write_field(json, "offset", "Bytecode Offset", "integer");
	write_field(json, "line", "Line", "integer");
	write_field(json, "column", "Column", "integer");
	write_field(json, "function", "Function", "string");
	end_schema(json);
	ty_json_end(json, ']');
}

static void write_fact(struct ty_json *json, const char *label, uint64_t value)
{
	ty_json_begin(json, '{');
	ty_json_member_string(json, "label", label);
	ty_json_member_string(json, "format", "integer");
	ty_json_member_uint(json, "value", value);
	ty_json_end(json, '}');
}

/* A section of the page's information about the profile. */
static void write_trust(struct ty_gecko_writer *writer)
{
	const struct ty_report *report = &writer->timeline->report;
	const uint64_t *verdicts = report->stacks.verdicts;
	struct ty_json *json = &writer->json;

	ty_json_open(json, "extra", '[');
	ty_json_begin(json, '{');
	ty_json_member_string(json, "label", "Stacks");
	ty_json_open(json, "entries", '[');
	write_fact(json, "Verified", verdicts[TY_VERIFIED]);
	write_fact(json, "Repaired", verdicts[TY_REPAIRED]);
	write_fact(json, "Torn", verdicts[TY_TORN]);
	write_fact(json, "Incomplete", verdicts[TY_INCOMPLETE]);
	write_fact(json, "Unreadable", verdicts[TY_FAILED]);
	write_fact(json, "Missed samples", report->summary.missed);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
	ty_json_end(json, ']');
}

static void write_platform(struct ty_json *json)
{
	struct utsname system = { 0 };

	/* The target runs under the same kernel. */
	uname(&system);
	ty_json_member_string(json, "abi", system.machine);
	ty_json_member_string(json, "oscpu", system.machine);
	ty_json_member_string(json, "platform", system.sysname);
	ty_json_member_string(json, "toolkit", "");
	ty_json_member_string(json, "misc", "");
}

static void write_meta(struct ty_gecko_writer *writer)
{
	const struct ty_report *report = &writer->timeline->report;
	struct ty_json *json = &writer->json;
	char version[TY_VERSION_BYTES], product[TY_VERSION_BYTES + 8];

	snprintf(product, sizeof(product), "Python %s", ty_report_python_version(report, version));
	ty_json_open(json, "meta", '{');
	ty_json_key(json, "interval");
	ty_json_fixed(json, (int64_t)ty_report_interval_ns(report), NS_DECIMALS);
	ty_json_key(json, "startTime");
	ty_json_fixed(json, (int64_t)report->run.start_unix_ns, NS_DECIMALS);
	ty_json_member_int(json, "profilingStartTime", 0);
	ty_json_key(json, "profilingEndTime");
	ty_json_fixed(json, (int64_t)report->summary.duration_ns, NS_DECIMALS);
	ty_json_member_int(json, "version", GECKO_VERSION);
	ty_json_member_int(json, "preprocessedProfileVersion", FORMAT_VERSION);
	ty_json_member_int(json, "processType", 0);
	ty_json_member_int(json, "stackwalk", 0);
	ty_json_member_int(json, "debug", 0);
	ty_json_member_string(json, "product", product);
	ty_json_member_string(json, "importedFrom", "libtachyon " TY_VERSION);
	ty_json_member_bool(json, "symbolicated", true);
	ty_json_member_bool(json, "usesOnlyOneStackType", true);
	ty_json_member_bool(json, "sourceCodeIsNotOnSearchfox", true);
	write_platform(json);
	write_categories(json);
	write_schemas(json);
	write_trust(writer);
	ty_json_end(json, '}');
}

/* ---- threads ---- */

/* A column of a thread, made from one of its streams; rows come as `put` is called for them. */
struct column {
	const char *key;
	/* One row; the numbers are those of the stream. */
	void (*put)(struct ty_gecko_writer *writer, const uint64_t *row);
};

static void put_stack(struct ty_gecko_writer *writer, const uint64_t *row)
{
	if (row[TY_SAMPLE_NODE])
		ty_json_uint(&writer->json, writer->stack_of_node[row[TY_SAMPLE_NODE]] - 1);
	else
		ty_json_null(&writer->json);
}

static void put_time(struct ty_gecko_writer *writer, const uint64_t *row)
{
	writer->time_ns += row[TY_SAMPLE_DELTA_NS];
	ty_json_fixed(&writer->json, (int64_t)writer->time_ns, NS_DECIMALS);
}

static const struct ty_form *form_of(const struct ty_gecko_writer *writer, uint64_t state)
{
	return state < TY_STATE_FIRST_OPCODE ? NULL : &writer->timeline->forms.items[state - TY_STATE_FIRST_OPCODE];
}

static void put_opcode(struct ty_gecko_writer *writer, const struct ty_form *form)
{
	struct ty_json *json = &writer->json;
	const struct ty_places *places = &writer->spots.places;
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };
	char label[TY_LABEL_BYTES];

	ty_json_member_string(json, "opname", ty_form_label(form, label));
	ty_json_member_string(json, "base_opname", form->base_name);
	ty_json_member_bool(json, "is_specialized", form->is_specialized);
	ty_json_member_uint(json, "opcode", form->opcode);
	ty_json_member_int(json, "offset", form->frame.offset);
	if (ty_location(places->target, &form->frame, &location) == 0 && location.line >= 0)
		ty_json_member_int(json, "line", location.line);
	if (location.column >= 0)
		ty_json_member_int(json, "column", location.column);
	if (ty_function(places->target, form->frame.function, &function) == 0)
		ty_json_member_string(json, "function", function.qualname);
}

static void put_data(struct ty_gecko_writer *writer, const uint64_t *row)
{
	const struct ty_form *form = form_of(writer, row[TY_SPAN_STATE]);
	struct ty_json *json = &writer->json;

	ty_json_begin(json, '{');
	ty_json_member_string(json, "type", form ? "Opcode" : TYPES[row[TY_SPAN_STATE]]);
	if (form)
		put_opcode(writer, form);
	ty_json_end(json, '}');
}

static void put_name(struct ty_gecko_writer *writer, const uint64_t *row)
{
	ty_json_uint(&writer->json, ty_gecko_state_string(writer, row[TY_SPAN_STATE]));
}

static void put_start(struct ty_gecko_writer *writer, const uint64_t *row)
{
	ty_json_fixed(&writer->json, (int64_t)row[TY_SPAN_SINCE_NS], NS_DECIMALS);
}

static void put_end(struct ty_gecko_writer *writer, const uint64_t *row)
{
	ty_json_fixed(&writer->json, (int64_t)(row[TY_SPAN_SINCE_NS] + row[TY_SPAN_DURATION_NS]), NS_DECIMALS);
}

static void put_category(struct ty_gecko_writer *writer, const uint64_t *row)
{
	ty_json_int(&writer->json, CATEGORY_OF_TRACK[ty_track_of(row[TY_SPAN_STATE])]);
}

static int write_column(struct ty_gecko_writer *writer, const struct column *column, const struct ty_stream *stream,
                        size_t width)
{
	struct ty_stream_reader reader;
	uint64_t row[TY_SPAN_NUMBERS];
	int error = ty_stream_read(&reader, &writer->timeline->spool, stream);

	if (error)
		return error;
	ty_json_open(&writer->json, column->key, '[');
	writer->time_ns = 0;
	for (size_t at = 0; ty_stream_get(&reader, &row[at]);) {
		at = (at + 1) % width;
		if (at == 0)
			column->put(writer, row);
	}
	ty_json_end(&writer->json, ']');
	error = reader.error;
	ty_stream_reader_free(&reader);
	return error;
}

static int write_samples(struct ty_gecko_writer *writer, const struct ty_timeline_thread *thread)
{
	static const struct column COLUMNS[] = { { "stack", put_stack }, { "time", put_time } };
	struct ty_json *json = &writer->json;
	int error = 0;

	ty_gecko_begin_table(json, "samples", thread->sample_count);
	for (size_t i = 0; !error && i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++)
		error = write_column(writer, &COLUMNS[i], &thread->samples, TY_SAMPLE_NUMBERS);
	ty_json_key(json, "weight");
	ty_json_null(json);
	ty_json_member_string(json, "weightType", "samples");
	ty_json_end(json, '}');
	return error;
}

static int write_markers(struct ty_gecko_writer *writer, const struct ty_timeline_thread *thread)
{
	static const struct column COLUMNS[] = {
		{ "data", put_data },   { "name", put_name },         { "startTime", put_start },
		{ "endTime", put_end }, { "category", put_category },
	};
	struct ty_json *json = &writer->json;
	int error = 0;

	ty_gecko_begin_table(json, "markers", thread->span_count);
	for (size_t i = 0; !error && i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++)
		error = write_column(writer, &COLUMNS[i], &thread->spans, TY_SPAN_NUMBERS);
	ty_gecko_write_constant(json, "phase", thread->span_count, INTERVAL_PHASE);
	ty_json_end(json, '}');
	return error;
}

/* Ids are text because JavaScript's numbers end at 2^53, which what stands in for a missing id may exceed. */
static void write_id(struct ty_json *json, const char *key, uint64_t id)
{
	char text[TY_LABEL_BYTES];

	snprintf(text, sizeof(text), "%" PRIu64, id);
	ty_json_member_string(json, key, text);
}

static void write_identity(struct ty_gecko_writer *writer, const struct ty_stacks_identity *identity)
{
	struct ty_json *json = &writer->json;
	char name[TY_LABEL_BYTES];

	snprintf(name, sizeof(name), "Thread-%" PRIu64, identity->id);
	ty_json_member_string(json, "name", *identity->name ? identity->name : name);
	ty_json_member_bool(json, "isMainThread", identity->is_main);
	ty_json_member_string(json, "processType", "default");
	ty_json_member_string(json, "processName", "Python");
	write_id(json, "pid",
	         (uint64_t)(identity->pid ? identity->pid : ty_report_target(&writer->timeline->report).pid));
	write_id(json, "tid", identity->id);
}

static int write_thread(struct ty_gecko_writer *writer, size_t index)
{
	const struct ty_timeline_thread *thread = &writer->timeline->threads.items[index];
	struct ty_json *json = &writer->json;
	int error;

	ty_json_begin(json, '{');
	write_identity(writer, &writer->timeline->report.stacks.identities.items[index]);
	ty_json_member_int(json, "processStartupTime", 0);
	ty_json_key(json, "processShutdownTime");
	ty_json_null(json);
	ty_json_key(json, "registerTime");
	ty_json_fixed(json, (int64_t)thread->first_ns, NS_DECIMALS);
	ty_json_key(json, "unregisterTime");
	ty_json_fixed(json, (int64_t)thread->last_ns, NS_DECIMALS);
	ty_json_open(json, "pausedRanges", '[');
	ty_json_end(json, ']');
	error = write_samples(writer, thread);
	if (!error)
		error = write_markers(writer, thread);
	ty_json_end(json, '}');
	return error;
}

static int write_threads(struct ty_gecko_writer *writer)
{
	int error = 0;

	ty_json_open(&writer->json, "threads", '[');
	for (size_t i = 0; !error && i < writer->timeline->threads.count; i++)
		if (ty_timeline_has(writer->timeline, i))
			error = write_thread(writer, i);
	ty_json_end(&writer->json, ']');
	return error;
}

static void write_empty(struct ty_json *json, const char *key)
{
	ty_json_open(json, key, '[');
	ty_json_end(json, ']');
}

int ty_gecko_write(struct ty_timeline *timeline)
{
	struct ty_gecko_writer writer = { .timeline = timeline, .json = { .sink = timeline->report.sink } };
	int error = ty_gecko_prepare(&writer);

	if (!error) {
		ty_json_begin(&writer.json, '{');
		write_meta(&writer);
		write_empty(&writer.json, "libs");
		write_empty(&writer.json, "pages");
		ty_gecko_write_shared(&writer);
		error = write_threads(&writer);
		ty_json_end(&writer.json, '}');
	}
	ty_gecko_release(&writer);
	return error;
}
