/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_collector *collector;
static ty_sink *sink;

static void begin(const ty_jsonl_options *options)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1500 };

	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_jsonl_new(options, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(const char *stack)
{
	fake_begin(target);
	fake_thread(target, 77, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static const char *end(void)
{
	ck_assert_ok(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) }));
	return ty_sink_data(sink, NULL);
}

/* The result has this piece of text, somewhere. */
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

TEST(counts_frames_once_a_sample)
{
	begin(NULL);
	sample("main@0 add@2 add@2");
	sample("main@0 gc");
	end();
	check_has("\"sample_interval_usec\":2,\"mode\":\"wall\",");
	check_has("\"pid\":4711,\"python_version\":\"3.14.2\"");
	check_has("\"frames\":[{\"frame_id\":0,\"path_str_id\":1,\"func_str_id\":0,\"line\":1,\"end_line\":1,\"col\":0,"
	          "\"end_col\":3},");
	check_has("{\"frame_id\":2,\"path_str_id\":5,\"func_str_id\":4,\"line\":0}]");
	check_has("\"samples_total\":2,\"entries\":[{\"frame_id\":0,\"self\":0,\"cumulative\":2},"
	          "{\"frame_id\":1,\"self\":1,\"cumulative\":1},{\"frame_id\":2,\"self\":1,\"cumulative\":1}]}");
	check_has("\"name\":\"worker \\u002277\\u0022\"");
	finish();
}

TEST(instructions_are_keyed_by_offset_and_form)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .opcodes = 1 });
	sample("main@0 add@2=2");
	sample("main@0 add@2=3");
	sample("main@4 add@2=3");
	sample("main@0 add@8=5");
	end();
	check_has("\"entries\":[{\"frame_id\":1,\"offset\":2,\"opcode\":2,\"opname\":\"BINARY_OP\",\"base_opname\":"
	          "\"BINARY_OP\",\"specialized\":false,\"argument\":5,\"self\":1},"
	          "{\"frame_id\":1,\"offset\":2,\"opcode\":3,\"opname\":\"BINARY_OP_ADD_INT\",\"base_opname\":"
	          "\"BINARY_OP\",\"specialized\":true,\"argument\":5,\"self\":2},"
	          "{\"frame_id\":3,\"offset\":8,\"opcode\":5,\"opname\":\"RETURN_VALUE\",\"base_opname\":"
	          "\"RETURN_VALUE\",\"specialized\":false,\"self\":1}]");
	finish();
}

TEST(stacks_share_their_outer_part)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .stacks = 1 });
	sample("main@0 add@2");
	sample("main@0 add@102");
	sample("main@0");
	end();
	check_has("\"stacks\":[{\"stack_id\":2,\"frame_id\":0},{\"stack_id\":3,\"parent_id\":2,\"frame_id\":1},"
	          "{\"stack_id\":4,\"parent_id\":2,\"frame_id\":2}]");
	check_has(
	        "\"entries\":[{\"stack_id\":2,\"thread_id\":0,\"self\":1},{\"stack_id\":3,\"thread_id\":0,\"self\":1},"
	        "{\"stack_id\":4,\"thread_id\":0,\"self\":1}]");
	finish();
}

TEST(tables_are_cut_into_records)
{
	static char nicks[600][8];
	size_t records = 0;

	begin(NULL);
	for (size_t i = 0; i < 600; i++) {
		snprintf(nicks[i], sizeof(nicks[i]), "f%zu", i);
		fake_function(target, nicks[i], "/f.py", nicks[i], 1);
		sample(nicks[i]);
	}
	for (const char *at = end(); (at = strstr(at, "\"frame_table\"")); at++)
		records++;
	ck_assert_uint_eq(records, 3);
	finish();
}

TEST(nothing_gives_the_frame_of_a_file)
{
	begin(NULL);
	end();
	check_has("\"type\":\"meta\"");
	check_has("\"type\":\"end\"");
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "table"));
	finish();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(
	        ty_jsonl_new(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .trust = 7 }, sink, &collector),
	        -TY_EOPTION);
	ck_assert_int_eq(ty_jsonl_new(NULL, NULL, &collector), -TY_EOPTION);
}

TEST(times_are_those_of_every_sample)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .times = 1 });
	sample("main@0 add@2");
	sample("main@0");
	fake_begin(target);
	fake_thread(target, 77, TY_TORN, "add@2");
	fake_thread(target, 78, TY_VERIFIED, "add@2");
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	sample("main@0 add@2");
	end();
	check_has("\"type\":\"stack_table\"");
	check_has("\"type\":\"sample_table\",\"v\":0,");
	check_has(",\"samples\":[{\"time_ns\":5000000000,\"thread_id\":0,\"stack_id\":3},"
	          "{\"time_ns\":5001000000,\"thread_id\":0,\"stack_id\":2},"
	          "{\"time_ns\":5002000000,\"thread_id\":1,\"stack_id\":5},"
	          "{\"time_ns\":5003000000,\"thread_id\":0,\"stack_id\":3}]}");
	finish();
}

TEST(samples_are_cut_into_records_too)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .times = 1 });
	for (int i = 0; i < 257; i++)
		sample("main@0");
	end();
	ck_assert_ptr_nonnull(strstr(strstr(ty_sink_data(sink, NULL), "\"sample_table\"") + 1, "\"sample_table\""));
	finish();
}

TEST(the_mode_has_its_name)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000, .mode = 2 };

	target = fake_target_new();
	run.target = target;
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_jsonl_new(NULL, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
	end();
	check_has("\"mode\":\"gil\"");
	finish();
}
