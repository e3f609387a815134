/* SPDX-License-Identifier: Apache-2.0 */
/*
 * int: digits of 30 bits, lowest first. Up to 3.11 ob_size is their number with the sign of the value; from 3.12 on
 * lv_tag holds the number in the bits from 3 on, and the sign in bits 0 and 1 (0 positive, 1 zero, 2 negative).
 *
 * float: repr() gives the fewest digits that read back as the same number, in scientific notation below 1e-4 and from
 * 1e16 on.
 */
#include "python/value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

#include "util/bytes.h"

#define DIGIT_BITS 30
#define DIGITS_MAX 480u             /* 14 400 bits: repr() refuses more than 4300 decimal digits, 14 285 bits */
#define CHUNK 1000000000u           /* decimal digits are taken off nine at a time */
#define CHUNKS_MAX (DIGITS_MAX + 2) /* a chunk has fewer bits than a digit: 29.9 against 30 */
#define FLOAT_DIGITS_MAX 17

static int read_digits(struct ty_values *values, uint64_t address, uint32_t *digits, uint64_t *count, bool *negative)
{
	uint32_t size = values->offsets->bytes.size;
	uint64_t tag;
	int result = ty_memory_read_u64(values->memory, address + size, &tag);

	if (result)
		return result;
	if (values->dialect->tagged_int) {
		*count = (tag & 3) == 1 ? 0 : tag >> 3;
		*negative = tag & 2;
	} else {
		*negative = (int64_t)tag < 0;
		*count = *negative ? 0 - tag : tag;
	}
	if (*count == 0 || *count > DIGITS_MAX)
		return 0;
	return ty_memory_read(values->memory, address + size + 8, digits, *count * sizeof(*digits));
}

/* Divides the number in place and gives the remainder. */
static uint32_t divide(uint32_t *digits, uint64_t count, uint32_t divisor)
{
	uint64_t rest = 0;

	for (uint64_t i = count; i-- > 0;) {
		rest = rest << DIGIT_BITS | (digits[i] & ((1u << DIGIT_BITS) - 1));
		digits[i] = (uint32_t)(rest / divisor);
		rest %= divisor;
	}
	return (uint32_t)rest;
}

static void add_decimal(struct ty_text *text, uint32_t *digits, uint64_t count)
{
	uint32_t chunks[CHUNKS_MAX];
	size_t used = 0;

	while (count && used < CHUNKS_MAX) {
		chunks[used++] = divide(digits, count, CHUNK);
		while (count && !digits[count - 1])
			count--;
	}
	ty_text_printf(text, "%" PRIu32, used ? chunks[used - 1] : 0);
	while (used-- > 1)
		ty_text_printf(text, "%09" PRIu32, chunks[used - 1]);
}

int ty_value_int(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	uint32_t digits[DIGITS_MAX];
	uint64_t count = 0;
	bool negative = false;
	int result = read_digits(values, address, digits, &count, &negative);

	if (result)
		return result;
	if (count > DIGITS_MAX) {
		ty_text_printf(text, "<int of %" PRIu64 " digits of %d bits>", count, DIGIT_BITS);
		return 0;
	}
	if (negative)
		ty_text_puts(text, "-");
	add_decimal(text, digits, count);
	return 0;
}

int ty_value_bool(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	uint32_t digits[DIGITS_MAX];
	uint64_t count = 0;
	bool negative = false;
	int result = read_digits(values, address, digits, &count, &negative);

	if (result)
		return result;
	ty_text_puts(text, count ? "True" : "False");
	return 0;
}

/* Makes the last digit one higher; false where that needs a digit more. */
static bool round_up(char *piece)
{
	char *at = strchr(piece, 'e');

	while (at-- > piece) {
		if (*at >= '0' && *at < '9') {
			++*at;
			return true;
		}
		if (*at == '9')
			*at = '0';
	}
	return false;
}

/* The shortest decimal digits that read back as `value`, and the exponent of the first one. */
static int shortest_digits(double value, char *digits, int *exponent)
{
	char piece[FLOAT_DIGITS_MAX + 16];
	int count = 0;

	for (int precision = 0; precision < FLOAT_DIGITS_MAX; precision++) {
		snprintf(piece, sizeof(piece), "%.*e", precision, value);
		if (strtod(piece, NULL) == value)
			break;
		/* Above a power of two the doubles lie twice as far apart: there the next digits up may do. */
		if (round_up(piece) && strtod(piece, NULL) == value)
			break;
	}
	for (const char *at = piece; *at && *at != 'e'; at++)
		if (*at >= '0' && *at <= '9') /* the decimal point is the locale's */
			digits[count++] = *at;
	while (count > 1 && digits[count - 1] == '0')
		count--;
	*exponent = (int)strtol(strchr(piece, 'e') + 1, NULL, 10);
	return count;
}

static void add_fixed(struct ty_text *text, const char *digits, int count, int exponent, bool point)
{
	if (exponent < 0)
		ty_text_puts(text, "0.");
	for (int i = -1; i > exponent; i--)
		ty_text_puts(text, "0");
	for (int i = 0; i < count || i <= exponent; i++) {
		if (i == exponent + 1 && i > 0)
			ty_text_puts(text, ".");
		ty_text_add(text, i < count ? &digits[i] : "0", 1);
	}
	if (point && count <= exponent + 1)
		ty_text_puts(text, ".0");
}

/* `point`: a whole number gets ".0", as repr(float) does and repr(complex) does not. */
static void add_float(struct ty_text *text, double value, bool point)
{
	char digits[FLOAT_DIGITS_MAX + 1];
	int exponent, count;

	if (isnan(value)) {
		ty_text_puts(text, "nan");
		return;
	}
	if (signbit(value))
		ty_text_puts(text, "-");
	if (isinf(value)) {
		ty_text_puts(text, "inf");
		return;
	}
	count = shortest_digits(fabs(value), digits, &exponent);
	if (exponent >= -4 && exponent < 16) {
		add_fixed(text, digits, count, exponent, point);
		return;
	}
	ty_text_add(text, digits, 1);
	if (count > 1)
		ty_text_puts(text, ".");
	ty_text_add(text, digits + 1, (size_t)count - 1);
	ty_text_printf(text, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

void ty_text_float(struct ty_text *text, double value)
{
	add_float(text, value, true);
}

int ty_value_float(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	double value;
	int result = ty_memory_read(values->memory, address + values->offsets->bytes.size, &value, sizeof(value));

	if (!result)
		ty_text_float(text, value);
	return result;
}

int ty_value_complex(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	double parts[2];
	int result = ty_memory_read(values->memory, address + values->offsets->bytes.size, parts, sizeof(parts));
	bool whole = parts[0] != 0 || signbit(parts[0]);

	if (result)
		return result;
	if (whole) {
		ty_text_puts(text, "(");
		add_float(text, parts[0], false);
		if (isnan(parts[1]) || !signbit(parts[1]))
			ty_text_puts(text, "+");
	}
	add_float(text, parts[1], false);
	ty_text_puts(text, whole ? "j)" : "j");
	return 0;
}
