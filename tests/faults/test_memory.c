/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: whole runs, from attaching to the written result, in which every allocation fails once, alone and
 * with all that follow. Each ends with -ENOMEM or goes on without what it could not have; none leaks, none crashes, and
 * none leaves half a result behind.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tachyon/tachyon.h>

#include "support/allocations.h"
#include "support/test.h"
#include "util/cleanup.h"

/* Of the allocations of a run every one fails up to here, then one in so many: they repeat themselves. */
#define EVERY_NUMBER 100
#define STEP 3
#define SAMPLES 12

/* ---- where results go ---- */

static char directory[] = "/tmp/tachyon-faults-XXXXXX", result_path[64];

static void make_directory(void)
{
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(result_path, sizeof(result_path), "%s/result", directory);
}

/* How many files there are; they are removed. */
static size_t empty(const char *path)
{
	_cleanup_closedir_ DIR *open = opendir(path);
	size_t count = 0;

	for (struct dirent *entry; open && (entry = readdir(open));) {
		char inner[512];

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		count++;
		if (unlink(inner)) {
			empty(inner);
			ck_assert_int_eq(rmdir(inner), 0);
		}
	}
	return count;
}

/* ---- collectors ---- */

static const char *source_line(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	(void)filename, (void)line, (void)user_data;
	*size_bytes = 5;
	return "x = 1";
}

#define WITH_SINK(name)                                                                                                \
	static int make_##name(ty_collector **collector)                                                               \
	{                                                                                                              \
		ty_##name##_options options = { .size = sizeof(options), .opcodes = 1 };                               \
		ty_sink *sink;                                                                                         \
		int result = ty_sink_memory(&sink);                                                                    \
                                                                                                                       \
		return result ? result : ty_##name##_new(&options, sink, collector);                                   \
	}

WITH_SINK(collapsed)
WITH_SINK(pstats)
WITH_SINK(gecko)
WITH_SINK(speedscope)
WITH_SINK(pprof)
WITH_SINK(callgrind)
WITH_SINK(chrome_trace)
WITH_SINK(perfetto)

static int make_jsonl(ty_collector **collector)
{
	ty_jsonl_options options = { .size = sizeof(options), .opcodes = 1, .times = 1 };
	ty_sink *sink;
	int result = ty_sink_memory(&sink);

	return result ? result : ty_jsonl_new(&options, sink, collector);
}

static int make_marshal(ty_collector **collector)
{
	ty_pstats_options options = { .size = sizeof(options), .format = TY_PSTATS_MARSHAL };
	ty_sink *sink;
	int result = ty_sink_file(result_path, &sink);

	return result ? result : ty_pstats_new(&options, sink, collector);
}

static int make_annotation_as(int format, ty_collector **collector)
{
	ty_annotation_options options = { .size = sizeof(options), .format = format, .source = source_line };
	ty_sink *sink;
	int result = ty_sink_memory(&sink);

	return result ? result : ty_annotation_new(&options, sink, collector);
}

static int make_annotation(ty_collector **collector)
{
	return make_annotation_as(TY_ANNOTATION_TEXT, collector);
}

static int make_annotation_json(ty_collector **collector)
{
	return make_annotation_as(TY_ANNOTATION_JSON, collector);
}

static int make_flamegraph_of(ty_target *baseline, ty_collector **collector)
{
	ty_flamegraph_options options = {
		.size = sizeof(options), .opcodes = 1, .source = source_line, .baseline = baseline
	};
	ty_sink *sink;
	int result = ty_sink_file(result_path, &sink);

	return result ? result : ty_flamegraph_new(&options, sink, collector);
}

static int make_flamegraph(ty_collector **collector)
{
	return make_flamegraph_of(NULL, collector);
}

static int make_diff(ty_collector **collector)
{
	ty_target *baseline;
	int result = ty_open_recording(RECORDINGS "/ours-none.bin", NULL, &baseline);

	result = result ? result : make_flamegraph_of(baseline, collector);
	ty_detach(baseline);
	return result;
}

static int make_heatmap(ty_collector **collector)
{
	ty_heatmap_options options = { .size = sizeof(options), .opcodes = 1, .source = source_line };

	return ty_heatmap_new(&options, result_path, collector);
}

static int make_binary(ty_collector **collector)
{
	ty_binary_options options = { .size = sizeof(options), .opcodes = 1, .compression = TY_COMPRESSION_NONE };

	return ty_binary_new(&options, result_path, collector);
}

/* ---- runs ---- */

static int open_capture(ty_target **target)
{
	ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL, .opcodes = 1 };

	return ty_open_capture(CAPTURES "/3.15.tycap", &options, target);
}

static int open_recording(ty_target **target)
{
	return ty_open_recording(RECORDINGS "/ours-none.bin", NULL, target);
}

typedef int (*open_fn)(ty_target **target);
typedef int (*make_fn)(ty_collector **collector);

/* As tachyon-cli does it: by a sampler. */
static int sample(ty_target *target, ty_collector *collector)
{
	ty_sampler_options options = { .size = sizeof(options), .interval_ns = 1, .max_samples = SAMPLES, .opcodes = 1 };
	ty_sampler *sampler;
	int result = ty_sampler_new(target, &options, &sampler);

	if (!result)
		result = ty_sampler_run(sampler, &collector, 1);
	ty_sampler_free(sampler);
	return result;
}

/* A process that is no Python: ours. */
static int open_ourselves(ty_target **target)
{
	int result = ty_attach(getpid(), NULL, target);

	return result == -TY_ENOTPYTHON ? 0 : result;
}

static unsigned long opening; /* allocations of the last opening */

static int profile(open_fn open_target, make_fn make)
{
	ty_collector *collector = NULL;
	ty_target *target = NULL;
	int result = open_target(&target);

	opening = allocations_made();
	if (!result && make)
		result = make(&collector);
	if (!result && make)
		result = sample(target, collector);
	ty_collector_free(collector);
	ty_detach(target);
	return result;
}

static void try(const char *what, open_fn open_target, make_fn make, enum allocations_fail fail, unsigned long number)
{
	size_t held = allocations_held(), files;
	int result;

	allocations_begin(fail, number);
	result = profile(open_target, make);
	allocations_end();
	files = empty(directory);
	ck_assert_msg(result >= 0 || result == -ENOMEM, "%s, allocation %lu (%d): %d (%s)", what, number, fail, result,
	              test_error_text(result));
	ck_assert_msg(allocations_held() == held, "%s, allocation %lu (%d): %zu blocks leaked", what, number, fail,
	              allocations_held() - held);
	ck_assert_msg(files <= 1, "%s, allocation %lu (%d): %zu files left", what, number, fail, files);
}

static void try_all(const char *what, open_fn open_target, make_fn make)
{
	unsigned long count, first;

	try(what, open_target, make, ALLOCATIONS_SUCCEED, 0);
	count = allocations_made();
	first = make ? opening : 0;
	ck_assert_uint_gt(count, first + 10);
	for (unsigned long number = first + 1; number <= count; number += number < first + EVERY_NUMBER ? 1 : STEP) {
		try(what, open_target, make, ALLOCATIONS_FAIL_ONE, number);
		try(what, open_target, make, ALLOCATIONS_FAIL_FROM, number);
	}
}

static const struct {
	const char *name;
	make_fn make;
} formats[] = {
	{ "collapsed", make_collapsed },   { "pstats", make_pstats },
	{ "marshal", make_marshal },       { "jsonl", make_jsonl },
	{ "gecko", make_gecko },           { "speedscope", make_speedscope },
	{ "pprof", make_pprof },           { "callgrind", make_callgrind },
	{ "chrome trace", make_chrome_trace }, { "perfetto", make_perfetto },
	{ "annotation", make_annotation }, { "annotation json", make_annotation_json },
	{ "flame graph", make_flamegraph }, { "diff", make_diff },
	{ "heatmap", make_heatmap },       { "binary", make_binary },
};
#define FORMATS (sizeof(formats) / sizeof(*formats))

static void try_formats(open_fn open_target)
{
	make_directory();
	try_all("opening", open_target, NULL);
	for (size_t i = 0; i < FORMATS; i++)
		try_all(formats[i].name, open_target, formats[i].make);
	ck_assert_int_eq(rmdir(directory), 0);
}

TEST(a_profile_of_a_target_survives_without_memory)
{
	try_formats(open_capture);
}

TEST(a_process_is_looked_at_without_memory)
{
	make_directory();
	try_all("attach", open_ourselves, NULL);
	ck_assert_int_eq(rmdir(directory), 0);
}

TEST(a_profile_of_a_recording_survives_without_memory)
{
	try_formats(open_recording);
}
