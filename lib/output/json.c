/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259). A comma is due before a value or key exactly when a value ended before it in the same container, so
 * one flag is the whole state: opening and a key clear it, a value and closing set it. No depth, no stack.
 *
 * Numbers are made of digits here rather than by printf, whose decimal point belongs to the locale of the program that
 * uses the library.
 *
 * Beyond what JSON asks for, '<' is escaped, so that no "</script>" or "<!--" of a name ends the element the data
 * stands in, and U+2028 and U+2029, which end a line of JavaScript before ES2019. What is no UTF-8 becomes U+FFFD.
 */
#include "output/json.h"

#include <math.h>
#include <string.h>

#include "output/text.h"

#define NUMBER_BYTES 32
#define REAL_DECIMALS 6

static void put(struct ty_json *json, const char *text, size_t size_bytes)
{
	ty_sink_write(json->sink, text, size_bytes);
}

static void separate(struct ty_json *json)
{
	if (json->needs_comma)
		put(json, ",", 1);
	json->needs_comma = true;
}

void ty_json_begin(struct ty_json *json, char bracket)
{
	separate(json);
	put(json, &bracket, 1);
	json->needs_comma = false;
}

void ty_json_end(struct ty_json *json, char bracket)
{
	put(json, &bracket, 1);
	json->needs_comma = true;
}

void ty_json_key(struct ty_json *json, const char *key)
{
	ty_json_string(json, key);
	put(json, ":", 1);
	json->needs_comma = false;
}

void ty_json_open(struct ty_json *json, const char *key, char bracket)
{
	ty_json_key(json, key);
	ty_json_begin(json, bracket);
}

void ty_json_newline(struct ty_json *json)
{
	put(json, "\n", 1);
	json->needs_comma = false;
}

static void put_word(struct ty_json *json, const char *word)
{
	separate(json);
	put(json, word, strlen(word));
}

void ty_json_null(struct ty_json *json)
{
	put_word(json, "null");
}

void ty_json_bool(struct ty_json *json, bool value)
{
	put_word(json, value ? "true" : "false");
}

/* Digits of a number, with a point before the last `decimals` of them. */
static void put_digits(struct ty_json *json, uint64_t value, bool negative, unsigned int decimals)
{
	char buffer[NUMBER_BYTES], *at = buffer + sizeof(buffer);
	bool significant = false;

	for (; decimals; decimals--, value /= 10) {
		/* No zeros at the end: most of a file of times would be zeros. */
		significant |= value % 10 != 0;
		if (significant)
			*--at = (char)('0' + value % 10);
	}
	if (significant)
		*--at = '.';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	if (negative)
		*--at = '-';
	separate(json);
	put(json, at, (size_t)(buffer + sizeof(buffer) - at));
}

void ty_json_fixed(struct ty_json *json, int64_t value, unsigned int decimals)
{
	put_digits(json, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, decimals);
}

void ty_json_int(struct ty_json *json, int64_t value)
{
	ty_json_fixed(json, value, 0);
}

void ty_json_uint(struct ty_json *json, uint64_t value)
{
	put_digits(json, value, false, 0);
}

void ty_json_real(struct ty_json *json, double value)
{
	double scaled = value * 1e6;

	if (!isfinite(value) || fabs(scaled) >= 9e18)
		ty_json_null(json);
	else
		ty_json_fixed(json, (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5), REAL_DECIMALS);
}

static bool is_plain(uint32_t character)
{
	return character != '"' && character != '\\' && character != '<' && !ty_text_is_harmful(character);
}

static void put_escape(struct ty_json *json, uint32_t character)
{
	static const char HEX[] = "0123456789abcdef";
	char escape[] = "\\u0000";

	for (int i = 5; i >= 2; i--, character >>= 4)
		escape[i] = HEX[character & 15];
	put(json, escape, sizeof(escape) - 1);
}

void ty_json_string(struct ty_json *json, const char *string)
{
	const char *begin = string;

	separate(json);
	put(json, "\"", 1);
	while (*string) {
		uint32_t character = 0;
		size_t length = ty_utf8_decode(string, &character);

		if (length && is_plain(character)) {
			string += length;
			continue;
		}
		put(json, begin, (size_t)(string - begin));
		put_escape(json, length ? character : 0xfffd);
		string += length ? length : 1;
		begin = string;
	}
	put(json, begin, (size_t)(string - begin));
	put(json, "\"", 1);
}

void ty_json_member_int(struct ty_json *json, const char *key, int64_t value)
{
	ty_json_key(json, key);
	ty_json_int(json, value);
}

void ty_json_member_uint(struct ty_json *json, const char *key, uint64_t value)
{
	ty_json_key(json, key);
	ty_json_uint(json, value);
}

void ty_json_member_string(struct ty_json *json, const char *key, const char *string)
{
	ty_json_key(json, key);
	ty_json_string(json, string);
}

void ty_json_member_bool(struct ty_json *json, const char *key, bool value)
{
	ty_json_key(json, key);
	ty_json_bool(json, value);
}
