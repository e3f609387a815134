/* SPDX-License-Identifier: Apache-2.0 */
#include "util/array.h"

#include <stdint.h>

bool ty_array_reserve_raw(void **items, size_t *capacity, size_t wanted, size_t item_size_bytes)
{
	size_t grown = *capacity ? *capacity : 8;
	void *moved;

	if (wanted <= *capacity)
		return true;
	while (grown < wanted) {
		if (grown > SIZE_MAX / 2 / item_size_bytes)
			return false;
		grown *= 2;
	}
	moved = realloc(*items, grown * item_size_bytes);
	if (!moved)
		return false;
	*items = moved;
	*capacity = grown;
	return true;
}
