/* SPDX-License-Identifier: Apache-2.0 */
/* Stacks caught in the middle of a change: what their bytes prove is repaired, the rest is called what it is. */
#include "sample/walk.h"

#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *outer;
	struct fake_code *inner;
	ty_target *target;
};

/* Three frames, sampled twice, so that everything is known. */
static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	scene.outer = fake_code(scene.python, "outer", BODY);
	scene.inner = fake_code_at(scene.python, 0, "inner", BODY, 5);
	fake_call(scene.thread, scene.outer);
	fake_call(scene.thread, scene.outer);
	fake_call(scene.thread, scene.inner);
	fake_at(scene.thread, "NOP");
	scene.target = fake_target(scene.python, NULL);
	for (int i = 0; i < 2; i++)
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

static uint64_t field(const struct scene *scene, size_t frame, uint32_t offset)
{
	return scene->thread->frames[frame].address + offset;
}

static int verdict_of(struct scene *scene)
{
	return fake_sample(scene->target, 0).verdict;
}

/* ---- repaired ---- */

TEST(a_frame_popped_since_the_hint_was_read_is_left_out)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t popped = fake_top(scene.thread)->address;

		fake_return(scene.thread);
		fake_hint(scene.thread, popped);
		for (int i = 0; i < 2; i++)
			fake_check(scene.target, 0, TY_REPAIRED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

TEST(several_frames_popped_since_are_left_out)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t popped;

		fake_call(scene.thread, scene.inner);
		fake_call(scene.thread, scene.inner);
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		popped = fake_top(scene.thread)->address;
		for (int i = 0; i < 4; i++)
			fake_return(scene.thread);
		fake_hint(scene.thread, popped);
		fake_check(scene.target, 0, TY_REPAIRED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

TEST(a_frame_pushed_since_the_hint_was_read_is_found)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t caller = fake_top(scene.thread)->address;

		fake_call(scene.thread, scene.outer);
		fake_at(scene.thread, "NOP");
		fake_hint(scene.thread, caller);
		for (int i = 0; i < 2; i++)
			fake_check(scene.target, 0, TY_REPAIRED, fake_expected_text(scene.thread));
		fake_call(scene.thread, scene.inner);
		fake_hint(scene.thread, caller);
		fake_check(scene.target, 0, TY_REPAIRED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

/* It may have been popped already, and nobody could tell. */
TEST(a_frame_that_stands_on_its_return_is_not_taken_for_a_new_one)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t caller = fake_top(scene.thread)->address;
		ty_thread_info thread;

		fake_call(scene.thread, scene.outer);
		fake_at(scene.thread, "RETURN_VALUE");
		fake_hint(scene.thread, caller);
		thread = fake_sample(scene.target, 0);
		ck_assert_uint_eq(thread.frame_count, 3);
		tear_down(&scene);
	}
}

TEST(a_generator_resumed_since_the_hint_was_read_is_found)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		uint64_t caller = fake_top(scene.thread)->address;

		if (fake_has_inline_generators(scene.python)) {
			fake_resume(scene.thread, producer, fake_generator(scene.python, producer));
			fake_at(scene.thread, "NOP");
			fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
			fake_hint(scene.thread, caller);
			fake_check(scene.target, 0, TY_REPAIRED, fake_expected_text(scene.thread));
		}
		tear_down(&scene);
	}
}

/* ---- torn ---- */

TEST(a_caller_that_does_not_stand_on_a_call)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t unit = fake_unit(scene.python, scene.outer, "NOP");

		fake_write_u64(scene.python->memory, field(&scene, 1, offsets->frame.instr_ptr),
		               scene.outer->address + offsets->code.adaptive + 2 * unit);
		ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		tear_down(&scene);
	}
}

TEST(a_torn_stack_does_not_become_true_by_being_seen_again)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t unit = fake_unit(scene.python, scene.outer, "NOP");

		fake_write_u64(scene.python->memory, field(&scene, 1, offsets->frame.instr_ptr),
		               scene.outer->address + offsets->code.adaptive + 2 * unit);
		for (int i = 0; i < 5; i++)
			ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		fake_write_frame(scene.thread, 1, false);
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

TEST(an_instruction_pointer_outside_its_code_object)
{
	static const int64_t distances[] = { -2000, -4, 1, 101, 1 << 20, INT64_MIN };

	fake_each_version(version) for (size_t frame = 0; frame < 3;
	                                frame++) for (size_t i = 0; i < sizeof(distances) / sizeof(*distances); i++)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t bytecode = scene.thread->frames[frame].code->address + offsets->code.adaptive;

		fake_write_u64(scene.python->memory, field(&scene, frame, offsets->frame.instr_ptr),
		               bytecode + (uint64_t)distances[i]);
		for (int again = 0; again < 3; again++) {
			ty_thread_info thread = fake_sample(scene.target, 0);

			ck_assert_int_eq(thread.verdict, TY_TORN);
			ck_assert_uint_eq(thread.frame_count, 3);
			ck_assert_int_eq(thread.frames[2 - frame].offset, -1);
		}
		tear_down(&scene);
	}
}

TEST(frames_that_do_not_lie_end_to_end)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *larger = fake_code_at(scene.python, 0, "larger", BODY, 3);

		scene.thread->frames[1].code = larger;
		scene.thread->frames[1].unit = fake_unit(scene.python, larger, "CALL");
		fake_write_frame(scene.thread, 1, false);
		for (int i = 0; i < 3; i++)
			ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		tear_down(&scene);
	}
}

/* Read from scratch: of a link that was proven and whose frames are the same the slot is not looked at again. */
TEST(a_caller_that_called_another_function)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		ty_target *target;

		fake_write_u64(scene.python->memory,
		               field(&scene, 1, offsets->frame.size) + 8 * scene.outer->nlocalsplus,
		               scene.outer->function);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 3; i++)
			ck_assert_int_eq(fake_sample(target, 0).verdict, TY_TORN);
		ty_detach(target);
		tear_down(&scene);
	}
}

TEST(a_caller_that_executes_itself)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;

		if (py_has(offsets->frame.stacktop)) {
			/* The hint is older than the stack: what is above has returned, though it looks as if it had
			 * not. */
			fake_write_u32(scene.python->memory, field(&scene, 2, offsets->frame.stacktop), 6);
			fake_write_u32(scene.python->memory, field(&scene, 1, offsets->frame.stacktop), UINT32_MAX);
			for (int i = 0; i < 3; i++) {
				ty_thread_info thread = fake_sample(scene.target, 0);

				ck_assert_int_eq(thread.verdict, TY_REPAIRED);
				ck_assert_uint_eq(thread.frame_count, 2);
			}
			/* Further down no such thing can have happened. */
			fake_write_frame(scene.thread, 1, false);
			fake_write_frame(scene.thread, 2, true);
			fake_write_u32(scene.python->memory, field(&scene, 0, offsets->frame.stacktop), UINT32_MAX);
			for (int i = 0; i < 3; i++)
				ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		}
		tear_down(&scene);
	}
}

/* Where the frames themselves do not say it, as from 3.12 on, but whether the thread is traced is known. */
TEST(a_frame_that_an_exception_has_left)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		ty_thread_info thread;

		if (py_has(offsets->cframe_tracing)) {
			fake_enter(scene.thread, scene.outer);
			fake_at(scene.thread, "NOP");
			for (int i = 0; i < 2; i++)
				fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
			fake_write_frame(scene.thread, 3, false);
			thread = fake_sample(scene.target, 0);
			ck_assert_int_eq(thread.verdict, TY_REPAIRED);
			ck_assert_uint_eq(thread.frame_count, 3);
			/* A trace function is called from anywhere. */
			fake_write_u8(scene.python->memory, scene.thread->cframe + offsets->cframe_tracing, 255);
			thread = fake_sample(scene.target, 0);
			ck_assert_int_eq(thread.verdict, TY_VERIFIED);
			ck_assert_uint_eq(thread.frame_count, 4);
		}
		tear_down(&scene);
	}
}

TEST(a_popped_frame_in_the_middle)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;

		if (scene.python->version->popped_code_is_cleared) {
			fake_write_u64(scene.python->memory, field(&scene, 1, offsets->frame.executable), 0);
			for (int i = 0; i < 3; i++)
				ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		}
		tear_down(&scene);
	}
}

/* ---- incomplete ---- */

TEST(a_frame_that_cannot_be_read_ends_the_chain)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;

		fake_write_u64(scene.python->memory, field(&scene, 1, offsets->frame.previous), 0x123456789000);
		for (int i = 0; i < 3; i++) {
			ty_thread_info thread = fake_sample(scene.target, 0);

			ck_assert_int_eq(thread.verdict, TY_INCOMPLETE);
			ck_assert_uint_eq(thread.frame_count, 2);
		}
		tear_down(&scene);
	}
}

TEST(a_chain_that_ends_without_an_entry)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;

		fake_write_u64(scene.python->memory, field(&scene, 1, offsets->frame.previous), 0);
		for (int i = 0; i < 3; i++)
			ck_assert_int_eq(verdict_of(&scene), TY_INCOMPLETE);
		tear_down(&scene);
	}
}

/* What the thread state points to was resumed, and waits again: nothing says by whom. */
TEST(a_generator_that_waits_has_no_caller)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		uint64_t generator = fake_generator(scene.python, producer), frame;

		fake_resume(scene.thread, producer, generator);
		fake_at(scene.thread, "NOP");
		for (int i = 0; i < 2; i++)
			fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		frame = fake_top(scene.thread)->address;
		fake_return(scene.thread);
		fake_write_u64(scene.python->memory, frame + scene.python->offsets.frame.previous, 0);
		if (py_has(scene.python->offsets.frame.stacktop))
			fake_write_u32(scene.python->memory, frame + scene.python->offsets.frame.stacktop, 4);
		fake_hint(scene.thread, frame);
		for (int i = 0; i < 3; i++)
			ck_assert_int_eq(verdict_of(&scene), TY_INCOMPLETE);
		tear_down(&scene);
	}
}

/* ... but the data stack tells what runs now, where that is not the instruction which resumed the generator. */
TEST(a_generator_that_waits_again_and_its_caller_goes_on)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		uint64_t generator = fake_generator(scene.python, producer), frame;

		fake_resume(scene.thread, producer, generator);
		fake_at(scene.thread, "NOP");
		for (int i = 0; i < 2; i++)
			fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		frame = fake_top(scene.thread)->address;
		fake_return(scene.thread);
		fake_at(scene.thread, "NOP");
		fake_write_u64(scene.python->memory, frame + scene.python->offsets.frame.previous, 0);
		if (py_has(scene.python->offsets.frame.stacktop))
			fake_write_u32(scene.python->memory, frame + scene.python->offsets.frame.stacktop, 4);
		fake_hint(scene.thread, frame);
		fake_check(scene.target, 0, TY_REPAIRED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

TEST(a_hint_that_cannot_be_read)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_hint(scene.thread, 0x123456789000);
		for (int i = 0; i < 3; i++) {
			ty_thread_info thread = fake_sample(scene.target, 0);

			ck_assert_int_eq(thread.verdict, TY_INCOMPLETE);
			ck_assert_uint_eq(thread.frame_count, 0);
		}
		fake_hint(scene.thread, fake_top(scene.thread)->address);
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		tear_down(&scene);
	}
}

/* ---- retries ---- */

struct mending {
	struct scene *scene;
	uint64_t at_read; /* number of the read before which the stack is put right */
};

static void mend(uint64_t number, size_t ranges, void *user_data)
{
	struct mending *mending = user_data;

	(void)ranges;
	if (number >= mending->at_read)
		fake_write_frame(mending->scene->thread, 1, false);
}

TEST(a_torn_stack_is_read_again)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		struct mending mending = { .scene = &scene, .at_read = fake_reads(scene.target->memory) + 2 };
		ty_target_counters counters = { .size = sizeof(counters) };

		fake_write_u64(scene.python->memory, field(&scene, 1, offsets->frame.instr_ptr), 0);
		fake_on_read(scene.target->memory, mend, &mending);
		ck_assert_ok(ty_target_statistics(scene.target, &counters));
		ck_assert_uint_eq(counters.retries, 0);
		fake_check(scene.target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		ck_assert_ok(ty_target_statistics(scene.target, &counters));
		ck_assert_uint_eq(counters.retries, 1);
		ck_assert_uint_eq(counters.torn, 0);
		tear_down(&scene);
	}
}

TEST(it_is_read_again_no_more_often_than_allowed)
{
	static const uint32_t allowed[] = { UINT32_MAX, 1, 2, 7 };

	fake_each_version(version) for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
	{
		struct scene scene = set_up(version);
		ty_attach_options options = { .size = sizeof(options), .max_retries = allowed[i] };
		ty_target *target = fake_target(scene.python, &options);
		uint64_t reads;

		fake_sample(target, 0);
		fake_sample(target, 0);
		fake_write_u64(scene.python->memory, field(&scene, 1, scene.python->offsets.frame.instr_ptr), 0);
		reads = fake_reads(target->memory);
		ck_assert_int_eq(fake_sample(target, 0).verdict, TY_TORN);
		ck_assert_uint_eq(fake_reads(target->memory) - reads, 1 + (allowed[i] == UINT32_MAX ? 0 : allowed[i]));
		ty_detach(target);
		tear_down(&scene);
	}
}

/* ---- on an instruction that may resume a generator ---- */

struct runner {
	struct fake_python *python;
	uint64_t local; /* a variable of the top frame */
};

/* The program goes on between any two readings. */
static void run_on(uint64_t address, size_t size_bytes, void *user_data)
{
	struct runner *runner = user_data;

	if (address <= runner->local && runner->local < address + size_bytes)
		fake_write_u64(runner->python->memory, runner->local,
		               fake_read_u64(runner->python->memory, runner->local) + 2);
}

#define LOOP "RESUME NOP FOR_ITER FOR_ITER_LIST RETURN_VALUE"

/* A frame with one local variable on an instruction of a loop; false: this version's loops push no frames. */
static bool loop_on(uint32_t version, const char *instruction, struct scene *scene, struct runner *runner)
{
	const struct fake_frame *top;

	*scene = (struct scene){ .python = fake_python_new(version) };
	scene->thread = fake_thread_new(scene->python, FAKE_PID);
	scene->inner = fake_code_at(scene->python, 0, "loop", strcmp(instruction, "FOR_ITER") ? LOOP : BODY, 1);
	fake_call(scene->thread, scene->inner);
	fake_at(scene->thread, instruction);
	top = fake_top(scene->thread);
	*runner = (struct runner){ scene->python, top->address + scene->python->offsets.frame.size };
	scene->target = fake_target(scene->python, NULL);
	return scene->python->opcodes[top->code->bytes[2 * top->unit]].flags & PY_OPCODE_RESUMES;
}

TEST(a_loop_over_a_list_resumes_nothing)
{
	fake_each_version(version)
	{
		struct runner runner;
		struct scene scene;

		if (version >= TY_PYTHON_3_12 && loop_on(version, "FOR_ITER_LIST", &scene, &runner)) {
			verdict_of(&scene);
			fake_on_range(scene.target->memory, run_on, &runner);
			for (int i = 0; i < 4; i++)
				ck_assert_int_eq(verdict_of(&scene), TY_VERIFIED);
			tear_down(&scene);
		}
	}
}

TEST(a_loop_below_which_no_generator_is_ever_seen_resumes_none)
{
	fake_each_version(version)
	{
		struct runner runner;
		struct scene scene;
		int torn = 0;

		if (!loop_on(version, "FOR_ITER", &scene, &runner)) {
			tear_down(&scene);
			continue;
		}
		verdict_of(&scene);
		fake_on_range(scene.target->memory, run_on, &runner);
		ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		while (verdict_of(&scene) == TY_TORN && torn < 100)
			torn++;
		ck_assert_int_lt(torn, 100);
		tear_down(&scene);
	}
}

TEST(a_loop_below_which_a_generator_was_seen_goes_on_being_doubted)
{
	fake_each_version(version)
	{
		struct fake_code *producer;
		struct runner runner;
		struct scene scene;

		if (!loop_on(version, "FOR_ITER", &scene, &runner)) {
			tear_down(&scene);
			continue;
		}
		producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
		fake_resume(scene.thread, producer, fake_generator(scene.python, producer));
		ck_assert_int_eq(verdict_of(&scene), TY_VERIFIED);
		fake_return(scene.thread);
		fake_at(scene.thread, "FOR_ITER");
		verdict_of(&scene);
		fake_on_range(scene.target->memory, run_on, &runner);
		for (int i = 0; i < 200; i++)
			ck_assert_int_eq(verdict_of(&scene), TY_TORN);
		tear_down(&scene);
	}
}
