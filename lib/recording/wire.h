/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_WIRE_H
#define TY_RECORDING_WIRE_H

/*
 * The numbers of a recording: variable-length integers (LEB128; signed ones zigzag), little-endian words. Writing goes
 * to a buffer that grows, reading from bytes that may be hostile. Either notes the first failure and carries on
 * harmlessly, so that a sequence of calls needs one check at its end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TY_VARINT_BYTES_MAX 10

struct ty_wire_out {
	uint8_t *items;
	size_t count;
	size_t capacity;
	bool failed; /* out of memory */
};

void ty_wire_put_bytes(struct ty_wire_out *out, const void *bytes, size_t size_bytes);
void ty_wire_put_byte(struct ty_wire_out *out, uint8_t byte);
void ty_wire_put_uint(struct ty_wire_out *out, uint64_t value);
void ty_wire_put_int(struct ty_wire_out *out, int64_t value);
void ty_wire_put_u32(struct ty_wire_out *out, uint32_t value);
void ty_wire_put_u64(struct ty_wire_out *out, uint64_t value);
void ty_wire_put_double(struct ty_wire_out *out, double value);
/* Its length, then its bytes. */
void ty_wire_put_string(struct ty_wire_out *out, const char *string);
void ty_wire_out_free(struct ty_wire_out *out);

struct ty_wire_in {
	const uint8_t *at;
	const uint8_t *end;
	bool failed; /* read past the end, or a number that is none */
};

static inline struct ty_wire_in ty_wire_in(const void *bytes, size_t size_bytes)
{
	return (struct ty_wire_in){ bytes, (const uint8_t *)bytes + size_bytes, false };
}

static inline size_t ty_wire_left(const struct ty_wire_in *in)
{
	return (size_t)(in->end - in->at);
}

/* Reads 0 and sets `failed` when there is nothing to read. */
uint64_t ty_wire_get_long(struct ty_wire_in *in);
uint32_t ty_wire_get_u32(struct ty_wire_in *in);
uint64_t ty_wire_get_u64(struct ty_wire_in *in);
double ty_wire_get_double(struct ty_wire_in *in);

/* The next bytes, which stay where they are; NULL when there are not as many. */
const uint8_t *ty_wire_get_bytes(struct ty_wire_in *in, uint64_t size_bytes);

static inline uint8_t ty_wire_get_byte(struct ty_wire_in *in)
{
	if (in->at == in->end) {
		in->failed = true;
		return 0;
	}
	return *in->at++;
}

/* Most numbers are small: one byte is the fast path. */
static inline uint64_t ty_wire_get_uint(struct ty_wire_in *in)
{
	if (in->at != in->end && *in->at < 0x80)
		return *in->at++;
	return ty_wire_get_long(in);
}

/* A number that has to fit into 32 bits. */
static inline uint32_t ty_wire_get_uint32(struct ty_wire_in *in)
{
	uint64_t value = ty_wire_get_uint(in);

	in->failed |= value > UINT32_MAX;
	return (uint32_t)value;
}

static inline int64_t ty_wire_get_int(struct ty_wire_in *in)
{
	uint64_t value = ty_wire_get_uint(in);

	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* A number that has to fit into an int32_t. */
static inline int32_t ty_wire_get_int32(struct ty_wire_in *in)
{
	int64_t value = ty_wire_get_int(in);

	in->failed |= value < INT32_MIN || value > INT32_MAX;
	return (int32_t)value;
}

#endif
