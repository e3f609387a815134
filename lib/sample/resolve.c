/* SPDX-License-Identifier: Apache-2.0 */
/* What a frame means: function, place in the source, instruction. */
#include <errno.h>

#include "python/instruction.h"
#include "sample/merged.h"
#include "sample/replay.h"
#include "sample/target.h"
#include "util/options.h"

int ty_function(ty_target *target, uint32_t id, ty_function_info *info)
{
	const struct py_function *function = ty_codes_function(&target->codes, id);
	ty_function_info filled;

	if (target->replay)
		return ty_replay_function(target->replay, id, info);
	if (!function)
		return -TY_ENOTFOUND;
	filled = (ty_function_info){
		.id = id,
		.first_line = function->first_line,
		.name = ty_strtab_get(&target->codes.strings, function->name),
		.qualname = ty_strtab_get(&target->codes.strings, function->qualname),
		.filename = ty_strtab_get(&target->codes.strings, function->filename),
		.address = function->code ? function->code->address : 0,
		.bytecode_bytes = function->units * 2,
	};
	return ty_options_out(info, &filled, sizeof(filled));
}

int ty_location(ty_target *target, const ty_frame *frame, ty_location_info *location)
{
	ty_location_info filled = { .line = -1, .end_line = -1, .column = -1, .end_column = -1 };
	struct ty_position position;

	if (target->replay)
		return ty_replay_location(target->replay, frame, location);
	if (!ty_codes_function(&target->codes, frame->function))
		return -TY_ENOTFOUND;
	/* An instruction begins at an even offset: at another one stands nothing. */
	if (frame->offset >= 0 && frame->offset % 2 == 0) {
		ty_codes_position(&target->codes, frame->function, (size_t)frame->offset / 2, &position);
		filled.line = position.line;
		filled.end_line = position.end_line;
		filled.column = position.column;
		filled.end_column = position.end_column;
	}
	return ty_options_out(location, &filled, sizeof(filled));
}

int ty_instruction(ty_target *target, const ty_frame *frame, ty_instruction_info *instruction)
{
	const struct py_function *function = ty_codes_function(&target->codes, frame->function);
	struct py_code *code = function ? function->code : NULL;
	ty_instruction_info filled = { .size = sizeof(filled) };
	struct ty_code_unit executing = { frame->opcode, frame->oparg };
	uint32_t unit = (uint32_t)frame->offset / 2;
	bool later = frame->flags & TY_FRAME_OPCODE_LATER || !(frame->flags & TY_FRAME_HAS_OPCODE);
	int result = target->merged ? ty_merged_instruction(target->merged, frame, instruction) : -TY_ESTALE;

	if (target->replay)
		return ty_replay_instruction(target->replay, frame, instruction);
	/* Of a source that is gone it is told as far as it was kept. */
	if (result != -TY_ESTALE)
		return result;
	if (!function || frame->offset < 0 || frame->offset % 2 || frame->kind != TY_FRAME_PYTHON ||
	    unit >= function->units)
		return -TY_ENOTFOUND;
	/* An error changes nothing: it stays unknown. */
	if (code && unit >= function->bytecode.known_count)
		(void)ty_codes_refresh(&target->codes, code);
	if (!(frame->flags & TY_FRAME_HAS_OPCODE)) {
		if (!code)
			return -TY_ESTALE;
		executing = (struct ty_code_unit){ code->adaptive[2 * unit], code->adaptive[2 * unit + 1] };
	}
	result = ty_instruction_fill(&function->bytecode, unit, executing, &filled);
	if (result < 0)
		return result;
	filled.flags |= later ? TY_INSTRUCTION_LATER : 0;
	filled.flags |= frame->flags & TY_FRAME_TRACE ? TY_INSTRUCTION_TRACE : 0;
	return ty_options_out(instruction, &filled, sizeof(filled));
}
