/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept from sample to sample: a walk that stands on the last one must give what a walk from scratch gives, and
 * unchanged_frames must never be too many.
 */
#include "sample/walk.h"

#include <stdlib.h>
#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL NOP CALL FOR_ITER NOP RETURN_VALUE"
#define CODES 4
#define DEPTH_MAX 250

static uint64_t seed;

static uint64_t random_below(uint64_t end)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % end;
}

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *codes[CODES];
	struct fake_code *producer;
};

static struct scene set_up(uint32_t version)
{
	static const char *const names[CODES] = { "a", "b", "c", "d" };
	struct scene scene = { .python = fake_python_new(version) };

	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	for (uint32_t i = 0; i < CODES; i++)
		scene.codes[i] = fake_code_at(scene.python, 0, names[i], BODY, i * 3);
	scene.producer = fake_code(scene.python, "producer", "RETURN_GENERATOR " BODY);
	return scene;
}

static void go_on(struct scene *scene)
{
	const struct fake_frame *top = fake_top(scene->thread);
	uint32_t unit;

	do
		unit = (uint32_t)random_below(top->code->units);
	while (!scene->python->opcodes[top->code->bytes[2 * unit]].name ||
	       scene->python->opcodes[top->code->bytes[2 * unit]].flags & (TY_OPCODE_CACHE | PY_OPCODE_CREATES));
	fake_at_unit(scene->thread, unit);
}

/* One thing that a program may do between two samples. */
static void act(struct scene *scene)
{
	struct fake_thread *thread = scene->thread;

	switch (thread->depth ? random_below(12) : 0) {
	case 0:
	case 1:
	case 2:
	case 3:
		if (thread->depth < DEPTH_MAX)
			fake_call(thread, scene->codes[random_below(CODES)]);
		break;
	case 4:
		if (thread->depth < DEPTH_MAX)
			fake_enter(thread, scene->codes[random_below(CODES)]);
		break;
	case 5:
		if (thread->depth < DEPTH_MAX)
			fake_resume(thread, scene->producer, fake_generator(scene->python, scene->producer));
		break;
	case 6:
	case 7:
		go_on(scene);
		break;
	case 8:
		for (uint64_t n = random_below(8); n && thread->depth; n--)
			fake_return(thread);
		break;
	case 9:
		if (random_below(40) == 0)
			for (uint64_t n = random_below(thread->depth); n; n--)
				fake_return(thread);
		break;
	default:
		fake_return(thread);
	}
}

struct seen {
	ty_frame frames[DEPTH_MAX + 8];
	uint32_t count;
};

static void remember(struct seen *seen, const ty_thread_info *thread)
{
	ck_assert_uint_le(thread->frame_count, DEPTH_MAX + 1);
	seen->count = thread->frame_count;
	if (thread->frame_count)
		memcpy(seen->frames, thread->frames, thread->frame_count * sizeof(*seen->frames));
}

/* How many outermost frames are the same. */
static uint32_t truly_unchanged(const struct seen *before, const ty_thread_info *thread)
{
	uint32_t same = 0;

	while (same < before->count && same < thread->frame_count) {
		const ty_frame *a = &before->frames[before->count - 1 - same],
		               *b = &thread->frames[thread->frame_count - 1 - same];

		if (a->function != b->function || a->offset != b->offset || a->kind != b->kind)
			break;
		same++;
	}
	return same;
}

static void compare(const ty_thread_info *kept, const ty_thread_info *scratch)
{
	ck_assert_int_eq(kept->verdict, scratch->verdict);
	ck_assert_uint_eq(kept->frame_count, scratch->frame_count);
	for (uint32_t i = 0; i < kept->frame_count; i++) {
		const uint8_t same_flags = TY_FRAME_GENERATOR | TY_FRAME_ENTRY | TY_FRAME_HAS_OPCODE;

		ck_assert_int_eq(kept->frames[i].offset, scratch->frames[i].offset);
		ck_assert_uint_eq(kept->frames[i].kind, scratch->frames[i].kind);
		ck_assert_uint_eq(kept->frames[i].opcode, scratch->frames[i].opcode);
		ck_assert_uint_eq(kept->frames[i].flags & same_flags, scratch->frames[i].flags & same_flags);
	}
}

static void check_from_scratch(struct scene *scene, ty_target *kept_target, const ty_thread_info *kept)
{
	ty_target *target = fake_target(scene->python, NULL);
	ty_thread_info scratch = fake_sample(target, 0);
	char *text = strdup(fake_stack_text(target, &scratch));

	compare(kept, &scratch);
	ck_assert_str_eq(fake_stack_text(kept_target, kept), text);
	free(text);
	ty_detach(target);
}

static void run(uint32_t version, int steps, uint64_t first_seed)
{
	struct scene scene = set_up(version);
	ty_target *target = fake_target(scene.python, NULL);
	static struct seen before;

	seed = first_seed;
	before.count = 0;
	for (int step = 0; step < steps; step++) {
		ty_thread_info thread;

		for (uint64_t n = random_below(4); n; n--)
			act(&scene);
		thread = fake_sample(target, 0);
		ck_assert_str_eq(fake_stack_text(target, &thread), fake_expected_text(scene.thread));
		ck_assert_msg(thread.verdict == TY_VERIFIED, "CPython 3.%u, step %d: verdict %d", version & 0xff, step,
		              thread.verdict);
		ck_assert_uint_eq(thread.unchanged_frames, truly_unchanged(&before, &thread));
		remember(&before, &thread);
		if (step % 10 == 0)
			check_from_scratch(&scene, target, &thread);
	}
	ty_detach(target);
	fake_python_free(scene.python);
}

TEST(random_programs_are_walked_as_from_scratch)
{
	fake_each_version(version) for (uint64_t first_seed = 1; first_seed <= 4; first_seed++)
	        run(version, 700, first_seed * 0x9e3779b97f4a7c15);
}

/* The shortcut is taken: deep down nothing is looked at. */
TEST(what_stays_is_not_walked_again)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_target *target;

		for (int i = 0; i < 200; i++)
			fake_call(scene.thread, scene.codes[1]);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 20; i++) {
			fake_at(scene.thread, i % 2 ? "NOP" : "RESUME");
			fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		}
		if (target->runtime.offsets.interpreter.code_counter != PY_ABSENT)
			ck_assert_uint_gt(target->walker.tail, 190);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* Frames far below may change while those above stay: a generator's caller does not, but hostile memory may. */
TEST(a_change_deep_down_is_seen)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_thread_info thread;
		ty_target *target;
		uint32_t first;

		for (int i = 0; i < 100; i++)
			fake_call(scene.thread, scene.codes[1]);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 4; i++)
			fake_sample(target, 0);
		/* The second CALL: behind the first, its caches, and a NOP. */
		first = fake_unit(scene.python, scene.codes[1], "CALL");
		scene.thread->frames[50].unit =
		        first + 2 + scene.python->opcodes[scene.codes[1]->bytes[2 * first]].caches;
		fake_write_frame(scene.thread, 50, false);
		thread = fake_sample(target, 0);
		ck_assert_str_eq(fake_stack_text(target, &thread), fake_expected_text(scene.thread));
		ck_assert_uint_eq(thread.unchanged_frames, 50);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* A code object that is replaced at its address changes the names of frames whose words are the same. */
TEST(another_code_object_at_the_same_address_is_seen)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *other;
		ty_target *target;

		for (int i = 0; i < 10; i++)
			fake_call(scene.thread, scene.codes[1]);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 4; i++)
			fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		other = fake_code_at(scene.python, scene.codes[1]->address, "other", BODY, 3);
		fake_count_code(scene.python);
		for (size_t i = 0; i < scene.thread->depth; i++)
			scene.thread->frames[i].code = other;
		for (int i = 0; i < 4; i++)
			fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene.thread));
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* Whatever a target does, what was read once and is not used any more is not read for ever. */
TEST(what_is_no_longer_used_is_no_longer_read)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_target *target = fake_target(scene.python, NULL);
		uint64_t before;

		fake_call(scene.thread, scene.codes[0]);
		for (int i = 0; i < 200; i++)
			fake_resume(scene.thread, scene.producer, fake_generator(scene.python, scene.producer));
		fake_sample(target, 0);
		for (int i = 0; i < 199; i++)
			fake_return(scene.thread);
		for (int i = 0; i < 700; i++)
			fake_sample(target, 0);
		before = target->memory->bytes_read;
		fake_sample(target, 0);
		ck_assert_uint_lt(target->memory->bytes_read - before, 40000);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}
