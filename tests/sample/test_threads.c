/* SPDX-License-Identifier: Apache-2.0 */
/* Interpreters and threads that come and go, also while they are read. */
#include "sample/target.h"

#include <errno.h>
#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"
#define THREADS 6

struct scene {
	struct fake_python *python;
	struct fake_thread *threads[THREADS]; /* newest last; the first is the main thread */
	struct fake_code *code;
	ty_target *target;
};

static const ty_attach_options all_threads = { .size = sizeof(all_threads), .threads = TY_THREADS_ALL };

static struct scene set_up(uint32_t version, const ty_attach_options *options)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.code = fake_code(scene.python, "work", BODY);
	for (size_t i = 0; i < THREADS; i++) {
		scene.threads[i] = fake_thread_new(scene.python, FAKE_PID + i);
		for (size_t n = 0; n <= i; n++)
			fake_call(scene.threads[i], scene.code);
	}
	scene.target = fake_target(scene.python, options);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

static const ty_snapshot *sample(struct scene *scene)
{
	const ty_snapshot *snapshot;
	int result = ty_sample(scene->target, &snapshot);

	ck_assert_msg(result == 0, "%d: %s", result, scene->target->error.message);
	return snapshot;
}

static ty_thread_info thread_at(const ty_snapshot *snapshot, size_t index)
{
	ty_thread_info thread = { .size = sizeof(thread) };

	ck_assert_ok(ty_snapshot_thread(snapshot, index, &thread));
	return thread;
}

/* The thread of the snapshot with a kernel id; its key is 0 if there is none. */
static ty_thread_info find_thread(const ty_snapshot *snapshot, uint64_t native_id)
{
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = thread_at(snapshot, i);

		if (thread.native_id == native_id)
			return thread;
	}
	return (ty_thread_info){ .native_id = 0 };
}

/* ---- what is there ---- */

TEST(all_threads_newest_first)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);

		for (int again = 0; again < 3; again++) {
			const ty_snapshot *snapshot = sample(&scene);

			ck_assert_uint_eq(ty_snapshot_threads(snapshot), THREADS);
			for (size_t i = 0; i < THREADS; i++) {
				ty_thread_info thread = thread_at(snapshot, i);

				ck_assert_uint_eq(thread.native_id, FAKE_PID + THREADS - 1 - i);
				ck_assert_uint_eq(thread.pthread_id, 0x7fff00000000 + thread.native_id);
				ck_assert_uint_eq(thread.frame_count, THREADS - i);
				ck_assert_int_eq(thread.verdict, TY_VERIFIED);
				ck_assert_int_eq(thread.interpreter, 0);
				ck_assert_uint_eq(thread.status & TY_THREAD_MAIN,
				                  i == THREADS - 1 ? TY_THREAD_MAIN : 0);
			}
			ck_assert_int_eq(ty_snapshot_thread(snapshot, THREADS, &(ty_thread_info){ .size = 8 }),
			                 -TY_ENOTFOUND);
		}
		tear_down(&scene);
	}
}

TEST(the_main_thread_alone)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, NULL);

		for (int again = 0; again < 3; again++) {
			const ty_snapshot *snapshot = sample(&scene);

			ck_assert_uint_eq(ty_snapshot_threads(snapshot), 1);
			ck_assert_uint_eq(thread_at(snapshot, 0).native_id, FAKE_PID);
			ck_assert_uint_eq(thread_at(snapshot, 0).status & TY_THREAD_MAIN, TY_THREAD_MAIN);
		}
		tear_down(&scene);
	}
}

TEST(all_interpreters)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint64_t second = fake_interpreter_new(scene.python, 7);
		struct fake_thread *thread = fake_thread_of(scene.python, second, 500);
		const ty_snapshot *snapshot;

		fake_call(thread, scene.code);
		snapshot = sample(&scene);
		ck_assert_uint_eq(ty_snapshot_threads(snapshot), THREADS + 1);
		ck_assert_int_eq(thread_at(snapshot, 0).interpreter, 7);
		ck_assert_uint_eq(thread_at(snapshot, 0).native_id, 500);
		ck_assert_int_eq(thread_at(snapshot, 0).verdict, TY_VERIFIED);
		ck_assert_int_eq(thread_at(snapshot, 1).interpreter, 0);
		tear_down(&scene);
	}
}

/* Interpreters come and go by the thousand in a long life: what was read of them is not read for ever. */
TEST(interpreters_that_are_gone_leave_nothing)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint64_t head = scene.python->runtime + scene.python->offsets.runtime.interpreters_head;

		for (int i = 0; i < 1500; i++) {
			uint64_t interpreter = fake_allocate(scene.python, 512);

			fake_write_u64(scene.python->memory, interpreter + scene.python->offsets.interpreter.id,
			               (uint64_t)i + 1);
			fake_write_u64(scene.python->memory, interpreter + scene.python->offsets.interpreter.next,
			               scene.python->interpreter);
			/* Its counter of code objects lies far behind. */
			if (py_has(scene.python->offsets.interpreter.code_counter))
				fake_fill(scene.python->memory,
				          (interpreter + scene.python->offsets.interpreter.code_counter) & ~7ULL, 0, 8);
			fake_write_u64(scene.python->memory, head, interpreter);
			sample(&scene);
			fake_write_u64(scene.python->memory, head, scene.python->interpreter);
			fake_unmap(scene.python->memory, interpreter - 512, 1536);
			sample(&scene);
		}
		ck_assert_uint_lt(scene.target->shared.regions.count, 1500);
		tear_down(&scene);
	}
}

/* Where one was destroyed the next one is made. */
TEST(an_interpreter_at_an_address_that_is_used_again_is_another_one)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint64_t second = fake_interpreter_new(scene.python, 7);
		struct fake_thread *thread = fake_thread_of(scene.python, second, 500);
		ty_thread_info before, after;

		fake_call(thread, scene.code);
		before = find_thread(sample(&scene), 500);
		ck_assert_int_eq(before.interpreter, 7);
		fake_write_u64(scene.python->memory, second + scene.python->offsets.interpreter.id, 8);
		after = find_thread(sample(&scene), 500);
		ck_assert_int_eq(after.interpreter, 8);
		ck_assert_uint_ne(after.thread_key, before.thread_key);
		ck_assert_uint_eq(find_thread(sample(&scene), 500).thread_key, after.thread_key);
		tear_down(&scene);
	}
}

TEST(a_state_that_is_used_again_in_another_interpreter_is_another_thread)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t second = fake_interpreter_new(scene.python, 7);
		struct fake_thread *thread = fake_thread_of(scene.python, second, 500);
		uint64_t head = scene.python->interpreter + offsets->interpreter.threads_head;
		ty_thread_info before, after;

		fake_call(thread, scene.code);
		before = find_thread(sample(&scene), 500);
		fake_write_u64(scene.python->memory, second + offsets->interpreter.threads_head, 0);
		fake_write_u64(scene.python->memory, thread->address + offsets->thread.interpreter,
		               scene.python->interpreter);
		fake_write_u64(scene.python->memory, thread->address + offsets->thread.next,
		               fake_read_u64(scene.python->memory, head));
		fake_write_u64(scene.python->memory, head, thread->address);
		after = find_thread(sample(&scene), 500);
		ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS + 1);
		ck_assert_int_eq(after.interpreter, 0);
		ck_assert_uint_ne(after.thread_key, before.thread_key);
		tear_down(&scene);
	}
}

/* ---- coming and going ---- */

TEST(a_new_thread_is_found_and_one_that_ended_is_left_out)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		struct fake_thread *some[] = { scene.threads[4], scene.threads[2], scene.threads[0] };
		struct fake_thread *late;
		uint64_t key = find_thread(sample(&scene), FAKE_PID + 2).thread_key;

		fake_list_threads(scene.python, some, 3);
		ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), 3);
		ck_assert_uint_eq(find_thread(sample(&scene), FAKE_PID + 2).thread_key, key);
		late = fake_thread_new(scene.python, 900);
		fake_call(late, scene.code);
		ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), 4);
		ck_assert_int_eq(find_thread(sample(&scene), 900).verdict, TY_VERIFIED);
		ck_assert_uint_eq(find_thread(sample(&scene), FAKE_PID + 2).thread_key, key);
		tear_down(&scene);
	}
}

TEST(a_thread_that_comes_back_has_another_key)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		struct fake_thread *others[] = { scene.threads[4], scene.threads[0] };
		uint64_t key = find_thread(sample(&scene), FAKE_PID + 2).thread_key;

		fake_list_threads(scene.python, others, 2);
		sample(&scene);
		fake_list_threads(scene.python, (struct fake_thread *[]){ scene.threads[2], scene.threads[0] }, 2);
		ck_assert_uint_ne(find_thread(sample(&scene), FAKE_PID + 2).thread_key, 0);
		ck_assert_uint_ne(find_thread(sample(&scene), FAKE_PID + 2).thread_key, key);
		tear_down(&scene);
	}
}

/* A thread state's memory is used again for another thread between two samples. */
TEST(an_address_that_is_used_again_is_another_thread)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		const struct py_offsets *offsets = &scene.python->offsets;
		ty_thread_info before = find_thread(sample(&scene), FAKE_PID + 2), after;

		before = find_thread(sample(&scene), FAKE_PID + 2);
		ck_assert_uint_eq(before.unchanged_frames, before.frame_count);
		fake_write_u64(scene.python->memory, scene.threads[2]->address + offsets->thread.native_thread_id, 777);
		after = find_thread(sample(&scene), 777);
		ck_assert_uint_ne(after.thread_key, 0);
		ck_assert_uint_ne(after.thread_key, before.thread_key);
		ck_assert_uint_eq(after.unchanged_frames, 0);
		ck_assert_uint_eq(find_thread(sample(&scene), FAKE_PID + 2).thread_key, 0);
		tear_down(&scene);
	}
}

/* ---- lists that are not sound ---- */

TEST(a_list_in_a_circle_is_cut)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint32_t next = scene.python->offsets.thread.next;

		for (size_t from = 0; from < THREADS; from++)
			for (size_t to = from; to < THREADS; to++) {
				uint64_t at = scene.threads[from]->address + next;
				uint64_t before = fake_read_u64(scene.python->memory, at);

				fake_write_u64(scene.python->memory, at, scene.threads[to]->address);
				ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS - from);
				fake_write_u64(scene.python->memory, at, before);
				ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS);
			}
		tear_down(&scene);
	}
}

TEST(interpreters_in_a_circle_are_cut)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint64_t second = fake_interpreter_new(scene.python, 1);

		fake_write_u64(scene.python->memory, scene.python->interpreter + scene.python->offsets.interpreter.next,
		               second);
		for (int i = 0; i < 3; i++)
			ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS);
		ck_assert_uint_le(scene.target->interpreters.count, 1024);
		tear_down(&scene);
	}
}

TEST(a_list_that_leads_into_freed_memory_is_cut)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint64_t at = scene.threads[2]->address + scene.python->offsets.thread.next;
		uint64_t before = fake_read_u64(scene.python->memory, at);

		fake_write_u64(scene.python->memory, at, 0x123456789000);
		ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS - 2);
		fake_write_u64(scene.python->memory, at, fake_allocate(scene.python, 4096));
		ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS - 2);
		fake_write_u64(scene.python->memory, at, before);
		ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS);
		tear_down(&scene);
	}
}

TEST(a_main_thread_that_is_gone_is_an_error)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, NULL);
		const ty_snapshot *snapshot;
		ty_error_info error = { .size = sizeof(error) };

		sample(&scene);
		fake_unmap(scene.python->memory, scene.threads[0]->address, 64);
		ck_assert_int_eq(ty_sample(scene.target, &snapshot), -TY_ECORRUPT);
		ck_assert_ptr_null(snapshot);
		ck_assert_ok(ty_last_error(scene.target, &error));
		ck_assert_int_eq(error.phase, TY_PHASE_SAMPLE);
		ck_assert_int_eq(error.code, -TY_ECORRUPT);
		tear_down(&scene);
	}
}

TEST(an_error_of_the_memory_is_an_error)
{
	struct scene scene = set_up(TY_PYTHON_3_14, &all_threads);
	ty_target_counters counters = { .size = sizeof(counters) };
	const ty_snapshot *snapshot;

	sample(&scene);
	fake_fail(scene.python->memory, -EIO);
	ck_assert_int_lt(ty_sample(scene.target, &snapshot), 0);
	fake_fail(scene.python->memory, 0);
	ck_assert_uint_eq(ty_snapshot_threads(sample(&scene)), THREADS);
	ck_assert_ok(ty_target_statistics(scene.target, &counters));
	ck_assert_uint_eq(counters.failed, 1);
	ck_assert_uint_eq(counters.samples, 2);
	tear_down(&scene);
}

/* ---- further readings of one sample ---- */

struct change {
	struct scene *scene;
	uint64_t at_read;
	void (*apply)(struct scene *scene);
};

static void change(uint64_t number, size_t ranges, void *user_data)
{
	struct change *now = user_data;

	(void)ranges;
	if (number == now->at_read)
		now->apply(now->scene);
}

static void tear(struct scene *scene, size_t thread)
{
	fake_write_u64(scene->python->memory,
	               scene->threads[thread]->frames[0].address + scene->python->offsets.frame.instr_ptr, 1);
}

static void mend_third(struct scene *scene)
{
	fake_write_frame(scene->threads[3], 0, false);
}

static void end_third(struct scene *scene)
{
	fake_unmap(scene->python->memory, scene->threads[3]->address, 400);
}

static void reuse_third(struct scene *scene)
{
	fake_write_u64(scene->python->memory,
	               scene->threads[3]->address + scene->python->offsets.thread.native_thread_id, 4444);
}

static void run_with_change(struct scene *scene, void (*apply)(struct scene *scene))
{
	struct change later = { scene, fake_reads(scene->target->memory) + 2, apply };

	tear(scene, 3);
	fake_on_read(scene->target->memory, change, &later);
	sample(scene);
	fake_on_read(scene->target->memory, NULL, NULL);
}

/* The threads that were accepted are not in the second reading, and stay what they are. */
TEST(a_retry_for_one_thread_leaves_the_others_alone)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, &all_threads);
		uint64_t keys[THREADS];

		for (size_t i = 0; i < THREADS; i++)
			keys[i] = find_thread(sample(&scene), FAKE_PID + i).thread_key;
		for (int again = 0; again < 5; again++) {
			run_with_change(&scene, mend_third);
			ck_assert_uint_eq(ty_snapshot_threads(&scene.target->snapshot), THREADS);
			for (size_t i = 0; i < THREADS; i++) {
				ty_thread_info thread = find_thread(&scene.target->snapshot, FAKE_PID + i);

				ck_assert_uint_eq(thread.thread_key, keys[i]);
				ck_assert_int_eq(thread.verdict, TY_VERIFIED);
				ck_assert_uint_eq(thread.frame_count, i + 1);
				ck_assert_str_eq(fake_stack_text(scene.target, &thread),
				                 fake_expected_text(scene.threads[i]));
			}
		}
		tear_down(&scene);
	}
}

TEST(a_thread_that_ends_between_two_readings_has_failed)
{
	void (*const ends[])(struct scene *) = { end_third, reuse_third };

	fake_each_version(version) for (size_t i = 0; i < 2; i++)
	{
		struct scene scene = set_up(version, &all_threads);
		ty_thread_info thread;

		sample(&scene);
		run_with_change(&scene, ends[i]);
		thread = find_thread(&scene.target->snapshot, FAKE_PID + 3);
		ck_assert_int_eq(thread.verdict, TY_FAILED);
		ck_assert_uint_eq(thread.frame_count, 0);
		for (size_t n = 0; n < THREADS; n++)
			if (n != 3)
				ck_assert_int_eq(find_thread(&scene.target->snapshot, FAKE_PID + n).verdict,
				                 TY_VERIFIED);
		sample(&scene);
		ck_assert_uint_eq(find_thread(&scene.target->snapshot, FAKE_PID + 3).thread_key, 0);
		tear_down(&scene);
	}
}
