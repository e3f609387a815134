/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format is the same from CPython 3.11 on (Objects/exception_handling_notes.txt,
 * InternalDocs/exception_handling.md). An entry is four numbers: start, length, target, depth << 1 | lasti; in code
 * units. A number is in groups of 6 bits, highest first, with bit 6 set on all but the last; the first byte of an entry
 * has bit 7 set. Entries are sorted and do not overlap, which the interpreter's own binary search relies on.
 */
#include "python/exctable.h"

#include <errno.h>

#include <tachyon/base.h>

#define VARINT_BYTES_MAX 6 /* of 6 bits: no number has more than 32 */

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool bad;
};

static uint32_t read_varint(struct cursor *cursor)
{
	uint64_t value = 0;

	for (int i = 0; i < VARINT_BYTES_MAX && cursor->at < cursor->end; i++) {
		uint8_t byte = *cursor->at++;

		value = value << 6 | (byte & 63);
		if (byte & 64)
			continue;
		cursor->bad |= value > UINT32_MAX;
		return (uint32_t)value;
	}
	cursor->bad = true;
	return 0;
}

static bool read_handler(struct cursor *cursor, uint32_t unit_count, uint32_t from, struct ty_handler *handler)
{
	uint32_t length, depth;

	if (!(*cursor->at & 128))
		return false;
	handler->start = read_varint(cursor);
	length = read_varint(cursor);
	handler->target = read_varint(cursor);
	depth = read_varint(cursor);
	if (cursor->bad || handler->start < from || handler->start > unit_count ||
	    length > unit_count - handler->start || handler->target >= unit_count)
		return false;
	handler->end = handler->start + length;
	handler->depth = depth >> 1;
	handler->lasti = depth & 1;
	return true;
}

int ty_exctable_decode(const uint8_t *table, size_t size_bytes, uint32_t unit_count, struct ty_exctable *out)
{
	struct cursor cursor = { .at = table, .end = table + size_bytes };
	struct ty_handler *handler;
	uint32_t from = 0;

	*out = (struct ty_exctable){ 0 };
	while (cursor.at < cursor.end) {
		handler = ty_array_push(&out->handlers);
		if (!handler || !read_handler(&cursor, unit_count, from, handler)) {
			ty_exctable_free(out);
			return handler ? -TY_ECORRUPT : -ENOMEM;
		}
		from = handler->end;
	}
	return 0;
}

const struct ty_handler *ty_exctable_lookup(const struct ty_exctable *exctable, uint32_t unit)
{
	size_t low = 0, high = exctable->handlers.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ty_handler *handler = &exctable->handlers.items[middle];

		if (unit < handler->start)
			high = middle;
		else if (unit >= handler->end)
			low = middle + 1;
		else
			return handler;
	}
	return NULL;
}

void ty_exctable_free(struct ty_exctable *exctable)
{
	ty_array_free(&exctable->handlers);
}
