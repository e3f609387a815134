/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_STRUCTS_H
#define TPY_STRUCTS_H

/* Named tuples (struct sequences): plain results, and those of CPython's _remote_debugging. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

enum tpy_struct {
	/* tachyon */
	TPY_LOCATION,
	TPY_INSTRUCTION,
	TPY_ROW,
	TPY_OPCODE,
	TPY_TARGET_INFO,
	TPY_COUNTERS,
	TPY_RUN_INFO,
	TPY_SUMMARY,
	TPY_RECORDING_INFO,
	TPY_GC_COLLECTION,
	TPY_TASK,
	TPY_TASKS,
	TPY_LIVE_OVERVIEW,
	TPY_LIVE_THREAD,
	TPY_LIVE_FUNCTION,
	TPY_LIVE_INSTRUCTION,
	TPY_LIVE_CALL,
	/* tachyon.remote_debugging */
	TPY_REMOTE,
	TPY_LOCATION_INFO = TPY_REMOTE,
	TPY_FRAME_INFO,
	TPY_CORO_INFO,
	TPY_TASK_INFO,
	TPY_THREAD_INFO,
	TPY_INTERPRETER_INFO,
	TPY_AWAITED_INFO,
	TPY_GC_STATS_INFO,
	TPY_STRUCTS
};

/** Makes all types and adds them to the module. @return 0, or -1 with an exception */
int tpy_structs_init(PyObject *module, PyTypeObject **types);

/**
 * Makes a named tuple of new references, all of which it takes, also when it fails: members that are NULL are how the
 * caller says that it failed itself.
 */
PyObject *tpy_struct_new(PyTypeObject *type, PyObject *const *members, Py_ssize_t count);

#define TPY_STRUCT(type, ...)                                                                                          \
	tpy_struct_new((type), (PyObject *[]){ __VA_ARGS__ },                                                          \
	               (Py_ssize_t)(sizeof((PyObject *[]){ __VA_ARGS__ }) / sizeof(PyObject *)))

/** A list of one new reference, which it takes; NULL with an exception if that is NULL. */
PyObject *tpy_list_of_one(PyObject *item);

#endif
