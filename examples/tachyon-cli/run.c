/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `run`: starts a command, finds the Python in it, profiles that, and ends as the command ends.
 *
 * The order is made so that nothing is lost: outputs are opened before the command runs, sampling begins as soon as the
 * interpreter can be read, the result is written before the command is waited for or terminated.
 */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HINT_AFTER_NS (5 * NS_PER_SECOND)

struct run {
	const struct options *options;
	char **argv;
	struct child child;
	struct follower follower;
	struct outputs outputs;
	struct live *live; /* NULL: no view */
};

/* python3 [-m] TARGET ARGS… or the COMMAND itself. To be freed; NULL: out of memory. */
static char **build_argv(const struct options *options)
{
	size_t count = 0;
	size_t used = 0;

	while (options->target[count])
		count++;
	char **argv = calloc(count + 3, sizeof(*argv));

	if (!argv)
		return NULL;
	if (options->python)
		argv[used++] = (char *)options->python;
	if (options->module)
		argv[used++] = (char *)"-m";
	memcpy(argv + used, options->target, count * sizeof(*argv));
	return argv;
}

/* A script, a directory or a zip file that Python is to run; "-" is Python's standard input. */
static bool target_exists(const struct options *options)
{
	struct stat status;

	if (!options->python || options->module || !strcmp(options->target[0], "-"))
		return true;
	return stat(options->target[0], &status) == 0;
}

/* Waits for the command to become, or to start, a Python. NULL: it ended, refused to be read, or we were told to end.
 */
static ty_target *wait_for_python(struct run *run, pid_t *pid)
{
	uint64_t hint_ns = now_ns() + HINT_AFTER_NS;
	ty_attach_options attach;
	ty_target *target;

	attach_options_fill(&attach, run->options);
	follower_init(&run->follower, run->child.pid);
	while (!(target = follower_step(&run->follower, &attach, pid))) {
		if (child_ended(&run->child) || signals_received() || follower_is_refused(&run->follower))
			return NULL;
		if (isatty(STDERR_FILENO) && now_ns() > hint_ns) {
			complain("waiting for Python to start in '%s' (PID %d)", run->argv[0], (int)run->child.pid);
			hint_ns = UINT64_MAX;
		}
		follower_wait(&run->follower);
	}
	return target;
}

/* Hands a signal of ours on, then waits for the command to end. */
static void end_with_signal(struct run *run, pid_t python)
{
	int number = signals_received();

	if (number != SIGINT) {
		child_terminate(&run->child, python);
		return;
	}
	/* One that was typed has reached the command already. */
	if (!signals_from_terminal() && !child_ended(&run->child)) {
		kill(python, SIGINT);
		if (python != run->child.pid)
			kill(run->child.pid, SIGINT);
	}
	child_wait(&run->child);
}

static int explain_no_python(struct run *run)
{
	const struct follower *follower = &run->follower;
	int status = run->child.wait_status;

	if (follower->error && follower->message[0])
		complain("%s", follower->message);
	else if (follower->error)
		complain("process %d: %s", (int)follower->error_pid, ty_strerror(follower->error));
	else if (follower->seen_starting)
		complain("'%s' ended before its first sample; nothing was written", run->argv[0]);
	else if (WIFSIGNALED(status))
		complain("'%s' was ended by signal %d before becoming Python", run->argv[0], WTERMSIG(status));
	else
		complain("'%s' exited with status %d before becoming Python", run->argv[0], WEXITSTATUS(status));
	return follower->seen_starting && !follower->error ? child_exit_status(&run->child) : EXIT_FAILED;
}

/* No Python was found: says why and ends the command. */
static int give_up(struct run *run)
{
	if (signals_received()) {
		end_with_signal(run, run->child.pid);
		return child_exit_status(&run->child);
	}
	if (!child_ended(&run->child))
		child_terminate(&run->child, run->follower.error_pid);
	return explain_no_python(run);
}

/* Ends the command as the profile ended. */
static int end_command(struct run *run, int result, int reason, pid_t python)
{
	if (signals_received())
		end_with_signal(run, python);
	else if (reason == TY_END_DURATION)
		child_terminate(&run->child, python);
	else
		child_wait(&run->child);
	if (result < 0)
		return EXIT_FAILED;
	return reason == TY_END_DURATION ? EXIT_DONE : child_exit_status(&run->child);
}

static int profile(struct run *run, ty_target *target, pid_t python)
{
	struct session session = {
		.options = run->options,
		.target = target,
		.outputs = &run->outputs,
		.child = &run->child,
		.live = run->live,
		.pid = python,
	};
	int result = session_run(&session);
	bool is_over = session.summary.end_reason == TY_END_DURATION || (run->live && live_was_quit(run->live));

	return end_command(run, result, is_over ? TY_END_DURATION : session.summary.end_reason, python);
}

/* --subprocesses: the command and all it starts. */
static int profile_all(struct run *run, ty_processes *processes)
{
	int reason;
	int result = family_run(run->options, &run->outputs, processes, run->child.pid, &run->child, &reason);

	return end_command(run, result, reason, run->child.pid);
}

/* The first Python that the command becomes or starts. */
static int profile_first(struct run *run)
{
	pid_t python = 0;
	ty_target *target = wait_for_python(run, &python);

	if (!target)
		return give_up(run);
	int status = profile(run, target, python);

	ty_detach(target);
	return status;
}

/* What is made before the command runs. 0, or negative after saying what is wrong. */
static int prepare(struct run *run, ty_processes **processes)
{
	int result = outputs_open(&run->outputs, run->options, run->child.pid);

	if (result < 0 || !run->options->subprocesses)
		return result;
	result = ty_processes_new(run->child.pid, processes);
	/* What a process leaves behind that has ended before it was seen comes to us, and belongs to the rest. */
	if (result == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0)
		result = ty_processes_adopt(*processes, getpid());
	if (result < 0)
		complain("cannot watch '%s': %s", run->argv[0], ty_strerror(result));
	return result;
}

/* The child is forked and held. */
static int run_child(struct run *run)
{
	ty_processes *processes = NULL;
	int status = EXIT_FAILED;

	if (prepare(run, &processes) < 0) {
		close(run->child.go_fd);
		child_wait(&run->child);
		return EXIT_FAILED;
	}
	int result = child_release(&run->child);

	if (result < 0) {
		complain("cannot run '%s': %s", run->argv[0], strerror(-result));
		child_wait(&run->child);
	} else {
		status = processes ? profile_all(run, processes) : profile_first(run);
	}
	ty_processes_free(processes);
	return status;
}

int run_command(const struct options *options)
{
	struct run *run;
	int status = EXIT_FAILED;

	if (!target_exists(options)) {
		complain("cannot find the script '%s'", options->target[0]);
		return EXIT_FAILED;
	}
	run = calloc(1, sizeof(*run));
	if (run)
		run->argv = build_argv(options);
	if (!run || !run->argv) {
		complain("out of memory");
		goto out;
	}
	run->options = options;
	run->live = options->live ? live_open(options) : NULL;
	if (options->live && !run->live)
		goto out;
	int result = child_spawn(&run->child, run->argv, run->live ? live_stdio(run->live) : NULL);

	if (run->live)
		live_started(run->live);
	if (result < 0)
		complain("cannot start '%s': %s", run->argv[0], strerror(-result));
	else
		status = run_child(run);
	outputs_free(&run->outputs);
out:
	if (run) {
		live_free(run->live);
		follower_free(&run->follower);
		free(run->argv);
	}
	free(run);
	return status;
}
