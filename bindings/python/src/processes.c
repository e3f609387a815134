/* SPDX-License-Identifier: Apache-2.0 */
/* Processes: what ty_processes tells, one event a call. Iterating over them is said in Python. */
#include <errno.h>

#include "gil.h"
#include "state.h"

/* How often signals get their turn, in ns. */
#define SIGNALS_NS 50000000ULL
#define NS_PER_SECOND 1e9
#define SECONDS_MAX 1e9

struct processes {
	PyObject_HEAD
	ty_processes *processes;
	bool busy; /* a thread waits, with the GIL given away */
};

static struct processes *self_of(PyObject *self)
{
	return (struct processes *)self;
}

static PyObject *processes_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "pid", NULL };
	struct processes *processes;
	int pid, result;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "i:Processes", names, &pid))
		return NULL;
	processes = PyObject_New(struct processes, type);
	if (!processes)
		return NULL;
	processes->processes = NULL;
	processes->busy = false;
	result = ty_processes_new(pid, &processes->processes);
	if (result == 0)
		return (PyObject *)processes;
	Py_DECREF((PyObject *)processes);
	return tpy_fail(PyType_GetModuleState(type), NULL, result);
}

static void processes_dealloc(PyObject *self)
{
	ty_processes_free(self_of(self)->processes);
	tpy_free(self);
}

/* Waits in steps, between which signals get their turn. As ty_processes_next(). */
static int wait_for_event(struct processes *processes, double seconds, ty_process_event *event)
{
	bool forever = seconds < 0;
	uint64_t left_ns = forever ? 0 : (uint64_t)(seconds * NS_PER_SECOND);
	int result;

	do {
		uint64_t step_ns = forever || left_ns > SIGNALS_NS ? SIGNALS_NS : left_ns;
		PyThreadState *outer = tpy_gil_release();

		result = ty_processes_next(processes->processes, step_ns, event);
		tpy_gil_take(outer);
		left_ns -= forever ? 0 : step_ns;
	} while (result == 1 && PyErr_CheckSignals() == 0 && (forever || left_ns));
	return result;
}

static PyObject *processes_wait(PyObject *self, PyObject *args)
{
	struct processes *processes = self_of(self);
	struct tpy_state *state = tpy_state_of(self);
	ty_process_event event = { .size = sizeof(event) };
	PyObject *timeout = Py_None;
	double seconds;
	int result;

	if (!PyArg_ParseTuple(args, "|O:wait", &timeout))
		return NULL;
	seconds = timeout == Py_None ? -1 : PyFloat_AsDouble(timeout);
	if (PyErr_Occurred())
		return NULL;
	if (timeout != Py_None && !(seconds >= 0 && seconds <= SECONDS_MAX))
		return PyErr_Format(PyExc_ValueError, "timeout: 0 to %d seconds, not %R", (int)SECONDS_MAX, timeout);
	if (processes->busy)
		return tpy_fail_with(state, -EBUSY, "another thread is waiting for these processes");
	processes->busy = true;
	result = wait_for_event(processes, seconds, &event);
	processes->busy = false;
	if (PyErr_Occurred())
		return NULL;
	if (result < 0)
		return tpy_fail(state, NULL, result);
	if (result > 0)
		Py_RETURN_NONE;
	return Py_BuildValue("(iii)", event.kind, (int)event.pid, (int)event.parent);
}

static PyMethodDef processes_methods[] = {
	{ "wait", processes_wait, METH_VARARGS,
	  "The next event as (kind, pid, parent); None when the timeout is over." },
	{ NULL, NULL, 0, NULL },
};

static PyType_Slot processes_slots[] = {
	{ Py_tp_new, processes_new },
	{ Py_tp_dealloc, processes_dealloc },
	{ Py_tp_methods, processes_methods },
	{ 0, NULL },
};

PyType_Spec tpy_processes_spec = {
	.name = "tachyon._tachyon.Processes",
	.basicsize = sizeof(struct processes),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = processes_slots,
};
