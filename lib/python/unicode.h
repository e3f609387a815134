/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_UNICODE_H
#define TY_PYTHON_UNICODE_H

/* str objects of a target, as UTF-8. */

#include <stddef.h>
#include <stdint.h>

#include "python/offsets.h"
#include "target/memory.h"
#include "util/bytes.h"

/* Longer strings are cut and end in U+2026. */
#define PY_STRING_CHARACTERS_MAX 4096

/* Longest part of the struct before its characters. */
#define PY_UNICODE_HEADER_BYTES_MAX 256

/* Bytes that hold any string that is read, NUL included: at most 4 a character. */
#define PY_STRING_BYTES_MAX (PY_STRING_CHARACTERS_MAX * 4 + 4)

/*
 * Reads the str object at `address` into `utf8` (PY_STRING_BYTES_MAX bytes). Lone surrogates and what is no code point
 * become U+FFFD, NUL becomes U+2400 so that the result is one C string. 0, -EFAULT, -TY_ECORRUPT (no compact str), or a
 * negative errno.
 */
int ty_unicode_read(struct ty_memory *memory, const struct py_offsets *offsets, uint64_t address, char *utf8);

/* Where the characters of a str are. */
struct py_unicode {
	uint64_t data;
	uint64_t count;
	unsigned int width_bytes; /* 1, 2 or 4 */
};

/* 0, -EFAULT, -TY_ECORRUPT (no compact str), or a negative errno. */
int ty_unicode_locate(struct ty_memory *memory, const struct py_offsets *offsets, uint64_t address,
                      struct py_unicode *unicode);

/* Character of a copy of them. */
static inline uint32_t ty_unicode_character(const uint8_t *data, size_t index, unsigned int width_bytes)
{
	switch (width_bytes) {
	case 1:
		return data[index];
	case 2:
		return ty_load_u16(data + 2 * index);
	default:
		return ty_load_u32(data + 4 * index);
	}
}

/* The pure part: `count` characters of 1, 2 or 4 bytes. Returns the bytes written, without the NUL. */
size_t ty_unicode_to_utf8(const uint8_t *data, size_t count, unsigned int width_bytes, char *utf8);

#endif
