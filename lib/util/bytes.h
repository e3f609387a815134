/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_BYTES_H
#define TY_UTIL_BYTES_H

/* Unaligned loads from copies of foreign memory, in native byte order. */

#include <stdint.h>
#include <string.h>

static inline uint8_t ty_load_u8(const void *at)
{
	return *(const uint8_t *)at;
}

static inline uint16_t ty_load_u16(const void *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline uint32_t ty_load_u32(const void *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline int32_t ty_load_i32(const void *at)
{
	return (int32_t)ty_load_u32(at);
}

static inline uint64_t ty_load_u64(const void *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

#endif
