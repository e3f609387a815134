/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The annotation as one JSON object, for editors: everything the text has but the source. Offsets are bytes, lines from
 * 1, columns from 0 in bytes of UTF-8; what is not known is null. Members may be added, none changes its meaning while
 * "version" stays.
 */
#include "collect/annotation.h"

#include <stdlib.h>

#include "output/json.h"

#define FORMAT_VERSION 1

/* -1: not known. */
static void member_optional(struct ty_json *json, const char *key, int64_t value)
{
	ty_json_key(json, key);
	if (value < 0)
		ty_json_null(json);
	else
		ty_json_int(json, value);
}

static void write_location(struct ty_json *json, const ty_location_info *location)
{
	member_optional(json, "line", location->line);
	member_optional(json, "end_line", location->end_line);
	member_optional(json, "column", location->column);
	member_optional(json, "end_column", location->end_column);
}

static void write_specialization(struct ty_json *json, const struct ty_specialization *specialization)
{
	ty_json_open(json, "specialization", '{');
	for (int i = 0; i < TY_ADAPTATIONS; i++)
		ty_json_member_uint(json, ty_adaptation_key(i), specialization->by_adaptation[i]);
	ty_json_end(json, '}');
}

static void write_form(struct ty_json *json, const struct ty_site_form *form)
{
	ty_json_begin(json, '{');
	ty_json_member_string(json, "instruction", form->leaf->name);
	ty_json_member_string(json, "state",
	                      ty_adaptation_key(ty_adaptation_of(form->leaf->flags, form->leaf->opcode_flags)));
	ty_json_member_bool(json, "instrumented", form->leaf->flags & TY_INSTRUCTION_INSTRUMENTED);
	ty_json_member_uint(json, "leaf", form->samples);
	ty_json_end(json, '}');
}

/* The instruction as it is now; as it was sampled is said by its forms. */
static void write_instruction(struct ty_json *json, const struct ty_annotated *instruction)
{
	const ty_instruction_info *info = &instruction->row.instruction;

	ty_json_begin(json, '{');
	ty_json_member_int(json, "offset", info->offset);
	write_location(json, &instruction->row.location);
	ty_json_member_string(json, "instruction", info->name);
	ty_json_member_string(json, "base", info->base_name);
	ty_json_member_string(json, "state", ty_adaptation_key(ty_adaptation_of(info->flags, info->opcode_flags)));
	ty_json_member_bool(json, "instrumented", info->flags & TY_INSTRUCTION_INSTRUMENTED);
	ty_json_key(json, "argument");
	if (info->opcode_flags & TY_OPCODE_HAS_ARGUMENT)
		ty_json_uint(json, info->argument);
	else
		ty_json_null(json);
	ty_json_member_string(json, "argument_text", instruction->argument_text);
	member_optional(json, "target", instruction->row.target);
	member_optional(json, "label", instruction->row.label ? (int64_t)instruction->row.label : -1);
	member_optional(json, "handler", instruction->row.handler);
	ty_json_member_uint(json, "leaf", instruction->site ? instruction->site->leaf : 0);
	ty_json_member_uint(json, "on_stack", instruction->site ? instruction->site->on_stack : 0);
	ty_json_open(json, "forms", '[');
	for (size_t i = 0; instruction->site && i < instruction->site->form_count; i++)
		write_form(json, &instruction->site->forms[i]);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
}

static void write_lines(struct ty_json *json, const struct ty_site_function *samples)
{
	ty_json_open(json, "lines", '[');
	for (size_t i = 0; i < samples->line_count; i++) {
		ty_json_begin(json, '{');
		member_optional(json, "line", samples->lines[i].line);
		ty_json_member_uint(json, "leaf", samples->lines[i].leaf);
		ty_json_member_uint(json, "on_stack", samples->lines[i].on_stack);
		ty_json_end(json, '}');
	}
	ty_json_end(json, ']');
}

static void write_names(struct ty_json *json, const ty_function_info *info)
{
	ty_json_member_string(json, "file", info->filename);
	ty_json_member_string(json, "function", info->qualname);
	ty_json_member_uint(json, "first_line", info->first_line);
}

static void write_function(struct ty_json *json, const struct ty_annotated_function *function)
{
	ty_json_begin(json, '{');
	write_names(json, &function->info);
	ty_json_member_uint(json, "leaf", function->samples->leaf);
	ty_json_member_uint(json, "on_stack", function->samples->on_stack);
	/* false: its code could not be read, and only what was sampled is known. */
	ty_json_member_bool(json, "disassembled", function->is_listed);
	write_specialization(json, &function->specialization);
	write_lines(json, function->samples);
	ty_json_open(json, "instructions", '[');
	for (size_t i = 0; i < function->instruction_count; i++)
		write_instruction(json, &function->instructions[i]);
	ty_json_end(json, ']');
	ty_json_end(json, '}');
	ty_json_newline(json);
	json->needs_comma = true;
}

static void write_generic(struct ty_json *json, const struct ty_annotation *annotation,
                          const struct ty_generic *generic)
{
	struct ty_generic_place place = ty_annotation_place(annotation, generic);

	ty_json_begin(json, '{');
	write_names(json, &place.function);
	ty_json_member_int(json, "offset", generic->site->offset);
	write_location(json, &place.location);
	ty_json_member_string(json, "instruction", generic->form->leaf->name);
	ty_json_member_uint(json, "argument", generic->form->leaf->argument);
	ty_json_member_string(json, "argument_text", place.argument_text);
	ty_json_member_bool(json, "instrumented", generic->form->leaf->flags & TY_INSTRUCTION_INSTRUMENTED);
	ty_json_member_uint(json, "leaf", generic->samples);
	ty_json_end(json, '}');
}

static void write_run(struct ty_json *json, const struct ty_annotation *annotation)
{
	char version[TY_VERSION_BYTES];

	ty_json_member_uint(json, "version", FORMAT_VERSION);
	ty_json_member_string(json, "python_version", ty_report_python_version(&annotation->report, version));
	ty_json_member_uint(json, "interval_ns", ty_report_interval_ns(&annotation->report));
	ty_json_open(json, "stacks", '{');
	ty_json_member_uint(json, "counted", annotation->report.stacks.counted);
	ty_report_write_verdicts(&annotation->report, json);
	ty_json_end(json, '}');
}

int ty_annotation_write_json(struct ty_annotation *annotation)
{
	struct ty_json json = { .sink = annotation->report.sink };

	ty_json_begin(&json, '{');
	write_run(&json, annotation);
	if (annotation->options.parts & TY_ANNOTATION_SPECIALIZATION) {
		write_specialization(&json, &annotation->specialization);
		ty_json_open(&json, "could_specialize", '[');
		for (size_t i = 0; i < annotation->generic_count; i++)
			write_generic(&json, annotation, &annotation->generic[i]);
		ty_json_end(&json, ']');
	}
	if (annotation->options.parts & TY_ANNOTATION_LISTING) {
		ty_json_open(&json, "functions", '[');
		for (size_t i = 0; i < annotation->functions.count; i++)
			write_function(&json, &annotation->functions.items[i]);
		ty_json_end(&json, ']');
	}
	ty_json_end(&json, '}');
	ty_json_newline(&json);
	return 0;
}
