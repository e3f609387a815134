/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_UNWINDER_H
#define TPY_UNWINDER_H

/* RemoteUnwinder: what its files share. unwinder.c has threads, unwinder_tasks.c has asyncio tasks. */

#include "pause.h"
#include "trace.h"

struct tpy_unwinder {
	PyObject_HEAD
	struct tpy_handle *handle;
	struct tpy_tracer tracer;
	/* With all threads, for the tasks; NULL: not attached yet, or handle has them all. */
	struct tpy_handle *task_handle;
	struct tpy_frames task_frames;
	struct tpy_pause pause;
	pid_t pid;
	bool all_threads;
	bool stats;
};

/** The methods of the same names. */
PyObject *tpy_get_async_stack_trace(PyObject *self, PyObject *unused);
PyObject *tpy_get_all_awaited_by(PyObject *self, PyObject *unused);

#endif
