/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_report.h"

static void begin(const ty_jsonl_options *options)
{
	report_open();
	ck_assert_ok(ty_jsonl_new(options, sink, &collector));
	report_begin(1500);
}

static void sample(const char *stack)
{
	fake_begin(target);
	fake_thread(target, 77, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static const char *end(void)
{
	report_end();
	return ty_sink_data(sink, NULL);
}

TEST(counts_frames_once_a_sample)
{
	begin(NULL);
	sample("main@0 add@2 add@2");
	sample("main@0 gc");
	end();
	report_has("\"sample_interval_usec\":2,\"mode\":\"wall\",");
	report_has("\"pid\":4711,\"python_version\":\"3.14.2\"");
	report_has("\"frames\":[{\"frame_id\":0,\"path_str_id\":1,\"func_str_id\":0,\"line\":1,\"end_line\":1,\"col\":0,"
	          "\"end_col\":3},");
	report_has("{\"frame_id\":2,\"path_str_id\":5,\"func_str_id\":4,\"line\":0}]");
	report_has("\"samples_total\":2,\"entries\":[{\"frame_id\":0,\"self\":0,\"cumulative\":2},"
	          "{\"frame_id\":1,\"self\":1,\"cumulative\":1},{\"frame_id\":2,\"self\":1,\"cumulative\":1}]}");
	report_has("\"name\":\"worker \\u002277\\u0022\"");
	report_close();
}

TEST(instructions_are_keyed_by_offset_and_form)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .opcodes = 1 });
	sample("main@0 add@2=2");
	sample("main@0 add@2=3");
	sample("main@4 add@2=3");
	sample("main@0 add@8=5");
	end();
	report_has("\"entries\":[{\"frame_id\":1,\"offset\":2,\"opcode\":2,\"opname\":\"BINARY_OP\",\"base_opname\":"
	          "\"BINARY_OP\",\"specialized\":false,\"argument\":5,\"self\":1},"
	          "{\"frame_id\":1,\"offset\":2,\"opcode\":3,\"opname\":\"BINARY_OP_ADD_INT\",\"base_opname\":"
	          "\"BINARY_OP\",\"specialized\":true,\"argument\":5,\"self\":2},"
	          "{\"frame_id\":3,\"offset\":8,\"opcode\":5,\"opname\":\"RETURN_VALUE\",\"base_opname\":"
	          "\"RETURN_VALUE\",\"specialized\":false,\"self\":1}]");
	report_close();
}

TEST(stacks_share_their_outer_part)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .stacks = 1 });
	sample("main@0 add@2");
	sample("main@0 add@102");
	sample("main@0");
	end();
	report_has("\"stacks\":[{\"stack_id\":2,\"frame_id\":0},{\"stack_id\":3,\"parent_id\":2,\"frame_id\":1},"
	          "{\"stack_id\":4,\"parent_id\":2,\"frame_id\":2}]");
	report_has(
	        "\"entries\":[{\"stack_id\":2,\"thread_id\":0,\"self\":1},{\"stack_id\":3,\"thread_id\":0,\"self\":1},"
	        "{\"stack_id\":4,\"thread_id\":0,\"self\":1}]");
	report_close();
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
	report_close();
}

TEST(nothing_gives_the_frame_of_a_file)
{
	begin(NULL);
	end();
	report_has("\"type\":\"meta\"");
	report_has("\"type\":\"end\"");
	ck_assert_ptr_null(strstr(ty_sink_data(sink, NULL), "table"));
	report_close();
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
	report_has("\"type\":\"stack_table\"");
	report_has("\"type\":\"sample_table\",\"v\":0,");
	report_has(",\"samples\":[{\"time_ns\":0,\"thread_id\":0,\"stack_id\":3},"
	          "{\"time_ns\":1000000,\"thread_id\":0,\"stack_id\":2},"
	          "{\"time_ns\":2000000,\"thread_id\":1,\"stack_id\":5},"
	          "{\"time_ns\":3000000,\"thread_id\":0,\"stack_id\":3}]}");
	report_close();
}

TEST(samples_are_cut_into_records_too)
{
	begin(&(ty_jsonl_options){ .size = sizeof(ty_jsonl_options), .times = 1 });
	for (int i = 0; i < 257; i++)
		sample("main@0");
	end();
	ck_assert_ptr_nonnull(strstr(strstr(ty_sink_data(sink, NULL), "\"sample_table\"") + 1, "\"sample_table\""));
	report_close();
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
	report_has("\"mode\":\"gil\"");
	report_close();
}
