/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of the library as exceptions. Which class one belongs to is said in Python: tachyon/_errors.py. */
#include <errno.h>

#include "state.h"

static PyObject *raise(struct tpy_state *state, const ty_error_info *info)
{
	PyObject *message = tpy_text(info->message);
	PyObject *exception;

	if (!message)
		return NULL;
	exception = PyObject_CallFunction(state->make_error, "iiiiKN", -info->code, info->os_errno, info->phase,
	                                  info->error_class, (unsigned long long)info->address, message);
	if (exception)
		PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
	Py_XDECREF(exception);
	return NULL;
}

PyObject *tpy_fail(struct tpy_state *state, ty_target *target, int code)
{
	ty_error_info info = { .size = sizeof(info) };

	if (code == -ENOMEM)
		return PyErr_NoMemory();
	if (target && ty_last_error(target, &info) == 0 && info.code == code && info.message && *info.message)
		return raise(state, &info);
	return tpy_fail_with(state, code, ty_strerror(code));
}

PyObject *tpy_fail_with(struct tpy_state *state, int code, const char *message)
{
	ty_error_info info = { .code = code, .error_class = ty_error_classify(code), .message = message };

	return raise(state, &info);
}
