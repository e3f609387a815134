/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_DISASSEMBLY_H
#define TPY_DISASSEMBLY_H

/* Opcodes, instructions and disassemblies as named tuples. */

#include "state.h"

/** decode_opcode(version, number) of the module; version is major << 8 | minor. */
PyObject *tpy_decode_opcode(PyObject *module, PyObject *args);

/** The instruction that a frame stands on; None if it has none. */
PyObject *tpy_instruction_of(struct tpy_state *state, struct tpy_handle *handle, const ty_frame *frame);

/** All instructions of a function, as a list. */
PyObject *tpy_disassemble(struct tpy_state *state, struct tpy_handle *handle, uint32_t function);

#endif
