/* SPDX-License-Identifier: Apache-2.0 */
/* A recording of samples that something else took, through the public functions alone, and what a reader gets of it. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tachyon/recording.h>
#include <tachyon/sampler.h>

#include "support/test.h"

#define MS 1000000ULL

static char path[64];

static ty_recorder *begin(int compression)
{
	const ty_recorder_options options = { .size = sizeof(options),
		                              .compression = compression,
		                              .mode = TY_MODE_GIL,
		                              .interval_ns = MS,
		                              .start_time_ns = 1000 * MS,
		                              .python_hexversion = 0x030f00f0,
		                              .features = TY_FEATURES_KNOWN | TY_FEATURE_OPCODES };
	ty_recorder *recorder;

	snprintf(path, sizeof(path), "/tmp/tachyon-recorder-XXXXXX");
	close(mkstemp(path));
	ck_assert_ok(ty_recorder_new(&options, path, &recorder));
	return recorder;
}

static uint32_t add_frame(ty_recorder *recorder, const char *qualname, int32_t line, int32_t column, int32_t opcode)
{
	const ty_recorded_frame frame = { .size = sizeof(frame),
		                          .filename = "a.py",
		                          .qualname = qualname,
		                          .offset = -1,
		                          .opcode = opcode,
		                          .line = line,
		                          .end_line = line,
		                          .column = column,
		                          .end_column = column + 5 };
	uint32_t number;

	ck_assert_ok(ty_recorder_frame(recorder, &frame, &number));
	return number;
}

static int add_stack(ty_recorder *recorder, uint64_t time_ms, uint64_t thread, const uint32_t *frames, uint32_t count)
{
	const ty_recorded_stack stack = { .size = sizeof(stack),
		                          .time_ns = time_ms * MS,
		                          .native_id = thread,
		                          .interpreter = thread > 9,
		                          .status = TY_THREAD_HAS_GIL,
		                          .frame_count = count,
		                          .frames = frames };

	return ty_recorder_stack(recorder, &stack);
}

static ty_target *open_it(void)
{
	ty_target *target;

	ck_assert_ok(ty_open_recording(path, NULL, &target));
	return target;
}

static ty_thread_info next_thread(ty_target *target, uint64_t time_ms)
{
	ty_thread_info info = { .size = sizeof(info) };
	const ty_snapshot *snapshot;

	ck_assert_ok(ty_sample(target, &snapshot));
	ck_assert_uint_eq(ty_snapshot_time(snapshot), time_ms * MS);
	ck_assert_uint_eq(ty_snapshot_threads(snapshot), 1);
	ck_assert_ok(ty_snapshot_thread(snapshot, 0, &info));
	return info;
}

static void assert_place(ty_target *target, const ty_frame *frame, const char *name, int32_t line, int32_t column)
{
	ty_function_info function = { .size = sizeof(function) };
	ty_location_info location = { .size = sizeof(location) };

	ck_assert_ok(ty_function(target, frame->function, &function));
	ck_assert_ok(ty_location(target, frame, &location));
	ck_assert_str_eq(function.name, name);
	ck_assert_int_eq(location.line, line);
	ck_assert_int_eq(location.column, column);
}

/* Nothing stands between the header and our own half: still not taken for a file that was not finished. */
TEST(a_recording_without_samples_is_one)
{
	ty_recorder *recorder = begin(TY_COMPRESSION_NONE);
	const ty_snapshot *snapshot;
	ty_target *target;
	uint32_t wrong = 65;
	FILE *file;

	ck_assert_ok(ty_recorder_finish(recorder));
	ty_recorder_free(recorder);
	target = open_it();
	ck_assert_int_eq(ty_sample(target, &snapshot), -TY_EEXITED);
	ty_detach(target);
	file = fopen(path, "r+b");
	fseek(file, 40, SEEK_SET);
	fwrite(&wrong, sizeof(wrong), 1, file);
	fseek(file, 48, SEEK_SET);
	fwrite(&wrong, sizeof(wrong), 1, file);
	fclose(file);
	ck_assert_int_eq(ty_open_recording(path, NULL, &target), -TY_ERECORDING);
	ty_detach(target);
	unlink(path);
}

static void round_trip(int compression)
{
	ty_recorder *recorder = begin(compression);
	uint32_t stack[] = { add_frame(recorder, "A.leaf", 3, 4, 27), add_frame(recorder, "A.leaf", 3, 20, 28),
		             add_frame(recorder, "root", 9, 0, -1) };
	ty_recording_information information = { .size = sizeof(information) };
	ty_recorder_counters counters = { .size = sizeof(counters) };
	ty_thread_info thread;
	ty_target *target;

	ck_assert_ok(add_stack(recorder, 1001, 7, stack, 3));
	ck_assert_ok(add_stack(recorder, 1002, 7, stack, 3));
	ck_assert_ok(add_stack(recorder, 1003, 10, stack + 1, 2));
	ck_assert_ok(add_stack(recorder, 1004, 7, stack + 2, 1));
	ck_assert_ok(ty_recorder_measured(recorder, TY_MEASURED_RUN | TY_MEASURED_MISSED, 2.5, 8, NAN, 3));
	ck_assert_ok(ty_recorder_finish(recorder));
	ck_assert_ok(ty_recorder_statistics(recorder, &counters));
	ck_assert_uint_eq(counters.stacks, 4);
	ck_assert_uint_eq(counters.repeat_stacks, 1);
	ck_assert_uint_eq(counters.full_records, 2);
	ck_assert_uint_eq(counters.pop_push_records, 1);
	ck_assert_uint_eq(counters.frames_written, 5);
	ck_assert_uint_eq(counters.frames_saved, 4);
	ty_recorder_free(recorder);

	target = open_it();
	thread = next_thread(target, 1001);
	ck_assert_uint_eq(thread.native_id, 7);
	ck_assert_uint_eq(thread.status, TY_THREAD_HAS_GIL);
	ck_assert_uint_eq(thread.frame_count, 3);
	assert_place(target, &thread.frames[0], "leaf", 3, 4);
	assert_place(target, &thread.frames[1], "leaf", 3, 20);
	assert_place(target, &thread.frames[2], "root", 9, 0);
	ck_assert_uint_eq(thread.frames[0].opcode, 27);
	ck_assert_uint_eq(thread.frames[1].opcode, 28);
	ck_assert_uint_eq(thread.frames[2].flags, 0);
	ck_assert_uint_eq(next_thread(target, 1002).unchanged_frames, 3);
	ck_assert_int_eq(next_thread(target, 1003).interpreter, 1);
	ck_assert_uint_eq(next_thread(target, 1004).frame_count, 1);

	ck_assert_ok(ty_recording_info(target, &information));
	ck_assert_uint_eq(information.interval_ns, MS);
	ck_assert_uint_eq(information.start_time_ns, 1000 * MS);
	ck_assert_uint_eq(information.stacks, 4);
	ck_assert_uint_eq(information.threads, 2);
	ck_assert_uint_eq(information.frames, 3);
	ck_assert_uint_eq(information.strings, 3);
	ck_assert_int_eq(information.mode_known, 1);
	ck_assert_int_eq(information.mode, TY_MODE_GIL);
	ck_assert_uint_eq(information.features, TY_FEATURES_KNOWN | TY_FEATURE_OPCODES);
	ck_assert_uint_eq(information.measured, TY_MEASURED_RUN | TY_MEASURED_MISSED);
	ck_assert(information.duration_s == 2.5 && information.rate_hz == 8 && information.missed == 3);
	ty_detach(target);
	unlink(path);
}

TEST(what_is_recorded_is_read)
{
	round_trip(TY_COMPRESSION_NONE);
	round_trip(TY_COMPRESSION_AUTO);
}

TEST(compression_that_is_available_works)
{
	const ty_recorder_options options = { .size = sizeof(options), .compression = TY_COMPRESSION_ZSTD };
	ty_recorder *recorder = begin(TY_COMPRESSION_NONE);

	ty_recorder_free(recorder);
	ck_assert_int_eq(ty_compression_available(TY_COMPRESSION_NONE), 1);
	ck_assert_int_eq(ty_compression_available(TY_COMPRESSION_AUTO), 1);
	ck_assert_int_eq(ty_compression_available(7), 0);
	ck_assert_int_eq(ty_compression_available(TY_COMPRESSION_ZSTD),
	                 ty_recorder_new(&options, path, &recorder) == 0);
	ty_recorder_free(recorder);
	unlink(path);
}

TEST(nothing_is_told_that_was_not)
{
	const ty_recorder_options options = { .size = sizeof(options), .compression = TY_COMPRESSION_NONE, .mode = -1 };
	ty_recording_information information = { .size = sizeof(information) };
	ty_recorder *recorder = begin(TY_COMPRESSION_NONE);
	ty_target *target;

	ty_recorder_free(recorder);
	ck_assert_ok(ty_recorder_new(&options, path, &recorder));
	ck_assert_ok(ty_recorder_finish(recorder));
	ty_recorder_free(recorder);
	target = open_it();
	ck_assert_ok(ty_recording_info(target, &information));
	ck_assert_int_eq(information.mode_known, 0);
	ck_assert_int_eq(information.mode, 0);
	ck_assert_uint_eq(information.features, 0);
	ck_assert_uint_eq(information.measured, 0);
	ty_detach(target);
	unlink(path);
}

TEST(a_first_stack_before_the_begin_is_the_begin)
{
	ty_recorder *recorder = begin(TY_COMPRESSION_NONE);
	uint32_t frame = add_frame(recorder, "f", 1, 1, -1);
	ty_target *target;

	ck_assert_ok(add_stack(recorder, 5, 1, &frame, 1));
	ck_assert_ok(add_stack(recorder, 4, 1, &frame, 1)); /* no thread goes back */
	ck_assert_ok(ty_recorder_finish(recorder));
	ty_recorder_free(recorder);
	target = open_it();
	next_thread(target, 5);
	next_thread(target, 5);
	ty_detach(target);
	unlink(path);
}

TEST(what_cannot_be_is_refused)
{
	const ty_recorder_options wrong = { .size = sizeof(wrong), .compression = 9 };
	const ty_recorded_frame nameless = { .size = sizeof(nameless), .filename = "a.py" };
	ty_recorder *recorder = begin(TY_COMPRESSION_NONE), *other;
	uint32_t frame = add_frame(recorder, "f", 1, 1, -1), unknown = frame + 1;

	ck_assert_int_eq(ty_recorder_new(&wrong, path, &other), -TY_EOPTION);
	ck_assert_int_eq(ty_recorder_new(NULL, "/no/such/directory", &other), -ENOENT);
	ck_assert_ptr_null(other);
	ck_assert_int_eq(ty_recorder_frame(recorder, &nameless, &unknown), -TY_EOPTION);
	ck_assert_int_eq(ty_recorder_frame(recorder, NULL, &unknown), -TY_EOPTION);
	ck_assert_int_eq(add_stack(recorder, 2000, 1, &unknown, 1), -TY_ENOTFOUND);
	ck_assert_int_eq(add_stack(recorder, 2000, 1, NULL, 1), -TY_EOPTION);
	ck_assert_int_eq(add_stack(recorder, 2000, 1, &frame, 1U << 30), -TY_ELIMIT);
	ck_assert_int_eq(ty_recorder_measured(recorder, TY_MEASURED_RUN, NAN, 1, 0, 0), -TY_EOPTION);
	ck_assert_int_eq(ty_recorder_measured(recorder, TY_MEASURED_RUN, -1, 1, 0, 0), -TY_EOPTION);
	ck_assert_int_eq(ty_recorder_measured(recorder, TY_MEASURED_ERRORS, 1, 1, 1, 0), -TY_EOPTION);
	ck_assert_ok(ty_recorder_finish(recorder));
	ck_assert_int_eq(ty_recorder_finish(recorder), -TY_ESTATE);
	ck_assert_int_eq(add_stack(recorder, 2000, 1, &frame, 1), -TY_ESTATE);
	ck_assert_int_eq(ty_recorder_measured(recorder, TY_MEASURED_RUN, 1, 1, 0, 0), -TY_ESTATE);
	ty_recorder_free(recorder);
	ty_recorder_free(NULL);
	unlink(path);
}

/* What stands before the damage is given all the same, as of a file that was not finished. */
TEST(a_file_that_was_cut_off_is_read_up_to_there)
{
	ty_recorder *recorder = begin(TY_COMPRESSION_AUTO);
	uint32_t frame = add_frame(recorder, "f", 1, 1, -1);
	ty_recording_information information = { .size = sizeof(information) };
	ty_target *target;
	FILE *file;

	for (uint64_t time_ms = 2000; time_ms < 9000; time_ms += 500)
		ck_assert_ok(add_stack(recorder, time_ms, 1, &frame, 1));
	ck_assert_ok(ty_recorder_finish(recorder));
	ty_recorder_free(recorder);
	file = fopen(path, "r+b");
	fseek(file, 0, SEEK_END);
	ck_assert_int_eq(ftruncate(fileno(file), ftell(file) - 100), 0);
	fclose(file);
	target = open_it();
	next_thread(target, 2000);
	next_thread(target, 2500);
	ck_assert_ok(ty_recording_info(target, &information));
	ck_assert_uint_eq(information.frames, 0);
	ck_assert_uint_eq(information.measured, 0);
	ty_detach(target);
	unlink(path);
}

/* A table that is larger than the file, or samples that end elsewhere: CPython's half is checked as well. */
TEST(a_file_that_was_changed_by_hand_is_refused)
{
	static const struct {
		long at; /* from the end if negative */
		uint32_t value;
	} changes[] = { { -32, UINT32_MAX }, { -28, UINT32_MAX }, { 40, 65 } };

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		ty_recorder *recorder = begin(TY_COMPRESSION_NONE);
		uint32_t frame = add_frame(recorder, "f", 1, 1, -1);
		const ty_snapshot *snapshot;
		ty_target *target;
		FILE *file;
		int result;

		ck_assert_ok(add_stack(recorder, 2000, 1, &frame, 1));
		ck_assert_ok(ty_recorder_finish(recorder));
		ty_recorder_free(recorder);
		file = fopen(path, "r+b");
		fseek(file, changes[i].at, changes[i].at < 0 ? SEEK_END : SEEK_SET);
		fwrite(&changes[i].value, sizeof(changes[i].value), 1, file);
		fclose(file);
		result = ty_open_recording(path, NULL, &target);
		while (result == 0)
			result = ty_sample(target, &snapshot);
		ck_assert_int_eq(result, -TY_ERECORDING);
		ty_detach(target);
		unlink(path);
	}
}
