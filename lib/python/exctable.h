/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_EXCTABLE_H
#define TY_PYTHON_EXCTABLE_H

/* The exception table of a code object: which handler an exception goes to. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/array.h"

/* Code units from `start` to before `end` are covered by the handler at `target`. */
struct ty_handler {
	uint32_t start;
	uint32_t end;
	uint32_t target;
	uint32_t depth; /* of the value stack that is kept */
	bool lasti;     /* the offset of what raised is pushed */
};

struct ty_exctable {
	TY_ARRAY(struct ty_handler) handlers; /* by start, not overlapping */
};

/*
 * Decodes a table that came from a target and may hold anything, of code with `unit_count` units. 0, -TY_ECORRUPT or
 * -ENOMEM; then it is empty. Free it in any case.
 */
int ty_exctable_decode(const uint8_t *table, size_t size_bytes, uint32_t unit_count, struct ty_exctable *out);

/* The handler that covers a unit, or NULL. */
const struct ty_handler *ty_exctable_lookup(const struct ty_exctable *exctable, uint32_t unit);

void ty_exctable_free(struct ty_exctable *exctable);

#endif
