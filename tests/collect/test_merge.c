/* SPDX-License-Identifier: Apache-2.0 */
/* A collector that is given everything at once writes what it would have written. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include <tachyon/annotation.h>
#include <tachyon/live.h>
#include <tachyon/pages.h>

#include "support/fake_target.h"

#define SEED 12345

static ty_target *target;
static ty_live *live;
static ty_collector *direct;
static ty_sink *direct_sink, *saved_sink;

enum format { COLLAPSED, PSTATS, JSONL, SPEEDSCOPE, FLAMEGRAPH, ANNOTATION, GECKO };

static int make(enum format format, ty_sink *sink, ty_collector **collector)
{
	switch (format) {
	case COLLAPSED:
		return ty_collapsed_new(
		        &(ty_collapsed_options){ sizeof(ty_collapsed_options), .opcodes = 1, .offsets = 1 }, sink,
		        collector);
	case PSTATS:
		return ty_pstats_new(&(ty_pstats_options){ sizeof(ty_pstats_options), .opcodes = 1 }, sink, collector);
	case JSONL:
		return ty_jsonl_new(&(ty_jsonl_options){ sizeof(ty_jsonl_options), .opcodes = 1, .stacks = 1 }, sink,
		                    collector);
	case SPEEDSCOPE:
		return ty_speedscope_new(&(ty_speedscope_options){ sizeof(ty_speedscope_options), .opcodes = 1 }, sink,
		                         collector);
	case FLAMEGRAPH:
		return ty_flamegraph_new(&(ty_flamegraph_options){ sizeof(ty_flamegraph_options), .opcodes = 1 }, sink,
		                         collector);
	case ANNOTATION:
		return ty_annotation_new(NULL, sink, collector);
	default:
		return ty_gecko_new(NULL, sink, collector);
	}
}

static ty_sink *memory(void)
{
	ty_sink *sink;

	ck_assert_ok(ty_sink_memory(&sink));
	return sink;
}

static void begin(enum format format)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = FAKE_INTERVAL_NS, .opcodes = 1 };
	ty_live_options options = { .size = sizeof(options), .opcodes = 1 };

	run.target = target = fake_target_new();
	fake_function(target, "main", "/m.py", "main", 1);
	fake_function(target, "f", "/m.py", "f", 10);
	fake_function(target, "g", "/m.py", "g", 20);
	fake_code(target, "f", "0=1 8=2 108=5");
	ck_assert_ok(ty_live_new(&options, &live));
	direct_sink = memory();
	ck_assert_ok(make(format, direct_sink, &direct));
	ck_assert_ok(ty_collector_begin(ty_live_collector(live), &run));
	ck_assert_ok(ty_collector_begin(direct, &run));
}

/* The same samples to both; threads come, go and take turns. */
static void sample_both(void)
{
	static const char *const stacks[] = { "main@0=4 f@8=2", "main@0=4 f@8=3", "main@4=4 g@0=1", "main@0=4 f@108=5",
		                              "main@8=2" };
	unsigned int seed = SEED;

	for (int i = 0; i < 200; i++) {
		fake_begin(target);
		for (uint64_t thread = 7; thread < 10; thread++)
			fake_thread(target, thread, rand_r(&seed) % 10 ? TY_VERIFIED : TY_TORN,
			            stacks[(size_t)rand_r(&seed) % (sizeof(stacks) / sizeof(stacks[0]))]);
		ck_assert_ok(ty_collector_sample(ty_live_collector(live), fake_snapshot(target)));
		ck_assert_ok(ty_collector_sample(direct, fake_snapshot(target)));
	}
}

static void end(void)
{
	ty_collector_free(direct);
	ty_live_free(live);
	fake_target_free(target);
}

/* The id of a run of jsonl is chosen by chance. */
static char *without_run_id(ty_sink *sink, size_t *size_bytes)
{
	char *text = strdup(ty_sink_data(sink, size_bytes));

	for (char *at = text; (at = strstr(at, "\"run_id\""));)
		for (at = strchr(at + strlen("\"run_id\""), '"') + 1; *at != '"'; at++)
			*at = '0';
	return text;
}

static void check_equal(enum format format)
{
	ty_run_summary summary = { .size = sizeof(summary), .duration_ns = 200 * FAKE_INTERVAL_NS, .samples = 200 };
	ty_collector *saved;
	size_t expected_bytes, bytes;

	begin(format);
	sample_both();
	saved_sink = memory();
	ck_assert_ok(make(format, saved_sink, &saved));
	ck_assert_ok(ty_live_save(live, &summary, saved));
	ck_assert_ok(ty_collector_end(direct, &summary));

	char *expected = without_run_id(direct_sink, &expected_bytes), *text = without_run_id(saved_sink, &bytes);

	ck_assert_uint_gt(bytes, 100);
	ck_assert_uint_eq(bytes, expected_bytes);
	ck_assert(memcmp(text, expected, bytes) == 0);
	free(expected);
	free(text);
	ty_collector_free(saved);
	end();
}

TEST(collapsed_is_equal)
{
	check_equal(COLLAPSED);
}

TEST(pstats_is_equal)
{
	check_equal(PSTATS);
}

TEST(jsonl_is_equal)
{
	check_equal(JSONL);
}

TEST(speedscope_is_equal)
{
	check_equal(SPEEDSCOPE);
}

TEST(flamegraph_is_equal)
{
	check_equal(FLAMEGRAPH);
}

TEST(annotation_is_equal)
{
	check_equal(ANNOTATION);
}

TEST(what_must_see_every_sample_is_refused)
{
	ty_run_summary summary = { .size = sizeof(summary) };
	ty_collector *gecko;

	begin(COLLAPSED);
	sample_both();
	ck_assert_ok(make(GECKO, memory(), &gecko));
	ck_assert_int_eq(ty_live_save(live, &summary, gecko), -TY_EOPTION);
	ty_collector_free(gecko);
	end();
}

TEST(a_collector_that_has_begun_is_refused)
{
	ty_run_summary summary = { .size = sizeof(summary) };

	begin(COLLAPSED);
	sample_both();
	ck_assert_int_eq(ty_live_save(live, &summary, direct), -TY_EOPTION);
	end();
}

TEST(nothing_that_was_begun_is_nothing_to_save)
{
	ty_run_summary summary = { .size = sizeof(summary) };
	ty_collector *collector;

	ck_assert_ok(ty_live_new(NULL, &live));
	ck_assert_ok(make(COLLAPSED, memory(), &collector));
	ck_assert_int_eq(ty_live_save(live, &summary, collector), -TY_ESTATE);
	ty_collector_free(collector);
	ty_live_free(live);
}
