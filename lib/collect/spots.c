/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact keys as in places.c: one number after the other joins the key of the next map, because no 64-bit key has room
 * for all of them.
 */
#include "collect/spots.h"

#include <tachyon/snapshot.h>

void ty_spots_init(struct ty_spots *spots, ty_target *target)
{
	*spots = (struct ty_spots){ 0 };
	ty_places_init(&spots->places, target);
}

void ty_spots_free(struct ty_spots *spots)
{
	ty_places_free(&spots->places);
	ty_array_free(&spots->spots);
	ty_array_free(&spots->functions);
	ty_map_free(&spots->function_by_line);
	for (size_t i = 0; i < sizeof(spots->by_span) / sizeof(*spots->by_span); i++)
		ty_map_free(&spots->by_span[i]);
}

/* Number that a map gives to two numbers, the next one if they are new. 0: out of memory. */
static uint32_t number_of(struct ty_map *map, uint32_t first, int32_t second)
{
	return first ? (uint32_t)ty_map_number(map, (uint64_t)first << 32 | (uint32_t)second) : 0;
}

static ty_location_info ask_location(const struct ty_spots *spots, struct ty_callsite site)
{
	ty_frame frame = { .function = site.function, .offset = site.offset, .kind = site.kind };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(spots->places.target, &frame, &location) != 0 || location.line < 0)
		return (ty_location_info){ .line = 0, .end_line = -1, .column = -1, .end_column = -1 };
	return location;
}

static uint32_t find_function(struct ty_spots *spots, uint32_t id, uint32_t place)
{
	const struct ty_place_function *function = ty_places_function(&spots->places, id);
	struct ty_spot_function *made;
	uint32_t number;

	if (!function)
		return 0;
	number = number_of(&spots->function_by_line, function->pair, (int32_t)function->first_line);
	if (number <= spots->functions.count)
		return number;
	made = ty_array_push(&spots->functions);
	if (!made)
		return 0;
	*made = (struct ty_spot_function){
		.file = function->file,
		.name = function->name,
		.first_line = function->first_line,
		.is_artificial = ty_places_is_artificial(&spots->places, place),
	};
	return number;
}

static uint32_t find(struct ty_spots *spots, struct ty_callsite site)
{
	uint32_t place = ty_places_find(&spots->places, site);
	uint32_t function = place ? find_function(spots, site.function, place) : 0;
	ty_location_info location = ask_location(spots, site);
	uint32_t number = number_of(&spots->by_span[0], place, location.end_line);
	struct ty_spot *spot;

	number = number_of(&spots->by_span[1], number, location.column);
	number = number_of(&spots->by_span[2], number, location.end_column);
	if (!function || !number)
		return 0;
	if (number <= spots->spots.count)
		return number;
	spot = ty_array_push(&spots->spots);
	if (!spot)
		return 0;
	*spot = (struct ty_spot){ place,           function,           location.line, location.end_line,
		                  location.column, location.end_column };
	return number;
}

uint32_t *ty_spots_of_tree(struct ty_spots *spots, const struct ty_calltree *tree)
{
	uint32_t *of_node = calloc(tree->nodes.count, sizeof(*of_node));

	for (size_t i = 1; of_node && i < tree->nodes.count; i++) {
		struct ty_callsite site = tree->nodes.items[i].site;

		if (site.kind == TY_CALLTREE_THREAD || site.kind == TY_CALLTREE_LABEL)
			continue;
		of_node[i] = find(spots, site);
		if (!of_node[i]) {
			free(of_node);
			return NULL;
		}
	}
	return of_node;
}
