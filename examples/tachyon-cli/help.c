/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --help, laid out from the table of options: two columns, wrapped to the width of the terminal.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define HELP_COLUMN 28
#define MIN_WIDTH 60
#define MAX_WIDTH 100

static const char *const run_text[] = {
	"Start a Python program and profile it until it ends. Its input and output stay its own, its exit status "
	"becomes "
	"ours. With --duration it is terminated when the time is over (SIGTERM, after 2 s SIGKILL), and the exit "
	"status is "
	"0. Ctrl-C ends the profile and writes it.",
	"After `--` stands any command that turns into Python, by exec (env, venv and pyenv launchers) or by starting "
	"it as "
	"a child (a shell, make, bwrap): the first Python in it is profiled.",
	"With --subprocesses every Python among the processes that are started is profiled, until the last has ended: "
	"the "
	"first one has the results as they are named, the others base_PID.ext beside base.ext; with --merge all are in "
	"one.",
	"Only the result goes to stdout, and only without -o; everything else is said on stderr.",
	NULL,
};

static const char *const run_examples =
        "  " PROGRAM " run script.py arg1 arg2             a script, the table on stdout\n"
        "  " PROGRAM " run --opcodes -m json.tool x.json   a module, with its hot instructions\n"
        "  " PROGRAM " run --collapsed -o out.txt app.py   stacks for a flame graph\n"
        "  " PROGRAM " run -o a.html -o a.pb.gz app.py     two results of one run\n"
        "  " PROGRAM " run -r 10khz -d 5 app.py            5 seconds at 10 kHz\n"
        "  " PROGRAM " run --live --opcodes app.py         a view that shows the profile while it grows\n"
        "  " PROGRAM " run --subprocesses --merge app.py   all processes in one table\n"
        "  " PROGRAM " run -- ./venv/bin/app --port 80     any command that becomes Python\n";

static const char *const attach_text[] = {
	"Profile a process that runs already, until it ends, --duration is over or Ctrl-C is pressed. It is only read: "
	"never "
	"written to and, unless --stop or --blocking say so, never stopped.",
	"With --subprocesses its descendants are profiled as well, as with `run`; the process itself may be anything.",
	NULL,
};

static const char *const attach_examples = "  " PROGRAM " attach -d 10 1234               10 seconds of process 1234\n"
                                           "  " PROGRAM " attach -a --sort tottime 1234   all threads, by own time\n";

static const char *const dump_text[] = {
	"Print the stack of a running Python, most recent call last, with the names of threads. A stack that memory "
	"could not "
	"prove is marked. --opcodes adds the instruction that each frame stands on and marks its exact columns.",
	NULL,
};

static const char *const dump_examples = "  " PROGRAM " dump 1234               where the main thread is\n"
                                         "  " PROGRAM " dump -a --opcodes 1234  all threads, with instructions\n";

static const char *const annotate_text[] = {
	"Profile a running process, or start a Python program as `run` does, and show the bytecode of its hottest "
	"functions: "
	"source lines with samples, below each its instructions with samples, argument, and whether they ran "
	"specialized.",
	"`leaf` counts samples in which the instruction itself was executing, `on-stack` also those in which it waited "
	"for "
	"what it called. Shares are of all leaf samples.",
	"On a terminal the text goes through $PAGER (default: less -R).",
	NULL,
};

static const char *const annotate_examples =
        "  " PROGRAM " annotate script.py                   the 5 hottest functions of a script\n"
        "  " PROGRAM " annotate -d 10 -f Parser.parse 1234  one function of process 1234\n"
        "  " PROGRAM " annotate --specialization -m app     what could be specialized and is not\n"
        "  " PROGRAM " annotate --json -o out.json app.py   for an editor\n";

static const char *const replay_text[] = {
	"Make any result of a recording: one of `run --binary` or `attach --binary`, or of CPython's own profiler. "
	"What the run "
	"was told (interval, threads, --opcodes) holds. A recording whose writer was killed is replayed up to its last "
	"second.",
	NULL,
};

static const char *const replay_examples = "  " PROGRAM " replay r.bin                       the table on stdout\n"
                                           "  " PROGRAM " replay -o a.html -o a.pb.gz r.bin  two results\n"
                                           "  " PROGRAM " replay --merge -o all.bin 1.bin 2.bin\n";

static const char *const tasks_text[] = {
	"Print the asyncio tasks of a running Python as a tree: below each task its coroutines, the last one where it waits, "
	"and below that the tasks it waits for. Each task says how long it was seen in the same place. A task that several "
	"others wait for stands below each of them; a cycle is shown where it closes.",
	NULL,
};

static const char *const tasks_examples = "  " PROGRAM " tasks 1234               who waits for whom\n"
                                          "  " PROGRAM " tasks -d 5 --json 1234   after watching for 5 seconds, as JSON\n";

static const struct {
	enum command command;
	const char *name;
	const char *const *text;
	const char *const *examples;
} commands[] = {
	{ COMMAND_RUN, "run", run_text, &run_examples },
	{ COMMAND_ATTACH, "attach", attach_text, &attach_examples },
	{ COMMAND_DUMP, "dump", dump_text, &dump_examples },
	{ COMMAND_ANNOTATE, "annotate", annotate_text, &annotate_examples },
	{ COMMAND_REPLAY, "replay", replay_text, &replay_examples },
	{ COMMAND_TASKS, "tasks", tasks_text, &tasks_examples },
};

static size_t command_index(enum command command)
{
	size_t index = 0;

	while (commands[index].command != command)
		index++;
	return index;
}

const char *command_name(enum command command)
{
	return commands[command_index(command)].name;
}

void help_usage(FILE *out, enum command command)
{
	if (command == COMMAND_ANNOTATE)
		fputs("usage: " PROGRAM " annotate [options] [-p] PID | RECORDING\n"
		      "       " PROGRAM " annotate [options] [--python EXE] [-m] TARGET [ARGS...]\n"
		      "       " PROGRAM " annotate [options] -- COMMAND [ARGS...]\n",
		      out);
	else if (command == COMMAND_RUN)
		fputs("usage: " PROGRAM " run [options] [--python EXE] [-m] TARGET [ARGS...]\n"
		      "       " PROGRAM " run [options] -- COMMAND [ARGS...]\n",
		      out);
	else if (command == COMMAND_REPLAY)
		fputs("usage: " PROGRAM " replay [options] FILE\n"
		      "       " PROGRAM " replay [options] --merge FILE...\n",
		      out);
	else
		fprintf(out, "usage: " PROGRAM " %s [options] PID\n", command_name(command));
}

static int help_width(FILE *out)
{
	struct winsize size = { 0 };
	const char *columns = getenv("COLUMNS");
	int width = columns ? atoi(columns) : 0;

	if (width <= 0 && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width <= 0)
		width = MAX_WIDTH;
	return width < MIN_WIDTH ? MIN_WIDTH : width > MAX_WIDTH ? MAX_WIDTH : width;
}

/* Prints words between a left column, where the cursor stands already, and the right edge. */
static void print_wrapped(FILE *out, const char *text, int left, int width)
{
	int column = left;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (column > left && column + 1 + length > width) {
			fprintf(out, "\n%*s", left, "");
			column = left;
		} else if (column > left) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", length, text);
		column += length;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_option(FILE *out, const struct option_spec *spec, int width)
{
	char left[96];
	int used = spec->letter ? snprintf(left, sizeof(left), "  -%c, --%s", spec->letter, spec->name)
	                        : snprintf(left, sizeof(left), "      --%s", spec->name);

	if (spec->metavar)
		used += snprintf(left + used, sizeof(left) - (size_t)used, "%s%s", *spec->metavar == '[' ? "" : " ",
		                 spec->metavar);
	fputs(left, out);
	if (used + 2 > HELP_COLUMN)
		fprintf(out, "\n%*s", HELP_COLUMN, "");
	else
		fprintf(out, "%*s", HELP_COLUMN - used, "");
	print_wrapped(out, spec->help, HELP_COLUMN, width);
}

static void print_group(FILE *out, enum command command, enum option_group group, const char *title)
{
	int width = help_width(out);
	bool titled = false;

	for (size_t i = 0; i < option_count; i++) {
		if (option_table[i].group != group || !(option_table[i].commands & command))
			continue;
		if (!titled)
			fprintf(out, "\n%s:\n", title);
		titled = true;
		print_option(out, &option_table[i], width);
	}
}

void help_command(FILE *out, enum command command)
{
	size_t index = command_index(command);

	help_usage(out, command);
	for (const char *const *paragraph = commands[index].text; *paragraph; paragraph++) {
		fputc('\n', out);
		print_wrapped(out, *paragraph, 0, help_width(out));
	}
	print_group(out, command, GROUP_TARGET, command == COMMAND_REPLAY ? "Recording" : "Target");
	print_group(out, command, GROUP_PROCESS, "Process");
	print_group(out, command, GROUP_SAMPLING, command == COMMAND_DUMP ? "Reading" : "Sampling");
	print_group(out, command, GROUP_OUTPUT, "Output");
	print_group(out, command, GROUP_PSTATS, "Table of --pstats");
	print_group(out, command, GROUP_ANNOTATION, "Annotation");
	print_group(out, command, GROUP_TASKS, "Tasks");
	print_group(out, command, GROUP_GENERAL, "General");
	fprintf(out, "\nExamples:\n%s", *commands[index].examples);
}

void help_program(FILE *out)
{
	fputs("usage: " PROGRAM " COMMAND [options] ...\n"
	      "\n"
	      "Profile CPython 3.11 to 3.15 from outside, down to the bytecode instruction.\n"
	      "\n"
	      "Commands:\n"
	      "  run       start a Python program, or a command that becomes one; profile it\n"
	      "  attach    profile a running process\n"
	      "  dump      print the stack of a running process\n"
	      "  tasks     print the asyncio tasks of a running process, and who waits for whom\n"
	      "  annotate  profile and show bytecode with samples, below its source\n"
	      "  replay    make any result of a recording\n"
	      "\n"
	      "Options:\n"
	      "  -h, --help    show this text; " PROGRAM " COMMAND --help: its options\n"
	      "  --version     show the version\n",
	      out);
}
