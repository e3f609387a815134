/* SPDX-License-Identifier: Apache-2.0 */
/* Where <GC> and <native> stand in stacks, in every version's layout. */
#include "sample/artificial.h"

#include <string.h>

#include "support/fake_status.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER JUMP_BACKWARD RETURN_VALUE"

struct scene {
	struct fake_python *python;
	struct fake_thread *main, *other;
	struct fake_code *work, *finalizer;
	ty_target *target;
};

static struct scene set_up(uint32_t version, bool native, bool no_gc)
{
	struct scene scene = { .python = fake_python_new(version) };
	ty_attach_options options = {
		.size = sizeof(options), .threads = TY_THREADS_ALL, .native_frames = native, .no_gc_frames = no_gc
	};

	scene.work = fake_code(scene.python, "work", BODY);
	scene.finalizer = fake_code(scene.python, "__del__", BODY);
	scene.main = fake_thread_new(scene.python, FAKE_PID);
	scene.other = fake_thread_new(scene.python, FAKE_PID + 1);
	fake_call(scene.main, scene.work);
	fake_call(scene.other, scene.work);
	scene.target = fake_target(scene.python, &options);
	return scene;
}

static void tear_down(struct scene *scene)
{
	ty_detach(scene->target);
	fake_python_free(scene->python);
}

/* Names of the frames of a thread, outermost first. */
static const char *names(struct scene *scene, const struct fake_thread *thread)
{
	static char text[1024];
	ty_thread_info info = fake_sample(scene->target, thread == scene->main);

	text[0] = '\0';
	ck_assert_int_le(info.verdict, TY_REPAIRED);
	for (uint32_t i = info.frame_count; i-- > 0;) {
		ty_function_info function = { .size = sizeof(function) };
		bool artificial = info.frames[i].kind != TY_FRAME_PYTHON;

		ck_assert_ok(ty_function(scene->target, info.frames[i].function, &function));
		ck_assert_int_eq(strcmp(function.filename, "~") == 0, artificial);
		ck_assert(!artificial || (info.frames[i].offset == -1 && function.first_line == 0));
		strcat(strcat(text, text[0] ? " " : ""), function.qualname);
	}
	return text;
}

#define check_names(scene, thread, wanted) ck_assert_str_eq(names((scene), (thread)), (wanted))

/* ---- <native> ---- */

TEST(native_stands_below_what_was_entered_from_c)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, true, false);

		fake_give_gil(scene.python, scene.other);
		fake_enter(scene.other, scene.work);
		fake_call(scene.other, scene.work);
		fake_enter(scene.other, scene.work);
		check_names(&scene, scene.other, "work <native> work work <native> work");
		tear_down(&scene);
	}
}

TEST(native_is_shown_where_it_is_wanted)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, false);

		fake_enter(scene.other, scene.work);
		check_names(&scene, scene.other, "work work");
		tear_down(&scene);
	}
}

TEST(native_on_top_where_memory_proves_it)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, true, false);

		/* Nobody holds the GIL, so nobody waits for it. */
		fake_give_gil(scene.python, NULL);
		check_names(&scene, scene.other, "work <native>");
		fake_give_gil(scene.python, scene.other);
		check_names(&scene, scene.other, "work");
		/* Held by another thread: only versions whose threads say that they wait tell the difference. */
		fake_give_gil(scene.python, scene.main);
		check_names(&scene, scene.other, fake_tells_who_wants_gil(scene.python) ? "work <native>" : "work");
		fake_want_gil(scene.other, true);
		check_names(&scene, scene.other, "work");
		tear_down(&scene);
	}
}

/* ---- <GC> ---- */

TEST(the_collector_on_top)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, false);

		fake_give_gil(scene.python, scene.other);
		check_names(&scene, scene.other, "work");
		fake_collect(scene.python, true, fake_top(scene.other)->address);
		check_names(&scene, scene.other, "work <GC>");
		check_names(&scene, scene.main, "work");
		fake_collect(scene.python, false, 0);
		check_names(&scene, scene.other, "work");
		tear_down(&scene);
	}
}

TEST(no_collector_where_it_is_not_wanted)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, true, true);

		fake_give_gil(scene.python, scene.other);
		fake_collect(scene.python, true, fake_top(scene.other)->address);
		check_names(&scene, scene.other, "work");
		tear_down(&scene);
	}
}

TEST(the_collector_below_a_finalizer)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, true, false);

		fake_enter(scene.other, scene.work);
		fake_give_gil(scene.python, scene.other);
		fake_collect(scene.python, true, fake_top(scene.other)->address);
		fake_enter(scene.other, scene.finalizer);
		fake_call(scene.other, scene.work);
		check_names(&scene, scene.other, "work <native> work <GC> __del__ work");
		/* It lets the GIL go: the collection is still its own. */
		fake_give_gil(scene.python, scene.main);
		fake_want_gil(scene.other, true);
		check_names(&scene, scene.other, "work <native> work <GC> __del__ work");
		check_names(&scene, scene.main, "work");
		tear_down(&scene);
	}
}

/* The first look at the collection comes when another thread has the GIL. */
TEST(a_finalizer_that_has_let_the_gil_go)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, false);
		uint64_t interrupted = fake_top(scene.other)->address;

		fake_enter(scene.other, scene.finalizer);
		fake_give_gil(scene.python, scene.main);
		fake_collect(scene.python, true, interrupted);
		check_names(&scene, scene.other, "work <GC> __del__");
		check_names(&scene, scene.main, "work");
		tear_down(&scene);
	}
}

/* A callback that is no finalizer, entered between two instructions. */
TEST(the_collector_below_a_callback)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, false);

		fake_call(scene.other, scene.work);
		fake_at(scene.other, "JUMP_BACKWARD");
		fake_give_gil(scene.python, scene.other);
		fake_collect(scene.python, true, fake_top(scene.other)->address);
		fake_enter(scene.other, scene.work);
		scene.other->frames[1].unit = fake_unit(scene.python, scene.work, "JUMP_BACKWARD");
		fake_write_frame(scene.other, 1, false);
		check_names(&scene, scene.other, "work work <GC> work");
		tear_down(&scene);
	}
}

TEST(a_collector_of_another_interpreter)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, false);
		uint64_t second = fake_interpreter_new(scene.python, 1);
		struct fake_thread *thread = fake_thread_of(scene.python, second, FAKE_PID + 2);

		fake_call(thread, scene.work);
		fake_give_gil(scene.python, thread);
		fake_collect(scene.python, true, fake_top(thread)->address);
		/* The main interpreter collects, whose threads do not hold the GIL, or not with that frame. */
		ck_assert_uint_eq(fake_sample(scene.target, 0).native_id, FAKE_PID + 2);
		ck_assert_uint_eq(fake_sample(scene.target, 0).frame_count, 1);
		ck_assert_uint_eq(fake_sample(scene.target, 1).frame_count, 1);
		ck_assert_uint_eq(fake_sample(scene.target, 2).frame_count, 1);
		tear_down(&scene);
	}
}

/* ---- what stayed ---- */

TEST(unchanged_frames_count_artificial_ones)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, true, false);

		fake_give_gil(scene.python, scene.other);
		fake_enter(scene.other, scene.work);
		fake_call(scene.other, scene.work);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 0);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 4);
		fake_at(scene.other, "NOP");
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 3);
		fake_return(scene.other);
		fake_return(scene.other);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 1);
		fake_enter(scene.other, scene.work);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 1);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 3);
		tear_down(&scene);
	}
}

TEST(unchanged_frames_end_where_a_collection_begins_or_ends)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, false, false);

		fake_give_gil(scene.python, scene.other);
		fake_call(scene.other, scene.work);
		fake_sample(scene.target, 0);
		fake_collect(scene.python, true, fake_top(scene.other)->address);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 2);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 3);
		fake_collect(scene.python, false, 0);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 2);
		ck_assert_uint_eq(fake_sample(scene.target, 0).unchanged_frames, 2);
		tear_down(&scene);
	}
}

TEST(a_collector_costs_no_further_reading)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version, true, false);
		uint64_t reads;

		fake_give_gil(scene.python, scene.other);
		fake_collect(scene.python, true, fake_top(scene.other)->address);
		for (int i = 0; i < 10; i++)
			fake_sample(scene.target, 0);
		reads = fake_reads(scene.target->memory);
		for (int i = 0; i < 100; i++)
			fake_sample(scene.target, 0);
		ck_assert_uint_eq(fake_reads(scene.target->memory) - reads, 100);
		tear_down(&scene);
	}
}
