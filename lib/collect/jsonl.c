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
 *     thread_table     threads: thread_id, tid, interpreter, main, name
 *     stack_table      stacks: stack_id, parent_id (absent: outermost), frame_id; with option stacks
 *     agg "stack"      entries: stack_id, thread_id, self; with option stacks
 *     agg "instruction" entries: frame_id, offset, opcode, opname, base_opname, specialized, argument, self; with
 * option opcodes. Leaf samples, by offset: two BINARY_OPs of one line are two entries end              duration_ns and
 * how far the stacks can be trusted
 *
 * Tables are cut into records of at most 256 entries, so that no line grows without bound. Columns count bytes of
 * UTF-8.
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include <tachyon/opcode.h>

#include "collect/fold.h"
#include "collect/linestats.h"
#include "collect/report.h"
#include "collect/spots.h"
#include "output/json.h"
#include "output/sink.h"
#include "util/cleanup.h"
#include "util/options.h"

#define CHUNK_ENTRIES 256
#define RUN_ID_BYTES 16

struct jsonl {
	struct ty_report report;
	bool with_stacks;
	struct ty_json json;
	struct ty_spots spots;
	uint32_t *spot_of_node;
	char run_id[2 * RUN_ID_BYTES + 1];
};

/* A table that is cut into records. */
struct table {
	struct jsonl *jsonl;
	const char *type;
	const char *kind; /* of an agg; NULL for others */
	const char *key;  /* of the array */
	size_t entries;
};

static int make_run_id(struct jsonl *jsonl)
{
	unsigned char bytes[RUN_ID_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -errno;
	bytes[6] = (bytes[6] & 0x0f) | 0x40; /* version 4, variant 1: RFC 9562 */
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(jsonl->run_id + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

static void begin_record(struct jsonl *jsonl, const char *type)
{
	struct ty_json *json = &jsonl->json;

	ty_json_begin(json, '{');
	ty_json_member_string(json, "type", type);
	ty_json_member_int(json, "v", 0);
	ty_json_member_string(json, "run_id", jsonl->run_id);
}

static void end_record(struct jsonl *jsonl)
{
	ty_json_end(&jsonl->json, '}');
	ty_json_newline(&jsonl->json);
}

static void end_table(struct table *table)
{
	if (!table->entries)
		return;
	ty_json_end(&table->jsonl->json, ']');
	end_record(table->jsonl);
	table->entries = 0;
}

/* Opens an entry, and a record for it where the last one is full. */
static struct ty_json *begin_entry(struct table *table)
{
	struct ty_json *json = &table->jsonl->json;

	if (table->entries == CHUNK_ENTRIES)
		end_table(table);
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

static void write_meta(struct jsonl *jsonl)
{
	const struct ty_report *report = &jsonl->report;
	struct ty_json *json = &jsonl->json;
	uint64_t interval_ns = ty_report_interval_ns(report);
	char version[TY_VERSION_BYTES];

	begin_record(jsonl, "meta");
	ty_json_member_uint(json, "sample_interval_usec", (interval_ns + 999) / 1000);
	ty_json_member_string(json, "mode", "wall");
	ty_json_member_string(json, "producer", "libtachyon " TY_VERSION);
	ty_json_member_int(json, "pid", ty_report_target(report).pid);
	ty_json_member_string(json, "python_version", ty_report_python_version(report, version));
	ty_json_member_bool(json, "opcodes", report->stacks.with_instructions);
	ty_json_member_uint(json, "start_unix_ns", report->run.start_unix_ns);
	ty_json_member_uint(json, "interval_ns", interval_ns);
	end_record(jsonl);
}

static void write_strings(struct jsonl *jsonl)
{
	struct table table = { .jsonl = jsonl, .type = "string_table", .key = "strings" };
	const struct ty_strtab *strings = &jsonl->spots.places.strings;

	for (uint32_t i = 0; i < strings->strings.count; i++) {
		struct ty_json *json = begin_entry(&table);

		ty_json_member_uint(json, "str_id", i);
		ty_json_member_string(json, "value", ty_strtab_get(strings, i + 1));
		ty_json_end(json, '}');
	}
	end_table(&table);
}

/* What is not known is left out, as the schema has it. */
static void write_frame(struct jsonl *jsonl, struct ty_json *json, const struct ty_spot *spot)
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

static void write_frames(struct jsonl *jsonl)
{
	struct table table = { .jsonl = jsonl, .type = "frame_table", .key = "frames" };

	for (uint32_t i = 0; i < jsonl->spots.spots.count; i++) {
		struct ty_json *json = begin_entry(&table);

		ty_json_member_uint(json, "frame_id", i);
		write_frame(jsonl, json, ty_spots_get(&jsonl->spots, i + 1));
		ty_json_end(json, '}');
	}
	end_table(&table);
}

static void write_threads(struct jsonl *jsonl)
{
	struct table table = { .jsonl = jsonl, .type = "thread_table", .key = "threads" };

	for (size_t i = 0; i < jsonl->report.stacks.identities.count; i++) {
		const struct ty_stacks_identity *thread = &jsonl->report.stacks.identities.items[i];
		struct ty_json *json = begin_entry(&table);

		ty_json_member_uint(json, "thread_id", i);
		ty_json_member_uint(json, "tid", thread->id);
		ty_json_member_int(json, "interpreter", thread->interpreter);
		ty_json_member_bool(json, "main", thread->is_main);
		ty_json_member_string(json, "name", thread->name);
		ty_json_end(json, '}');
	}
	end_table(&table);
}

static int write_samples_by_frame(struct jsonl *jsonl)
{
	struct table table = { .jsonl = jsonl, .type = "agg", .kind = "frame", .key = "entries" };
	const struct ty_calltree *tree = &jsonl->report.stacks.tree;
	_cleanup_free_ uint64_t *totals = ty_calltree_totals(tree);
	_cleanup_free_ struct ty_linestat *stats = NULL;

	if (totals)
		stats = ty_linestats_count(tree, totals, jsonl->spot_of_node, jsonl->spots.spots.count);
	if (!stats)
		return -ENOMEM;
	for (size_t i = 0; i < jsonl->spots.spots.count; i++) {
		struct ty_json *json = begin_entry(&table);

		ty_json_member_uint(json, "frame_id", i);
		ty_json_member_uint(json, "self", stats[i].direct);
		ty_json_member_uint(json, "cumulative", stats[i].cumulative);
		ty_json_end(json, '}');
	}
	end_table(&table);
	return 0;
}

static int write_samples_by_instruction(struct jsonl *jsonl)
{
	struct table table = { .jsonl = jsonl, .type = "agg", .kind = "instruction", .key = "entries" };
	size_t count = 0;
	_cleanup_free_ struct ty_fold_instruction *rows =
	        ty_fold_instructions(&jsonl->report.stacks, jsonl->spot_of_node, &count);

	for (size_t i = 0; rows && i < count; i++) {
		const struct ty_leaf *leaf = rows[i].leaf;
		struct ty_json *json = begin_entry(&table);

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
	end_table(&table);
	return rows ? 0 : -ENOMEM;
}

/* The thread that a node belongs to, by node. */
static uint32_t *threads_of_nodes(const struct ty_calltree *tree)
{
	uint32_t *threads = calloc(tree->nodes.count, sizeof(*threads));

	for (size_t i = 1; threads && i < tree->nodes.count; i++) {
		const struct ty_callnode *node = &tree->nodes.items[i];

		threads[i] = node->site.kind == TY_CALLTREE_THREAD ? node->site.function : threads[node->parent];
	}
	return threads;
}

static void write_stack_table(struct jsonl *jsonl, const struct ty_calltree *stacks)
{
	struct table table = { .jsonl = jsonl, .type = "stack_table", .key = "stacks" };

	for (uint32_t i = 1; i < stacks->nodes.count; i++) {
		const struct ty_callnode *node = &stacks->nodes.items[i];
		struct ty_json *json;

		if (node->site.kind == TY_CALLTREE_THREAD)
			continue;
		json = begin_entry(&table);
		ty_json_member_uint(json, "stack_id", i);
		if (stacks->nodes.items[node->parent].site.kind != TY_CALLTREE_THREAD)
			ty_json_member_uint(json, "parent_id", node->parent);
		ty_json_member_uint(json, "frame_id", node->site.function - 1);
		ty_json_end(json, '}');
	}
	end_table(&table);
}

static void write_samples_by_stack(struct jsonl *jsonl, const struct ty_calltree *stacks, const uint32_t *threads)
{
	struct table table = { .jsonl = jsonl, .type = "agg", .kind = "stack", .key = "entries" };

	for (uint32_t i = 1; i < stacks->nodes.count; i++) {
		struct ty_json *json;

		if (!stacks->nodes.items[i].self)
			continue;
		json = begin_entry(&table);
		ty_json_member_uint(json, "stack_id", i);
		ty_json_member_uint(json, "thread_id", threads[i]);
		ty_json_member_uint(json, "self", stacks->nodes.items[i].self);
		ty_json_end(json, '}');
	}
	end_table(&table);
}

static int write_stacks(struct jsonl *jsonl)
{
	struct ty_calltree folded;
	_cleanup_free_ uint32_t *where = ty_fold(&jsonl->report.stacks.tree, jsonl->spot_of_node, &folded);
	_cleanup_free_ uint32_t *threads = NULL;

	if (!where)
		return -ENOMEM;
	threads = threads_of_nodes(&folded);
	if (threads) {
		write_stack_table(jsonl, &folded);
		write_samples_by_stack(jsonl, &folded, threads);
	}
	ty_calltree_free(&folded);
	return threads ? 0 : -ENOMEM;
}

static void write_end(struct jsonl *jsonl)
{
	const ty_run_summary *summary = &jsonl->report.summary;
	struct ty_json *json = &jsonl->json;

	begin_record(jsonl, "end");
	ty_json_member_uint(json, "samples_total", jsonl->report.stacks.counted);
	ty_json_member_uint(json, "duration_ns", summary->duration_ns);
	ty_report_write_verdicts(&jsonl->report, json);
	end_record(jsonl);
}

static int write_records(struct jsonl *jsonl)
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
		error = write_stacks(jsonl);
	write_end(jsonl);
	return error;
}

static int write_jsonl(struct ty_report *report)
{
	struct jsonl *jsonl = (struct jsonl *)report;
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
	struct jsonl *jsonl = calloc(1, sizeof(*jsonl));
	ty_jsonl_options known;
	struct ty_report_options report = { .by_thread = true };

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	if (jsonl)
		jsonl->with_stacks = known.stacks != 0;
	return ty_report_new(jsonl ? &jsonl->report : NULL, &report, sink, write_jsonl, collector);
}
