/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_UNWINDER_H
#define TPY_UNWINDER_H

/* RemoteUnwinder: what its files share. unwinder.c has threads, unwinder_tasks.c has asyncio tasks. */

#include "frames.h"
#include "pause.h"

struct tpy_unwinder {
	PyObject_HEAD
	struct tpy_handle *handle;
	struct tpy_frames frames;
	struct tpy_handle
	        *task_handle; /* with all threads, for the tasks; NULL: not attached yet, or handle has them all */
	struct tpy_frames task_frames;
	struct tpy_pause pause;
	pid_t pid;
	uint32_t wanted; /* status flags of which a thread must have one; 0: all threads */
	bool all_threads;
	bool opcodes;
	bool stats;
};

/** Makes a FrameInfo. */
PyObject *tpy_frame_info(struct tpy_frames *frames, const ty_frame *frame);

/** A list of FrameInfo. @return a new reference, or NULL with an exception */
PyObject *tpy_frame_infos(struct tpy_frames *frames, bool opcodes, const ty_frame *raw, uint32_t count);

/** The methods of the same names. */
PyObject *tpy_get_async_stack_trace(PyObject *self, PyObject *unused);
PyObject *tpy_get_all_awaited_by(PyObject *self, PyObject *unused);

#endif
