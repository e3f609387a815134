/* SPDX-License-Identifier: Apache-2.0 */
/* A location table with any contents, behind four bytes of first line; every unit is looked up. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "python/linetable.h"

#define UNITS_MAX 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
	struct ty_linetable table;
	struct ty_position position;
	int32_t first_line = 0;

	if (size_bytes < sizeof(first_line))
		return 0;
	memcpy(&first_line, data, sizeof(first_line));
	if (ty_linetable_decode(data + 4, size_bytes - 4, first_line, &table) == 0)
		for (size_t unit = 0; unit < table.unit_count && unit < UNITS_MAX; unit++)
			if (ty_linetable_lookup(&table, unit, &position) != 0)
				abort();
	if (ty_linetable_lookup(&table, table.unit_count, &position) == 0)
		abort();
	ty_linetable_free(&table);
	return 0;
}
