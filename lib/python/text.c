/* SPDX-License-Identifier: Apache-2.0 */
#include "python/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6"
#define PRINTF_BYTES 256 /* longest piece: a name is added by itself */

void ty_text_add(struct ty_text *text, const char *bytes, size_t size_bytes)
{
	if (text->cut || text->out_of_memory)
		return;
	if (size_bytes > PY_TEXT_BYTES_MAX - text->bytes.count) {
		text->cut = true;
		return;
	}
	if (!ty_array_reserve(&text->bytes, text->bytes.count + size_bytes)) {
		text->out_of_memory = true;
		return;
	}
	if (size_bytes)
		memcpy(text->bytes.items + text->bytes.count, bytes, size_bytes);
	text->bytes.count += size_bytes;
}

void ty_text_puts(struct ty_text *text, const char *string)
{
	ty_text_add(text, string, strlen(string));
}

void ty_text_printf(struct ty_text *text, const char *format, ...)
{
	char piece[PRINTF_BYTES];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(piece, sizeof(piece), format, arguments);
	va_end(arguments);
	if (length > 0)
		ty_text_add(text, piece, (size_t)length < sizeof(piece) ? (size_t)length : sizeof(piece) - 1);
}

void ty_text_character(struct ty_text *text, uint32_t character)
{
	char utf8[4];

	if (character < 0x80) {
		utf8[0] = (char)character;
		ty_text_add(text, utf8, 1);
	} else if (character < 0x800) {
		utf8[0] = (char)(0xc0 | character >> 6);
		utf8[1] = (char)(0x80 | (character & 63));
		ty_text_add(text, utf8, 2);
	} else if (character < 0x10000) {
		utf8[0] = (char)(0xe0 | character >> 12);
		utf8[1] = (char)(0x80 | (character >> 6 & 63));
		utf8[2] = (char)(0x80 | (character & 63));
		ty_text_add(text, utf8, 3);
	} else {
		utf8[0] = (char)(0xf0 | character >> 18);
		utf8[1] = (char)(0x80 | (character >> 12 & 63));
		utf8[2] = (char)(0x80 | (character >> 6 & 63));
		utf8[3] = (char)(0x80 | (character & 63));
		ty_text_add(text, utf8, 4);
	}
}

const char *ty_text_end(struct ty_text *text)
{
	size_t length = text->bytes.count;

	if (text->out_of_memory || !ty_array_reserve(&text->bytes, length + sizeof(ELLIPSIS)))
		return NULL;
	if (text->cut) {
		memcpy(text->bytes.items + length, ELLIPSIS, sizeof(ELLIPSIS));
		return text->bytes.items;
	}
	text->bytes.items[length] = '\0';
	return text->bytes.items;
}
