/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_TARGET_H
#define TPY_TARGET_H

/* tachyon.Target: a process or a capture. */

#include "frames.h"

struct tpy_target {
	PyObject_HEAD
	struct tpy_handle *handle;
	struct tpy_frames frames;
};

/** One that nothing is behind yet. */
struct tpy_target *tpy_target_new(struct tpy_state *state);

/** attach(pid, …), open_capture(path, …) and open_recording(path) of the module. */
PyObject *tpy_attach(PyObject *module, PyObject *args, PyObject *keywords);
PyObject *tpy_open_capture(PyObject *module, PyObject *args, PyObject *keywords);
PyObject *tpy_open_recording(PyObject *module, PyObject *args);

#endif
