/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_INSTRUCTION_H
#define TY_PYTHON_INSTRUCTION_H

/* What ty_instruction() says of one instruction, from the code unit that was sampled and the bytecode it belongs to. */

#include <tachyon/snapshot.h>

#include "python/bytecode.h"

/*
 * Fills `out` but its size and TY_INSTRUCTION_LATER. `executing` is the code unit as sampled at `unit`.
 *
 * 0; -TY_ENOTFOUND if no instruction begins there; -TY_EOPCODE if the byte is no opcode of that version; -TY_ESTALE if
 * it is one that can never stand there: the code object is not the one that was sampled.
 */
int ty_instruction_fill(const struct ty_bytecode *bytecode, uint32_t unit, struct ty_code_unit executing,
                        ty_instruction_info *out);

#endif
