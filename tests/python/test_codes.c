/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of code objects: what is one object, what is one function, and what is refused. */
#include "python/code.h"

#include <errno.h>
#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL RETURN_VALUE"

struct scene {
	struct fake_python *python;
	struct py_codes codes;
	struct fake_code *work;
};

static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };

	ck_assert_ok(ty_codes_init(&scene.codes, scene.python->memory));
	ty_codes_bind(&scene.codes, scene.python->version, &scene.python->offsets, scene.python->opcodes);
	scene.work = fake_code(scene.python, "work", BODY);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_codes_free(&scene->codes);
	fake_python_free(scene->python);
}

static int fetch(struct scene *scene, uint64_t address)
{
	struct py_code *code = (struct py_code *)scene;
	int result = ty_codes_fetch(&scene->codes, address, &code);

	ck_assert((result == 0) == (code != NULL));
	return result;
}

static void put(struct scene *scene, uint32_t offset, uint64_t value)
{
	fake_write_u64(scene->python->memory, scene->work->address + offset, value);
}

TEST(a_code_object_is_read_whole)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_function *function;
		struct ty_position position;
		struct py_code *code;

		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &code));
		ck_assert_uint_eq(code->units, scene.work->units);
		ck_assert_uint_eq(code->nlocalsplus, 2);
		ck_assert_uint_eq(code->frame_bytes,
		                  scene.python->offsets.frame.size + 8 * (2 + scene.work->stacksize));
		ck_assert_mem_eq(code->adaptive, scene.work->bytes, 2 * code->units);
		ck_assert_uint_eq(code->bytecode->known_count, code->units);
		function = ty_codes_function(&scene.codes, code->function);
		ck_assert_str_eq(ty_strtab_get(&scene.codes.strings, function->name), "work");
		ck_assert_str_eq(ty_strtab_get(&scene.codes.strings, function->filename), "work.py");
		ck_assert_uint_eq(function->first_line, 10);
		ty_codes_position(&scene.codes, code->function, fake_unit(scene.python, scene.work, "CALL"), &position);
		ck_assert_int_eq(position.line, 13);
		ty_codes_position(&scene.codes, code->function, 100000, &position);
		ck_assert_int_eq(position.line, -1);
		ty_codes_position(&scene.codes, 100000, 0, &position);
		ck_assert_int_eq(position.line, -1);
		ck_assert_ptr_eq(ty_codes_cached(&scene.codes, scene.work->address), code);
		ck_assert_ptr_null(ty_codes_cached(&scene.codes, scene.work->address + 8));
		ck_assert_ptr_null(ty_codes_cached(&scene.codes, 0));
		tear_down(&scene);
	}
}

TEST(equal_code_objects_are_one_function)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct py_code *code, *same, *other;

		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &code));
		ck_assert_ok(ty_codes_fetch(&scene.codes, fake_code(scene.python, "work", BODY)->address, &same));
		ck_assert_ok(ty_codes_fetch(&scene.codes, fake_code(scene.python, "other", BODY)->address, &other));
		ck_assert_ptr_ne(code, same);
		ck_assert_uint_eq(code->function, same->function);
		ck_assert_uint_ne(code->function, other->function);
		ck_assert_uint_eq(scene.codes.functions.count, 2);
		tear_down(&scene);
	}
}

TEST(one_that_takes_anothers_place_keeps_the_struct_and_changes_the_rest)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct py_identity before;
		struct py_code *code, *again;
		uint32_t function;

		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &code));
		before = code->identity;
		function = code->function;
		fake_code_at(scene.python, scene.work->address, "another", "RESUME RETURN_VALUE", 7);
		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &again));
		ck_assert_ptr_eq(code, again);
		ck_assert_mem_ne(&code->identity, &before, sizeof(before));
		ck_assert_uint_ne(code->function, function);
		ck_assert_ptr_null(ty_codes_function(&scene.codes, function)->code);
		ck_assert_uint_eq(code->nlocalsplus, 7);
		/* And back: ids are for ever. */
		fake_code_at(scene.python, scene.work->address, "work", BODY, 2);
		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &again));
		ck_assert_uint_eq(code->function, function);
		tear_down(&scene);
	}
}

/* Every pointer may be the same when an object is freed and the next one like it takes its place. */
TEST(identity_tells_objects_that_differ_in_their_number_or_name_only)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		struct py_identity before;
		struct py_code *code;

		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &code));
		before = code->identity;
		if (py_has(offsets->code.version))
			fake_write_u32(scene.python->memory, scene.work->address + offsets->code.version, 4711);
		else
			fake_write_u64(scene.python->memory, code->qualname_address + offsets->unicode.hash, 4711);
		ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &code));
		ck_assert_mem_ne(&code->identity, &before, sizeof(before));
		tear_down(&scene);
	}
}

TEST(what_is_no_code_object_is_refused)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t type = fake_allocate(scene.python, 400), name = fake_allocate(scene.python, 16);

		ck_assert_int_eq(fetch(&scene, 0), -EFAULT);
		ck_assert_int_eq(fetch(&scene, 0x123456789000), -EFAULT);
		ck_assert_int_eq(fetch(&scene, UINT64_MAX), -EFAULT);
		fake_write(scene.python->memory, name, "coder", 6);
		fake_write_u64(scene.python->memory, type + scene.python->offsets.type.name, name);
		put(&scene, scene.python->offsets.code.type, type);
		ck_assert_int_eq(fetch(&scene, scene.work->address), -TY_ECORRUPT);
		put(&scene, scene.python->offsets.code.type, 0);
		ck_assert_int_eq(fetch(&scene, scene.work->address), -TY_ECORRUPT);
		put(&scene, scene.python->offsets.code.type, scene.python->code_type);
		ck_assert_int_eq(fetch(&scene, scene.work->address), 0);
		/* Once the type is known another one of that name is none. */
		fake_write(scene.python->memory, name, "code", 5);
		put(&scene, scene.python->offsets.code.type, type);
		ck_assert_int_eq(fetch(&scene, scene.work->address), -TY_ECORRUPT);
		ck_assert_ptr_null(ty_codes_cached(&scene.codes, scene.work->address));
		tear_down(&scene);
	}
}

TEST(sizes_that_cannot_be_are_refused)
{
	static const uint64_t sizes[] = { 0, PY_CODE_UNITS_MAX + 1, UINT32_MAX, 1ULL << 32, INT64_MAX, UINT64_MAX };

	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		const uint32_t small[] = { offsets->code.stacksize, offsets->code.nlocalsplus };
		uint64_t table = fake_read_u64(scene.python->memory, scene.work->address + offsets->code.linetable);

		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			put(&scene, offsets->code.units, sizes[i]);
			ck_assert_int_eq(fetch(&scene, scene.work->address), -TY_ELIMIT);
		}
		put(&scene, offsets->code.units, scene.work->units);
		for (size_t i = 0; i < 2; i++) {
			fake_write_u32(scene.python->memory, scene.work->address + small[i], UINT32_MAX);
			ck_assert_int_eq(fetch(&scene, scene.work->address), -TY_ELIMIT);
			fake_write_u32(scene.python->memory, scene.work->address + small[i], 4);
		}
		for (size_t i = 1; i < sizeof(sizes) / sizeof(*sizes); i++) {
			fake_write_u64(scene.python->memory, table + offsets->bytes.size, sizes[i]);
			fetch(&scene, scene.work->address);
		}
		/* Of a location table that is too long only as much is kept as the bytecode can have. */
		for (size_t i = 0; i < scene.codes.functions.count; i++)
			ck_assert_uint_le(scene.codes.functions.items[i]->linetable_bytes, 25 * scene.work->units);
		tear_down(&scene);
	}
}

TEST(a_part_that_cannot_be_read_fails_the_whole)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		const uint32_t parts[] = { offsets->code.filename, offsets->code.name, offsets->code.qualname,
			                   offsets->code.linetable };

		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
			uint64_t before = fake_read_u64(scene.python->memory, scene.work->address + parts[i]);

			put(&scene, parts[i], 0x123456789000);
			ck_assert_int_eq(fetch(&scene, scene.work->address), -EFAULT);
			put(&scene, parts[i], before);
		}
		fake_unmap(scene.python->memory,
		           scene.work->address + offsets->code.adaptive + 2 * scene.work->units - 1, 1);
		ck_assert_int_eq(fetch(&scene, scene.work->address), -EFAULT);
		tear_down(&scene);
	}
}

struct replacing {
	struct scene *scene;
	uint64_t at_read;
};

static void replace(uint64_t number, size_t ranges, void *user_data)
{
	struct replacing *replacing = user_data;

	(void)ranges;
	if (number == replacing->at_read)
		fake_code_at(replacing->scene->python, replacing->scene->work->address, "late", BODY, 9);
}

/* Names of one object and bytecode of the next must not be mixed. */
TEST(an_object_that_is_replaced_while_it_is_read_is_refused)
{
	fake_each_version(version)
	{
		uint64_t last = UINT64_MAX;

		for (uint64_t at = 1; at < last; at++) {
			struct scene scene = set_up(version);
			struct replacing replacing = { &scene, fake_reads(scene.python->memory) + at };
			uint64_t before = fake_reads(scene.python->memory);
			struct py_code *code;
			int result;

			fake_on_read(scene.python->memory, replace, &replacing);
			result = ty_codes_fetch(&scene.codes, scene.work->address, &code);
			fake_on_read(scene.python->memory, NULL, NULL);
			last = result == 0 ? fake_reads(scene.python->memory) - before : last;
			if (result == 0 && code->nlocalsplus == 2)
				ck_assert_str_eq(ty_strtab_get(&scene.codes.strings,
				                               ty_codes_function(&scene.codes, code->function)->name),
				                 "work");
			else if (result == 0)
				ck_assert_str_eq(ty_strtab_get(&scene.codes.strings,
				                               ty_codes_function(&scene.codes, code->function)->name),
				                 "late");
			tear_down(&scene);
		}
	}
}

/* A hostile target has code objects without end, each as large as is allowed: they share a budget. */
TEST(all_code_objects_together_are_bounded)
{
	enum { OBJECTS = 64 };
	struct scene scene = set_up(TY_PYTHON_3_14);
	const struct py_offsets *offsets = &scene.python->offsets;
	uint64_t size = 2ull * PY_CODE_UNITS_MAX;
	int refused = 0;

	/* Far from everything else. */
	fake_fill(scene.python->memory, 0x600000000000, 0, size + (OBJECTS + 1) * 512);
	scene.work = fake_code_at(scene.python, 0x600000000000, "large", BODY, 2);
	put(&scene, offsets->code.units, PY_CODE_UNITS_MAX);
	for (uint64_t i = 0; i < OBJECTS; i++) {
		uint64_t address = scene.work->address + i * 512;
		uint8_t header[512];
		int result;

		ck_assert_ok(ty_memory_read(scene.python->memory, scene.work->address, header, offsets->code.size));
		fake_write(scene.python->memory, address, header, offsets->code.size);
		result = fetch(&scene, address);
		ck_assert_msg(result == 0 || result == -TY_ELIMIT, "%d", result);
		refused += result == -TY_ELIMIT;
		ck_assert_uint_le(scene.codes.bytes, PY_CODES_BYTES_MAX);
	}
	ck_assert_int_gt(refused, 0);
	/* What is forgotten is given back. */
	ty_codes_bind(&scene.codes, scene.python->version, offsets, scene.python->opcodes);
	ck_assert_int_eq(fetch(&scene, scene.work->address), 0);
	tear_down(&scene);
}

TEST(artificial_functions)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	uint32_t unreadable = ty_codes_unreadable(&scene.codes), native = ty_codes_artificial(&scene.codes, "<native>");

	ck_assert_uint_ne(unreadable, 0);
	ck_assert_uint_ne(unreadable, native);
	ck_assert_uint_eq(ty_codes_unreadable(&scene.codes), unreadable);
	ck_assert_uint_eq(ty_codes_artificial(&scene.codes, "<native>"), native);
	ck_assert_str_eq(ty_strtab_get(&scene.codes.strings, ty_codes_function(&scene.codes, native)->filename), "~");
	ck_assert_ptr_null(ty_codes_function(&scene.codes, 0));
	ck_assert_ptr_null(ty_codes_function(&scene.codes, 77));
	tear_down(&scene);
}
