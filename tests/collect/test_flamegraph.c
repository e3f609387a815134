/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <tachyon/pages.h>

#include "support/fake_report.h"

/* A ty_source_fn: every file has 12 lines. */
static const char *give_source(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	static char text[64];
	unsigned int *calls = user_data;

	++*calls;
	*size_bytes = (size_t)snprintf(text, sizeof(text), "%s line %d</script>", filename + strlen("/src/"), line);
	return line <= 12 ? text : NULL;
}

static unsigned int source_calls;

static void begin(int opcodes)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000 };

	source_calls = 0;
	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "</script><!--", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_flamegraph_new(&(ty_flamegraph_options){ .size = sizeof(ty_flamegraph_options),
	                                                         .opcodes = opcodes,
	                                                         .source = give_source,
	                                                         .source_user_data = &source_calls },
	                               sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(uint64_t thread, const char *stack)
{
	fake_begin(target);
	fake_thread(target, thread, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

static void check_has(const char *text)
{
	ck_assert_msg(strstr(ty_sink_data(sink, NULL), text) != NULL, "%s is not in the page", text);
}

TEST(nodes_are_places_below_threads)
{
	begin(0);
	sample(7, "main@0 add@2");
	sample(7, "main@0 add@40"); /* the same line */
	sample(8, "main@0");
	report_end();
	check_has("\"nodes\":{\"parent\":[-1,0,1,-1,3],\"place\":[-1,0,1,-2,0],\"self\":[0,0,2,0,1]}");
	check_has("\"leaf\":{\"node\":[],");
	report_close();
}

TEST(executing_and_waiting_are_kept_apart)
{
	begin(1);
	sample(7, "main@4=4 add@2=3");
	sample(7, "main@4=4 add@2=3");
	sample(7, "main@4=4 add@2=2");
	sample(7, "main@4=4");
	report_end();
	check_has("\"leaf\":{\"node\":[1,2,2],\"opcode\":[0,1,2],\"offset\":[4,2,2],"
	          "\"end_line\":[1,10,10],\"column\":[4,2,2],"
	          "\"end_column\":[7,5,5],\"samples\":[1,1,2]}");
	check_has("\"standing\":{\"node\":[1],\"opcode\":[0],\"offset\":[4],\"end_line\":[1],\"column\":[4],\"end_"
	          "column\":[7],"
	          "\"samples\":[3]}");
	check_has("{\"name\":\"BINARY_OP_ADD_INT\",\"base\":\"BINARY_OP\",\"form\":\"specialized\"}");
	report_close();
}

TEST(source_round_a_place_is_in_the_page_once)
{
	begin(0);
	sample(7, "main@0 add@100");
	ck_assert_msg(source_calls == 2, "files are asked for while the target lives");
	sample(7, "main@100");
	report_end();
	/* Lines 1 and 2 of main.py, 11 of add.py, each with two more round it. */
	check_has("\"source\":{\"file\":[1,1,1,1,3,3,3,3],\"line\":[1,2,3,4,9,10,11,12],"
	          "\"text\":[\"main.py line 1\\u003c/script>\"");
	report_close();
}

/* A target says what it likes about its lines. */
TEST(source_at_the_last_line_there_can_be)
{
	begin(0);
	fake_function(target, "last", "/src/last.py", "last", INT32_MAX - 2);
	sample(7, "main@0 last@0");
	report_end();
	check_has("\"line\":[1,2,3],\"text\":[\"main.py line 1");
	report_close();
}

TEST(threads_say_what_they_did)
{
	begin(0);
	fake_function(target, "gc", "~", "<GC>", 0);
	fake_status(target, TY_THREAD_HAS_GIL | TY_THREAD_ON_CPU);
	sample(7, "main@0");
	sample(7, "main@0 gc@-1 add@2 gc@-1"); /* a finalizer that collects */
	fake_status(target, TY_THREAD_GIL_REQUESTED | TY_THREAD_UNKNOWN | TY_THREAD_HAS_EXCEPTION);
	sample(7, "main@0");
	sample(8, "main@0 gc@-1");
	report_end();
	check_has("\"samples\":3,\"gil\":2,\"waiting\":1,\"cpu\":2,\"cpu_unknown\":1,\"exception\":1,\"gc\":1}");
	check_has("\"samples\":1,\"gil\":0,\"waiting\":1,\"cpu\":0,\"cpu_unknown\":1,\"exception\":1,\"gc\":1}");
	report_close();
}

TEST(names_do_not_end_the_data)
{
	begin(0);
	sample(7, "main@0");
	report_end();
	check_has("\"\\u003c/script>\\u003c!--\"");
	report_close();
}

TEST(nothing_gives_a_page)
{
	begin(1);
	report_end();
	check_has("\"nodes\":{\"parent\":[],\"place\":[],\"self\":[]}");
	check_has("</html>");
	report_close();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(
	        ty_flamegraph_new(&(ty_flamegraph_options){ .size = sizeof(ty_flamegraph_options), .trust = 7 }, sink,
	                          &collector),
	        -TY_EOPTION);
	ck_assert_int_eq(ty_flamegraph_new(NULL, NULL, &collector), -TY_EOPTION);
}
