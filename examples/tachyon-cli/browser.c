/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --browser: shows a result that is a page. $BROWSER, else what the desktop or Debian choose. It is started and left
 * alone: the page is a file, and whether somebody looks at it is not ours to wait for. What it writes is dropped, so
 * that it cannot mix with results on stdout.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

static int start(const char *program, const char *path)
{
	char *const argv[] = { (char *)program, (char *)path, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return error;
	error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	if (!error)
		error = posix_spawnp(&pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

void browser_open(const char *path, const char *page)
{
	const char *programs[] = { getenv("BROWSER"), "xdg-open", "sensible-browser", "x-www-browser" };
	char whole[PATH_MAX + 64];
	char absolute[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s%s%s", path, *page ? "/" : "", page);
	if (!realpath(whole, absolute)) {
		complain("cannot open '%s' in a browser: it is not there", whole);
		return;
	}
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (programs[i] && *programs[i] && start(programs[i], absolute) == 0)
			return;
	}
	complain("no browser was found: set BROWSER, or open '%s' by hand", absolute);
}
