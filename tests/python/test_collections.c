/* SPDX-License-Identifier: Apache-2.0 */
/* The rings of collections, as 3.15 lays them out, and some that cannot be. */
#include "python/collections.h"

#include "support/fake_python.h"
#include "support/test.h"

#define SLOT_BYTES 64
#define INTERPRETER 0x100000
#define RINGS 0x200000

static const uint32_t RING_SLOTS[] = { 11, 3, 3 };

struct scene {
	struct fake_python *python;
	ty_gc_collection collections[PY_COLLECTIONS_MAX];
};

/* Where the ring of a generation begins. */
static uint64_t ring_of(uint32_t generation)
{
	uint64_t at = RINGS;

	for (uint32_t i = 0; i < generation; i++)
		at += RING_SLOTS[i] * SLOT_BYTES + 8;
	return at;
}

static void put_collection(struct scene *scene, uint32_t generation, uint32_t slot, uint64_t number)
{
	struct ty_memory *memory = scene->python->memory;
	uint64_t at = ring_of(generation) + slot * SLOT_BYTES;

	for (uint64_t i = 0; i < 6; i++)
		fake_write_u64(memory, at + 8 * i, number * (i + 1));
	fake_write_u64(memory, at + 48, 0x3ff8000000000000); /* 1.5 */
	fake_write_u64(memory, at + 56, number * 7);
	fake_write_u8(memory, ring_of(generation) + RING_SLOTS[generation] * SLOT_BYTES, (uint8_t)slot);
}

static struct scene set_up(void)
{
	struct scene scene = { .python = fake_python_new(TY_PYTHON_3_15) };
	struct py_offsets *offsets = &scene.python->offsets;
	struct ty_memory *memory = scene.python->memory;

	fake_fill(memory, RINGS, 0, ring_of(3) - RINGS);
	fake_write_u64(memory, INTERPRETER + offsets->interpreter.id, 5);
	fake_write_u64(memory, INTERPRETER + offsets->interpreter.gc + offsets->gc.statistics, RINGS);
	ck_assert_uint_eq(ring_of(3) - RINGS, offsets->gc.statistics_bytes);
	return scene;
}

static int read_all(struct scene *scene)
{
	return ty_collections_read(scene->python->memory, scene->python->version, &scene->python->offsets, INTERPRETER,
	                           scene->collections);
}

TEST(collections_come_oldest_first_with_all_that_is_known)
{
	struct scene scene = set_up();
	const ty_gc_collection *first = scene.collections;

	put_collection(&scene, 0, 10, 100);
	put_collection(&scene, 0, 0, 101);
	put_collection(&scene, 2, 1, 7);
	ck_assert_int_eq(read_all(&scene), 3);
	ck_assert_uint_eq(first[0].start_ns, 100);
	ck_assert_uint_eq(first[1].start_ns, 101);
	ck_assert_uint_eq(first[1].stop_ns, 202);
	ck_assert_uint_eq(first[1].collections, 303);
	ck_assert_uint_eq(first[1].collected, 404);
	ck_assert_uint_eq(first[1].uncollectable, 505);
	ck_assert_uint_eq(first[1].candidates, 606);
	ck_assert_uint_eq(first[1].heap_objects, 707);
	ck_assert(first[1].duration_s == 1.5);
	ck_assert_int_eq(first[1].interpreter, 5);
	ck_assert_uint_eq(first[1].generation, 0);
	ck_assert_uint_eq(first[2].generation, 2);
	ck_assert_uint_eq(first[2].start_ns, 7);
	fake_python_free(scene.python);
}

TEST(no_collection_is_none)
{
	struct scene scene = set_up();

	ck_assert_int_eq(read_all(&scene), 0);
	fake_python_free(scene.python);
}

TEST(a_slot_that_is_being_written_is_left_out)
{
	struct scene scene = set_up();

	put_collection(&scene, 1, 0, 3);
	put_collection(&scene, 1, 1, 4);
	fake_write_u64(scene.python->memory, ring_of(1) + SLOT_BYTES, 1000); /* begun, with the end of the one before */
	ck_assert_int_eq(read_all(&scene), 1);
	ck_assert_uint_eq(scene.collections[0].start_ns, 3);
	fake_python_free(scene.python);
}

static void write_more(uint64_t number, size_t ranges, void *user_data)
{
	(void)ranges;
	fake_write_u64(user_data, ring_of(0) + 16, number);
}

TEST(what_changes_whenever_it_is_read_is_not_believed)
{
	struct scene scene = set_up();

	put_collection(&scene, 0, 0, 1);
	fake_on_read(scene.python->memory, write_more, scene.python->memory);
	ck_assert_int_eq(read_all(&scene), -TY_ECORRUPT);
	fake_on_read(scene.python->memory, NULL, NULL);
	ck_assert_int_eq(read_all(&scene), 1);
	fake_python_free(scene.python);
}

TEST(an_index_that_cannot_be_is_refused)
{
	struct scene scene = set_up();

	fake_write_u8(scene.python->memory, ring_of(1) + 3 * SLOT_BYTES, 3);
	ck_assert_int_eq(read_all(&scene), -TY_ECORRUPT);
	fake_write_u8(scene.python->memory, ring_of(1) + 3 * SLOT_BYTES, 0xff);
	ck_assert_int_eq(read_all(&scene), -TY_ECORRUPT);
	fake_python_free(scene.python);
}

TEST(what_cannot_be_read_is_an_error)
{
	struct scene scene = set_up();

	fake_unmap(scene.python->memory, ring_of(2), 8);
	ck_assert_int_lt(read_all(&scene), 0);
	fake_python_free(scene.python);
}

TEST(only_the_layout_that_is_known_is_read)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);
		bool keeps = version == TY_PYTHON_3_15;

		ck_assert_int_eq(ty_collections_known(python->version, &python->offsets), keeps);
		python->offsets.gc.statistics_bytes += 8;
		ck_assert(!ty_collections_known(python->version, &python->offsets));
		fake_python_free(python);
	}
}
