/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdlib.h>

#include "collect/linestats.h"
#include "support/fake_target.h"
#include "util/cleanup.h"

static ty_target *target;
static struct ty_calltree tree;
static struct ty_linestats stats;

/* Functions f, g, h with ids 1, 2, 3, all on one line each. */
static void begin(void)
{
	target = fake_target_new();
	fake_function(target, "f", "/m.py", "f", 1);
	fake_function(target, "g", "/m.py", "g", 2);
	fake_function(target, "h", "/m.py", "h", 3);
	ck_assert_ok(ty_calltree_init(&tree));
}

/* A stack of functions, outermost first, ended by 0. Offsets differ so that nodes do and lines do not. */
static void count(uint64_t samples, const uint32_t *functions)
{
	static int32_t offset;
	uint32_t node = 0;

	offset = (offset + 2) % 50;
	for (; *functions; functions++)
		node = ty_calltree_child(&tree, node, (struct ty_callsite){ *functions, offset, TY_FRAME_PYTHON });
	tree.nodes.items[node].self += samples;
}

#define COUNT(samples, ...) count(samples, (const uint32_t[]){ __VA_ARGS__, 0 })

static void check(uint32_t function, uint64_t direct, uint64_t cumulative)
{
	uint32_t place = ty_places_find(&stats.places, (struct ty_callsite){ .function = function });

	ck_assert_uint_eq(stats.by_place[place - 1].direct, direct);
	ck_assert_uint_eq(stats.by_place[place - 1].cumulative, cumulative);
}

static void end(void)
{
	ty_linestats_free(&stats);
	ty_calltree_free(&tree);
	fake_target_free(target);
}

TEST(recursion_counts_a_sample_once)
{
	begin();
	COUNT(4, 1, 2, 1, 2, 1);
	COUNT(2, 1, 1, 1);
	COUNT(1, 2);
	COUNT(8, 1, 2, 3);
	ck_assert_ok(ty_linestats_init(&stats, &tree, target));
	ck_assert_uint_eq(stats.samples, 15);
	check(1, 6, 14);
	check(2, 1, 13);
	check(3, 8, 8);
	end();
}

TEST(callers_count_every_call_on_the_stack)
{
	/* A sample counts for every call on its stack: 3 with 2 calls of f by f each, 4 with 2 of f by g, … */
	static const struct ty_caller EXPECTED[] = { { 1, 1, 6 }, { 1, 2, 8 }, { 2, 1, 16 }, { 3, 2, 8 } };
	_cleanup_free_ struct ty_caller *callers = NULL;
	size_t pairs;

	begin();
	COUNT(4, 1, 2, 1, 2, 1);
	COUNT(3, 1, 1, 1);
	COUNT(8, 1, 2, 3);
	ck_assert_ok(ty_linestats_init(&stats, &tree, target));
	callers = ty_linestats_callers(&stats, &tree, &pairs);
	ck_assert_uint_eq(pairs, 4);
	for (size_t i = 0; i < pairs; i++) {
		ck_assert_uint_eq(callers[i].callee, EXPECTED[i].callee);
		ck_assert_uint_eq(callers[i].caller, EXPECTED[i].caller);
		ck_assert_uint_eq(callers[i].samples, EXPECTED[i].samples);
	}
	end();
}

TEST(deep_recursion_needs_no_stack)
{
	uint32_t node = 0;

	begin();
	for (int i = 0; i < 1000000; i++)
		node = ty_calltree_child(&tree, node, (struct ty_callsite){ .function = 1 });
	tree.nodes.items[node].self = 3;
	ck_assert_ok(ty_linestats_init(&stats, &tree, target));
	check(1, 3, 3);
	end();
}

TEST(empty_tree_has_no_places)
{
	_cleanup_free_ struct ty_caller *callers = NULL;
	size_t pairs = 1;

	begin();
	ck_assert_ok(ty_linestats_init(&stats, &tree, target));
	callers = ty_linestats_callers(&stats, &tree, &pairs);
	ck_assert_ptr_nonnull(callers);
	ck_assert_uint_eq(pairs, 0);
	ck_assert_uint_eq(stats.samples, 0);
	end();
}
