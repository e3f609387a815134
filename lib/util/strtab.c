/* SPDX-License-Identifier: Apache-2.0 */
#include "util/strtab.h"

#include <stdlib.h>
#include <string.h>

static uint64_t next_hash(uint64_t hash)
{
	return hash + 1 ? hash + 1 : 1;
}

uint32_t ty_strtab_add(struct ty_strtab *table, const char *string, size_t length_bytes)
{
	uint64_t hash = ty_hash_bytes(string, length_bytes);
	const uint64_t *id;
	char **slot;
	char *copy;

	for (hash = hash ? hash : 1; (id = ty_map_get(&table->by_hash, hash)); hash = next_hash(hash)) {
		const char *known = table->strings.items[*id - 1];

		if (strncmp(known, string, length_bytes) == 0 && known[length_bytes] == '\0')
			return (uint32_t)*id;
	}
	copy = strndup(string, length_bytes);
	if (!copy)
		return 0;
	slot = ty_array_push(&table->strings);
	if (!slot || !ty_map_put(&table->by_hash, hash, table->strings.count)) {
		table->strings.count -= slot != NULL;
		free(copy);
		return 0;
	}
	*slot = copy;
	return (uint32_t)table->strings.count;
}

const char *ty_strtab_get(const struct ty_strtab *table, uint32_t id)
{
	return id && id <= table->strings.count ? table->strings.items[id - 1] : "";
}

void ty_strtab_free(struct ty_strtab *table)
{
	for (size_t i = 0; i < table->strings.count; i++)
		free(table->strings.items[i]);
	ty_array_free(&table->strings);
	ty_map_free(&table->by_hash);
}
