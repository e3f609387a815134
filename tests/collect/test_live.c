/* SPDX-License-Identifier: Apache-2.0 */
/* The model of a live view: what is asked while samples come. */
#include "support/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include <tachyon/live.h>
#include <tachyon/sampler.h>

#include "support/fake_target.h"

#define SECOND_SAMPLES ((int)(1000000000ULL / FAKE_INTERVAL_NS))

static ty_target *target;
static ty_live *live;

static void begin(void)
{
	ty_live_options options = { .size = sizeof(options), .opcodes = 1 };

	target = fake_target_new();
	fake_function(target, "main", "/src/main.py", "main", 1);
	fake_function(target, "f", "/src/math.py", "Vector.add", 10);
	fake_function(target, "g", "/src/math.py", "Vector.sub", 20);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_live_new(&options, &live));
	ck_assert_ok(ty_collector_begin(ty_live_collector(live),
	                                &(ty_run_info){ .size = sizeof(ty_run_info), .target = target, .opcodes = 1 }));
}

static void end(void)
{
	ty_live_free(live);
	fake_target_free(target);
}

static void sample_of(uint64_t thread, int verdict, int times, const char *stack)
{
	for (int i = 0; i < times; i++) {
		fake_begin(target);
		fake_thread(target, thread, verdict, stack);
		ck_assert_ok(ty_collector_sample(ty_live_collector(live), fake_snapshot(target)));
	}
}

static void sample(int times, const char *stack)
{
	sample_of(7, TY_VERIFIED, times, stack);
}

static ty_live_function_info row(size_t index)
{
	ty_live_function_info info = { .size = sizeof(info) };

	ck_assert_ok(ty_live_function(live, index, &info));
	return info;
}

static int list(ty_live_query query)
{
	query.size = sizeof(query);
	return ty_live_functions(live, &query);
}

static ty_live_overview_info overview(uint32_t thread)
{
	ty_live_overview_info info = { .size = sizeof(info) };

	ck_assert_ok(ty_live_overview(live, thread, &info));
	return info;
}

TEST(nothing_is_an_empty_list)
{
	begin();
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 0);
	ck_assert_uint_eq(overview(0).stacks, 0);
	ck_assert_int_eq(ty_live_function(live, 0, &(ty_live_function_info){ .size = sizeof(ty_live_function_info) }),
	                 -TY_ENOTFOUND);
	end();
}

TEST(functions_are_sorted_by_what_executes)
{
	begin();
	sample(3, "main@0=4 f@8=2");
	sample(5, "main@0=4 g@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 3);
	ck_assert_str_eq(row(0).name, "Vector.sub");
	ck_assert_uint_eq(row(0).leaf, 5);
	ck_assert_int_eq(row(0).line, 20);
	ck_assert_str_eq(row(1).name, "Vector.add");
	ck_assert_str_eq(row(2).name, "main");
	ck_assert_uint_eq(row(2).leaf, 0);
	ck_assert_uint_eq(row(2).on_stack, 8);
	end();
}

TEST(every_sort_key_has_its_order)
{
	begin();
	sample(3, "main@0=4 f@8=2");
	sample(5, "main@0=4 g@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .sort = TY_SORT_CUMTIME }), 3);
	ck_assert_str_eq(row(0).name, "main");
	ck_assert_int_eq(list((ty_live_query){ .sort = TY_SORT_NAME }), 3);
	ck_assert_str_eq(row(0).name, "Vector.add");
	ck_assert_str_eq(row(2).name, "main");
	ck_assert_int_eq(list((ty_live_query){ .sort = 99 }), -TY_EOPTION);
	end();
}

TEST(a_copy_stays_as_it_is_until_it_is_updated)
{
	begin();
	sample(3, "main@0=4 f@8=2");
	ck_assert_ok(ty_live_update(live));
	sample(4, "main@0=4 g@8=2");
	ck_assert_int_eq(ty_live_functions(live, NULL), 2);
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 3);
	ck_assert_uint_eq(overview(0).counted, 7);
	end();
}

TEST(lines_are_rows_of_their_own)
{
	begin();
	sample(3, "main@0=4 f@8=2");
	sample(2, "main@0=4 f@208=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_LINES }), 3);
	ck_assert_int_eq(row(0).line, 10);
	ck_assert_int_eq(row(1).line, 12);
	ck_assert_uint_eq(row(0).function, row(1).function);
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FUNCTIONS }), 2);
	ck_assert_uint_eq(row(0).leaf, 5);
	end();
}

TEST(a_line_of_a_file_counts_a_sample_once)
{
	begin();
	fake_function(target, "inner", "/src/math.py", "Vector.add.<listcomp>", 10);
	fake_function(target, "other", "/src/other.py", "other", 10);
	sample(3, "main@0=4 f@8=2 inner@4=2");
	sample(2, "main@0=4 f@8=2");
	sample(4, "main@0=4 other@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_LINES, .filename = "/src/math.py" }), 2);
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FILE_LINES, .filename = "/src/math.py" }), 1);
	ck_assert_int_eq(row(0).line, 10);
	ck_assert_uint_eq(row(0).leaf, 5);
	ck_assert_uint_eq(row(0).on_stack, 5);
	ck_assert_uint_eq(row(0).function, 0);
	ck_assert_str_eq(row(0).filename, "/src/math.py");
	ck_assert_str_eq(row(0).name, "");
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FILE_LINES, .filename = "math.py" }), 0);
	end();
}

TEST(files_are_rows_and_what_is_artificial_is_in_none)
{
	ty_frame frames[] = { { .function = 4, .offset = -1, .kind = TY_FRAME_GC }, { .function = 2, .offset = 8 } };

	begin();
	sample(3, "main@0=4 f@8=2");
	sample(2, "main@0=4 g@8=2");
	fake_begin(target);
	fake_thread_frames(target, 7, 7, TY_VERIFIED, frames, 2);
	ck_assert_ok(ty_collector_sample(ty_live_collector(live), fake_snapshot(target)));
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FILES, .sort = TY_SORT_NAME }), 2);
	ck_assert_str_eq(row(0).filename, "/src/main.py");
	ck_assert_uint_eq(row(0).leaf, 0);
	ck_assert_uint_eq(row(0).on_stack, 5);
	ck_assert_str_eq(row(1).filename, "/src/math.py");
	ck_assert_uint_eq(row(1).leaf, 5);
	ck_assert_uint_eq(row(1).on_stack, 6);
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FILE_LINES, .sort = TY_SORT_NAME }), 3);
	ck_assert_str_eq(row(0).filename, "/src/main.py");
	ck_assert_int_eq(row(1).line, 10);
	ck_assert_int_eq(row(2).line, 20);
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FILE_LINES + 1 }), -TY_EOPTION);
	ty_live_reset(live);
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_FILES }), 0);
	end();
}

TEST(a_function_that_was_made_twice_is_one)
{
	begin();
	fake_function(target, "f2", "/src/math.py", "Vector.add", 10);
	sample(3, "main@0=4 f@8=2");
	sample(2, "main@0=4 f2@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 2);
	ck_assert_uint_eq(row(0).leaf, 5);
	end();
}

TEST(the_filter_looks_at_names_and_files)
{
	begin();
	sample(3, "main@0=4 f@8=2");
	sample(5, "main@0=4 g@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .filter = "VECTOR" }), 2);
	ck_assert_int_eq(list((ty_live_query){ .filter = "main.py" }), 1);
	ck_assert_int_eq(list((ty_live_query){ .filter = "nowhere" }), 0);
	end();
}

TEST(threads_are_counted_apart)
{
	begin();
	fake_status(target, TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU | TY_THREAD_MAIN);
	sample_of(7, TY_VERIFIED, 3, "main@0=4 f@8=2");
	fake_status(target, TY_THREAD_GIL_REQUESTED);
	sample_of(8, TY_REPAIRED, 5, "main@0=4 g@8=2");
	sample_of(8, TY_TORN, 2, "main@0=4 g@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_uint_eq(overview(0).threads, 2);
	ck_assert_uint_eq(overview(0).counted, 8);
	ck_assert_uint_eq(overview(0).stacks, 10);
	ck_assert_uint_eq(overview(0).torn, 2);
	ck_assert_uint_eq(overview(1).has_gil, 3);
	ck_assert_uint_eq(overview(1).gil_requested, 0);
	ck_assert_uint_eq(overview(2).gil_requested, 7);
	ck_assert_int_eq(list((ty_live_query){ .thread = 2 }), 2);
	ck_assert_str_eq(row(0).name, "Vector.sub");
	ck_assert_uint_eq(row(0).leaf, 5);
	ck_assert_int_eq(list((ty_live_query){ .thread = 3 }), -TY_EOPTION);

	ty_live_thread_info info = { .size = sizeof(info) };

	ck_assert_ok(ty_live_thread(live, 1, &info));
	ck_assert_int_eq(info.is_main, 1);
	ck_assert_uint_eq(info.id, 7);
	ck_assert_uint_eq(info.counted, 3);
	ck_assert_int_eq(ty_live_thread(live, 0, &info), -TY_ENOTFOUND);
	end();
}

TEST(garbage_collection_is_counted_wherever_it_stands)
{
	ty_frame frames[] = { { .function = 1, .offset = 8 }, { .function = 4, .offset = -1, .kind = TY_FRAME_GC } };

	begin();
	sample(3, "main@0=4 f@8=2");
	fake_begin(target);
	fake_thread_frames(target, 7, 7, TY_VERIFIED, frames, 2);
	ck_assert_ok(ty_collector_sample(ty_live_collector(live), fake_snapshot(target)));
	ck_assert_ok(ty_live_update(live));
	ck_assert_uint_eq(overview(0).collecting, 1);
	end();
}

TEST(tasks_are_rows_by_their_name)
{
	ty_frame one[] = { { .function = 2, .offset = 8 }, { .function = 5, .offset = -1, .kind = TY_FRAME_TASK } };
	ty_frame other[] = { { .function = 2, .offset = 8 },
		             { .function = 6, .offset = -1, .kind = TY_FRAME_TASK },
		             { .function = 5, .offset = -1, .kind = TY_FRAME_TASK } };

	begin();
	fake_function(target, "one", "~", "<task one>", 0);
	fake_function(target, "other", "~", "<task other>", 0);
	for (int i = 0; i < 5; i++) {
		fake_begin(target);
		/* The other one is awaited by the first. */
		fake_thread_frames(target, 7, 7, TY_VERIFIED, i < 2 ? one : other, i < 2 ? 2 : 3);
		ck_assert_ok(ty_collector_sample(ty_live_collector(live), fake_snapshot(target)));
	}
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .group = TY_LIVE_TASKS }), 2);
	ck_assert_str_eq(row(0).name, "<task other>");
	ck_assert_uint_eq(row(0).leaf, 3);
	ck_assert_uint_eq(row(0).on_stack, 3);
	ck_assert_uint_eq(row(1).leaf, 2);
	ck_assert_uint_eq(row(1).on_stack, 5);
	end();
}

TEST(a_reset_counts_from_here_on)
{
	begin();
	sample(3, "main@0=4 f@8=2");
	ck_assert_ok(ty_live_progress(
	        &(ty_run_summary){ .size = sizeof(ty_run_summary), .samples = 3, .duration_ns = 50, .missed = 4 },
	        live));
	ck_assert_ok(ty_live_update(live));
	ty_live_reset(live);
	ck_assert_int_eq(ty_live_functions(live, NULL), 0);
	sample(2, "main@0=4 g@8=2");
	ck_assert_ok(ty_live_progress(
	        &(ty_run_summary){ .size = sizeof(ty_run_summary), .samples = 5, .duration_ns = 80, .missed = 5 },
	        live));
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 2);
	ck_assert_uint_eq(row(0).leaf, 2);
	ck_assert_uint_eq(overview(0).counted, 2);
	ck_assert_uint_eq(overview(0).verified, 2);
	ck_assert_uint_eq(overview(0).samples, 2);
	ck_assert_uint_eq(overview(0).duration_ns, 30);
	ck_assert_uint_eq(overview(0).missed, 1);
	ck_assert_uint_eq(overview(0).functions, 2);
	end();
}

TEST(a_function_has_a_past)
{
	uint16_t shares[60];

	begin();
	sample(SECOND_SAMPLES, "main@0=4 f@8=2");
	ck_assert_ok(ty_live_update(live));
	for (int i = 0; i < 6; i++) {
		sample(SECOND_SAMPLES / 4, "main@0=4 f@8=2");
		sample(SECOND_SAMPLES * 3 / 4, "main@0=4 g@8=2");
		ck_assert_ok(ty_live_update(live));
	}
	ck_assert_int_eq(ty_live_functions(live, NULL), 3);
	ck_assert_str_eq(row(0).name, "Vector.sub");
	ck_assert_int_eq(ty_live_history(live, row(0).function, 0, shares, 60), 60);
	ck_assert_uint_eq(shares[0], 0);
	ck_assert_uint_eq(shares[59], 750);
	ck_assert_int_eq(ty_live_history(live, row(2).function, 1, shares, 3), 3);
	ck_assert_uint_eq(shares[2], 1000);
	ck_assert_int_eq(ty_live_history(live, 99, 0, shares, 3), -TY_ENOTFOUND);
	end();
}

TEST(trends_compare_a_second_with_those_before)
{
	begin();
	for (int i = 0; i < 7; i++) {
		sample(SECOND_SAMPLES, "main@0=4 f@8=2");
		ck_assert_ok(ty_live_update(live));
	}
	sample(SECOND_SAMPLES, "main@0=4 g@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 3);
	ck_assert_str_eq(row(0).name, "Vector.add");
	ck_assert_int_eq(row(0).leaf_trend, -1);
	ck_assert_str_eq(row(1).name, "Vector.sub");
	ck_assert_int_eq(row(1).leaf_trend, 1);
	ck_assert_int_eq(row(2).leaf_trend, 0);
	ck_assert_int_eq(row(2).on_stack_trend, 0);
	end();
}

TEST(a_late_reader_makes_one_long_second)
{
	uint16_t shares[5];

	begin();
	sample(SECOND_SAMPLES, "main@0=4 f@8=2");
	ck_assert_ok(ty_live_update(live));
	sample(3 * SECOND_SAMPLES, "main@0=4 f@8=2");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_functions(live, NULL), 2);
	ck_assert_int_eq(ty_live_history(live, row(0).function, 0, shares, 5), 5);
	ck_assert_uint_eq(shares[1], 0);
	ck_assert_uint_eq(shares[2], 1000);
	ck_assert_uint_eq(shares[4], 1000);
	end();
}

/* ---- two threads ---- */

#define STRESS_SAMPLES 20000

static atomic_int sampling_ended;

static void *sample_in_thread(void *unused)
{
	char stack[64];

	(void)unused;
	for (int i = 0; i < STRESS_SAMPLES; i++) {
		snprintf(stack, sizeof(stack), "main@%d=4 f@%d=2", i % 300, i % 7);
		fake_begin(target);
		fake_thread(target, 7, TY_VERIFIED, stack);
		(void)ty_collector_sample(ty_live_collector(live), fake_snapshot(target));
	}
	atomic_store(&sampling_ended, 1);
	return NULL;
}

/* A reader in another thread cannot know when the sampling thread detaches. */
TEST(names_outlive_the_target)
{
	char name[] = "Vector.dot", filename[] = "/src/vector.py";

	begin();
	fake_function(target, "v", filename, name, 30);
	sample(1, "main@0=4 v@8=2");
	fake_target_free(target);
	memset(name, 'x', sizeof(name) - 1);
	memset(filename, 'x', sizeof(filename) - 1);
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(list((ty_live_query){ .sort = TY_SORT_TOTTIME }), 2);
	ck_assert_str_eq(row(0).name, "Vector.dot");
	ck_assert_str_eq(row(0).filename, "/src/vector.py");
	ty_live_free(live);
}

TEST(samples_come_while_they_are_read)
{
	pthread_t thread;
	uint64_t last = 0;

	begin();
	atomic_store(&sampling_ended, 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, sample_in_thread, NULL), 0);
	while (!atomic_load(&sampling_ended)) {
		ck_assert_ok(ty_live_update(live));
		ck_assert_int_ge(ty_live_functions(live, NULL), 0);
		ck_assert_uint_ge(overview(0).counted, last);
		last = overview(0).counted;
		if (last)
			ck_assert_int_ge(ty_live_instructions(live, 2, 0), 0);
	}
	pthread_join(thread, NULL);
	ck_assert_ok(ty_live_update(live));
	ck_assert_uint_eq(overview(0).counted, STRESS_SAMPLES);
	ck_assert_int_eq(ty_live_functions(live, NULL), 2);
	ck_assert_uint_eq(row(0).leaf, STRESS_SAMPLES);
	end();
}

TEST(options_of_tomorrow_are_refused)
{
	struct {
		ty_live_options known;
		int unknown;
	} options = { { .size = sizeof(options) }, 1 };

	ck_assert_int_eq(ty_live_new(&options.known, &live), -TY_EOPTION);
	ck_assert_ptr_null(live);
	ck_assert_int_eq(ty_live_new(&(ty_live_options){ .size = sizeof(ty_live_options), .trust = 9 }, &live),
	                 -TY_EOPTION);
}
