/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `attach`: profiles a process that runs already; and what the other commands need of it: options for ty_attach() and
 * what to say when it refuses.
 */
#include "cli.h"

#include <errno.h>
#include <string.h>

#define START_PATIENCE_NS (10 * NS_PER_SECOND)
#define START_POLL_NS (2 * NS_PER_MS)

void attach_options_fill(ty_attach_options *attach, const struct options *options)
{
	*attach = (ty_attach_options){
		.size = sizeof(*attach),
		.threads = options->all_threads ? TY_THREADS_ALL : TY_THREADS_MAIN,
		.stop_policy = options->stop_policy,
		.opcodes = options->opcodes,
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

static bool passes_with_time(int code)
{
	return code == -TY_ESTARTING || code == -TY_EREPLACED;
}

/* Attaches; waits for a Python that is still starting. NULL: refused, and said so. */
ty_target *attach_patiently(const struct options *options, const ty_attach_options *attach)
{
	uint64_t give_up_ns = now_ns() + START_PATIENCE_NS;
	ty_target *target = NULL;
	int code;

	while ((code = ty_attach(options->pid, attach, &target)) != 0) {
		if (!passes_with_time(code) || signals_received() || now_ns() > give_up_ns) {
			complain_target(target, code, options->pid);
			ty_detach(target);
			return NULL;
		}
		ty_detach(target);
		sleep_ns(START_POLL_NS);
	}
	return target;
}

int attach_command(const struct options *options)
{
	struct output output = { 0 };
	struct session session = { .options = options, .output = &output, .pid = options->pid };
	ty_attach_options attach;
	int status = EXIT_FAILED;

	attach_options_fill(&attach, options);
	session.target = attach_patiently(options, &attach);
	if (!session.target)
		return EXIT_FAILED;
	if (output_open(&output, options, options->pid) == 0 && session_run(&session) == 0)
		status = EXIT_DONE;
	output_free(&output);
	ty_detach(session.target);
	return status;
}
