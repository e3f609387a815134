/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdlib.h>

#include "collect/places.h"
#include "support/fake_target.h"
#include "util/cleanup.h"

static ty_target *target;
static struct ty_places places;

static void begin(void)
{
	target = fake_target_new();
	fake_function(target, "f", "/a/m.py", "C.f", 10);
	fake_function(target, "again", "/a/m.py", "C.f", 10);
	fake_function(target, "later", "/a/m.py", "C.f", 11);
	fake_function(target, "other", "/b/m.py", "C.f", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ty_places_init(&places, target);
}

static void end(void)
{
	ty_places_free(&places);
	fake_target_free(target);
}

static uint32_t find(uint32_t function, int32_t offset)
{
	uint8_t kind = function == 5 ? TY_FRAME_GC : TY_FRAME_PYTHON;

	return ty_places_find(&places, (struct ty_callsite){ function, offset, kind });
}

TEST(place_is_what_a_reader_sees)
{
	begin();
	ck_assert_uint_eq(find(1, 2), 1);
	ck_assert_uint_eq(find(1, 40), 1);  /* another instruction of the line */
	ck_assert_uint_eq(find(2, 2), 1);   /* the same source, compiled twice */
	ck_assert_uint_eq(find(1, 100), 2); /* the next line */
	ck_assert_uint_eq(find(3, 2), 2);   /* which another function of that name begins with */
	ck_assert_uint_eq(find(4, 2), 3);   /* another file */
	ck_assert_str_eq(ty_places_string(&places, ty_places_get(&places, 3)->file), "/b/m.py");
	ck_assert_str_eq(ty_places_string(&places, ty_places_get(&places, 3)->name), "C.f");
	ck_assert_int_eq(ty_places_get(&places, 2)->line, 11);
	end();
}

TEST(artificial_frames_have_no_line)
{
	begin();
	ck_assert(ty_places_is_artificial(&places, find(5, -1)));
	ck_assert(!ty_places_is_artificial(&places, find(1, -1)));
	ck_assert_int_eq(ty_places_get(&places, find(1, -1))->line, 0);
	end();
}

TEST(unknown_functions_share_one_place_and_cost_nothing)
{
	uint32_t unknown;

	begin();
	unknown = find(UINT32_MAX, 2);
	ck_assert_uint_eq(find(77, 4), unknown);
	ck_assert_uint_eq(find(0, 4), unknown);
	ck_assert_str_eq(ty_places_string(&places, ty_places_get(&places, unknown)->name), "<unknown>");
	ck_assert_uint_lt(places.functions.capacity, 1000);
	end();
}

TEST(nodes_that_are_no_frames_have_no_place)
{
	_cleanup_free_ uint32_t *of_node = NULL;
	struct ty_calltree tree;
	uint32_t thread;

	begin();
	ck_assert_ok(ty_calltree_init(&tree));
	thread = ty_calltree_child(&tree, 0, (struct ty_callsite){ .function = 1, .kind = TY_CALLTREE_THREAD });
	ty_calltree_child(&tree, thread, (struct ty_callsite){ .function = 4, .offset = 2 });
	of_node = ty_places_of_tree(&places, &tree);
	ck_assert_uint_eq(of_node[0], 0);
	ck_assert_uint_eq(of_node[1], 0);
	ck_assert_uint_eq(of_node[2], 1);
	ty_calltree_free(&tree);
	end();
}

TEST(basename_follows_the_last_slash)
{
	ck_assert_str_eq(ty_places_basename("/a/b.py"), "b.py");
	ck_assert_str_eq(ty_places_basename("<frozen runpy>"), "<frozen runpy>");
	ck_assert_str_eq(ty_places_basename("/a/"), "");
}
