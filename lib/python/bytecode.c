/* SPDX-License-Identifier: Apache-2.0 */
#include "python/bytecode.h"

#include <errno.h>
#include <stdlib.h>

#include "util/cleanup.h"

#define UNIT_BYTES 2

/* CPython folds at most three EXTENDED_ARGs, as arguments have 32 bits. */
#define EXTENDED_ARGS_MAX 3

/* The generic form of the instruction that executes at `unit`. */
static bool real_unit(const struct py_opcode *table, uint32_t unit, struct ty_code_unit executing,
                      ty_resolve_fn resolve, void *context, struct ty_code_unit *real)
{
	*real = executing;
	if (table[executing.opcode].flags & PY_OPCODE_HIDDEN && !resolve(context, unit, executing, real))
		return false;
	if (!table[real->opcode].name || table[real->opcode].flags & (PY_OPCODE_HIDDEN | TY_OPCODE_CACHE))
		return false;
	real->opcode = table[real->opcode].base;
	return true;
}

int ty_bytecode_decode(const struct py_opcode *table, const uint8_t *code, uint32_t unit_count, ty_resolve_fn resolve,
                       void *context, struct ty_bytecode *out)
{
	_cleanup_free_ struct ty_code_unit *units = calloc(unit_count ? unit_count : 1, sizeof(*units));
	struct ty_code_unit executing;
	uint32_t unit = 0;
	uint8_t caches;

	*out = (struct ty_bytecode){ 0 };
	if (!units)
		return -ENOMEM;
	while (unit < unit_count) {
		executing.opcode = code[(size_t)unit * UNIT_BYTES];
		executing.argument = code[(size_t)unit * UNIT_BYTES + 1];
		if (!real_unit(table, unit, executing, resolve, context, &units[unit]))
			break;
		caches = table[units[unit].opcode].caches;
		if (caches >= unit_count - unit)
			break;
		for (uint8_t distance = 1; distance <= caches; distance++)
			units[unit + distance].argument = distance;
		unit += 1u + caches;
	}
	*out = (struct ty_bytecode){ table, ty_steal_ptr(units), unit_count, unit };
	return 0;
}

void ty_bytecode_free(struct ty_bytecode *bytecode)
{
	free(bytecode->units);
	*bytecode = (struct ty_bytecode){ 0 };
}

uint32_t ty_bytecode_head(const struct ty_bytecode *bytecode, uint32_t unit)
{
	if (unit < bytecode->known_count && bytecode->table[bytecode->units[unit].opcode].flags & TY_OPCODE_CACHE)
		return unit - bytecode->units[unit].argument;
	return unit;
}

bool ty_bytecode_begins(const struct ty_bytecode *bytecode, uint32_t unit)
{
	return unit < bytecode->known_count && !(bytecode->table[bytecode->units[unit].opcode].flags & TY_OPCODE_CACHE);
}

static bool extends(const struct ty_bytecode *bytecode, uint32_t unit)
{
	return bytecode->table[bytecode->units[unit].opcode].flags & PY_OPCODE_EXTENDS;
}

uint32_t ty_bytecode_argument(const struct ty_bytecode *bytecode, uint32_t unit)
{
	uint32_t argument = bytecode->units[unit].argument;
	uint32_t before = unit;

	if (!(bytecode->table[bytecode->units[unit].opcode].flags & TY_OPCODE_HAS_ARGUMENT))
		return 0;
	for (int shift = 8; shift <= 8 * EXTENDED_ARGS_MAX && before && extends(bytecode, before - 1); shift += 8)
		argument |= (uint32_t)bytecode->units[--before].argument << shift;
	return argument;
}
