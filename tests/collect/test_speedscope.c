/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_collector *collector;
static ty_sink *sink;

static void begin(int opcodes)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000 };

	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_speedscope_new(&(ty_speedscope_options){ .size = sizeof(ty_speedscope_options),
	                                                         .opcodes = opcodes },
	                               sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint64_t thread, const char *stack)
{
	fake_begin(target);
	fake_thread(target, thread, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static void end(void)
{
	ck_assert_ok(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) }));
}

static void check_has(const char *text)
{
	ck_assert_msg(strstr(ty_sink_data(sink, NULL), text) != NULL, "%s\nis not in\n%s", text,
	              ty_sink_data(sink, NULL));
}

static void finish(void)
{
	ty_collector_free(collector);
	fake_target_free(target);
}

TEST(every_distinct_stack_is_a_sample_with_its_weight)
{
	begin(0);
	sample(7, "main@0 add@2");
	sample(7, "main@0 add@40"); /* the same line */
	sample(7, "main@0 gc");
	sample(8, "main@0");
	sample(7, "main@0");
	end();
	check_has("\"frames\":[{\"name\":\"\\u003cmodule>\",\"file\":\"/src/main.py\",\"line\":1},"
	          "{\"name\":\"add\",\"file\":\"/src/add.py\",\"line\":10},{\"name\":\"\\u003cGC>\"}]");
	check_has("\"startValue\":0,\"endValue\":4000,\"samples\":[[0],[0,2],[0,1]],\"weights\":[1000,1000,2000]}");
	check_has("\"startValue\":0,\"endValue\":1000,\"samples\":[[0]],\"weights\":[1000]}");
	finish();
}

TEST(instructions_divide_the_samples_of_their_line)
{
	begin(1);
	sample(7, "main@0 add@2=2");
	sample(7, "main@0 add@2=3");
	sample(7, "main@0 add@8=2");
	sample(7, "main@4 add@2=3");
	sample(7, "main@0 gc");
	end();
	check_has("{\"name\":\"[BINARY_OP]\",\"file\":\"/src/add.py\",\"line\":10,\"col\":3},"
	          "{\"name\":\"[BINARY_OP_ADD_INT]\",\"file\":\"/src/add.py\",\"line\":10,\"col\":3},"
	          "{\"name\":\"[BINARY_OP]\",\"file\":\"/src/add.py\",\"line\":10,\"col\":9}]");
	check_has("\"samples\":[[0,2],[0,1,3],[0,1,4],[0,1,5]],\"weights\":[1000,1000,2000,1000]}");
	finish();
}

TEST(nothing_gives_a_file_without_profiles)
{
	begin(1);
	end();
	check_has("\"shared\":{\"frames\":[]},\"profiles\":[]}");
	finish();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_speedscope_new(&(ty_speedscope_options){ .size = sizeof(ty_speedscope_options), .trust = 7 },
	                                   sink, &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_speedscope_new(NULL, NULL, &collector), -TY_EOPTION);
}
