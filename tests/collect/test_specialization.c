/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "collect/specialization.h"
#include "support/fake_target.h"
#include "util/cleanup.h"

static ty_target *target;
static struct ty_stacks stacks;
static struct ty_sites sites;

static void sample(int times, const char *stack)
{
	for (int i = 0; i < times; i++) {
		fake_begin(target);
		fake_thread(target, 7, TY_VERIFIED, stack);
		ck_assert_ok(ty_stacks_add(&stacks, fake_snapshot(target)));
	}
}

static void begin(void)
{
	target = fake_target_new();
	fake_function(target, "main", "/m.py", "main", 1);
	fake_function(target, "f", "/m.py", "f", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_stacks_init(&stacks, false, true, TY_TRUST_PROVEN));
	sample(10, "main@4=4 f@8=3");  /* specialized */
	sample(4, "main@4=4 f@8=2");   /* the same, generic */
	sample(5, "main@4=4 f@20=6");  /* generic, because instrumented */
	sample(3, "main@4=4");         /* generic */
	sample(7, "main@4=4 f@30=1");  /* cannot be specialized */
	sample(2, "main@4=4 f@40=7");  /* trace */
	sample(1, "main@4=4 f@50=99"); /* no such opcode */
	sample(6, "main@4=4 gc");
	ck_assert_ok(ty_sites_init(&sites, &stacks));
}

static void end(void)
{
	ty_sites_free(&sites);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

static void check(struct ty_specialization found, const uint64_t expected[TY_ADAPTATIONS])
{
	uint64_t sum = 0;

	for (int i = 0; i < TY_ADAPTATIONS; i++) {
		ck_assert_msg(found.by_adaptation[i] == expected[i], "%s: %llu", ty_adaptation_key(i),
		              (unsigned long long)found.by_adaptation[i]);
		sum += expected[i];
	}
	ck_assert_uint_eq(found.leaf, sum);
}

TEST(divides_the_samples_of_a_function)
{
	begin();
	ck_assert_uint_eq(sites.functions.items[1].id, 2);
	check(ty_specialization_of(&sites.functions.items[1]), (uint64_t[]){ 10, 9, 7, 2, 1 });
	end();
}

TEST(leaves_no_sample_out_in_total)
{
	begin();
	check(ty_specialization_total(&sites, stacks.counted), (uint64_t[]){ 10, 12, 7, 2, 7 });
	end();
}

TEST(finds_what_could_be_specialized)
{
	size_t count;

	begin();
	_cleanup_free_ struct ty_generic *generic = ty_specialization_generic(&sites, &count);

	ck_assert_uint_eq(count, 3);
	ck_assert_int_eq(generic[0].site->offset, 20);
	ck_assert_uint_eq(generic[0].samples, 5);
	ck_assert_uint_eq(generic[0].form->leaf->flags, TY_INSTRUCTION_INSTRUMENTED);
	ck_assert_int_eq(generic[1].site->offset, 8);
	ck_assert_uint_eq(generic[1].samples, 4);
	ck_assert_uint_eq(generic[1].site->leaf, 14);
	ck_assert_uint_eq(generic[2].samples, 3);
	ck_assert_uint_eq(generic[2].site->function, 1);
	end();
}
