/* SPDX-License-Identifier: Apache-2.0 */
/* What threads are doing, as every version says it; and which of them a mode shows. */
#include "sample/status.h"

#include <tachyon/sampler.h>

#include "support/fake_status.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"
#define ALWAYS TY_THREAD_UNKNOWN /* nobody can be asked about a fake */

struct scene {
	struct fake_python *python;
	struct fake_thread *main, *other;
	struct fake_code *code;
	ty_target *target;
};

static const ty_attach_options all_threads = { .size = sizeof(all_threads), .threads = TY_THREADS_ALL };

static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.code = fake_code(scene.python, "work", BODY);
	scene.main = fake_thread_new(scene.python, FAKE_PID);
	scene.other = fake_thread_new(scene.python, FAKE_PID + 1);
	fake_call(scene.main, scene.code);
	fake_call(scene.other, scene.code);
	fake_call(scene.other, scene.code);
	scene.target = fake_target(scene.python, &all_threads);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

static uint32_t status_of(struct scene *scene, const struct fake_thread *thread)
{
	return fake_sample(scene->target, thread == scene->main).status;
}

#define check_status(scene, thread, wanted)                                                                            \
	ck_assert_msg(status_of((scene), (thread)) == (wanted), "CPython 3.%u: %u, not %u",                            \
	              (scene)->python->version->number & 0xff, status_of((scene), (thread)), (uint32_t)(wanted))

/* An interpreter is listed before it has a GIL. */
TEST(an_interpreter_that_is_being_made_gets_its_gil_later)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint32_t offset = scene.python->offsets.interpreter.gil;

		if (py_has(offset) && !py_has(scene.python->offsets.runtime.gil)) {
			fake_give_gil(scene.python, scene.other);
			fake_write_u64(scene.python->memory, scene.python->interpreter + offset, 0);
			fake_sample(scene.target, 0);
			fake_write_u64(scene.python->memory, scene.python->interpreter + offset, scene.python->gil);
			check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_GIL);
		}
		tear_down(&scene);
	}
}

TEST(the_main_thread)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN);
		check_status(&scene, scene.other, ALWAYS);
		tear_down(&scene);
	}
}

/* Until a new thread state is bound, it has the ids of the thread that makes it. */
TEST(a_state_that_is_being_made_is_not_the_main_thread)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_thread *made = fake_thread_new(scene.python, FAKE_PID);

		ck_assert_uint_eq(fake_sample(scene.target, 0).native_id, FAKE_PID);
		ck_assert_uint_eq(fake_sample(scene.target, 0).status, ALWAYS);
		ck_assert_uint_eq(fake_sample(scene.target, 2).status, ALWAYS | TY_THREAD_MAIN);
		fake_write_u64(scene.python->memory, made->address + scene.python->offsets.thread.native_thread_id,
		               FAKE_PID + 9);
		ck_assert_uint_eq(fake_sample(scene.target, 0).native_id, FAKE_PID + 9);
		ck_assert_uint_eq(fake_sample(scene.target, 2).status, ALWAYS | TY_THREAD_MAIN);
		tear_down(&scene);
	}
}

TEST(who_holds_the_gil)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_give_gil(scene.python, scene.other);
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN);
		check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_GIL);
		fake_give_gil(scene.python, scene.main);
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN | TY_THREAD_HAS_GIL);
		check_status(&scene, scene.other, ALWAYS);
		/* The last holder stays written down. */
		fake_give_gil(scene.python, NULL);
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN);
		tear_down(&scene);
	}
}

TEST(who_waits_for_the_gil)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint32_t waits = fake_tells_who_wants_gil(scene.python) ? TY_THREAD_GIL_REQUESTED : 0;

		fake_give_gil(scene.python, scene.main);
		fake_want_gil(scene.other, true);
		check_status(&scene, scene.other, ALWAYS | waits);
		/* It has what it asked for and has not said so yet. */
		fake_give_gil(scene.python, scene.other);
		check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_GIL);
		tear_down(&scene);
	}
}

TEST(an_exception_that_is_raised)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_raise(scene.other, fake_object(scene.python, "ValueError"));
		check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_EXCEPTION);
		fake_raise(scene.other, 0);
		check_status(&scene, scene.other, ALWAYS);
		tear_down(&scene);
	}
}

TEST(an_exception_that_is_handled)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t none = fake_object(scene.python, "NoneType");

		fake_handle(scene.main, 0, fake_object(scene.python, "ValueError"));
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN | TY_THREAD_HAS_EXCEPTION);
		/* What a handler leaves behind. */
		fake_handle(scene.main, 0, scene.python->version->handled_is_none ? none : 0);
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN);
		fake_handle(scene.main, 0, fake_object(scene.python, "NoneTypeError"));
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN | TY_THREAD_HAS_EXCEPTION);
		fake_handle(scene.main, 0, 0);
		check_status(&scene, scene.main, ALWAYS | TY_THREAD_MAIN);
		tear_down(&scene);
	}
}

TEST(an_exception_that_is_handled_in_a_generator)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t generator = fake_generator(scene.python, scene.code);

		fake_resume(scene.other, scene.code, generator);
		fake_handle(scene.other, generator, fake_object(scene.python, "ValueError"));
		check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_EXCEPTION);
		/* Below the generator. */
		fake_handle(scene.other, 0, fake_object(scene.python, "ValueError"));
		fake_write_u64(scene.python->memory, scene.other->address + scene.python->offsets.thread.exc_info,
		               generator + scene.python->offsets.generator.iframe - 32);
		fake_write_u64(scene.python->memory, generator + scene.python->offsets.generator.iframe - 32, 0);
		check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_EXCEPTION);
		fake_handle(scene.other, generator, 0);
		check_status(&scene, scene.other, ALWAYS | TY_THREAD_HAS_EXCEPTION);
		fake_handle(scene.other, 0, 0);
		fake_handle(scene.other, generator, 0);
		check_status(&scene, scene.other, ALWAYS);
		tear_down(&scene);
	}
}

TEST(hostile_exceptions_end)
{
	static const uint64_t wrong[] = { 1, 0x7f0000000000, UINT64_MAX - 3, UINT64_MAX };

	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t generator = fake_generator(scene.python, scene.code);
		uint64_t item = generator + offsets->generator.iframe - 32;

		for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
			fake_write_u64(scene.python->memory, scene.other->address + offsets->thread.exc_info, wrong[i]);
			check_status(&scene, scene.other, ALWAYS);
		}
		/* A chain that goes round and round. */
		fake_handle(scene.other, generator, 0);
		fake_write_u64(scene.python->memory, item + 8, item);
		check_status(&scene, scene.other, ALWAYS);
		tear_down(&scene);
	}
}

TEST(what_is_steady_costs_one_reading)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t generator = fake_generator(scene.python, scene.code), reads;

		fake_give_gil(scene.python, scene.other);
		fake_resume(scene.other, scene.code, generator);
		fake_handle(scene.other, generator, 0);
		fake_handle(scene.main, 0, fake_object(scene.python, "ValueError"));
		for (int i = 0; i < 10; i++)
			fake_sample(scene.target, 0);
		reads = fake_reads(scene.target->memory);
		for (int i = 0; i < 100; i++)
			fake_sample(scene.target, 0);
		ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 100);
		tear_down(&scene);
	}
}

/* ---- modes ---- */

static const ty_snapshot *next(ty_sampler *sampler)
{
	const ty_snapshot *snapshot;

	ck_assert_ok(ty_sampler_next(sampler, &snapshot));
	return snapshot;
}

static ty_sampler *sampler_of(struct scene *scene, int mode)
{
	ty_sampler_options options = { .size = sizeof(options), .interval_ns = 1, .mode = mode };
	ty_sampler *sampler;

	ck_assert_ok(ty_sampler_new(scene->target, &options, &sampler));
	return sampler;
}

static uint64_t only_thread(const ty_snapshot *snapshot)
{
	ty_thread_info thread = { .size = sizeof(thread) };

	ck_assert_uint_eq(ty_snapshot_threads(snapshot), 1);
	ck_assert_ok(ty_snapshot_thread(snapshot, 0, &thread));
	ck_assert_int_eq(ty_snapshot_thread(snapshot, 1, &thread), -TY_ENOTFOUND);
	return thread.native_id;
}

TEST(the_mode_of_the_gil)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_sampler *sampler = sampler_of(&scene, TY_MODE_GIL);

		fake_give_gil(scene.python, scene.other);
		ck_assert_uint_eq(only_thread(next(sampler)), FAKE_PID + 1);
		fake_give_gil(scene.python, scene.main);
		ck_assert_uint_eq(only_thread(next(sampler)), FAKE_PID);
		fake_give_gil(scene.python, NULL);
		ck_assert_uint_eq(ty_snapshot_threads(next(sampler)), 0);
		ty_sampler_free(sampler);
		/* The mode was the sampler's. */
		ck_assert_uint_eq(fake_sample(scene.target, 1).native_id, FAKE_PID);
		tear_down(&scene);
	}
}

TEST(the_mode_of_exceptions)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_sampler *sampler = sampler_of(&scene, TY_MODE_EXCEPTION);

		ck_assert_uint_eq(ty_snapshot_threads(next(sampler)), 0);
		fake_raise(scene.other, fake_object(scene.python, "ValueError"));
		ck_assert_uint_eq(only_thread(next(sampler)), FAKE_PID + 1);
		ty_sampler_free(sampler);
		tear_down(&scene);
	}
}

/* However long a mode leaves a thread out, its state is read with every sample, and the list of threads goes on behind
 * it. */
TEST(threads_that_are_left_out_for_long_are_not_lost)
{
	static const int modes[] = { TY_MODE_CPU, TY_MODE_GIL, TY_MODE_EXCEPTION };

	fake_each_version(version)
	{
		for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
			struct scene scene = set_up(version);
			ty_sampler *sampler = sampler_of(&scene, modes[i]);
			uint64_t reads;

			for (int sample = 0; sample < 1000; sample++)
				ck_assert_uint_eq(ty_snapshot_threads(next(sampler)), 0);
			reads = fake_reads(scene.target->memory);
			for (int sample = 0; sample < 1000; sample++)
				next(sampler);
			ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 1000);
			ck_assert_uint_eq(scene.target->snapshot.threads.count, 2);
			fake_give_gil(scene.python, scene.main);
			fake_raise(scene.main, fake_object(scene.python, "ValueError"));
			if (modes[i] != TY_MODE_CPU)
				ck_assert_uint_eq(only_thread(next(sampler)), FAKE_PID);
			ty_sampler_free(sampler);
			tear_down(&scene);
		}
	}
}

/* Nobody can be asked whether a fake is on CPU: it is not said to be. */
TEST(the_mode_of_the_processor)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	ty_sampler *sampler = sampler_of(&scene, TY_MODE_CPU);

	ck_assert_uint_eq(ty_snapshot_threads(next(sampler)), 0);
	ty_sampler_free(sampler);
	tear_down(&scene);
}

TEST(only_shown_stacks_are_counted)
{
	struct scene scene = set_up(TY_PYTHON_3_14);
	ty_sampler *sampler = sampler_of(&scene, TY_MODE_GIL);
	ty_run_summary summary = { .size = sizeof(summary) };
	ty_target_counters counters = { .size = sizeof(counters) };

	fake_give_gil(scene.python, scene.other);
	for (int i = 0; i < 5; i++)
		next(sampler);
	ck_assert_ok(ty_sampler_summary(sampler, &summary));
	ck_assert_ok(ty_target_statistics(scene.target, &counters));
	ck_assert_uint_eq(summary.verified, 5);
	ck_assert_uint_eq(counters.verified, 5);
	ty_sampler_free(sampler);
	tear_down(&scene);
}

TEST(a_thread_that_was_not_shown_has_no_unchanged_frames)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_sampler *sampler = sampler_of(&scene, TY_MODE_GIL);
		ty_thread_info thread = { .size = sizeof(thread) };

		for (int i = 0; i < 3; i++) {
			fake_give_gil(scene.python, scene.other);
			for (uint32_t unchanged = 0; unchanged <= 2; unchanged += 2) {
				ck_assert_ok(ty_snapshot_thread(next(sampler), 0, &thread));
				ck_assert_uint_eq(thread.frame_count, 2);
				ck_assert_uint_eq(thread.unchanged_frames, unchanged);
			}
			fake_give_gil(scene.python, scene.main);
			next(sampler);
		}
		ty_sampler_free(sampler);
		tear_down(&scene);
	}
}

TEST(modes_that_do_not_exist)
{
	struct scene scene = set_up(TY_PYTHON_3_14);

	for (int mode = -1; mode < 8; mode++) {
		ty_sampler_options options = { .size = sizeof(options), .mode = mode };
		bool exists =
		        mode == TY_MODE_WALL || mode == TY_MODE_CPU || mode == TY_MODE_GIL || mode == TY_MODE_EXCEPTION;
		ty_sampler *sampler;

		ck_assert_int_eq(ty_sampler_new(scene.target, &options, &sampler), exists ? 0 : -TY_EOPTION);
		ty_sampler_free(sampler);
	}
	tear_down(&scene);
}
