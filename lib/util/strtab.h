/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_STRTAB_H
#define TY_UTIL_STRTAB_H

/*
 * Interned strings: equal strings share one id and one address. Ids start at 1 and are dense; addresses never move
 * while the table lives. Strings may hold any byte but NUL.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/array.h"
#include "util/map.h"

struct ty_strtab {
	TY_ARRAY(char *) strings; /* by id - 1 */
	struct ty_map by_hash;    /* hash -> id of the first string with it; further ones follow by probing hash + 1 */
};

/* Id of a string, which is added if it is new. 0: out of memory. */
uint32_t ty_strtab_add(struct ty_strtab *table, const char *string, size_t length_bytes);

/* The string of an id, or "" for an id that is not there. */
const char *ty_strtab_get(const struct ty_strtab *table, uint32_t id);

void ty_strtab_free(struct ty_strtab *table);

#endif
