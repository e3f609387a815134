/* SPDX-License-Identifier: Apache-2.0 */
/* Recorder: ty_recorder with places and stacks of Python numbers. */
#include <stdlib.h>

#include "gil.h"
#include "recording.h"

struct recorder {
	PyObject_HEAD
	ty_recorder *recorder; /* NULL: closed */
};

static struct recorder *self_of(PyObject *self)
{
	return (struct recorder *)self;
}

static ty_recorder *open_of(PyObject *self)
{
	if (!self_of(self)->recorder)
		tpy_fail_with(tpy_state_of(self), TY_ESTATE, "Writer is closed");
	return self_of(self)->recorder;
}

static PyObject *done(PyObject *self, int result)
{
	if (result < 0)
		return tpy_fail(tpy_state_of(self), NULL, result);
	Py_RETURN_NONE;
}

static PyObject *recorder_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "path", "interval_us", "start_us",   "compression",
		                 "mode", "features",    "hexversion", NULL };
	ty_recorder_options options = { .size = sizeof(options) };
	unsigned long long interval_us, start_us;
	struct recorder *recorder;
	PyObject *path = NULL;
	int result;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&KKiiII:Recorder", names, PyUnicode_FSConverter, &path,
	                                 &interval_us, &start_us, &options.compression, &options.mode,
	                                 &options.features, &options.python_hexversion))
		return NULL;
	options.interval_ns = interval_us * 1000;
	options.start_time_ns = start_us * 1000;
	recorder = PyObject_New(struct recorder, type);
	if (recorder) {
		recorder->recorder = NULL;
		result = ty_recorder_new(&options, PyBytes_AsString(path), &recorder->recorder);
		if (result < 0) {
			tpy_fail(PyType_GetModuleState(type), NULL, result);
			Py_CLEAR(recorder);
		}
	}
	Py_DECREF(path);
	return (PyObject *)recorder;
}

static void recorder_dealloc(PyObject *self)
{
	ty_recorder_free(self_of(self)->recorder);
	tpy_free(self);
}

static PyObject *recorder_frame(PyObject *self, PyObject *args)
{
	ty_recorded_frame frame = { .size = sizeof(frame), .offset = -1 };
	ty_recorder *recorder = open_of(self);
	uint32_t number = 0;
	int result;

	if (!recorder ||
	    !PyArg_ParseTuple(args, "ssiiiiii:frame", &frame.filename, &frame.qualname, &frame.kind, &frame.line,
	                      &frame.end_line, &frame.column, &frame.end_column, &frame.opcode))
		return NULL;
	result = ty_recorder_frame(recorder, &frame, &number);
	return result < 0 ? done(self, result) : PyLong_FromUnsignedLong(number);
}

/* Converters that refuse what does not fit, which the formats K and I would cut. */
static int to_u64(PyObject *object, void *place)
{
	unsigned long long value = PyLong_AsUnsignedLongLong(object);

	*(uint64_t *)place = value;
	return !PyErr_Occurred();
}

static int to_u32(PyObject *object, void *place)
{
	uint64_t value = 0;

	if (!to_u64(object, &value))
		return 0;
	*(uint32_t *)place = (uint32_t)value;
	if (value > UINT32_MAX)
		PyErr_SetString(PyExc_OverflowError, "a number of more than 32 bits");
	return value <= UINT32_MAX;
}

/* Numbers of a list, in an array to be freed. false: an exception is set. */
static bool to_numbers(PyObject *list, uint32_t **numbers, Py_ssize_t *count)
{
	*count = PyList_Size(list);
	*numbers = *count < 0 ? NULL : malloc(((size_t)*count + 1) * sizeof(**numbers));
	if (!*numbers) {
		if (!PyErr_Occurred())
			PyErr_NoMemory();
		return false;
	}
	for (Py_ssize_t i = 0; i < *count; i++)
		if (!to_u32(PyList_GetItem(list, i), &(*numbers)[i]))
			return false;
	return true;
}

static PyObject *recorder_stack(PyObject *self, PyObject *args)
{
	ty_recorded_stack stack = { .size = sizeof(stack) };
	ty_recorder *recorder = open_of(self);
	uint64_t time_us = 0;
	uint32_t *numbers = NULL;
	PyObject *list, *result = NULL;
	Py_ssize_t count = 0;

	if (!recorder || !PyArg_ParseTuple(args, "O&O&O&O&O!:stack", to_u64, &time_us, to_u64, &stack.native_id, to_u32,
	                                   &stack.interpreter, to_u32, &stack.status, &PyList_Type, &list))
		return NULL;
	if (to_numbers(list, &numbers, &count)) {
		stack.time_ns = time_us * 1000;
		stack.frames = numbers;
		stack.frame_count = (uint32_t)count;
		result = done(self, ty_recorder_stack(recorder, &stack));
	}
	free(numbers);
	return result;
}

static PyObject *recorder_measured(PyObject *self, PyObject *args)
{
	double duration_s, rate_hz, error_percent, missed;
	ty_recorder *recorder = open_of(self);
	unsigned int measured;

	if (!recorder ||
	    !PyArg_ParseTuple(args, "Idddd:measured", &measured, &duration_s, &rate_hz, &error_percent, &missed))
		return NULL;
	return done(self, ty_recorder_measured(recorder, measured, duration_s, rate_hz, error_percent, missed));
}

static PyObject *recorder_finish(PyObject *self, PyObject *unused)
{
	ty_recorder *recorder = open_of(self);
	PyThreadState *outer;
	int result;

	(void)unused;
	if (!recorder)
		return NULL;
	/* Nobody else finds it while the GIL is away. */
	self_of(self)->recorder = NULL;
	outer = tpy_gil_release();
	result = ty_recorder_finish(recorder);
	tpy_gil_take(outer);
	ty_recorder_free(recorder);
	return done(self, result);
}

static PyObject *recorder_counters(PyObject *self, PyObject *unused)
{
	ty_recorder_counters counters = { .size = sizeof(counters) };
	ty_recorder *recorder = open_of(self);

	(void)unused;
	if (!recorder)
		return NULL;
	ty_recorder_statistics(recorder, &counters);
	return Py_BuildValue("(KKKKKKKK)", counters.stacks, counters.repeat_records, counters.repeat_stacks,
	                     counters.full_records, counters.pop_push_records, counters.frames_written,
	                     counters.frames_saved, counters.bytes_written);
}

static PyObject *recorder_close(PyObject *self, PyObject *unused)
{
	(void)unused;
	ty_recorder_free(self_of(self)->recorder);
	self_of(self)->recorder = NULL;
	Py_RETURN_NONE;
}

static PyMethodDef recorder_methods[] = {
	{ "frame", recorder_frame, METH_VARARGS, "Adds a place; gives its number." },
	{ "stack", recorder_stack, METH_VARARGS, "Adds a stack of such numbers, innermost first." },
	{ "measured", recorder_measured, METH_VARARGS, "Says what was measured in the run." },
	{ "counters", recorder_counters, METH_NOARGS, "What was written so far: ty_recorder_counters as a tuple." },
	{ "finish", recorder_finish, METH_NOARGS, "Writes what is missing and closes." },
	{ "close", recorder_close, METH_NOARGS, "Closes without that." },
	{ NULL, NULL, 0, NULL },
};

static PyType_Slot recorder_slots[] = {
	{ Py_tp_new, recorder_new },
	{ Py_tp_dealloc, recorder_dealloc },
	{ Py_tp_methods, recorder_methods },
	{ 0, NULL },
};

PyType_Spec tpy_recorder_spec = {
	.name = "tachyon._tachyon.Recorder",
	.basicsize = sizeof(struct recorder),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = recorder_slots,
};
