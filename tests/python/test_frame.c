/* SPDX-License-Identifier: Apache-2.0 */
#include "python/frame.h"

#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL RETURN_VALUE"

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *work;
	struct py_codes codes;
	struct py_code *code;
};

static struct scene set_up(uint32_t version, const char *instructions)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	scene.work = fake_code(scene.python, "work", instructions);
	fake_call(scene.thread, scene.work);
	ck_assert_ok(ty_codes_init(&scene.codes, scene.python->memory));
	ty_codes_bind(&scene.codes, scene.python->version, &scene.python->offsets, scene.python->opcodes);
	ck_assert_ok(ty_codes_fetch(&scene.codes, scene.work->address, &scene.code));
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_codes_free(&scene->codes);
	fake_python_free(scene->python);
}

static struct py_frame decode(struct scene *scene, size_t index)
{
	uint64_t address = scene->thread->frames[index].address;
	struct py_frame frame;
	uint8_t bytes[256];

	ck_assert_ok(ty_memory_read(scene->python->memory, address, bytes, scene->python->offsets.frame.size));
	ty_frame_decode(scene->python->version, &scene->python->offsets, address, bytes, &frame);
	return frame;
}

TEST(words_of_a_frame)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, BODY);
		struct py_frame frame;

		fake_call(scene.thread, scene.work);
		frame = decode(&scene, 1);
		ck_assert_uint_eq(frame.address, scene.thread->frames[1].address);
		ck_assert_uint_eq(frame.code, scene.work->address);
		ck_assert_uint_eq(frame.function, scene.work->function);
		ck_assert_uint_eq(frame.previous, scene.thread->frames[0].address);
		ck_assert_uint_eq(frame.owner, PY_OWNER_THREAD);
		ck_assert(!ty_frame_is_shim(scene.python->version, &frame));
		ck_assert(!ty_frame_is_popped(scene.python->version, &frame));
		ck_assert(frame.executing == py_has(scene.python->offsets.frame.stacktop));
		frame = decode(&scene, 0);
		ck_assert(!frame.executing);
		ck_assert_uint_eq(frame.stack,
		                  frame.address + scene.python->offsets.frame.size + 8 * scene.work->nlocalsplus);
		tear_down(&scene);
	}
}

TEST(tags_of_references_are_taken_off)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, BODY);
		uint64_t mask = scene.python->version->reference_tag_mask;
		uint64_t at = scene.thread->frames[0].address + scene.python->offsets.frame.executable;

		fake_write_u64(scene.python->memory, at, scene.work->address | mask);
		ck_assert_uint_eq(decode(&scene, 0).code, scene.work->address);
		tear_down(&scene);
	}
}

TEST(a_popped_frame)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, BODY);
		struct py_frame frame;

		fake_call(scene.thread, scene.work);
		fake_return(scene.thread);
		frame = decode(&scene, 1);
		ck_assert(ty_frame_is_popped(scene.python->version, &frame) ==
		          scene.python->version->popped_code_is_cleared);
		if (py_has(scene.python->offsets.frame.stacktop))
			ck_assert(!frame.executing && frame.stack == frame.address + scene.python->offsets.frame.size);
		tear_down(&scene);
	}
}

TEST(the_unit_a_frame_stands_on)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, BODY);
		uint32_t call = fake_unit(scene.python, scene.work, "CALL");
		uint32_t caches = scene.python->opcodes[scene.work->bytes[2 * call]].caches;
		struct py_frame frame = decode(&scene, 0);
		bool fresh;

		for (uint32_t unit = 0; unit < scene.work->units; unit++) {
			int64_t wanted = unit;

			frame.ip = scene.code->bytecode_address + 2 * unit;
			/* Inside of an instruction only a pointer to what was begun last can be. */
			if (unit > call && unit <= call + caches)
				wanted = scene.python->version->points_to_previous ? (int64_t)call : -1;
			else if (!ty_bytecode_begins(scene.code->bytecode, unit))
				wanted = scene.python->version->points_to_previous
				                 ? (int64_t)ty_bytecode_head(scene.code->bytecode, unit)
				                 : -1;
			ck_assert_int_eq(ty_frame_unit(scene.python->version, scene.code, &frame, &fresh), wanted);
			ck_assert(!fresh);
		}
		frame.ip = scene.code->bytecode_address - 2;
		ck_assert_int_eq(ty_frame_unit(scene.python->version, scene.code, &frame, &fresh),
		                 scene.python->version->points_to_previous ? 0 : -1);
		ck_assert(fresh == scene.python->version->points_to_previous);
		tear_down(&scene);
	}
}

TEST(pointers_outside_the_code_object_are_no_unit)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, BODY);
		const uint64_t wrong[] = { 0,          1,
			                   UINT64_MAX, scene.code->bytecode_address - 4,
			                   INT64_MAX,  scene.code->bytecode_address + 1,
			                   1ULL << 63, scene.code->bytecode_address + 2 * scene.code->units,
			                   4096,       scene.code->bytecode_address + (1ULL << 33) };
		struct py_frame frame = decode(&scene, 0);
		bool fresh;

		for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
			frame.ip = wrong[i];
			ck_assert_int_eq(ty_frame_unit(scene.python->version, scene.code, &frame, &fresh), -1);
			ck_assert_uint_eq(ty_frame_opcode_flags(&scene.codes, scene.code, -1), 0);
		}
		tear_down(&scene);
	}
}

TEST(what_making_a_generator_leaves_behind)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, "RETURN_GENERATOR POP_TOP RESUME NOP CALL RETURN_VALUE");
		struct py_frame frame = decode(&scene, 0);

		ck_assert(ty_frame_made_generator(&scene.codes, scene.code, &frame, 0));
		ck_assert(ty_frame_made_generator(&scene.codes, scene.code, &frame, 1));
		ck_assert(!ty_frame_made_generator(&scene.codes, scene.code, &frame, 2));
		ck_assert(!ty_frame_made_generator(&scene.codes, scene.code, &frame, -1));
		frame.owner = PY_OWNER_GENERATOR;
		ck_assert(!ty_frame_made_generator(&scene.codes, scene.code, &frame, 0));
		tear_down(&scene);
	}
}
