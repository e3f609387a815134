/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_VALUE_H
#define TY_PYTHON_VALUE_H

/*
 * Constants of a code object as repr() shows them: None, bool, int, float, complex, str, bytes, tuple, frozenset,
 * slice, Ellipsis, code; anything else, which only code.replace() can bring there, as "<type object at address>".
 *
 * Types are told by their names, once for each type object.
 */

#include "python/dialect.h"
#include "python/offsets.h"
#include "python/text.h"
#include "target/memory.h"
#include "util/map.h"

struct ty_values {
	struct ty_memory *memory;
	const struct py_offsets *offsets;
	const struct py_dialect *dialect;
	struct ty_map kinds; /* address of a type -> enum value_kind */
	uint32_t budget;     /* objects that may still be read for the text at hand */
};

void ty_values_init(struct ty_values *values, struct ty_memory *memory, const struct py_offsets *offsets,
                    const struct py_dialect *dialect);
void ty_values_free(struct ty_values *values);

/* Appends the repr of the object at `address`. 0, or a negative errno when it cannot be read; text is undefined then.
 */
int ty_value_text(struct ty_values *values, uint64_t address, struct ty_text *text);

/* Pieces of it: value_number.c, value_string.c. They take the address of the object. */
int ty_value_int(struct ty_values *values, uint64_t address, struct ty_text *text);
int ty_value_bool(struct ty_values *values, uint64_t address, struct ty_text *text);
int ty_value_float(struct ty_values *values, uint64_t address, struct ty_text *text);
int ty_value_complex(struct ty_values *values, uint64_t address, struct ty_text *text);
int ty_value_str(struct ty_values *values, uint64_t address, struct ty_text *text);
int ty_value_bytes(struct ty_values *values, uint64_t address, struct ty_text *text);

/* The pure parts: a float as repr() shows it, and characters or bytes with quotes and escapes. */
void ty_text_float(struct ty_text *text, double value);
void ty_text_str(struct ty_text *text, const struct py_unprintable *unprintable, const uint8_t *data, size_t count,
                 unsigned int width_bytes);
void ty_text_bytes(struct ty_text *text, const uint8_t *data, size_t count);

#endif
