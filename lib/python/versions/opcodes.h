/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_VERSIONS_OPCODES_H
#define TY_PYTHON_VERSIONS_OPCODES_H

/*
 * The generated opcode tables, one file a version.
 *
 * To add CPython 3.16: run generate_opcodes.py and generate_printable.py under it, save the output as opcodes_3_16.c
 * and printable_3_16.c, declare the table here, list it in opcodes.c and meson.build, and read its bytecodes.c for
 * instructions that push or pop frames: the sets PUSHES, RETURNS and RAISES of the generator are the only thing that
 * the interpreter cannot tell.
 */

#include "python/dialect.h"
#include "python/opcode.h"

extern const struct py_opcode ty_opcodes_3_11[PY_OPCODE_COUNT];
extern const struct py_opcode ty_opcodes_3_12[PY_OPCODE_COUNT];
extern const struct py_opcode ty_opcodes_3_13[PY_OPCODE_COUNT];
extern const struct py_opcode ty_opcodes_3_14[PY_OPCODE_COUNT];
extern const struct py_opcode ty_opcodes_3_15[PY_OPCODE_COUNT];

extern const struct py_unprintable ty_unprintable_3_11;
extern const struct py_unprintable ty_unprintable_3_12;
extern const struct py_unprintable ty_unprintable_3_13;
extern const struct py_unprintable ty_unprintable_3_14;
extern const struct py_unprintable ty_unprintable_3_15;

extern const struct py_dialect ty_dialect_3_11;
extern const struct py_dialect ty_dialect_3_12;
extern const struct py_dialect ty_dialect_3_13;
extern const struct py_dialect ty_dialect_3_14;
extern const struct py_dialect ty_dialect_3_15;

#endif
