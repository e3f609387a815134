/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names are interned so that places are compared by numbers, and asked of the target once a function. A place is keyed
 * by two exact 64-bit keys in a row, (file, name) -> pair and (pair, line) -> place, because one key has no room for
 * three.
 */
#include "collect/places.h"

#include <string.h>

/* Stands in a key for the line of a function as a whole. */
#define WHOLE UINT32_MAX
/* What the target does not know: the sample is kept all the same. */
#define UNKNOWN "<unknown>"
#define NO_FILE "~"

void ty_places_init(struct ty_places *places, ty_target *target)
{
	*places = (struct ty_places){ .target = target };
}

void ty_places_free(struct ty_places *places)
{
	ty_strtab_free(&places->strings);
	ty_array_free(&places->places);
	ty_array_free(&places->functions);
	ty_map_free(&places->by_pair_and_line);
	ty_map_free(&places->pair_by_strings);
}

static uint32_t intern(struct ty_places *places, const char *string)
{
	return ty_strtab_add(&places->strings, string, strlen(string));
}

static bool ask_function(struct ty_places *places, uint32_t id, struct ty_place_function *function)
{
	ty_function_info info = { .size = sizeof(info) };
	bool known = ty_function(places->target, id, &info) == 0;

	function->name = intern(places, known && info.qualname ? info.qualname : UNKNOWN);
	function->file = intern(places, known && info.filename ? info.filename : NO_FILE);
	function->first_line = known ? info.first_line : 0;
	if (!function->name || !function->file)
		return false;
	function->pair =
	        (uint32_t)ty_map_number(&places->pair_by_strings, (uint64_t)function->file << 32 | function->name);
	return function->pair != 0;
}

const struct ty_place_function *ty_places_function(struct ty_places *places, uint32_t id)
{
	ty_function_info info = { .size = sizeof(info) };
	struct ty_place_function *function;

	/* A wild id must not make the array huge: all unknown functions share the entry of id 0, which is nobody's. */
	if (id >= places->functions.count && ty_function(places->target, id, &info) != 0)
		id = 0;
	while (places->functions.count <= id)
		if (!ty_array_push(&places->functions))
			return NULL;
	function = &places->functions.items[id];
	return function->pair || ask_function(places, id, function) ? function : NULL;
}

static int32_t ask_line(struct ty_places *places, struct ty_callsite site)
{
	ty_frame frame = { .function = site.function, .offset = site.offset, .kind = site.kind };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(places->target, &frame, &location) != 0 || location.line < 0)
		return 0;
	return location.line;
}

/* `key`: what tells the places of a pair apart. */
static uint32_t number_of(struct ty_places *places, uint32_t pair, uint32_t key, struct ty_place wanted)
{
	uint64_t number =
	        ty_map_number_in(&places->by_pair_and_line, (uint64_t)pair << 32 | key, &places->places);

	if (number > places->places.count)
		*ty_array_push(&places->places) = wanted;
	return (uint32_t)number;
}

uint32_t ty_places_find(struct ty_places *places, struct ty_callsite site)
{
	const struct ty_place_function *function = ty_places_function(places, site.function);
	int32_t line = ask_line(places, site);

	if (!function)
		return 0;
	return number_of(places, function->pair, (uint32_t)line,
	                 (struct ty_place){ .file = function->file, .name = function->name, .line = line });
}

static uint32_t find_function(struct ty_places *places, uint32_t id)
{
	const struct ty_place_function *function = ty_places_function(places, id);

	if (!function)
		return 0;
	return number_of(places, function->pair, WHOLE,
	                 (struct ty_place){ function->file, function->name, (int32_t)function->first_line });
}

uint32_t ty_places_add_function(struct ty_places *places, const char *file, const char *name, int32_t line)
{
	struct ty_place place = { intern(places, file), intern(places, name), line };
	uint32_t pair = 0;

	if (place.file && place.name)
		pair = (uint32_t)ty_map_number(&places->pair_by_strings, (uint64_t)place.file << 32 | place.name);
	return pair ? number_of(places, pair, WHOLE, place) : 0;
}

static uint32_t *of_tree(struct ty_places *places, const struct ty_calltree *tree, bool whole)
{
	uint32_t *of_node = calloc(tree->nodes.count, sizeof(*of_node));

	for (size_t i = 1; of_node && i < tree->nodes.count; i++) {
		struct ty_callsite site = tree->nodes.items[i].site;

		if (site.kind == TY_CALLTREE_THREAD || site.kind == TY_CALLTREE_LABEL)
			continue;
		of_node[i] = whole ? find_function(places, site.function) : ty_places_find(places, site);
		if (!of_node[i]) {
			free(of_node);
			return NULL;
		}
	}
	return of_node;
}

uint32_t *ty_places_of_tree(struct ty_places *places, const struct ty_calltree *tree)
{
	return of_tree(places, tree, false);
}

uint32_t *ty_places_of_functions(struct ty_places *places, const struct ty_calltree *tree)
{
	return of_tree(places, tree, true);
}

bool ty_places_is_artificial(const struct ty_places *places, uint32_t number)
{
	const struct ty_place *place = ty_places_get(places, number);

	return place->line == 0 && strcmp(ty_places_string(places, place->file), NO_FILE) == 0;
}

const char *ty_places_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
