/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `attach`: profiles a process that runs already; and what the other commands need of it: options for ty_attach() and
 * what to say when it refuses.
 */
#include "cli.h"

#include <errno.h>
#include <string.h>

#define START_PATIENCE_NS (10 * NS_PER_SECOND)
#define EXEC_PATIENCE_NS (100 * NS_PER_MS)
#define CPU_SUMMARY_INTERVAL_NS (NS_PER_MS / 2)
#define START_POLL_NS (2 * NS_PER_MS)

/* Whether the CPU's state is worth a system call for every thread in every sample: for what shows it, and for what only
   sums it up at rates where that is little. */
static bool wants_cpu_status(const struct options *options)
{
	return options->command == COMMAND_DUMP || outputs_have(options, FORMAT_GECKO) ||
	       (options->live && !options->all_threads) ||
	       (outputs_have(options, FORMAT_FLAMEGRAPH) && options->interval_ns >= CPU_SUMMARY_INTERVAL_NS);
}

void attach_options_fill(ty_attach_options *attach, const struct options *options)
{
	*attach = (ty_attach_options){
		.size = sizeof(*attach),
		.threads = options->all_threads ? TY_THREADS_ALL : TY_THREADS_MAIN,
		.stop_policy = options->stop_policy,
		/* The view can show instructions at any time. */
		.opcodes = options->opcodes || options->live,
		.tasks = options->tasks,
		.cpu_status = wants_cpu_status(options),
		.native_frames = options->native,
		.no_gc_frames = options->no_gc,
	};
}

/* Says what the library said; it names the check that refused and the remedy. */
void complain_target(ty_target *target, int code, int pid)
{
	ty_error_info error = { .size = sizeof(error) };

	if (target && ty_last_error(target, &error) == 0 && error.message && error.message[0])
		complain("%s", error.message);
	else
		complain("process %d: %s", pid, ty_strerror(code));
}

/* How long an error may be that of a program which is just being loaded: its runtime may look like anything. */
static uint64_t patience_ns(int code)
{
	switch (code) {
	case -TY_ESTARTING:
	case -TY_EREPLACED:
		return START_PATIENCE_NS;
	case -TY_ENOTPYTHON: /* a shell's child that has not called exec() yet */
		return EXEC_PATIENCE_NS;
	case -TY_ECORRUPT:
	case -TY_EOFFSETS:
		return REFUSAL_PATIENCE_NS;
	default:
		return 0;
	}
}

/* Attaches; waits for a Python that is still starting. NULL: refused, and said so. */
ty_target *attach_patiently(const struct options *options, const ty_attach_options *attach)
{
	uint64_t begin_ns = now_ns();
	ty_target *target = NULL;
	int code;

	while ((code = ty_attach(options->pid, attach, &target)) != 0) {
		if (signals_received() || now_ns() - begin_ns >= patience_ns(code)) {
			complain_target(target, code, options->pid);
			ty_detach(target);
			return NULL;
		}
		ty_detach(target);
		sleep_ns(START_POLL_NS);
	}
	return target;
}

/* --subprocesses: the process need not be Python itself. */
static int attach_family(const struct options *options)
{
	struct outputs outputs = { 0 };
	ty_processes *processes;
	int result = ty_processes_new(options->pid, &processes), reason;

	if (result < 0) {
		if (result == -TY_EEXITED)
			complain("there is no process %d, or it has ended", options->pid);
		else
			complain("process %d: %s", options->pid, ty_strerror(result));
		return EXIT_FAILED;
	}
	result = outputs_open(&outputs, options, options->pid);
	if (result == 0)
		result = family_run(options, &outputs, processes, options->pid, NULL, &reason);
	outputs_free(&outputs);
	ty_processes_free(processes);
	return result == 0 ? EXIT_DONE : EXIT_FAILED;
}

int attach_command(const struct options *options)
{
	struct outputs outputs = { 0 };
	struct session session = { .options = options, .outputs = &outputs, .pid = options->pid };
	ty_attach_options attach;
	int status = EXIT_FAILED;

	if (options->subprocesses)
		return attach_family(options);
	session.live = options->live ? live_open(options) : NULL;
	if (options->live && !session.live)
		return EXIT_FAILED;
	attach_options_fill(&attach, options);
	session.target = attach_patiently(options, &attach);
	if (session.target && outputs_open(&outputs, options, options->pid) == 0 && session_run(&session) == 0)
		status = EXIT_DONE;
	live_free(session.live);
	outputs_free(&outputs);
	ty_detach(session.target);
	return status;
}
