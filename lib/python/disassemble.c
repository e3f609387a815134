/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that belongs to the code object is copied first, then its header is read again: the code object was there
 * all the time if its identity is the same. Only the constants and names are read while the rows are made; they live as
 * long as the code object does.
 */
#include "python/disassemble.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "python/argument.h"
#include "python/instrumentation.h"
#include "util/bytes.h"
#include "util/cleanup.h"

#define ITEMS_MAX (1u << 22)
#define TABLE_BYTES_MAX PY_LINETABLE_BYTES_MAX

struct listing {
	struct ty_memory *memory;
	const struct py_version *version;
	const struct py_offsets *offsets;
	uint64_t address;
	const struct py_identity *identity; /* that it must have, or NULL */
	uint8_t header[PY_CODE_HEADER_BYTES_MAX];
	uint8_t *code; /* as executing, two bytes a unit */
	uint32_t unit_count;
	struct ty_bytecode bytecode;
	struct ty_linetable lines;
	struct ty_exctable handlers;
	struct ty_referents referents;
	struct ty_values values;
	struct ty_text text;
};

static int read_header(struct listing *listing)
{
	uint64_t units;
	int result;

	if (listing->offsets->code.size > sizeof(listing->header))
		return -TY_ELIMIT;
	result = ty_memory_read(listing->memory, listing->address, listing->header, listing->offsets->code.size);
	if (result)
		return result;
	units = ty_load_u64(listing->header + listing->offsets->code.units);
	if (!units || units > PY_CODE_UNITS_MAX)
		return -TY_ELIMIT;
	listing->unit_count = (uint32_t)units;
	return 0;
}

static int read_code(struct listing *listing)
{
	size_t size_bytes = (size_t)listing->unit_count * 2;
	int result;

	listing->code = malloc(size_bytes);
	if (!listing->code)
		return -ENOMEM;
	result = ty_memory_read(listing->memory, listing->address + listing->offsets->code.adaptive, listing->code,
	                        size_bytes);
	if (result)
		return result;
	return ty_bytecode_read(listing->memory, listing->version->number, listing->offsets, listing->address,
	                        listing->code, listing->unit_count, &listing->bytecode);
}

/* The data of the bytes object that a member of the code object points to. */
static int read_bytes(const struct listing *listing, uint32_t member, uint8_t **data, size_t *size_bytes)
{
	uint64_t address = ty_load_u64(listing->header + member);
	uint64_t size = 0;
	int result = ty_memory_read_u64(listing->memory, address + listing->offsets->bytes.size, &size);

	if (result)
		return result;
	if (size > TABLE_BYTES_MAX)
		return -TY_ELIMIT;
	*data = malloc(size ? size : 1);
	*size_bytes = size;
	if (!*data)
		return -ENOMEM;
	return size ? ty_memory_read(listing->memory, address + listing->offsets->bytes.data, *data, size) : 0;
}

/* A table that is corrupt leaves positions unknown; the instructions are still worth having. */
static int read_lines(struct listing *listing)
{
	int32_t first_line = ty_load_i32(listing->header + listing->offsets->code.firstlineno);
	_cleanup_free_ uint8_t *table = NULL;
	size_t size_bytes = 0;
	int result = read_bytes(listing, listing->offsets->code.linetable, &table, &size_bytes);

	if (!result)
		result = ty_linetable_decode(table, size_bytes, first_line, &listing->lines);
	return result == -TY_ECORRUPT ? 0 : result;
}

static int read_handlers(struct listing *listing)
{
	_cleanup_free_ uint8_t *table = NULL;
	size_t size_bytes = 0;
	int result = read_bytes(listing, listing->offsets->code.exceptiontable, &table, &size_bytes);

	if (!result)
		result = ty_exctable_decode(table, size_bytes, listing->unit_count, &listing->handlers);
	return result == -TY_ECORRUPT ? 0 : result;
}

static int read_items(const struct listing *listing, uint32_t member, struct ty_items *items)
{
	uint64_t ob_size = ty_load_u64(listing->header + member) + listing->offsets->bytes.size;
	uint64_t count = 0;
	int result = ty_memory_read_u64(listing->memory, ob_size, &count);

	if (result)
		return result;
	if (count > ITEMS_MAX)
		return -TY_ELIMIT;
	items->addresses = calloc(count ? count : 1, sizeof(*items->addresses));
	if (!items->addresses)
		return -ENOMEM;
	items->count = (uint32_t)count;
	return count ? ty_memory_read(listing->memory, ob_size + listing->values.dialect->tuple_items, items->addresses,
	                              count * sizeof(*items->addresses))
	             : 0;
}

/* Numbers the instructions that others jump to in the order they stand in, as dis does. */
static int number_labels(struct listing *listing)
{
	uint32_t *labels = calloc(listing->unit_count, sizeof(*labels));
	uint32_t number = 0;

	listing->referents.labels = labels;
	if (!labels)
		return -ENOMEM;
	for (uint32_t unit = 0; unit < listing->bytecode.known_count; unit++) {
		int64_t target = ty_argument_target(&listing->bytecode, unit);

		if (target >= 0)
			labels[target] = 1;
	}
	for (uint32_t unit = 0; unit < listing->unit_count; unit++)
		if (labels[unit])
			labels[unit] = ++number;
	return 0;
}

static int identify(const struct listing *listing, const uint8_t *header, struct py_identity *identity)
{
	uint8_t name_header[PY_NAME_HEADER_BYTES];
	bool need_name = ty_codes_need_name(listing->offsets);
	int result = need_name ? ty_memory_read(listing->memory, ty_load_u64(header + listing->offsets->code.qualname),
	                                        name_header, sizeof(name_header))
	                       : 0;

	if (!result)
		ty_codes_identity(listing->offsets, header, need_name ? name_header : NULL, identity);
	return result;
}

static int check_identity(const struct listing *listing)
{
	uint8_t header[PY_CODE_HEADER_BYTES_MAX];
	struct py_identity before, after;
	int result = identify(listing, listing->header, &before);

	if (!result)
		result = ty_memory_read(listing->memory, listing->address, header, listing->offsets->code.size);
	if (!result)
		result = identify(listing, header, &after);
	if (result)
		return result;
	if (memcmp(&before, &after, sizeof(before)))
		return -TY_ESTALE;
	return listing->identity && memcmp(&before, listing->identity, sizeof(before)) ? -TY_ESTALE : 0;
}

static int read_all(struct listing *listing)
{
	int result = read_header(listing);

	if (!result)
		result = read_code(listing);
	if (!result)
		result = read_lines(listing);
	if (!result)
		result = read_handlers(listing);
	if (!result)
		result = read_items(listing, listing->offsets->code.consts, &listing->referents.consts);
	if (!result)
		result = read_items(listing, listing->offsets->code.names, &listing->referents.names);
	if (!result)
		result = read_items(listing, listing->offsets->code.localsplusnames, &listing->referents.locals);
	if (!result)
		result = number_labels(listing);
	return result ? result : check_identity(listing);
}

static int make_row(struct listing *listing, uint32_t unit, struct ty_row *row)
{
	struct ty_code_unit executing = { listing->code[2 * (size_t)unit], listing->code[2 * (size_t)unit + 1] };
	int result = ty_instruction_fill(&listing->bytecode, unit, executing, &row->instruction);

	if (result)
		return result;
	row->instruction.size = sizeof(row->instruction);
	row->instruction.flags |= TY_INSTRUCTION_LATER;
	row->target = ty_argument_target(&listing->bytecode, unit);
	row->label = listing->referents.labels[unit];
	row->handler = ty_exctable_lookup(&listing->handlers, unit);
	ty_linetable_lookup(&listing->lines, unit, &row->position);
	ty_text_clear(&listing->text);
	result = ty_argument_text(&listing->values, &listing->referents, &listing->bytecode, unit, &listing->text);
	if (result == -ENOMEM || result == -ESRCH)
		return result;
	if (result)
		ty_text_clear(&listing->text);
	row->argument_text = ty_text_end(&listing->text);
	return row->argument_text ? 0 : -ENOMEM;
}

static int give_rows(struct listing *listing, ty_row_fn callback, void *user_data)
{
	struct ty_row row = { 0 };
	int result = 0;

	for (uint32_t unit = 0; unit < listing->bytecode.known_count && !result; unit++) {
		if (!ty_bytecode_begins(&listing->bytecode, unit))
			continue;
		result = make_row(listing, unit, &row);
		if (!result)
			result = callback(&row, user_data);
	}
	return result;
}

int ty_disassemble_code(struct ty_memory *memory, const struct py_version *version, const struct py_offsets *offsets,
                        uint64_t address, const struct py_identity *identity, ty_row_fn callback, void *user_data)
{
	struct listing listing = {
		.memory = memory, .version = version, .offsets = offsets, .address = address, .identity = identity
	};
	int result;

	ty_values_init(&listing.values, memory, offsets, ty_dialect(version->number));
	result = read_all(&listing);
	if (!result)
		result = give_rows(&listing, callback, user_data);
	ty_text_free(&listing.text);
	ty_values_free(&listing.values);
	free(listing.referents.labels);
	free(listing.referents.locals.addresses);
	free(listing.referents.names.addresses);
	free(listing.referents.consts.addresses);
	ty_exctable_free(&listing.handlers);
	ty_linetable_free(&listing.lines);
	ty_bytecode_free(&listing.bytecode);
	free(listing.code);
	return result;
}
