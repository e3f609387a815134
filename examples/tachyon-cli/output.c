/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results: the sinks and the collectors that the options ask for.
 *
 * The results and --stats are opened before the first sample, so that a place that cannot be written to costs
 * nobody an hour of profiling. ty_sink_file() writes beside the final name and renames when it is complete.
 */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The words are CPython's where it has the format. */
const struct format_spec format_table[FORMATS] = {
	[FORMAT_PSTATS] = { "pstats", "pstats", "Profile written to ", .also = "prof" },
	[FORMAT_COLLAPSED] = { "collapsed", "txt", "Collapsed stack output written to " },
	[FORMAT_JSONL] = { "jsonl", "jsonl", "JSONL profile written to " },
	[FORMAT_GECKO] = { "gecko", "json", "Gecko profile, for https://profiler.firefox.com, written to " },
	[FORMAT_ANNOTATE] = { "annotate", "txt", "Annotation written to " },
	[FORMAT_SPEEDSCOPE] = { "speedscope", "speedscope.json",
	                        "speedscope profile, for https://www.speedscope.app, written to " },
	[FORMAT_PPROF] = { "pprof", "pb.gz", "pprof profile written to ", .also = "pprof" },
	[FORMAT_CALLGRIND] = { "callgrind", "callgrind", "Callgrind profile, for KCachegrind, written to " },
	[FORMAT_CHROME_TRACE] = { "chrome-trace", "json", "Chrome trace, for https://ui.perfetto.dev, written to ",
	                          .also = "trace.json" },
	[FORMAT_PERFETTO] = { "perfetto", "pftrace", "Perfetto trace, for https://ui.perfetto.dev, written to ",
	                      .also = "perfetto-trace" },
	[FORMAT_FLAMEGRAPH] = { "flamegraph", "html", "Flamegraph written to ", .page = "" },
	[FORMAT_DIFF_FLAMEGRAPH] = { "diff-flamegraph", "html", "Flamegraph of the differences written to ", .page = "",
	                             .own_name = "diff_flamegraph" },
	[FORMAT_HEATMAP] = { "heatmap", "", "Heatmap written to ", .page = "index.html" },
	[FORMAT_BINARY] = { "binary", "bin", "Recording, for " PROGRAM " replay, written to " },
};

/* A result's name where none was given. */
const char *output_name(enum format format, int pid, char *name, size_t size)
{
	const struct format_spec *spec = &format_table[format];

	snprintf(name, size, "%s_%d%s%s", spec->own_name ? spec->own_name : spec->name, pid, *spec->ending ? "." : "",
	         spec->ending);
	return name;
}

/* Decides the path: none (stdout), the one given, or the format's own name, in a directory if one was given. */
static int choose_path(struct output *output, const char *given, int pid)
{
	char name[64];
	int length = 0;

	output_name(output->format, pid, name, sizeof(name));
	if (given && is_directory(given))
		length = snprintf(output->path, sizeof(output->path), "%s%s%s", given,
		                  given[strlen(given) - 1] == '/' ? "" : "/", name);
	else if (given)
		length = snprintf(output->path, sizeof(output->path), "%s", given);
	else if (output->format != FORMAT_PSTATS && output->format != FORMAT_ANNOTATE)
		length = snprintf(output->path, sizeof(output->path), "%s", name);
	return length < (int)sizeof(output->path) ? 0 : -ENAMETOOLONG;
}

/* "-", /dev/stdout, or the file that stdout has been redirected to: renaming another one over it would lose it. */
static bool is_stdout(const char *path)
{
	struct stat named;
	struct stat standard;

	return !strcmp(path, "-") || (stat(path, &named) == 0 && fstat(STDOUT_FILENO, &standard) == 0 &&
	                              named.st_dev == standard.st_dev && named.st_ino == standard.st_ino);
}

static int open_sink(const char *path, ty_sink **sink)
{
	return !*path || is_stdout(path) ? ty_sink_fd(STDOUT_FILENO, sink) : ty_sink_file(path, sink);
}

/* Of the result, which a pager may show. */
static int open_result(const struct output *output, const struct options *options, ty_sink **sink)
{
	if (output->format == FORMAT_HEATMAP)
		return 0;
	return !output->path[0] && output->format == FORMAT_ANNOTATE ? annotate_sink(options, sink)
	                                                             : open_sink(output->path, sink);
}

static int make_pstats(struct output *output, const struct options *options, ty_sink *sink)
{
	ty_pstats_options pstats = {
		.size = sizeof(pstats),
		.format = output->path[0] ? TY_PSTATS_MARSHAL : TY_PSTATS_TEXT,
		.sort = options->sort,
		.limit = options->limit,
		.no_summary = options->no_summary,
		.color = !output->path[0] && wants_color(STDOUT_FILENO),
		.opcodes = options->opcodes,
		.trust = options->trust,
	};

	return ty_pstats_new(&pstats, sink, &output->collector);
}

static int make_collector(struct output *output, const struct options *options, ty_sink *sink)
{
	int opcodes = options->opcodes, trust = options->trust;
	ty_collector **collector = &output->collector;

	switch (output->format) {
	case FORMAT_COLLAPSED:
		return ty_collapsed_new(&(ty_collapsed_options){ sizeof(ty_collapsed_options), .opcodes = opcodes,
		                                                 .offsets = options->offsets, .trust = trust },
		                        sink, collector);
	case FORMAT_JSONL:
		return ty_jsonl_new(&(ty_jsonl_options){ sizeof(ty_jsonl_options), .opcodes = opcodes,
		                                         .stacks = options->stacks, .trust = trust,
		                                         .times = options->times },
		                    sink, collector);
	case FORMAT_GECKO:
		return ty_gecko_new(&(ty_gecko_options){ sizeof(ty_gecko_options), .opcodes = opcodes, .trust = trust },
		                    sink, collector);
	case FORMAT_ANNOTATE:
		return annotate_collector(options, !output->path[0], sink, collector);
	case FORMAT_SPEEDSCOPE:
		return ty_speedscope_new(
		        &(ty_speedscope_options){ sizeof(ty_speedscope_options), .opcodes = opcodes, .trust = trust },
		        sink, collector);
	case FORMAT_PPROF:
		return ty_pprof_new(&(ty_pprof_options){ sizeof(ty_pprof_options), .opcodes = opcodes, .trust = trust },
		                    sink, collector);
	case FORMAT_CALLGRIND:
		return ty_callgrind_new(
		        &(ty_callgrind_options){ sizeof(ty_callgrind_options), .opcodes = opcodes, .trust = trust },
		        sink, collector);
	case FORMAT_CHROME_TRACE:
		return ty_chrome_trace_new(&(ty_chrome_trace_options){ sizeof(ty_chrome_trace_options),
		                                                       .opcodes = opcodes, .trust = trust },
		                           sink, collector);
	case FORMAT_PERFETTO:
		return ty_perfetto_new(
		        &(ty_perfetto_options){ sizeof(ty_perfetto_options), .opcodes = opcodes, .trust = trust }, sink,
		        collector);
	case FORMAT_FLAMEGRAPH:
		return flamegraph_collector(options, sink, collector);
	case FORMAT_HEATMAP:
		return heatmap_collector(options, output->path, collector);
	case FORMAT_DIFF_FLAMEGRAPH:
		return diff_collector(options, sink, collector);
	default:
		return make_pstats(output, options, sink);
	}
}

static bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Whether the path is a recording that is read: what is worth an hour of profiling is not to be lost by a slip. */
static bool is_read(const char *path, const struct options *options)
{
	bool is_baseline = options->baseline && is_same_file(path, options->baseline), is_replayed = false;

	for (char **recording = options->recordings; recording && *recording; recording++)
		is_replayed |= is_same_file(path, *recording);
	if (is_replayed || is_baseline)
		complain("cannot write '%s': it is %s", path, is_replayed ? "being replayed" : "the baseline");
	return is_replayed || is_baseline;
}

/* A recording is written in place, so that what there is of it can be read if we are killed. */
static int make_recording(struct output *output, const struct options *options)
{
	ty_binary_options binary = {
		.size = sizeof(binary),
		.compression = options->compression,
		.opcodes = options->opcodes,
		.trust = options->trust,
	};
	int code = ty_binary_new(&binary, is_stdout(output->path) ? "/dev/stdout" : output->path, &output->collector);

	if (code == -ESPIPE)
		complain("cannot write '%s': a recording has to go to a regular file", output->path);
	else if (code < 0)
		complain("cannot write '%s': %s", output->path, ty_strerror(code));
	return code;
}

static int open_one(struct output *output, const struct options *options, const struct output_choice *choice, int pid)
{
	ty_sink *sink = NULL;

	output->format = choice->format;
	int code = choose_path(output, choice->path, pid);

	if (code == 0 && is_read(output->path, options))
		return -EBUSY;
	if (code == 0 && output->format == FORMAT_BINARY)
		return make_recording(output, options);
	if (code == 0)
		code = open_result(output, options, &sink);
	if (code < 0) {
		complain("cannot write '%s': %s", output->path[0] ? output->path : "stdout", ty_strerror(code));
		return code;
	}
	/* The collector owns the sink from here on, also when it cannot be made. */
	code = make_collector(output, options, sink);
	if (code == -EEXIST)
		complain("'%s' exists already: name a folder that does not, or an empty one", output->path);
	else if (code < 0 && output->format != FORMAT_DIFF_FLAMEGRAPH)
		complain("cannot write '%s': %s", output->path[0] ? output->path : "stdout", ty_strerror(code));
	return code;
}

/* Opens everything that will be written. 0, or negative after saying what is wrong. */
int outputs_open(struct outputs *outputs, const struct options *options, int pid)
{
	int code = 0;

	for (size_t i = 0; i < options->output_count && code == 0; i++)
		code = open_one(&outputs->items[outputs->count++], options, &options->outputs[i], pid);
	if (code < 0 || !options->stats)
		return code;
	if (is_read(options->stats, options))
		return -EBUSY;
	code = open_sink(options->stats, &outputs->stats_sink);
	if (code < 0)
		complain("cannot write '%s': %s", options->stats, ty_strerror(code));
	return code;
}

static uint64_t unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* What collectors are told before the first sample. */
ty_run_info run_info(const struct options *options, ty_target *target)
{
	return (ty_run_info){
		.size = sizeof(ty_run_info),
		.target = target,
		.start_time_ns = now_ns(),
		.start_unix_ns = unix_ns(),
		.interval_ns = options->interval_ns,
		.mode = options->mode,
		.opcodes = options->opcodes,
	};
}

/* 0 or the error of one. */
int outputs_begin(struct outputs *outputs, const ty_run_info *run)
{
	int result = 0;

	for (size_t i = 0; i < outputs->count && result >= 0; i++)
		result = ty_collector_begin(outputs->items[i].collector, run);
	return result;
}

/* One result that fails is left out from then on, and told at the end. Positive: one asks to stop, or none is left. */
int outputs_give(struct outputs *outputs, const ty_snapshot *snapshot)
{
	size_t failed = 0;
	int wish = 0;

	for (size_t i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->items[i];
		int result = output->error ? 0 : ty_collector_sample(output->collector, snapshot);

		if (result < 0)
			output->error = result;
		if (result > 0)
			wish = result;
		failed += output->error != 0;
	}
	return outputs->count && failed == outputs->count ? 1 : wish;
}

/* Formats that keep every sample have a temporary file: what ends one of them early is that it cannot grow. */
static void tell_early_end(const struct output *output, const char *path, int error)
{
	if (output->format == FORMAT_BINARY)
		complain("the recording '%s' ends early: %s. What came before can be replayed", path,
		         ty_strerror(error));
	else
		complain("'%s' holds only what came before this error: %s%s", path, ty_strerror(error),
		         error == -ENOMEM ? "" : " (temporary files; TMPDIR says where they are)");
}

/* Says how writing a result went; `code` is what its collector gave. */
static void tell_end(const struct output *output, const struct options *options, int code)
{
	const struct format_spec *format = &format_table[output->format];
	bool shown = !output->path[0] || is_stdout(output->path);
	const char *path = shown ? "stdout" : output->path;

	if ((output->error || code < 0) && (code == 0 || output->format == FORMAT_BINARY))
		tell_early_end(output, path, output->error ? output->error : code);
	else if (code < 0)
		complain("the result could not be written to '%s': %s", path, ty_strerror(code));
	if (code < 0 || shown)
		return;
	flockfile(stderr);
	fputs(format->finished, stderr);
	text_puts(stderr, path);
	fputc('\n', stderr);
	funlockfile(stderr);
	if (options->browser && format->page)
		browser_open(output->path, format->page);
}

/* Has every result written. 0, or the first error, after each was told. */
int outputs_end(struct outputs *outputs, const struct options *options, const ty_run_summary *summary)
{
	int first = 0;

	for (size_t i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->items[i];
		int code = ty_collector_end(output->collector, summary);

		tell_end(output, options, code);
		if (first == 0)
			first = output->error ? output->error : code < 0 ? code : 0;
	}
	return first;
}

/* Whether a table on stdout tells the verdicts itself. */
bool outputs_show_table(const struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++) {
		if (!outputs->items[i].path[0])
			return true;
	}
	return false;
}

void outputs_free(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		ty_collector_free(outputs->items[i].collector);
	ty_sink_free(outputs->stats_sink);
}
