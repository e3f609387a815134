/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "util/strtab.h"

static uint32_t add(struct ty_strtab *table, const char *string)
{
	return ty_strtab_add(table, string, strlen(string));
}

TEST(equal_strings_share_an_id_and_an_address)
{
	struct ty_strtab table = { 0 };
	uint32_t first = add(&table, "parse");
	const char *address = ty_strtab_get(&table, first);

	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(add(&table, "dump"), 2);
	ck_assert_uint_eq(add(&table, "parse"), first);
	ck_assert_uint_eq(ty_strtab_add(&table, "parser", 5), first);
	ck_assert_ptr_eq(ty_strtab_get(&table, first), address);
	ck_assert_str_eq(address, "parse");
	ty_strtab_free(&table);
}

TEST(prefixes_are_other_strings)
{
	struct ty_strtab table = { 0 };

	ck_assert_uint_ne(add(&table, "parse"), add(&table, "pars"));
	ck_assert_uint_ne(add(&table, "parse"), add(&table, "parser"));
	ck_assert_uint_eq(table.strings.count, 3);
	ty_strtab_free(&table);
}

TEST(the_empty_string_is_a_string)
{
	struct ty_strtab table = { 0 };
	uint32_t id = add(&table, "");

	ck_assert_uint_ne(id, 0);
	ck_assert_uint_eq(add(&table, ""), id);
	ck_assert_str_eq(ty_strtab_get(&table, id), "");
	ty_strtab_free(&table);
}

TEST(unknown_ids_give_the_empty_string)
{
	struct ty_strtab table = { 0 };

	ck_assert_str_eq(ty_strtab_get(&table, 0), "");
	ck_assert_str_eq(ty_strtab_get(&table, 1), "");
	ck_assert_str_eq(ty_strtab_get(&table, UINT32_MAX), "");
	ty_strtab_free(&table);
}

/* Strings with the same 64-bit hash are rare; one is made by planting the hash of "wanted" for "squatter". */
TEST(strings_with_one_hash_are_kept_apart)
{
	struct ty_strtab table = { 0 };
	uint64_t hash = ty_hash_bytes("wanted", 6);
	uint32_t squatter = add(&table, "squatter");
	uint32_t wanted;

	ck_assert(ty_map_put(&table.by_hash, hash, squatter));
	ck_assert(ty_map_put(&table.by_hash, hash + 1, squatter));
	wanted = add(&table, "wanted");
	ck_assert_uint_ne(wanted, squatter);
	ck_assert_str_eq(ty_strtab_get(&table, wanted), "wanted");
	ck_assert_uint_eq(*ty_map_get(&table.by_hash, hash + 2), wanted);
	ck_assert_uint_eq(add(&table, "wanted"), wanted);
	ty_strtab_free(&table);
}

TEST(ids_are_dense_and_addresses_stay)
{
	struct ty_strtab table = { 0 };
	const char *first = NULL;
	char name[32];

	for (uint32_t i = 1; i <= 20000; i++) {
		snprintf(name, sizeof(name), "function_%u", i);
		ck_assert_uint_eq(add(&table, name), i);
		if (i == 1)
			first = ty_strtab_get(&table, 1);
	}
	ck_assert_ptr_eq(ty_strtab_get(&table, 1), first);
	for (uint32_t i = 1; i <= 20000; i += 97) {
		snprintf(name, sizeof(name), "function_%u", i);
		ck_assert_str_eq(ty_strtab_get(&table, i), name);
	}
	ty_strtab_free(&table);
}
