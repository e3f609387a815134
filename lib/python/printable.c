/* SPDX-License-Identifier: Apache-2.0 */
#include "python/dialect.h"

#define CHARACTER_MAX 0x10ffff

bool ty_is_printable(const struct py_unprintable *unprintable, uint32_t character)
{
	size_t low = 0, high = unprintable->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (character < unprintable->ranges[middle].first)
			high = middle;
		else if (character > unprintable->ranges[middle].last)
			low = middle + 1;
		else
			return false;
	}
	return character <= CHARACTER_MAX;
}
