/* SPDX-License-Identifier: Apache-2.0 */
#include "target/pages.h"

#include <errno.h>
#include <string.h>

#include "support/fake_memory.h"
#include "support/test.h"

#define BASE 0x100000ULL
#define PAGES 64

struct scene {
	struct ty_memory *memory;
	struct ty_pages pages;
};

static struct scene set_up(void)
{
	struct scene scene = { .memory = fake_memory_new() };

	fake_fill(scene.memory, BASE, 0, (size_t)PAGES * TY_PAGE_BYTES);
	for (uint64_t i = 0; i < (uint64_t)PAGES * TY_PAGE_BYTES; i += 8)
		fake_write_u64(scene.memory, BASE + i, BASE + i);
	ty_pages_init(&scene.pages, scene.memory);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_pages_free(&scene->pages);
	ty_memory_close(scene->memory);
}

static void check_word(struct scene *scene, uint64_t address)
{
	uint64_t word = 0;

	ck_assert_int_eq(ty_pages_read_u64(&scene->pages, address, &word), 0);
	ck_assert_uint_eq(word, address);
}

TEST(what_was_used_is_read_by_one_call)
{
	struct scene scene = set_up();
	uint64_t reads;

	for (int round = 0; round < 3; round++) {
		ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
		for (uint64_t i = 0; i < PAGES; i += 5)
			check_word(&scene, BASE + i * TY_PAGE_BYTES + 8 * i);
	}
	reads = fake_reads(scene.memory);
	ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
	for (uint64_t i = 0; i < PAGES; i += 5)
		check_word(&scene, BASE + i * TY_PAGE_BYTES + 8 * i);
	ck_assert_uint_eq(fake_reads(scene.memory), reads + 1);
	/* One cache line of each. */
	ck_assert_uint_eq(scene.pages.bytes_used, 13 * 64);
	tear_down(&scene);
}

TEST(a_range_may_cross_pages)
{
	struct scene scene = set_up();
	uint64_t words[1024];

	for (int round = 0; round < 2; round++) {
		ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
		ck_assert_int_eq(ty_pages_read(&scene.pages, BASE + 4088, words, sizeof(words)), 0);
		for (size_t i = 0; i < 1024; i++)
			ck_assert_uint_eq(words[i], BASE + 4088 + 8 * i);
	}
	tear_down(&scene);
}

TEST(a_round_shows_one_time)
{
	struct scene scene = set_up();
	uint64_t word;

	for (int round = 0; round < 2; round++) {
		ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
		check_word(&scene, BASE + 64);
	}
	fake_write_u64(scene.memory, BASE + 64, 1);
	fake_write_u64(scene.memory, BASE + 1024, 2);
	/* Another part of the page is fetched, but what was there stays as it was. */
	ck_assert_int_eq(ty_pages_read_u64(&scene.pages, BASE + 1024, &word), 0);
	ck_assert_uint_eq(word, 2);
	check_word(&scene, BASE + 64);
	ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
	ck_assert_int_eq(ty_pages_read_u64(&scene.pages, BASE + 64, &word), 0);
	ck_assert_uint_eq(word, 1);
	tear_down(&scene);
}

TEST(touched_pages_are_renewed)
{
	struct scene scene = set_up();
	uint64_t word;

	for (int round = 0; round < 2; round++) {
		ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
		ty_pages_touch(&scene.pages);
		check_word(&scene, BASE);
		check_word(&scene, BASE + 20 * TY_PAGE_BYTES);
	}
	ck_assert_uint_eq(scene.pages.touched.count, 2);
	fake_write_u64(scene.memory, BASE, 7);
	ck_assert_int_eq(ty_pages_renew(&scene.pages), 0);
	ck_assert_uint_eq(scene.pages.touched.count, 0);
	ck_assert_int_eq(ty_pages_read_u64(&scene.pages, BASE, &word), 0);
	ck_assert_uint_eq(word, 7);
	check_word(&scene, BASE + 20 * TY_PAGE_BYTES);
	tear_down(&scene);
}

TEST(pages_that_go_away_take_no_others_with_them)
{
	struct scene scene = set_up();
	uint64_t word;

	for (int round = 0; round < 2; round++) {
		uint8_t bytes[3 * TY_PAGE_BYTES];

		ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
		ck_assert_int_eq(ty_pages_read(&scene.pages, BASE, bytes, sizeof(bytes)), 0);
	}
	fake_unmap(scene.memory, BASE + TY_PAGE_BYTES, TY_PAGE_BYTES);
	ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
	check_word(&scene, BASE);
	check_word(&scene, BASE + 2 * TY_PAGE_BYTES);
	ck_assert_int_eq(ty_pages_read_u64(&scene.pages, BASE + TY_PAGE_BYTES, &word), -EFAULT);
	ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
	check_word(&scene, BASE + 2 * TY_PAGE_BYTES);
	tear_down(&scene);
}

TEST(addresses_that_cannot_be_are_refused)
{
	struct scene scene = set_up();
	uint64_t word;
	const uint64_t wild[] = { 0, 8, TY_PAGE_BYTES - 8, UINT64_MAX - 3, UINT64_MAX, 0x8000000000000000 };

	ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
	for (size_t i = 0; i < sizeof(wild) / sizeof(*wild); i++)
		ck_assert_int_eq(ty_pages_read_u64(&scene.pages, wild[i], &word), -EFAULT);
	fake_fail(scene.memory, -ESRCH);
	ck_assert_int_eq(ty_pages_read_u64(&scene.pages, BASE, &word), -ESRCH);
	tear_down(&scene);
}

TEST(pages_that_are_not_used_are_dropped)
{
	struct scene scene = set_up();

	for (uint64_t i = 0; i < PAGES; i++)
		check_word(&scene, BASE + i * TY_PAGE_BYTES);
	for (int round = 0; round < 40; round++) {
		ck_assert_int_eq(ty_pages_begin(&scene.pages), 0);
		check_word(&scene, BASE);
	}
	ck_assert_uint_eq(scene.pages.pages.count, 1);
	tear_down(&scene);
}
