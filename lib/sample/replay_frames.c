/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What frames of a recording mean: functions, locations, instructions and disassemblies, as they were when they were
 * recorded.
 */
#include <errno.h>

#include "sample/replay_state.h"
#include "util/options.h"

static const struct ty_replay_source *source_of(const struct ty_replay *replay, uint32_t id,
                                                const struct ty_reader_function **out)
{
	const struct ty_replay_owner *owner;
	const struct ty_replay_source *source;

	if (!id || id > replay->functions.count)
		return NULL;
	owner = &replay->functions.items[id - 1];
	source = replay->sources.items[owner->source];
	*out = &source->reader->functions.items[owner->index];
	return source;
}

int ty_replay_function(const struct ty_replay *replay, uint32_t id, ty_function_info *info)
{
	const struct ty_reader_function *function;
	const struct ty_replay_source *source = source_of(replay, id, &function);
	ty_function_info filled;

	if (!source)
		return -TY_ENOTFOUND;
	filled = (ty_function_info){
		.id = id,
		.first_line = function->first_line,
		.name = ty_reader_string(source->reader, function->name),
		.qualname = ty_reader_string(source->reader, function->qualname),
		.filename = ty_reader_string(source->reader, function->filename),
		.bytecode_bytes = function->bytecode_bytes,
	};
	return ty_options_out(info, &filled, sizeof(filled));
}

int ty_replay_location(const struct ty_replay *replay, const ty_frame *frame, ty_location_info *location)
{
	ty_location_info filled = { .line = -1, .end_line = -1, .column = -1, .end_column = -1 };
	const struct ty_reader_function *function;
	const struct ty_replay_source *source = source_of(replay, frame->function, &function);
	const struct ty_reader_frame *found = source ? ty_reader_find(source->reader, frame) : NULL;

	if (!source)
		return -TY_ENOTFOUND;
	if (found) {
		filled.line = found->line;
		filled.end_line = found->end_line;
		filled.column = found->column;
		filled.end_column = found->end_column;
	}
	return ty_options_out(location, &filled, sizeof(filled));
}

/* Names and properties follow from the number and the version of the recording's Python. */
static int fill_instruction(const struct ty_recording_reader *reader, ty_instruction_info *filled)
{
	const struct ty_recording_run *run = &reader->run;
	const struct py_opcode *table = ty_opcode_table(run->python_version);
	const struct py_opcode *opcode = table && filled->opcode < 256 ? &table[filled->opcode] : NULL;

	if (!opcode || !opcode->name)
		return -TY_EOPCODE;
	filled->base = opcode->base;
	filled->name = opcode->name;
	filled->base_name = table[opcode->base].name;
	filled->opcode_flags = opcode->flags & PY_OPCODE_PUBLIC_FLAGS;
	if (reader->is_ours)
		return 0;
	/* CPython's recorder keeps no arguments, and does not look behind instrumentation. */
	filled->opcode_flags &= ~(uint32_t)TY_OPCODE_HAS_ARGUMENT;
	if (opcode->flags & (PY_OPCODE_HIDDEN | TY_OPCODE_INSTRUMENTED))
		filled->flags |= TY_INSTRUCTION_UNRESOLVED;
	return 0;
}

int ty_replay_instruction(const struct ty_replay *replay, const ty_frame *frame, ty_instruction_info *instruction)
{
	const struct ty_reader_function *function;
	const struct ty_replay_source *source = source_of(replay, frame->function, &function);
	const struct ty_reader_frame *found = source ? ty_reader_find(source->reader, frame) : NULL;
	ty_instruction_info filled = { 0 };
	int result;

	if (!found || !found->has_instruction || frame->kind != TY_FRAME_PYTHON)
		return -TY_ENOTFOUND;
	filled.offset = frame->offset;
	filled.executing = found->executing;
	filled.opcode = found->opcode;
	filled.flags = found->flags;
	filled.argument = found->argument;
	/* Another form stood here when it was recorded. */
	if (!(frame->flags & TY_FRAME_HAS_OPCODE) || frame->opcode != found->frame.opcode)
		filled.flags |= TY_INSTRUCTION_LATER;
	result = fill_instruction(source->reader, &filled);
	return result < 0 ? result : ty_options_out(instruction, &filled, sizeof(filled));
}

struct row {
	ty_disassembly_row row;
	ty_instruction_info instruction;
	ty_location_info location;
};

/* As ty_recording_add_row() writes it. `row` holds the one before. */
static void read_row(const struct ty_recording_reader *reader, struct ty_wire_in *in, struct row *row)
{
	uint8_t bits = ty_wire_get_byte(in);
	ty_location_info *at = &row->location;
	uint64_t text;

	row->instruction.offset = (int32_t)((uint32_t)row->instruction.offset + (uint32_t)ty_wire_get_int32(in));
	row->instruction.opcode = row->instruction.executing = (uint16_t)ty_wire_get_uint32(in);
	row->instruction.flags = (uint16_t)(ty_wire_get_uint32(in) | TY_INSTRUCTION_LATER);
	at->line = (int32_t)((uint32_t)at->line + (uint32_t)ty_wire_get_int32(in));
	at->end_line = (int32_t)((uint32_t)at->line + (uint32_t)ty_wire_get_int32(in));
	at->column = ty_wire_get_int32(in);
	at->end_column = (int32_t)((uint32_t)at->column + (uint32_t)ty_wire_get_int32(in));
	if (bits & 1)
		row->instruction.executing = (uint16_t)ty_wire_get_uint32(in);
	row->row.target = bits & 2 ? (int32_t)ty_wire_get_uint32(in) : -1;
	row->row.label = bits & 4 ? ty_wire_get_uint32(in) : 0;
	row->row.handler = bits & 8 ? (int32_t)ty_wire_get_uint32(in) : -1;
	row->row.handler_depth = bits & 8 ? ty_wire_get_uint32(in) : 0;
	row->row.handler_lasti = bits & 8 ? ty_wire_get_byte(in) : 0;
	text = bits & 16 ? ty_wire_get_uint(in) : 0;
	row->row.argument_text =
	        text && text <= reader->strings.count ? ty_reader_string(reader, reader->strings.items[text - 1]) : "";
	row->instruction.argument = bits & 32 ? ty_wire_get_uint32(in) : 0;
	in->failed |= row->instruction.offset < 0 || at->line < -1;
}

int ty_replay_disassemble(ty_target *target, uint32_t id, ty_disassembly_fn callback, void *user_data)
{
	const struct ty_reader_function *function;
	const struct ty_replay_source *source = source_of(target->replay, id, &function);
	struct row row = { .instruction.size = sizeof(row.instruction), .location.size = sizeof(row.location) };
	struct ty_wire_in in;
	int result = 0;

	if (!source || !function->bytecode_bytes)
		return -TY_ENOTFOUND;
	if (!function->listing.count)
		return -TY_ESTALE;
	row.row.size = sizeof(row.row);
	row.row.instruction = &row.instruction;
	row.row.location = &row.location;
	in = ty_wire_in(function->listing.items, function->listing.count);
	while (result == 0 && ty_wire_left(&in)) {
		read_row(source->reader, &in, &row);
		result = in.failed ? -TY_ERECORDING : fill_instruction(source->reader, &row.instruction);
		if (result == 0)
			result = callback(&row.row, user_data);
	}
	return result;
}
