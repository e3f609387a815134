/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_report.h"

static void begin(int opcodes)
{
	ty_chrome_trace_options options = { .size = sizeof(options), .opcodes = opcodes };

	report_open();
	ck_assert_ok(ty_chrome_trace_new(&options, sink, &collector));
	report_begin(FAKE_INTERVAL_NS);
}

static void sample(uint32_t status, uint64_t thread, const char *stack)
{
	fake_begin(target);
	fake_status(target, status);
	if (stack)
		fake_thread(target, thread, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
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
	report_end();
	report_has("{\"ph\":\"B\"," AT "0" MAIN ",{\"ph\":\"B\"," AT "0" ADD ",{\"ph\":\"E\"," AT "2000},"
	          "{\"ph\":\"B\"," AT "2000,\"cat\":\"native\",\"name\":\"\\u003cGC>\"},{\"ph\":\"E\"," AT "3000},"
	          "{\"ph\":\"E\"," AT "4000}");
	report_has("\"name\":\"thread_name\",\"args\":{\"name\":\"worker \\u002277\\u0022\"}");
	report_has("\"name\":\"process_name\",\"args\":{\"name\":\"Python 3.14.2\"}");
	report_close();
}

TEST(recursion_is_slices_within_each_other)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 77, "add@2 add@2");
	sample(TY_THREAD_UNKNOWN, 77, "add@2");
	report_end();
	report_has("{\"ph\":\"B\"," AT "0" ADD ",{\"ph\":\"B\"," AT "0" ADD ",{\"ph\":\"E\"," AT "1000},"
	          "{\"ph\":\"E\"," AT "2000}");
	report_close();
}

TEST(a_thread_that_went_and_came_has_two_slices)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 77, "main@0");
	sample(TY_THREAD_UNKNOWN, 0, NULL);
	sample(TY_THREAD_UNKNOWN, 0, NULL);
	sample(TY_THREAD_UNKNOWN, 77, "main@0");
	report_end();
	report_has("{\"ph\":\"B\"," AT "0" MAIN ",{\"ph\":\"E\"," AT "1000},{\"ph\":\"B\"," AT "3000" MAIN
	          ",{\"ph\":\"E\"," AT "4000}");
	report_close();
}

TEST(states_stand_beside_the_stack)
{
	begin(0);
	sample(TY_THREAD_HAS_GIL | TY_THREAD_UNKNOWN, 77, "main@0");
	sample(TY_THREAD_GIL_REQUESTED | TY_THREAD_UNKNOWN, 77, "main@0");
	sample(TY_THREAD_UNKNOWN, 77, "main@0");
	report_end();
	report_has("{\"ph\":\"b\"," AT "0,\"cat\":\"GIL\",\"id\":\"0x1\",\"name\":\"Has GIL\"},"
	          "{\"ph\":\"e\"," AT "1000,\"cat\":\"GIL\",\"id\":\"0x1\",\"name\":\"Has GIL\"}");
	report_has("{\"ph\":\"b\"," AT "1000,\"cat\":\"GIL\",\"id\":\"0x2\",\"name\":\"Waiting for GIL\"},"
	          "{\"ph\":\"e\"," AT "2000,\"cat\":\"GIL\",\"id\":\"0x2\",\"name\":\"Waiting for GIL\"}");
	report_close();
}

TEST(a_stay_on_an_instruction_is_an_event)
{
	begin(1);
	sample(TY_THREAD_UNKNOWN, 77, "main@0 add@2=3");
	sample(TY_THREAD_UNKNOWN, 77, "main@4 add@2=3");
	sample(TY_THREAD_UNKNOWN, 77, "main@4 gc");
	report_end();
	report_has("{\"ph\":\"b\"," AT
	          "0,\"cat\":\"opcode\",\"id\":\"0x7\",\"name\":\"BINARY_OP_ADD_INT (BINARY_OP)\",\"args\":"
	          "{\"function\":\"add\",\"line\":10,\"column\":2,\"offset\":2,\"base\":\"BINARY_OP\",\"specialized\":"
	          "true}},{\"ph\":\"e\"," AT "2000,\"cat\":\"opcode\"");
	report_close();
}

/* What stands in for ids that no reader can keep is told apart by thread. */
TEST(ids_fit_into_what_readers_keep)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, 0x7f1234567000, "main@0");
	sample(TY_THREAD_UNKNOWN, 0x7f1234568000, "main@0");
	report_end();
	report_has("\"tid\":1073741824,");
	report_has("\"tid\":1073741825,");
	report_close();
}

TEST(nothing_gives_a_file_without_events)
{
	begin(1);
	report_end();
	report_has("\"traceEvents\":[]}");
	report_close();
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
