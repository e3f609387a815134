/* SPDX-License-Identifier: Apache-2.0 */
/* Dictionaries of every kind, and tables that are none. */
#include "python/object.h"

#include <errno.h>
#include <string.h>

#include <tachyon/base.h>

#include "support/fake_python.h"
#include "support/test.h"

/* As in object.c: PyDictKeysObject. */
enum kind { GENERAL, TEXT, SPLIT };

struct scene {
	struct fake_python *python;
	struct py_objects objects;
	uint64_t dict, keys, values;
	enum kind kind;
	uint64_t count;
};

static struct scene set_up(uint32_t version, enum kind kind)
{
	struct scene scene = { .python = fake_python_new(version), .kind = kind };
	struct ty_memory *memory = scene.python->memory;

	scene.objects = (struct py_objects){ memory, scene.python->version, &scene.python->offsets };
	scene.dict = fake_allocate(scene.python, 64);
	scene.keys = fake_allocate(scene.python, 4096);
	scene.values = fake_allocate(scene.python, 1024);
	fake_write_u64(memory, scene.dict + 32, scene.keys);
	fake_write_u64(memory, scene.dict + 40, kind == SPLIT ? scene.values : 0);
	fake_write_u8(memory, scene.keys + 9, 3);
	fake_write_u8(memory, scene.keys + 10, (uint8_t)kind);
	return scene;
}

static void tear_down(struct scene *scene)
{
	fake_python_free(scene->python);
}

static void put(struct scene *scene, uint64_t key, uint64_t value)
{
	struct ty_memory *memory = scene->python->memory;
	uint64_t entry = scene->keys + 32 + 8 + scene->count * (scene->kind == GENERAL ? 24 : 16);

	fake_write_u64(memory, entry + (scene->kind == GENERAL ? 8 : 0), key);
	if (scene->kind == SPLIT)
		fake_write_u64(memory, scene->values + scene->objects.version->values_header_bytes + 8 * scene->count,
		               value);
	else
		fake_write_u64(memory, entry + (scene->kind == GENERAL ? 16 : 8), value);
	fake_write_u64(memory, scene->keys + 24, ++scene->count);
}

static uint64_t number(struct scene *scene, uint32_t high, uint32_t low)
{
	uint64_t object = fake_allocate(scene->python, 32), digits = high ? 2 : low ? 1 : 0;

	fake_write_u64(scene->python->memory, object + 16, digits << scene->objects.version->int_size_shift);
	fake_write_u32(scene->python->memory, object + 24, low);
	fake_write_u32(scene->python->memory, object + 28, high);
	return object;
}

TEST(keys_that_are_text)
{
	for (enum kind kind = GENERAL; kind <= SPLIT; kind++) {
		fake_each_version(version)
		{
			struct scene scene = set_up(version, kind);
			uint64_t value = 0;

			put(&scene, 0, 1);
			/* More than are read at a time. */
			for (int i = 0; i < 80; i++)
				put(&scene, fake_string(scene.python, "other"), 2);
			put(&scene, fake_string(scene.python, "_activ"), 3);
			put(&scene, fake_string(scene.python, "_active_"), 4);
			put(&scene, fake_string(scene.python, "_active"), 5);
			ck_assert_ok(ty_dict_find_text(&scene.objects, scene.dict, "_active", &value));
			ck_assert_uint_eq(value, 5);
			ck_assert_int_eq(ty_dict_find_text(&scene.objects, scene.dict, "none", &value), -TY_ENOTFOUND);
			/* A value that is not there: of a shared key, or while it is being removed. */
			put(&scene, fake_string(scene.python, "gone"), 0);
			ck_assert_int_eq(ty_dict_find_text(&scene.objects, scene.dict, "gone", &value), -TY_ENOTFOUND);
			tear_down(&scene);
		}
	}
}

TEST(keys_that_are_numbers)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, GENERAL);
		uint64_t value;

		put(&scene, number(&scene, 0, 0), 6);
		put(&scene, number(&scene, 0, 77), 7);
		put(&scene, number(&scene, 3, 77), 8);
		ck_assert_ok(ty_dict_find_number(&scene.objects, scene.dict, 0, &value));
		ck_assert_uint_eq(value, 6);
		ck_assert_ok(ty_dict_find_number(&scene.objects, scene.dict, 77, &value));
		ck_assert_uint_eq(value, 7);
		ck_assert_ok(ty_dict_find_number(&scene.objects, scene.dict, (3ULL << 30) + 77, &value));
		ck_assert_uint_eq(value, 8);
		ck_assert_int_eq(ty_dict_find_number(&scene.objects, scene.dict, 78, &value), -TY_ENOTFOUND);
		tear_down(&scene);
	}
}

TEST(tables_that_are_none)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, TEXT);
		struct ty_memory *memory = scene.python->memory;
		uint64_t value;

		put(&scene, fake_string(scene.python, "key"), 1);
		fake_write_u8(memory, scene.keys + 10, 3);
		ck_assert_int_eq(ty_dict_find_text(&scene.objects, scene.dict, "key", &value), -TY_ECORRUPT);
		fake_write_u8(memory, scene.keys + 10, TEXT);
		fake_write_u8(memory, scene.keys + 9, 255);
		ck_assert_int_eq(ty_dict_find_text(&scene.objects, scene.dict, "key", &value), -TY_ECORRUPT);
		fake_write_u8(memory, scene.keys + 9, 3);
		fake_write_u64(memory, scene.keys + 24, UINT64_MAX);
		ck_assert_int_eq(ty_dict_find_text(&scene.objects, scene.dict, "key", &value), -TY_ECORRUPT);
		fake_write_u64(memory, scene.dict + 32, 16);
		ck_assert_int_eq(ty_dict_find_text(&scene.objects, scene.dict, "key", &value), -EFAULT);
		ck_assert_int_eq(ty_object_attribute(&scene.objects, 16, "key", &value), -EFAULT);
		tear_down(&scene);
	}
}

#define INLINE_VALUES (1u << 2)
#define MANAGED_DICT (1u << 4)
#define HEAP_TYPE (1u << 9)
#define INSTANCE_BYTES 32

/* An instance of a class whose keys are the scene's; its attributes are in its own array of values. */
static uint64_t instance_of(struct scene *scene, uint32_t flags)
{
	const struct py_offsets *offsets = &scene->python->offsets;
	struct ty_memory *memory = scene->python->memory;
	uint64_t type = fake_allocate(scene->python, 1024), object = fake_allocate(scene->python, 512) + 64;
	uint64_t before = object - (offsets->free_threaded ? 8 : 24), values = object + INSTANCE_BYTES;

	fake_write_u64(memory, object + offsets->object_type, type);
	fake_write_u64(memory, type + offsets->type.name + 8, INSTANCE_BYTES);
	fake_write_u64(memory, type + offsets->type.name + 144, flags);
	fake_write_u64(memory, type + offsets->type.cached_keys, scene->keys);
	switch (scene->objects.version->attributes) {
	case PY_ATTRIBUTES_POINTERS:
		fake_write_u64(memory, object - 32, scene->values);
		break;
	case PY_ATTRIBUTES_TAGGED:
		fake_write_u64(memory, before, scene->values - 1);
		break;
	case PY_ATTRIBUTES_INLINE:
		fake_write_u8(memory, values + 3, 1);
		for (uint64_t i = 0; i < scene->count; i++)
			fake_write_u64(memory, values + 8 + 8 * i, 100 + i);
		break;
	}
	return object;
}

/* As CPython leaves it when somebody asks for __dict__. */
static void move_into_dict(struct scene *scene, uint64_t object)
{
	struct ty_memory *memory = scene->python->memory;

	fake_write_u64(memory, object - (scene->python->offsets.free_threaded ? 8 : 24), scene->dict);
	if (scene->objects.version->attributes == PY_ATTRIBUTES_POINTERS)
		fake_write_u64(memory, object - 32, 0);
	if (scene->objects.version->attributes == PY_ATTRIBUTES_INLINE)
		fake_write_u8(memory, object + INSTANCE_BYTES + 3, 0);
}

TEST(attributes_of_instances)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, SPLIT);
		uint64_t value = 0, object;

		put(&scene, fake_string(scene.python, "other"), 100);
		put(&scene, fake_string(scene.python, "_name"), 101);
		object = instance_of(&scene, HEAP_TYPE | MANAGED_DICT | INLINE_VALUES);
		ck_assert_ok(ty_object_attribute(&scene.objects, object, "_name", &value));
		ck_assert_uint_eq(value, 101);
		ck_assert_int_eq(ty_object_attribute(&scene.objects, object, "none", &value), -TY_ENOTFOUND);
		move_into_dict(&scene, object);
		value = 0;
		ck_assert_ok(ty_object_attribute(&scene.objects, object, "_name", &value));
		ck_assert_uint_eq(value, 101);
		tear_down(&scene);
	}
}

/* Of a type that is not made in Python, and of one with __slots__, the words before an object are somebody else's. */
TEST(what_has_no_attributes_of_its_own)
{
	static const uint32_t flags[] = { 0, HEAP_TYPE, MANAGED_DICT };

	fake_each_version(version)
	{
		for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
			struct scene scene = set_up(version, SPLIT);
			uint64_t value;

			put(&scene, fake_string(scene.python, "_name"), 100);
			ck_assert_int_eq(ty_object_attribute(&scene.objects, instance_of(&scene, flags[i]), "_name",
			                                     &value),
			                 -TY_ENOTFOUND);
			tear_down(&scene);
		}
	}
}
