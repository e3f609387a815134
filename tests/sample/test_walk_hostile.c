/* SPDX-License-Identifier: Apache-2.0 */
/* Targets that contradict themselves, by accident or on purpose: every walk ends, within bounds, and nothing is proven.
 */
#include "sample/walk.h"

#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"

#define BODY "RESUME NOP CALL FOR_ITER RETURN_VALUE"

/* Pointers that lead nowhere, or to the ends of the address space. */
static const uint64_t wild[] = {
	1,          7,     8,       0x1000,         0x7ffffffffff8,     0x7fffffffffff,     0x800000000000,
	UINT64_MAX, ~7ULL, ~0xfULL, ~0xfffULL,      0x8000000000000000, 0xffff800000000000, 0x7f0000000001,
	72,         64,    80,      0x7f0000000000, INT64_MAX,          0xdeadbeefdeadbee8,
};
#define WILD (sizeof(wild) / sizeof(*wild))

struct scene {
	struct fake_python *python;
	struct fake_thread *thread;
	struct fake_code *code;
};

static struct scene set_up(uint32_t version)
{
	struct scene scene = { .python = fake_python_new(version) };

	scene.thread = fake_thread_new(scene.python, FAKE_PID);
	scene.code = fake_code(scene.python, "work", BODY);
	for (int i = 0; i < 4; i++)
		fake_call(scene.thread, scene.code);
	return scene;
}

/* Samples a few times, before and after a change, and uses all that it finds. The worst verdict after the change. */
static int survive(struct scene *scene, uint64_t address, uint64_t value)
{
	ty_attach_options options = { .size = sizeof(options), .max_frames = 600 };
	ty_target *fresh = NULL, *target = fake_target(scene->python, &options);
	uint64_t before = fake_read_u64(scene->python->memory, address);
	const ty_snapshot *snapshot;
	int worst = TY_VERIFIED;

	fake_sample(target, 0);
	fake_write_u64(scene->python->memory, address, value);
	for (int i = 0; i < 3; i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_sample(target, &snapshot) != 0 || ty_snapshot_thread(snapshot, 0, &thread) != 0)
			continue;
		fake_stack_text(target, &thread);
		worst = thread.verdict > worst ? thread.verdict : worst;
		ck_assert_uint_lt(target->plan.arena_bytes, 1 << 20);
	}
	if (fake_open(scene->python, &options, &fresh) == 0)
		ty_sample(fresh, &snapshot);
	ty_detach(fresh);
	fake_write_u64(scene->python->memory, address, before);
	fake_check(target, 0, TY_VERIFIED, fake_expected_text(scene->thread));
	ty_detach(target);
	return worst;
}

TEST(frames_that_lead_anywhere)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		const uint32_t fields[] = { offsets->frame.previous, offsets->frame.executable,
			                    offsets->frame.instr_ptr };

		for (size_t frame = 0; frame < 4; frame++)
			for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
				for (size_t j = 0; j < WILD; j++) {
					/* A tagged nothing in place of the top's code object: that frame was popped. */
					bool popped = frame == 3 && fields[i] == offsets->frame.executable &&
					              !(wild[j] & ~scene.python->version->reference_tag_mask);
					int worst = survive(&scene, scene.thread->frames[frame].address + fields[i],
					                    wild[j]);

					ck_assert_int_ge(worst, popped ? TY_REPAIRED : TY_TORN);
				}
		fake_python_free(scene.python);
	}
}

TEST(a_thread_state_that_leads_anywhere)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		const uint32_t fields[] = { offsets->thread.current_frame, offsets->thread.datastack_chunk,
			                    offsets->thread.datastack_top, offsets->thread.next,
			                    offsets->thread.base_frame };

		for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
			for (size_t j = 0; j < WILD && py_has(fields[i]); j++)
				survive(&scene, scene.thread->address + fields[i], wild[j]);
		fake_python_free(scene.python);
	}
}

TEST(a_data_stack_that_leads_anywhere)
{
	static const uint64_t sizes[] = { 0,          1,          23,        24,
		                          25,         4096,       64 << 20,  (64 << 20) + 1,
		                          UINT32_MAX, 1ULL << 32, INT64_MAX, UINT64_MAX };

	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint64_t chunk;

		for (int i = 0; i < 300; i++)
			fake_call(scene.thread, scene.code);
		for (size_t c = 0; c < scene.thread->chunks.count; c++) {
			chunk = scene.thread->chunks.items[c];
			for (size_t i = 0; i < WILD; i++)
				survive(&scene, chunk, wild[i]);
			for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
				for (int field = 8; field <= 16; field += 8)
					survive(&scene, chunk + (uint64_t)field, sizes[i]);
			/* Chunks in a circle. */
			survive(&scene, chunk, scene.thread->chunks.items[scene.thread->chunks.count - 1]);
			survive(&scene, chunk, chunk);
		}
		fake_python_free(scene.python);
	}
}

TEST(frames_in_a_circle)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		uint32_t previous = scene.python->offsets.frame.previous;

		for (size_t from = 0; from < 4; from++)
			for (size_t to = from; to < 4; to++)
				ck_assert_int_gt(survive(&scene, scene.thread->frames[from].address + previous,
				                         scene.thread->frames[to].address),
				                 TY_REPAIRED);
		fake_python_free(scene.python);
	}
}

TEST(a_circle_is_followed_no_further_than_allowed)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		ty_attach_options options = { .size = sizeof(options), .max_frames = 1000 };
		ty_thread_info thread;
		ty_target *target;

		fake_write_u64(scene.python->memory,
		               scene.thread->frames[0].address + scene.python->offsets.frame.previous,
		               scene.thread->frames[1].address);
		target = fake_target(scene.python, &options);
		thread = fake_sample(target, 0);
		ck_assert_uint_eq(thread.frame_count, 1000);
		ck_assert_int_gt(thread.verdict, TY_REPAIRED);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

TEST(entry_frames_in_a_circle)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);

		fake_enter(scene.thread, scene.code);
		if (fake_top(scene.thread)->shim)
			ck_assert_int_gt(survive(&scene,
			                         fake_top(scene.thread)->shim + scene.python->offsets.frame.previous,
			                         fake_top(scene.thread)->shim),
			                 TY_REPAIRED);
		fake_python_free(scene.python);
	}
}

/* A long chain of frames a little apart, in memory that is all there: what is read for it stays in proportion. */
TEST(a_trail_of_frames_through_the_heap_costs_no_more_than_its_length)
{
	enum { FRAMES = 3000, APART = 640 };

	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		const struct py_offsets *offsets = &scene.python->offsets;
		uint64_t trail = fake_allocate(scene.python, FRAMES * APART);
		struct ty_memory *memory = scene.python->memory;
		ty_target *target;

		for (uint64_t i = 0; i < FRAMES; i++) {
			uint64_t frame = trail + i * APART;

			fake_write_u64(memory, frame + offsets->frame.executable, scene.code->address);
			fake_write_u64(memory, frame + offsets->frame.instr_ptr,
			               scene.code->address + offsets->code.adaptive);
			fake_write_u64(memory, frame + offsets->frame.previous, i + 1 < FRAMES ? frame + APART : 0);
			fake_write_u8(memory, frame + offsets->frame.owner, PY_OWNER_GENERATOR);
			if (py_has(offsets->frame.stacktop))
				fake_write_u32(memory, frame + offsets->frame.stacktop, UINT32_MAX);
		}
		fake_hint(scene.thread, trail);
		target = fake_target(scene.python, NULL);
		ck_assert_uint_gt(fake_sample(target, 0).frame_count, 200);
		ck_assert_uint_lt(target->plan.arena_bytes, 64u << 20);
		ck_assert_uint_lt(target->memory->bytes_read, 256u << 20);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* ---- code objects ---- */

TEST(a_code_object_that_cannot_be_read_leaves_a_frame_without_a_name)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *gone = fake_code(scene.python, "gone", BODY);
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, gone);
		fake_call(scene.thread, scene.code);
		fake_unmap(scene.python->memory, gone->address, 64);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 3; i++) {
			thread = fake_sample(target, 0);
			ck_assert_uint_eq(thread.frame_count, 6);
			ck_assert_int_eq(thread.verdict, TY_TORN);
			ck_assert_uint_eq(thread.frames[1].kind, TY_FRAME_UNREADABLE);
			ck_assert_int_eq(thread.frames[1].offset, -1);
			ck_assert_uint_eq(thread.frames[0].kind, TY_FRAME_PYTHON);
			ck_assert_uint_eq(thread.frames[2].kind, TY_FRAME_PYTHON);
		}
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

TEST(a_code_object_that_is_too_large_to_keep_is_one_all_the_same)
{
	fake_each_version(version)
	{
		struct scene scene = set_up(version);
		struct fake_code *large = fake_code(scene.python, "large", BODY);
		ty_instruction_info instruction = { .size = sizeof(instruction) };
		ty_function_info function = { .size = sizeof(function) };
		ty_location_info location = { .size = sizeof(location) };
		ty_thread_info thread;
		ty_target *target;

		fake_call(scene.thread, large);
		fake_call(scene.thread, scene.code);
		fake_write_u64(scene.python->memory, large->address + scene.python->offsets.code.units,
		               PY_CODE_UNITS_MAX + 1);
		target = fake_target(scene.python, NULL);
		for (int i = 0; i < 3; i++) {
			thread = fake_sample(target, 0);
			ck_assert_int_eq(thread.verdict, TY_VERIFIED);
			ck_assert_uint_eq(thread.frame_count, 6);
			ck_assert_uint_eq(thread.frames[1].kind, TY_FRAME_UNREADABLE);
		}
		ck_assert_ok(ty_function(target, thread.frames[1].function, &function));
		ck_assert_str_eq(function.name, "<unreadable>");
		ck_assert_str_eq(function.filename, "~");
		ck_assert_ok(ty_location(target, &thread.frames[1], &location));
		ck_assert_int_eq(location.line, -1);
		ck_assert_int_eq(ty_instruction(target, &thread.frames[1], &instruction), -TY_ENOTFOUND);
		ty_detach(target);
		fake_python_free(scene.python);
	}
}

/* ---- everything at once ---- */

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* An object of the scene, of which the first 256 bytes are about to be damaged. */
static uint64_t any_object(const struct scene *scene, uint64_t random)
{
	switch (random % 7) {
	case 0:
		return scene->thread->address;
	case 1:
		return scene->code->address;
	case 2:
		return scene->thread->chunks.items[random / 7 % scene->thread->chunks.count];
	case 3:
		return scene->python->runtime;
	case 4:
		return scene->python->interpreter;
	case 5:
		return fake_read_u64(scene->python->memory,
		                     scene->code->address + scene->python->offsets.code.linetable);
	default:
		return scene->thread->frames[random / 7 % scene->thread->depth].address;
	}
}

TEST(random_damage_is_survived)
{
	uint64_t seed = 0x5eed;

	fake_each_version(version) for (int round = 0; round < 60; round++)
	{
		struct scene scene = set_up(version);
		ty_attach_options options = { .size = sizeof(options), .threads = round % 2, .opcodes = round % 3 };
		ty_target *target = fake_target(scene.python, &options);

		for (int i = 0; i < 40; i++) {
			uint64_t at = any_object(&scene, next_random(&seed)) + next_random(&seed) % 32 * 8;
			uint64_t value = next_random(&seed) % 3   ? wild[next_random(&seed) % WILD]
			                 : next_random(&seed) % 2 ? any_object(&scene, next_random(&seed))
			                                          : next_random(&seed);
			const ty_snapshot *snapshot;
			ty_thread_info thread = { .size = sizeof(thread) };

			fake_write_u64(scene.python->memory, at, value);
			if (ty_sample(target, &snapshot) == 0 && ty_snapshot_thread(snapshot, 0, &thread) == 0)
				for (uint32_t f = 0; f < thread.frame_count && f < 50; f++) {
					ty_instruction_info instruction = { .size = sizeof(instruction) };
					ty_location_info location = { .size = sizeof(location) };

					ty_location(target, &thread.frames[f], &location);
					ty_instruction(target, &thread.frames[f], &instruction);
				}
		}
		ty_detach(target);
		if (fake_open(scene.python, &options, &target) == 0) {
			const ty_snapshot *snapshot;

			ty_sample(target, &snapshot);
		}
		ty_detach(target);
		fake_python_free(scene.python);
	}
}
