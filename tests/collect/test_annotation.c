/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <tachyon/annotation.h>

#include "support/fake_report.h"

static const char *source(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	static char text[64];

	if (user_data)
		++*(int *)user_data;
	if (strcmp(filename, "/src/math.py"))
		return NULL;
	*size_bytes = (size_t)snprintf(text, sizeof(text), "line %d\x1b[31m", line);
	return text;
}

static void begin(ty_annotation_options options)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000000 };

	options.size = sizeof(options);
	target = fake_target_new();
	run.target = target;
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/math.py", "Vector.add", 10);
	fake_function(target, "lost", "/src/lost.py", "lost", 5);
	fake_code(target, "main", "0=4 8=5");
	fake_code(target, "add", "0=1 2=2 12=2 104=1 106=5 504=1");
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_annotation_new(&options, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample(int times, const char *stack)
{
	for (int i = 0; i < times; i++) {
		fake_begin(target);
		fake_thread(target, 77, TY_VERIFIED, stack);
		ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	}
}

static void check_lacks(const char *text)
{
	ck_assert_msg(strstr(ty_sink_data(sink, NULL), text) == NULL, "%s\nis in\n%s", text, ty_sink_data(sink, NULL));
}

/* 60 on the first BINARY_OP of a line, 20 on the second, 20 on lines further down. */
static void sample_add(void)
{
	sample(60, "main@0=4 add@2=3");
	sample(15, "main@0=4 add@12=3");
	sample(5, "main@0=4 add@12=2");
	sample(20, "main@0=4 add@104=1");
}

TEST(shows_all_instructions_below_their_lines)
{
	begin((ty_annotation_options){ .source = source });
	sample_add();
	report_end();
	report_has("\n/src/math.py:10(Vector.add): 100 leaf samples (100.0%), 100 on-stack (100.0%)\n");
	report_has("        80    80.0%          80     10  line 10\\x1b[31m\n");
	report_has("                                                0  LOAD_FAST          5 (load_fast)\n");
	report_has("        60    60.0%          60                 2  BINARY_OP_ADD_INT  5 (binary_op)             "
	          "specialized; "
	          "now BINARY_OP\n");
	report_has("        20    20.0%          20                12  BINARY_OP_ADD_INT  5 (binary_op)             "
	          "specialized: "
	          "BINARY_OP_ADD_INT 75.0%, BINARY_OP 25.0%; now BINARY_OP\n");
	report_has("        20    20.0%          20     11  line 11");
	report_has("  106  RETURN_VALUE\n");
	/* Lines 12 to 14 are too many to be shown, 15 has an instruction. */
	check_lacks("line 13");
	report_has("...\n                                    15  line 15");
	report_close();
}

TEST(shows_short_gaps)
{
	begin((ty_annotation_options){ .source = source });
	fake_code(target, "add", "0=1 304=5");
	sample(3, "add@0=1");
	report_end();
	report_has("line 11");
	report_has("line 12");
	check_lacks("...");
	report_close();
}

TEST(reports_specialization)
{
	begin((ty_annotation_options){ .parts = TY_ANNOTATION_SPECIALIZATION });
	sample_add();
	report_end();
	report_has("Leaf samples: 100, one a stack. Stacks: 100 verified, 0 repaired, 0 torn, 0 incomplete\n");
	report_has("       75.0%        5.0%              20.0%        0.0%        0.0%         100  all\n");
	report_has("       75.0%        5.0%              20.0%        0.0%        0.0%         100  "
	          "math.py:10(Vector.add)\n");
	report_has("           5        5.0%  math.py:10:12                 BINARY_OP 5 (binary_op) in Vector.add; "
	          "75.0% of its samples are specialized\n");
	check_lacks("source / offset");
	check_lacks("LOAD_FAST");
	report_close();
}

TEST(shows_samples_of_a_function_that_cannot_be_read)
{
	begin((ty_annotation_options){ 0 });
	sample(4, "main@0=4 lost@6=3");
	sample(2, "main@0=4 lost");
	report_end();
	report_has("/src/lost.py:5(lost): 6 leaf samples");
	report_has("Its code could not be read");
	report_has("         4    66.7%           4                 6  BINARY_OP_ADD_INT  5");
	report_has("         2    33.3%           2                 ?  (not known)\n");
	report_close();
}

/* Recordings may say of an offset what they like. */
TEST(shows_samples_at_the_last_offset_there_can_be)
{
	begin((ty_annotation_options){ .source = source });
	sample(2, "main@0=4 lost@2147483647=1");
	report_end();
	report_has("2147483647  LOAD_FAST");
	report_close();
}

TEST(shows_in_full_what_has_ended)
{
	begin((ty_annotation_options){ 0 });
	sample_add();
	fake_exit(target);
	report_end();
	report_has("  106  RETURN_VALUE\n");
	check_lacks("could not be read");
	report_close();
}

TEST(shows_the_functions_asked_for)
{
	begin((ty_annotation_options){ .function = "mod" });
	sample_add();
	report_end();
	/* Never executing itself, but it has the name. */
	report_has("/src/main.py:1(<module>): 0 leaf samples (0.0%), 100 on-stack (100.0%)\n");
	report_has("                            100                 0  CALL");
	check_lacks("Vector.add):");
	report_close();
}

TEST(says_that_there_is_no_such_function)
{
	begin((ty_annotation_options){ .function = "nobody" });
	sample_add();
	report_end();
	report_has("No function with that name was sampled.\n");
	report_close();
}

TEST(limits_the_functions)
{
	begin((ty_annotation_options){ .limit = 1 });
	sample_add();
	sample(1, "main@8=5");
	report_end();
	report_has("(Vector.add): 100 leaf");
	check_lacks("(<module>):");
	report_close();
}

TEST(colours_only_when_told)
{
	begin((ty_annotation_options){ .color = 1 });
	sample_add();
	report_end();
	report_has("\x1b[");
	report_close();
	begin((ty_annotation_options){ 0 });
	sample_add();
	report_end();
	check_lacks("\x1b[");
	report_close();
}

TEST(asks_for_sources_while_the_target_lives)
{
	int asked = 0;

	begin((ty_annotation_options){ .source = source, .source_user_data = &asked });
	sample(1, "main@0=4 add@2=3");
	ck_assert_int_eq(asked, 0);
	sample(1, "main@0=4 add@2=3");
	ck_assert_int_eq(asked, 1);
	sample(1000, "main@0=4 add@2=3");
	ck_assert_int_eq(asked, 1);
	report_close();
}

TEST(gives_everything_as_json)
{
	begin((ty_annotation_options){ .format = TY_ANNOTATION_JSON });
	sample_add();
	sample(2, "main@0=4 add@2=6");
	report_end();
	report_has("{\"version\":1,\"python_version\":\"3.14.2\",\"interval_ns\":1000000,\"stacks\":{\"counted\":102,");
	report_has("\"specialization\":{\"specialized\":75,\"generic\":7,\"not_specializable\":20,\"trace\":0,"
	          "\"unknown\":0}");
	report_has("\"could_specialize\":[{\"file\":\"/src/"
	          "math.py\",\"function\":\"Vector.add\",\"first_line\":10,\"offset\":12,"
	          "\"line\":10,\"end_line\":10,\"column\":12,\"end_column\":15,\"instruction\":\"BINARY_OP\","
	          "\"argument\":5,"
	          "\"argument_text\":\"binary_op\",\"instrumented\":false,\"leaf\":5}");
	report_has("\"disassembled\":true");
	report_has("{\"line\":10,\"leaf\":82,\"on_stack\":82}");
	report_has(
	        "{\"offset\":2,\"line\":10,\"end_line\":10,\"column\":2,\"end_column\":5,\"instruction\":\"BINARY_OP\","
	        "\"base\":\"BINARY_OP\",\"state\":\"generic\",\"instrumented\":false,\"argument\":5,"
	        "\"argument_text\":\"binary_op\",\"target\":null,\"label\":null,\"handler\":null,\"leaf\":62,\"on_"
	        "stack\":62,"
	        "\"forms\":[{\"instruction\":\"BINARY_OP_ADD_INT\",\"state\":\"specialized\",\"instrumented\":false,"
	        "\"leaf\":60},{\"instruction\":\"CALL\",\"state\":\"generic\",\"instrumented\":true,\"leaf\":2}]}");
	report_has("\"argument\":null,\"argument_text\":\"return_value\"");
	report_close();
}

TEST(json_is_whole_without_samples)
{
	begin((ty_annotation_options){ .format = TY_ANNOTATION_JSON });
	report_end();
	report_has("\"could_specialize\":[],\"functions\":[]}\n");
	report_close();
	begin((ty_annotation_options){ 0 });
	report_end();
	report_has("No samples were collected.\n");
	report_close();
}

TEST(hostile_names_break_no_line)
{
	begin((ty_annotation_options){ 0 });
	fake_function(target, "bad", "/src/\x1b[2J\n.py", "evil\n\xff", 3);
	fake_code(target, "bad", "0=2");
	sample(3, "main@0=4 bad@0=2");
	report_end();
	report_has("/src/\\x1b[2J\\x0a.py:3(evil\\x0a\xef\xbf\xbd): 3 leaf samples");
	check_lacks("\x1b");
	report_close();
}

TEST(refuses_options_it_does_not_know)
{
	static const ty_annotation_options bad[] = {
		{ .size = sizeof(bad[0]), .format = 2 },
		{ .size = sizeof(bad[0]), .parts = 4 },
		{ .size = sizeof(bad[0]), .trust = 7 },
	};
	ty_sink *refused;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_ok(ty_sink_memory(&refused));
		ck_assert_int_eq(ty_annotation_new(&bad[i], refused, &collector), -TY_EOPTION);
	}
	ck_assert_int_eq(ty_annotation_new(NULL, NULL, &collector), -TY_EOPTION);
	ck_assert_ok(ty_sink_memory(&refused));
	ck_assert_int_eq(ty_annotation_new(NULL, refused, NULL), -TY_EOPTION);
}
