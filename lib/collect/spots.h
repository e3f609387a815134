/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_SPOTS_H
#define TY_COLLECT_SPOTS_H

/*
 * Spots: places with their columns, the piece of source that an instruction belongs to. What formats that know columns
 * call a frame. Numbers start at 1 and are dense.
 */

#include "collect/calltree.h"
#include "collect/places.h"

struct ty_spot {
	uint32_t place;    /* of ty_places */
	uint32_t function; /* number of (file, name, first line), from 1 */
	int32_t line;      /* 0: not known */
	int32_t end_line;  /* -1: not known, likewise the columns */
	int32_t column;    /* from 0, in bytes of UTF-8 */
	int32_t end_column;
};

/* A function as readers know it: code objects made twice from one source are one. */
struct ty_spot_function {
	uint32_t file; /* of the places' strings */
	uint32_t name;
	uint32_t first_line;
	bool is_artificial;
};

struct ty_spots {
	struct ty_places places;
	TY_ARRAY(struct ty_spot) spots;              /* by number - 1 */
	TY_ARRAY(struct ty_spot_function) functions; /* by number - 1 */
	struct ty_map function_by_line;
	struct ty_map by_span[3]; /* place, end line -> columns -> spot */
};

void ty_spots_init(struct ty_spots *spots, ty_target *target);
void ty_spots_free(struct ty_spots *spots);

/* Spots of all nodes of a tree, by node; 0 for nodes that are no frames. Allocated; NULL when memory is out. */
uint32_t *ty_spots_of_tree(struct ty_spots *spots, const struct ty_calltree *tree);

static inline const struct ty_spot *ty_spots_get(const struct ty_spots *spots, uint32_t number)
{
	return &spots->spots.items[number - 1];
}

static inline const struct ty_spot_function *ty_spots_function(const struct ty_spots *spots, uint32_t number)
{
	return &spots->functions.items[number - 1];
}

#endif
