/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ty_decode_opcode(): the generated tables in the form of the public ABI.
 */
#include "python/opcode.h"

#include "util/options.h"

int ty_decode_opcode(uint32_t version, uint32_t number, ty_opcode *opcode)
{
	const struct py_opcode *table = ty_opcode_table(version);
	const struct py_opcode *entry;
	ty_opcode local = { 0 };

	if (!table)
		return -TY_EVERSION;
	if (number >= PY_OPCODE_COUNT || !table[number].name)
		return -TY_EOPCODE;
	entry = &table[number];
	local.version = version;
	local.number = (uint16_t)number;
	local.base = entry->base;
	local.name = entry->name;
	local.base_name = table[entry->base].name;
	local.family = entry->flags & PY_OPCODE_FAMILY ? local.base_name : NULL;
	local.flags = entry->flags & PY_OPCODE_PUBLIC_FLAGS;
	local.caches = entry->caches;
	local.argument = entry->argument;
	return ty_options_out(opcode, &local, sizeof(local));
}
