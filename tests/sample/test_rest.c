/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that wait: what is not read of them, and that nothing is missed by that. */
#include "sample/rest.h"

#include <errno.h>

#include <tachyon/sampler.h>

#include "sample/status.h"
#include "support/fake_status.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"
#define THREADS 8
#define DEPTH 12
#define SETTLED 8 /* samples after which those that wait are known */

struct scene {
	struct fake_python *python;
	struct fake_thread *threads[THREADS]; /* as the lists of threads go: newest first */
	struct fake_code *code;
	ty_target *target;
	uint64_t fails_at; /* number of the vector read that fails */
};

static struct scene set_up(uint32_t version, bool free_threaded, int mode)
{
	static const ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL };
	struct scene scene = { .python = fake_python_of(version, free_threaded) };

	scene.code = fake_code(scene.python, "work", BODY);
	for (int i = THREADS; i-- > 0;) {
		scene.threads[i] = fake_thread_new(scene.python, FAKE_PID + (uint64_t)(THREADS - 1 - i));
		for (int depth = 0; depth < DEPTH; depth++)
			fake_call(scene.threads[i], scene.code);
	}
	fake_give_gil(scene.python, scene.threads[0]);
	scene.target = fake_target(scene.python, &options);
	scene.target->mode = mode;
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

static void check_all(struct scene *scene)
{
	for (size_t i = 0; i < THREADS; i++) {
		const ty_snapshot *snapshot = &scene->target->snapshot;
		ty_thread_info thread = { .size = sizeof(thread) };

		ck_assert_int_eq(ty_snapshot_thread(snapshot, i, &thread), 0);
		ck_assert_int_eq(thread.verdict, TY_VERIFIED);
		ck_assert_str_eq(fake_stack_text(scene->target, &thread), fake_expected_text(scene->threads[i]));
	}
}

static ty_thread_info sample(struct scene *scene, size_t index)
{
	ty_thread_info thread = fake_sample(scene->target, index);

	check_all(scene);
	return thread;
}

static void settle(struct scene *scene)
{
	for (int i = 0; i < SETTLED; i++)
		sample(scene, 0);
}

static size_t count_resting(const struct scene *scene)
{
	size_t count = 0;

	for (size_t i = 0; i < scene->target->threads.count; i++)
		count += scene->target->threads.items[i]->list.is_resting;
	return count;
}

TEST(of_threads_that_wait_only_the_state_is_read)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		uint64_t reads, first_bytes, bytes;

		sample(&scene, 0);
		first_bytes = scene.target->memory->bytes_read;
		sample(&scene, 0);
		first_bytes = scene.target->memory->bytes_read - first_bytes;
		settle(&scene);
		ck_assert_uint_eq(count_resting(&scene), THREADS - 1);
		reads = fake_reads(scene.target->memory);
		bytes = scene.target->memory->bytes_read;
		ck_assert_uint_eq(sample(&scene, 5).unchanged_frames, DEPTH);
		ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 1);
		ck_assert_uint_lt(scene.target->memory->bytes_read - bytes, first_bytes / 3);
		tear_down(&scene);
	}
}

/* It costs one reading more, and then all of it is there. */
TEST(a_thread_that_gets_the_gil_is_read_in_the_same_sample)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		uint64_t reads;

		settle(&scene);
		fake_give_gil(scene.python, scene.threads[7]);
		fake_return(scene.threads[7]);
		fake_at(scene.threads[7], "NOP");
		fake_give_gil(scene.python, scene.threads[0]);
		reads = fake_reads(scene.target->memory);
		ck_assert_uint_eq(sample(&scene, 7).frame_count, DEPTH - 1);
		ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 2);
		ck_assert_uint_eq(count_resting(&scene), 0);
		settle(&scene);
		ck_assert_uint_eq(count_resting(&scene), THREADS - 1);
		tear_down(&scene);
	}
}

/* The one that had it last may release it and take it again without being counted. */
TEST(the_last_holder_is_always_read)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		uint64_t at = scene.python->gil + scene.python->offsets.gil.switches, switches;

		fake_give_gil(scene.python, NULL);
		settle(&scene);
		switches = fake_read_u64(scene.python->memory, at);
		fake_call(scene.threads[0], scene.code);
		fake_write_u64(scene.python->memory, at, switches);
		ck_assert_uint_eq(sample(&scene, 0).frame_count, DEPTH + 1);
		tear_down(&scene);
	}
}

TEST(flags_of_a_thread_that_rests)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		uint32_t waits = fake_tells_who_wants_gil(scene.python) ? TY_THREAD_GIL_REQUESTED : 0;

		fake_handle(scene.threads[3], 0, fake_object(scene.python, "ValueError"));
		settle(&scene);
		ck_assert_uint_eq(count_resting(&scene), THREADS - 1);
		fake_want_gil(scene.threads[3], true);
		ck_assert_uint_eq(sample(&scene, 3).status, TY_THREAD_UNKNOWN | TY_THREAD_HAS_EXCEPTION | waits);
		ck_assert_uint_eq(sample(&scene, 0).status, TY_THREAD_UNKNOWN | TY_THREAD_HAS_GIL);
		tear_down(&scene);
	}
}

/* In GIL mode the stacks of the others are not looked at; whoever gets it is. */
TEST(in_gil_mode_the_new_holder_is_shown)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_GIL);
		ty_thread_info thread;

		for (int i = 0; i < SETTLED; i++)
			fake_sample(scene.target, 0);
		fake_give_gil(scene.python, scene.threads[4]);
		fake_call(scene.threads[4], scene.code);
		for (int i = 0; i < SETTLED; i++) {
			thread = fake_sample(scene.target, 0);
			ck_assert_str_eq(fake_stack_text(scene.target, &thread), fake_expected_text(scene.threads[4]));
			ck_assert_uint_eq(ty_snapshot_threads(&scene.target->snapshot), 1);
		}
		tear_down(&scene);
	}
}

/* Where no lock is taken, nothing says that a thread has not run. */
TEST(without_a_gil_nobody_rests)
{
	fake_each_version(version)
	{
		struct scene scene;

		if (version < TY_PYTHON_3_13)
			continue;
		scene = set_up(version, true, TY_MODE_WALL);
		settle(&scene);
		ck_assert_uint_eq(count_resting(&scene), 0);
		fake_call(scene.threads[5], scene.code);
		ck_assert_uint_eq(sample(&scene, 5).frame_count, DEPTH + 1);
		tear_down(&scene);
	}
}

/* A state that is used again for another thread has the stack of that one. */
TEST(a_thread_at_the_address_of_one_that_rested)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		struct fake_thread *thread = scene.threads[2];
		uint64_t key;

		settle(&scene);
		key = sample(&scene, 2).thread_key;
		fake_write_u64(scene.python->memory, thread->address + scene.python->offsets.thread.native_thread_id,
		               FAKE_PID + 99);
		fake_return(thread);
		ck_assert_uint_eq(sample(&scene, 2).frame_count, DEPTH - 1);
		ck_assert_uint_ne(sample(&scene, 2).thread_key, key);
		tear_down(&scene);
	}
}

/* What was torn when it was read last is read again, run or not. */
TEST(a_stack_that_was_not_proven_is_no_stack_to_keep)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		struct fake_thread *thread = scene.threads[6];
		uint64_t at = thread->frames[DEPTH / 2].address + scene.python->offsets.frame.previous;
		uint64_t previous = fake_read_u64(scene.python->memory, at);

		settle(&scene);
		fake_switch_gil(scene.python);
		fake_write_u64(scene.python->memory, at, previous + 8);
		for (int i = 0; i < SETTLED; i++)
			ck_assert_int_gt(fake_sample(scene.target, 6).verdict, TY_REPAIRED);
		fake_write_u64(scene.python->memory, at, previous);
		sample(&scene, 6);
		tear_down(&scene);
	}
}

/* What takes turns all the time is read all the time, by one reading a sample. */
TEST(nothing_is_expected_while_the_gil_goes_round)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		uint64_t reads;

		settle(&scene);
		for (int i = 0; i < 4; i++) {
			fake_give_gil(scene.python, scene.threads[i + 1]);
			sample(&scene, 0);
		}
		reads = fake_reads(scene.target->memory);
		for (int i = 0; i < 10; i++) {
			fake_give_gil(scene.python, scene.threads[i % THREADS]);
			sample(&scene, 0);
		}
		ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 10);
		tear_down(&scene);
	}
}

/* A sample that failed may have changed what is known of a thread, but it was not shown. */
static void fail_second(uint64_t number, size_t ranges, void *user_data)
{
	struct scene *scene = user_data;

	(void)ranges;
	if (number == scene->fails_at)
		fake_fail(scene->target->memory, -EFAULT);
}

TEST(a_sample_that_failed_is_not_the_one_before)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		const ty_snapshot *snapshot;

		settle(&scene);
		fake_return(scene.threads[0]);
		fake_at(scene.threads[0], "NOP");
		scene.fails_at = fake_reads(scene.target->memory) + 2;
		fake_on_read(scene.target->memory, fail_second, &scene);
		ck_assert_int_lt(ty_sample(scene.target, &snapshot), 0);
		fake_on_read(scene.target->memory, NULL, NULL);
		fake_fail(scene.target->memory, 0);
		ck_assert_uint_lt(sample(&scene, 0).unchanged_frames, DEPTH - 1);
		ck_assert_uint_eq(sample(&scene, 0).unchanged_frames, DEPTH - 1);
		tear_down(&scene);
	}
}

/* ---- where a thread state takes the place of another without a word ---- */

/* Where all interpreters have the one GIL of the runtime, they need not hand it over (PyThreadState_Swap). */
static bool swaps_in_silence(const struct scene *scene)
{
	return py_has(scene->python->offsets.runtime.gil);
}

/* The stack changes, and the GIL knows nothing of it. */
static void call_in_silence(struct scene *scene, struct fake_thread *thread)
{
	uint64_t at = scene->python->gil + scene->python->offsets.gil.switches;
	uint64_t switches = fake_read_u64(scene->python->memory, at);

	fake_call(thread, scene->code);
	fake_write_u64(scene->python->memory, at, switches);
}

TEST(a_thread_may_run_in_the_place_of_another_interpreters)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);
		struct fake_thread *thread = scene.threads[3];

		fake_thread_of(scene.python, fake_interpreter_new(scene.python, 1), FAKE_PID + 50);
		for (int i = 0; i < SETTLED; i++)
			fake_sample(scene.target, 0);
		if (swaps_in_silence(&scene)) {
			call_in_silence(&scene, thread);
			for (size_t i = 0; i < scene.target->threads.count; i++) {
				ty_thread_info info = fake_sample(scene.target, i);

				if (info.native_id == FAKE_PID + THREADS - 1 - 3)
					ck_assert_uint_eq(info.frame_count, DEPTH + 1);
			}
		}
		ck_assert_uint_eq(count_resting(&scene), swaps_in_silence(&scene) ? 0 : THREADS);
		tear_down(&scene);
	}
}

/* The interpreter that had the GIL last was made and ended between two samples: whoever ran it runs on. */
TEST(the_last_holder_is_gone)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);

		if (swaps_in_silence(&scene)) {
			fake_write_u64(scene.python->memory, scene.python->gil + scene.python->offsets.gil.holder,
			               scene.threads[0]->address + 8);
			settle(&scene);
			call_in_silence(&scene, scene.threads[0]);
			ck_assert_uint_eq(sample(&scene, 0).frame_count, DEPTH + 1);
		}
		tear_down(&scene);
	}
}

/* What handles an exception does so still after samples that did not look. */
TEST(exceptions_outlast_the_mode_that_reads_none)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, TY_MODE_WALL);

		fake_handle(scene.threads[3], 0, fake_object(scene.python, "ValueError"));
		settle(&scene);
		for (int i = 0; i < SETTLED; i++) {
			ty_thread_info none;
			const ty_snapshot *snapshot;

			scene.target->mode = TY_MODE_CPU;
			ck_assert_ok(ty_sample(scene.target, &snapshot));
			ck_assert_int_eq(ty_snapshot_thread(snapshot, 0, &none), -TY_ENOTFOUND);
			scene.target->mode = TY_MODE_WALL;
			ck_assert_uint_eq(sample(&scene, 3).status & TY_THREAD_HAS_EXCEPTION, TY_THREAD_HAS_EXCEPTION);
		}
		tear_down(&scene);
	}
}

/* ---- what predictions cost ---- */

/* Where they fail again and again, whatever the rhythm, they end. */
TEST(a_rhythm_that_belies_every_prediction)
{
	for (int period = 1; period <= 8; period++) {
		struct scene scene = set_up(TY_PYTHON_3_14, false, TY_MODE_WALL);
		uint64_t reads;

		for (int i = 0; i < 100; i++) {
			if (i % period == 0)
				fake_give_gil(scene.python, scene.threads[i / period % THREADS]);
			sample(&scene, 0);
		}
		reads = fake_reads(scene.target->memory);
		for (int i = 0; i < 100; i++) {
			if (i % period == 0)
				fake_give_gil(scene.python, scene.threads[(i / period + 7) % THREADS]);
			sample(&scene, 0);
		}
		ck_assert_uint_le(fake_reads(scene.target->memory) - reads, 105);
		for (int i = 0; i < 100; i++)
			sample(&scene, 0);
		ck_assert_uint_eq(count_resting(&scene), THREADS - 1);
		tear_down(&scene);
	}
}

/* What a thread used long ago is not kept for ever, though it rests whenever that is looked for. */
TEST(regions_of_a_thread_that_rests_most_of_the_time)
{
	enum { LOOKS_EVERY = 64, ROUNDS = 40 };
	struct scene scene = set_up(TY_PYTHON_3_14, false, TY_MODE_WALL);
	struct fake_thread *thread = scene.threads[5];
	size_t most = 0;

	for (int i = 0; i < ROUNDS; i++) {
		fake_resume(thread, scene.code, fake_generator(scene.python, scene.code));
		fake_allocate(scene.python, 1 << 16);
		fake_give_gil(scene.python, thread);
		fake_give_gil(scene.python, scene.threads[0]);
		do {
			fake_sample(scene.target, 0);
		} while (scene.target->plan.sample % LOOKS_EVERY);
		ck_assert_uint_eq(count_resting(&scene), THREADS - 1);
		fake_return(thread);
		for (size_t j = 0; j < scene.target->threads.count; j++)
			if (scene.target->threads.items[j]->list.regions.count > most)
				most = scene.target->threads.items[j]->list.regions.count;
	}
	ck_assert_uint_lt(most, ROUNDS / 2);
	tear_down(&scene);
}
