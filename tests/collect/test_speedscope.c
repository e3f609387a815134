/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include <tachyon/collector.h>

#include "support/fake_report.h"

static void begin(int opcodes)
{
	report_open();
	ck_assert_ok(ty_speedscope_new(&(ty_speedscope_options){ .size = sizeof(ty_speedscope_options),
	                                                         .opcodes = opcodes },
	                               sink, &collector));
	report_begin(1000);
}

static void sample(uint64_t thread, const char *stack)
{
	fake_begin(target);
	fake_thread(target, thread, TY_VERIFIED, stack);
	ck_assert_ok(ty_collector_sample(collector, fake_snapshot(target)));
}

TEST(every_distinct_stack_is_a_sample_with_its_weight)
{
	begin(0);
	sample(7, "main@0 add@2");
	sample(7, "main@0 add@40"); /* the same line */
	sample(7, "main@0 gc");
	sample(8, "main@0");
	sample(7, "main@0");
	report_end();
	report_has("\"frames\":[{\"name\":\"\\u003cmodule>\",\"file\":\"/src/main.py\",\"line\":1},"
	          "{\"name\":\"add\",\"file\":\"/src/add.py\",\"line\":10},{\"name\":\"\\u003cGC>\"}]");
	report_has("\"startValue\":0,\"endValue\":4000,\"samples\":[[0],[0,2],[0,1]],\"weights\":[1000,1000,2000]}");
	report_has("\"startValue\":0,\"endValue\":1000,\"samples\":[[0]],\"weights\":[1000]}");
	report_close();
}

TEST(instructions_divide_the_samples_of_their_line)
{
	begin(1);
	sample(7, "main@0 add@2=2");
	sample(7, "main@0 add@2=3");
	sample(7, "main@0 add@8=2");
	sample(7, "main@4 add@2=3");
	sample(7, "main@0 gc");
	report_end();
	report_has("{\"name\":\"[BINARY_OP]\",\"file\":\"/src/add.py\",\"line\":10,\"col\":3},"
	          "{\"name\":\"[BINARY_OP_ADD_INT]\",\"file\":\"/src/add.py\",\"line\":10,\"col\":3},"
	          "{\"name\":\"[BINARY_OP]\",\"file\":\"/src/add.py\",\"line\":10,\"col\":9}]");
	report_has("\"samples\":[[0,2],[0,1,3],[0,1,4],[0,1,5]],\"weights\":[1000,1000,2000,1000]}");
	report_close();
}

TEST(nothing_gives_a_file_without_profiles)
{
	begin(1);
	report_end();
	report_has("\"shared\":{\"frames\":[]},\"profiles\":[]}");
	report_close();
}

TEST(wrong_options_are_refused)
{
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_speedscope_new(&(ty_speedscope_options){ .size = sizeof(ty_speedscope_options), .trust = 7 },
	                                   sink, &collector),
	                 -TY_EOPTION);
	ck_assert_int_eq(ty_speedscope_new(NULL, NULL, &collector), -TY_EOPTION);
}
