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
	ty_run_info run = { .size = sizeof(run), .interval_ns = FAKE_INTERVAL_NS, .start_time_ns = FAKE_START_NS };
	ty_chrome_trace_options options = { .size = sizeof(options), .opcodes = opcodes };

	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_chrome_trace_new(&options, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint32_t status, uint64_t thread, const char *stack)
{
	fake_begin(target);
	fake_status(target, status);
	if (stack)
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

#define AT "\"pid\":4711,\"tid\":77,\"ts\":"
#define MAIN ",\"cat\":\"python\",\"name\":\"\\u003cmodule>\",\"args\":{\"file\":\"/src/main.py\",\"line\":1}}"
#define ADD ",\"cat\":\"python\",\"name\":\"add\",\"args\":{\"file\":\"/src/add.py\",\"line\":10}}"

/* main goes on while its line changes, add ends with the garbage collector, and all with the thread. */
TEST(a_function_is_a_slice_while_it_is_on_the_stack)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 77, "main@0 add@2");
	sample(TY_THREAD_UNKNOWN, 77, "main@104 add@106");
	sample(TY_THREAD_UNKNOWN, 77, "main@104 gc");
	sample(TY_THREAD_UNKNOWN, 77, "main@104");
	end();
	check_has("{\"ph\":\"B\"," AT "0" MAIN ",{\"ph\":\"B\"," AT "0" ADD ",{\"ph\":\"E\"," AT "2000},"
	          "{\"ph\":\"B\"," AT "2000,\"cat\":\"native\",\"name\":\"\\u003cGC>\"},{\"ph\":\"E\"," AT "3000},"
	          "{\"ph\":\"E\"," AT "4000}");
	check_has("\"name\":\"thread_name\",\"args\":{\"name\":\"worker \\u002277\\u0022\"}");
	check_has("\"name\":\"process_name\",\"args\":{\"name\":\"Python 3.14.2\"}");
	finish();
}

TEST(recursion_is_slices_within_each_other)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 77, "add@2 add@2");
	sample(TY_THREAD_UNKNOWN, 77, "add@2");
	end();
	check_has("{\"ph\":\"B\"," AT "0" ADD ",{\"ph\":\"B\"," AT "0" ADD ",{\"ph\":\"E\"," AT "1000},"
	          "{\"ph\":\"E\"," AT "2000}");
	finish();
}

TEST(a_thread_that_went_and_came_has_two_slices)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 77, "main@0");
	sample(TY_THREAD_UNKNOWN, 0, NULL);
	sample(TY_THREAD_UNKNOWN, 0, NULL);
	sample(TY_THREAD_UNKNOWN, 77, "main@0");
	end();
	check_has("{\"ph\":\"B\"," AT "0" MAIN ",{\"ph\":\"E\"," AT "1000},{\"ph\":\"B\"," AT "3000" MAIN
	          ",{\"ph\":\"E\"," AT "4000}");
	finish();
}

TEST(states_stand_beside_the_stack)
{
	begin(0);
	sample(TY_THREAD_HAS_GIL | TY_THREAD_UNKNOWN, 77, "main@0");
	sample(TY_THREAD_GIL_REQUESTED | TY_THREAD_UNKNOWN, 77, "main@0");
	sample(TY_THREAD_UNKNOWN, 77, "main@0");
	end();
	check_has("{\"ph\":\"b\"," AT "0,\"cat\":\"GIL\",\"id\":\"0x1\",\"name\":\"Has GIL\"},"
	          "{\"ph\":\"e\"," AT "1000,\"cat\":\"GIL\",\"id\":\"0x1\",\"name\":\"Has GIL\"}");
	check_has("{\"ph\":\"b\"," AT "1000,\"cat\":\"GIL\",\"id\":\"0x2\",\"name\":\"Waiting for GIL\"},"
	          "{\"ph\":\"e\"," AT "2000,\"cat\":\"GIL\",\"id\":\"0x2\",\"name\":\"Waiting for GIL\"}");
	finish();
}

TEST(a_stay_on_an_instruction_is_an_event)
{
	begin(1);
	sample(TY_THREAD_UNKNOWN, 77, "main@0 add@2=3");
	sample(TY_THREAD_UNKNOWN, 77, "main@4 add@2=3");
	sample(TY_THREAD_UNKNOWN, 77, "main@4 gc");
	end();
	check_has("{\"ph\":\"b\"," AT
	          "0,\"cat\":\"opcode\",\"id\":\"0x7\",\"name\":\"BINARY_OP_ADD_INT (BINARY_OP)\",\"args\":"
	          "{\"function\":\"add\",\"line\":10,\"column\":2,\"offset\":2,\"base\":\"BINARY_OP\",\"specialized\":"
	          "true}},{\"ph\":\"e\"," AT "2000,\"cat\":\"opcode\"");
	finish();
}

/* What stands in for ids that no reader can keep is told apart by thread. */
TEST(ids_fit_into_what_readers_keep)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 0x7f1234567000, "main@0");
	sample(TY_THREAD_UNKNOWN, 0x7f1234568000, "main@0");
	end();
	check_has("\"tid\":1073741824,");
	check_has("\"tid\":1073741825,");
	finish();
}

TEST(nothing_gives_a_file_without_events)
{
	begin(1);
	end();
	check_has("\"traceEvents\":[]}");
	finish();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(
	        ty_chrome_trace_new(&(ty_chrome_trace_options){ .size = sizeof(ty_chrome_trace_options), .trust = 7 },
	                            sink, &collector),
	        -TY_EOPTION);
	ck_assert_int_eq(ty_chrome_trace_new(NULL, NULL, &collector), -TY_EOPTION);
}
