/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format is the same from CPython 3.11 on (Objects/locations.md, InternalDocs/code_objects.md, codeobject.c:
 * advance_with_locations). An entry begins with the byte 1 CCCC LLL: form C, for L + 1 code units. Then follow, by
 * form:
 *
 *     0-9    on the line before; column and width in one byte
 *     10-12  0 to 2 lines further; first and last column as a byte each
 *     13     line difference; columns unknown
 *     14     line difference, lines spanned, first column + 1, last column + 1
 *     15     nothing: the location is unknown, and the next entry counts from the line before this one
 *
 * Numbers of 13 and 14 are in groups of 6 bits, lowest first, with bit 6 set on all but the last; a signed one has its
 * sign in bit 0.
 *
 * Neighbouring entries of one position become one range: instructions with long inline caches need several. As an entry
 * covers at most 8 code units, an index of every 8th unit's range leaves at most 8 ranges to look at. That is as fast
 * as an index of every unit at an eighth of its size.
 */
#include "python/linetable.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <tachyon/base.h>

/* CPython has no limit. A module of a million lines has a table of some MB. */
#define LINETABLE_BYTES_MAX ((size_t)64 << 20)

#define BLOCK_UNITS 8
#define VARINT_BITS_MAX 30 /* shift of the last group that is read: more than 32 bits fit none of CPython's ints */

enum form {
	FORM_ONE_LINE = 10,
	FORM_NO_COLUMNS = 13,
	FORM_LONG = 14,
	FORM_NONE = 15,
};

static const struct ty_position unknown_position = { -1, -1, -1, -1 };

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	int64_t line; /* of the last entry that had one */
	bool bad;     /* the table ended within an entry, or a number fits no int */
};

static uint8_t read_byte(struct cursor *cursor)
{
	if (cursor->at == cursor->end) {
		cursor->bad = true;
		return 0;
	}
	return *cursor->at++;
}

static int64_t read_varint(struct cursor *cursor)
{
	int64_t value = 0;

	for (unsigned int shift = 0; shift <= VARINT_BITS_MAX; shift += 6) {
		uint8_t byte = read_byte(cursor);

		value |= (int64_t)(byte & 63) << shift;
		if (!(byte & 64))
			return value;
	}
	cursor->bad = true;
	return 0;
}

static int64_t read_signed_varint(struct cursor *cursor)
{
	int64_t value = read_varint(cursor);

	return value & 1 ? -(value >> 1) : value >> 1;
}

static int32_t checked(struct cursor *cursor, int64_t value)
{
	if (value < INT32_MIN || value > INT32_MAX) {
		cursor->bad = true;
		return -1;
	}
	return (int32_t)value;
}

static struct ty_position read_position(struct cursor *cursor, unsigned int form)
{
	struct ty_position position = unknown_position;
	uint8_t byte;

	if (form == FORM_NONE)
		return position;
	if (form == FORM_NO_COLUMNS || form == FORM_LONG)
		cursor->line += read_signed_varint(cursor);
	else if (form >= FORM_ONE_LINE)
		cursor->line += form - FORM_ONE_LINE;
	position.line = position.end_line = checked(cursor, cursor->line);
	if (form == FORM_LONG) {
		position.end_line = checked(cursor, cursor->line + read_varint(cursor));
		position.column = checked(cursor, read_varint(cursor) - 1);
		position.end_column = checked(cursor, read_varint(cursor) - 1);
	} else if (form >= FORM_ONE_LINE && form < FORM_NO_COLUMNS) {
		position.column = read_byte(cursor);
		position.end_column = read_byte(cursor);
	} else if (form < FORM_ONE_LINE) {
		byte = read_byte(cursor);
		position.column = (int32_t)(form << 3 | byte >> 4);
		position.end_column = position.column + (byte & 15);
	}
	return position;
}

/* Appends `unit_count` code units of one position. */
static int append(struct ty_linetable *linetable, struct ty_position position, uint32_t unit_count)
{
	struct ty_linetable_range *range = NULL;
	uint32_t *block;

	if (linetable->ranges.count)
		range = &linetable->ranges.items[linetable->ranges.count - 1];
	if (!range || memcmp(&range->position, &position, sizeof(position))) {
		range = ty_array_push(&linetable->ranges);
		if (!range)
			return -ENOMEM;
		range->first_unit = linetable->unit_count;
		range->position = position;
	}
	linetable->unit_count += unit_count;
	while (linetable->blocks.count * BLOCK_UNITS < linetable->unit_count) {
		block = ty_array_push(&linetable->blocks);
		if (!block)
			return -ENOMEM;
		*block = (uint32_t)(linetable->ranges.count - 1);
	}
	return 0;
}

static int decode(struct cursor *cursor, struct ty_linetable *out)
{
	struct ty_position position;
	uint8_t head;
	int result;

	while (cursor->at < cursor->end) {
		head = read_byte(cursor);
		position = read_position(cursor, head >> 3 & 15);
		if (cursor->bad || !(head & 128))
			return -TY_ECORRUPT;
		result = append(out, position, (head & 7u) + 1);
		if (result)
			return result;
	}
	return 0;
}

int ty_linetable_decode(const uint8_t *table, size_t size_bytes, int32_t first_line, struct ty_linetable *out)
{
	struct cursor cursor = { .at = table, .end = table + size_bytes, .line = first_line };
	int result;

	*out = (struct ty_linetable){ 0 };
	if (size_bytes > LINETABLE_BYTES_MAX)
		return -TY_ELIMIT;
	result = decode(&cursor, out);
	if (result)
		ty_linetable_free(out);
	return result;
}

int ty_linetable_lookup(const struct ty_linetable *linetable, size_t unit, struct ty_position *position)
{
	size_t at;

	*position = unknown_position;
	if (unit >= linetable->unit_count)
		return -TY_ENOTFOUND;
	at = linetable->blocks.items[unit / BLOCK_UNITS];
	while (at + 1 < linetable->ranges.count && linetable->ranges.items[at + 1].first_unit <= unit)
		at++;
	*position = linetable->ranges.items[at].position;
	return 0;
}

void ty_linetable_free(struct ty_linetable *linetable)
{
	ty_array_free(&linetable->ranges);
	ty_array_free(&linetable->blocks);
	linetable->unit_count = 0;
}
