/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "util/map.h"

/* Small enough for chains to wrap around, large enough to grow several times. */
#define KEYS 500
#define OPERATIONS 40000

static uint64_t random_state = 0x5eed;

/* xorshift64: the same operations on every run. */
static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* The map under test beside an array that cannot be wrong. Keys are spread like addresses: multiples of 16. */
struct model {
	struct ty_map map;
	uint64_t values[KEYS];
	bool present[KEYS];
	size_t count;
};

static uint64_t key_of(size_t i)
{
	return 0x7f0000000000ULL + (i + 1) * 16;
}

static void put(struct model *model, size_t i)
{
	model->values[i] = next_random();
	ck_assert(ty_map_put(&model->map, key_of(i), model->values[i]));
	model->count += !model->present[i];
	model->present[i] = true;
}

static void drop(struct model *model, size_t i)
{
	ty_map_remove(&model->map, key_of(i));
	model->count -= model->present[i];
	model->present[i] = false;
}

static void compare(const struct model *model)
{
	ck_assert_uint_eq(model->map.count, model->count);
	for (size_t i = 0; i < KEYS; i++) {
		const uint64_t *value = ty_map_get(&model->map, key_of(i));

		ck_assert_int_eq(value != NULL, model->present[i]);
		if (value)
			ck_assert_uint_eq(*value, model->values[i]);
	}
}

static size_t used_slots(const struct ty_map *map)
{
	size_t used = 0;

	for (size_t i = 0; map->slots && i <= map->mask; i++)
		used += map->slots[i].key != 0;
	return used;
}

TEST(agrees_with_a_model_over_random_operations)
{
	struct model model = { 0 };

	for (int n = 0; n < OPERATIONS; n++) {
		size_t i = next_random() % KEYS;

		if (next_random() % 5 < 3)
			put(&model, i);
		else
			drop(&model, i);
		if (n % 2000 == 0)
			compare(&model);
	}
	compare(&model);
	ck_assert_uint_eq(used_slots(&model.map), model.count);
	ty_map_free(&model.map);
}

/* Keys whose first slot is the last of the table, so that their chain wraps around to the start. */
TEST(removal_closes_a_chain_that_wraps_around)
{
	struct ty_map map = { 0 };
	uint64_t keys[5];
	size_t found = 0;

	ck_assert(ty_map_put(&map, 1, 1));
	ty_map_remove(&map, 1);
	for (uint64_t key = 1; found < 5; key++)
		if ((ty_hash64(key) & map.mask) == map.mask)
			keys[found++] = key;
	for (size_t removed = 0; removed < 5; removed++) {
		ty_map_clear(&map);
		for (size_t i = 0; i < 5; i++)
			ck_assert(ty_map_put(&map, keys[i], i));
		ty_map_remove(&map, keys[removed]);
		for (size_t i = 0; i < 5; i++)
			ck_assert_int_eq(ty_map_get(&map, keys[i]) != NULL, i != removed);
		ck_assert_uint_eq(map.count, 4);
	}
	ty_map_free(&map);
}

TEST(an_empty_map_answers)
{
	struct ty_map map = { 0 };

	ck_assert_ptr_null(ty_map_get(&map, 1));
	ty_map_remove(&map, 1);
	ty_map_clear(&map);
	ck_assert_uint_eq(map.count, 0);
	ty_map_free(&map);
}

TEST(key_zero_is_refused)
{
	struct ty_map map = { 0 };

	ck_assert(!ty_map_put(&map, 0, 1));
	ck_assert(ty_map_put(&map, 7, 1));
	ck_assert_ptr_null(ty_map_get(&map, 0));
	ty_map_remove(&map, 0);
	ck_assert_uint_eq(map.count, 1);
	ty_map_free(&map);
}

TEST(a_value_changes_in_place)
{
	struct ty_map map = { 0 };

	ck_assert(ty_map_put(&map, UINT64_MAX, 1));
	ck_assert(ty_map_put(&map, UINT64_MAX, 2));
	ck_assert_uint_eq(map.count, 1);
	*ty_map_get(&map, UINT64_MAX) += 1;
	ck_assert_uint_eq(*ty_map_get(&map, UINT64_MAX), 3);
	ty_map_free(&map);
}

TEST(never_fills_up)
{
	struct ty_map map = { 0 };

	for (uint64_t key = 1; key <= 5000; key++) {
		ck_assert(ty_map_put(&map, key, key));
		ck_assert_uint_lt(map.count, map.mask + 1);
	}
	ck_assert_uint_le(map.count * 3, (map.mask + 1) * 2 + 3);
	ty_map_clear(&map);
	ck_assert_ptr_null(ty_map_get(&map, 5));
	ck_assert_uint_eq(used_slots(&map), 0);
	ty_map_free(&map);
}

TEST(hash_of_bytes_depends_on_content_and_length)
{
	ck_assert_uint_eq(ty_hash_bytes("abc", 3), ty_hash_bytes("abcd", 3));
	ck_assert_uint_ne(ty_hash_bytes("abc", 3), ty_hash_bytes("abd", 3));
	ck_assert_uint_ne(ty_hash_bytes("a\0", 2), ty_hash_bytes("a", 1));
	ck_assert_uint_ne(ty_hash_bytes("", 0), ty_hash_bytes("\0", 1));
}

TEST(keys_are_numbered_in_the_order_they_come)
{
	struct ty_map map = { 0 };

	ck_assert_uint_eq(ty_map_number(&map, 70), 1);
	ck_assert_uint_eq(ty_map_number(&map, 7), 2);
	ck_assert_uint_eq(ty_map_number(&map, 70), 1);
	ck_assert_uint_eq(ty_map_number(&map, UINT64_MAX), 3);
	ty_map_free(&map);
}
