/* SPDX-License-Identifier: Apache-2.0 */
/* Walks of stacks that are as CPython leaves them between two instructions, in every version's layout. */
#include "sample/walk.h"

#include <stdio.h>
#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *outer;
	struct fake_code *inner;
};

static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	scene.outer = fake_code(scene.python, "outer", BODY);
	scene.inner = fake_code_at(scene.python, 0, "inner", BODY, 5);
	return scene;
}

static void check_and_tear_down(struct scene *scene)
{
	ty_target *target = fake_target(scene->python, NULL);

	for (int i = 0; i < 3; i++)
		fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene->thread));
	ty_detach(target);
	fake_python_free(scene->python);
}

TEST(a_plain_chain)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_call(scene.thread, scene.outer);
		fake_call(scene.thread, scene.inner);
		fake_call(scene.thread, scene.inner);
		fake_at(scene.thread, "NOP");
		check_and_tear_down(&scene);
	}
}

TEST(a_single_frame)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_call(scene.thread, scene.outer);
		check_and_tear_down(&scene);
	}
}

TEST(a_thread_that_runs_no_python)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		check_and_tear_down(&scene);
	}
}

TEST(calls_through_c)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_call(scene.thread, scene.outer);
		fake_enter(scene.thread, scene.inner);
		fake_call(scene.thread, scene.outer);
		fake_enter(scene.thread, scene.inner);
		check_and_tear_down(&scene);
	}
}

TEST(first_frames_of_interpreter_loops_are_marked)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, scene.outer);
		fake_call(scene.thread, scene.inner);
		fake_enter(scene.thread, scene.inner);
		fake_call(scene.thread, scene.outer);
		target = fake_target(scene.python, NULL);
		for (int sample = 0; sample < 3; sample++) {
			thread = fake_sample(target, 0);
			ck_assert_uint_eq(thread.frame_count, 4);
			for (int i = 0; i < 4; i++)
				ck_assert_uint_eq(thread.frames[i].flags & TY_FRAME_ENTRY, i % 2 ? TY_FRAME_ENTRY : 0);
		}
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

TEST(a_generator_that_is_resumed)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);

		fake_call(scene.thread, scene.outer);
		fake_resume(scene.thread, producer, fake_generator(scene.python, producer));
		fake_at(scene.thread, "NOP");
		check_and_tear_down(&scene);
	}
}

TEST(a_chain_of_generators_with_a_call_on_top)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, scene.outer);
		for (int i = 0; i < 40; i++)
			fake_resume(scene.thread, producer, fake_generator(scene.python, producer));
		fake_call(scene.thread, scene.inner);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 3; i++)
			fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		thread = fake_sample(target, 0);
		ck_assert_uint_eq(thread.frames[0].flags & TY_FRAME_GENERATOR, 0);
		ck_assert_uint_eq(thread.frames[1].flags & TY_FRAME_GENERATOR, TY_FRAME_GENERATOR);
		ck_assert_uint_eq(thread.frames[41].flags & TY_FRAME_GENERATOR, 0);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* At the end of a mapping there is nothing around a frame: what is read with it has to be given up. */
TEST(a_generator_at_the_end_of_readable_memory)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		uint64_t generator = fake_generator(scene.python, producer);
		uint64_t size = scene.python->offsets.generator.iframe + scene.python->offsets.frame.size +
		                8 * (producer->nlocalsplus + producer->stacksize);

		fake_unmap(scene.python->memory, generator - 512, 512);
		fake_unmap(scene.python->memory, generator + size, 512);
		fake_call(scene.thread, scene.outer);
		fake_resume(scene.thread, producer, generator);
		fake_at(scene.thread, "NOP");
		check_and_tear_down(&scene);
	}
}

TEST(a_deep_stack_over_several_chunks)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		for (int i = 0; i < 2000; i++)
			fake_call(scene.thread, i % 3 ? scene.inner : scene.outer);
		ck_assert_uint_gt(scene.thread->chunks.count, 10);
		check_and_tear_down(&scene);
	}
}

TEST(a_stack_that_grows_and_shrinks_over_the_border_of_chunks)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_target *target = fake_target(scene.python, NULL);

		for (int i = 0; i < 300; i++) {
			fake_call(scene.thread, scene.inner);
			if (i % 10 == 0)
				fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		}
		ck_assert_uint_gt(scene.thread->chunks.count, 2);
		for (int i = 0; i < 290; i++) {
			fake_return(scene.thread);
			fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		}
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* ---- how deep ---- */

TEST(a_stack_deeper_than_allowed_is_cut_at_the_outer_end)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_attach_options options = { .size = sizeof(options), .max_frames = 5 };
		ty_target *target;

		for (int i = 0; i < 5; i++)
			fake_call(scene.thread, scene.outer);
		target = fake_target(scene.python, &options);
		fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		/* Nor may what is kept from the sample before make it deeper. */
		fake_call(scene.thread, scene.inner);
		for (int i = 0; i < 2; i++)
			fake_check(target, 0, TY_INCOMPLETE, strchr(fake_expected_text(scene.thread), ' ') + 1);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

TEST(one_frame_may_be_all_that_is_wanted)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	ty_attach_options options = { .size = sizeof(options), .max_frames = 1 };
	ty_target *target;

	fake_call(scene.thread, scene.outer);
	target = fake_target(scene.python, &options);
	fake_check(target, 0, TY_VERIFIED, "outer@0");
	fake_call(scene.thread, scene.inner);
	fake_check(target, 0, TY_INCOMPLETE, "inner@0");
	ty_detach(target);
	fake_python_free(scene.python);
}

/* ---- what frames mean ---- */

TEST(lines_columns_and_instructions)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_instruction_info instruction = { .size = sizeof(instruction) };
		ty_location_info location = { .size = sizeof(location) };
		ty_function_info function = { .size = sizeof(function) };
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, scene.outer);
		fake_call(scene.thread, scene.inner);
		fake_at(scene.thread, "NOP");
		target = fake_target(scene.python, NULL);
		thread = fake_sample(target, 0);
		ck_assert_ok(ty_function(target, thread.frames[1].function, &function));
		ck_assert_str_eq(function.name, "outer");
		ck_assert_str_eq(function.qualname, "outer");
		ck_assert_str_eq(function.filename, "outer.py");
		ck_assert_uint_eq(function.first_line, 10);
		ck_assert_uint_eq(function.address, scene.outer->address);
		ck_assert_ok(ty_location(target, &thread.frames[1], &location));
		ck_assert_int_eq(location.line, 13);
		ck_assert_int_eq(location.column, 4);
		ck_assert_int_eq(location.end_column, 9);
		ck_assert_ok(ty_location(target, &thread.frames[0], &location));
		ck_assert_int_eq(location.line, 12);
		ck_assert_ok(ty_instruction(target, &thread.frames[1], &instruction));
		ck_assert_str_eq(instruction.name, "CALL");
		ck_assert_int_eq(instruction.offset, 2 * (int)fake_unit(scene.python, scene.outer, "CALL"));
		ck_assert_ok(ty_instruction(target, &thread.frames[0], &instruction));
		ck_assert_str_eq(instruction.name, "NOP");
		ck_assert_uint_eq(instruction.flags & TY_INSTRUCTION_LATER, TY_INSTRUCTION_LATER);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* With the option the leaf's bytecode comes with its frame, and shows what it was specialized to meanwhile. */
TEST(the_leafs_opcode_is_of_the_same_reading)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_attach_options options = { .size = sizeof(options), .opcodes = 1 };
		uint64_t bytecode = scene.outer->address + scene.python->offsets.code.adaptive;
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, scene.outer);
		fake_at(scene.thread, "NOP");
		target = fake_target(scene.python, &options);
		for (int i = 0; i < 3; i++)
			thread = fake_sample(target, 0);
		ck_assert_uint_eq(thread.frames[0].flags & (TY_FRAME_HAS_OPCODE | TY_FRAME_OPCODE_LATER),
		                  TY_FRAME_HAS_OPCODE);
		for (uint8_t argument = 1; argument < 10; argument++) {
			fake_write_u8(scene.python->memory, bytecode + 2 * scene.thread->frames[0].unit + 1, argument);
			thread = fake_sample(target, 0);
			ck_assert_uint_eq(thread.frames[0].oparg, argument);
			ck_assert_uint_eq(thread.frames[0].flags & TY_FRAME_OPCODE_LATER, 0);
		}
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* Another code object at the leaf's address: its bytecode has another length, and still comes with its frame. */
TEST(the_leafs_opcode_survives_another_code_object_at_its_address)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_attach_options options = { .size = sizeof(options), .opcodes = 1 };
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, scene.outer);
		target = fake_target(scene.python, &options);
		for (int i = 0; i < 3; i++)
			thread = fake_sample(target, 0);
		scene.thread->frames[0].code = fake_code_at(scene.python, scene.outer->address, "other",
		                                            "RESUME NOP NOP NOP NOP CALL CALL NOP RETURN_VALUE", 2);
		fake_count_code(scene.python);
		fake_at(scene.thread, "RETURN_VALUE");
		for (int i = 0; i < 4; i++)
			thread = fake_sample(target, 0);
		ck_assert_str_eq(fake_stack_text(target, &thread), fake_expected_text(scene.thread));
		ck_assert_uint_eq(thread.frames[0].flags & TY_FRAME_OPCODE_LATER, 0);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* A frame that the interpreter makes for itself: no lines, and one string for all its names. */
TEST(frames_of_the_interpreters_own_are_not_shown)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t name = fake_string(scene.python, "__init__"),
		         empty = fake_allocate(scene.python, offsets->bytes.data + 8);
		char expected[64];
		ty_target *target;

		fake_write_u64(scene.python->memory, scene.inner->address + offsets->code.filename, name);
		fake_write_u64(scene.python->memory, scene.inner->address + offsets->code.name, name);
		fake_write_u64(scene.python->memory, scene.inner->address + offsets->code.qualname, name);
		fake_write_u64(scene.python->memory, scene.inner->address + offsets->code.linetable, empty);
		fake_call(scene.thread, scene.outer);
		fake_call(scene.thread, scene.inner);
		fake_call(scene.thread, scene.outer);
		target = fake_target(scene.python, NULL);
		snprintf(expected, sizeof(expected), "outer@%u outer@0", fake_unit(scene.python, scene.outer, "CALL"));
		for (int i = 0; i < 3; i++)
			fake_check(target, 0, TY_VERIFIED, expected);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

TEST(a_steady_stack_needs_one_reading)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		ty_target_counters before = { .size = sizeof(before) }, after = { .size = sizeof(after) };
		ty_target *target;

		for (int i = 0; i < 200; i++)
			fake_call(scene.thread, scene.inner);
		fake_resume(scene.thread, producer, fake_generator(scene.python, producer));
		fake_enter(scene.thread, scene.inner);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 5; i++)
			fake_sample(target, 0);
		ck_assert_ok(ty_target_statistics(target, &before));
		for (int i = 0; i < 100; i++)
			fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		ck_assert_ok(ty_target_statistics(target, &after));
		ck_assert_uint_eq(after.syscalls - before.syscalls, 100);
		ck_assert_uint_eq(after.predicted - before.predicted, 100);
		ck_assert_uint_eq(after.code_objects, before.code_objects);
		ck_assert_uint_eq(after.retries, before.retries);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}
