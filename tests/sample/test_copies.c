/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of free-threaded builds, which run bytecode that their thread has for itself. */
#include "python/copies.h"

#include <string.h>

#include "support/fake_status.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"
#define INDEX 3u

static const uint32_t versions[] = { TY_PYTHON_3_14, TY_PYTHON_3_15 };
#define each_version(version_)                                                                                         \
	for (size_t at_ = 0; at_ < 2; at_++)                                                                           \
		for (uint32_t version_ = versions[at_], once_ = 1; once_; once_ = 0)

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *code;
	uint64_t array;
	ty_target *target;
};

/* A copy of the bytecode at another place becomes the one of INDEX. */
static uint64_t make_copy(struct scene *scene)
{
	uint64_t copy = fake_allocate(scene->python, 2 * scene->code->units);

	fake_write(scene->python->memory, copy, scene->code->bytes, 2 * scene->code->units);
	fake_write_u64(scene->python->memory, scene->array + 8 + 8 * INDEX, copy);
	return copy;
}

/* The top frame stands on an instruction of a copy. */
static void run_copy(struct scene *scene, uint64_t copy, const char *instruction)
{
	const struct py_offsets *offsets = &scene->python->offsets;
	struct fake_frame *frame = fake_top(scene->thread);

	fake_at(scene->thread, instruction);
	fake_write_u32(scene->python->memory, frame->address + offsets->frame.tlbc_index, INDEX);
	fake_write_u64(scene->python->memory, frame->address + offsets->frame.instr_ptr, copy + 2 * frame->unit);
}

static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_of(version, true) };

	scene.code = fake_code(scene.python, "work", BODY);
	scene.array = fake_allocate(scene.python, 64);
	fake_write_u64(scene.python->memory, scene.array, INDEX + 1);
	fake_write_u64(scene.python->memory, scene.code->address + scene.python->offsets.code.tlbc, scene.array);
	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	fake_call(scene.thread, scene.code);
	scene.target = fake_target(scene.python, NULL);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

TEST(the_own_bytecode_of_a_code_object)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		ty_target_information information = { .size = sizeof(information) };

		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		ck_assert_ok(ty_target_info(scene.target, &information));
		ck_assert_int_eq(information.free_threaded, 1);
		tear_down(&scene);
	}
}

TEST(a_copy)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t copy = make_copy(&scene), reads;

		run_copy(&scene, copy, "NOP");
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		run_copy(&scene, copy, "FOR_ITER");
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		reads = fake_reads(scene.target->memory);
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 1);
		tear_down(&scene);
	}
}

TEST(a_caller_and_its_callee_in_copies)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t copy = make_copy(&scene), caller = fake_top(scene.thread)->address;

		fake_call(scene.thread, scene.code);
		run_copy(&scene, copy, "NOP");
		fake_write_u32(scene.python->memory, caller + offsets->frame.tlbc_index, INDEX);
		fake_write_u64(scene.python->memory, caller + offsets->frame.instr_ptr,
		               copy + 2 * fake_unit(scene.python, scene.code, "CALL"));
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

/* The thread of the copy ended; the index is another thread's now, and so is the copy. */
TEST(an_index_that_is_given_again)
{
	each_version(version)
	{
		struct scene scene = set_up(version);

		for (int i = 0; i < 3; i++) {
			run_copy(&scene, make_copy(&scene), i % 2 ? "NOP" : "FOR_ITER");
			fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		}
		tear_down(&scene);
	}
}

/* What cannot be placed is not guessed. */
TEST(copies_that_are_none)
{
	each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t copy = make_copy(&scene);
		const struct {
			uint64_t address, value;
		} wrong[] = {
			{ scene.array, INDEX },
			{ scene.array, UINT64_MAX },
			{ scene.array + 8 + 8 * INDEX, 0 },
			{ scene.array + 8 + 8 * INDEX, copy + 4096 },
			{ scene.code->address + scene.python->offsets.code.tlbc, 16 },
		};

		run_copy(&scene, copy, "NOP");
		for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
			uint64_t right = fake_read_u64(scene.python->memory, wrong[i].address);
			ty_target *target;

			fake_write_u64(scene.python->memory, wrong[i].address, wrong[i].value);
			target = fake_target(scene.python, NULL);
			fake_check(target, 0, TY_TORN, "work@?");
			ty_detach(target);
			fake_write_u64(scene.python->memory, wrong[i].address, right);
		}
		tear_down(&scene);
	}
}

TEST(who_is_attached)
{
	each_version(version)
	{
		struct scene scene = set_up(version);

		fake_give_gil(scene.python, scene.thread);
		ck_assert_uint_eq(fake_sample(scene.target, 0).status & TY_THREAD_HAS_GIL, TY_THREAD_HAS_GIL);
		fake_want_gil(scene.thread, true);
		fake_give_gil(scene.python, NULL);
		ck_assert_uint_eq(fake_sample(scene.target, 0).status, TY_THREAD_UNKNOWN | TY_THREAD_MAIN);
		tear_down(&scene);
	}
}
