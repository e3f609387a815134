/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recordings as targets: the ones of tests/data/recordings, through the public functions. What CPython's replay makes
 * of them stands beside them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/disassembly.h>
#include <tachyon/opcode.h>
#include <tachyon/recording.h>
#include <tachyon/sampler.h>

#include "recording/pack.h"
#include "support/test.h"

static ty_target *target;

static void open_recording(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), RECORDINGS "/%s", name);
	ck_assert_ok(ty_open_recording(path, NULL, &target));
}

static ty_recording_information information(void)
{
	ty_recording_information filled = { .size = sizeof(filled) };

	ck_assert_ok(ty_recording_info(target, &filled));
	return filled;
}

/* The sum of the counts that a file of collapsed stacks ends its lines with. */
static uint64_t count_expected(const char *name)
{
	char path[512], line[4096];
	uint64_t sum = 0;

	snprintf(path, sizeof(path), RECORDINGS "/%s", name);
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		sum += strtoull(strrchr(line, ' '), NULL, 10);
	fclose(file);
	return sum;
}

struct found {
	uint64_t snapshots;
	uint64_t stacks; /* with frames */
	uint64_t instructions;
	uint64_t offsets;
	uint64_t last_ns;
	uint64_t rows;
	bool named;
	bool inner;
};

static int count_row(const ty_disassembly_row *row, void *user_data)
{
	struct found *found = user_data;

	ck_assert(row->instruction->name && row->argument_text);
	ck_assert_int_ge(row->instruction->offset, 0);
	found->rows++;
	return 0;
}

static void look_at(const ty_frame *frame, struct found *found)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };

	ck_assert_ok(ty_function(target, frame->function, &function));
	ck_assert_ok(ty_location(target, frame, &location));
	ck_assert(frame->kind != TY_FRAME_PYTHON || location.line > 0);
	if (ty_instruction(target, frame, &instruction) == 0) {
		found->instructions++;
		ck_assert(instruction.name && instruction.base_name);
		ck_assert_int_eq(instruction.offset, frame->offset);
	}
	found->offsets += frame->offset >= 0;
	if (strcmp(function.qualname, "inner") == 0) {
		found->inner = true;
		ck_assert_ptr_nonnull(strstr(function.filename, "program.py"));
		ck_assert(location.line >= 10 && location.line <= 13);
		if (!found->rows)
			ty_disassemble(target, frame->function, count_row, found);
	}
}

static struct found replay_all(void)
{
	struct found found = { 0 };
	const ty_snapshot *snapshot;
	int result;

	while ((result = ty_sample(target, &snapshot)) == 0) {
		ck_assert_uint_ge(ty_snapshot_time(snapshot), found.last_ns);
		found.last_ns = ty_snapshot_time(snapshot);
		found.snapshots++;
		for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
			ty_thread_info thread = { .size = sizeof(thread) };

			ck_assert_ok(ty_snapshot_thread(snapshot, i, &thread));
			found.stacks += thread.frame_count != 0;
			found.named |= ty_thread_name(target, thread.thread_key)[0] != '\0';
			for (uint32_t f = 0; f < thread.frame_count; f++)
				look_at(&thread.frames[f], &found);
		}
		ck_assert_int_eq(ty_snapshot_thread(snapshot, 99, &(ty_thread_info){ .size = sizeof(ty_thread_info) }),
		                 -TY_ENOTFOUND);
	}
	ck_assert_int_eq(result, -TY_EEXITED);
	ck_assert_int_eq(ty_sample(target, &snapshot), -TY_EEXITED);
	return found;
}

TEST(ours_says_all_that_the_target_said)
{
	struct found found;

	open_recording("ours-none.bin");
	found = replay_all();
	ck_assert_uint_eq(found.stacks, count_expected("ours-none.txt"));
	ck_assert(found.inner && found.named);
	ck_assert_uint_gt(found.instructions, found.stacks);
	ck_assert_uint_gt(found.offsets, found.stacks);
	ck_assert_uint_gt(found.rows, 10);
	ck_assert(information().finished && information().opcodes && !information().by_cpython);
	ck_assert_uint_eq(information().bytes_read, information().bytes);
	ck_assert_uint_eq(information().interval_ns, 5000000);
	ty_detach(target);
}

TEST(compressed_or_not_is_no_difference)
{
	if (!ty_pack_available())
		return;
	open_recording("ours-zstd.bin");
	ck_assert_uint_eq(replay_all().stacks, count_expected("ours-zstd.txt"));
	ck_assert_int_eq(information().compression, TY_COMPRESSION_ZSTD);
	ty_detach(target);
	open_recording("cpython-zstd.bin");
	ck_assert_uint_eq(replay_all().stacks, count_expected("cpython-zstd.txt"));
	ty_detach(target);
}

TEST(cpythons_has_opcodes_and_no_offsets)
{
	struct found found;

	open_recording("cpython-none.bin");
	found = replay_all();
	ck_assert_uint_eq(found.stacks, count_expected("cpython-none.txt"));
	ck_assert(found.inner && !found.named);
	ck_assert_uint_gt(found.instructions, found.stacks);
	ck_assert_uint_eq(found.offsets, 0);
	ck_assert_uint_eq(found.rows, 0);
	ck_assert(information().by_cpython && information().opcodes);
	ck_assert_uint_gt(information().duration_ns, 1000000000);
	ty_detach(target);
}

TEST(a_target_that_is_a_recording_says_so)
{
	ty_target_information facts = { .size = sizeof(facts) };

	open_recording("ours-none.bin");
	ck_assert_ok(ty_target_info(target, &facts));
	ck_assert_uint_eq(facts.python_version, TY_PYTHON_3_15);
	ck_assert(facts.is_capture && facts.pid > 0 && strstr(facts.runtime_path, "python"));
	ck_assert_int_eq(ty_reattach(target), -TY_ESTATE);
	ck_assert_int_eq(ty_capture(target, NULL), -TY_ESTATE);
	ck_assert_int_eq(ty_function(target, 0, &(ty_function_info){ .size = sizeof(ty_function_info) }),
	                 -TY_ENOTFOUND);
	ck_assert_int_eq(ty_location(target, &(ty_frame){ .function = 1 << 30 },
	                             &(ty_location_info){ .size = sizeof(ty_location_info) }),
	                 -TY_ENOTFOUND);
	ck_assert_int_eq(ty_disassemble(target, 1 << 30, count_row, NULL), -TY_ENOTFOUND);
	ck_assert_str_eq(ty_thread_name(target, 1ULL << 60), "");
	ty_detach(target);
}

/* ---- the sampler ---- */

static ty_run_info begun;
static ty_run_summary ended;

static int note_begin(const ty_run_info *run, void *user_data)
{
	(void)user_data;
	begun = *run;
	return 0;
}

static int note_end(const ty_run_summary *summary, void *user_data)
{
	(void)user_data;
	ended = *summary;
	return 0;
}

TEST(a_sampler_on_it_does_not_wait_and_tells_of_the_recorded_run)
{
	static const ty_collector_callbacks CALLBACKS = { .size = sizeof(CALLBACKS),
		                                          .begin = note_begin,
		                                          .end = note_end };
	/* An interval at which the test would take hours. */
	const ty_sampler_options options = { .size = sizeof(options), .interval_ns = 60000000000 };
	ty_collector *collector;
	ty_sampler *sampler;

	open_recording("ours-none.bin");
	ck_assert_ok(ty_collector_new(&CALLBACKS, NULL, &collector));
	ck_assert_ok(ty_sampler_new(target, &options, &sampler));
	ck_assert_ok(ty_sampler_run(sampler, &collector, 1));
	ck_assert_uint_eq(begun.interval_ns, 5000000);
	ck_assert_uint_eq(begun.opcodes, 1);
	ck_assert_uint_gt(begun.start_unix_ns, 1000000000000000000);
	ck_assert_int_eq(ended.end_reason, TY_END_EXITED);
	ck_assert(ended.duration_ns > 900000000 && ended.duration_ns < 2000000000);
	ck_assert_uint_gt(ended.samples, 150);
	ty_sampler_free(sampler);
	ty_collector_free(collector);
	ty_detach(target);
}

/* ---- several ---- */

TEST(several_are_one_in_the_order_of_time)
{
	struct found found;

	open_recording("ours-none.bin");
	ck_assert_ok(ty_add_recording(target, RECORDINGS "/cpython-none.bin"));
	ck_assert_ok(ty_add_recording(target, RECORDINGS "/ours-none.bin"));
	ck_assert_int_eq(ty_add_recording(target, RECORDINGS "/ours-none.txt"), -TY_ERECORDING);
	ck_assert_int_eq(ty_add_recording(target, RECORDINGS "/no-such-file"), -ENOENT);
	ck_assert_int_eq(information().recordings, 3);
	found = replay_all();
	ck_assert_uint_eq(found.stacks, 2 * count_expected("ours-none.txt") + count_expected("cpython-none.txt"));
	ck_assert(found.inner && found.rows);
	ck_assert_int_eq(ty_add_recording(target, RECORDINGS "/ours-none.bin"), -TY_ESTATE);
	ty_detach(target);
}

TEST(what_is_no_recording_is_refused_with_a_reason)
{
	ty_error_info info = { .size = sizeof(info) };

	ck_assert_int_eq(ty_open_recording(RECORDINGS "/ours-none.txt", NULL, &target), -TY_ERECORDING);
	ck_assert_ok(ty_last_error(target, &info));
	ck_assert_ptr_nonnull(strstr(info.message, "not a recording"));
	ck_assert_int_eq(ty_sample(target, &(const ty_snapshot *){ NULL }), -TY_ESTATE);
	ck_assert_int_eq(ty_recording_info(target, &(ty_recording_information){ .size = 88 }), -TY_ESTATE);
	ty_detach(target);
	ck_assert_int_eq(ty_open_recording("/no-such-file", NULL, &target), -ENOENT);
	ty_detach(target);
	ck_assert_int_eq(ty_open_recording(RECORDINGS "/ours-none.bin", &(ty_attach_options){ 0 }, &target),
	                 -TY_EOPTION);
	ty_detach(target);
}
