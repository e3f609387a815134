/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts a command, waits for it and ends it.
 *
 * The child is forked first and held before its exec, so that everything that may fail on our side (outputs named after
 * its PID, for one) fails before the program has run. It stays in our process group and session: a terminal treats both
 * as one job, Ctrl-C reaches both and the child may read the terminal.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_NS (5 * NS_PER_MS)
#define KILL_AFTER_NS (2 * NS_PER_SECOND)
#define HINT_AFTER_NS NS_PER_SECOND

/* The child's side: waits for the other end of go_fd to close, then becomes the command. */
static _Noreturn void become(char *const argv[], const int *stdio, int go_fd, int error_fd)
{
	char byte;
	int error;

	for (int i = 0; stdio && i < 3; i++)
		if (stdio[i] >= 0)
			dup2(stdio[i], i);

	signals_restore_for_child();
	/* A byte means "go"; the end of file means that the parent is gone or has given up. */
	if (read(go_fd, &byte, 1) != 1)
		_exit(EXIT_FAILED);
	execvp(argv[0], argv);
	error = errno;
	(void)!write(error_fd, &error, sizeof(error));
	_exit(127);
}

/* Forks a child that waits for child_release(). 0 or -errno. */
int child_spawn(struct child *child, char *const argv[], const int *stdio)
{
	int go[2];
	int error[2];

	*child = (struct child){ .pid = -1, .go_fd = -1, .error_fd = -1 };
	if (pipe2(go, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(error, O_CLOEXEC) < 0) {
		int result = -errno;

		close(go[0]);
		close(go[1]);
		return result;
	}
	child->pid = fork();
	if (child->pid == 0) {
		close(go[1]);
		close(error[0]);
		become(argv, stdio, go[0], error[1]);
	}
	int result = child->pid < 0 ? -errno : 0;

	close(go[0]);
	close(error[1]);
	child->go_fd = go[1];
	child->error_fd = error[0];
	return result;
}

/* Lets the child become its command and waits until it has. 0, or the -errno of its exec. */
int child_release(struct child *child)
{
	int error = 0;
	ssize_t got;

	(void)!write(child->go_fd, "g", 1);
	close(child->go_fd);
	do
		got = read(child->error_fd, &error, sizeof(error));
	while (got < 0 && errno == EINTR);
	close(child->error_fd);
	child->go_fd = child->error_fd = -1;
	return got == (ssize_t)sizeof(error) ? -error : 0;
}

/* Whether it has ended; does not wait. */
bool child_ended(struct child *child)
{
	if (!child->reaped && waitpid(child->pid, &child->wait_status, WNOHANG) == child->pid)
		child->reaped = true;
	return child->reaped;
}

/* As child_ended(), and takes leave of what others have left to us (PR_SET_CHILD_SUBREAPER). */
bool child_reap(struct child *child)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != child->pid)
			continue;
		child->wait_status = status;
		child->reaped = true;
	}
	return child->reaped;
}

/* Waits, but gives signals a chance: each one after the first is stronger than the one before. */
void child_wait(struct child *child)
{
	uint64_t hint_ns = now_ns() + HINT_AFTER_NS;
	int handled = signals_count();

	while (!child_ended(child)) {
		if (signals_count() > handled) {
			handled = signals_count();
			kill(child->pid, handled > 2 ? SIGKILL : SIGTERM);
		}
		if (handled && now_ns() > hint_ns) {
			complain("still waiting for process %d to end; the next Ctrl-C sends it %s", (int)child->pid,
			         handled < 2 ? "SIGTERM" : "SIGKILL");
			hint_ns = UINT64_MAX;
		}
		sleep_ns(POLL_NS);
	}
}

static void send_both(struct child *child, pid_t also, int number)
{
	if (also > 0 && also != child->pid)
		kill(also, number);
	if (!child_ended(child))
		kill(child->pid, number);
}

static bool wait_until(struct child *child, pid_t also, uint64_t deadline_ns)
{
	while (now_ns() < deadline_ns) {
		bool other_gone = also <= 0 || also == child->pid || kill(also, 0) < 0;

		if (child_ended(child) && other_gone)
			return true;
		sleep_ns(POLL_NS);
	}
	return false;
}

/* Ends the command, and with it the Python inside it: SIGTERM, after 2 s SIGKILL. */
void child_terminate(struct child *child, pid_t also)
{
	send_both(child, also, SIGTERM);
	if (!wait_until(child, also, now_ns() + KILL_AFTER_NS)) {
		send_both(child, also, SIGKILL);
		while (!child_ended(child))
			sleep_ns(POLL_NS);
	}
}

/* As a shell has it: the status, or 128 + the signal that ended it. */
int child_exit_status(const struct child *child)
{
	return WIFSIGNALED(child->wait_status) ? 128 + WTERMSIG(child->wait_status) : WEXITSTATUS(child->wait_status);
}
