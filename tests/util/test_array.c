/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdint.h>

#include "util/array.h"

TEST(begins_empty_and_owns_nothing)
{
	TY_ARRAY(int) array = { 0 };

	ck_assert_uint_eq(array.count, 0);
	ty_array_free(&array);
	ck_assert_ptr_null(array.items);
}

TEST(keeps_elements_when_it_grows)
{
	TY_ARRAY(uint32_t) array = { 0 };

	for (uint32_t i = 0; i < 10000; i++) {
		uint32_t *item = ty_array_push(&array);

		ck_assert_ptr_nonnull(item);
		*item = i * 7;
	}
	ck_assert_uint_eq(array.count, 10000);
	for (uint32_t i = 0; i < 10000; i++)
		ck_assert_uint_eq(array.items[i], i * 7);
	ty_array_free(&array);
}

TEST(zeroes_a_pushed_element_even_where_an_old_one_lay)
{
	TY_ARRAY(struct { uint64_t words[3]; }) array = { 0 };

	ck_assert_ptr_nonnull(ty_array_push(&array));
	memset(&array.items[0], 0xff, sizeof(*array.items));
	ty_array_clear(&array);
	ck_assert_uint_eq(array.count, 0);
	ck_assert_ptr_nonnull(ty_array_push(&array));
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(array.items[0].words[i], 0);
	ty_array_free(&array);
}

TEST(allocates_nothing_after_its_largest_size_was_seen)
{
	TY_ARRAY(int) array = { 0 };
	int *items;

	ck_assert(ty_array_reserve(&array, 100));
	ck_assert_uint_ge(array.capacity, 100);
	items = array.items;
	for (int round = 0; round < 3; round++) {
		ty_array_clear(&array);
		for (int i = 0; i < 100; i++)
			*ty_array_push(&array) = i;
		ck_assert_ptr_eq(array.items, items);
	}
	ty_array_free(&array);
}

TEST(refuses_a_size_that_overflows)
{
	TY_ARRAY(uint64_t) array = { 0 };

	*ty_array_push(&array) = 42;
	ck_assert(!ty_array_reserve(&array, SIZE_MAX / 4));
	ck_assert(!ty_array_reserve(&array, SIZE_MAX));
	ck_assert_uint_eq(array.count, 1);
	ck_assert_uint_eq(array.items[0], 42);
	ty_array_free(&array);
}
