/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_DISASSEMBLE_H
#define TY_PYTHON_DISASSEMBLE_H

/* All instructions of a code object as they are in the target now: what dis.get_instructions(adaptive=True) gives
 * there. */

#include "python/code.h"
#include "python/exctable.h"
#include "python/instruction.h"
#include "python/linetable.h"
#include "python/version.h"
#include "target/memory.h"

struct ty_row {
	ty_instruction_info instruction;
	struct ty_position position;
	const char *argument_text;        /* as dis shows it; "" where that is nothing or cannot be read */
	int64_t target;                   /* unit its argument refers to, -1: none */
	uint32_t label;                   /* number of this instruction among the jump targets, from 1; 0: it is none */
	const struct ty_handler *handler; /* of an exception that it raises; NULL: none */
};

/* Returns 0 to go on. */
typedef int (*ty_row_fn)(const struct ty_row *row, void *user_data);

/*
 * Gives every instruction of the code object at `address`, which must have that identity unless it is NULL. It stops,
 * without an error, where the bytecode cannot be told (bytecode.h). 0, what the callback returned, -TY_ESTALE when the
 * code object is another one, or changed while it was read, -TY_ELIMIT, -TY_ECORRUPT, -ENOMEM, or a negative errno when
 * it cannot be read.
 */
int ty_disassemble_code(struct ty_memory *memory, const struct py_version *version, const struct py_offsets *offsets,
                        uint64_t address, const struct py_identity *identity, ty_row_fn callback, void *user_data);

#endif
