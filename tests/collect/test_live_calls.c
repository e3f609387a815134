/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls a function of a live view, and what it calls. */
#include "support/test.h"

#include <stdio.h>

#include <tachyon/live.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_live *live;

static void begin(void)
{
	target = fake_target_new();
	fake_function(target, "main", "/m.py", "main", 1);
	fake_function(target, "a", "/m.py", "a", 10);
	fake_function(target, "b", "/m.py", "b", 20);
	fake_function(target, "f", "/m.py", "f", 30);
	ck_assert_ok(ty_live_new(NULL, &live));
	ck_assert_ok(ty_collector_begin(ty_live_collector(live),
	                                &(ty_run_info){ .size = sizeof(ty_run_info), .target = target }));
}

static void end(void)
{
	ty_live_free(live);
	fake_target_free(target);
}

static void sample_of(uint64_t thread, int times, const char *stack)
{
	for (int i = 0; i < times; i++) {
		fake_begin(target);
		fake_thread(target, thread, TY_VERIFIED, stack);
		ck_assert_ok(ty_collector_sample(ty_live_collector(live), fake_snapshot(target)));
	}
}

static void sample(int times, const char *stack)
{
	sample_of(7, times, stack);
}

/* "f8 .a5 ..main5": a row as its depth, name and samples. */
static const char *calls(const char *name, int direction, uint32_t thread)
{
	static char text[256];
	size_t used = 0;
	uint32_t number = 0;

	ck_assert_ok(ty_live_update(live));
	for (int i = ty_live_functions(live, NULL); i-- > 0;) {
		ty_live_function_info info = { .size = sizeof(info) };

		ck_assert_ok(ty_live_function(live, (size_t)i, &info));
		number = strcmp(info.name, name) ? number : info.function;
	}
	int count = ty_live_calls(live, number, direction, thread);

	text[0] = '\0';
	ck_assert_int_ge(count, 0);
	for (int i = 0; i < count; i++) {
		ty_live_call_info info = { .size = sizeof(info) };

		ck_assert_ok(ty_live_call(live, (size_t)i, &info));
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.*s%s%d", i ? " " : "", (int)info.depth,
		                         "........", info.name, (int)info.samples);
	}
	return text;
}

TEST(callers_stand_below_the_function)
{
	begin();
	sample(3, "main@0 a@0 f@0");
	sample(4, "main@0 a@8 f@8");
	sample(5, "main@0 b@0 f@0");
	ck_assert_str_eq(calls("f", TY_LIVE_CALLERS, 0), "f12 .a7 ..main7 .b5 ..main5");
	end();
}

TEST(callees_stand_below_the_function)
{
	begin();
	sample(3, "main@0 a@0 f@0");
	sample(2, "main@0 a@0");
	sample(1, "main@0 b@0");
	ck_assert_str_eq(calls("main", TY_LIVE_CALLEES, 0), "main6 .a5 ..f3 .b1");
	ck_assert_str_eq(calls("a", TY_LIVE_CALLEES, 0), "a5 .f3");
	end();
}

TEST(recursion_counts_a_sample_once)
{
	begin();
	sample(3, "main@0 f@0 f@4 f@8");
	sample(2, "main@0 f@0 a@0 f@4");
	ck_assert_str_eq(calls("f", TY_LIVE_CALLERS, 0), "f5 .main5");
	ck_assert_str_eq(calls("f", TY_LIVE_CALLEES, 0), "f5 .f3 ..f3 .a2 ..f2");
	end();
}

TEST(threads_are_counted_apart)
{
	begin();
	sample_of(7, 3, "main@0 a@0 f@0");
	sample_of(8, 5, "main@0 b@0 f@0");
	ck_assert_str_eq(calls("f", TY_LIVE_CALLERS, 2), "f5 .b5 ..main5");
	end();
}

TEST(what_is_not_there_is_refused)
{
	begin();
	sample(1, "main@0");
	ck_assert_ok(ty_live_update(live));
	ck_assert_int_eq(ty_live_calls(live, 0, TY_LIVE_CALLERS, 0), -TY_ENOTFOUND);
	ck_assert_int_eq(ty_live_calls(live, 9, TY_LIVE_CALLERS, 0), -TY_ENOTFOUND);
	ck_assert_int_eq(ty_live_calls(live, 1, 7, 0), -TY_EOPTION);
	end();
}
