/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was written is read; what was cut off is read up to there; whatever else a file holds gives an error and never a
 * crash. The recordings of tests/data/recordings are CPython's own and ours of a real program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"
#include "recording/pack.h"
#include "support/test.h"

static struct ty_error_state error;
static struct ty_recording_reader *reader;
static struct made made;

static void open_made(void)
{
	made_close(&made);
	ck_assert_ok(ty_reader_open(made.path, &error, &reader));
}

/* The next snapshot: its time in ms since the start, and "THREAD:STACK" of each thread. */
static const char *next(void)
{
	static char text[256];
	size_t used;

	if (ty_reader_next(reader) != 0)
		return "end";
	used = (size_t)snprintf(text, sizeof(text), "%llu",
	                        (unsigned long long)(reader->time_us - MADE_START_NS / 1000) / 1000);
	for (size_t i = 0; i < reader->current.count; i++) {
		const struct ty_reader_thread *thread = reader->current.items[i];

		used += (size_t)snprintf(text + used, sizeof(text) - used, " %llu:%s",
		                         (unsigned long long)thread->identity.id, made_text(reader, thread));
	}
	return text;
}

static void finish(void)
{
	ty_reader_free(reader);
	made_remove(&made);
}

static int compressions(int index)
{
	return index && ty_pack_available() ? TY_RECORDING_ZSTD : TY_RECORDING_PLAIN;
}

static void sample_some(void)
{
	made_sample(&made, 0, 1, "ab");
	made_sample(&made, 1, 1, "c");
	made_sample(&made, 0, 2, "ab");
	made_sample(&made, 1, 2, "c");
	made_sample(&made, 0, 3, "abcd");
	ck_assert_ok(ty_recording_pause(made.writer, MADE_START_NS + 2000 * MADE_MS));
	made_sample(&made, 0, 2001, "abd");
	made_sample(&made, 1, 2001, "");
	made_sample(&made, 0, 2002, "d");
}

TEST(snapshots_come_back_in_the_order_of_time)
{
	for (int i = 0; i < 2; i++) {
		made_begin(&made, compressions(i));
		sample_some();
		made_finish(&made);
		open_made();
		ck_assert_str_eq(next(), "1 100:ab 101:c");
		ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 0);
		ck_assert_str_eq(next(), "2 100:ab 101:c");
		ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 2);
		ck_assert_str_eq(next(), "3 100:abcd");
		ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 2);
		ck_assert_str_eq(next(), "2001 100:abd 101:");
		ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 2);
		ck_assert_str_eq(next(), "2002 100:d");
		ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 0);
		ck_assert_str_eq(next(), "end");
		ck_assert_str_eq(next(), "end");
		ck_assert(reader->is_finished && reader->has_summary);
		ck_assert_uint_eq(reader->summary.torn, 3);
		ck_assert_uint_eq(reader->run.pid, 4711);
		finish();
	}
}

TEST(everything_that_was_said_comes_back)
{
	const ty_frame with_opcode = { .function = 1, .offset = 10, .flags = TY_FRAME_HAS_OPCODE, .opcode = 44 };
	const ty_frame without = { .function = 2, .offset = 10 };
	const struct ty_reader_frame *frame;

	made_begin(&made, TY_RECORDING_PLAIN);
	made_sample(&made, 1, 1, "ab");
	made_finish(&made);
	open_made();
	ck_assert_str_eq(next(), "1 101:ab");
	ck_assert_str_eq(reader->current.items[0]->name, "worker");
	ck_assert_uint_eq(reader->current.items[0]->identity.host_id, 901);
	ck_assert_str_eq(ty_reader_string(reader, reader->functions.items[0].qualname), "A.one");
	ck_assert_str_eq(ty_reader_string(reader, reader->functions.items[1].filename), "/src/b.py");
	ck_assert_uint_eq(reader->functions.items[0].bytecode_bytes, 40);
	ck_assert_uint_gt(reader->functions.items[0].listing.count, 0);
	frame = ty_reader_find(reader, &with_opcode);
	ck_assert(frame && frame->has_instruction);
	ck_assert_int_eq(frame->line, 11);
	ck_assert_int_eq(frame->end_line, 12);
	ck_assert_int_eq(frame->end_column, 9);
	ck_assert_uint_eq(frame->argument, 300);
	/* Opcode 255, which CPython's table cannot say. */
	frame = ty_reader_find(reader, &without);
	ck_assert(frame && frame->opcode == 255 && frame->frame.oparg == 7);
	ck_assert_ptr_null(ty_reader_find(reader, &(ty_frame){ .function = 3 }));
	finish();
}

TEST(verdicts_and_statuses_are_the_samples_own)
{
	static const struct {
		uint32_t status;
		int verdict;
	} VALUES[] = { { 1, TY_VERIFIED },   { 1, TY_VERIFIED },  { 3, TY_REPAIRED },
		       { 3, TY_REPAIRED },   { 4, TY_TORN },      { 0x141, TY_FAILED },
		       { 0x141, TY_FAILED }, { 33, TY_VERIFIED }, { 0x80, TY_INCOMPLETE } };
	size_t count = sizeof(VALUES) / sizeof(VALUES[0]);

	for (int i = 0; i < 2; i++) {
		made_begin(&made, compressions(i));
		for (size_t s = 0; s < count; s++) {
			made_value(&made, 0, s, "ab", VALUES[s].status, VALUES[s].verdict);
			if (s % 3 == 2)
				ck_assert_ok(ty_recording_pause(made.writer, MADE_START_NS + s * 2000 * MADE_MS));
		}
		made_finish(&made);
		open_made();
		for (size_t s = 0; s < count; s++) {
			ck_assert_int_eq(ty_reader_next(reader), 0);
			ck_assert_int_eq(reader->current.items[0]->verdict, VALUES[s].verdict);
			ck_assert_uint_eq(reader->current.items[0]->status, VALUES[s].status);
		}
		finish();
	}
}

TEST(a_thread_that_takes_anothers_id_is_another_thread)
{
	const struct ty_recording_thread heir = { .id = 100, .key = 9, .native_id = 100 };

	made_begin(&made, TY_RECORDING_PLAIN);
	made_sample(&made, 0, 1, "ab");
	ck_assert_int_eq(ty_recording_add_thread(made.writer, &heir), 0);
	made_sample(&made, 0, 2, "ab");
	made_finish(&made);
	open_made();
	ck_assert_str_eq(next(), "1 100:ab");
	ck_assert_uint_eq(reader->current.items[0]->identity.key, 1);
	ck_assert_str_eq(next(), "2 100:ab");
	ck_assert_uint_eq(reader->current.items[0]->identity.key, 9);
	ck_assert_uint_eq(reader->current.items[0]->unchanged_frames, 0);
	finish();
}

TEST(no_samples_at_all)
{
	for (int i = 0; i < 2; i++) {
		made_begin(&made, compressions(i));
		made_finish(&made);
		open_made();
		ck_assert_str_eq(next(), "end");
		ck_assert(reader->is_finished);
		finish();
	}
}

/* Killed: the last chunk that is whole is the last that is read. */
TEST(what_was_cut_off_is_read_up_to_there)
{
	for (int i = 0; i < 2; i++) {
		size_t size;
		uint8_t *bytes;

		made_begin(&made, compressions(i));
		sample_some();
		ck_assert_ok(ty_recording_pause(made.writer, MADE_START_NS + 9000 * MADE_MS));
		made_close(&made);
		bytes = made_read(made.path, &size);
		for (size_t cut = TY_RECORDING_HEADER_BYTES; cut <= size; cut++) {
			uint64_t snapshots = 0;

			ck_assert_ok(ty_reader_open_memory(bytes, cut, &error, &reader));
			while (ty_reader_next(reader) == 0)
				snapshots++;
			ck_assert(!reader->is_finished && reader->ended);
			ck_assert_int_eq(reader->failed, 0);
			ck_assert(cut == size ? snapshots == 5 : snapshots == 0 || snapshots == 3);
			ty_reader_free(reader);
		}
		free(bytes);
		made_remove(&made);
	}
}

/* ---- hostile files ---- */

/* Reads all that can be read. The number of snapshots; `failed`: whether there was an error. */
static uint64_t read_all(const uint8_t *bytes, size_t size, bool *failed)
{
	uint64_t snapshots = 0;
	int result;

	error.message[0] = '\0';
	if (ty_reader_open_memory(bytes, size, &error, &reader) < 0) {
		ck_assert_uint_gt(strlen(error.message), 10);
		*failed = true;
		return 0;
	}
	while ((result = ty_reader_next(reader)) == 0)
		snapshots++;
	*failed = result < 0;
	/* The place, unless it is this build that lacks something. */
	ck_assert(!*failed || strstr(error.message, "byte") || error.code == -ENOTSUP);
	ty_reader_free(reader);
	return snapshots;
}

/* Of ours nothing wrong gets through: an error, or all the samples as they were, where only CPython's half was hit. */
TEST(every_bit_flipped_in_a_recording_of_ours)
{
	for (int i = 0; i < 2; i++) {
		size_t size;
		uint8_t *bytes;
		bool failed;

		made_begin(&made, compressions(i));
		sample_some();
		made_finish(&made);
		made_close(&made);
		bytes = made_read(made.path, &size);
		ck_assert_uint_eq(read_all(bytes, size, &failed), 5);
		ck_assert(!failed);
		for (size_t bit = 0; bit < 8 * size; bit++) {
			uint64_t snapshots;

			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			snapshots = read_all(bytes, size, &failed);
			ck_assert_msg(failed ? snapshots <= 5 : snapshots == 5 || bit / 8 >= size - 32 || bit < 8 * 64,
			              "bit %zu of byte %zu: %d snapshots", bit % 8, bit / 8, (int)snapshots);
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		free(bytes);
		made_remove(&made);
	}
}

static void flip_bytes(const char *name, size_t step)
{
	char path[512];
	uint8_t *bytes;
	size_t size;
	bool failed;

	snprintf(path, sizeof(path), RECORDINGS "/%s", name);
	bytes = made_read(path, &size);
	ck_assert_uint_gt(read_all(bytes, size, &failed), 190);
	ck_assert(!failed);
	for (size_t at = 0; at < size; at += step) {
		bytes[at] ^= 0xff;
		read_all(bytes, size, &failed);
		bytes[at] ^= 0xff ^ 1;
		read_all(bytes, size, &failed);
		bytes[at] ^= 1;
	}
	free(bytes);
}

TEST(every_byte_flipped_in_recordings_of_cpython)
{
	flip_bytes("cpython-none.bin", 1);
	if (ty_pack_available())
		flip_bytes("cpython-zstd.bin", 1);
}

TEST(bytes_flipped_in_real_recordings_of_ours)
{
	flip_bytes("ours-none.bin", 11);
	if (ty_pack_available())
		flip_bytes("ours-zstd.bin", 11);
}

TEST(recordings_cut_off_anywhere)
{
	static const char *const NAMES[] = { "cpython-none.bin", "ours-none.bin" };

	for (size_t i = 0; i < 2; i++) {
		char path[512];
		uint8_t *bytes;
		size_t size;
		bool failed;

		snprintf(path, sizeof(path), RECORDINGS "/%s", NAMES[i]);
		bytes = made_read(path, &size);
		for (size_t cut = 0; cut < size; cut += cut < 200 ? 1 : 13) {
			uint8_t *copy = malloc(cut + 1);

			/* An allocation of its own size: one byte too far is found. */
			memcpy(copy, bytes, cut);
			read_all(copy, cut, &failed);
			ck_assert_msg(failed, "%zu of %zu bytes of %s", cut, size, NAMES[i]);
			free(copy);
		}
		free(bytes);
	}
}

static void check_refused(const void *bytes, size_t size, const char *words)
{
	bool failed;

	ck_assert_uint_eq(read_all(bytes, size, &failed), 0);
	ck_assert(failed);
	ck_assert_msg(strstr(error.message, words) != NULL, "%s", error.message);
}

/* The numbers of frames that are none (threads of a call tree), and what has no room in a report's arithmetic. */
TEST(frames_that_cannot_be_are_refused)
{
	static const ty_frame FRAMES[] = {
		{ .kind = TY_FRAME_TASK + 1 },
		{ .kind = 0xff },
		{ .offset = TY_RECORDING_OFFSET_MAX + 1 },
		{ .offset = INT32_MAX },
	};

	for (size_t i = 0; i < sizeof(FRAMES) / sizeof(*FRAMES); i++) {
		const struct ty_recording_frame frame = { .frame = FRAMES[i] };

		made_begin(&made, TY_RECORDING_PLAIN);
		ck_assert_int_ge(ty_recording_add_frame(made.writer, &frame), 0);
		made_sample(&made, 0, 1, "ab");
		made_finish(&made);
		open_made();
		ck_assert_int_eq(ty_reader_next(reader), -TY_ERECORDING);
		finish();
	}
}

TEST(foreign_and_newer_files_are_told_apart)
{
	uint8_t header[64] = "HCAT\2\0\0\0";

	check_refused("", 0, "not a recording");
	check_refused("HCA", 3, "not a recording");
	check_refused("\x7f"
	              "ELF and so on",
	              14, "not a recording");
	check_refused("TACH\0\0\0\1", 8, "byte order");
	check_refused(header, sizeof(header), "newer");
	header[4] = 1;
	check_refused(header, 63, "ends within its header");
	header[56] = 9;
	check_refused(header, sizeof(header), "compressed in a way");
}
