/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_MAP_H
#define TY_UTIL_MAP_H

/*
 * Map from a non-zero 64-bit key to a 64-bit value: open addressing, linear probing, at most 2/3 full. Lookup touches
 * one cache line in the usual case and never allocates. Iterate over `slots` (key 0 is an empty slot).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ty_map_slot {
	uint64_t key;
	uint64_t value;
};

struct ty_map {
	struct ty_map_slot *slots;
	size_t mask; /* number of slots - 1; 0: none yet */
	size_t count;
};

/* Value of a key, or NULL. The address is valid until the next ty_map_put(). */
uint64_t *ty_map_get(const struct ty_map *map, uint64_t key);

/* Sets a key. false: out of memory, map unchanged. */
bool ty_map_put(struct ty_map *map, uint64_t key, uint64_t value);

/* Numbers keys in the order they come, from 1: the number of a key, the next one if it is new. 0: out of memory. */
uint64_t ty_map_number(struct ty_map *map, uint64_t key);

/*
 * The same where an array (array.h) has an item for every number: room for that of a new key is made before it gets its
 * number, so that a push which is due afterwards cannot fail and numbers and items never part.
 */
#define ty_map_number_in(map, key, array)                                                                              \
	(ty_array_reserve((array), (map)->count + 1) ? ty_map_number((map), (key)) : 0)

/* Removes a key; nothing happens if it is not there. */
void ty_map_remove(struct ty_map *map, uint64_t key);

void ty_map_clear(struct ty_map *map);
void ty_map_free(struct ty_map *map);

static inline uint64_t ty_hash64(uint64_t value)
{
	value ^= value >> 32;
	value *= 0x9e3779b97f4a7c15ULL;
	value ^= value >> 29;
	return value;
}

uint64_t ty_hash_bytes(const void *data, size_t size_bytes);

#endif
