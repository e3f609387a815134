/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one table says what an option is called, which commands have it, what it does and what --help says.
 *
 * Spellings, defaults and the wording of errors are those of `python -m profiling.sampling` (CPython 3.15), so that its
 * users change one word. Where we take more than it does: exact intervals in ns, fractions of a second, --opcodes with
 * every format. A combination that makes no sense is refused with every offender named, not just the first.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_RATE_HZ 1e6
#define MAX_INTERVAL_S 86400.0
#define MAX_DURATION_S 1e9
#define LONG_BASE 256 /* above every letter: what getopt_long() returns for row 0 of the table */
#define OPTION_ROWS 64

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

	if (digits == 0)
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

bool parse_rate(const char *text, uint64_t *interval_ns, char *why, size_t why_size)
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

#define STARTS (COMMAND_RUN | COMMAND_ANNOTATE)
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
	{ 0, "subprocesses", NULL, FORMATTED, GROUP_SAMPLING, set_subprocesses,
	  "also every process that is started: a result for each, named after its PID" },
	{ 0, "merge", NULL, FORMATTED, GROUP_SAMPLING, set_merge, "with --subprocesses: one result for all processes" },
	{ 0, "async-aware", NULL, FORMATTED | COMMAND_DUMP, GROUP_SAMPLING, set_async_aware,
	  "stacks of asyncio tasks: from where a task runs or waits, along the tasks that await it" },
	{ 0, "async-mode", "MODE", FORMATTED | COMMAND_DUMP, GROUP_SAMPLING, set_async_mode,
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

/* What was given, by row of the table, in one parse. */
struct parse {
	struct options *options;
	enum command command;
	bool given[OPTION_ROWS];
	char unknown[512]; /* arguments that mean nothing, each with a space before it */
	bool failed;
};

static void usage_error(struct parse *parse, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void usage_error(struct parse *parse, const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (!parse->failed)
		help_usage(stderr, parse->command);
	parse->failed = true;
	fprintf(stderr, PROGRAM " %s: error: ", command_name(parse->command));
	text_puts(stderr, message);
	fputc('\n', stderr);
}

/* "-r/--sampling-rate", as CPython's errors name an option. */
static const char *display_name(const struct option_spec *spec, char *buffer, size_t size)
{
	if (spec->letter)
		snprintf(buffer, size, "-%c/--%s", spec->letter, spec->name);
	else
		snprintf(buffer, size, "--%s", spec->name);
	return buffer;
}

static bool was_given(const struct parse *parse, const char *name)
{
	for (size_t i = 0; i < option_count; i++) {
		if (!strcmp(option_table[i].name, name))
			return parse->given[i];
	}
	return false;
}

/* Names, with a comma between, of all given options of a group. */
static void list_given(const struct parse *parse, enum option_group group, char *list, size_t size)
{
	list[0] = '\0';
	for (size_t i = 0; i < option_count; i++) {
		size_t used = strlen(list);

		if (parse->given[i] && option_table[i].group == group)
			snprintf(list + used, size - used, "%s--%s", used ? ", " : "", option_table[i].name);
	}
}

/* Options that belong to one format, which has to be among the results. */
static void check_belongings(struct parse *parse)
{
	const struct options *options = parse->options;
	const char *instead = format_table[options->outputs[0].format].name;
	char list[256];

	list_given(parse, GROUP_PSTATS, list, sizeof(list));
	/* The view begins with its --sort. */
	if (list[0] && !outputs_have(options, FORMAT_PSTATS) && !options->live)
		usage_error(parse, "Options %s are only valid with --pstats, not --%s", list, instead);
	if ((options->stacks || options->times) && !outputs_have(options, FORMAT_JSONL))
		usage_error(parse, "Option --%s is only valid with --jsonl, not --%s",
		            options->stacks ? "stacks" : "times", instead);
	if (was_given(parse, "compression") && !outputs_have(options, FORMAT_BINARY))
		usage_error(parse, "Option --compression is only valid with --binary, not --%s", instead);
	if (options->offsets && !(outputs_have(options, FORMAT_COLLAPSED) && options->opcodes))
		usage_error(parse, "Option --offsets is only valid with --collapsed and --opcodes");
	for (size_t i = 0; options->browser; i++) {
		if (i == options->output_count) {
			usage_error(parse, "Option --browser is only valid with --flamegraph or --heatmap, not --%s", instead);
			break;
		}
		if (format_table[options->outputs[i].format].page)
			break;
	}
	for (size_t i = 0; i < options->output_count; i++) {
		const struct output_choice *output = &options->outputs[i];

		if (output->format == FORMAT_HEATMAP && output->path && !strcmp(output->path, "-"))
			usage_error(parse, "argument --heatmap: it makes a folder, which cannot go to stdout");
	}
}

/* Results of several processes cannot share stdout, and the view shows one. */
static void check_subprocesses(struct parse *parse)
{
	const struct options *options = parse->options;

	if (options->live && (options->subprocesses || options->realtime_stats))
		usage_error(parse, "Option --live is incompatible with %s%s%s",
		            options->subprocesses ? "--subprocesses" : "",
		            options->subprocesses && options->realtime_stats ? ", " : "",
		            options->realtime_stats ? "--realtime-stats" : "");
	if (options->merge && !options->subprocesses && parse->command != COMMAND_REPLAY)
		usage_error(parse, "Option --merge is only valid with --subprocesses");
	for (size_t i = 0; options->subprocesses && !options->merge && i < options->output_count; i++) {
		if (options->outputs[i].path && !strcmp(options->outputs[i].path, "-"))
			usage_error(
			        parse,
			        "argument --subprocesses: a result for each process cannot go to stdout (--%s): name a "
			        "file, or say --merge",
			        format_table[options->outputs[i].format].name);
	}
}

static void check_combinations(struct parse *parse)
{
	enum format by_default = parse->command == COMMAND_ANNOTATE ? FORMAT_ANNOTATE : FORMAT_PSTATS;
	char why[512] = "";

	if (was_given(parse, "async-mode") && !was_given(parse, "async-aware"))
		usage_error(parse, "--async-mode requires --async-aware to be enabled.");
	if (was_given(parse, "blocking") && was_given(parse, "stop"))
		usage_error(parse, "argument --stop: not allowed with argument --blocking");
	if (!outputs_settle(parse->options, by_default, why, sizeof(why)))
		usage_error(parse, "%s", why);
	else
		check_belongings(parse);
	check_subprocesses(parse);
	if (parse->options->mode != TY_MODE_WALL && outputs_have(parse->options, FORMAT_GECKO))
		usage_error(parse, "Option --mode is incompatible with --gecko, which shows in one file which threads are on "
		                   "CPU, hold the GIL and have an exception");
}

/* Notes what getopt_long() did not know: a letter, or a whole word. */
static void note_unknown(struct parse *parse, const char *word)
{
	size_t used = strlen(parse->unknown);

	snprintf(parse->unknown + used, sizeof(parse->unknown) - used, " %s", word);
}

static const struct option_spec *find_spec(int code, enum command command)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_spec *spec = &option_table[i];
		bool matches = code >= LONG_BASE ? (size_t)(code - LONG_BASE) == i : spec->letter == code && code;

		if (matches && spec->commands & command)
			return spec;
	}
	return NULL;
}

static void take_option(struct parse *parse, const struct option_spec *spec, const char *value)
{
	char name[64];
	char why[512] = "";

	parse->given[spec - option_table] = true;
	if (spec->set && !spec->set(parse->options, value, why, sizeof(why)))
		usage_error(parse, "argument %s: %s", display_name(spec, name, sizeof(name)), why);
}

/* The table in the form getopt_long() wants. */
static void build_tables(enum command command, struct option *words, char *letters)
{
	/* '+': the first argument that is no option ends them, the rest belongs to the target. */
	if (command & STARTS)
		*letters++ = '+';
	*letters++ = ':';
	for (size_t i = 0; i < option_count; i++) {
		const struct option_spec *spec = &option_table[i];

		if (!(spec->commands & command))
			continue;
		*words++ = (struct option){ spec->name,
			                    !spec->metavar          ? no_argument
			                    : *spec->metavar == '[' ? optional_argument
			                                            : required_argument,
			                    NULL, LONG_BASE + (int)i };
		if (spec->letter)
			*letters++ = spec->letter;
		if (spec->letter && spec->metavar)
			*letters++ = ':';
	}
	*words = (struct option){ 0 };
	*letters = '\0';
}

/* Parses the options. true when what stopped it was "--". */
static bool parse_options(struct parse *parse, int argc, char **argv)
{
	struct option words[OPTION_ROWS];
	char letters[3 * OPTION_ROWS];
	const char *last_value = NULL;
	int code;

	build_tables(parse->command, words, letters);
	opterr = 0;
	while ((code = getopt_long(argc, argv, letters, words, NULL)) != -1) {
		const struct option_spec *spec = find_spec(code == '?' || code == ':' ? optopt : code, parse->command);
		char name[64];

		last_value = optarg;
		if (code == ':' && spec)
			usage_error(parse, "argument %s: expected one argument",
			            display_name(spec, name, sizeof(name)));
		else if (code == '?' && spec)
			usage_error(parse, "argument %s: takes no value", display_name(spec, name, sizeof(name)));
		else if (code == '?' && optopt)
			note_unknown(parse, (char[]){ '-', (char)optopt, '\0' });
		else if (code == '?')
			note_unknown(parse, argv[optind - 1]);
		else if (spec)
			take_option(parse, spec, optarg);
	}
	return optind > 1 && !strcmp(argv[optind - 1], "--") && last_value != argv[optind - 1];
}

static void take_target(struct parse *parse, char **rest, bool is_command)
{
	struct options *options = parse->options;
	char list[256];

	list_given(parse, GROUP_TARGET, list, sizeof(list));
	if (!*rest)
		usage_error(parse, "the following arguments are required: %s", is_command ? "COMMAND" : "TARGET");
	else if (is_command && list[0])
		usage_error(parse, "Options %s go with a TARGET, not with -- COMMAND", list);
	options->target = rest;
	if (!is_command && !options->python)
		options->python = "python3";
}

static void take_pid(struct parse *parse, char **rest)
{
	char *end;

	if (!*rest) {
		usage_error(parse, "the following arguments are required: PID");
		return;
	}
	errno = 0;
	long pid = strtol(*rest, &end, 10);

	if (errno || end == *rest || *end || pid != (int)pid)
		usage_error(parse, "argument PID: invalid process id: '%s'", *rest);
	parse->options->pid = (int)pid;
	while (*++rest)
		note_unknown(parse, *rest);
}

/* A lone number is a process unless there is a script of that name. */
static bool is_pid(char **rest, bool is_command)
{
	return *rest && !rest[1] && !is_command && rest[0][strspn(rest[0], "0123456789")] == '\0' &&
	       access(*rest, F_OK) != 0;
}

static void take_recordings(struct parse *parse, char **rest)
{
	if (!*rest)
		usage_error(parse, "the following arguments are required: FILE");
	else if (rest[1] && !parse->options->merge)
		usage_error(parse, "several recordings are replayed with --merge, or one by one");
	parse->options->recordings = rest;
}

/* annotate: a process, something to run, or a recording. */
static void take_either(struct parse *parse, char **rest, bool is_command)
{
	char list[256];

	list_given(parse, GROUP_TARGET, list, sizeof(list));
	if (was_given(parse, "pid") && (*rest || list[0]))
		usage_error(parse, "argument -p/--pid: not allowed with %s%s", *rest ? *rest : "options ", list);
	else if (!was_given(parse, "pid") && !list[0] && is_pid(rest, is_command))
		take_pid(parse, rest);
	else if (!was_given(parse, "pid") && !list[0] && *rest && !rest[1] && !is_command && is_recording(*rest))
		parse->options->recordings = rest;
	else if (!was_given(parse, "pid"))
		take_target(parse, rest, is_command);
}

static void set_defaults(struct options *options, enum command command)
{
	*options = (struct options){ .command = command, .interval_ns = NS_PER_SECOND / 1000 };
	options->opcodes = command == COMMAND_ANNOTATE;
}

enum parse_result options_parse(struct options *options, enum command command, int argc, char **argv)
{
	struct parse parse = { .options = options, .command = command };

	set_defaults(options, command);
	bool is_command = parse_options(&parse, argc, argv);

	if (was_given(&parse, "help")) {
		help_command(stdout, command);
		return PARSE_DONE;
	}
	if (command == COMMAND_ANNOTATE)
		take_either(&parse, argv + optind, is_command);
	else if (command == COMMAND_REPLAY)
		take_recordings(&parse, argv + optind);
	else if (command == COMMAND_RUN)
		take_target(&parse, argv + optind, is_command);
	else
		take_pid(&parse, argv + optind);
	if (parse.unknown[0])
		usage_error(&parse, "unrecognized arguments:%s", parse.unknown);
	if (!parse.failed)
		check_combinations(&parse);
	return parse.failed ? PARSE_USAGE : PARSE_OK;
}
