/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of functions and files come from the profiled program and may hold anything: newlines that forge rows, escape
 * sequences that repaint the terminal, direction marks that make a name read as another one ("Trojan Source", Unicode
 * TR 36). They are shown as escapes rather than dropped: two names that differ must look different.
 */
#include "output/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output/sink.h"
#include "util/cleanup.h"

#define LINE_BYTES 512
/* Longest replacement of one byte of a name: "\x1b". What takes three bytes becomes "\u2028", twice as long. */
#define GROWTH 4

void ty_print_string(ty_sink *sink, const char *string)
{
	ty_sink_write(sink, string, strlen(string));
}

void ty_print(ty_sink *sink, const char *format, ...)
{
	_cleanup_free_ char *longer = NULL;
	char line[LINE_BYTES];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (length >= 0 && (size_t)length < sizeof(line)) {
		ty_sink_write(sink, line, (size_t)length);
		return;
	}
	va_start(arguments, format);
	length = vasprintf(&longer, format, arguments);
	va_end(arguments);
	if (length < 0) {
		longer = NULL; /* vasprintf leaves it undefined */
		ty_sink_fail(sink, -ENOMEM);
		return;
	}
	ty_sink_write(sink, longer, (size_t)length);
}

static size_t characters_in(const char *string)
{
	size_t count = 0;

	for (; *string; string++)
		count += ((unsigned char)*string & 0xc0) != 0x80;
	return count;
}

void ty_print_padded(ty_sink *sink, int width, const char *string)
{
	size_t wanted = (size_t)(width < 0 ? -width : width);
	size_t length = characters_in(string);
	int padding = wanted > length ? (int)(wanted - length) : 0;

	if (width >= 0)
		ty_print(sink, "%*s", padding, "");
	ty_print_string(sink, string);
	if (width < 0)
		ty_print(sink, "%*s", padding, "");
}

size_t ty_utf8_decode(const char *at, uint32_t *code_point)
{
	static const uint32_t SMALLEST[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)at;
	size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xc0 ? 0 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	uint32_t value = length > 1 ? bytes[0] & (0x7f >> length) : bytes[0];

	if (length == 0 || bytes[0] > 0xf4)
		return 0;
	/* A NUL ends the loop, too: it is no continuation byte. */
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	if (value < SMALLEST[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code_point = value;
	return length;
}

bool ty_text_is_harmful(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) || /* C0, DEL, C1 */
	       (character >= 0x200e && character <= 0x200f) ||                /* direction marks */
	       (character >= 0x2028 && character <= 0x202e) ||                /* separators, embeddings, overrides */
	       (character >= 0x2066 && character <= 0x2069) || character == 0x061c || character == 0xfeff;
}

static size_t put_character(char *out, const char *at, size_t length, uint32_t character, enum ty_text_use use)
{
	if (length == 0)
		return (size_t)sprintf(out, "\xef\xbf\xbd");
	if (ty_text_is_harmful(character))
		return (size_t)sprintf(out, character < 0x100 ? "\\x%02" PRIx32 : "\\u%04" PRIx32, character);
	memcpy(out, at, length);
	if (use == TY_TEXT_STACK && character == ';')
		*out = ',';
	return length;
}

char *ty_text_clean(const char *string, enum ty_text_use use)
{
	size_t size_bytes = strlen(string), used = 0;
	char *clean, *shrunk;

	if (size_bytes > SIZE_MAX / GROWTH - 1)
		return NULL;
	clean = malloc(size_bytes * GROWTH + 1);
	if (!clean)
		return NULL;
	while (*string) {
		uint32_t character = 0;
		size_t length = ty_utf8_decode(string, &character);

		used += put_character(clean + used, string, length, character, use);
		string += length ? length : 1;
	}
	clean[used] = '\0';
	shrunk = realloc(clean, used + 1);
	return shrunk ? shrunk : clean;
}

const char *ty_text_grouped(uint64_t number, char buffer[TY_GROUPED_BYTES])
{
	char *at = buffer + TY_GROUPED_BYTES - 1;
	int digits = 0;

	*at = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + number % 10);
		digits++;
		number /= 10;
	} while (number);
	return at;
}
