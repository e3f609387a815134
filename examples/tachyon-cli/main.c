/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tachyon-cli: profiles Python programs from outside. This is the example of how to use libtachyon; cli.h maps its
 * files.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * A standard stream that was closed when we started: the next file that is opened would take its number, and messages
 * would go into a result. What takes it instead fails as a closed one does, and is closed again for what we start.
 */
static void occupy_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	}
}

/* What was printed must have arrived. A reader who has seen enough, as `head`, is told nothing. */
static int finish(int status)
{
	int error = output_flush();

	if (error == 0)
		return status;
	if (error != EPIPE)
		complain("cannot write to stdout: %s", strerror(error));
	return status == EXIT_DONE ? EXIT_FAILED : status;
}

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

static int run_command_line(int argc, char **argv)
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

int main(int argc, char **argv)
{
	occupy_standard_streams();
	/* A line at a time: the target may write to the same terminal. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	return finish(run_command_line(argc, argv));
}
