/* SPDX-License-Identifier: Apache-2.0 */
/* Captures of tests/data that are one target: what it says of itself must be what its sources say. */
#include <tachyon/merged.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/collector.h>
#include <tachyon/disassembly.h>
#include <tachyon/opcode.h>

#include "support/test.h"

static ty_target *open_capture(const char *version)
{
	ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL, .opcodes = 1 };
	ty_target *target;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.tycap", CAPTURES, version);
	ck_assert_ok(ty_open_capture(path, &options, &target));
	return target;
}

static const ty_snapshot *sample(ty_target *target)
{
	const ty_snapshot *snapshot;

	ck_assert_ok(ty_sample(target, &snapshot));
	return snapshot;
}

/* A snapshot of a source, as one of the merged target. */
static const ty_snapshot *merge(ty_target *merged, ty_target *source)
{
	const ty_snapshot *snapshot;

	ck_assert_ok(ty_merged_sample(merged, sample(source), &snapshot));
	return snapshot;
}

static ty_target *new_merged(void)
{
	ty_target *merged;

	ck_assert_ok(ty_merged_new(&merged));
	return merged;
}

static ty_thread_info thread_of(const ty_snapshot *snapshot, size_t index)
{
	ty_thread_info info = { .size = sizeof(info) };

	ck_assert_ok(ty_snapshot_thread(snapshot, index, &info));
	return info;
}

/* Text for everything that is known of a frame, to be freed. */
static char *describe(ty_target *target, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function) };
	ty_location_info location = { .size = sizeof(location) };
	ty_instruction_info instruction = { .size = sizeof(instruction), .name = "" };
	char *text;

	ck_assert_ok(ty_function(target, frame->function, &function));
	ck_assert_ok(ty_location(target, frame, &location));
	(void)ty_instruction(target, frame, &instruction);
	ck_assert_int_gt(asprintf(&text, "%s %s %s %u %u @%d %d-%d %d-%d %s %u", function.filename, function.qualname,
	                          function.name, function.first_line, function.bytecode_bytes, frame->offset,
	                          location.line, location.end_line, location.column, location.end_column,
	                          instruction.name, instruction.argument),
	                 0);
	return text;
}

static void check_same_frames(ty_target *merged, const ty_thread_info *ours, ty_target *source,
                              const ty_thread_info *its)
{
	ck_assert_uint_eq(ours->frame_count, its->frame_count);
	for (uint32_t i = 0; i < its->frame_count; i++) {
		char *expected = describe(source, &its->frames[i]), *given = describe(merged, &ours->frames[i]);

		ck_assert_str_eq(given, expected);
		free(expected);
		free(given);
	}
}

TEST(a_snapshot_says_what_its_source_says)
{
	static const char *const versions[] = { "3.11", "3.12", "3.13", "3.14", "3.15" };
	ty_target *merged = new_merged();

	for (size_t v = 0; v < sizeof(versions) / sizeof(*versions); v++) {
		ty_target *source = open_capture(versions[v]);
		const ty_snapshot *its = sample(source), *ours;

		ck_assert_ok(ty_merged_sample(merged, its, &ours));
		ck_assert_ptr_eq(ty_snapshot_target(ours), merged);
		ck_assert_uint_eq(ty_snapshot_time(ours), ty_snapshot_time(its));
		ck_assert_int_eq(ty_snapshot_pid(ours), ty_snapshot_pid(its));
		ck_assert_uint_eq(ty_snapshot_threads(ours), ty_snapshot_threads(its));
		for (size_t i = 0; i < ty_snapshot_threads(its); i++) {
			ty_thread_info given = thread_of(ours, i), expected = thread_of(its, i);

			ck_assert_int_eq(given.verdict, expected.verdict);
			ck_assert_uint_eq(given.host_id, expected.host_id);
			check_same_frames(merged, &given, source, &expected);
		}
		ck_assert_ok(ty_merged_leave(merged, source));
		ty_detach(source);
	}
	ty_detach(merged);
}

TEST(equal_functions_are_one_and_threads_are_not)
{
	ty_target *merged = new_merged(), *one = open_capture("3.14"), *other = open_capture("3.14");
	ty_thread_info first = thread_of(merge(merged, one), 0), second;
	ty_frame *frames = calloc(first.frame_count, sizeof(*frames));

	memcpy(frames, first.frames, first.frame_count * sizeof(*frames));
	second = thread_of(merge(merged, other), 0);
	ck_assert_uint_eq(first.frame_count, second.frame_count);
	ck_assert_mem_eq(frames, second.frames, first.frame_count * sizeof(*frames));
	ck_assert_uint_ne(first.thread_key, second.thread_key);
	free(frames);
	ty_detach(one);
	ty_detach(other);
	ty_detach(merged);
}

TEST(functions_of_two_versions_are_two)
{
	ty_target *merged = new_merged(), *one = open_capture("3.14"), *other = open_capture("3.15");
	ty_target_information information = { .size = sizeof(information) };
	uint32_t function = thread_of(merge(merged, one), 0).frames[0].function;

	ck_assert_ok(ty_target_info(merged, &information));
	ck_assert_uint_eq(information.python_version, TY_PYTHON_3_14);
	ck_assert_uint_ne(function, thread_of(merge(merged, other), 0).frames[0].function);
	ck_assert_ok(ty_target_info(merged, &information));
	ck_assert_uint_eq(information.python_version, 0);
	ty_detach(one);
	ty_detach(other);
	ty_detach(merged);
}

static int count_row(const ty_disassembly_row *row, void *user_data)
{
	(void)row;
	++*(size_t *)user_data;
	return 0;
}

TEST(what_was_copied_outlives_the_source)
{
	ty_target *merged = new_merged(), *source = open_capture("3.15");
	ty_thread_info thread = thread_of(merge(merged, source), 0);
	ty_frame leaf = thread.frames[0];
	char *before = describe(merged, &leaf), *after;
	size_t rows = 0;

	ck_assert_ok(ty_merged_leave(merged, source));
	ck_assert_int_eq(ty_merged_leave(merged, source), -TY_ENOTFOUND);
	ty_detach(source);
	after = describe(merged, &leaf);
	ck_assert_str_eq(after, before);
	ck_assert_int_eq(ty_disassemble(merged, leaf.function, count_row, &rows), -TY_ESTALE);
	ck_assert_str_eq(ty_thread_name(merged, thread.thread_key), "");
	free(before);
	free(after);
	ty_detach(merged);
}

TEST(unchanged_frames_speak_of_the_snapshot_of_the_source_before)
{
	ty_target *merged = new_merged(), *one = open_capture("3.13"), *other = open_capture("3.13");
	ty_thread_info again;

	merge(merged, one);
	again = thread_of(merge(merged, one), 0);
	ck_assert_uint_eq(again.unchanged_frames, again.frame_count);
	merge(merged, other);
	again = thread_of(merge(merged, one), 0);
	ck_assert_uint_eq(again.unchanged_frames, again.frame_count);
	sample(one);
	ck_assert_uint_eq(thread_of(merge(merged, one), 0).unchanged_frames, 0);
	ty_detach(one);
	ty_detach(other);
	ty_detach(merged);
}

TEST(counters_are_those_of_all_sources)
{
	ty_target_counters counters = { .size = sizeof(counters) };
	ty_target *merged = new_merged();
	uint64_t code_objects = 0, threads = 0;

	for (int i = 0; i < 3; i++) {
		ty_target *source = open_capture("3.12");
		ty_target_counters its = { .size = sizeof(its) };

		threads += ty_snapshot_threads(merge(merged, source));
		ck_assert_ok(ty_target_statistics(source, &its));
		code_objects += its.code_objects;
		for (int left = 0; left < 2; left++) {
			if (left)
				ck_assert_ok(ty_merged_leave(merged, source));
			ck_assert_ok(ty_target_statistics(merged, &counters));
			ck_assert_uint_eq(counters.samples, (uint64_t)i + 1);
			ck_assert_uint_eq(counters.code_objects, code_objects);
		}
		ty_detach(source);
	}
	ck_assert_uint_eq(counters.verified + counters.repaired, threads);
	ty_detach(merged);
}

TEST(a_collector_adds_processes_up)
{
	ty_target *merged = new_merged(), *sources[] = { open_capture("3.11"), open_capture("3.11") };
	ty_run_info run = { .size = sizeof(run), .target = merged };
	ty_run_summary summary = { .size = sizeof(summary) };
	ty_collector *collector;
	size_t size, lines = 0;
	ty_sink *sink, *copy;
	const char *text;

	ck_assert_ok(ty_sink_memory(&sink));
	copy = sink;
	ck_assert_ok(ty_collapsed_new(NULL, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
	for (int i = 0; i < 10; i++)
		ck_assert_ok(ty_collector_sample(collector, merge(merged, sources[i & 1])));
	ck_assert_ok(ty_collector_end(collector, &summary));
	/* Both are recordings of one process, so that their threads have one id. */
	for (text = ty_sink_data(copy, &size); *text; text = strchr(text, '\n') + 1, lines++)
		ck_assert_ptr_nonnull(strstr(text, " 10\n"));
	ck_assert_uint_eq(lines, ty_snapshot_threads(sample(sources[0])));
	ty_collector_free(collector);
	ty_detach(sources[0]);
	ty_detach(sources[1]);
	ty_detach(merged);
}

static size_t count(const char *text, const char *what)
{
	size_t found = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		found++;
	return found;
}

/* Between two snapshots of a process lie those of others: its threads are not gone meanwhile. */
TEST(a_timeline_has_no_gaps)
{
	ty_target *merged = new_merged(), *sources[] = { open_capture("3.13"), open_capture("3.15") };
	ty_run_info run = { .size = sizeof(run), .target = merged };
	ty_run_summary summary = { .size = sizeof(summary) };
	size_t frames = 0, size;
	ty_collector *collector;
	ty_sink *sink, *copy;
	const char *text;

	ck_assert_ok(ty_sink_memory(&sink));
	copy = sink;
	ck_assert_ok(ty_chrome_trace_new(NULL, sink, &collector));
	ck_assert_ok(ty_collector_begin(collector, &run));
	for (int i = 0; i < 10; i++)
		ck_assert_ok(ty_collector_sample(collector, merge(merged, sources[i & 1])));
	ck_assert_ok(ty_collector_end(collector, &summary));
	text = ty_sink_data(copy, &size);
	for (int s = 0; s < 2; s++) {
		const ty_snapshot *snapshot = sample(sources[s]);
		char pid[32];

		for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++)
			frames += thread_of(snapshot, i).frame_count;
		snprintf(pid, sizeof(pid), "\"pid\":%d,", ty_snapshot_pid(snapshot));
		ck_assert_uint_gt(count(text, pid), 1);
	}
	ck_assert_uint_eq(count(text, "process_name"), 2);
	ck_assert_uint_eq(count(text, "\"ph\":\"B\""), frames);
	ty_collector_free(collector);
	ty_detach(sources[0]);
	ty_detach(sources[1]);
	ty_detach(merged);
}

TEST(what_makes_no_sense_is_refused)
{
	ty_target *merged = new_merged(), *source = open_capture("3.14");
	ty_target_information information = { .size = sizeof(information) };
	const ty_snapshot *snapshot, *ours;
	ty_sink *sink;

	ck_assert_int_eq(ty_merged_new(NULL), -TY_EOPTION);
	ck_assert_int_eq(ty_target_info(merged, &information), -TY_ESTATE);
	ck_assert_int_eq(ty_sample(merged, &snapshot), -TY_ESTATE);
	ck_assert_int_eq(ty_reattach(merged), -TY_ESTATE);
	ours = merge(merged, source);
	ck_assert_int_eq(ty_sample(merged, &snapshot), -TY_ESTATE);
	ck_assert_int_eq(ty_merged_sample(merged, ours, &snapshot), -TY_ESTATE);
	ck_assert_int_eq(ty_merged_sample(source, sample(source), &snapshot), -TY_ESTATE);
	ck_assert_int_eq(ty_merged_leave(source, merged), -TY_ESTATE);
	ck_assert_ok(ty_sink_memory(&sink));
	ck_assert_int_eq(ty_capture(merged, sink), -TY_ESTATE);
	ty_sink_free(sink);
	ty_detach(source);
	ty_detach(merged);
}
