/* SPDX-License-Identifier: Apache-2.0 */
/* The lines and instructions of one function of a live view. */
#include "support/test.h"

#include <tachyon/live.h>

#include "support/fake_target.h"

static ty_target *target;
static ty_live *live;

static void begin(void)
{
	ty_live_options options = { .size = sizeof(options), .opcodes = 1 };

	target = fake_target_new();
	fake_function(target, "main", "/m.py", "main", 1);
	fake_function(target, "f", "/m.py", "f", 10);
	ck_assert_ok(ty_live_new(&options, &live));
	ck_assert_ok(ty_collector_begin(ty_live_collector(live),
	                                &(ty_run_info){ .size = sizeof(ty_run_info), .target = target, .opcodes = 1 }));
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

static uint32_t number_of(const char *name)
{
	int count;

	ck_assert_ok(ty_live_update(live));
	count = ty_live_functions(live, NULL);
	for (int i = 0; i < count; i++) {
		ty_live_function_info info = { .size = sizeof(info) };

		ck_assert_ok(ty_live_function(live, (size_t)i, &info));
		if (!strcmp(info.name, name))
			return info.function;
	}
	ck_abort_msg("%s was not seen", name);
	return 0;
}

static ty_live_instruction_info row(size_t index)
{
	ty_live_instruction_info info = { .size = sizeof(info) };

	ck_assert_ok(ty_live_instruction(live, index, &info));
	return info;
}

static void check(size_t index, int32_t line, int32_t offset, uint64_t leaf, uint64_t on_stack, const char *name)
{
	ty_live_instruction_info info = row(index);

	ck_assert_int_eq(info.is_line, offset < 0);
	ck_assert_int_eq(info.line, line);
	ck_assert_int_eq(info.offset, offset);
	ck_assert_uint_eq(info.leaf, leaf);
	ck_assert_uint_eq(info.on_stack, on_stack);
	ck_assert_str_eq(info.name, name);
}

TEST(lines_stand_before_their_instructions)
{
	begin();
	fake_code(target, "f", "0=1 8=2 108=5");
	sample(3, "main@4=4 f@8=2");
	sample(2, "main@4=4 f@108=5");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 0), 5);
	check(0, 10, -1, 3, 3, "");
	check(1, 10, 0, 0, 0, "LOAD_FAST");
	check(2, 10, 8, 3, 3, "BINARY_OP");
	check(3, 11, -1, 2, 2, "");
	check(4, 11, 108, 2, 2, "RETURN_VALUE");
	ck_assert_str_eq(row(1).argument_text, "load_fast");
	ck_assert_int_eq(row(1).has_argument, 1);
	ck_assert_int_eq(row(4).has_argument, 0);
	end();
}

TEST(the_form_is_that_of_most_samples)
{
	begin();
	fake_code(target, "f", "8=2");
	sample(2, "main@4=4 f@8=2");
	sample(3, "main@6=4 f@8=3");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 0), 2);
	check(1, 10, 8, 5, 5, "BINARY_OP_ADD_INT");
	ck_assert_str_eq(row(1).base_name, "BINARY_OP");
	ck_assert_uint_eq(row(1).opcode, FAKE_BINARY_OP_ADD_INT);
	ck_assert_int_eq(row(1).form, TY_LIVE_FORM_SPECIALIZED);
	ck_assert_uint_eq(row(1).forms, 2);
	sample(4, "main@4=4 f@8=2");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 0), 2);
	ck_assert_int_eq(row(1).form, TY_LIVE_FORM_GENERIC);
	end();
}

TEST(what_is_in_no_listing_keeps_its_samples)
{
	begin();
	sample(3, "main@4=4 f@8=2");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 0), 2);
	check(1, 10, 8, 3, 3, "BINARY_OP");
	ck_assert_int_eq(ty_live_instructions(live, number_of("main"), 0), 2);
	/* It only waited: the samples say nothing of its instruction. */
	check(1, 1, 4, 0, 3, "");
	ck_assert_int_eq(row(1).form, TY_LIVE_FORM_UNKNOWN);
	end();
}

TEST(what_is_looked_at_is_read_although_it_never_executes)
{
	begin();
	fake_code(target, "main", "4=4");
	sample(3, "main@4=4 f@8=2");
	ck_assert_int_eq(ty_live_instructions(live, number_of("main"), 0), 2);
	sample(1, "main@4=4 f@8=2");
	ck_assert_int_eq(ty_live_instructions(live, number_of("main"), 0), 2);
	check(1, 1, 4, 0, 4, "CALL");
	end();
}

TEST(one_function_a_sample_is_disassembled_where_all_are_wanted)
{
	ty_live_options options = { .size = sizeof(options), .opcodes = 1, .listings = 1 };

	begin();
	ty_live_free(live);
	ck_assert_ok(ty_live_new(&options, &live));
	ck_assert_ok(ty_collector_begin(ty_live_collector(live),
	                                &(ty_run_info){ .size = sizeof(ty_run_info), .target = target, .opcodes = 1 }));
	fake_code(target, "main", "4=4");
	fake_code(target, "f", "8=2");
	sample(1, "main@4=4 f@8=2");
	ck_assert_uint_eq(fake_disassemblies(target), 1);
	sample(1, "main@4=4 f@8=2");
	ck_assert_uint_eq(fake_disassemblies(target), 3); /* f, and f as it has been seen twice */
	sample(1, "main@4=4 f@8=2");
	ck_assert_uint_eq(fake_disassemblies(target), 3);
	ck_assert_int_eq(ty_live_instructions(live, number_of("main"), 0), 2);
	check(1, 1, 4, 0, 3, "CALL");
	ck_assert_uint_eq(row(1).opcode, FAKE_CALL);
	end();
}

TEST(of_two_lambdas_of_one_line_the_hotter_one_is_shown)
{
	begin();
	fake_function(target, "a", "/m.py", "<lambda>", 30);
	fake_function(target, "b", "/m.py", "<lambda>", 30);
	sample(3, "main@4=4 a@8=2");
	sample(5, "main@4=4 b@12=1");
	ck_assert_int_eq(ty_live_instructions(live, number_of("<lambda>"), 0), 2);
	check(1, 30, 12, 5, 5, "LOAD_FAST");
	end();
}

TEST(threads_are_counted_apart)
{
	begin();
	sample_of(7, 3, "main@4=4 f@8=2");
	sample_of(8, 2, "main@4=4 f@8=3");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 2), 2);
	check(1, 10, 8, 2, 2, "BINARY_OP_ADD_INT");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 3), -TY_ENOTFOUND);
	end();
}

TEST(a_reset_leaves_the_instructions_without_samples)
{
	begin();
	fake_code(target, "f", "0=1 8=2");
	sample(3, "main@4=4 f@8=2");

	uint32_t f = number_of("f");

	ty_live_reset(live);
	ck_assert_int_eq(ty_live_instructions(live, f, 0), 3);
	check(2, 10, 8, 0, 0, "BINARY_OP");
	end();
}

TEST(recursion_counts_a_sample_once)
{
	begin();
	sample(3, "main@4=4 f@8=4 f@8=4 f@12=2");
	ck_assert_int_eq(ty_live_instructions(live, number_of("f"), 0), 3);
	check(0, 10, -1, 3, 3, "");
	check(1, 10, 8, 0, 3, "");
	check(2, 10, 12, 3, 3, "BINARY_OP");
	end();
}
