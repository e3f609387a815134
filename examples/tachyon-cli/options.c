/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: what was given, by the table of options, and whether it makes sense together. A combination that does
 * not is refused with every offender named, not just the first.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG_BASE 256 /* above every letter: what getopt_long() returns for row 0 of the table */
#define OPTION_ROWS 64

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
		usage_error(parse, "%s only valid with --jsonl, not --%s",
		            !options->times    ? "Option --stacks is"
		            : !options->stacks ? "Option --times is"
		                               : "Options --stacks, --times are",
		            instead);
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

/* Whoever forgets a value gets the next option for it, and a file of that name. */
static bool is_option(const char *value)
{
	return value && value[0] == '-' && value[1] && !isdigit((unsigned char)value[1]);
}

static void take_option(struct parse *parse, const struct option_spec *spec, const char *value)
{
	char name[64];
	char why[512] = "";

	parse->given[spec - option_table] = true;
	if (is_option(value)) {
		usage_error(parse, "argument %s: expected one argument, not the option %s (a file of that name is ./%s)",
		            display_name(spec, name, sizeof(name)), value, value);
		return;
	}
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

/* A number is a process unless there is a script of that name. */
static bool is_pid(const char *word)
{
	return word && word[strspn(word, "0123456789")] == '\0' && access(word, F_OK) != 0;
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
	else if (!was_given(parse, "pid") && !list[0] && !is_command && is_pid(*rest) && rest[1])
		usage_error(parse, "argument PID: options stand before %s, not behind it: '%s'", *rest, rest[1]);
	else if (!was_given(parse, "pid") && !list[0] && !is_command && is_pid(*rest))
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
