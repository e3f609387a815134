/* SPDX-License-Identifier: Apache-2.0 */
#include "destination.h"

#include <errno.h>

#include "gil.h"

/*
 * PyErr_Fetch() and PyErr_Restore() are deprecated since 3.12; what replaces them is not in 3.11.
 */
void tpy_raised_keep(struct tpy_raised *raised)
{
	if (raised->type)
		PyErr_Clear();
	else
		PyErr_Fetch(&raised->type, &raised->value, &raised->traceback);
}

bool tpy_raised_again(struct tpy_raised *raised)
{
	if (!raised->type)
		return false;
	PyErr_Restore(raised->type, raised->value, raised->traceback);
	*raised = (struct tpy_raised){ NULL };
	return true;
}

void tpy_raised_clear(struct tpy_raised *raised)
{
	Py_CLEAR(raised->type);
	Py_CLEAR(raised->value);
	Py_CLEAR(raised->traceback);
}

/* Bytes for a file object; one that takes fewer is one that loses them. */
static int write_file(const void *data, size_t size_bytes, void *user_data)
{
	struct tpy_destination *to = user_data;
	PyThreadState *entered = tpy_gil_enter();
	PyObject *result = PyObject_CallMethod(to->file, "write", "y#", (const char *)data, (Py_ssize_t)size_bytes);

	if (result && PyLong_Check(result) && PyLong_AsSize_t(result) != size_bytes && !PyErr_Occurred())
		PyErr_SetString(PyExc_OSError, "write() took fewer bytes than it was given");
	Py_XDECREF(result);
	if (PyErr_Occurred())
		tpy_raised_keep(&to->raised);
	tpy_gil_leave(entered);
	return to->raised.type ? -EIO : 0;
}

static int open_path(struct tpy_destination *to, PyObject *object)
{
	PyObject *path = NULL;
	int result;

	if (!PyUnicode_FSConverter(object, &path))
		return 1;
	result = ty_sink_file(PyBytes_AsString(path), &to->sink);
	if (result < 0) {
		errno = -result;
		PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, object);
		result = 1;
	}
	Py_DECREF(path);
	return result;
}

/* @return negative: an error of the library; positive: an exception is set */
static int open_sink(struct tpy_destination *to, PyObject *object)
{
	int fd;

	if (object == Py_None) {
		to->memory = true;
		return ty_sink_memory(&to->sink);
	}
	if (PyBool_Check(object)) {
		PyErr_Format(PyExc_TypeError, "%R is no destination: a path, a file, a descriptor or None is", object);
		return 1;
	}
	if (PyLong_Check(object)) {
		fd = PyObject_AsFileDescriptor(object);
		return fd < 0 ? 1 : ty_sink_fd(fd, &to->sink);
	}
	if (!PyObject_HasAttrString(object, "write"))
		return open_path(to, object);
	to->file = Py_NewRef(object);
	return ty_sink_callback(write_file, to, &to->sink);
}

bool tpy_destination_open(struct tpy_destination *to, struct tpy_state *state, PyObject *object)
{
	int result = open_sink(to, object);

	if (result == 0)
		return true;
	if (result < 0)
		tpy_fail(state, NULL, result);
	tpy_destination_close(to);
	return false;
}

PyObject *tpy_destination_result(struct tpy_destination *to, struct tpy_state *state, ty_target *target, int result)
{
	const char *data;
	size_t size_bytes;

	if (tpy_raised_again(&to->raised))
		return NULL;
	if (result < 0)
		return tpy_fail(state, target, result);
	if (!to->memory)
		Py_RETURN_NONE;
	data = ty_sink_data(to->sink, &size_bytes);
	return PyBytes_FromStringAndSize(data, (Py_ssize_t)size_bytes);
}

void tpy_destination_close(struct tpy_destination *to)
{
	ty_sink_free(to->sink);
	to->sink = NULL;
	Py_CLEAR(to->file);
	tpy_raised_clear(&to->raised);
}
