/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_LISTINGS_H
#define TY_COLLECT_LISTINGS_H

/*
 * Disassemblies of the sampled functions, taken while the target lives: at the end of a script there is nothing left to
 * read. A function is disassembled soon after it is first seen and again whenever its samples have multiplied, so that
 * the cost grows with the logarithm of its samples and the last listing shows what a long run made of it.
 */

#include <stdbool.h>

#include <tachyon/disassembly.h>

#include "util/array.h"
#include "util/strtab.h"

/* As in ty_disassembly_row. */
struct ty_listing_row {
	ty_instruction_info instruction;
	ty_location_info location;
	uint32_t argument_text; /* of the listings' strings */
	int32_t target;
	uint32_t label;
	int32_t handler;
};

struct ty_listing {
	TY_ARRAY(struct ty_listing_row) rows; /* by offset; none: not disassembled */
	uint64_t samples;
	uint64_t due; /* number of samples at which it is disassembled next; 0: the function is not known yet */
};

/* Told of a function the first time it has been disassembled. */
typedef void (*ty_listings_seen_fn)(const ty_function_info *function, void *user_data);

struct ty_listings {
	TY_ARRAY(struct ty_listing) listings; /* by function id */
	struct ty_strtab strings;
	size_t row_count; /* of all */
	ty_target *target;
	bool at_once;     /* functions that were seen once matter as well: those are most of a program's start */
	const char *name; /* only functions whose qualified name contains it; NULL: all */
	ty_listings_seen_fn seen;
	void *seen_user_data;
	bool target_ended;
};

void ty_listings_init(struct ty_listings *listings, const char *name);
void ty_listings_free(struct ty_listings *listings);

/* Whether the function is one of those that are wanted. */
bool ty_listings_want(const struct ty_listings *listings, uint32_t function);

/* For those who keep the rows themselves: notes as below. 1: it is time to disassemble it; 0: not yet; -ENOMEM. */
int ty_listings_count(struct ty_listings *listings, uint32_t function, bool leaf);

/* Notes that a function was on a stack, and whether as its leaf. 0 or -ENOMEM; one that cannot be read has no rows. */
int ty_listings_note(struct ty_listings *listings, uint32_t function, bool leaf);

/* Disassembles a function again if the target still lives. 0 or -ENOMEM. */
int ty_listings_update(struct ty_listings *listings, uint32_t function);

/* Takes listings that others took, of functions that have none here. 0 or -ENOMEM. */
int ty_listings_take(struct ty_listings *into, const struct ty_listings *from);

/* NULL when nothing is known of it. */
const struct ty_listing *ty_listings_get(const struct ty_listings *listings, uint32_t function);

#endif
