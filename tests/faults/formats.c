/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/formats.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tachyon/tachyon.h>

#include "support/test.h"
#include "util/cleanup.h"

/* ---- where results go ---- */

char fault_result[64];
static char directory[] = "/tmp/tachyon-faults-XXXXXX";

void fault_begin(void)
{
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(fault_result, sizeof(fault_result), "%s/result", directory);
}

void fault_end(void)
{
	ck_assert_int_eq(rmdir(directory), 0);
}

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

size_t fault_remove_results(void)
{
	return empty(directory);
}

/* ---- collectors ---- */

static const char *source_line(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	(void)filename, (void)line, (void)user_data;
	*size_bytes = 5;
	return "x = 1";
}

#define WITH_SINK(name)                                                                                                \
	static int make_##name(ty_sink *sink, ty_collector **collector)                                                \
	{                                                                                                              \
		ty_##name##_options options = { .size = sizeof(options), .opcodes = 1 };                               \
                                                                                                                       \
		return ty_##name##_new(&options, sink, collector);                                                     \
	}

WITH_SINK(collapsed)
WITH_SINK(pstats)
WITH_SINK(gecko)
WITH_SINK(speedscope)
WITH_SINK(pprof)
WITH_SINK(callgrind)
WITH_SINK(chrome_trace)
WITH_SINK(perfetto)

static int make_jsonl(ty_sink *sink, ty_collector **collector)
{
	ty_jsonl_options options = { .size = sizeof(options), .opcodes = 1, .times = 1 };

	return ty_jsonl_new(&options, sink, collector);
}

static int make_marshal(ty_sink *sink, ty_collector **collector)
{
	ty_pstats_options options = { .size = sizeof(options), .format = TY_PSTATS_MARSHAL };

	return ty_pstats_new(&options, sink, collector);
}

static int make_annotation_as(int format, ty_sink *sink, ty_collector **collector)
{
	ty_annotation_options options = { .size = sizeof(options), .format = format, .source = source_line };

	return ty_annotation_new(&options, sink, collector);
}

static int make_annotation(ty_sink *sink, ty_collector **collector)
{
	return make_annotation_as(TY_ANNOTATION_TEXT, sink, collector);
}

static int make_annotation_json(ty_sink *sink, ty_collector **collector)
{
	return make_annotation_as(TY_ANNOTATION_JSON, sink, collector);
}

static int make_flamegraph_of(ty_target *baseline, ty_sink *sink, ty_collector **collector)
{
	ty_flamegraph_options options = {
		.size = sizeof(options), .opcodes = 1, .source = source_line, .baseline = baseline
	};

	return ty_flamegraph_new(&options, sink, collector);
}

static int make_flamegraph(ty_sink *sink, ty_collector **collector)
{
	return make_flamegraph_of(NULL, sink, collector);
}

static int make_diff(ty_sink *sink, ty_collector **collector)
{
	ty_target *baseline;
	int result = ty_open_recording(RECORDINGS "/ours-none.bin", NULL, &baseline);

	if (result)
		ty_sink_free(sink);
	else
		result = make_flamegraph_of(baseline, sink, collector);
	ty_detach(baseline);
	return result;
}

static int make_heatmap(ty_sink *sink, ty_collector **collector)
{
	ty_heatmap_options options = { .size = sizeof(options), .opcodes = 1, .source = source_line };

	(void)sink;
	return ty_heatmap_new(&options, fault_result, collector);
}

static int make_binary(ty_sink *sink, ty_collector **collector)
{
	ty_binary_options options = { .size = sizeof(options), .opcodes = 1, .compression = TY_COMPRESSION_NONE };

	(void)sink;
	return ty_binary_new(&options, fault_result, collector);
}

const struct fault_format fault_formats[FAULT_FORMATS] = {
	{ "collapsed", make_collapsed, true },
	{ "pstats", make_pstats, true },
	{ "marshal", make_marshal, true },
	{ "jsonl", make_jsonl, true },
	{ "gecko", make_gecko, true },
	{ "speedscope", make_speedscope, true },
	{ "pprof", make_pprof, true },
	{ "callgrind", make_callgrind, true },
	{ "chrome trace", make_chrome_trace, true },
	{ "perfetto", make_perfetto, true },
	{ "annotation", make_annotation, true },
	{ "annotation json", make_annotation_json, true },
	{ "flame graph", make_flamegraph, true },
	{ "diff", make_diff, true },
	{ "heatmap", make_heatmap, false },
	{ "binary", make_binary, false },
};

/* ---- runs ---- */

int fault_open_capture(ty_target **target)
{
	ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL, .opcodes = 1 };

	return ty_open_capture(CAPTURES "/3.15.tycap", &options, target);
}

int fault_open_recording(ty_target **target)
{
	return ty_open_recording(RECORDINGS "/ours-none.bin", NULL, target);
}

int fault_sample(ty_target *target, ty_collector *collector, uint64_t samples)
{
	ty_sampler_options options = {
		.size = sizeof(options), .interval_ns = 1, .max_samples = samples, .opcodes = 1
	};
	ty_sampler *sampler;
	int result = ty_sampler_new(target, &options, &sampler);

	if (!result)
		result = ty_sampler_run(sampler, &collector, 1);
	ty_sampler_free(sampler);
	return result;
}
