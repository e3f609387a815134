/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_report.h"

static void begin(int opcodes)
{
	ty_callgrind_options options = { .size = sizeof(options), .opcodes = opcodes };

	report_open();
	ck_assert_ok(ty_callgrind_new(&options, sink, &collector));
	report_begin(1000);
}

static void sample(const char *stack)
{
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
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
	report_end();
	report_has("\npositions: instr line\nevents: Samples\n\n"
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
	report_close();
}

TEST(under_recursion_a_sample_counts_once_for_a_call)
{
	begin(0);
	sample("main@4 add@2 add@2 add@2 add@6");
	report_end();
	report_has("calls=1 0x0 10\n0x4 1 1\n");
	report_has("fn=(2)\ncfi=(4)\ncfn=(2)\ncalls=1 0x0 10\n0x2 10 1\n0x6 10 1\n");
	report_close();
}

TEST(events_tell_what_ran_specialized)
{
	begin(1);
	sample("main@4 add@2=2");
	sample("main@4 add@2=3");
	sample("main@4 add@2=3");
	sample("main@4 add@2=1");
	report_end();
	report_has("\nevents: Samples Specialized Generic\n");
	report_has("calls=4 0x0 10\n0x4 1 4 2 1\n");
	report_has("\n0x2 10 4 2 1\n");
	report_has("\ntotals: 4 2 1\n");
	report_close();
}

/* A line may end nowhere but where it ends, and a name may not look like the number of another one. */
TEST(names_cannot_break_the_format)
{
	begin(0);
	fake_function(target, "evil", "/tmp/\n\r\x1b[31m/evil.py", "(1) \nfn=(2) x", 5);
	fake_function(target, "none", "/src/add.py", "  ", 30);
	sample("evil@0 none@0");
	report_end();
	report_has("fl=(2) /tmp/\\x0a\\x0d\\x1b[31m/evil.py\nfn=(1) (1) \\x0afn=(2) x\n");
	report_has("cfn=(2) ?"
	          "?"
	          "?\n");
	report_close();
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
	report_end();
	report_has("cfn=(2) <lambda> (line 40)\ncalls=2 0x0 40\n0x0 1 2\n");
	report_has("cfn=(3) <lambda> (line 50)\ncalls=1 0x0 50\n");
	report_has("\nfn=(2)\n0x2 40 2\n");
	report_close();
}

TEST(nothing_gives_a_file_without_functions)
{
	begin(1);
	report_end();
	report_has("\nevents: Samples Specialized Generic\n\ntotals: 0 0 0\n");
	report_close();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_callgrind_new(&(ty_callgrind_options){ .size = sizeof(ty_callgrind_options), .trust = 7 },
	                                  sink, &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_callgrind_new(NULL, NULL, &collector), -TY_EOPTION);
}
