/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_ARRAY_H
#define TY_UTIL_ARRAY_H

/*
 * Growable arrays of any type:
 *
 *     TY_ARRAY(struct range) ranges = {0};
 *     struct range *range = ty_array_push(&ranges);
 *     if (!range)
 *             return -ENOMEM;
 *     for (size_t i = 0; i < ranges.count; i++)
 *             use(&ranges.items[i]);
 *     ty_array_free(&ranges);
 *
 * Elements are zeroed when pushed. Growth doubles, so that a hot path which clears and refills allocates nothing once
 * it has seen its largest size.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define TY_ARRAY(type)                                                                                                 \
	struct {                                                                                                       \
		type *items;                                                                                           \
		size_t count;                                                                                          \
		size_t capacity;                                                                                       \
	}

/* Makes room for at least `wanted` elements. */
bool ty_array_reserve_raw(void **items, size_t *capacity, size_t wanted, size_t item_size_bytes);

#define ty_array_reserve(array, wanted)                                                                                \
	ty_array_reserve_raw((void **)&(array)->items, &(array)->capacity, (wanted), sizeof(*(array)->items))

/* Appends a zeroed element and gives its address, or NULL when memory is out. */
#define ty_array_push(array)                                                                                           \
	(ty_array_reserve((array), (array)->count + 1)                                                                 \
	         ? (__typeof__((array)->items))memset(&(array)->items[(array)->count++], 0, sizeof(*(array)->items))   \
	         : NULL)

#define ty_array_clear(array) ((void)((array)->count = 0))

#define ty_array_free(array)                                                                                           \
	do {                                                                                                           \
		free((array)->items);                                                                                  \
		(array)->items = NULL;                                                                                 \
		(array)->count = (array)->capacity = 0;                                                                \
	} while (0)

#endif
