/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A str is "compact": its characters follow the struct, in 1, 2 or 4 bytes each (Include/cpython/unicodeobject.h).
 * ASCII ones follow the shorter PyASCIIObject, all others, Latin-1 included, PyCompactUnicodeObject. The state word
 * holds, from kind_shift on, kind (3 bits), compact (1) and ascii (1).
 */
#include "python/unicode.h"

#include <errno.h>
#include <string.h>

#include <tachyon/base.h>

#include "util/bytes.h"

#define REPLACEMENT 0xfffd
#define SYMBOL_FOR_NULL 0x2400
#define ELLIPSIS "\xe2\x80\xa6"

static size_t put_utf8(uint32_t character, char *utf8)
{
	if (character == 0)
		character = SYMBOL_FOR_NULL;
	if ((character >= 0xd800 && character < 0xe000) || character > 0x10ffff)
		character = REPLACEMENT;
	if (character < 0x80) {
		utf8[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		utf8[0] = (char)(0xc0 | character >> 6);
		utf8[1] = (char)(0x80 | (character & 63));
		return 2;
	}
	if (character < 0x10000) {
		utf8[0] = (char)(0xe0 | character >> 12);
		utf8[1] = (char)(0x80 | (character >> 6 & 63));
		utf8[2] = (char)(0x80 | (character & 63));
		return 3;
	}
	utf8[0] = (char)(0xf0 | character >> 18);
	utf8[1] = (char)(0x80 | (character >> 12 & 63));
	utf8[2] = (char)(0x80 | (character >> 6 & 63));
	utf8[3] = (char)(0x80 | (character & 63));
	return 4;
}

size_t ty_unicode_to_utf8(const uint8_t *data, size_t count, unsigned int width_bytes, char *utf8)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += put_utf8(ty_unicode_character(data, i, width_bytes), utf8 + length);
	utf8[length] = '\0';
	return length;
}

int ty_unicode_locate(struct ty_memory *memory, const struct py_offsets *offsets, uint64_t address,
                      struct py_unicode *unicode)
{
	uint8_t header[PY_UNICODE_HEADER_BYTES_MAX];
	uint32_t state;
	bool ascii;
	int result;

	result = ty_memory_read(memory, address, header, offsets->unicode.ascii_data);
	if (result < 0)
		return result;
	unicode->count = ty_load_u64(header + offsets->unicode.length);
	state = ty_load_u32(header + offsets->unicode.state) >> offsets->unicode.kind_shift;
	unicode->width_bytes = state & 7;
	ascii = state >> 4 & 1;
	if (!(state >> 3 & 1) || unicode->count > INT64_MAX ||
	    (unicode->width_bytes != 1 && unicode->width_bytes != 2 && unicode->width_bytes != 4))
		return -TY_ECORRUPT;
	unicode->data = address + (ascii ? offsets->unicode.ascii_data : offsets->unicode.compact_data);
	return 0;
}

int ty_unicode_read(struct ty_memory *memory, const struct py_offsets *offsets, uint64_t address, char *utf8)
{
	uint8_t data[PY_STRING_CHARACTERS_MAX * 4];
	struct py_unicode unicode;
	size_t count, length;
	int result = ty_unicode_locate(memory, offsets, address, &unicode);

	if (result < 0)
		return result;
	count = unicode.count < PY_STRING_CHARACTERS_MAX ? (size_t)unicode.count : PY_STRING_CHARACTERS_MAX;
	result = count ? ty_memory_read(memory, unicode.data, data, count * unicode.width_bytes) : 0;
	if (result < 0)
		return result;
	length = ty_unicode_to_utf8(data, count, unicode.width_bytes, utf8);
	if (unicode.count > count)
		memcpy(utf8 + length, ELLIPSIS, sizeof(ELLIPSIS));
	return 0;
}
