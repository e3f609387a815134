/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that others wrote, made safe for a terminal.
 *
 * Names and source lines come from the target. A terminal obeys control characters (ECMA-48: C0, DEL, C1), and readers
 * are fooled by bidirectional overrides (U+202A…U+202E, U+2066…U+2069); both are printed as escapes, as are bytes that
 * are no UTF-8. Widths are what wcwidth() says under C.UTF-8, so that carets stand under CJK text too; the locale of
 * the environment is not used, because source columns are UTF-8 whatever it says.
 */
#include "cli.h"

#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define INVALID_CODE UINT32_MAX
#define RENDERED_BYTES 16

/* Decodes one code point and gives its length in bytes; an invalid byte has length 1 and INVALID_CODE. */
static size_t decode(const unsigned char *text, size_t size_bytes, uint32_t *code)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

	*code = INVALID_CODE;
	if (length == 0 || text[0] > 0xf4 || length > size_bytes)
		return 1;
	uint32_t value = length == 1 ? text[0] : text[0] & (0x7fU >> length);

	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (text[i] & 0x3f);
	}
	if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 1;
	*code = value;
	return length;
}

static bool is_dangerous(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

static int code_width(uint32_t code)
{
	static locale_t utf8;

	if (code < 0x7f)
		return 1;
	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
	int width = utf8 ? wcwidth((wchar_t)code) : 1;

	if (before)
		uselocale(before);
	return width;
}

/* One code point as it may be shown, or its escape; gives the columns it takes. */
static size_t render_code(char shown[RENDERED_BYTES], const unsigned char *text, size_t length, uint32_t code)
{
	/* A tab is one column: carets are placed under the text by its columns. */
	int width = code == '\t' ? 1 : code == INVALID_CODE || is_dangerous(code) ? -1 : code_width(code);

	if (width >= 0) {
		memcpy(shown, code == '\t' ? (const unsigned char *)" " : text, length);
		shown[length] = '\0';
		return (size_t)width;
	}
	if (code == INVALID_CODE || code < 0x100)
		snprintf(shown, RENDERED_BYTES, "\\x%02x", code == INVALID_CODE ? text[0] : (unsigned)code);
	else
		snprintf(shown, RENDERED_BYTES, code < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)code);
	return strlen(shown);
}

/* Prints foreign text; gives the columns it takes. out may be NULL to measure only. */
size_t text_print(FILE *out, const char *text, size_t size_bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t columns = 0;

	while (size_bytes > 0) {
		char shown[RENDERED_BYTES];
		uint32_t code;
		size_t length = decode(at, size_bytes, &code);

		columns += render_code(shown, at, length, code);
		if (out)
			fputs(shown, out);
		at += length;
		size_bytes -= length;
	}
	return columns;
}

/*
 * Foreign text in a buffer, cut to a number of columns; what is cut ends in `more`. plain: a terminal that knows nothing
 * but ASCII. Gives the columns it takes.
 */
size_t text_fit(char *fitted, size_t size, const char *text, size_t columns, bool plain)
{
	const char *more = plain ? "~" : "…";
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text), used = 0, taken = 0, cut_used = 0, cut_taken = 0;

	while (left > 0) {
		char shown[RENDERED_BYTES];
		uint32_t code;
		size_t length = decode(at, left, &code);
		bool escaped = plain && code >= 0x80 && code != INVALID_CODE;
		size_t width = escaped ? (size_t)snprintf(shown, sizeof(shown), "\\u%04x", (unsigned)code)
		                       : render_code(shown, at, length, code);

		/* Where it would be cut to leave a column for `more`. */
		if (taken < columns) {
			cut_used = used;
			cut_taken = taken;
		}
		if (taken + width > columns || used + strlen(shown) + sizeof("…") > size) {
			snprintf(fitted + cut_used, size - cut_used, "%s", columns ? more : "");
			return columns ? cut_taken + 1 : 0;
		}
		strcpy(fitted + used, shown);
		used += strlen(shown);
		taken += width;
		at += length;
		left -= length;
	}
	fitted[used] = '\0';
	return taken;
}

size_t text_puts(FILE *out, const char *text)
{
	return text_print(out, text, strlen(text));
}

size_t text_width(const char *text, size_t size_bytes)
{
	return text_print(NULL, text, size_bytes);
}

/* One message of ours on stderr. Its parts may hold foreign text: lines are kept, everything else is made safe. */
void complain(const char *format, ...)
{
	char message[4096];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	flockfile(stderr);
	fputs(PROGRAM ": ", stderr);
	for (char *line = message; line;) {
		char *end = strchr(line, '\n');

		text_print(stderr, line, end ? (size_t)(end - line) : strlen(line));
		fputc('\n', stderr);
		line = end ? end + 1 : NULL;
	}
	funlockfile(stderr);
}

/* Sends out what was printed. 0, or the first errno that this has ever given. */
int output_flush(void)
{
	static int first;

	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout))
		first = first ? first : errno ? errno : EIO;
	return first;
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* May return early when a signal arrives. */
void sleep_ns(uint64_t duration_ns)
{
	struct timespec duration = { (time_t)(duration_ns / NS_PER_SECOND), (long)(duration_ns % NS_PER_SECOND) };

	nanosleep(&duration, NULL);
}
