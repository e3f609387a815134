/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include <tachyon/pages.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_target *baseline;
static ty_collector *collector;
static ty_sink *sink;
static uint64_t samples;

/* `stacks` of the baseline; its functions are those of begin(), in another checkout. */
static void begin(const char *const *stacks)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = FAKE_INTERVAL_NS };

	samples = 0;
	baseline = fake_target_new();
	fake_function(baseline, "gone", "/old/app/gone.py", "gone", 5);
	fake_function(baseline, "main", "/old/app/main.py", "<module>", 1);
	fake_function(baseline, "add", "/old/app/lib/add.py", "add", 10);
	fake_record(baseline, stacks);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_flamegraph_new(
	        &(ty_flamegraph_options){ .size = sizeof(ty_flamegraph_options), .opcodes = 1, .baseline = baseline },
	        sink, &collector));
	/* It is not needed any more. */
	fake_target_free(baseline);
	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/new/main.py", "<module>", 1);
	fake_function(target, "add", "/new/lib/add.py", "add", 12);
	fake_function(target, "fresh", "/new/fresh.py", "fresh", 3);
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(const char *stack)
{
	samples++;
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static void end_after(uint64_t duration_ns)
{
	ty_run_summary summary = { .size = sizeof(summary), .duration_ns = duration_ns };

	ck_assert_ok(ty_collector_end(collector, &summary));
}

/* No tick was missed. */
static void end(void)
{
	end_after(samples * FAKE_INTERVAL_NS);
}

static void check_has(const char *text)
{
	const char *data = strstr(ty_sink_data(sink, NULL), "id=\"profile\">");

	ck_assert_msg(strstr(data, text) != NULL, "%s is not in the page: %.2000s", text, data);
}

static void finish(void)
{
	ty_collector_free(collector);
	fake_target_free(target);
}

TEST(functions_of_two_checkouts_are_one)
{
	static const char *const STACKS[] = { "main@0 add@2", "main@100 add@300", "main@0", NULL };

	begin(STACKS);
	sample("main@0 add@2");
	sample("main@0 add@100");
	end();
	check_has("\"nodes\":{\"parent\":[-1,0,1],\"place\":[-1,0,1],\"self\":[0,0,2],\"before\":[0,1,2]}");
	check_has("\"files\":{\"path\":[1,3],\"module\":[\"main\",\"lib.add\"],\"kind\":[0,0]}");
	check_has("\"baseline\":{\"title\":\"Python 3.14, process 4711\",\"samples\":3,");
	finish();
}

TEST(new_and_vanished_paths_are_both_there)
{
	static const char *const STACKS[] = { "main@0 gone@2", "main@0 add@0 gone@2", NULL };

	begin(STACKS);
	sample("main@0 fresh@2");
	sample("main@0 add@0");
	end();
	/* thread, main, fresh, add; then what only the baseline has: gone below main and below add */
	check_has("\"nodes\":{\"parent\":[-1,0,1,1,1,3],\"place\":[-1,0,1,2,3,3],\"self\":[0,0,1,1,0,0],"
	          "\"before\":[0,0,0,0,1,1]}");
	finish();
}

TEST(times_are_compared_not_samples)
{
	static const char *const STACKS[] = { "main@0", "main@0", "main@0", NULL };

	/* Half of the ticks of this run were missed: each sample stands for twice the time. */
	begin(STACKS);
	sample("main@0");
	sample("main@0");
	end_after(4 * FAKE_INTERVAL_NS);
	check_has("\"self\":[0,2],\"before\":[0,1.5]}");
	check_has("\"interval_ns\":2000000,");
	finish();
}

TEST(instructions_are_compared_by_function)
{
	static const char *const STACKS[] = { "main@4=4 add@2=2", "main@4=4 add@302=2", NULL };

	begin(STACKS);
	sample("main@8=4 add@2=3");
	end();
	check_has("\"leaf\":{\"node\":[2,2,2],");
	check_has("\"samples\":[1,0,0],\"before\":[0,1,1]}");
	check_has("\"standing\":{\"node\":[1,1],");
	check_has("{\"name\":\"BINARY_OP\",\"base\":\"BINARY_OP\",\"form\":\"generic\"}");
	finish();
}

TEST(a_run_without_samples_has_a_past)
{
	static const char *const STACKS[] = { "main@0", NULL };

	begin(STACKS);
	end();
	check_has("\"nodes\":{\"parent\":[-1,0],\"place\":[-1,0],\"self\":[0,0],\"before\":[0,1]}");
	finish();
}

TEST(an_empty_past_is_no_error)
{
	static const char *const STACKS[] = { NULL };

	begin(STACKS);
	sample("main@0");
	end();
	check_has("\"self\":[0,1],\"before\":[0,0]}");
	finish();
}
