/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tachyon-cli: profiles Python programs from outside. This is the example of how to use libtachyon; cli.h maps its
 * files.
 */
#include "cli.h"

#include <string.h>

static int run_parsed(enum command command, int argc, char **argv)
{
	struct options options;

	switch (options_parse(&options, command, argc, argv)) {
	case PARSE_DONE:
		return EXIT_DONE;
	case PARSE_USAGE:
		return EXIT_USAGE;
	case PARSE_OK:
		break;
	}
	signals_install();
	switch (command) {
	case COMMAND_RUN:
		return run_command(&options);
	case COMMAND_ATTACH:
		return attach_command(&options);
	case COMMAND_DUMP:
		return dump_command(&options);
	case COMMAND_REPLAY:
		return replay_command(&options);
	case COMMAND_TASKS:
		return tasks_command(&options);
	default:
		return annotate_command(&options);
	}
}

int main(int argc, char **argv)
{
	static const enum command commands[] = { COMMAND_RUN, COMMAND_ATTACH, COMMAND_DUMP, COMMAND_ANNOTATE,
		                                 COMMAND_REPLAY, COMMAND_TASKS };
	const char *name = argc > 1 ? argv[1] : NULL;

	for (size_t i = 0; name && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(name, command_name(commands[i])))
			return run_parsed(commands[i], argc - 1, argv + 1);
	}
	if (name && (!strcmp(name, "--help") || !strcmp(name, "-h"))) {
		help_program(stdout);
		return EXIT_DONE;
	}
	if (name && !strcmp(name, "--version")) {
		printf(PROGRAM " %s\n", ty_version_string());
		return EXIT_DONE;
	}
	help_program(stderr);
	fputs("\n" PROGRAM ": error: ", stderr);
	text_puts(stderr,
	          name ? "unknown command: " : "a command is required: run, attach, dump, tasks, annotate or replay");
	text_puts(stderr, name ? name : "");
	fputc('\n', stderr);
	return EXIT_USAGE;
}
