/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a version to its table of opcodes. Opcode numbers are frozen within a minor version of CPython, so that one
 * table serves all its patch releases, builds and platforms.
 */
#include "python/versions/opcodes.h"

#include <stddef.h>

const struct py_opcode *ty_opcode_table(uint32_t version)
{
	switch (version) {
	case TY_PYTHON_3_11:
		return ty_opcodes_3_11;
	case TY_PYTHON_3_12:
		return ty_opcodes_3_12;
	case TY_PYTHON_3_13:
		return ty_opcodes_3_13;
	case TY_PYTHON_3_14:
		return ty_opcodes_3_14;
	case TY_PYTHON_3_15:
		return ty_opcodes_3_15;
	default:
		return NULL;
	}
}
