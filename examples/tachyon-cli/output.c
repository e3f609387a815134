/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where results go: the sink and the collector that the options ask for.
 *
 * Both the result and --stats are opened before the first sample, so that a place that cannot be written to costs
 * nobody an hour of profiling. ty_sink_file() writes beside the final name and renames when it is complete.
 */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The words are CPython's where it has the format. */
const struct format_spec format_table[FORMATS] = {
	[FORMAT_PSTATS] = { "pstats", "pstats", "Profile written to " },
	[FORMAT_COLLAPSED] = { "collapsed", "txt", "Collapsed stack output written to " },
	[FORMAT_JSONL] = { "jsonl", "jsonl", "JSONL profile written to " },
	[FORMAT_GECKO] = { "gecko", "json", "Gecko profile, for https://profiler.firefox.com, written to " },
	[FORMAT_ANNOTATE] = { "annotate", "txt", "Annotation written to " },
	[FORMAT_SPEEDSCOPE] = { "speedscope", "speedscope.json",
	                        "speedscope profile, for https://www.speedscope.app, written to " },
	[FORMAT_PPROF] = { "pprof", "pb.gz", "pprof profile written to " },
	[FORMAT_FLAMEGRAPH] = { "flamegraph", "html", "Flamegraph written to " },
};

static const char *automatic_name(enum format format, int pid, char *name, size_t size)
{
	snprintf(name, size, "%s_%d.%s", format_table[format].name, pid, format_table[format].ending);
	return name;
}

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Decides the path: none (stdout), the one given, or the format's own name, in a directory if one was given. */
static int choose_path(struct output *output, const struct options *options, int pid)
{
	char name[64];
	int length = 0;

	automatic_name(options->format, pid, name, sizeof(name));
	if (options->output && is_directory(options->output))
		length = snprintf(output->path, sizeof(output->path), "%s/%s", options->output, name);
	else if (options->output)
		length = snprintf(output->path, sizeof(output->path), "%s", options->output);
	else if (options->format != FORMAT_PSTATS && options->format != FORMAT_ANNOTATE)
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
static int open_result(const char *path, const struct options *options, ty_sink **sink)
{
	return !*path && options->format == FORMAT_ANNOTATE ? annotate_sink(options, sink) : open_sink(path, sink);
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

	switch (options->format) {
	case FORMAT_COLLAPSED:
		return ty_collapsed_new(
		        &(ty_collapsed_options){ sizeof(ty_collapsed_options), .opcodes = opcodes, .trust = trust },
		        sink, collector);
	case FORMAT_JSONL:
		return ty_jsonl_new(&(ty_jsonl_options){ sizeof(ty_jsonl_options), .opcodes = opcodes,
		                                         .stacks = options->stacks, .trust = trust },
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
	case FORMAT_FLAMEGRAPH:
		return ty_flamegraph_new(
		        &(ty_flamegraph_options){ sizeof(ty_flamegraph_options), .opcodes = opcodes, .trust = trust },
		        sink, collector);
	default:
		return make_pstats(output, options, sink);
	}
}

/* In the place of a result: nothing was asked for. */
static int make_nothing(struct output *output)
{
	static const ty_collector_callbacks callbacks = { .size = sizeof(callbacks) };

	return ty_collector_new(&callbacks, NULL, &output->collector);
}

static int open_stats(struct output *output, const struct options *options)
{
	int code = options->stats ? open_sink(options->stats, &output->stats_sink) : 0;

	if (code < 0)
		complain("cannot write '%s': %s", options->stats, ty_strerror(code));
	return code;
}

/* Opens everything that will be written. 0, or negative after saying what is wrong. */
int output_open(struct output *output, const struct options *options, int pid)
{
	ty_sink *sink = NULL;
	int code = options->no_result ? make_nothing(output) : choose_path(output, options, pid);

	if (options->no_result)
		return code < 0 ? code : open_stats(output, options);
	if (code == 0)
		code = open_result(output->path, options, &sink);
	if (code < 0) {
		complain("cannot write '%s': %s", output->path[0] ? output->path : "stdout", ty_strerror(code));
		return code;
	}
	/* The collector owns the sink from here on, also when it cannot be made. */
	code = make_collector(output, options, sink);
	if (code < 0) {
		complain("cannot prepare the result: %s", ty_strerror(code));
		return code;
	}
	return open_stats(output, options);
}

/* Says how writing the result went; `code` is what the collector's end gave. */
int output_finish(struct output *output, const struct options *options, int code)
{
	const char *path = output->path[0] ? output->path : "stdout";

	if (code < 0) {
		complain("the result could not be written to '%s': %s", path, ty_strerror(code));
		return code;
	}
	if (output->path[0] && !is_stdout(output->path)) {
		fputs(format_table[options->format].finished, stderr);
		text_puts(stderr, path);
		fputc('\n', stderr);
	}
	return 0;
}

void output_free(struct output *output)
{
	ty_collector_free(output->collector);
	ty_sink_free(output->stats_sink);
}
