/* SPDX-License-Identifier: Apache-2.0 */
#include "gil.h"

/* What this thread gave away; NULL: it has the GIL. */
static _Thread_local PyThreadState *released;

PyThreadState *tpy_gil_release(void)
{
	PyThreadState *outer = released;

	released = PyEval_SaveThread();
	return outer;
}

void tpy_gil_take(PyThreadState *outer)
{
	PyEval_RestoreThread(released);
	released = outer;
}

PyThreadState *tpy_gil_enter(void)
{
	PyThreadState *entered = released;

	if (entered)
		PyEval_RestoreThread(entered);
	released = NULL;
	return entered;
}

void tpy_gil_leave(PyThreadState *entered)
{
	if (entered)
		PyEval_SaveThread();
	released = entered;
}
