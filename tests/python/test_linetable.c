/* SPDX-License-Identifier: Apache-2.0 */
/* The location table: every form of entry, tables cut at every byte, and noise. */
#include "support/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

#include "python/linetable.h"
#include "util/cleanup.h"

#define HEAD(form, units) (uint8_t)(128 | (form) << 3 | ((units)-1))
#define NONE_POSITION ((struct ty_position){ -1, -1, -1, -1 })

/* Decodes from memory of exactly the table's size, so that the sanitizers see a read behind it. */
static int decode(const void *table, size_t size_bytes, int32_t first_line, struct ty_linetable *out)
{
	_cleanup_free_ uint8_t *copy = malloc(size_bytes ? size_bytes : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, table, size_bytes);
	return ty_linetable_decode(copy, size_bytes, first_line, out);
}

static void check_at(const struct ty_linetable *linetable, size_t unit, struct ty_position expected)
{
	struct ty_position position = { 0 };

	ck_assert_ok(ty_linetable_lookup(linetable, unit, &position));
	ck_assert_int_eq(position.line, expected.line);
	ck_assert_int_eq(position.end_line, expected.end_line);
	ck_assert_int_eq(position.column, expected.column);
	ck_assert_int_eq(position.end_column, expected.end_column);
}

/* One entry of every form; what co_positions() gave for the same table is in the checks. */
static const uint8_t every_form[] = {
	HEAD(11, 2), 4,    9,                        /* units 0-1: one line down, columns 4 to 9 */
	HEAD(0, 1),  0x53,                           /* 2: same line, columns 5 to 8 */
	HEAD(9, 1),  0x7f,                           /* 3: same line, columns 79 to 94 */
	HEAD(15, 3),                                 /* 4-6: nothing known */
	HEAD(10, 1), 0,    127,                      /* 7: same line as unit 3 */
	HEAD(13, 8), 7,                              /* 8-15: three lines up, no columns */
	HEAD(12, 1), 1,    2,                        /* 16: two lines down */
	HEAD(14, 1), 64,   4,   2, 65, 1, 64, 64, 2, /* 17: 128 down, 2 long, columns 64 to 8191 */
	HEAD(14, 8), 0,    0,   0, 0,                /* 18-25: same line, columns unknown */
};

TEST(reads_every_form_of_entry)
{
	struct ty_linetable linetable;

	ck_assert_ok(decode(every_form, sizeof(every_form), 10, &linetable));
	ck_assert_uint_eq(linetable.unit_count, 26);
	for (size_t unit = 0; unit < 2; unit++)
		check_at(&linetable, unit, (struct ty_position){ 11, 11, 4, 9 });
	check_at(&linetable, 2, (struct ty_position){ 11, 11, 5, 8 });
	check_at(&linetable, 3, (struct ty_position){ 11, 11, 79, 94 });
	for (size_t unit = 4; unit < 7; unit++)
		check_at(&linetable, unit, NONE_POSITION);
	check_at(&linetable, 7, (struct ty_position){ 11, 11, 0, 127 });
	for (size_t unit = 8; unit < 16; unit++)
		check_at(&linetable, unit, (struct ty_position){ 8, 8, -1, -1 });
	check_at(&linetable, 16, (struct ty_position){ 10, 10, 1, 2 });
	check_at(&linetable, 17, (struct ty_position){ 138, 140, 64, 8191 });
	for (size_t unit = 18; unit < 26; unit++)
		check_at(&linetable, unit, (struct ty_position){ 138, 138, -1, -1 });
	ty_linetable_free(&linetable);
}

TEST(knows_nothing_behind_the_end)
{
	struct ty_position position = { 0 };
	struct ty_linetable linetable;

	ck_assert_ok(decode(every_form, sizeof(every_form), 10, &linetable));
	ck_assert_int_eq(ty_linetable_lookup(&linetable, 26, &position), -TY_ENOTFOUND);
	ck_assert_mem_eq(&position, &NONE_POSITION, sizeof(position));
	ck_assert_int_eq(ty_linetable_lookup(&linetable, SIZE_MAX, &position), -TY_ENOTFOUND);
	ty_linetable_free(&linetable);
	ck_assert_ok(decode("", 0, 10, &linetable));
	ck_assert_int_eq(ty_linetable_lookup(&linetable, 0, &position), -TY_ENOTFOUND);
	ty_linetable_free(&linetable);
}

/* A cut between entries is a shorter table; a cut within one is refused. */
TEST(refuses_an_entry_that_is_cut)
{
	static const size_t entry_ends[] = { 0, 3, 5, 7, 8, 11, 13, 16, 25, 30 };
	struct ty_linetable linetable;
	size_t next = 0;

	for (size_t size = 0; size <= sizeof(every_form); size++) {
		int expected = -TY_ECORRUPT;

		if (size == entry_ends[next]) {
			expected = 0;
			next++;
		}
		ck_assert_int_eq(decode(every_form, size, 10, &linetable), expected);
		if (expected) {
			ck_assert_uint_eq(linetable.unit_count, 0);
			ck_assert_ptr_null(linetable.ranges.items);
		}
		ty_linetable_free(&linetable);
	}
	ck_assert_uint_eq(next, sizeof(entry_ends) / sizeof(entry_ends[0]));
}

TEST(joins_neighbours_of_one_position)
{
	const uint8_t table[] = { HEAD(11, 8), 1, 2, HEAD(10, 8), 1, 2, HEAD(10, 3), 1, 2, HEAD(10, 1), 1, 3 };
	struct ty_linetable linetable;

	ck_assert_ok(decode(table, sizeof(table), 0, &linetable));
	ck_assert_uint_eq(linetable.ranges.count, 2);
	for (size_t unit = 0; unit < 19; unit++)
		check_at(&linetable, unit, (struct ty_position){ 1, 1, 1, 2 });
	check_at(&linetable, 19, (struct ty_position){ 1, 1, 1, 3 });
	ty_linetable_free(&linetable);
}

static void check_refused(const void *table, size_t size_bytes, int32_t first_line)
{
	struct ty_linetable linetable;

	ck_assert_int_eq(decode(table, size_bytes, first_line, &linetable), -TY_ECORRUPT);
	ck_assert_uint_eq(linetable.unit_count, 0);
	ty_linetable_free(&linetable);
}

TEST(refuses_numbers_that_fit_no_int)
{
	const uint8_t one_down[] = { HEAD(11, 1), 0, 0 };
	const uint8_t one_up[] = { HEAD(13, 1), 3 };
	const uint8_t endless[] = { HEAD(13, 1), 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 0 };
	const uint8_t largest[] = { HEAD(13, 1), 127, 127, 127, 127, 127, 63 };
	const uint8_t end_line[] = { HEAD(14, 1), 0, 126, 127, 127, 127, 127, 1, 1, 1 };
	const uint8_t column[] = { HEAD(14, 1), 0, 0, 65, 64, 64, 64, 64, 2, 1 };
	struct ty_linetable linetable;

	check_refused(one_down, sizeof(one_down), INT32_MAX);
	check_refused(one_up, sizeof(one_up), INT32_MIN);
	check_refused(endless, sizeof(endless), 1);
	check_refused(largest, sizeof(largest), 1);
	check_refused(end_line, sizeof(end_line), INT32_MAX - 1);
	check_refused(column, sizeof(column), 1);
	ck_assert_ok(decode(one_down, sizeof(one_down), INT32_MAX - 1, &linetable));
	check_at(&linetable, 0, (struct ty_position){ INT32_MAX, INT32_MAX, 0, 0 });
	ty_linetable_free(&linetable);
}

TEST(refuses_an_entry_without_its_mark)
{
	const uint8_t table[] = { HEAD(11, 1), 0, 0, 0x58, 0, 0 };

	check_refused(table, sizeof(table), 1);
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Noise that looks like a table often enough to get far; whatever is accepted must be consistent. */
TEST(survives_noise)
{
	uint32_t state = 20260101;
	uint8_t table[64];
	unsigned int accepted = 0;

	for (unsigned int round = 0; round < 20000; round++) {
		size_t size = next_random(&state) % (sizeof(table) + 1);
		struct ty_position position;
		struct ty_linetable linetable;

		for (size_t at = 0; at < size; at++)
			table[at] = (uint8_t)(next_random(&state) >> 8 & (next_random(&state) & 1 ? 0xff : 0x83));
		if (decode(table, size, (int32_t)next_random(&state), &linetable) == 0) {
			accepted++;
			ck_assert_uint_le(linetable.unit_count, size * 8);
			for (size_t unit = 0; unit < linetable.unit_count; unit++)
				ck_assert_int_eq(ty_linetable_lookup(&linetable, unit, &position), 0);
		}
		ty_linetable_free(&linetable);
	}
	ck_assert_uint_gt(accepted, 300);
}

/* Lookup against the plain reading of a long table: every unit's range is found whatever lies between the blocks. */
TEST(finds_every_unit_of_a_long_table)
{
	enum { ENTRIES = 5000 };
	_cleanup_free_ uint8_t *table = malloc(ENTRIES * 3);
	_cleanup_free_ uint8_t *units = malloc(ENTRIES);
	struct ty_linetable linetable;
	uint32_t state = 7;
	size_t unit = 0;

	ck_assert(table && units);
	for (size_t i = 0; i < ENTRIES; i++) {
		units[i] = (uint8_t)(next_random(&state) >> 16 & 7);
		memcpy(table + 3 * i, (uint8_t[]){ HEAD(11, units[i] + 1), (uint8_t)(i & 63), 64 }, 3);
	}
	ck_assert_ok(decode(table, ENTRIES * 3, 100, &linetable));
	for (int32_t i = 0; i < ENTRIES; i++)
		for (int covered = 0; covered <= units[i]; covered++)
			check_at(&linetable, unit++, (struct ty_position){ 101 + i, 101 + i, i & 63, 64 });
	ck_assert_uint_eq(linetable.unit_count, unit);
	ty_linetable_free(&linetable);
}
