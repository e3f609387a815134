/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdlib.h>

#include "collect/calltree.h"
#include "util/cleanup.h"

#define MANY 100000

static struct ty_calltree tree;

static uint32_t child(uint32_t parent, uint32_t function, int32_t offset, uint8_t kind)
{
	return ty_calltree_child(&tree, parent, (struct ty_callsite){ function, offset, kind });
}

TEST(children_differ_by_everything_that_names_them)
{
	uint32_t first;

	ck_assert_ok(ty_calltree_init(&tree));
	first = child(0, 1, 10, 0);
	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(child(0, 1, 10, 0), first);
	ck_assert_uint_eq(child(0, 2, 10, 0), 2);
	ck_assert_uint_eq(child(0, 1, 12, 0), 3);
	ck_assert_uint_eq(child(0, 1, 10, 1), 4);
	ck_assert_uint_eq(child(first, 1, 10, 0), 5);
	ck_assert_uint_eq(child(0, 1, -1, 0), 6);
	ck_assert_uint_eq(tree.nodes.count, 7);
	ty_calltree_free(&tree);
}

TEST(finds_all_of_many)
{
	ck_assert_ok(ty_calltree_init(&tree));
	for (uint32_t i = 1; i < MANY; i++)
		ck_assert_uint_eq(child(i / 3, i, (int32_t)i, 0), i);
	for (uint32_t i = 1; i < MANY; i++)
		ck_assert_uint_eq(child(i / 3, i, (int32_t)i, 0), i);
	ty_calltree_free(&tree);
}

TEST(totals_hold_what_is_below)
{
	_cleanup_free_ uint64_t *totals = NULL;
	uint32_t a, b, c;

	ck_assert_ok(ty_calltree_init(&tree));
	a = child(0, 1, 0, 0);
	b = child(a, 2, 0, 0);
	c = child(a, 3, 0, 0);
	tree.nodes.items[a].self = 1;
	tree.nodes.items[b].self = 2;
	tree.nodes.items[c].self = 4;
	totals = ty_calltree_totals(&tree);
	ck_assert_uint_eq(totals[0], 7);
	ck_assert_uint_eq(totals[a], 7);
	ck_assert_uint_eq(totals[b], 2);
	ck_assert_uint_eq(totals[c], 4);
	ty_calltree_free(&tree);
}

static int depth;

static void leave(uint32_t node, void *user_data)
{
	ck_assert_uint_ne(node, 0);
	ck_assert_ptr_null(user_data);
	depth--;
}

TEST(walk_enters_and_leaves_every_node_once)
{
	uint32_t parent = 0, node = 0, entered = 0;
	int deepest = 0;

	ck_assert_ok(ty_calltree_init(&tree));
	for (uint32_t i = 1; i <= 1000; i++) {
		parent = child(parent, i, 0, 0);
		child(parent, i, 1, 0);
	}
	while ((node = ty_calltree_next(&tree, node, leave, NULL))) {
		entered++;
		depth++;
		deepest = depth > deepest ? depth : deepest;
	}
	ck_assert_uint_eq(entered, 2000);
	ck_assert_int_eq(depth, 0);
	ck_assert_int_eq(deepest, 1001);
	ty_calltree_free(&tree);
}

TEST(walk_of_an_empty_tree_is_over_at_once)
{
	ck_assert_ok(ty_calltree_init(&tree));
	ck_assert_uint_eq(ty_calltree_next(&tree, 0, leave, NULL), 0);
	ty_calltree_free(&tree);
}
