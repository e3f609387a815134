/* SPDX-License-Identifier: Apache-2.0 */
#include "receiver.h"

#include <errno.h>

#include "gil.h"
#include "sampler.h"
#include "snapshot.h"

/* Takes the argument. true: the method wants the end; an exception is kept for later and ends the run too. */
static bool call(struct tpy_receiver *receiver, const char *name, PyObject *argument)
{
	struct tpy_handle *handle = receiver->run->target->handle;
	PyObject *method = argument ? PyObject_GetAttrString(receiver->object, name) : NULL;
	PyObject *result = NULL;
	bool stop;

	tpy_handle_lend(handle, true);
	if (method)
		result = PyObject_CallFunctionObjArgs(method, argument, NULL);
	tpy_handle_lend(handle, false);
	stop = result == Py_True;
	Py_XDECREF(result);
	Py_XDECREF(method);
	Py_XDECREF(argument);
	if (!result) {
		tpy_raised_keep(&receiver->run->raised);
		if (receiver->run->sampler)
			ty_sampler_stop(receiver->run->sampler);
	}
	return stop;
}

static struct tpy_state *state_of(const struct tpy_receiver *receiver)
{
	return receiver->run->target->frames.state;
}

static PyObject *new_run_info(struct tpy_receiver *receiver, const ty_run_info *run)
{
	return TPY_STRUCT(state_of(receiver)->structs[TPY_RUN_INFO], Py_NewRef((PyObject *)receiver->run->target),
	                  PyLong_FromUnsignedLongLong(run->start_time_ns),
	                  PyLong_FromUnsignedLongLong(run->start_unix_ns),
	                  PyLong_FromUnsignedLongLong(run->interval_ns), PyLong_FromLong(run->mode),
	                  PyBool_FromLong(run->opcodes));
}

static int begin(const ty_run_info *run, void *user_data)
{
	struct tpy_receiver *receiver = user_data;
	PyThreadState *entered = tpy_gil_enter();
	bool stop = false;

	if (PyObject_HasAttrString(receiver->object, "begin"))
		stop = call(receiver, "begin", new_run_info(receiver, run));
	tpy_gil_leave(entered);
	return stop;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct tpy_receiver *receiver = user_data;
	struct tpy_target *target = receiver->run->target;
	PyThreadState *entered = tpy_gil_enter();
	bool stop = true;

	/* Another collector of the run may have raised at this very sample. */
	if (!receiver->run->raised.type)
		stop = call(receiver, "sample", tpy_snapshot_new(&target->frames, (PyObject *)target, snapshot));
	tpy_gil_leave(entered);
	return stop;
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct tpy_receiver *receiver = user_data;
	PyThreadState *entered = tpy_gil_enter();

	if (PyObject_HasAttrString(receiver->object, "end"))
		call(receiver, "end", tpy_summary_new(state_of(receiver), summary));
	tpy_gil_leave(entered);
	return 0;
}

bool tpy_receiver_new(struct tpy_receiver *receiver, struct tpy_run *run, PyObject *object, ty_collector **collector)
{
	ty_collector_callbacks callbacks = { .size = sizeof(callbacks), .begin = begin, .sample = sample, .end = end };
	int result;

	if (!PyObject_HasAttrString(object, "sample")) {
		PyErr_Format(PyExc_TypeError, "%R is no collector: it has no method sample", object);
		return false;
	}
	*receiver = (struct tpy_receiver){ .run = run, .object = object };
	result = ty_collector_new(&callbacks, receiver, collector);
	if (result < 0)
		tpy_fail(run->target->frames.state, NULL, result);
	return result == 0;
}
