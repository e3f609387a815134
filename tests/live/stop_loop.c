/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stops a process for every sample, as fast as it can, until it is killed: for test_stop_kill.py.
 *
 *     stop_loop PID
 *
 * It prints one line when the first sample is taken.
 */
#include <stdio.h>
#include <stdlib.h>

#include <tachyon/tachyon.h>

int main(int argc, char **argv)
{
	ty_attach_options options = {
		.size = sizeof(options), .threads = TY_THREADS_ALL, .stop_policy = TY_STOP_ALWAYS, .opcodes = 1
	};
	ty_target_counters counters = { .size = sizeof(counters) };
	const ty_snapshot *snapshot;
	ty_target *target;

	if (argc != 2 || ty_attach(atoi(argv[1]), &options, &target) != 0 || ty_sample(target, &snapshot) != 0 ||
	    ty_target_statistics(target, &counters) != 0 || !counters.stops)
		return EXIT_FAILURE;
	puts("stopping");
	fflush(stdout);
	while (ty_sample(target, &snapshot) == 0)
		;
	ty_detach(target);
	return EXIT_FAILURE;
}
