/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_TEXT_H
#define TY_PYTHON_TEXT_H

/*
 * Text that is put together piece by piece out of a target's objects, in UTF-8. It is bounded: what a target makes too
 * long is cut and ends in an ellipsis. Errors are kept, so that only the end has to look.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/array.h"

/* Longer than any constant that people write; an ellipsis and a NUL come on top. */
#define PY_TEXT_BYTES_MAX ((size_t)1 << 20)

struct ty_text {
	TY_ARRAY(char) bytes;
	bool cut;
	bool out_of_memory;
};

static inline void ty_text_clear(struct ty_text *text)
{
	text->bytes.count = 0;
	text->cut = text->out_of_memory = false;
}

void ty_text_add(struct ty_text *text, const char *bytes, size_t size_bytes);
void ty_text_puts(struct ty_text *text, const char *string);
__attribute__((format(printf, 2, 3))) void ty_text_printf(struct ty_text *text, const char *format, ...);

/* One character as UTF-8. */
void ty_text_character(struct ty_text *text, uint32_t character);

/* The text as a C string, valid until the next call; NULL when memory ran out. */
const char *ty_text_end(struct ty_text *text);

static inline void ty_text_free(struct ty_text *text)
{
	ty_array_free(&text->bytes);
}

#endif
