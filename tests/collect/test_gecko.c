/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_report.h"

static void begin(int opcodes)
{
	report_open();
	ck_assert_ok(ty_gecko_new(&(ty_gecko_options){ .size = sizeof(ty_gecko_options), .opcodes = opcodes }, sink,
	                          &collector));
	report_begin(1000000);
}

static void sample(uint32_t status, int verdict, const char *stack)
{
	fake_begin(target);
	fake_status(target, status);
	fake_thread(target, 77, verdict, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

TEST(samples_have_their_times_and_share_stacks)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0 add@2");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0");
	sample(TY_THREAD_UNKNOWN, TY_TORN, "add@2");
	sample(TY_THREAD_UNKNOWN, TY_REPAIRED, "main@0 add@2");
	report_end();
	report_has("\"samples\":{\"length\":3,\"stack\":[1,0,1],\"time\":[0,1,3],");
	report_has("\"stackTable\":{\"length\":2,\"frame\":[0,1],\"prefix\":[null,0]}");
	report_has("\"line\":[1,10],\"column\":[1,3]");
	report_has("\"markers\":{\"length\":0,");
	report_has("\"pid\":\"4711\",\"tid\":\"77\"");
	report_has("\"product\":\"Python 3.14.2\"");
	report_close();
}

/* It is in the first and third snapshot: its stack is not what it stood on in between. */
TEST(a_thread_that_was_not_there_has_no_stack_and_no_state)
{
	begin(0);
	sample(TY_THREAD_ON_CPU, TY_VERIFIED, "main@0");
	fake_begin(target);
	fake_thread(target, 78, TY_VERIFIED, "add@2");
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	fake_begin(target);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	sample(TY_THREAD_ON_CPU, TY_VERIFIED, "main@0");
	report_end();
	report_has("\"samples\":{\"length\":3,\"stack\":[0,null,0],\"time\":[0,1,3],");
	report_has("\"samples\":{\"length\":1,\"stack\":[1],\"time\":[1],");
	report_has("\"startTime\":[0,3],\"endTime\":[0,3],\"category\":[5,5]");
	report_close();
}

/* Rows: Has GIL 0 to 2 ms, No GIL from there; the strings of the target come before those of markers. */
TEST(markers_are_intervals_between_samples)
{
	begin(0);
	sample(TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU, TY_VERIFIED, "main@0");
	sample(TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU, TY_VERIFIED, "main@0 gc");
	sample(TY_THREAD_GIL_REQUESTED, TY_VERIFIED, "main@0 gc");
	sample(TY_THREAD_GIL_REQUESTED, TY_VERIFIED, "main@0");
	report_end();
	report_has(
	        "\"data\":[{\"type\":\"HasGIL\"},{\"type\":\"OnCPU\"},{\"type\":\"PythonCode\"},"
	        "{\"type\":\"GCCollecting\"},{\"type\":\"NoGIL\"},{\"type\":\"WaitingforGIL\"},{\"type\":\"OffCPU\"}]");
	report_has("\"startTime\":[0,0,0,1,2,2,2],\"endTime\":[2,2,2,3,3,3,3],\"category\":[4,5,6,3,4,4,5]");
	report_close();
}

TEST(what_the_reader_does_not_tell_gives_no_marker)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0");
	report_end();
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "{\"type\":\"No"));
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "{\"type\":\"Off"));
	report_close();
}

TEST(a_stay_on_an_instruction_is_a_marker_whatever_the_caller)
{
	begin(1);
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0 add@2=3");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 add@2=3");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 add@2=2");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 add@6=2");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 gc");
	report_end();
	report_has("\"data\":[{\"type\":\"Opcode\",\"opname\":\"BINARY_OP_ADD_INT (BINARY_OP)\",\"base_opname\":"
	          "\"BINARY_OP\",\"is_specialized\":true,\"opcode\":3,\"offset\":2,\"line\":10,\"column\":2,"
	          "\"function\":\"add\"},{\"type\":\"Opcode\",\"opname\":\"BINARY_OP\"");
	report_has("\"startTime\":[0,2,3,4],\"endTime\":[2,3,4,4],\"category\":[7,7,7,3]");
	report_close();
}

TEST(a_thread_without_an_id_that_never_ran_is_not_shown)
{
	begin(0);
	fake_begin(target);
	fake_status(target, TY_THREAD_ON_CPU);
	fake_thread(target, 0, TY_VERIFIED, "");
	fake_thread(target, 78, TY_VERIFIED, "");
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	report_end();
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "\"tid\":\"0\""));
	report_has("\"tid\":\"78\"");
	report_close();
}

/* A leaf without samples of its own has nothing to be read; the file must be whole all the same. */
TEST(nothing_gives_a_file_without_threads)
{
	begin(1);
	report_end();
	report_has("\"threads\":[]}");
	report_close();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(
	        ty_gecko_new(&(ty_gecko_options){ .size = sizeof(ty_gecko_options), .trust = 7 }, sink, &collector),
	        -TY_EOPTION);
	ck_assert_int_eq(ty_gecko_new(NULL, NULL, &collector), -TY_EOPTION);
}
