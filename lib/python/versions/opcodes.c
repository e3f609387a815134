/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a version to its table of opcodes. Opcode numbers are frozen within a minor version of CPython, so that one
 * table serves all its patch releases, builds and platforms.
 */
#include "python/versions/opcodes.h"

#include <stddef.h>

static const struct row {
	uint32_t version;
	const struct py_opcode *opcodes;
	const struct py_dialect *dialect;
} ROWS[] = {
	{ TY_PYTHON_3_11, ty_opcodes_3_11, &ty_dialect_3_11 }, { TY_PYTHON_3_12, ty_opcodes_3_12, &ty_dialect_3_12 },
	{ TY_PYTHON_3_13, ty_opcodes_3_13, &ty_dialect_3_13 }, { TY_PYTHON_3_14, ty_opcodes_3_14, &ty_dialect_3_14 },
	{ TY_PYTHON_3_15, ty_opcodes_3_15, &ty_dialect_3_15 },
};

static const struct row *find(uint32_t version)
{
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		if (ROWS[i].version == version)
			return &ROWS[i];
	return NULL;
}

const struct py_opcode *ty_opcode_table(uint32_t version)
{
	const struct row *row = find(version);

	return row ? row->opcodes : NULL;
}

const struct py_dialect *ty_dialect(uint32_t version)
{
	const struct row *row = find(version);

	return row ? row->dialect : NULL;
}
