/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str and bytes as repr() shows them: in single quotes, unless there is a single quote in it and no double one; with
 * escapes for the backslash, the quote, \t \n \r and for all that is not printable.
 */
#include "python/value.h"

#include <errno.h>
#include <stdlib.h>

#include <tachyon/base.h>

#include "python/unicode.h"
#include "util/cleanup.h"

/* More than PY_TEXT_BYTES_MAX holds is not read. */
#define CHARACTERS_MAX PY_TEXT_BYTES_MAX

static char choose_quote(const uint8_t *data, size_t count, unsigned int width_bytes)
{
	bool single = false;

	for (size_t i = 0; i < count; i++) {
		uint32_t character = ty_unicode_character(data, i, width_bytes);

		if (character == '"')
			return '\'';
		single |= character == '\'';
	}
	return single ? '"' : '\'';
}

/* Escapes that str and bytes have in common; false: it needs none of them. */
static bool add_short_escape(struct ty_text *text, uint32_t character, char quote)
{
	const char *escape = NULL;

	if (character == '\t')
		escape = "\\t";
	else if (character == '\n')
		escape = "\\n";
	else if (character == '\r')
		escape = "\\r";
	else if (character == '\\')
		escape = "\\\\";
	else if (character == (uint32_t)quote)
		escape = quote == '"' ? "\\\"" : "\\'";
	if (escape)
		ty_text_puts(text, escape);
	return escape;
}

void ty_text_str(struct ty_text *text, const struct py_unprintable *unprintable, const uint8_t *data, size_t count,
                 unsigned int width_bytes)
{
	char quote = choose_quote(data, count, width_bytes);

	ty_text_add(text, &quote, 1);
	for (size_t i = 0; i < count && !text->cut; i++) {
		uint32_t character = ty_unicode_character(data, i, width_bytes);

		if (add_short_escape(text, character, quote))
			continue;
		if (ty_is_printable(unprintable, character))
			ty_text_character(text, character);
		else if (character < 0x100)
			ty_text_printf(text, "\\x%02x", character);
		else if (character < 0x10000)
			ty_text_printf(text, "\\u%04x", character);
		else
			ty_text_printf(text, "\\U%08x", character);
	}
	ty_text_add(text, &quote, 1);
}

void ty_text_bytes(struct ty_text *text, const uint8_t *data, size_t count)
{
	char quote = choose_quote(data, count, 1);

	ty_text_puts(text, "b");
	ty_text_add(text, &quote, 1);
	for (size_t i = 0; i < count && !text->cut; i++) {
		if (add_short_escape(text, data[i], quote))
			continue;
		ty_text_printf(text, data[i] < ' ' || data[i] >= 0x7f ? "\\x%02x" : "%c", data[i]);
	}
	ty_text_add(text, &quote, 1);
}

/* Reads up to CHARACTERS_MAX; `cut` when there is more. */
static int read_data(struct ty_values *values, uint64_t address, uint64_t *count, unsigned int width_bytes, bool *cut,
                     uint8_t **data)
{
	*cut = *count > CHARACTERS_MAX;
	if (*cut)
		*count = CHARACTERS_MAX;
	*data = malloc(*count ? *count * width_bytes : 1);
	if (!*data)
		return -ENOMEM;
	return *count ? ty_memory_read(values->memory, address, *data, *count * width_bytes) : 0;
}

int ty_value_str(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	_cleanup_free_ uint8_t *data = NULL;
	struct py_unicode unicode;
	bool cut;
	int result = ty_unicode_locate(values->memory, values->offsets, address, &unicode);

	if (!result)
		result = read_data(values, unicode.data, &unicode.count, unicode.width_bytes, &cut, &data);
	if (result)
		return result;
	ty_text_str(text, values->dialect->unprintable, data, unicode.count, unicode.width_bytes);
	text->cut |= cut;
	return 0;
}

int ty_value_bytes(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	_cleanup_free_ uint8_t *data = NULL;
	uint64_t count;
	bool cut;
	int result = ty_memory_read_u64(values->memory, address + values->offsets->bytes.size, &count);

	if (!result)
		result = read_data(values, address + values->offsets->bytes.data, &count, 1, &cut, &data);
	if (result)
		return result;
	ty_text_bytes(text, data, count);
	text->cut |= cut;
	return 0;
}
