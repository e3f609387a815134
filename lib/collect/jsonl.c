/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON lines for scripts and agents: the records of CPython 3.15's profiling.sampling --jsonl (schema version 0), in
 * its order, so that what reads one reads the other:
 *
 *     meta, string_table…, frame_table…, agg (kind "frame")…, end
 *
 * Its schema tells readers to ignore record types and members they do not know; ours are
 *
 *     meta             producer, pid, python_version, opcodes, start_unix_ns, interval_ns
 *     thread_table     threads: thread_id, tid, pid, interpreter, main, name
 *     stack_table      stacks: stack_id, parent_id (absent: outermost), frame_id; with option stacks
 *     agg "stack"      entries: stack_id, thread_id, self; with option stacks
 *     sample_table     samples: time_ns (since the begin), thread_id, stack_id; with option times
 *     agg "instruction" entries: frame_id, offset, opcode, opname, base_opname, specialized, argument, self; with
 *                      option opcodes. Leaf samples, by offset: two BINARY_OPs of one line are two entries
 *     end              duration_ns and how far the stacks can be trusted
 *
 * Tables are cut into records of at most 256 entries, so that no line grows without bound. Columns count bytes of
 * UTF-8.
 */
#include "collect/jsonl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include <tachyon/opcode.h>

#include "collect/fold.h"
#include "collect/linestats.h"
#include "output/sink.h"
#include "util/cleanup.h"
#include "util/options.h"

#define CHUNK_ENTRIES 256

static int make_run_id(struct ty_jsonl *jsonl)
{
	unsigned char bytes[TY_RUN_ID_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -errno;
	bytes[6] = (bytes[6] & 0x0f) | 0x40; /* version 4, variant 1: RFC 9562 */
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(jsonl->run_id + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

static void begin_record(struct ty_jsonl *jsonl, const char *type)
{
	struct ty_json *json = &jsonl->json;

	ty_json_begin(json, '{');
	ty_json_member_string(json, "type", type);
	ty_json_member_int(json, "v", 0);
	ty_json_member_string(json, "run_id", jsonl->run_id);
}

static void end_record(struct ty_jsonl *jsonl)
{
	ty_json_end(&jsonl->json, '}');
	ty_json_newline(&jsonl->json);
}

void ty_jsonl_end_table(struct ty_jsonl_table *table)
{
	if (!table->entries)
		return;
	ty_json_end(&table->jsonl->json, ']');
	end_record(table->jsonl);
	table->entries = 0;
}

/* Opens an entry, and a record for it where the last one is full. */
struct ty_json *ty_jsonl_begin_entry(struct ty_jsonl_table *table)
{
	struct ty_json *json = &table->jsonl->json;

	if (table->entries == CHUNK_ENTRIES)
		ty_jsonl_end_table(table);
	if (table->entries++ == 0) {
		begin_record(table->jsonl, table->type);
		if (table->kind) {
			ty_json_member_string(json, "kind", table->kind);
			ty_json_member_string(json, "scope", "final");
			ty_json_member_uint(json, "samples_total", table->jsonl->report.stacks.counted);
		}
		ty_json_open(json, table->key, '[');
	}
	ty_json_begin(json, '{');
	return json;
}

static void write_meta(struct ty_jsonl *jsonl)
{
	const struct ty_report *report = &jsonl->report;
	struct ty_json *json = &jsonl->json;
	uint64_t interval_ns = ty_report_interval_ns(report);
	char version[TY_VERSION_BYTES];

	begin_record(jsonl, "meta");
	ty_json_member_uint(json, "sample_interval_usec", (interval_ns + 999) / 1000);
	ty_json_member_string(json, "mode", ty_report_mode(report));
	ty_json_member_string(json, "producer", "libtachyon " TY_VERSION);
	ty_json_member_int(json, "pid", ty_report_target(report).pid);
	ty_json_member_string(json, "python_version", ty_report_python_version(report, version));
	ty_json_member_bool(json, "opcodes", report->stacks.with_instructions);
	ty_json_member_uint(json, "start_unix_ns", report->run.start_unix_ns);
	ty_json_member_uint(json, "interval_ns", interval_ns);
	end_record(jsonl);
}

static void write_strings(struct ty_jsonl *jsonl)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "string_table", .key = "strings" };
	const struct ty_strtab *strings = &jsonl->spots.places.strings;

	for (uint32_t i = 0; i < strings->strings.count; i++) {
		struct ty_json *json = ty_jsonl_begin_entry(&table);

		ty_json_member_uint(json, "str_id", i);
		ty_json_member_string(json, "value", ty_strtab_get(strings, i + 1));
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
}

/* What is not known is left out, as the schema has it. */
static void write_frame(struct ty_jsonl *jsonl, struct ty_json *json, const struct ty_spot *spot)
{
	const struct ty_spot_function *function = ty_spots_function(&jsonl->spots, spot->function);

	ty_json_member_uint(json, "path_str_id", function->file - 1);
	ty_json_member_uint(json, "func_str_id", function->name - 1);
	ty_json_member_int(json, "line", spot->line);
	if (spot->end_line > 0)
		ty_json_member_int(json, "end_line", spot->end_line);
	if (spot->column >= 0)
		ty_json_member_int(json, "col", spot->column);
	if (spot->end_column >= 0)
		ty_json_member_int(json, "end_col", spot->end_column);
}

static void write_frames(struct ty_jsonl *jsonl)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "frame_table", .key = "frames" };

	for (uint32_t i = 0; i < jsonl->spots.spots.count; i++) {
		struct ty_json *json = ty_jsonl_begin_entry(&table);

		ty_json_member_uint(json, "frame_id", i);
		write_frame(jsonl, json, ty_spots_get(&jsonl->spots, i + 1));
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
}

static void write_threads(struct ty_jsonl *jsonl)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "thread_table", .key = "threads" };

	for (size_t i = 0; i < jsonl->report.stacks.identities.count; i++) {
		const struct ty_stacks_identity *thread = &jsonl->report.stacks.identities.items[i];
		struct ty_json *json = ty_jsonl_begin_entry(&table);

		ty_json_member_uint(json, "thread_id", i);
		ty_json_member_uint(json, "tid", thread->id);
		ty_json_member_int(json, "pid", thread->pid ? thread->pid : ty_report_target(&jsonl->report).pid);
		ty_json_member_int(json, "interpreter", thread->interpreter);
		ty_json_member_bool(json, "main", thread->is_main);
		ty_json_member_string(json, "name", thread->name);
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
}

static int write_samples_by_frame(struct ty_jsonl *jsonl)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "agg", .kind = "frame", .key = "entries" };
	const struct ty_calltree *tree = &jsonl->report.stacks.tree;
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(tree);
	_cleanup_free_ struct ty_linestat *stats = NULL;

	if (totals)
		stats = ty_linestats_count(tree, totals, jsonl->spot_of_node, jsonl->spots.spots.count);
	if (!stats)
		return -ENOMEM;
	for (size_t i = 0; i < jsonl->spots.spots.count; i++) {
		struct ty_json *json = ty_jsonl_begin_entry(&table);

		ty_json_member_uint(json, "frame_id", i);
		ty_json_member_uint(json, "self", stats[i].direct);
		ty_json_member_uint(json, "cumulative", stats[i].cumulative);
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
	return 0;
}

static int write_samples_by_instruction(struct ty_jsonl *jsonl)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "agg", .kind = "instruction", .key = "entries" };
	size_t count = 0;
	_cleanup_free_ struct ty_fold_instruction *rows =
	        ty_fold_instructions(&jsonl->report.stacks, jsonl->spot_of_node, &count);

	for (size_t i = 0; rows && i < count; i++) {
		const struct ty_leaf *leaf = rows[i].leaf;
		struct ty_json *json = ty_jsonl_begin_entry(&table);

		ty_json_member_uint(json, "frame_id", rows[i].group - 1);
		ty_json_member_int(json, "offset", rows[i].offset);
		ty_json_member_uint(json, "opcode", leaf->opcode);
		ty_json_member_string(json, "opname", leaf->name);
		ty_json_member_string(json, "base_opname", leaf->base_name);
		ty_json_member_bool(json, "specialized", leaf->opcode_flags & TY_OPCODE_SPECIALIZED);
		if (leaf->opcode_flags & TY_OPCODE_HAS_ARGUMENT)
			ty_json_member_uint(json, "argument", leaf->argument);
		ty_json_member_uint(json, "self", rows[i].samples);
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
	return rows ? 0 : -ENOMEM;
}

static void write_end(struct ty_jsonl *jsonl)
{
	const ty_run_summary *summary = &jsonl->report.summary;
	struct ty_json *json = &jsonl->json;

	begin_record(jsonl, "end");
	ty_json_member_uint(json, "samples_total", jsonl->report.stacks.counted);
	ty_json_member_uint(json, "duration_ns", summary->duration_ns);
	ty_report_write_verdicts(&jsonl->report, json);
	end_record(jsonl);
}

static int write_records(struct ty_jsonl *jsonl)
{
	int error;

	write_meta(jsonl);
	write_strings(jsonl);
	write_frames(jsonl);
	write_threads(jsonl);
	error = write_samples_by_frame(jsonl);
	if (!error && jsonl->report.stacks.with_instructions)
		error = write_samples_by_instruction(jsonl);
	if (!error && jsonl->with_stacks)
		error = ty_jsonl_write_stacks(jsonl);
	write_end(jsonl);
	return error;
}

static int write_jsonl(struct ty_report *report)
{
	struct ty_jsonl *jsonl = (struct ty_jsonl *)report;
	int error = make_run_id(jsonl);

	if (error)
		return error;
	jsonl->json = (struct ty_json){ .sink = report->sink };
	ty_spots_init(&jsonl->spots, report->stacks.target);
	jsonl->spot_of_node = ty_spots_of_tree(&jsonl->spots, &report->stacks.tree);
	error = jsonl->spot_of_node ? write_records(jsonl) : -ENOMEM;
	free(ty_steal_ptr(jsonl->spot_of_node));
	ty_spots_free(&jsonl->spots);
	return error;
}

int ty_jsonl_new(const ty_jsonl_options *options, ty_sink *sink, ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = ty_report_begin,
		.sample = ty_jsonl_sample,
		.end = ty_report_end,
		.destroy = ty_jsonl_destroy,
	};
	struct ty_jsonl *jsonl = calloc(1, sizeof(*jsonl));
	ty_jsonl_options known;
	struct ty_report_options report = { .by_thread = true, .callbacks = &CALLBACKS };

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	if (jsonl) {
		jsonl->with_times = known.times != 0;
		jsonl->with_stacks = known.stacks || known.times;
		ty_spool_init(&jsonl->spool);
	}
	if (known.times)
		report.observe = ty_jsonl_observe;
	else
		report.loaded = ty_report_loaded;
	return ty_report_new(jsonl ? &jsonl->report : NULL, &report, sink, write_jsonl, collector);
}
