/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arguments from Python as numbers of C. The formats of PyArg_ParseTuple() for unsigned numbers cut what is too large
 * and take what is negative: wrong results without an error.
 */
#include "state.h"

#include <string.h>

#define NS_PER_SECOND 1e9

/* Longest time that is asked for, in s: about 30 years. */
#define SECONDS_MAX 1e9

int tpy_to_ulonglong(PyObject *object, void *number)
{
	PyObject *index = PyNumber_Index(object);
	unsigned long long value = index ? PyLong_AsUnsignedLongLong(index) : 0;

	Py_XDECREF(index);
	if (PyErr_Occurred())
		return 0;
	*(unsigned long long *)number = value;
	return 1;
}

int tpy_to_uint(PyObject *object, void *number)
{
	unsigned long long value;

	if (!tpy_to_ulonglong(object, &value))
		return 0;
	if (value > UINT32_MAX) {
		PyErr_Format(PyExc_OverflowError, "%R is too large", object);
		return 0;
	}
	*(uint32_t *)number = (uint32_t)value;
	return 1;
}

const char *tpy_to_text(const char *name, PyObject *object)
{
	Py_ssize_t size_bytes;
	const char *text = PyUnicode_AsUTF8AndSize(object, &size_bytes);

	if (!text || strlen(text) == (size_t)size_bytes)
		return text;
	PyErr_Format(PyExc_ValueError, "%s: %R holds a NUL", name, object);
	return NULL;
}

bool tpy_to_ns(const char *name, PyObject *seconds, uint64_t *ns)
{
	double value = seconds == Py_None ? 0 : PyFloat_AsDouble(seconds);

	if (PyErr_Occurred())
		return false;
	if (!(value >= 0 && value <= SECONDS_MAX)) {
		PyErr_Format(PyExc_ValueError, "%s: 0 to %d seconds, not %R", name, (int)SECONDS_MAX, seconds);
		return false;
	}
	*ns = (uint64_t)(value * NS_PER_SECOND + 0.5);
	return true;
}
