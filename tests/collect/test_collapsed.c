/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_collector *collector;
static ty_sink *sink;

static void begin(const ty_collapsed_options *options)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000000 };

	target = fake_target_new();
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "parse", "/src/lib/parse.py", "Parser.parse", 10);
	fake_function(target, "next", "/src/lib/parse.py", "Parser.next", 50);
	fake_function(target, "gc", "~", "<GC>", 0);
	run.target = target;
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_collapsed_new(options, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint64_t thread, const char *stack, int times)
{
	while (times-- > 0) {
		fake_begin(target);
		fake_thread(target, thread, TY_VERIFIED, stack);
		ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	}
}

static void check_lines(const char *expected)
{
	const ty_run_summary summary = { .size = sizeof(summary) };

	ck_assert_ok(ty_collector_end(collector, &summary));
	ck_assert_str_eq(ty_sink_data(sink, NULL), expected);
	ty_collector_free(collector);
	fake_target_free(target);
}

TEST(lines_are_those_of_cpython)
{
	begin(NULL);
	sample(77, "main@0 parse@104 next@2", 3);
	sample(77, "main@0 parse@104 next@40", 2); /* another instruction of the same line */
	sample(77, "main@0 parse@204 next@2", 1);
	sample(78, "main@0 parse@104 next@2 gc", 7);
	sample(77, "main@0", 1);
	check_lines("tid:78;main.py:<module>:1;parse.py:Parser.parse:11;parse.py:Parser.next:50;<GC> 7\n"
	            "tid:77;main.py:<module>:1;parse.py:Parser.parse:11;parse.py:Parser.next:50 5\n"
	            "tid:77;main.py:<module>:1 1\n"
	            "tid:77;main.py:<module>:1;parse.py:Parser.parse:12;parse.py:Parser.next:50 1\n");
}

TEST(nothing_gives_nothing)
{
	begin(NULL);
	check_lines("");
}

TEST(torn_stacks_are_left_out_unless_asked_for)
{
	const ty_collapsed_options all = { .size = sizeof(all), .trust = TY_TRUST_ALL };

	begin(NULL);
	fake_begin(target);
	fake_thread(target, 77, TY_TORN, "main@0");
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	check_lines("");
	begin(&all);
	fake_begin(target);
	fake_thread(target, 77, TY_TORN, "main@0");
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	check_lines("tid:77;main.py:<module>:1 1\n");
}

TEST(equal_counts_are_ordered_by_their_bytes)
{
	begin(NULL);
	fake_function(target, "f", "/f.py", "f", 1);
	fake_function(target, "f!", "~", "f", 0);
	fake_function(target, "f-", "~", "f!", 0);
	fake_function(target, "f_", "~", "f_", 0);
	fake_function(target, "z", "~", "z", 0);
	sample(5, "f_", 1);
	sample(5, "f! z", 1);
	sample(5, "f-", 1);
	sample(5, "f! f!", 1);
	sample(5, "f!", 1);
	sample(10, "f!", 1);
	/* Byte order: a blank or "!" stands before ";", letters and "_" after it. */
	check_lines("tid:10;f 1\n"
	            "tid:5;f 1\n"
	            "tid:5;f! 1\n"
	            "tid:5;f;f 1\n"
	            "tid:5;f;z 1\n"
	            "tid:5;f_ 1\n");
}

TEST(instruction_of_the_leaf_is_one_more_frame)
{
	const ty_collapsed_options options = { .size = sizeof(options), .opcodes = 1 };

	begin(&options);
	sample(77, "main@0=4 next@2=3", 3);
	sample(77, "main@0=4 next@40=3", 2);
	sample(77, "main@0=4 next@40=2", 1); /* not specialized any more */
	sample(77, "main@0=4 next@2 gc", 1);
	sample(77, "main@0=4 next@2=200", 1); /* no opcode */
	check_lines("tid:77;main.py:<module>:1;parse.py:Parser.next:50;[BINARY_OP_ADD_INT] 5\n"
	            "tid:77;main.py:<module>:1;parse.py:Parser.next:50 1\n"
	            "tid:77;main.py:<module>:1;parse.py:Parser.next:50;<GC> 1\n"
	            "tid:77;main.py:<module>:1;parse.py:Parser.next:50;[BINARY_OP] 1\n");
}

TEST(offset_tells_equal_instructions_apart)
{
	const ty_collapsed_options options = { .size = sizeof(options), .opcodes = 1, .offsets = 1 };

	begin(&options);
	sample(77, "next@2=3", 3);
	sample(77, "next@40=3", 2);
	check_lines("tid:77;parse.py:Parser.next:50;[BINARY_OP_ADD_INT@2] 3\n"
	            "tid:77;parse.py:Parser.next:50;[BINARY_OP_ADD_INT@40] 2\n");
}

TEST(names_cannot_forge_lines_or_frames)
{
	begin(NULL);
	fake_function(target, "evil", "/tmp/a;b\n.py", "f;<module> 99\ntid:1;x\x1b[31m", 1);
	sample(77, "evil@0 next@2", 1);
	check_lines("tid:77;a,b\\x0a.py:f,<module> 99\\x0atid:1,x\\x1b[31m:1;parse.py:Parser.next:50 1\n");
}

TEST(frames_without_a_known_line_or_function_stay)
{
	ty_frame frames[] = { { .function = 3, .offset = -1 }, { .function = 4000000000U, .offset = 2 } };

	begin(NULL);
	fake_begin(target);
	fake_thread_frames(target, 1, 77, TY_VERIFIED, frames, 2);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	check_lines("tid:77;<unknown>;parse.py:Parser.next:0 1\n");
}

TEST(stacks_of_any_depth_are_written)
{
	char *stack = malloc(16000), *at = stack;
	size_t size;

	begin(NULL);
	for (int i = 0; i < 1500; i++)
		at += sprintf(at, "next@%d ", i % 2 * 2);
	sample(77, stack, 1);
	ck_assert_ok(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) }));
	ty_sink_data(sink, &size);
	ck_assert_uint_eq(size, strlen("tid:77") + 1500 * strlen(";parse.py:Parser.next:50") + strlen(" 1\n"));
	ty_collector_free(collector);
	fake_target_free(target);
	free(stack);
}

static int refuse(const void *data, size_t size_bytes, void *user_data)
{
	(void)data, (void)size_bytes, (void)user_data;
	return -ENOSPC;
}

TEST(failing_sink_is_told_at_the_end)
{
	begin(NULL);
	sample(77, "main@0", 1);
	ty_collector_free(collector);
	ck_assert_ok(ty_sink_callback(refuse, NULL, &sink));
	ck_assert_ok(ty_collapsed_new(NULL, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &(ty_run_info){ .size = sizeof(ty_run_info), .target = target }));
	sample(77, "main@0", 1);
	ck_assert_int_eq(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) }), -ENOSPC);
	ty_collector_free(collector);
	fake_target_free(target);
}

TEST(wrong_options_are_refused)
{
	ty_collapsed_options options = { .size = sizeof(options), .trust = 7 };

	collector = (ty_collector *)&options;
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_collapsed_new(&options, sink, &collector), -TY_EOPTION);
	ck_assert_int_eq(ty_collapsed_new(NULL, NULL, &collector), -TY_EOPTION);
	options = (ty_collapsed_options){ .size = 3 };
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_collapsed_new(&options, sink, &collector), -TY_EOPTION);
}
