/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_LINETABLE_H
#define TY_PYTHON_LINETABLE_H

/*
 * The location table of a code object (co_linetable), decoded once so that every lookup after that takes constant time.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/array.h"

/* A place in a source file as co_positions() gives it, -1 where that gives None. */
struct ty_position {
	int32_t line;
	int32_t end_line;
	int32_t column;
	int32_t end_column;
};

/* Code units from `first_unit` to the next range's that share one position. */
struct ty_linetable_range {
	uint32_t first_unit;
	struct ty_position position;
};

struct ty_linetable {
	TY_ARRAY(struct ty_linetable_range) ranges; /* by first_unit */
	TY_ARRAY(uint32_t) blocks;                  /* for every 8th code unit the index of its range */
	uint32_t unit_count;
};

/*
 * Decodes a table that came from a target. `table` may hold anything: the result is 0, -TY_ECORRUPT for a table that
 * CPython does not write, -TY_ELIMIT for one that is too long, or -ENOMEM; then `out` is empty. Free it in any case.
 */
int ty_linetable_decode(const uint8_t *table, size_t size_bytes, int32_t first_line, struct ty_linetable *out);

/* Position of a code unit. -TY_ENOTFOUND, and all -1, behind the end of the table. */
int ty_linetable_lookup(const struct ty_linetable *linetable, size_t unit, struct ty_position *position);

void ty_linetable_free(struct ty_linetable *linetable);

#endif
