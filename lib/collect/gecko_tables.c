/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of a gecko file that all threads share: strings, stacks, frames, functions, files. Where ours and the
 * file's numbers differ it is by one: ours begin at 1, so that 0 can be nothing.
 */
#include "collect/gecko.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/fold.h"
#include "util/cleanup.h"

void ty_gecko_begin_table(struct ty_json *json, const char *name, uint64_t length)
{
	ty_json_open(json, name, '{');
	ty_json_member_uint(json, "length", length);
}

/* A column with one value in every row. */
void ty_gecko_write_constant(struct ty_json *json, const char *key, uint64_t length, const char *literal)
{
	ty_json_open(json, key, '[');
	for (uint64_t i = 0; i < length; i++) {
		ty_sink_write(json->sink, i ? "," : "", i ? 1 : 0);
		ty_sink_write(json->sink, literal, strlen(literal));
	}
	ty_json_end(json, ']');
}

static void write_index(struct ty_json *json, int64_t index)
{
	if (index < 0)
		ty_json_null(json);
	else
		ty_json_int(json, index);
}

/* A line or column that may not be known and counts from `first`; in the file it counts from 1. */
static void write_known(struct ty_json *json, int64_t value, int64_t first)
{
	if (value < first)
		ty_json_null(json);
	else
		ty_json_int(json, value - first + 1);
}

static void write_stacks(struct ty_gecko_writer *writer)
{
	struct ty_json *json = &writer->json;
	const struct ty_calltree *tree = &writer->stacks;

	ty_gecko_begin_table(json, "stackTable", tree->nodes.count - 1);
	ty_json_open(json, "frame", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		ty_json_uint(json, tree->nodes.items[i].site.function - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "prefix", '[');
	for (size_t i = 1; i < tree->nodes.count; i++)
		write_index(json, (int64_t)tree->nodes.items[i].parent - 1);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

static enum ty_gecko_category category_of(const struct ty_gecko_writer *writer, const struct ty_spot_function *function)
{
	const char *name = ty_places_string(&writer->spots.places, function->name);

	if (!function->is_artificial)
		return TY_GECKO_PYTHON;
	if (strcmp(name, "<GC>") == 0)
		return TY_GECKO_GC;
	return strcmp(name, "<native>") == 0 ? TY_GECKO_NATIVE : TY_GECKO_OTHER;
}

static void write_frames(struct ty_gecko_writer *writer)
{
	struct ty_json *json = &writer->json;
	const struct ty_spots *spots = &writer->spots;
	uint32_t count = (uint32_t)spots->spots.count;

	ty_gecko_begin_table(json, "frameTable", count);
	ty_json_open(json, "func", '[');
	for (uint32_t i = 1; i <= count; i++)
		ty_json_uint(json, ty_spots_get(spots, i)->function - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "category", '[');
	for (uint32_t i = 1; i <= count; i++)
		ty_json_int(json, category_of(writer, ty_spots_function(spots, ty_spots_get(spots, i)->function)));
	ty_json_end(json, ']');
	ty_json_open(json, "line", '[');
	for (uint32_t i = 1; i <= count; i++)
		write_known(json, ty_spots_get(spots, i)->line, 1);
	ty_json_end(json, ']');
	ty_json_open(json, "column", '[');
	for (uint32_t i = 1; i <= count; i++)
		write_known(json, ty_spots_get(spots, i)->column, 0);
	ty_json_end(json, ']');
	ty_gecko_write_constant(json, "address", count, "-1");
	ty_gecko_write_constant(json, "inlineDepth", count, "0");
	ty_gecko_write_constant(json, "subcategory", count, "0");
	ty_gecko_write_constant(json, "nativeSymbol", count, "null");
	ty_gecko_write_constant(json, "innerWindowID", count, "null");
	ty_json_end(json, '}');
}

static void write_functions(struct ty_gecko_writer *writer)
{
	struct ty_json *json = &writer->json;
	const struct ty_spots *spots = &writer->spots;
	uint32_t count = (uint32_t)spots->functions.count;

	ty_gecko_begin_table(json, "funcTable", count);
	ty_json_open(json, "name", '[');
	for (uint32_t i = 1; i <= count; i++)
		ty_json_uint(json, ty_spots_function(spots, i)->name - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "resource", '[');
	for (uint32_t i = 1; i <= count; i++)
		ty_json_int(json, (int64_t)writer->file_rows[ty_spots_function(spots, i)->file] - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "source", '[');
	for (uint32_t i = 1; i <= count; i++)
		write_index(json, (int64_t)writer->file_rows[ty_spots_function(spots, i)->file] - 1);
	ty_json_end(json, ']');
	ty_json_open(json, "lineNumber", '[');
	for (uint32_t i = 1; i <= count; i++)
		write_known(json, ty_spots_function(spots, i)->first_line, 1);
	ty_json_end(json, ']');
	ty_gecko_write_constant(json, "columnNumber", count, "null");
	ty_gecko_write_constant(json, "isJS", count, "false");
	ty_gecko_write_constant(json, "relevantForJS", count, "false");
	ty_json_end(json, '}');
}

static void write_native_symbols(struct ty_json *json)
{
	static const char *const COLUMNS[] = { "libIndex", "address", "name", "functionSize" };

	ty_gecko_begin_table(json, "nativeSymbols", 0);
	for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++)
		ty_gecko_write_constant(json, COLUMNS[i], 0, "");
	ty_json_end(json, '}');
}

static void write_files(struct ty_gecko_writer *writer)
{
	struct ty_json *json = &writer->json;

	ty_gecko_begin_table(json, "resourceTable", writer->files.count);
	ty_json_open(json, "name", '[');
	for (uint32_t i = 0; i < writer->files.count; i++)
		ty_json_uint(json, writer->files.items[i] - 1);
	ty_json_end(json, ']');
	ty_gecko_write_constant(json, "lib", writer->files.count, "null");
	ty_gecko_write_constant(json, "host", writer->files.count, "null");
	ty_gecko_write_constant(json, "type", writer->files.count, "1" /* a library */);
	ty_json_end(json, '}');
	ty_gecko_begin_table(json, "sources", writer->files.count);
	ty_json_open(json, "filename", '[');
	for (uint32_t i = 0; i < writer->files.count; i++)
		ty_json_uint(json, writer->files.items[i] - 1);
	ty_json_end(json, ']');
	ty_gecko_write_constant(json, "id", writer->files.count, "null");
	ty_json_end(json, '}');
}

/* The target's strings, then the names of states, then the labels of forms. */
uint64_t ty_gecko_state_string(const struct ty_gecko_writer *writer, uint64_t state)
{
	return writer->spots.places.strings.strings.count + state;
}

static void write_strings(struct ty_gecko_writer *writer)
{
	const struct ty_strtab *strings = &writer->spots.places.strings;
	struct ty_json *json = &writer->json;
	char label[TY_LABEL_BYTES];

	ty_json_open(json, "stringArray", '[');
	for (uint32_t i = 1; i <= strings->strings.count; i++)
		ty_json_string(json, ty_strtab_get(strings, i));
	for (size_t i = 0; i < TY_STATE_FIRST_OPCODE; i++)
		ty_json_string(json, ty_state_names[i]);
	for (size_t i = 0; i < writer->timeline->forms.count; i++) {
		const struct ty_form *form = &writer->timeline->forms.items[i];

		ty_json_string(json, form->name ? ty_form_label(form, label) : "");
	}
	ty_json_end(json, ']');
}

void ty_gecko_write_shared(struct ty_gecko_writer *writer)
{
	struct ty_json *json = &writer->json;

	ty_json_open(json, "shared", '{');
	write_strings(writer);
	write_stacks(writer);
	write_frames(writer);
	write_functions(writer);
	write_files(writer);
	write_native_symbols(json);
	ty_json_end(json, '}');
}

/* Gives every file that a function is in its row. */
static int find_files(struct ty_gecko_writer *writer)
{
	const struct ty_spots *spots = &writer->spots;

	writer->file_rows = calloc(spots->places.strings.strings.count + 1, sizeof(*writer->file_rows));
	if (!writer->file_rows)
		return -ENOMEM;
	for (uint32_t i = 1; i <= spots->functions.count; i++) {
		const struct ty_spot_function *function = ty_spots_function(spots, i);
		uint32_t *file;

		if (function->is_artificial || writer->file_rows[function->file])
			continue;
		file = ty_array_push(&writer->files);
		if (!file)
			return -ENOMEM;
		*file = function->file;
		writer->file_rows[function->file] = (uint32_t)writer->files.count;
	}
	return 0;
}

int ty_gecko_prepare(struct ty_gecko_writer *writer)
{
	const struct ty_stacks *stacks = &writer->timeline->report.stacks;
	_cleanup_free_ uint32_t *spot_of_node = NULL;

	ty_spots_init(&writer->spots, stacks->target);
	spot_of_node = ty_spots_of_tree(&writer->spots, &stacks->tree);
	if (spot_of_node)
		writer->stack_of_node = ty_fold(&stacks->tree, spot_of_node, &writer->stacks);
	return writer->stack_of_node ? find_files(writer) : -ENOMEM;
}

void ty_gecko_release(struct ty_gecko_writer *writer)
{
	if (writer->stack_of_node)
		ty_calltree_free(&writer->stacks);
	free(writer->stack_of_node);
	free(writer->file_rows);
	ty_array_free(&writer->files);
	ty_spots_free(&writer->spots);
}
