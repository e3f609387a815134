/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_collector *collector;
static ty_sink *sink;

static void begin(const ty_pstats_options *options)
{
	ty_run_info run = { .size = sizeof(run), .interval_ns = 1000000 };

	target = fake_target_new();
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "parse", "/src/lib/parse.py", "Parser.parse", 10);
	fake_function(target, "next", "/src/lib/parse.py", "Parser.next", 50);
	fake_function(target, "other", "/elsewhere/parse.py", "Parser.next", 50);
	fake_function(target, "rec", "/src/main.py", "rec", 30);
	fake_function(target, "gc", "~", "<GC>", 0);
	run.target = target;
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_pstats_new(options, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
}

static void sample_as(int verdict, const char *stack, int times)
{
	while (times-- > 0) {
		fake_begin(target);
		fake_thread(target, 77, verdict, stack);
		ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
	}
}

static void sample(const char *stack, int times)
{
	sample_as(TY_VERIFIED, stack, times);
}

static const char *end(uint64_t duration_ns)
{
	const ty_run_summary summary = { .size = sizeof(summary), .duration_ns = duration_ns };

	ck_assert_ok(ty_collector_end(collector, &summary));
	return ty_sink_data(sink, NULL);
}

static void done(void)
{
	ty_collector_free(collector);
	fake_target_free(target);
}

static void check_text(const char *expected)
{
	ck_assert_str_eq(end(0), expected);
	done();
}

/* The text from a line that begins with `from` up to the next empty line. */
static const char *paragraph(const char *from)
{
	static char text[8192];
	const char *begins = strstr(end(0), from), *ends;

	ck_assert_msg(begins != NULL, "no \"%s\" in:\n%s", from, ty_sink_data(sink, NULL));
	ends = strstr(begins, "\n\n");
	snprintf(text, sizeof(text), "%.*s", ends ? (int)(ends - begins) + 1 : (int)strlen(begins), begins);
	done();
	return text;
}

static void sample_program(void)
{
	sample("main@0 parse@104 next@2=3", 1200);
	sample("main@0 parse@104 next@40=2", 300); /* the same line */
	sample("main@0 parse@204", 30);
	sample("main@100 rec@0 rec@0 rec@0", 20);
	sample("main@100 rec@0 other@2", 5);
	sample("main@0 parse@104 gc", 1);
	sample("main@100", 44);
	sample_as(TY_REPAIRED, "main@0", 2);
	sample_as(TY_TORN, "main@0 next@2", 3);
	sample_as(TY_INCOMPLETE, "next@2", 1);
}

static const char LEGEND[] = "Legend:\n"
                             "  nsamples: Direct/Cumulative samples (direct executing / on call stack)\n"
                             "  sample%: Percentage of total samples this function was directly executing\n"
                             "  tottime: Estimated total time spent directly in this function\n"
                             "  cumul%: Percentage of total samples when this function was on the call stack\n"
                             "  cumtime: Estimated cumulative time (including time in called functions)\n"
                             "  filename:lineno(function): Function location and name\n";

TEST(table_and_summary_are_those_of_cpython)
{
	char expected[4096];

	begin(NULL);
	sample_program();
	snprintf(expected, sizeof(expected), "%s%s%s",
	         "Profile Stats:\n"
	         "       nsamples   sample%   tottime (s)    cumul%   cumtime (s)  filename:lineno(function)\n"
	         "      1505/1505      93.9         1.505      93.9         1.505  parse.py:50(Parser.next)\n"
	         "          44/69       2.7         0.044       4.3         0.069  main.py:2(<module>)\n"
	         "          30/30       1.9         0.030       1.9         0.030  parse.py:12(Parser.parse)\n"
	         "          20/25       1.2         0.020       1.6         0.025  main.py:30(rec)\n"
	         "         2/1533       0.1         0.002      95.7         1.533  main.py:1(<module>)\n"
	         "            1/1       0.1         0.001       0.1         0.001  ~:0(<GC>)\n"
	         "         0/1501       0.0         0.000      93.7         1.501  parse.py:11(Parser.parse)\n"
	         "\n"
	         "Stacks: 1,600 verified (99.6 %), 2 repaired, 3 torn, 1 incomplete; torn and incomplete ones are not "
	         "in the "
	         "table\n"
	         "\n",
	         LEGEND,
	         "\n"
	         "Summary of Interesting Functions:\n"
	         "\n"
	         "Functions with Highest Direct/Cumulative Ratio (Hot Spots):\n"
	         "  1.000 direct/cumulative ratio, 93.9% direct samples: parse.py:(Parser.next)\n"
	         "  1.000 direct/cumulative ratio, 0.1% direct samples: ~:(<GC>)\n"
	         "  0.800 direct/cumulative ratio, 1.2% direct samples: main.py:(rec)\n"
	         "\n"
	         "Functions with Highest Call Frequency (Indirect Calls):\n"
	         "  1556 indirect calls, 100.0% total stack presence: main.py:(<module>)\n"
	         "  1501 indirect calls, 95.6% total stack presence: parse.py:(Parser.parse)\n"
	         "  5 indirect calls, 1.6% total stack presence: main.py:(rec)\n"
	         "\n"
	         "Functions with Highest Call Magnification (Cumulative/Direct):\n"
	         "  51.0x call magnification, 1501 indirect calls from 30 direct: parse.py:(Parser.parse)\n"
	         "  34.8x call magnification, 1556 indirect calls from 46 direct: main.py:(<module>)\n"
	         "  1.2x call magnification, 5 indirect calls from 20 direct: main.py:(rec)\n");
	check_text(expected);
}

TEST(no_samples_are_said_to_be_none)
{
	begin(NULL);
	check_text("No samples were collected.\n"
	           "Stacks: 0 verified (0.0 %), 0 repaired, 0 torn, 0 incomplete\n");
	begin(NULL);
	sample_as(TY_FAILED, "", 2);
	check_text("No samples were collected.\n"
	           "Stacks: 0 verified (0.0 %), 0 repaired, 0 torn, 0 incomplete, 2 unreadable\n");
}

static void check_first_rows(int sort, const char *first, const char *second)
{
	const ty_pstats_options options = { .size = sizeof(options), .sort = sort, .limit = 2, .no_summary = 1 };
	const char *text, *line;

	begin(&options);
	sample_program();
	text = end(0);
	ck_assert_ptr_null(strstr(text, "Summary"));
	line = strstr(text, "(function)\n") + strlen("(function)\n");
	ck_assert_ptr_nonnull(strstr(line, first));
	ck_assert_ptr_nonnull(strstr(line, second));
	ck_assert(strstr(line, first) < strstr(line, second));
	ck_assert_ptr_eq(strchr(strchr(line, '\n') + 1, '\n'), strstr(line, "\n\n"));
	done();
}

TEST(rows_are_sorted_and_limited)
{
	check_first_rows(TY_SORT_NSAMPLES, "parse.py:50(", "main.py:2(");
	check_first_rows(TY_SORT_TOTTIME, "parse.py:50(", "main.py:2(");
	check_first_rows(TY_SORT_SAMPLE_PCT, "parse.py:50(", "main.py:2(");
	check_first_rows(TY_SORT_CUMTIME, "main.py:1(", "parse.py:50(");
	check_first_rows(TY_SORT_CUMUL_PCT, "main.py:1(", "parse.py:50(");
	check_first_rows(TY_SORT_NSAMPLES_CUMUL, "main.py:1(", "parse.py:50(");
	check_first_rows(TY_SORT_NAME, "main.py:1(", "main.py:2(");
}

TEST(units_follow_the_largest_shown_value)
{
	begin(NULL);
	sample("main@0 rec@0", 999);
	sample("main@0", 1);
	ck_assert_str_eq(paragraph("       nsamples"),
	                 "       nsamples   sample%  tottime (ms)    cumul%   cumtime (s)  filename:lineno(function)\n"
	                 "        999/999      99.9       999.000      99.9         0.999  main.py:30(rec)\n"
	                 "         1/1000       0.1         1.000     100.0         1.000  main.py:1(<module>)\n");
}

TEST(fastest_sampling_is_measured_by_its_result)
{
	begin(NULL);
	ty_collector_free(collector);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_ok(ty_pstats_new(NULL, sink, &collector));
	ck_assert_ok(ty_collector_begin(
	        collector, &(ty_run_info){ .size = sizeof(ty_run_info), .target = target, .interval_ns = 1 }));
	sample("main@0", 100);
	/* 100 samples in 400 μs: 4 μs each */
	ck_assert_ptr_nonnull(
	        strstr(end(400000), "       nsamples   sample%  tottime (μs)    cumul%  cumtime (μs)  f"));
	ck_assert_ptr_nonnull(
	        strstr(ty_sink_data(sink, NULL),
	               "        100/100     100.0       400.000     100.0       400.000  main.py:1(<module>)\n"));
	done();
}

TEST(all_stacks_are_counted_when_asked_for)
{
	const ty_pstats_options options = { .size = sizeof(options), .trust = TY_TRUST_ALL };

	begin(&options);
	sample_as(TY_TORN, "main@0 next@2", 3);
	ck_assert_ptr_nonnull(strstr(end(0), "            3/3     100.0"));
	ck_assert_ptr_nonnull(strstr(ty_sink_data(sink, NULL), "0 repaired, 3 torn, 0 incomplete\n"));
	done();
}

TEST(colours_are_those_of_cpython)
{
	const ty_pstats_options options = { .size = sizeof(options), .color = 1, .no_summary = 1 };

	begin(&options);
	sample("main@0", 1);
	ck_assert_ptr_nonnull(strstr(end(0), "\x1b[1;34mProfile Stats:\x1b[0m\n"
	                                     "\x1b[1;34m       nsamples\x1b[0m  \x1b[1;34m sample%\x1b[0m  "));
	ck_assert_ptr_nonnull(strstr(ty_sink_data(sink, NULL),
	                             "  \x1b[32mmain.py\x1b[0m:\x1b[33m1\x1b[0m(\x1b[36m<module>\x1b[0m)\n"));
	done();
}

TEST(names_cannot_forge_rows)
{
	begin(NULL);
	fake_function(target, "evil", "/a\x1b[2J.py", "f\n            9/9 x", 1);
	sample("evil@0", 1);
	ck_assert_ptr_nonnull(strstr(end(0), "  a\\x1b[2J.py:1(f\\x0a            9/9 x)\n"));
	ck_assert_ptr_null(strchr(ty_sink_data(sink, NULL), '\x1b'));
	done();
}

TEST(instructions_are_leaf_samples_by_offset)
{
	const ty_pstats_options options = { .size = sizeof(options), .opcodes = 1, .no_summary = 1 };

	begin(&options);
	sample("main@0=4 next@2=3", 60);
	sample("main@0=4 next@40=2", 20);
	sample("main@0=4 next@2=2", 10); /* lost its specialization */
	sample("main@0=4 rec@150=1", 5);
	sample("main@0=4 rec@152=5", 1);
	sample("main@0=4 gc", 2);
	sample("main@0=4 other@2=3", 1);
	sample("main@0=200", 1); /* no opcode */
	ck_assert_str_eq(strstr(end(0), "\nHot"),
	                 "\nHot Instructions: leaf samples, the instruction itself was executing\n"
	                 "\n"
	                 "parse.py:50(Parser.next): 90 samples, 90.0%\n"
	                 "     samples   sample%  offset  line:col     instruction        base       argument\n"
	                 "          60      60.0       2  50:2-50:5    BINARY_OP_ADD_INT  BINARY_OP         5\n"
	                 "          20      20.0      40  50:40-50:43  BINARY_OP                            5\n"
	                 "          10      10.0       2  50:2-50:5    BINARY_OP                            5\n"
	                 "\n"
	                 "main.py:30(rec): 6 samples, 6.0%\n"
	                 "     samples   sample%  offset  line:col     instruction   base  argument\n"
	                 "           5       5.0     150  31:50-31:53  LOAD_FAST                  5\n"
	                 "           1       1.0     152  31:52-31:55  RETURN_VALUE\n"
	                 "\n"
	                 "parse.py:50(Parser.next): 1 sample, 1.0%\n"
	                 "     samples   sample%  offset  line:col   instruction        base       argument\n"
	                 "           1       1.0       2  50:2-50:5  BINARY_OP_ADD_INT  BINARY_OP         5\n");
	done();
}

TEST(instructions_of_a_hot_function_are_limited)
{
	ty_pstats_options options = { .size = sizeof(options), .opcodes = 1 };
	char stack[32];

	for (int all = 0; all < 2; all++) {
		options.limit = all ? UINT32_MAX : 0;
		begin(&options);
		for (int offset = 0; offset < 20; offset += 2) {
			snprintf(stack, sizeof(stack), "next@%d=1", offset);
			sample(stack, 1);
		}
		ck_assert_int_eq(strstr(end(0), "         ...  (2 more instructions)\n") != NULL, !all);
		done();
	}
}

TEST(instructions_that_were_not_gathered_are_said_to_be_none)
{
	const ty_pstats_options options = { .size = sizeof(options), .opcodes = 1 };

	begin(&options);
	sample("gc", 1);
	ck_assert_ptr_nonnull(strstr(end(0), "  No instructions were gathered.\n"));
	done();
}

TEST(file_is_a_marshalled_dictionary)
{
	/* {("/m.py", 1, "f"): (1, 2, 0.001, 0.002, {}), ("/m.py", 3, "g"): (1, 1, 0.001, 0.001, {("/m.py", 1, "f"):
	 * 1}), …} */
	static const char EXPECTED[] = "{"
	                               ")\x03u\x05\0\0\0/m.pyi\x01\0\0\0u\x01\0\0\0f"
	                               ")\x05i\x01\0\0\0i\x02\0\0\0g\xfc\xa9\xf1\xd2MbP?g\xfc\xa9\xf1\xd2Mb`?{0"
	                               ")\x03u\x05\0\0\0/m.pyi\x03\0\0\0u\x01\0\0\0g"
	                               ")\x05i\x01\0\0\0i\x01\0\0\0g\xfc\xa9\xf1\xd2MbP?g\xfc\xa9\xf1\xd2MbP?{"
	                               ")\x03u\x05\0\0\0/m.pyi\x01\0\0\0u\x01\0\0\0fi\x01\0\0\0"
	                               "0"
	                               ")\x01u\x0b\0\0\0__sampled__T"
	                               "0";
	const ty_pstats_options options = { .size = sizeof(options), .format = TY_PSTATS_MARSHAL };
	size_t size;

	begin(&options);
	fake_function(target, "f", "/m.py", "f", 1);
	fake_function(target, "g", "/m.py", "g", 3);
	sample("f@0 g@0", 1);
	sample("f@2", 1);
	end(0);
	ty_sink_data(sink, &size);
	ck_assert_uint_eq(size, sizeof(EXPECTED) - 1);
	ck_assert_mem_eq(ty_sink_data(sink, NULL), EXPECTED, size);
	done();
}

TEST(wrong_options_are_refused)
{
	const ty_pstats_options wrong[] = {
		{ .size = sizeof(*wrong), .format = 2 },  { .size = sizeof(*wrong), .sort = 7 },
		{ .size = sizeof(*wrong), .sort = -1 },   { .size = sizeof(*wrong), .trust = 2 },
		{ .size = sizeof(*wrong), .format = -1 }, { .size = 1 },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_ok(ty_sink_memory(&sink));
		ck_assert_int_eq(ty_pstats_new(&wrong[i], sink, &collector), -TY_EOPTION);
	}
	ck_assert_int_eq(ty_pstats_new(NULL, NULL, &collector), -TY_EOPTION);
}
