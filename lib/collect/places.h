/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_PLACES_H
#define TY_COLLECT_PLACES_H

/*
 * Places: file, line and function, what a person calls the position of a frame. Two frames are at one place if a reader
 * cannot tell them apart, even when they stand on different instructions or belong to code objects made twice from the
 * same source. Numbers start at 1 and are dense.
 */

#include <stdbool.h>
#include <stdint.h>

#include <tachyon/snapshot.h>

#include "collect/calltree.h"
#include "util/map.h"
#include "util/strtab.h"

struct ty_place {
	uint32_t file; /* of `strings`; the whole path */
	uint32_t name; /* of `strings`; qualified */
	int32_t line;  /* 0: not known */
};

/* A function as ty_function() tells it, with its strings interned. */
struct ty_place_function {
	uint32_t file; /* 0: not asked yet */
	uint32_t name;
	uint32_t first_line;
	uint32_t pair; /* number of (file, name) */
};

struct ty_places {
	struct ty_strtab strings;
	TY_ARRAY(struct ty_place) places;             /* by number - 1 */
	TY_ARRAY(struct ty_place_function) functions; /* by function id */
	struct ty_map by_pair_and_line;
	struct ty_map pair_by_strings;
	ty_target *target;
};

void ty_places_init(struct ty_places *places, ty_target *target);
void ty_places_free(struct ty_places *places);

/* Number of the place of a frame. 0: out of memory. */
uint32_t ty_places_find(struct ty_places *places, struct ty_callsite site);

/* Places of all nodes of a tree, by node; 0 for nodes that are no frames. Allocated; NULL when memory is out. */
uint32_t *ty_places_of_tree(struct ty_places *places, const struct ty_calltree *tree);

/*
 * The same for functions as a whole: their line is the first one of their code, and functions that differ in nothing but
 * that are one. Not to be mixed with the above in one table.
 */
uint32_t *ty_places_of_functions(struct ty_places *places, const struct ty_calltree *tree);

/* A function as a whole by its name and file. 0: out of memory. */
uint32_t ty_places_add_function(struct ty_places *places, const char *file, const char *name, int32_t line);

/* The function with an id; valid until the next call. NULL: out of memory. */
const struct ty_place_function *ty_places_function(struct ty_places *places, uint32_t id);

static inline const struct ty_place *ty_places_get(const struct ty_places *places, uint32_t number)
{
	return &places->places.items[number - 1];
}

static inline const char *ty_places_string(const struct ty_places *places, uint32_t id)
{
	return ty_strtab_get(&places->strings, id);
}

/* Artificial frames, e.g. "<GC>", have no file and no line; reports show only their name. */
bool ty_places_is_artificial(const struct ty_places *places, uint32_t number);

/* What follows the last slash. */
const char *ty_places_basename(const char *path);

#endif
