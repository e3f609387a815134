/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdint.h>
#include <string.h>

#include <tachyon/base.h>

#include "util/options.h"

/* The struct as the library knows it, as an older program has it, and as a newer one has it. */
struct known {
	size_t size;
	uint64_t first;
	uint64_t second;
};

struct older {
	size_t size;
	uint64_t first;
};

struct newer {
	size_t size;
	uint64_t first;
	uint64_t second;
	uint64_t third;
};

TEST(null_means_all_defaults)
{
	struct known local = { 1, 2, 3 };

	ck_assert_ok(ty_options_in(&local, sizeof(local), NULL));
	ck_assert_uint_eq(local.size, sizeof(local));
	ck_assert_uint_eq(local.first, 0);
	ck_assert_uint_eq(local.second, 0);
}

TEST(the_same_layout_is_copied)
{
	struct known given = { sizeof(given), 5, 6 };
	struct known local;

	ck_assert_ok(ty_options_in(&local, sizeof(local), &given));
	ck_assert_mem_eq(&local, &given, sizeof(local));
}

TEST(an_older_program_gets_defaults_for_what_it_lacks)
{
	struct older given = { sizeof(given), 5 };
	struct known local = { 0, 9, 9 };

	ck_assert_ok(ty_options_in(&local, sizeof(local), &given));
	ck_assert_uint_eq(local.size, sizeof(local));
	ck_assert_uint_eq(local.first, 5);
	ck_assert_uint_eq(local.second, 0);
}

TEST(a_newer_program_may_have_a_tail_of_zeros)
{
	struct newer given = { sizeof(given), 5, 6, 0 };
	struct known local;

	ck_assert_ok(ty_options_in(&local, sizeof(local), &given));
	ck_assert_uint_eq(local.second, 6);
}

TEST(a_tail_that_asks_for_something_unknown_is_refused)
{
	struct newer given = { sizeof(given), 5, 6, 0 };
	struct known local;

	((char *)&given)[sizeof(given) - 1] = 1;
	ck_assert_int_eq(ty_options_in(&local, sizeof(local), &given), -TY_EOPTION);
}

TEST(a_size_that_cannot_be_one_is_refused)
{
	struct known given = { 0, 0, 0 };
	struct known local;

	ck_assert_int_eq(ty_options_in(&local, sizeof(local), &given), -TY_EOPTION);
	given.size = sizeof(size_t) - 1;
	ck_assert_int_eq(ty_options_in(&local, sizeof(local), &given), -TY_EOPTION);
	given.size = SIZE_MAX;
	ck_assert_int_eq(ty_options_in(&local, sizeof(local), &given), -TY_EOPTION);
	given.size = sizeof(size_t);
	ck_assert_ok(ty_options_in(&local, sizeof(local), &given));
}

TEST(results_fill_no_more_than_the_caller_has)
{
	struct known local = { sizeof(local), 5, 6 };
	struct known given = { sizeof(struct older), 1, 77 };

	ck_assert_ok(ty_options_out(&given, &local, sizeof(local)));
	ck_assert_uint_eq(given.size, sizeof(struct older));
	ck_assert_uint_eq(given.first, 5);
	ck_assert_uint_eq(given.second, 77);
}

TEST(results_of_a_newer_layout_are_zero_beyond_what_is_known)
{
	struct known local = { sizeof(local), 5, 6 };
	struct newer given = { sizeof(given), 1, 1, 1 };

	ck_assert_ok(ty_options_out(&given, &local, sizeof(local)));
	ck_assert_uint_eq(given.size, sizeof(given));
	ck_assert_uint_eq(given.second, 6);
	ck_assert_uint_eq(given.third, 0);
}

TEST(results_without_room_or_size_are_refused)
{
	struct known local = { sizeof(local), 5, 6 };
	struct known given = { 0, 1, 2 };

	ck_assert_int_eq(ty_options_out(NULL, &local, sizeof(local)), -TY_EOPTION);
	ck_assert_int_eq(ty_options_out(&given, &local, sizeof(local)), -TY_EOPTION);
	given.size = SIZE_MAX;
	ck_assert_int_eq(ty_options_out(&given, &local, sizeof(local)), -TY_EOPTION);
	ck_assert_uint_eq(given.first, 1);
}
