/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_GIL_H
#define TPY_GIL_H

/*
 * The GIL around calls of the library that take long, and its way back for what the library calls meanwhile.
 *
 * PyGILState_Ensure() would be simpler and is wrong in subinterpreters: it always takes the main one. The library calls
 * back on the thread that called it, so the thread remembers which state it gave away.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/** Gives the GIL away. Hand the result to tpy_gil_take(). */
PyThreadState *tpy_gil_release(void);
void tpy_gil_take(PyThreadState *outer);

/** In a callback of the library: has the GIL until tpy_gil_leave(), whether it had been given away or not. */
PyThreadState *tpy_gil_enter(void);
void tpy_gil_leave(PyThreadState *entered);

#endif
