/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_BYTECODE_H
#define TY_PYTHON_BYTECODE_H

/*
 * The instructions of a code object as they were compiled. Specialization, instrumentation and JIT traces change the
 * bytecode all the time, but each instruction's generic form, its argument and its place never change: so this is
 * decoded once and is then the measure for every byte that is sampled.
 *
 * A cache unit has the opcode CACHE and, as its argument, its distance from the instruction it belongs to.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/opcode.h"

struct ty_code_unit {
	uint8_t opcode;
	uint8_t argument;
};

struct ty_bytecode {
	const struct py_opcode *table; /* of its version */
	struct ty_code_unit *units;    /* generic forms */
	uint32_t unit_count;
	uint32_t known_count; /* units before the first that could not be told; behind it nothing is known */
};

/* Tells what stands behind an opcode with PY_OPCODE_HIDDEN; false: it cannot be told. */
typedef bool (*ty_resolve_fn)(void *context, uint32_t unit, struct ty_code_unit executing, struct ty_code_unit *real);

/*
 * Decodes bytecode as it is in the target, two bytes a unit. Hostile bytes only make known_count smaller. 0 or -ENOMEM.
 * Free it in any case.
 */
int ty_bytecode_decode(const struct py_opcode *table, const uint8_t *code, uint32_t unit_count, ty_resolve_fn resolve,
                       void *context, struct ty_bytecode *out);

void ty_bytecode_free(struct ty_bytecode *bytecode);

/* The unit at which the instruction begins that `unit` is part of: itself, or one before it if it is a cache unit. */
uint32_t ty_bytecode_head(const struct ty_bytecode *bytecode, uint32_t unit);

/* Whether an instruction begins at the unit, and it is known which. */
bool ty_bytecode_begins(const struct ty_bytecode *bytecode, uint32_t unit);

/* Argument of the instruction that begins at `unit`, with the EXTENDED_ARGs before it. */
uint32_t ty_bytecode_argument(const struct ty_bytecode *bytecode, uint32_t unit);

#endif
