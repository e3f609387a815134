/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_collector *collector;
static ty_sink *sink;

static void begin(int opcodes)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000000, .start_time_ns = FAKE_START_NS };

	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_gecko_new(&(ty_gecko_options){ .size = sizeof(ty_gecko_options), .opcodes = opcodes }, sink,
	                          &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint32_t status, int verdict, const char *stack)
{
	fake_begin(target);
	fake_status(target, status);
	fake_thread(target, 77, verdict, stack);
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

TEST(samples_have_their_times_and_share_stacks)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0 add@2");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0");
	sample(TY_THREAD_UNKNOWN, TY_TORN, "add@2");
	sample(TY_THREAD_UNKNOWN, TY_REPAIRED, "main@0 add@2");
	end();
	check_has("\"samples\":{\"length\":3,\"stack\":[1,0,1],\"time\":[0,1,3],");
	check_has("\"stackTable\":{\"length\":2,\"frame\":[0,1],\"prefix\":[null,0]}");
	check_has("\"line\":[1,10],\"column\":[1,3]");
	check_has("\"markers\":{\"length\":0,");
	check_has("\"pid\":\"4711\",\"tid\":\"77\"");
	check_has("\"product\":\"Python 3.14.2\"");
	finish();
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
	end();
	check_has("\"samples\":{\"length\":3,\"stack\":[0,null,0],\"time\":[0,1,3],");
	check_has("\"samples\":{\"length\":1,\"stack\":[1],\"time\":[1],");
	check_has("\"startTime\":[0,3],\"endTime\":[0,3],\"category\":[5,5]");
	finish();
}

/* Rows: Has GIL 0 to 2 ms, No GIL from there; the strings of the target come before those of markers. */
TEST(markers_are_intervals_between_samples)
{
	begin(0);
	sample(TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU, TY_VERIFIED, "main@0");
	sample(TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU, TY_VERIFIED, "main@0 gc");
	sample(TY_THREAD_GIL_REQUESTED, TY_VERIFIED, "main@0 gc");
	sample(TY_THREAD_GIL_REQUESTED, TY_VERIFIED, "main@0");
	end();
	check_has(
	        "\"data\":[{\"type\":\"HasGIL\"},{\"type\":\"OnCPU\"},{\"type\":\"PythonCode\"},"
	        "{\"type\":\"GCCollecting\"},{\"type\":\"NoGIL\"},{\"type\":\"WaitingforGIL\"},{\"type\":\"OffCPU\"}]");
	check_has("\"startTime\":[0,0,0,1,2,2,2],\"endTime\":[2,2,2,3,3,3,3],\"category\":[4,5,6,3,4,4,5]");
	finish();
}

TEST(what_the_reader_does_not_tell_gives_no_marker)
{
	begin(0);
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0");
	end();
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "{\"type\":\"No"));
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "{\"type\":\"Off"));
	finish();
}

TEST(a_stay_on_an_instruction_is_a_marker_whatever_the_caller)
{
	begin(1);
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@0 add@2=3");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 add@2=3");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 add@2=2");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 add@6=2");
	sample(TY_THREAD_UNKNOWN, TY_VERIFIED, "main@4 gc");
	end();
	check_has("\"data\":[{\"type\":\"Opcode\",\"opname\":\"BINARY_OP_ADD_INT (BINARY_OP)\",\"base_opname\":"
	          "\"BINARY_OP\",\"is_specialized\":true,\"opcode\":3,\"offset\":2,\"line\":10,\"column\":2,"
	          "\"function\":\"add\"},{\"type\":\"Opcode\",\"opname\":\"BINARY_OP\"");
	check_has("\"startTime\":[0,2,3,4],\"endTime\":[2,3,4,4],\"category\":[7,7,7,3]");
	finish();
}

TEST(a_thread_without_an_id_that_never_ran_is_not_shown)
{
	begin(0);
	fake_begin(target);
	fake_status(target, TY_THREAD_ON_CPU);
	fake_thread(target, 0, TY_VERIFIED, "");
	fake_thread(target, 78, TY_VERIFIED, "");
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	end();
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "\"tid\":\"0\""));
	check_has("\"tid\":\"78\"");
	finish();
}

/* A leaf without samples of its own has nothing to be read; the file must be whole all the same. */
TEST(nothing_gives_a_file_without_threads)
{
	begin(1);
	end();
	check_has("\"threads\":[]}");
	finish();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(
	        ty_gecko_new(&(ty_gecko_options){ .size = sizeof(ty_gecko_options), .trust = 7 }, sink, &collector),
	        -TY_EOPTION);
	ck_assert_int_eq(ty_gecko_new(NULL, NULL, &collector), -TY_EOPTION);
}
