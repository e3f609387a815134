/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the profile so far while sampling goes on: from the model, or what shows time from the recording. A large
 * profile takes a second to write, and names and lines may only be asked for by the thread that samples; so that thread
 * forks, and its copy of everything writes and is gone. What sampling loses is the time of a fork.
 *
 * In the copy nothing but the library runs: no curses, no message to the terminal. One number through a pipe says how
 * it went.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live.h"

#define NICENESS 10

static int write_profile(struct live *live, const ty_run_summary *so_far, const struct live_request *request)
{
	struct options options = *live->options;
	struct outputs outputs = { 0 };
	int error;

	options.outputs[0] = (struct output_choice){ request->format, request->path };
	options.output_count = 1;
	options.stats = NULL;
	options.opcodes = request->opcodes;
	error = outputs_open(&outputs, &options, live->python.pid);
	if (!error)
		error = ty_live_save(live->model, so_far, sourced_behind(outputs.items[0].collector, live->python.pid));
	/* What needs every sample gets them from the recording. */
	if (error == -TY_EOPTION)
		error = live_record_replay(live, outputs.items[0].collector);
	outputs_free(&outputs);
	return error;
}

static _Noreturn void be_copy(struct live *live, const ty_run_summary *so_far, const struct live_request *request,
                              int fd)
{
	int null_fd = open("/dev/null", O_RDWR);
	cpu_set_t all;
	int error;

	/* Whoever ends the profile does not end a write that is nearly done; the terminal is not ours to give back. */
	signal(SIGINT, SIG_IGN);
	terminal_disown();
	dup2(null_fd, STDERR_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	(void)!nice(NICENESS);
	/* The sampler may be bound to the target's processor; the copy is not to disturb it. */
	memset(&all, 0xff, sizeof(all));
	sched_setaffinity(0, sizeof(all), &all);
	error = write_profile(live, so_far, request);
	(void)!write(fd, &error, sizeof(error));
	_exit(0);
}

static void begin_watch(struct live *live, pid_t pid, int fd, const char *path)
{
	pthread_mutex_lock(&live->lock);
	live->save_pid = pid;
	live->save_fd = fd;
	snprintf(live->save_path, sizeof(live->save_path), "%s", path);
	pthread_mutex_unlock(&live->lock);
}

void live_save(struct live *live, const ty_run_summary *so_far, const struct live_request *request)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return;
	pid = fork();
	if (pid == 0)
		be_copy(live, so_far, request, fds[1]);
	close(fds[1]);
	begin_watch(live, pid, fds[0], request->path);
}

static int outcome_of(int fd, pid_t pid)
{
	int outcome = 0, status;

	/* A copy that could not be made, or ended without a word: nothing was written. */
	if (pid < 0 || read(fd, &outcome, sizeof(outcome)) != (ssize_t)sizeof(outcome))
		outcome = -ENOMEM;
	close(fd);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return outcome < 0 ? outcome : 1;
}

int live_save_outcome(struct live *live)
{
	int outcome = 0;

	pthread_mutex_lock(&live->lock);
	if (live->save_fd >= 0) {
		siginfo_t info = { 0 };
		bool ended =
		        live->save_pid < 0 ||
		        (waitid(P_PID, (id_t)live->save_pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid);

		if (ended) {
			outcome = outcome_of(live->save_fd, live->save_pid);
			live->save_fd = -1;
		}
	}
	pthread_mutex_unlock(&live->lock);
	return outcome;
}
