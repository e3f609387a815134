/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_FRAME_H
#define TY_PYTHON_FRAME_H

/*
 * One _PyInterpreterFrame out of a copy of the target's memory, and what its bytes testify.
 *
 * Evidence that frames carry about themselves, whether or not they are still in use:
 *
 * - Up to 3.13 `stacktop` is -1 while the frame is the one that executes in its interpreter loop, and an index >= 0
 * once it has called another Python frame without leaving the loop, or was popped (Include/internal/pycore_frame.h:
 *   _PyFrame_GetStackPointer sets -1, _PyFrame_SetStackPointer stores, _PyFrame_ClearExceptCode leaves 0).
 * - From 3.14 on a popped frame's reference to its code object is cleared (Python/ceval.c: clear_thread_frame).
 * - A frame that called another one stands on an instruction that pushes frames, and the slot above its value stack
 * still holds the function object it called: the call took its operands off the stack, and nobody writes there until
 * the callee returns. For a generator the slots just below hold the generator object, in which the callee's frame is
 * embedded.
 * - Frames owned by the thread lie one behind the other on its data stack: each begins where the one below it ends
 *   (frame_bytes of its code object), or at the begin of a chunk.
 */

#include <stdbool.h>
#include <stdint.h>

#include "python/code.h"
#include "python/version.h"

struct py_frame {
	uint64_t address;
	uint64_t code; /* address of the code object; 0 in a popped frame where that is cleared */
	uint64_t previous;
	uint64_t ip;
	uint64_t function; /* address of the function object */
	uint64_t stack;    /* address of the first free slot of its value stack; 0 while it executes, or unknown */
	uint32_t copy;     /* index of the thread's own bytecode that it runs; 0: the code object's (copies.h) */
	uint8_t owner;     /* enum py_frame_owner, or an entry */
	bool is_entry;     /* first frame of its interpreter loop, where the frame says so itself */
	bool executing;    /* known to be the innermost of its loop */
};

/* Decodes offsets->frame.size bytes. */
void ty_frame_decode(const struct py_version *version, const struct py_offsets *offsets, uint64_t address,
                     const uint8_t *bytes, struct py_frame *frame);

static inline bool ty_frame_is_shim(const struct py_version *version, const struct py_frame *frame)
{
	return frame->owner >= version->entry_owner;
}

/* true for a frame that is certainly no longer in use. */
static inline bool ty_frame_is_popped(const struct py_version *version, const struct py_frame *frame)
{
	return version->popped_code_is_cleared && !frame->code;
}

/*
 * Unit of the instruction the frame stands on, -1 when its instruction pointer does not fit its code object. `fresh` is
 * set where the frame has not begun to run yet.
 */
int64_t ty_frame_unit(const struct py_version *version, const struct py_code *code, const struct py_frame *frame,
                      bool *fresh);

/*
 * true for the frame that a generator function leaves behind on the data stack: it made its generator, to which the
 * frame was copied, and was popped. CPython moves the instruction pointer on before the copy, where it did not read it
 * before.
 */
bool ty_frame_made_generator(const struct py_codes *codes, const struct py_code *code, const struct py_frame *frame,
                             int64_t unit);

/* enum py_opcode_flag of the instruction at a unit. */
static inline uint32_t ty_frame_opcode_flags(const struct py_codes *codes, const struct py_code *code, int64_t unit)
{
	/* Nothing is known of a unit whose opcode is hidden: let it be any. */
	if (unit < 0 || !ty_bytecode_begins(code->bytecode, (uint32_t)unit))
		return unit < 0 ? 0 : PY_OPCODE_HIDDEN;
	return codes->opcodes[code->bytecode->units[unit].opcode].flags;
}

#endif
