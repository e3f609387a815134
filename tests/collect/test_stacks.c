/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "collect/stacks.h"
#include "support/fake_target.h"

#define RANDOM_SAMPLES 20000
#define THREADS 4
#define DEPTH_MAX 12

static ty_target *new_target(void)
{
	ty_target *target = fake_target_new();

	fake_function(target, "main", "/m.py", "main", 1);
	fake_function(target, "f", "/m.py", "f", 10);
	fake_function(target, "g", "/m.py", "g", 20);
	return target;
}

static void add(struct ty_stacks *stacks, ty_target *target)
{
	ck_assert_ok(ty_stacks_add(stacks, fake_snapshot(target)));
}

static void add_stack(struct ty_stacks *stacks, ty_target *target, int verdict, const char *stack)
{
	fake_begin(target);
	fake_thread(target, 1, verdict, stack);
	add(stacks, target);
}

/* Samples of one stack, written as for the fake target, below a thread's root or the root. */
static uint64_t self_of(struct ty_stacks *stacks, uint32_t root, int count, const ty_frame *frames)
{
	size_t nodes = stacks->tree.nodes.count;
	uint32_t node = root;

	for (int i = count; i-- > 0;)
		node = ty_calltree_child(&stacks->tree, node,
		                         (struct ty_callsite){ frames[i].function, frames[i].offset, frames[i].kind });
	ck_assert_uint_eq(stacks->tree.nodes.count, nodes);
	return stacks->tree.nodes.items[node].self;
}

TEST(equal_stacks_share_a_node)
{
	static const ty_frame INNER[] = { { .function = 2, .offset = 6 }, { .function = 1, .offset = 4 } };
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_PROVEN));
	add_stack(&stacks, target, TY_VERIFIED, "main@4 f@6");
	add_stack(&stacks, target, TY_REPAIRED, "main@4 f@6");
	add_stack(&stacks, target, TY_VERIFIED, "main@4");
	ck_assert_uint_eq(stacks.tree.nodes.count, 3);
	ck_assert_uint_eq(self_of(&stacks, 0, 2, INNER), 2);
	ck_assert_uint_eq(self_of(&stacks, 0, 1, INNER + 1), 1);
	ck_assert_uint_eq(stacks.counted, 3);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

TEST(unproven_stacks_are_counted_but_not_shown)
{
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_PROVEN));
	add_stack(&stacks, target, TY_VERIFIED, "main@4 f@6");
	/* What follows is unchanged in relation to this one, of which the tree must hold nothing. */
	add_stack(&stacks, target, TY_TORN, "main@4 g@8 g@8 g@8");
	add_stack(&stacks, target, TY_VERIFIED, "main@4 g@8 g@8 f@2");
	add_stack(&stacks, target, TY_INCOMPLETE, "g@8 f@2");
	add_stack(&stacks, target, TY_FAILED, "");
	add_stack(&stacks, target, TY_VERIFIED, "main@4 f@6");
	ck_assert_uint_eq(stacks.tree.nodes.count, 1 + 2 + 3);
	ck_assert_uint_eq(stacks.tree.nodes.items[2].self, 2);
	ck_assert_uint_eq(stacks.counted, 3);
	ck_assert_uint_eq(stacks.verdicts[TY_VERIFIED], 3);
	ck_assert_uint_eq(stacks.verdicts[TY_TORN], 1);
	ck_assert_uint_eq(stacks.verdicts[TY_INCOMPLETE], 1);
	ck_assert_uint_eq(stacks.verdicts[TY_FAILED], 1);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

TEST(unproven_stacks_are_shown_when_asked_for)
{
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_ALL));
	add_stack(&stacks, target, TY_TORN, "main@4 g@8");
	add_stack(&stacks, target, TY_INCOMPLETE, "g@8");
	add_stack(&stacks, target, TY_FAILED, "");
	ck_assert_uint_eq(stacks.counted, 2);
	ck_assert_uint_eq(stacks.tree.nodes.count, 4);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

/* Two trees are equal if each holds the nodes of the other; the numbers may differ. */
static void check_equal(struct ty_stacks *left, struct ty_stacks *right)
{
	uint32_t *other = calloc(left->tree.nodes.count, sizeof(*other));

	ck_assert_uint_eq(left->tree.nodes.count, right->tree.nodes.count);
	for (size_t i = 1; i < left->tree.nodes.count; i++) {
		const struct ty_callnode *node = &left->tree.nodes.items[i];

		other[i] = ty_calltree_child(&right->tree, other[node->parent], node->site);
		ck_assert_uint_eq(node->self, right->tree.nodes.items[other[i]].self);
	}
	ck_assert_uint_eq(left->tree.nodes.count, right->tree.nodes.count);
	ck_assert_uint_eq(left->counted, right->counted);
	free(other);
}

/* Changes a stack as running code does: pops some frames, moves the leaf, pushes some. */
static size_t change(ty_frame *outermost_first, size_t depth)
{
	size_t pops = (size_t)rand() % 3, pushes = (size_t)rand() % 3;

	depth -= pops < depth ? pops : depth;
	if (depth && rand() % 2)
		outermost_first[depth - 1].offset = rand() % 3 * 2;
	while (pushes-- && depth < DEPTH_MAX)
		outermost_first[depth++] = (ty_frame){ .function = 1 + (uint32_t)rand() % 3, .offset = rand() % 3 * 2 };
	return depth;
}

static void sample_random(ty_target *target, ty_frame stacks[THREADS][DEPTH_MAX], size_t *depths)
{
	int first = rand() % THREADS;

	fake_begin(target);
	for (int i = 0; i < THREADS; i++) {
		int thread = (first + i) % THREADS, verdict = rand() % 4 ? TY_VERIFIED : TY_TORN;
		ty_frame leaf_first[DEPTH_MAX];

		/* Now and then a thread is gone, and comes back with the same key, or another id. */
		if (rand() % 10 == 0)
			continue;
		depths[thread] = change(stacks[thread], depths[thread]);
		for (size_t f = 0; f < depths[thread]; f++)
			leaf_first[f] = stacks[thread][depths[thread] - 1 - f];
		fake_thread_frames(target, 100 + (uint64_t)thread, 1 + (uint64_t)thread + (rand() % 50 == 0), verdict,
		                   leaf_first, depths[thread]);
	}
}

/* The shortcut over unchanged frames must not show: not with threads that go, nor snapshots that were left out. */
static void compare_with_full_walk(unsigned int seed, bool by_thread)
{
	ty_frame frames[THREADS][DEPTH_MAX];
	size_t depths[THREADS] = { 0 };
	struct ty_stacks incremental, full;
	ty_target *target = new_target();

	srand(seed);
	ck_assert_ok(ty_stacks_init(&incremental, by_thread, true, TY_TRUST_PROVEN));
	ck_assert_ok(ty_stacks_init(&full, by_thread, true, TY_TRUST_PROVEN));
	for (int i = 0; i < RANDOM_SAMPLES; i++) {
		sample_random(target, frames, depths);
		if (rand() % 20 == 0)
			continue;
		add(&incremental, target);
		fake_hide_unchanged(target, true);
		add(&full, target);
		fake_hide_unchanged(target, false);
	}
	check_equal(&incremental, &full);
	ty_stacks_free(&incremental);
	ty_stacks_free(&full);
	fake_target_free(target);
}

TEST(unchanged_frames_give_what_a_full_walk_gives)
{
	compare_with_full_walk(1, false);
	compare_with_full_walk(2, true);
}

TEST(snapshot_given_twice_counts_twice)
{
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_PROVEN));
	add_stack(&stacks, target, TY_VERIFIED, "main@4 f@6");
	add_stack(&stacks, target, TY_VERIFIED, "main@4 g@6");
	add(&stacks, target);
	ck_assert_uint_eq(stacks.tree.nodes.count, 4);
	ck_assert_uint_eq(stacks.tree.nodes.items[3].self, 2);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

TEST(threads_that_come_and_go_leave_no_trace)
{
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_PROVEN));
	for (uint64_t i = 1; i <= 10000; i++) {
		fake_begin(target);
		fake_thread(target, i, TY_VERIFIED, "main@4 f@6");
		fake_thread(target, i + 1, TY_VERIFIED, "main@4 f@6");
		add(&stacks, target);
		ck_assert_uint_lt(stacks.threads.count, 100);
	}
	ck_assert_uint_eq(stacks.tree.nodes.count, 3);
	ck_assert_uint_eq(stacks.counted, 20000);
	ck_assert_uint_lt(stacks.thread_by_key.count, 100);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

TEST(threads_are_told_apart_by_their_id)
{
	ty_target *target = new_target();
	ty_frame frame = { .function = 1, .offset = 4 };
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, true, false, TY_TRUST_PROVEN));
	fake_begin(target);
	fake_thread_frames(target, 100, 7, TY_VERIFIED, &frame, 1);
	fake_thread_frames(target, 101, 8, TY_VERIFIED, &frame, 1);
	add(&stacks, target);
	fake_begin(target); /* thread states change hands: the next snapshot says that nothing changed in them */
	fake_thread_frames(target, 100, 8, TY_VERIFIED, &frame, 1);
	fake_thread_frames(target, 101, 9, TY_VERIFIED, &frame, 1);
	add(&stacks, target);
	ck_assert_uint_eq(stacks.identities.count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t root = ty_calltree_child(&stacks.tree, 0,
		                                  (struct ty_callsite){ .function = i, .kind = TY_CALLTREE_THREAD });

		ck_assert_uint_eq(stacks.identities.items[i].id, 7 + i);
		ck_assert_uint_eq(self_of(&stacks, root, 1, &frame), i == 1 ? 2 : 1);
	}
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

/* Nothing a reader should give, but a target that is torn apart may. */
TEST(threads_with_one_key_do_not_mix)
{
	static const ty_frame MAIN = { .function = 1, .offset = 4 }, F = { .function = 2, .offset = 6 };
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_PROVEN));
	for (int i = 0; i < 10; i++) {
		fake_begin(target);
		for (uint64_t key = 0; key < 2; key++) {
			fake_thread_frames(target, key, 0, TY_VERIFIED, i % 2 ? &F : &MAIN, 1);
			fake_thread_frames(target, key, 0, TY_VERIFIED, i % 2 ? &MAIN : &F, 1);
		}
		add(&stacks, target);
	}
	ck_assert_uint_eq(self_of(&stacks, 0, 1, &MAIN), 20);
	ck_assert_uint_eq(self_of(&stacks, 0, 1, &F), 20);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

TEST(steady_state_adds_nothing)
{
	ty_target *target = new_target();
	struct ty_stacks stacks;
	const uint32_t *path, *slots;

	ck_assert_ok(ty_stacks_init(&stacks, true, true, TY_TRUST_PROVEN));
	add_stack(&stacks, target, TY_VERIFIED, "main@4 f@6=1 g@2=2");
	add_stack(&stacks, target, TY_VERIFIED, "main@4 f@6=1 g@4=2");
	path = stacks.threads.items[0].path.items;
	slots = stacks.tree.slots;
	for (int i = 0; i < 100; i++)
		add_stack(&stacks, target, TY_VERIFIED, i % 2 ? "main@4 f@6=1 g@2=2" : "main@4 f@6=1 g@4=2");
	ck_assert_ptr_eq(path, stacks.threads.items[0].path.items);
	ck_assert_ptr_eq(slots, stacks.tree.slots);
	ck_assert_uint_eq(stacks.tree.nodes.count, 6);
	ck_assert_uint_eq(stacks.instructions.leaves.count, 2);
	ck_assert_uint_eq(stacks.instructions.leaves.items[0].samples, 51);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}

TEST(snapshots_of_two_targets_are_refused)
{
	ty_target *target = new_target(), *other = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, false, false, TY_TRUST_PROVEN));
	add_stack(&stacks, target, TY_VERIFIED, "main@4");
	ck_assert_int_eq(ty_stacks_add(&stacks, fake_snapshot(other)), -TY_ESTATE);
	ty_stacks_free(&stacks);
	fake_target_free(other);
	fake_target_free(target);
}

/* A thread state that is not bound to its thread yet has no id and no stack; nobody wants to see it among the threads.
 */
TEST(a_thread_is_known_when_it_has_an_id)
{
	ty_target *target = new_target();
	struct ty_stacks stacks;

	ck_assert_ok(ty_stacks_init(&stacks, true, false, TY_TRUST_PROVEN));
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, "main@4");
	fake_thread_frames(target, 2, 0, TY_VERIFIED, NULL, 0);
	add(&stacks, target);
	ck_assert_uint_eq(stacks.identities.count, 1);
	ck_assert_uint_eq(stacks.verdicts[TY_VERIFIED], 2);
	fake_begin(target);
	fake_thread(target, 7, TY_VERIFIED, "main@4");
	fake_thread_frames(target, 2, 8, TY_VERIFIED, NULL, 0);
	add(&stacks, target);
	ck_assert_uint_eq(stacks.identities.count, 2);
	ck_assert_uint_eq(stacks.identities.items[1].id, 8);
	/* One that has a stack is shown whatever it is. */
	fake_begin(target);
	fake_thread_frames(target, 3, 0, TY_VERIFIED, &(ty_frame){ .function = 1, .offset = 4 }, 1);
	add(&stacks, target);
	ck_assert_uint_eq(stacks.identities.count, 3);
	ty_stacks_free(&stacks);
	fake_target_free(target);
}
