/* SPDX-License-Identifier: Apache-2.0 */
/* When functions are disassembled, and what stays of it. */
#include "support/test.h"

#include <string.h>

#include "collect/listings.h"
#include "support/fake_target.h"

static ty_target *target;
static struct ty_listings listings;

static void begin(const char *name)
{
	target = fake_target_new();
	fake_function(target, "parse", "/m.py", "Parser.parse", 1);
	fake_function(target, "main", "/m.py", "main", 10);
	fake_function(target, "gone", "/m.py", "gone", 20);
	fake_code(target, "parse", "0=1 2=2 12=5");
	fake_code(target, "main", "0=4 8=5");
	ty_listings_init(&listings, name);
	listings.target = target;
}

static void end(void)
{
	ty_listings_free(&listings);
	fake_target_free(target);
}

static void note(int times, uint32_t function, bool leaf)
{
	for (int i = 0; i < times; i++)
		ck_assert_ok(ty_listings_note(&listings, function, leaf));
}

static size_t rows_of(uint32_t function)
{
	const struct ty_listing *listing = ty_listings_get(&listings, function);

	return listing ? listing->rows.count : 0;
}

TEST(keeps_what_a_disassembly_gives)
{
	begin(NULL);
	note(2, 1, true);
	ck_assert_uint_eq(rows_of(1), 3);
	const struct ty_listing_row *row = &ty_listings_get(&listings, 1)->rows.items[1];

	ck_assert_int_eq(row->instruction.offset, 2);
	ck_assert_str_eq(row->instruction.name, "BINARY_OP");
	ck_assert_str_eq(ty_strtab_get(&listings.strings, row->argument_text), "binary_op");
	ck_assert_int_eq(row->location.line, 1);
	ck_assert_uint_eq(rows_of(2), 0);
	end();
}

TEST(work_grows_with_the_logarithm_of_the_samples)
{
	begin(NULL);
	note(1, 1, true);
	ck_assert_uint_eq(fake_disassemblies(target), 0);
	note(100000, 1, true);
	ck_assert_uint_ge(fake_disassemblies(target), 5);
	ck_assert_uint_le(fake_disassemblies(target), 10);
	end();
}

TEST(what_it_was_rewritten_to_is_seen)
{
	begin(NULL);
	note(2, 1, true);
	fake_code(target, "parse", "0=1 2=3 12=5");
	note(1000, 1, true);
	ck_assert_str_eq(ty_listings_get(&listings, 1)->rows.items[1].instruction.name, "BINARY_OP_ADD_INT");
	ck_assert_uint_eq(listings.row_count, 3);
	end();
}

TEST(the_last_listing_outlives_the_target)
{
	begin(NULL);
	note(2, 1, true);
	fake_exit(target);
	note(1000, 1, true);
	ck_assert_ok(ty_listings_update(&listings, 1));
	ck_assert_uint_eq(rows_of(1), 3);
	/* It is not asked again and again. */
	ck_assert_uint_eq(fake_disassemblies(target), 2);
	end();
}

TEST(a_function_that_is_gone_is_no_error)
{
	begin(NULL);
	note(1000, 3, true);
	ck_assert_uint_eq(rows_of(3), 0);
	ck_assert_uint_le(fake_disassemblies(target), 6);
	end();
}

TEST(a_name_wants_its_functions_at_once_and_no_others)
{
	begin("Parser.");
	note(1, 1, false);
	note(1000, 2, true);
	ck_assert_uint_eq(rows_of(1), 3);
	ck_assert_uint_eq(rows_of(2), 0);
	ck_assert(ty_listings_want(&listings, 1));
	ck_assert(!ty_listings_want(&listings, 2));
	end();
}

static void saw(const ty_function_info *function, void *user_data)
{
	strcat(user_data, function->qualname);
	strcat(user_data, ",");
}

TEST(tells_of_a_function_once)
{
	char seen[100] = "";

	begin(NULL);
	listings.seen = saw;
	listings.seen_user_data = seen;
	note(1000, 1, true);
	note(1000, 3, true);
	note(2, 2, true);
	ck_assert_str_eq(seen, "Parser.parse,main,");
	end();
}

TEST(wild_ids_cost_nothing)
{
	begin(NULL);
	note(3, UINT32_MAX, true);
	note(3, 0, true);
	ck_assert_uint_lt(listings.listings.count, 10);
	ck_assert_ok(ty_listings_update(&listings, UINT32_MAX));
	ck_assert_ptr_null(ty_listings_get(&listings, UINT32_MAX));
	end();
}
