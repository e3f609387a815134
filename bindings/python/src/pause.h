/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_PAUSE_H
#define TPY_PAUSE_H

/*
 * Stopping a whole process for a while, which RemoteUnwinder offers because CPython's does. The library itself never
 * stops more than one thread, and for one reading; nothing else here needs this.
 *
 * A thread that is traced is let go by the kernel when the tracer ends: a profiler that is killed leaves no stopped
 * process behind. The kernel ties tracing to a thread of the tracer, so the one that paused resumes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tpy_stopped {
	pid_t thread;
	int signal; /* it was about to get: given back on resume */
};

struct tpy_pause {
	pid_t tracer; /* our thread that did it; 0: not paused */
	struct tpy_stopped *stopped;
	size_t count;
};

/** Stops all threads of a process. @return 0, or -errno with nothing stopped */
int tpy_pause_begin(struct tpy_pause *pause, pid_t pid);

/** Lets them go on. @return 0, or -EPERM if another thread of ours paused */
int tpy_pause_end(struct tpy_pause *pause);

#endif
