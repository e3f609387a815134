/* SPDX-License-Identifier: Apache-2.0 */
#include "recording/wire.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

void ty_wire_put_bytes(struct ty_wire_out *out, const void *bytes, size_t size_bytes)
{
	if (out->failed || !ty_array_reserve(out, out->count + size_bytes)) {
		out->failed = true;
		return;
	}
	if (size_bytes)
		memcpy(out->items + out->count, bytes, size_bytes);
	out->count += size_bytes;
}

void ty_wire_put_byte(struct ty_wire_out *out, uint8_t byte)
{
	if (out->count < out->capacity && !out->failed)
		out->items[out->count++] = byte;
	else
		ty_wire_put_bytes(out, &byte, 1);
}

void ty_wire_put_uint(struct ty_wire_out *out, uint64_t value)
{
	uint8_t bytes[TY_VARINT_BYTES_MAX];
	size_t count = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[count++] = (uint8_t)(value | 0x80);
	bytes[count++] = (uint8_t)value;
	ty_wire_put_bytes(out, bytes, count);
}

void ty_wire_put_int(struct ty_wire_out *out, int64_t value)
{
	ty_wire_put_uint(out, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void ty_wire_put_u32(struct ty_wire_out *out, uint32_t value)
{
	uint8_t bytes[4];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	ty_wire_put_bytes(out, bytes, sizeof(bytes));
}

void ty_wire_put_u64(struct ty_wire_out *out, uint64_t value)
{
	ty_wire_put_u32(out, (uint32_t)value);
	ty_wire_put_u32(out, (uint32_t)(value >> 32));
}

void ty_wire_put_double(struct ty_wire_out *out, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	ty_wire_put_u64(out, bits);
}

void ty_wire_put_string(struct ty_wire_out *out, const char *string)
{
	size_t length = strlen(string);

	ty_wire_put_uint(out, length);
	ty_wire_put_bytes(out, string, length);
}

void ty_wire_out_free(struct ty_wire_out *out)
{
	ty_array_free(out);
	out->failed = false;
}

uint64_t ty_wire_get_long(struct ty_wire_in *in)
{
	uint64_t value = 0;

	for (unsigned int shift = 0; shift < 64 && in->at != in->end; shift += 7) {
		uint8_t byte = *in->at++;

		/* The tenth byte has room for one bit. */
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	in->failed = true;
	return 0;
}

const uint8_t *ty_wire_get_bytes(struct ty_wire_in *in, uint64_t size_bytes)
{
	const uint8_t *bytes = in->at;

	if (size_bytes > ty_wire_left(in)) {
		in->failed = true;
		return NULL;
	}
	in->at += size_bytes;
	return bytes;
}

uint32_t ty_wire_get_u32(struct ty_wire_in *in)
{
	const uint8_t *bytes = ty_wire_get_bytes(in, 4);

	if (!bytes)
		return 0;
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint64_t ty_wire_get_u64(struct ty_wire_in *in)
{
	uint64_t low = ty_wire_get_u32(in);

	return low | (uint64_t)ty_wire_get_u32(in) << 32;
}

double ty_wire_get_double(struct ty_wire_in *in)
{
	uint64_t bits = ty_wire_get_u64(in);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}
