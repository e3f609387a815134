/* SPDX-License-Identifier: Apache-2.0 */
/* Samples by function and offset, with the forms that instructions were seen in. */
#include "support/test.h"

#include <tachyon/opcode.h>

#include "collect/sites.h"
#include "support/fake_target.h"

static ty_target *target;
static struct ty_stacks stacks;
static struct ty_sites sites;

static void begin(void)
{
	target = fake_target_new();
	fake_function(target, "main", "/m.py", "main", 1);
	fake_function(target, "f", "/m.py", "f", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_stacks_init(&stacks, false, true, TY_TRUST_PROVEN));
}

static void sample(int times, const char *stack)
{
	for (int i = 0; i < times; i++) {
		fake_begin(target);
		fake_thread(target, 7, TY_VERIFIED, stack);
		ck_assert_ok(ty_stacks_add(&stacks, fake_snapshot(target)));
	}
}

static void compute(void)
{
	ck_assert_ok(ty_sites_init(&sites, &stacks));
}

static void end(void)
{
	ty_sites_free(&sites);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

static const struct ty_site_function *function(uint32_t id)
{
	for (size_t i = 0; i < sites.functions.count; i++)
		if (sites.functions.items[i].id == id)
			return &sites.functions.items[i];
	ck_abort_msg("function %u was not seen", id);
	return NULL;
}

static void check_site(const struct ty_site *site, int32_t offset, uint64_t leaf, uint64_t on_stack, size_t forms)
{
	ck_assert_int_eq(site->offset, offset);
	ck_assert_uint_eq(site->leaf, leaf);
	ck_assert_uint_eq(site->on_stack, on_stack);
	ck_assert_uint_eq(site->form_count, forms);
}

TEST(two_operations_of_one_line_are_two_sites)
{
	begin();
	sample(3, "main@4=4 f@8=2");
	sample(5, "main@4=4 f@20=2");
	compute();
	ck_assert_uint_eq(function(2)->site_count, 2);
	check_site(&function(2)->sites[0], 8, 3, 3, 1);
	check_site(&function(2)->sites[1], 20, 5, 5, 1);
	ck_assert_uint_eq(function(2)->line_count, 1);
	ck_assert_uint_eq(function(2)->lines[0].leaf, 8);
	ck_assert_int_eq(function(2)->lines[0].line, 10);
	/* main only waited: on the stack, never executing, in no form. */
	check_site(&function(1)->sites[0], 4, 0, 8, 0);
	ck_assert_uint_eq(function(1)->leaf, 0);
	ck_assert_uint_eq(function(1)->on_stack, 8);
	end();
}

TEST(forms_of_all_stacks_are_added_up)
{
	begin();
	sample(2, "main@4=4 f@8=3");
	sample(4, "main@6=4 f@8=3");
	sample(1, "f@8=2");
	compute();
	const struct ty_site *site = &function(2)->sites[0];

	check_site(site, 8, 7, 7, 2);
	ck_assert_str_eq(site->forms[0].leaf->name, "BINARY_OP_ADD_INT");
	ck_assert_uint_eq(site->forms[0].samples, 6);
	ck_assert_str_eq(site->forms[1].leaf->name, "BINARY_OP");
	ck_assert_uint_eq(site->forms[1].samples, 1);
	end();
}

TEST(instrumented_is_a_form_of_its_own)
{
	begin();
	sample(2, "f@8=4");
	sample(1, "f@8=6");
	compute();
	const struct ty_site *site = &function(2)->sites[0];

	check_site(site, 8, 3, 3, 2);
	ck_assert_uint_eq(site->forms[1].leaf->flags, TY_INSTRUCTION_INSTRUMENTED);
	ck_assert_str_eq(site->forms[1].leaf->name, "CALL");
	end();
}

TEST(recursion_counts_a_sample_once)
{
	begin();
	sample(3, "main@4=4 f@110=4 f@110=4 f@150=2");
	compute();
	check_site(&function(2)->sites[0], 110, 0, 3, 0);
	check_site(&function(2)->sites[1], 150, 3, 3, 1);
	ck_assert_uint_eq(function(2)->on_stack, 3);
	/* Both instructions are of this line. */
	ck_assert_uint_eq(function(2)->line_count, 1);
	ck_assert_uint_eq(function(2)->lines[0].on_stack, 3);
	ck_assert_uint_eq(function(2)->lines[0].leaf, 3);
	end();
}

TEST(what_is_not_known_keeps_its_samples)
{
	begin();
	sample(2, "main@4=4 f");       /* no offset */
	sample(1, "main@4=4 f@8=200"); /* no opcode */
	sample(4, "main@4=4 gc");
	compute();
	check_site(&function(2)->sites[0], -1, 2, 2, 0);
	check_site(&function(2)->sites[1], 8, 1, 1, 0);
	ck_assert_uint_eq(sites.functions.count, 2);
	ck_assert_uint_eq(function(1)->on_stack, 7);
	end();
}

TEST(no_samples_are_no_sites)
{
	begin();
	compute();
	ck_assert_uint_eq(sites.functions.count, 0);
	ck_assert_uint_eq(sites.sites.count, 0);
	end();
}

TEST(adaptation_follows_the_flags)
{
	ck_assert_int_eq(ty_adaptation_of(0, TY_OPCODE_SPECIALIZED), TY_SPECIALIZED);
	ck_assert_int_eq(ty_adaptation_of(0, TY_OPCODE_SPECIALIZABLE | TY_OPCODE_HAS_ARGUMENT), TY_GENERIC);
	ck_assert_int_eq(ty_adaptation_of(0, TY_OPCODE_BOOKKEEPING), TY_NOT_SPECIALIZABLE);
	ck_assert_int_eq(ty_adaptation_of(TY_INSTRUCTION_TRACE, TY_OPCODE_SPECIALIZABLE), TY_IN_TRACE);
	ck_assert_int_eq(ty_adaptation_of(TY_INSTRUCTION_UNRESOLVED, 0), TY_ADAPTATION_UNKNOWN);
	ck_assert_int_eq(ty_adaptation_of(TY_INSTRUCTION_INSTRUMENTED, TY_OPCODE_SPECIALIZABLE), TY_GENERIC);
}
