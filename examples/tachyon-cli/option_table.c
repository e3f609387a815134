/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options: one table says what each is called, which commands have it, what it does and what --help says; above it
 * stands how the values are taken.
 *
 * Spellings, defaults and the wording of errors are those of `python -m profiling.sampling` (CPython 3.15), so that its
 * users change one word. Where we take more than it does: exact intervals in ns, fractions of a second, --opcodes with
 * every format.
 */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_RATE_HZ 1e6
#define MAX_INTERVAL_S 86400.0
#define MAX_DURATION_S 1e9

static bool refuse(char *why, size_t why_size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool refuse(char *why, size_t why_size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, why_size, format, arguments);
	va_end(arguments);
	return false;
}

/* A decimal number without sign, exponent or spaces; gives what follows it, NULL when there is no number. */
static const char *parse_decimal(const char *text, double *value)
{
	size_t digits = strspn(text, "0123456789");
	size_t length = digits;

	if (digits == 0 && text[0] != '.')
		return NULL;
	if (text[length] == '.') {
		size_t fraction = strspn(text + length + 1, "0123456789");

		if (fraction == 0)
			return NULL;
		length += 1 + fraction;
	}
	*value = strtod(text, NULL);
	return text + length;
}

static bool parse_rate(const char *text, uint64_t *interval_ns, char *why, size_t why_size)
{
	double rate_hz = 0;
	const char *suffix = parse_decimal(text, &rate_hz);

	if (suffix && (!strcasecmp(suffix, "khz") || !strcasecmp(suffix, "k")))
		rate_hz *= 1000;
	else if (!suffix || (*suffix && strcasecmp(suffix, "hz")))
		return refuse(why, why_size,
		              "Invalid sampling rate format: %s. Expected: number followed by optional suffix "
		              "(hz, khz, k) with no spaces (e.g., 10khz)",
		              text);
	if (rate_hz <= 0)
		return refuse(why, why_size, "Sampling rate must be positive: %s", text);
	if (rate_hz > MAX_RATE_HZ)
		return refuse(why, why_size, "Sampling rate too high: %s (at most 1000khz)", text);
	if (1 / rate_hz > MAX_INTERVAL_S)
		return refuse(why, why_size, "Sampling rate too low: %s (at least one sample a day)", text);
	*interval_ns = (uint64_t)llround(1e9 / rate_hz);
	return true;
}

static bool set_rate(struct options *options, const char *value, char *why, size_t why_size)
{
	return parse_rate(value, &options->interval_ns, why, why_size);
}

static bool set_duration(struct options *options, const char *value, char *why, size_t why_size)
{
	double seconds = 0;
	const char *rest = parse_decimal(value, &seconds);

	if (!rest || *rest)
		return refuse(why, why_size, "invalid number of seconds: '%s'", value);
	if (seconds <= 0 || seconds > MAX_DURATION_S)
		return refuse(why, why_size, "must be more than 0 and at most 1000000000 seconds: %s", value);
	options->duration_ns = (uint64_t)llround(seconds * 1e9);
	if (options->duration_ns == 0)
		options->duration_ns = 1;
	return true;
}

static bool set_limit(struct options *options, const char *value, char *why, size_t why_size)
{
	size_t length = strlen(value);

	errno = 0;
	unsigned long number = length > 0 && strspn(value, "0123456789") == length ? strtoul(value, NULL, 10) : 0;

	if (number == 0 || errno || number >= UINT32_MAX)
		return refuse(why, why_size, "invalid number of rows: '%s'", value);
	options->limit = (uint32_t)number;
	return true;
}

/* Index of a value among choices that are divided by ", "; -1 with the reason if it is none of them. */
static int choose(const char *choices, const char *value, char *why, size_t why_size)
{
	size_t length = strlen(value);
	const char *at = choices;

	for (int index = 0; at; index++) {
		size_t span = strcspn(at, ",");

		if (span == length && !strncmp(at, value, length))
			return index;
		at = at[span] ? at + span + 2 : NULL;
	}
	refuse(why, why_size, "invalid choice: '%s' (choose from %s)", value, choices);
	return -1;
}

static bool set_sort(struct options *options, const char *value, char *why, size_t why_size)
{
	/* In the order of enum ty_sort. */
	options->sort =
	        choose("nsamples, tottime, cumtime, sample-pct, cumul-pct, nsamples-cumul, name", value, why, why_size);
	return options->sort >= 0;
}

static bool set_compression(struct options *options, const char *value, char *why, size_t why_size)
{
	/* In the order of enum ty_compression. */
	options->compression = choose("auto, zstd, none", value, why, why_size);
	return options->compression >= 0;
}

static bool set_stop(struct options *options, const char *value, char *why, size_t why_size)
{
	/* In the order of enum ty_stop_policy. */
	options->stop_policy = choose("never, thread", value, why, why_size);
	return options->stop_policy >= 0;
}

static bool set_async_mode(struct options *options, const char *value, char *why, size_t why_size)
{
	int choice = choose("running, all", value, why, why_size);

	options->tasks = choice == 0 ? TY_TASKS_RUNNING : TY_TASKS_ALL;
	return choice >= 0;
}

/* --async-mode may have come first. */
static bool set_async_aware(struct options *options, const char *value, char *why, size_t why_size)
{
	(void)value, (void)why, (void)why_size;
	if (options->tasks == TY_TASKS_NONE)
		options->tasks = options->command == COMMAND_DUMP ? TY_TASKS_ALL : TY_TASKS_RUNNING;
	return true;
}

static bool set_placement(struct options *options, const char *value, char *why, size_t why_size)
{
	int chosen = choose("free, beside", value, why, why_size);

	options->placement = chosen == 0 ? PLACEMENT_FREE : PLACEMENT_BESIDE;
	return chosen >= 0;
}

static bool set_mode(struct options *options, const char *value, char *why, size_t why_size)
{
	static const int modes[] = { TY_MODE_WALL, TY_MODE_CPU, TY_MODE_GIL, TY_MODE_EXCEPTION };
	int choice = choose("wall, cpu, gil, exception", value, why, why_size);

	if (choice >= 0)
		options->mode = modes[choice];
	return choice >= 0;
}

#define SETTER(function, statement)                                                                                    \
	static bool function(struct options *options, const char *value, char *why, size_t why_size)                   \
	{                                                                                                              \
		(void)value, (void)why, (void)why_size;                                                                \
		statement;                                                                                             \
		return true;                                                                                           \
	}

/* --FORMAT, --FORMAT=PATH; FORMATS: -o. */
#define FORMAT_SETTER(function, format)                                                                                \
	static bool function(struct options *options, const char *value, char *why, size_t why_size)                   \
	{                                                                                                              \
		return outputs_add(options, format, value, why, why_size);                                             \
	}

SETTER(set_all_threads, options->all_threads = true)
SETTER(set_subprocesses, options->subprocesses = true)
SETTER(set_realtime_stats, options->realtime_stats = true)
SETTER(set_merge, options->merge = true)
SETTER(set_opcodes, options->opcodes = true)
SETTER(set_native, options->native = true)
SETTER(set_no_gc, options->no_gc = true)
SETTER(set_blocking, options->stop_policy = TY_STOP_ALWAYS)
SETTER(set_unproven, options->trust = TY_TRUST_ALL)
FORMAT_SETTER(set_pstats, FORMAT_PSTATS)
FORMAT_SETTER(set_collapsed, FORMAT_COLLAPSED)
FORMAT_SETTER(set_jsonl, FORMAT_JSONL)
FORMAT_SETTER(set_gecko, FORMAT_GECKO)
FORMAT_SETTER(set_speedscope, FORMAT_SPEEDSCOPE)
FORMAT_SETTER(set_pprof, FORMAT_PPROF)
FORMAT_SETTER(set_callgrind, FORMAT_CALLGRIND)
FORMAT_SETTER(set_chrome_trace, FORMAT_CHROME_TRACE)
FORMAT_SETTER(set_perfetto, FORMAT_PERFETTO)
FORMAT_SETTER(set_flamegraph, FORMAT_FLAMEGRAPH)
FORMAT_SETTER(set_heatmap, FORMAT_HEATMAP)

/* Looked at before anything is started. */
static bool set_baseline(struct options *options, const char *value, char *why, size_t why_size)
{
	options->baseline = value;
	if (access(value, R_OK) != 0)
		return refuse(why, why_size, "cannot read '%s': %s", value, strerror(errno));
	if (!is_recording(value))
		return refuse(why, why_size, "'%s' is no recording: make one with --binary", value);
	return outputs_add(options, FORMAT_DIFF_FLAMEGRAPH, NULL, why, why_size);
}

FORMAT_SETTER(set_binary, FORMAT_BINARY)
FORMAT_SETTER(set_output, FORMATS)
SETTER(set_live, options->live = true)
SETTER(set_no_opcodes, options->no_opcodes = true)
SETTER(set_stacks, options->stacks = true)
SETTER(set_times, options->times = true)
SETTER(set_offsets, options->offsets = true)
SETTER(set_browser, options->browser = true)
SETTER(set_stats, options->stats = value)
SETTER(set_no_summary, options->no_summary = true)
SETTER(set_module, options->module = true)
SETTER(set_function, options->function = value)
SETTER(set_specialization, options->specialization = true)
SETTER(set_json, options->json = true)
SETTER(set_python, options->python = value)

static bool set_pid(struct options *options, const char *value, char *why, size_t why_size)
{
	char *end;

	errno = 0;
	long pid = strtol(value, &end, 10);

	if (errno || end == value || *end || pid <= 0 || pid != (int)pid)
		return refuse(why, why_size, "invalid process id: '%s'", value);
	options->pid = (int)pid;
	return true;
}

#define RECORDABLE (COMMAND_RUN | COMMAND_ATTACH | COMMAND_REPLAY)
#define FORMATTED RECORDABLE
#define PROFILES (COMMAND_RUN | COMMAND_ATTACH | COMMAND_ANNOTATE)
#define REPORTS (PROFILES | COMMAND_REPLAY)
#define LIVE (PROFILES | COMMAND_DUMP)
#define EVERY (LIVE | COMMAND_REPLAY)

/* Of a format: --FORMAT or --FORMAT=PATH. */
#define FILE_ARGUMENT "[=PATH]"

const struct option_spec option_table[] = {
	{ 'm', "module", NULL, STARTS, GROUP_TARGET, set_module, "run TARGET as a module (like `python -m`)" },
	{ 0, "python", "EXE", STARTS, GROUP_TARGET, set_python,
	  "interpreter that runs TARGET, a path or a name in PATH (default: python3)" },
	{ 'p', "pid", "PID", COMMAND_ANNOTATE, GROUP_PROCESS, set_pid, "profile this running process" },
	{ 0, "merge", NULL, COMMAND_REPLAY, GROUP_TARGET, set_merge,
	  "several recordings as one, in the order of time" },
	{ 0, "no-opcodes", NULL, COMMAND_REPLAY, GROUP_TARGET, set_no_opcodes,
	  "leave out the instructions of a recording that has them" },
	{ 'r', "sampling-rate", "RATE", PROFILES, GROUP_SAMPLING, set_rate,
	  "samples a second: 10000, 10khz, 1.5k, 0.5hz (default: 1khz)" },
	{ 'd', "duration", "SECONDS", PROFILES, GROUP_SAMPLING, set_duration,
	  "stop after this time; fractions are allowed (default: when the target ends)" },
	{ 'a', "all-threads", NULL, LIVE, GROUP_SAMPLING, set_all_threads,
	  "all threads of all interpreters instead of the main thread" },
	{ 0, "opcodes", NULL, COMMAND_RUN | COMMAND_ATTACH | COMMAND_DUMP, GROUP_SAMPLING, set_opcodes,
	  "gather the bytecode instruction that is executing, specialized forms included" },
	{ 0, "subprocesses", NULL, COMMAND_RUN | COMMAND_ATTACH, GROUP_SAMPLING, set_subprocesses,
	  "also every process that is started: a result for each, named after its PID" },
	{ 0, "merge", NULL, COMMAND_RUN | COMMAND_ATTACH, GROUP_SAMPLING, set_merge,
	  "with --subprocesses: one result for all processes" },
	{ 0, "async-aware", NULL, COMMAND_RUN | COMMAND_ATTACH | COMMAND_DUMP, GROUP_SAMPLING, set_async_aware,
	  "stacks of asyncio tasks: from where a task runs or waits, along the tasks that await it" },
	{ 0, "async-mode", "MODE", COMMAND_RUN | COMMAND_ATTACH | COMMAND_DUMP, GROUP_SAMPLING, set_async_mode,
	  "running: only the task that runs; all: also those that wait (default: running; dump: all)" },
	{ 0, "mode", "MODE", PROFILES, GROUP_SAMPLING, set_mode,
	  "wall: all samples; cpu: those of threads on CPU; gil: of threads that hold the GIL; exception: of threads that "
	  "raise or handle one (default: wall)" },
	{ 0, "native", NULL, LIVE, GROUP_SAMPLING, set_native, "show as <native> where Python code has called into C" },
	{ 0, "no-gc", NULL, LIVE, GROUP_SAMPLING, set_no_gc, "do not show as <GC> where the garbage collector runs" },
	{ 0, "stop", "POLICY", LIVE, GROUP_SAMPLING, set_stop,
	  "never, or thread: stop a thread for some microseconds when memory alone does not prove its stack "
	  "(default: never)" },
	{ 0, "blocking", NULL, LIVE, GROUP_SAMPLING, set_blocking,
	  "stop every sampled thread, one at a time, while it is read" },
	{ 0, "placement", "WHERE", PROFILES, GROUP_SAMPLING, set_placement,
	  "where we run when stacks turn out torn. beside: on the target's processor, so that it does not run while it is "
	  "read; costs it some 10 µs a sample. free: anywhere (default: beside up to 2 kHz, free above)" },
	{ 0, "pstats", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_pstats,
	  "table of functions on stdout; with -o, a file for Python's pstats module (default)" },
	{ 0, "collapsed", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_collapsed, "one line a stack, for flame graphs" },
	{ 0, "jsonl", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_jsonl,
	  "one JSON object a line, for scripts and agents" },
	{ 0, "gecko", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_gecko,
	  "threads over time for Firefox Profiler; with --opcodes, every stay on an instruction" },
	{ 0, "speedscope", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_speedscope,
	  "stacks by thread for https://www.speedscope.app" },
	{ 0, "pprof", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_pprof,
	  "profile.proto for go tool pprof and its kin; the instruction is a label" },
	{ 0, "callgrind", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_callgrind,
	  "samples and calls by instruction for KCachegrind and callgrind_annotate" },
	{ 0, "chrome-trace", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_chrome_trace,
	  "threads over time as Trace Event JSON, for https://ui.perfetto.dev and chrome://tracing" },
	{ 0, "perfetto", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_perfetto,
	  "threads over time and every sample as a Perfetto trace, for https://ui.perfetto.dev" },
	{ 0, "flamegraph", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_flamegraph,
	  "flame graph, one HTML file that needs no network" },
	{ 0, "diff-flamegraph", "BASELINE", FORMATTED, GROUP_OUTPUT, set_baseline,
	  "flame graph of functions beside that of a recording: slower, faster, new, vanished" },
	{ 0, "heatmap", FILE_ARGUMENT, FORMATTED, GROUP_OUTPUT, set_heatmap,
	  "folder of pages: the sources with samples; with --opcodes, the bytecode of every line" },
	{ 0, "binary", FILE_ARGUMENT, RECORDABLE, GROUP_OUTPUT, set_binary,
	  "recording of all samples, to make any other of by `replay`" },
	{ 0, "compression", "KIND", RECORDABLE, GROUP_OUTPUT, set_compression,
	  "with --binary: auto, zstd or none (default: auto)" },
	{ 0, "live", NULL, COMMAND_RUN | COMMAND_ATTACH, GROUP_OUTPUT, set_live,
	  "a view on the terminal that shows the profile while it grows; with a format or -o also writes that at the "
	  "end" },
	{ 0, "stacks", NULL, FORMATTED, GROUP_OUTPUT, set_stacks, "with --jsonl: also every distinct stack, by thread" },
	{ 0, "offsets", NULL, FORMATTED, GROUP_OUTPUT, set_offsets,
	  "with --collapsed --opcodes: the offset of each instruction, so that equal ones of a line stay apart" },
	{ 0, "times", NULL, FORMATTED, GROUP_OUTPUT, set_times,
	  "with --jsonl: also every sample with its time, thread and stack" },
	{ 'o', "output", "PATH", REPORTS, GROUP_OUTPUT, set_output,
	  "file for the result, `-` for stdout, or an existing directory for a file named after the format and the PID "
	  "(default: stdout for pstats and annotate, FORMAT_PID.ENDING for others). Several in one run: -o a.html "
	  "-o b.pb.gz, the format told by the ending, or --FORMAT=PATH" },
	{ 0, "browser", NULL, FORMATTED, GROUP_OUTPUT, set_browser, "open the HTML result when it is written" },
	{ 0, "realtime-stats", NULL, PROFILES, GROUP_OUTPUT, set_realtime_stats,
	  "once a second, on stderr: rate, verdicts, what was cached and what was read" },
	{ 0, "stats", "FILE", REPORTS, GROUP_OUTPUT, set_stats, "JSON for scripts: samples, verdicts, rate, cost" },
	{ 0, "include-unproven", NULL, REPORTS, GROUP_OUTPUT, set_unproven,
	  "also show stacks that may never have existed; otherwise they are only counted" },
	{ 0, "sort", "KEY", FORMATTED, GROUP_PSTATS, set_sort,
	  "nsamples, tottime, cumtime, sample-pct, cumul-pct, nsamples-cumul or name (default: nsamples)" },
	{ 'l', "limit", "N", FORMATTED, GROUP_PSTATS, set_limit, "rows of the table (default: 15)" },
	{ 0, "no-summary", NULL, FORMATTED, GROUP_PSTATS, set_no_summary,
	  "leave out the summary of interesting functions" },
	{ 'f', "function", "NAME", COMMAND_ANNOTATE, GROUP_ANNOTATION, set_function,
	  "all functions whose qualified name contains NAME (default: the hottest)" },
	{ 'l', "limit", "N", COMMAND_ANNOTATE, GROUP_ANNOTATION, set_limit,
	  "functions that are shown, the hottest first (default: 5, or all with --function)" },
	{ 0, "specialization", NULL, COMMAND_ANNOTATE, GROUP_ANNOTATION, set_specialization,
	  "no listing: only what ran specialized, and what could and does not" },
	{ 0, "json", NULL, COMMAND_ANNOTATE, GROUP_ANNOTATION, set_json,
	  "one JSON object instead of text, for editors" },
	{ 'd', "duration", "SECONDS", COMMAND_TASKS, GROUP_TASKS, set_duration,
	  "watch for this time to see how long tasks stay where they are (default: 0.1)" },
	{ 0, "opcodes", NULL, COMMAND_TASKS, GROUP_TASKS, set_opcodes, "show the instruction at which a task waits" },
	{ 0, "json", NULL, COMMAND_TASKS, GROUP_TASKS, set_json, "one JSON object instead of a tree, for scripts" },
	{ 'h', "help", NULL, EVERY | COMMAND_TASKS, GROUP_GENERAL, NULL, "show this text" },
};
const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);
