/* SPDX-License-Identifier: Apache-2.0 */
#include "util/map.h"

#include <stdlib.h>
#include <string.h>

static struct ty_map_slot *find(const struct ty_map *map, uint64_t key)
{
	size_t i = ty_hash64(key) & map->mask;

	while (map->slots[i].key && map->slots[i].key != key)
		i = (i + 1) & map->mask;
	return &map->slots[i];
}

uint64_t *ty_map_get(const struct ty_map *map, uint64_t key)
{
	struct ty_map_slot *slot;

	if (!map->slots || !key)
		return NULL;
	slot = find(map, key);
	return slot->key ? &slot->value : NULL;
}

static bool grow(struct ty_map *map)
{
	struct ty_map larger = { .mask = map->slots ? map->mask * 2 + 1 : 15 };

	larger.slots = calloc(larger.mask + 1, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; map->slots && i <= map->mask; i++)
		if (map->slots[i].key)
			*find(&larger, map->slots[i].key) = map->slots[i];
	larger.count = map->count;
	free(map->slots);
	*map = larger;
	return true;
}

bool ty_map_put(struct ty_map *map, uint64_t key, uint64_t value)
{
	struct ty_map_slot *slot;

	if (!key)
		return false;
	if (!map->slots || map->count * 3 >= (map->mask + 1) * 2)
		if (!grow(map))
			return false;
	slot = find(map, key);
	map->count += slot->key == 0;
	*slot = (struct ty_map_slot){ .key = key, .value = value };
	return true;
}

uint64_t ty_map_number(struct ty_map *map, uint64_t key)
{
	const uint64_t *known = ty_map_get(map, key);

	if (known)
		return *known;
	return ty_map_put(map, key, map->count + 1) ? map->count : 0;
}

void ty_map_remove(struct ty_map *map, uint64_t key)
{
	struct ty_map_slot *hole = map->slots && key ? find(map, key) : NULL;

	if (!hole || !hole->key)
		return;
	hole->key = 0;
	map->count--;
	/* Entries that had been pushed past the hole move back, so that no probe ends too early. */
	for (size_t i = (size_t)(hole - map->slots + 1) & map->mask; map->slots[i].key; i = (i + 1) & map->mask) {
		struct ty_map_slot moved = map->slots[i];

		map->slots[i].key = 0;
		*find(map, moved.key) = moved;
	}
}

void ty_map_clear(struct ty_map *map)
{
	if (map->slots)
		memset(map->slots, 0, (map->mask + 1) * sizeof(*map->slots));
	map->count = 0;
}

void ty_map_free(struct ty_map *map)
{
	free(map->slots);
	*map = (struct ty_map){ 0 };
}

uint64_t ty_hash_bytes(const void *data, size_t size_bytes)
{
	const unsigned char *bytes = data;
	uint64_t hash = 0xcbf29ce484222325ULL ^ size_bytes;

	for (size_t i = 0; i < size_bytes; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
	return ty_hash64(hash);
}
