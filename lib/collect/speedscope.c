/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector for speedscope (https://www.speedscope.app), in its file format: one "sampled" profile a thread over
 * shared frames. Facts: file-format-schema.json of speedscope 1.25.
 *
 * A sample stands for all samples of one distinct stack, its weight is their number times the sampling interval: the
 * size of the file follows the number of distinct stacks. They stand in the order in which the stacks were first seen
 * beside each other in the tree, which is no order in time; speedscope's "left heavy" and "sandwich" views do not ask
 * for one.
 *
 * A frame is a function at a line. With opcodes the leaf's instruction is one more frame, "[BINARY_OP_ADD_INT]" with
 * the line and column of its source; its time is what the instruction itself was executing.
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/fold.h"
#include "collect/places.h"
#include "collect/report.h"
#include "output/sink.h"
#include "util/cleanup.h"
#include "util/options.h"

#define SCHEMA "https://www.speedscope.app/file-format-schema.json"

/* An instruction as a frame. */
struct instruction {
	uint32_t place;
	int32_t column; /* from 0; -1: not known */
	const char *name;
};

struct speedscope {
	struct ty_report report;
	struct ty_json json;
	struct ty_places places;
	struct ty_calltree tree; /* of places */
	uint32_t *node_of_node;  /* of `tree`, by node of the stacks */
	struct ty_fold_instruction *rows;
	uint32_t *frame_of_row; /* index of the instruction's frame */
	size_t row_count;
	size_t *first_row; /* by node of `tree` */
	uint32_t *order;   /* nodes of `tree`, depth first */
	size_t order_count;
	struct ty_map site_numbers; /* place and offset -> number */
	struct ty_map instruction_numbers;
	TY_ARRAY(struct instruction) instructions; /* frames behind those of places */
	TY_ARRAY(uint32_t) path;                   /* of the sample that is written */
};

static uint32_t place_of(const struct speedscope *speedscope, uint32_t node)
{
	return speedscope->tree.nodes.items[node].site.function;
}

/* Index of the frame of an instruction, by place, offset and form: two BINARY_OPs of one line stay two. */
static int find_instruction(struct speedscope *speedscope, const struct ty_fold_instruction *row, uint32_t *index)
{
	struct ty_callsite site = speedscope->report.stacks.tree.nodes.items[row->leaf->node].site;
	uint32_t place = place_of(speedscope, row->group);
	uint64_t number = ty_map_number(&speedscope->site_numbers, (uint64_t)place << 32 | (uint32_t)row->offset);
	ty_frame frame = { .function = site.function, .offset = site.offset, .kind = site.kind };
	ty_location_info location = { .size = sizeof(location) };
	struct instruction *instruction;

	if (number)
		number = ty_map_number_in(&speedscope->instruction_numbers, number << 16 | row->leaf->opcode,
		                          &speedscope->instructions);
	if (!number)
		return -ENOMEM;
	*index = (uint32_t)(speedscope->places.places.count + number - 1);
	if (number <= speedscope->instructions.count)
		return 0;
	instruction = ty_array_push(&speedscope->instructions);
	if (ty_location(speedscope->report.stacks.target, &frame, &location) != 0)
		location.column = -1;
	*instruction = (struct instruction){ place, location.column, row->leaf->name };
	return 0;
}

static int find_instructions(struct speedscope *speedscope)
{
	int error = 0;

	speedscope->rows =
	        ty_fold_instructions(&speedscope->report.stacks, speedscope->node_of_node, &speedscope->row_count);
	speedscope->frame_of_row = calloc(speedscope->row_count + 1, sizeof(*speedscope->frame_of_row));
	speedscope->first_row = calloc(speedscope->tree.nodes.count + 1, sizeof(*speedscope->first_row));
	if (!speedscope->rows || !speedscope->frame_of_row || !speedscope->first_row)
		return -ENOMEM;
	for (size_t i = 0, row = 0; i <= speedscope->tree.nodes.count; i++) {
		while (row < speedscope->row_count && speedscope->rows[row].group < i)
			row++;
		speedscope->first_row[i] = row;
	}
	for (size_t i = 0; !error && i < speedscope->row_count; i++)
		error = find_instruction(speedscope, &speedscope->rows[i], &speedscope->frame_of_row[i]);
	return error;
}

static void ignore(uint32_t node, void *user_data)
{
	(void)node, (void)user_data;
}

static int find_order(struct speedscope *speedscope)
{
	uint32_t node = TY_CALLTREE_ROOT;

	speedscope->order = calloc(speedscope->tree.nodes.count, sizeof(*speedscope->order));
	if (!speedscope->order)
		return -ENOMEM;
	while ((node = ty_calltree_next(&speedscope->tree, node, ignore, NULL)))
		speedscope->order[speedscope->order_count++] = node;
	return 0;
}

static int prepare(struct speedscope *speedscope)
{
	const struct ty_calltree *tree = &speedscope->report.stacks.tree;
	_cleanup_free_ uint32_t *places = NULL;
	int error;

	ty_places_init(&speedscope->places, speedscope->report.stacks.target);
	places = ty_places_of_tree(&speedscope->places, tree);
	if (places)
		speedscope->node_of_node = ty_fold(tree, places, &speedscope->tree);
	if (!speedscope->node_of_node)
		return -ENOMEM;
	error = find_instructions(speedscope);
	return error ? error : find_order(speedscope);
}

static void release(struct speedscope *speedscope)
{
	if (speedscope->node_of_node)
		ty_calltree_free(&speedscope->tree);
	free(ty_steal_ptr(speedscope->node_of_node));
	free(ty_steal_ptr(speedscope->rows));
	free(ty_steal_ptr(speedscope->frame_of_row));
	free(ty_steal_ptr(speedscope->first_row));
	free(ty_steal_ptr(speedscope->order));
	ty_map_free(&speedscope->site_numbers);
	ty_map_free(&speedscope->instruction_numbers);
	ty_array_free(&speedscope->instructions);
	ty_array_free(&speedscope->path);
	ty_places_free(&speedscope->places);
}

static void write_frame(struct speedscope *speedscope, const char *name, uint32_t place_number, int32_t column)
{
	const struct ty_place *place = ty_places_get(&speedscope->places, place_number);
	struct ty_json *json = &speedscope->json;

	ty_json_begin(json, '{');
	ty_json_member_string(json, "name", name);
	if (!ty_places_is_artificial(&speedscope->places, place_number))
		ty_json_member_string(json, "file", ty_places_string(&speedscope->places, place->file));
	if (place->line > 0)
		ty_json_member_int(json, "line", place->line);
	if (column >= 0)
		ty_json_member_int(json, "col", (int64_t)column + 1);
	ty_json_end(json, '}');
}

static void write_frames(struct speedscope *speedscope)
{
	struct ty_json *json = &speedscope->json;

	ty_json_open(json, "shared", '{');
	ty_json_open(json, "frames", '[');
	for (uint32_t i = 1; i <= speedscope->places.places.count; i++)
		write_frame(speedscope,
		            ty_places_string(&speedscope->places, ty_places_get(&speedscope->places, i)->name), i, -1);
	for (size_t i = 0; i < speedscope->instructions.count; i++) {
		const struct instruction *instruction = &speedscope->instructions.items[i];
		char name[128];

		snprintf(name, sizeof(name), "[%s]", instruction->name);
		write_frame(speedscope, name, instruction->place, instruction->column);
	}
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

/* The frames of a node, outermost first, and one more if `instruction` is not NULL. */
static int write_stack(struct speedscope *speedscope, uint32_t node, const uint32_t *instruction)
{
	struct ty_json *json = &speedscope->json;

	ty_array_clear(&speedscope->path);
	for (; speedscope->tree.nodes.items[node].site.kind != TY_CALLTREE_THREAD;
	     node = speedscope->tree.nodes.items[node].parent) {
		uint32_t *frame = ty_array_push(&speedscope->path);

		if (!frame)
			return -ENOMEM;
		*frame = place_of(speedscope, node) - 1;
	}
	ty_json_begin(json, '[');
	for (size_t i = speedscope->path.count; i-- > 0;)
		ty_json_uint(json, speedscope->path.items[i]);
	if (instruction)
		ty_json_uint(json, *instruction);
	ty_json_end(json, ']');
	return 0;
}

/* Samples of a node whose instruction is not known. */
static uint64_t unknown_samples(const struct speedscope *speedscope, uint32_t node)
{
	uint64_t samples = speedscope->tree.nodes.items[node].self;

	for (size_t i = speedscope->first_row[node]; i < speedscope->first_row[node + 1]; i++)
		samples -= speedscope->rows[i].samples;
	return samples;
}

static int write_stacks_of_node(struct speedscope *speedscope, uint32_t node)
{
	int error = 0;

	for (size_t i = speedscope->first_row[node]; !error && i < speedscope->first_row[node + 1]; i++)
		error = write_stack(speedscope, node, &speedscope->frame_of_row[i]);
	if (!error && unknown_samples(speedscope, node))
		error = write_stack(speedscope, node, NULL);
	return error;
}

static void write_weight(struct speedscope *speedscope, uint64_t samples)
{
	ty_json_uint(&speedscope->json, samples * ty_report_interval_ns(&speedscope->report));
}

static void write_weights_of_node(struct speedscope *speedscope, uint32_t node)
{
	for (size_t i = speedscope->first_row[node]; i < speedscope->first_row[node + 1]; i++)
		write_weight(speedscope, speedscope->rows[i].samples);
	if (unknown_samples(speedscope, node))
		write_weight(speedscope, unknown_samples(speedscope, node));
}

static void write_thread_head(struct speedscope *speedscope, uint32_t identity, uint64_t samples)
{
	const struct ty_stacks_identity *thread = &speedscope->report.stacks.identities.items[identity];
	struct ty_json *json = &speedscope->json;
	_cleanup_free_ char *name = NULL;

	if (asprintf(&name, "%s (tid %llu)", thread->name, (unsigned long long)thread->id) < 0) {
		name = NULL;
		ty_sink_fail(json->sink, -ENOMEM);
		return;
	}
	ty_json_member_string(json, "type", "sampled");
	ty_json_member_string(json, "name", name);
	ty_json_member_string(json, "unit", "nanoseconds");
	ty_json_member_int(json, "startValue", 0);
	ty_json_key(json, "endValue");
	write_weight(speedscope, samples);
}

/* order[begin]: the thread; up to the next one: its nodes. */
static int write_thread(struct speedscope *speedscope, size_t begin, size_t end)
{
	struct ty_json *json = &speedscope->json;
	uint64_t samples = 0;
	int error = 0;

	for (size_t i = begin; i < end; i++)
		samples += speedscope->tree.nodes.items[speedscope->order[i]].self;
	ty_json_begin(json, '{');
	write_thread_head(speedscope, place_of(speedscope, speedscope->order[begin]), samples);
	ty_json_open(json, "samples", '[');
	for (size_t i = begin + 1; !error && i < end; i++)
		error = write_stacks_of_node(speedscope, speedscope->order[i]);
	ty_json_end(json, ']');
	ty_json_open(json, "weights", '[');
	for (size_t i = begin + 1; i < end; i++)
		write_weights_of_node(speedscope, speedscope->order[i]);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
	return error;
}

static bool is_thread(const struct speedscope *speedscope, size_t index)
{
	return speedscope->tree.nodes.items[speedscope->order[index]].site.kind == TY_CALLTREE_THREAD;
}

static int write_threads(struct speedscope *speedscope)
{
	size_t end;
	int error = 0;

	ty_json_open(&speedscope->json, "profiles", '[');
	for (size_t begin = 0; !error && begin < speedscope->order_count; begin = end) {
		for (end = begin + 1; end < speedscope->order_count && !is_thread(speedscope, end);)
			end++;
		error = write_thread(speedscope, begin, end);
	}
	ty_json_end(&speedscope->json, ']');
	return error;
}

static int write_file(struct speedscope *speedscope)
{
	struct ty_json *json = &speedscope->json;
	char version[TY_VERSION_BYTES], name[96];
	int error;

	snprintf(name, sizeof(name), "Python %s, process %d", ty_report_python_version(&speedscope->report, version),
	         ty_report_target(&speedscope->report).pid);
	ty_json_begin(json, '{');
	ty_json_member_string(json, "$schema", SCHEMA);
	ty_json_member_string(json, "exporter", "libtachyon@" TY_VERSION);
	ty_json_member_string(json, "name", name);
	ty_json_member_int(json, "activeProfileIndex", 0);
	write_frames(speedscope);
	error = write_threads(speedscope);
	ty_json_end(json, '}');
	return error;
}

static int write_speedscope(struct ty_report *report)
{
	struct speedscope *speedscope = (struct speedscope *)report;
	int error;

	speedscope->json = (struct ty_json){ .sink = report->sink };
	error = prepare(speedscope);
	if (!error)
		error = write_file(speedscope);
	release(speedscope);
	return error;
}

int ty_speedscope_new(const ty_speedscope_options *options, ty_sink *sink, ty_collector **collector)
{
	struct speedscope *speedscope = calloc(1, sizeof(*speedscope));
	struct ty_report_options report = { .by_thread = true };
	ty_speedscope_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	return ty_report_new(speedscope ? &speedscope->report : NULL, &report, sink, write_speedscope, collector);
}
