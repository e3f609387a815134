/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The byte that was sampled tells the specialization, the decoded bytecode what it is a form of. Where both are known
 * they must agree, because the generic form of an instruction never changes.
 */
#include "python/instruction.h"

static void name(const struct py_opcode *table, ty_instruction_info *out)
{
	out->base = table[out->opcode].base;
	out->name = table[out->opcode].name;
	out->base_name = table[out->base].name;
	out->opcode_flags = table[out->opcode].flags & PY_OPCODE_PUBLIC_FLAGS;
}

static uint16_t flags_of(const struct py_opcode *executing)
{
	uint16_t flags = 0;

	if (executing->flags & TY_OPCODE_INSTRUMENTED)
		flags |= TY_INSTRUCTION_INSTRUMENTED;
	if (executing->flags & TY_OPCODE_EXECUTOR)
		flags |= TY_INSTRUCTION_TRACE;
	return flags;
}

/* Behind the part of the bytecode that is known there is only the sampled byte itself. */
static int fill_alone(const struct py_opcode *table, struct ty_code_unit executing, ty_instruction_info *out)
{
	const struct py_opcode *entry = &table[executing.opcode];

	out->opcode = executing.opcode;
	out->flags |= TY_INSTRUCTION_UNRESOLVED;
	out->argument = entry->flags & TY_OPCODE_HAS_ARGUMENT ? executing.argument : 0;
	name(table, out);
	return 0;
}

int ty_instruction_fill(const struct ty_bytecode *bytecode, uint32_t unit, struct ty_code_unit executing,
                        ty_instruction_info *out)
{
	const struct py_opcode *entry = &bytecode->table[executing.opcode];

	if (unit >= bytecode->unit_count)
		return -TY_ENOTFOUND;
	if (!entry->name || entry->flags & TY_OPCODE_CACHE)
		return -TY_EOPCODE;
	out->offset = (int32_t)(unit * 2);
	out->executing = executing.opcode;
	out->flags = flags_of(entry);
	out->reserved = 0;
	if (unit >= bytecode->known_count)
		return fill_alone(bytecode->table, executing, out);
	if (!ty_bytecode_begins(bytecode, unit))
		return -TY_ENOTFOUND;
	if (!(entry->flags & PY_OPCODE_HIDDEN) && entry->base != bytecode->units[unit].opcode)
		return -TY_ESTALE;
	out->opcode = entry->flags & (PY_OPCODE_HIDDEN | TY_OPCODE_INSTRUMENTED) ? bytecode->units[unit].opcode
	                                                                         : executing.opcode;
	out->argument = ty_bytecode_argument(bytecode, unit);
	name(bytecode->table, out);
	return 0;
}
