/* SPDX-License-Identifier: Apache-2.0 */
#include "python/frame.h"

#include "util/bytes.h"

#define WORD_BYTES 8

/* Value of stacktop in a frame that executes. */
#define STACKTOP_EXECUTING (-1)

void ty_frame_decode(const struct py_version *version, const struct py_offsets *offsets, uint64_t address,
                     const uint8_t *bytes, struct py_frame *frame)
{
	uint64_t untagged = ~version->reference_tag_mask;

	frame->address = address;
	frame->code = ty_load_u64(bytes + offsets->frame.executable) & untagged;
	frame->previous = ty_load_u64(bytes + offsets->frame.previous);
	frame->ip = ty_load_u64(bytes + offsets->frame.instr_ptr);
	frame->function = ty_load_u64(bytes + offsets->frame.function) & untagged;
	frame->copy = py_has(offsets->frame.tlbc_index) ? ty_load_u32(bytes + offsets->frame.tlbc_index) : 0;
	frame->owner = bytes[offsets->frame.owner];
	frame->is_entry = py_has(offsets->frame.is_entry) && bytes[offsets->frame.is_entry];
	if (py_has(offsets->frame.stacktop)) {
		int32_t top = ty_load_i32(bytes + offsets->frame.stacktop);

		frame->executing = top == STACKTOP_EXECUTING;
		frame->stack = top < 0 ? 0 : address + offsets->frame.size + (uint64_t)top * WORD_BYTES;
	} else {
		frame->executing = false;
		frame->stack = ty_load_u64(bytes + offsets->frame.stackpointer);
	}
}

int64_t ty_frame_unit(const struct py_version *version, const struct py_code *code, const struct py_frame *frame,
                      bool *fresh)
{
	uint64_t distance = frame->ip - code->bytecode_address;
	uint64_t unit = distance / 2;

	*fresh = false;
	if (version->points_to_previous && frame->ip + 2 == code->bytecode_address) {
		*fresh = true;
		return 0;
	}
	if (distance % 2 || unit >= code->units)
		return -1;
	/* prev_instr may rest on the inline caches of a call; instr_ptr never does. */
	if (version->points_to_previous)
		return ty_bytecode_head(code->bytecode, (uint32_t)unit);
	return unit < code->bytecode->known_count && !ty_bytecode_begins(code->bytecode, (uint32_t)unit)
	               ? -1
	               : (int64_t)unit;
}

bool ty_frame_made_generator(const struct py_codes *codes, const struct py_code *code, const struct py_frame *frame,
                             int64_t unit)
{
	if (frame->owner != PY_OWNER_THREAD || unit < 0)
		return false;
	if (ty_frame_opcode_flags(codes, code, unit) & PY_OPCODE_CREATES)
		return true;
	return unit > 0 && ty_frame_opcode_flags(codes, code, unit - 1) & PY_OPCODE_CREATES;
}
