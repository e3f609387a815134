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
	ty_callgrind_options options = { .size = sizeof(options), .opcodes = opcodes };

	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_callgrind_new(&options, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(const char *stack)
{
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, stack);
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

TEST(instructions_have_their_own_cost_and_that_of_their_calls)
{
	begin(0);
	sample("main@4 add@2");
	sample("main@4 add@2");
	sample("main@4 add@108");
	sample("main@6 add@2");
	sample("main@4 gc");
	sample("main@8");
	end();
	check_has("\npositions: instr line\nevents: Samples\n\n"
	          "fl=(2) /src/main.py\nfn=(1) <module>\n"
	          "cfi=(4) /src/add.py\ncfn=(2) add\ncalls=3 0x0 10\n0x4 1 3\n"
	          "cfi=(6) ?"
	          "?"
	          "?\ncfn=(3) <GC>\ncalls=1 0x0 0\n0x4 1 1\n"
	          "cfi=(4)\ncfn=(2)\ncalls=1 0x0 10\n0x6 1 1\n"
	          "0x8 1 1\n"
	          "\nfl=(4)\nfn=(2)\n0x2 10 3\n0x6c 11 1\n"
	          "\nfl=(6)\nfn=(3)\n0x0 0 1\n"
	          "\ntotals: 6\n");
	finish();
}

TEST(under_recursion_a_sample_counts_once_for_a_call)
{
	begin(0);
	sample("main@4 add@2 add@2 add@2 add@6");
	end();
	check_has("calls=1 0x0 10\n0x4 1 1\n");
	check_has("fn=(2)\ncfi=(4)\ncfn=(2)\ncalls=1 0x0 10\n0x2 10 1\n0x6 10 1\n");
	finish();
}

TEST(events_tell_what_ran_specialized)
{
	begin(1);
	sample("main@4 add@2=2");
	sample("main@4 add@2=3");
	sample("main@4 add@2=3");
	sample("main@4 add@2=1");
	end();
	check_has("\nevents: Samples Specialized Generic\n");
	check_has("calls=4 0x0 10\n0x4 1 4 2 1\n");
	check_has("\n0x2 10 4 2 1\n");
	check_has("\ntotals: 4 2 1\n");
	finish();
}

/* A line may end nowhere but where it ends, and a name may not look like the number of another one. */
TEST(names_cannot_break_the_format)
{
	begin(0);
	fake_function(target, "evil", "/tmp/\n\r\x1b[31m/evil.py", "(1) \nfn=(2) x", 5);
	fake_function(target, "none", "/src/add.py", "  ", 30);
	sample("evil@0 none@0");
	end();
	check_has("fl=(2) /tmp/\\x0a\\x0d\\x1b[31m/evil.py\nfn=(1) (1) \\x0afn=(2) x\n");
	check_has("cfn=(2) ?"
	          "?"
	          "?\n");
	finish();
}

TEST(functions_of_one_name_get_their_line)
{
	begin(0);
	fake_function(target, "first", "/src/add.py", "<lambda>", 40);
	fake_function(target, "again", "/src/add.py", "<lambda>", 40);
	fake_function(target, "second", "/src/add.py", "<lambda>", 50);
	sample("main@0 first@2");
	sample("main@0 again@2");
	sample("main@0 second@2");
	end();
	check_has("cfn=(2) <lambda> (line 40)\ncalls=2 0x0 40\n0x0 1 2\n");
	check_has("cfn=(3) <lambda> (line 50)\ncalls=1 0x0 50\n");
	check_has("\nfn=(2)\n0x2 40 2\n");
	finish();
}

TEST(nothing_gives_a_file_without_functions)
{
	begin(1);
	end();
	check_has("\nevents: Samples Specialized Generic\n\ntotals: 0 0 0\n");
	finish();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_callgrind_new(&(ty_callgrind_options){ .size = sizeof(ty_callgrind_options), .trust = 7 },
	                                  sink, &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_callgrind_new(NULL, NULL, &collector), -TY_EOPTION);
}
