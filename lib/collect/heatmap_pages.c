/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of the heatmap and their data, as JSON. The index:
 *
 *     files         columns page, path, module, kind (enum ty_origin), self, total, lines
 *
 * and the page of a file, whose lines are numbered from 1:
 *
 *     source        its text by line; empty if it cannot be had
 *     heat          columns line, self, total
 *     calls         columns line, name, page, target, samples: what a line called. Page -1: this one
 *     callers       likewise, by the first line of the function that was called: who called it
 *     functions     name, line, listed
 *     instructions  columns function, offset, line, end_line, column, end_column, opcode, argument, leaf, on_stack
 *     forms         columns instruction, opcode, samples: forms in which an instruction was executing
 *     opcodes       name, base, form
 */
#include "collect/heatmap.h"

#include <errno.h>
#include <stdio.h>

#include <tachyon/opcode.h>

#include "collect/specialization.h"
#include "output/folder.h"
#include "output/page.h"
#include "output/sink.h"
#include "util/cleanup.h"

/* Lines of one file. */
#define LINES_MAX 200000
#define PAGE_NAME_BYTES 32

/* One form of an instruction. */
struct form {
	size_t instruction;
	int64_t opcode;
	uint64_t samples;
};

struct opcode {
	const char *name;
	const char *base_name;
	enum ty_adaptation adaptation;
};

struct instruction {
	size_t function;
	const struct ty_annotated *annotated;
	int64_t opcode;
};

/* What one page is made of. */
struct page {
	struct ty_heatmap *heatmap;
	struct ty_json json;
	const struct ty_heat_file *file;
	size_t index;
	TY_ARRAY(const struct ty_site_function *) functions;
	TY_ARRAY(struct ty_annotated *) merged; /* by function */
	TY_ARRAY(bool) listed;                  /* by function */
	TY_ARRAY(struct instruction) instructions;
	TY_ARRAY(struct form) forms;
	TY_ARRAY(struct opcode) opcodes;
	struct ty_map opcode_numbers;
};

static const char *page_name(size_t index, char name[PAGE_NAME_BYTES])
{
	snprintf(name, PAGE_NAME_BYTES, "file_%04zu.html", index);
	return name;
}

static void write_shares(struct page *page)
{
	const struct ty_report *report = &page->heatmap->report;

	ty_json_member_uint(&page->json, "interval_ns", ty_report_interval_ns(report));
	ty_json_member_uint(&page->json, "counted", report->stacks.counted);
}

/* ---- the index ---- */

/* For ty_report_write_page(). */
static int write_index_data(void *user_data)
{
	struct page *page = user_data;
	const struct ty_heat *heat = &page->heatmap->heat;
	struct ty_json *json = &page->json;
	char name[PAGE_NAME_BYTES];

	write_shares(page);
	ty_json_open(json, "files", '[');
	for (size_t i = 0; i < heat->files.count; i++) {
		const struct ty_heat_file *file = &heat->files.items[i];
		const struct ty_module *module = &heat->modules.modules.items[file->module - 1];

		ty_json_begin(json, '{');
		ty_json_member_string(json, "page", page_name(i, name));
		ty_json_member_string(json, "path", ty_places_string(&heat->places, file->file));
		ty_json_member_string(json, "module", module->name);
		ty_json_member_uint(json, "kind", module->origin);
		ty_json_member_uint(json, "self", file->self);
		ty_json_member_uint(json, "total", file->total);
		ty_json_member_uint(json, "lines", file->line_count);
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
	return 0;
}

static int write_index(ty_sink *sink, void *user_data)
{
	struct page *page = user_data;

	page->json = (struct ty_json){ .sink = sink };
	return ty_report_write_page(&page->heatmap->report, ty_page_heatmap, &page->json, write_index_data, page);
}

/* ---- the page of a file ---- */

static void write_source(struct page *page)
{
	const char *path = ty_places_string(&page->heatmap->heat.places, page->file->file), *text;

	ty_json_open(&page->json, "source", '[');
	for (int32_t line = 1; line <= LINES_MAX; line++) {
		text = ty_excerpts_line(&page->heatmap->excerpts, path, line);
		if (!text)
			break;
		ty_json_string(&page->json, text);
	}
	ty_json_end(&page->json, ']');
}

static void write_heat(struct page *page)
{
	const struct ty_heat_file *file = page->file;
	struct ty_json *json = &page->json;

	ty_json_open(json, "heat", '{');
	ty_json_open(json, "line", '[');
	for (size_t i = 0; i < file->line_count; i++)
		ty_json_int(json, file->lines[i].line);
	ty_json_end(json, ']');
	ty_json_open(json, "self", '[');
	for (size_t i = 0; i < file->line_count; i++)
		ty_json_uint(json, file->lines[i].self);
	ty_json_end(json, ']');
	ty_json_open(json, "total", '[');
	for (size_t i = 0; i < file->line_count; i++)
		ty_json_uint(json, file->lines[i].total);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

/* One end of a call: the line it is shown at, and where it leads. */
static void write_call(struct page *page, int32_t line, uint32_t name, uint32_t file, int32_t target, uint64_t samples)
{
	const struct ty_heat *heat = &page->heatmap->heat;
	const uint64_t *number = ty_map_get(&heat->page_of_file, file);
	struct ty_json *json = &page->json;
	char page_buffer[PAGE_NAME_BYTES];

	ty_json_begin(json, '{');
	ty_json_member_int(json, "line", line);
	ty_json_member_string(json, "name", ty_places_string(&heat->places, name));
	ty_json_member_string(json, "page", number ? page_name(*number - 1, page_buffer) : "");
	ty_json_member_string(json, "file", ty_places_basename(ty_places_string(&heat->places, file)));
	ty_json_member_int(json, "target", target);
	ty_json_member_uint(json, "samples", samples);
	ty_json_end(json, '}');
}

static void write_calls(struct page *page)
{
	const struct ty_heat *heat = &page->heatmap->heat;

	ty_json_open(&page->json, "calls", '[');
	for (size_t i = 0; i < heat->calls.count; i++) {
		const struct ty_heat_call *call = &heat->calls.items[i];
		const struct ty_place *caller = ty_places_get(&heat->places, call->caller);

		if (caller->file == page->file->file)
			write_call(page, caller->line, call->callee_name, call->callee_file, call->callee_line,
			           call->samples);
	}
	ty_json_end(&page->json, ']');
	ty_json_open(&page->json, "callers", '[');
	for (size_t i = 0; i < heat->calls.count; i++) {
		const struct ty_heat_call *call = &heat->calls.items[i];
		const struct ty_place *caller = ty_places_get(&heat->places, call->caller);

		if (call->callee_file == page->file->file)
			write_call(page, call->callee_line, caller->name, caller->file, caller->line, call->samples);
	}
	ty_json_end(&page->json, ']');
}

/* Index of an opcode in its form: the same one may have been instrumented, or in a trace. -1: out of memory. */
static int64_t opcode_of(struct page *page, const char *name, const char *base_name, uint32_t flags,
                         uint32_t opcode_flags)
{
	enum ty_adaptation adaptation = ty_adaptation_of(flags, opcode_flags);
	uint64_t number =
	        ty_map_number_in(&page->opcode_numbers, (uint64_t)(uintptr_t)name * TY_ADAPTATIONS + adaptation + 1,
	                         &page->opcodes);

	if (number > page->opcodes.count)
		*ty_array_push(&page->opcodes) = (struct opcode){ name, base_name, adaptation };
	return (int64_t)number - 1;
}

static int add_forms(struct page *page, const struct ty_site *site)
{
	for (size_t i = 0; site && i < site->form_count; i++) {
		const struct ty_leaf *leaf = site->forms[i].leaf;
		struct form *form = ty_array_push(&page->forms);

		if (!form)
			return -ENOMEM;
		form->instruction = page->instructions.count - 1;
		form->opcode = opcode_of(page, leaf->name, leaf->base_name, leaf->flags, leaf->opcode_flags);
		form->samples = site->forms[i].samples;
		if (form->opcode < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_instruction(struct page *page, size_t function, const struct ty_annotated *annotated)
{
	const ty_instruction_info *info = &annotated->row.instruction;
	struct instruction *instruction = ty_array_push(&page->instructions);

	if (!instruction)
		return -ENOMEM;
	instruction->function = function;
	instruction->annotated = annotated;
	instruction->opcode = opcode_of(page, info->name, info->base_name, info->flags, info->opcode_flags);
	return instruction->opcode < 0 ? -ENOMEM : add_forms(page, annotated->site);
}

static int add_function(struct page *page, const struct ty_site_function *function)
{
	const struct ty_site_function **stored = ty_array_push(&page->functions);
	struct ty_annotated **merged = ty_array_push(&page->merged);
	bool *listed = ty_array_push(&page->listed);
	size_t count = 0;
	int error = stored && merged && listed ? 0 : -ENOMEM;

	if (stored)
		*stored = function;
	if (!error)
		error = ty_annotated_merge(&page->heatmap->listings, function, merged, &count, listed);
	for (size_t i = 0; !error && i < count; i++)
		error = add_instruction(page, page->functions.count - 1, &(*merged)[i]);
	return error;
}

/* The functions of the file and all that is known of their instructions. */
static int gather_instructions(struct page *page)
{
	struct ty_heatmap *heatmap = page->heatmap;
	int error = 0;

	for (size_t i = 0; !error && heatmap->with_opcodes && i < heatmap->sites.functions.count; i++) {
		const struct ty_site_function *function = &heatmap->sites.functions.items[i];
		const struct ty_place_function *place = ty_places_function(&heatmap->heat.places, function->id);

		if (!place)
			return -ENOMEM;
		if (place->file == page->file->file)
			error = add_function(page, function);
	}
	return error;
}

static void write_functions(struct page *page)
{
	struct ty_json *json = &page->json;

	ty_json_open(json, "functions", '[');
	for (size_t i = 0; i < page->functions.count; i++) {
		const struct ty_place_function *place =
		        ty_places_function(&page->heatmap->heat.places, page->functions.items[i]->id);

		ty_json_begin(json, '{');
		ty_json_member_string(json, "name", ty_places_string(&page->heatmap->heat.places, place->name));
		ty_json_member_uint(json, "line", place->first_line);
		ty_json_member_bool(json, "listed", page->listed.items[i]);
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

static int64_t value_function(const struct instruction *row)
{
	return (int64_t)row->function;
}

static int64_t value_offset(const struct instruction *row)
{
	return row->annotated->row.instruction.offset;
}

static int64_t value_line(const struct instruction *row)
{
	return row->annotated->row.location.line;
}

static int64_t value_end_line(const struct instruction *row)
{
	return row->annotated->row.location.end_line;
}

static int64_t value_column(const struct instruction *row)
{
	return row->annotated->row.location.column;
}

static int64_t value_end_column(const struct instruction *row)
{
	return row->annotated->row.location.end_column;
}

static int64_t value_opcode(const struct instruction *row)
{
	return row->opcode;
}

static int64_t value_leaf(const struct instruction *row)
{
	return row->annotated->site ? (int64_t)row->annotated->site->leaf : 0;
}

static int64_t value_on_stack(const struct instruction *row)
{
	return row->annotated->site ? (int64_t)row->annotated->site->on_stack : 0;
}

/* What the target's dis shows in parentheses, or else the number. */
static void write_argument(struct page *page, const struct ty_annotated *annotated)
{
	const ty_instruction_info *info = &annotated->row.instruction;
	char number[16] = "";

	if (info->opcode_flags & TY_OPCODE_HAS_ARGUMENT)
		snprintf(number, sizeof(number), "%u", info->argument);
	ty_json_string(&page->json, *annotated->argument_text ? annotated->argument_text : number);
}

static void write_instructions(struct page *page)
{
	static const struct {
		const char *key;
		int64_t (*value)(const struct instruction *row);
	} COLUMNS[] = {
		{ "function", value_function }, { "offset", value_offset }, { "line", value_line },
		{ "end_line", value_end_line }, { "column", value_column }, { "end_column", value_end_column },
		{ "opcode", value_opcode },     { "leaf", value_leaf },     { "on_stack", value_on_stack },
	};
	struct ty_json *json = &page->json;

	ty_json_open(json, "instructions", '{');
	for (size_t i = 0; i < sizeof(COLUMNS) / sizeof(*COLUMNS); i++) {
		ty_json_open(json, COLUMNS[i].key, '[');
		for (size_t row = 0; row < page->instructions.count; row++)
			ty_json_int(json, COLUMNS[i].value(&page->instructions.items[row]));
		ty_json_end(json, ']');
	}
	ty_json_open(json, "argument", '[');
	for (size_t row = 0; row < page->instructions.count; row++)
		write_argument(page, page->instructions.items[row].annotated);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

static void write_forms(struct page *page)
{
	struct ty_json *json = &page->json;

	ty_json_open(json, "forms", '{');
	ty_json_open(json, "instruction", '[');
	for (size_t i = 0; i < page->forms.count; i++)
		ty_json_uint(json, page->forms.items[i].instruction);
	ty_json_end(json, ']');
	ty_json_open(json, "opcode", '[');
	for (size_t i = 0; i < page->forms.count; i++)
		ty_json_int(json, page->forms.items[i].opcode);
	ty_json_end(json, ']');
	ty_json_open(json, "samples", '[');
	for (size_t i = 0; i < page->forms.count; i++)
		ty_json_uint(json, page->forms.items[i].samples);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
	ty_json_open(json, "opcodes", '[');
	for (size_t i = 0; i < page->opcodes.count; i++) {
		const struct opcode *opcode = &page->opcodes.items[i];

		ty_json_begin(json, '{');
		ty_json_member_string(json, "name", opcode->name);
		ty_json_member_string(json, "base", opcode->base_name);
		ty_json_member_string(json, "form", ty_adaptation_key(opcode->adaptation));
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

/* For ty_report_write_page(). */
static int write_file_data(void *user_data)
{
	struct page *page = user_data;
	const struct ty_heat *heat = &page->heatmap->heat;
	const struct ty_module *module = &heat->modules.modules.items[page->file->module - 1];
	struct ty_json *json = &page->json;

	write_shares(page);
	ty_json_member_string(json, "path", ty_places_string(&heat->places, page->file->file));
	ty_json_member_string(json, "module", module->name);
	ty_json_member_uint(json, "kind", module->origin);
	ty_json_member_uint(json, "rank", page->index + 1);
	ty_json_member_uint(json, "self", page->file->self);
	ty_json_member_uint(json, "total", page->file->total);
	ty_json_member_bool(json, "with_opcodes", page->heatmap->with_opcodes);
	write_source(page);
	write_heat(page);
	write_calls(page);
	write_functions(page);
	write_instructions(page);
	write_forms(page);
	return 0;
}

static int write_file(ty_sink *sink, void *user_data)
{
	struct page *page = user_data;

	page->json = (struct ty_json){ .sink = sink };
	return ty_report_write_page(&page->heatmap->report, ty_page_heatmap_file, &page->json, write_file_data, page);
}

static void free_page(struct page *page)
{
	for (size_t i = 0; i < page->merged.count; i++)
		free(page->merged.items[i]);
	ty_array_free(&page->merged);
	ty_array_free(&page->functions);
	ty_array_free(&page->listed);
	ty_array_free(&page->instructions);
	ty_array_free(&page->forms);
	ty_array_free(&page->opcodes);
	ty_map_free(&page->opcode_numbers);
}

int ty_heatmap_write(struct ty_heatmap *heatmap)
{
	struct page index = { .heatmap = heatmap };
	int error = ty_folder_write(heatmap->folder, "index.html", write_index, &index);
	char name[PAGE_NAME_BYTES];

	for (size_t i = 0; !error && i < heatmap->heat.files.count; i++) {
		struct page page = { .heatmap = heatmap, .file = &heatmap->heat.files.items[i], .index = i };

		error = gather_instructions(&page);
		if (!error)
			error = ty_folder_write(heatmap->folder, page_name(i, name), write_file, &page);
		free_page(&page);
	}
	return error;
}
