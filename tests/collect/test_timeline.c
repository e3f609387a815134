/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <malloc.h>
#include <string.h>

#include <tachyon/collector.h>

#include "collect/timeline.h"
#include "support/fake_target.h"

#define ROUNDS 20000
/* The index of the blocks in the temporary file, and what a map has grown by. */
#define GROWTH_BYTES_MAX 65536

static ty_target *target;
static ty_collector *collector;
static struct ty_timeline *timeline;
static bool was_written;

static int look(struct ty_timeline *gathered)
{
	was_written = gathered == timeline;
	return 0;
}

static void begin(void)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = FAKE_INTERVAL_NS, .start_time_ns = FAKE_START_NS };
	ty_sink *sink;

	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	ck_assert_ok(ty_sink_memory(&sink));
	timeline = calloc(1, sizeof(*timeline));
	ck_assert_ok(ty_timeline_new(timeline, &(struct ty_timeline_options){ .opcodes = true, .write = look }, sink,
	                             &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint32_t status, const char *stack)
{
	fake_begin(target);
	fake_status(target, status);
	fake_thread(target, 77, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static void finish(void)
{
	ck_assert_ok(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) }));
	ck_assert(was_written);
	ty_collector_free(collector);
	fake_target_free(target);
}

static void run(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		sample(TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU, "main@0 add@2=3");
		sample(TY_THREAD_GIL_REQUESTED, "main@0 add@2=2");
		sample(TY_THREAD_GIL_REQUESTED, "main@4");
	}
}

/* Samples and states leave memory: what stays follows the distinct stacks. */
TEST(memory_does_not_follow_the_samples)
{
	size_t before;

	begin();
	run(ROUNDS / 10);
	before = mallinfo2().uordblks;
	run(ROUNDS);
	ck_assert_uint_ge(timeline->threads.items[0].sample_count, 3 * ROUNDS);
	ck_assert_uint_ge(timeline->threads.items[0].span_count, 2 * ROUNDS);
	ck_assert_uint_lt(mallinfo2().uordblks, before + GROWTH_BYTES_MAX);
	ck_assert_uint_gt(timeline->spool.blocks, 1);
	finish();
}

TEST(every_state_has_its_track_and_its_name)
{
	ck_assert_str_eq(ty_state_names[TY_STATE_NONE], "");
	for (int state = TY_STATE_NONE + 1; state < TY_STATE_FIRST_OPCODE; state++) {
		ck_assert_uint_gt(strlen(ty_state_names[state]), 0);
		ck_assert_int_ne(ty_track_of((uint64_t)state), TY_TRACK_OPCODE);
	}
	ck_assert_int_eq(ty_track_of(TY_STATE_FIRST_OPCODE), TY_TRACK_OPCODE);
	ck_assert_int_eq(ty_track_of(TY_STATE_FIRST_OPCODE + 1000), TY_TRACK_OPCODE);
	ck_assert_int_eq(ty_track_of(TY_STATE_WAITING_FOR_GIL), TY_TRACK_WAIT);
	ck_assert_int_eq(ty_track_of(TY_STATE_COLLECTING), TY_TRACK_GC);
}

TEST(the_last_sample_stands_for_an_interval)
{
	begin();
	sample(TY_THREAD_UNKNOWN, "main@0");
	sample(TY_THREAD_UNKNOWN, "main@0");
	ck_assert_uint_eq(ty_timeline_end_ns(timeline, &timeline->threads.items[0]), 2 * FAKE_INTERVAL_NS);
	ck_assert(ty_timeline_has(timeline, 0));
	finish();
}
