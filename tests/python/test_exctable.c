/* SPDX-License-Identifier: Apache-2.0 */
/* The exception table: its numbers, lookup, tables cut at every byte, and noise. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

#include "python/exctable.h"
#include "util/cleanup.h"

#define FIRST 128

/* Three handlers: units 2-4 to 100, depth 0; 5-69 to 4100, depth 3 with lasti; 200 to 2, depth 65. */
static const uint8_t three[] = {
	FIRST | 2,      3,      64 | 1, 36,     0,            /* 100 = 1 << 6 | 36 */
	FIRST | 5,      64 | 1, 1,      64 | 1, 64,     4, 7, /* 65; 4100 = 1 << 12 | 4 */
	FIRST | 64 | 3, 8,      1,      2,      64 | 2, 2,    /* 200; 130 */
};

static int decode(const void *table, size_t size_bytes, uint32_t unit_count, struct ty_exctable *out)
{
	_cleanup_free_ uint8_t *copy = malloc(size_bytes ? size_bytes : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, table, size_bytes);
	return ty_exctable_decode(copy, size_bytes, unit_count, out);
}

static void check(const struct ty_exctable *exctable, uint32_t unit, uint32_t target, uint32_t depth, bool lasti)
{
	const struct ty_handler *handler = ty_exctable_lookup(exctable, unit);

	ck_assert_ptr_nonnull(handler);
	ck_assert_uint_eq(handler->target, target);
	ck_assert_uint_eq(handler->depth, depth);
	ck_assert_int_eq(handler->lasti, lasti);
}

TEST(finds_the_handler_of_a_unit)
{
	struct ty_exctable exctable;

	ck_assert_ok(decode(three, sizeof(three), 5000, &exctable));
	ck_assert_uint_eq(exctable.handlers.count, 3);
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, 0));
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, 1));
	check(&exctable, 2, 100, 0, false);
	check(&exctable, 4, 100, 0, false);
	check(&exctable, 5, 4100, 3, true);
	check(&exctable, 69, 4100, 3, true);
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, 70));
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, 199));
	check(&exctable, 200, 2, 65, false);
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, 201));
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, UINT32_MAX));
	ty_exctable_free(&exctable);
}

TEST(takes_an_empty_table)
{
	struct ty_exctable exctable;

	ck_assert_ok(decode("", 0, 10, &exctable));
	ck_assert_ptr_null(ty_exctable_lookup(&exctable, 0));
	ty_exctable_free(&exctable);
}

TEST(refuses_a_handler_that_is_cut)
{
	struct ty_exctable exctable;

	for (size_t size = 1; size <= sizeof(three); size++) {
		int expected = size == 5 || size == 12 || size == 18 ? 0 : -TY_ECORRUPT;

		ck_assert_int_eq(decode(three, size, 5000, &exctable), expected);
		ck_assert_uint_eq(exctable.handlers.count, expected ? 0 : (size + 1) / 6);
		ty_exctable_free(&exctable);
	}
}

TEST(refuses_what_lies_outside_of_the_code)
{
	const uint8_t overlapping[] = { FIRST | 2, 3, 1, 0, FIRST | 4, 1, 1, 0 };
	const uint8_t huge[] = { FIRST | 64 | 63, 64 | 63, 64 | 63, 64 | 63, 64 | 63, 63, 1, 1, 0 };
	const uint8_t endless[] = { FIRST | 64, 64, 64, 64, 64, 64, 64, 1, 1, 1, 0 };
	const uint8_t unmarked[] = { 2, 3, 1, 0 };
	struct ty_exctable exctable;

	ck_assert_int_eq(decode(three, sizeof(three), 4100, &exctable), -TY_ECORRUPT);
	ck_assert_int_eq(decode(three, 5, 4, &exctable), -TY_ECORRUPT);
	ck_assert_int_eq(decode(overlapping, sizeof(overlapping), 10, &exctable), -TY_ECORRUPT);
	ck_assert_int_eq(decode(huge, sizeof(huge), UINT32_MAX, &exctable), -TY_ECORRUPT);
	ck_assert_int_eq(decode(endless, sizeof(endless), UINT32_MAX, &exctable), -TY_ECORRUPT);
	ck_assert_int_eq(decode(unmarked, sizeof(unmarked), 10, &exctable), -TY_ECORRUPT);
}

TEST(survives_noise)
{
	uint32_t state = 20260103;
	uint8_t table[48];

	for (unsigned int round = 0; round < 20000; round++) {
		struct ty_exctable exctable;
		size_t size = round % (sizeof(table) + 1);

		for (size_t at = 0; at < size; at++) {
			state = state * 1664525 + 1013904223;
			table[at] = (uint8_t)(state >> 24 & (state & 1 << 20 ? 0xff : 0x8f));
		}
		if (decode(table, size, 4096, &exctable) == 0)
			for (size_t i = 0; i < exctable.handlers.count; i++)
				ck_assert_uint_le(exctable.handlers.items[i].end, 4096);
		ty_exctable_free(&exctable);
	}
}
