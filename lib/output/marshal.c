/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The marshal format, of which only what pstats needs: a type character, then the value, all little-endian whatever the
 * machine. Integers beyond 32 bits are sequences of 15-bit digits. References (FLAG_REF) only save space and are left
 * out: every object stands for itself. Facts: Python/marshal.c of CPython 3.11 to 3.15; type codes and layouts are the
 * same in all of them.
 */
#include "output/marshal.h"

#include <errno.h>
#include <string.h>

#include "output/sink.h"

#define DIGIT_BITS 15
#define DIGITS_MAX 5 /* of a 64-bit value */

static void put_byte(ty_sink *sink, char byte)
{
	ty_sink_write(sink, &byte, 1);
}

static void put_little_endian(ty_sink *sink, uint64_t value, size_t size_bytes)
{
	unsigned char bytes[sizeof(value)];

	for (size_t i = 0; i < size_bytes; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	ty_sink_write(sink, bytes, size_bytes);
}

void ty_marshal_true(ty_sink *sink)
{
	put_byte(sink, 'T');
}

static void put_long(ty_sink *sink, int64_t value)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
	uint64_t digits[DIGITS_MAX];
	int count = 0;

	for (; magnitude; magnitude >>= DIGIT_BITS)
		digits[count++] = magnitude & ((1 << DIGIT_BITS) - 1);
	put_byte(sink, 'l');
	put_little_endian(sink, (uint32_t)(value < 0 ? -count : count), 4);
	for (int i = 0; i < count; i++)
		put_little_endian(sink, digits[i], 2);
}

void ty_marshal_int(ty_sink *sink, int64_t value)
{
	if (value < INT32_MIN || value > INT32_MAX) {
		put_long(sink, value);
		return;
	}
	put_byte(sink, 'i');
	put_little_endian(sink, (uint32_t)value, 4);
}

void ty_marshal_float(ty_sink *sink, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	put_byte(sink, 'g');
	put_little_endian(sink, bits, sizeof(bits));
}

void ty_marshal_string(ty_sink *sink, const char *string)
{
	size_t size_bytes = strlen(string);

	if (size_bytes > INT32_MAX) {
		ty_sink_fail(sink, -EOVERFLOW);
		return;
	}
	put_byte(sink, 'u');
	put_little_endian(sink, size_bytes, 4);
	ty_sink_write(sink, string, size_bytes);
}

void ty_marshal_tuple(ty_sink *sink, uint8_t count)
{
	put_byte(sink, ')');
	put_byte(sink, (char)count);
}

void ty_marshal_dict_begin(ty_sink *sink)
{
	put_byte(sink, '{');
}

void ty_marshal_dict_end(ty_sink *sink)
{
	put_byte(sink, '0');
}
