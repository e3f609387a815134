/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_UNICODE_H
#define TY_PYTHON_UNICODE_H

/* str objects of a target, as UTF-8. */

#include <stddef.h>
#include <stdint.h>

#include "python/offsets.h"
#include "target/memory.h"

/* Longer strings are cut and end in U+2026. */
#define PY_STRING_CHARACTERS_MAX 4096

/* Bytes that hold any string that is read, NUL included: at most 4 a character. */
#define PY_STRING_BYTES_MAX (PY_STRING_CHARACTERS_MAX * 4 + 4)

/*
 * Reads the str object at `address` into `utf8` (PY_STRING_BYTES_MAX bytes). Lone surrogates and what is no code point
 * become U+FFFD, NUL becomes U+2400 so that the result is one C string. 0, -EFAULT, -TY_ECORRUPT (no compact str), or a
 * negative errno.
 */
int ty_unicode_read(struct ty_memory *memory, const struct py_offsets *offsets, uint64_t address, char *utf8);

/* The pure part: `count` characters of 1, 2 or 4 bytes. Returns the bytes written, without the NUL. */
size_t ty_unicode_to_utf8(const uint8_t *data, size_t count, unsigned int width_bytes, char *utf8);

#endif
