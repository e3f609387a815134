/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <stdlib.h>

#include "collector.h"
#include "live.h"
#include "receiver.h"

/* NULL without an exception: it is none of ours. */
static ty_collector *take_ours(struct tpy_run *run, PyObject *object)
{
	ty_collector *collector = tpy_collector_take(run->target->frames.state, object);

	return collector || PyErr_Occurred() ? collector : tpy_live_take(run, object);
}

static bool take_one(struct tpy_run *run, PyObject *object)
{
	ty_collector **place = &run->collectors[run->taken];

	*place = take_ours(run, object);
	if (!*place && (PyErr_Occurred() || !tpy_receiver_new(&run->receivers[run->taken], run, object, place)))
		return false;
	run->taken++;
	return true;
}

bool tpy_run_take(struct tpy_run *run, PyObject *objects)
{
	size_t count = (size_t)PyTuple_Size(objects);

	run->objects = Py_NewRef(objects);
	run->taken = 0;
	run->complete = false;
	run->collectors = calloc(count + 1, sizeof(*run->collectors));
	run->receivers = calloc(count + 1, sizeof(*run->receivers));
	if (!run->collectors || !run->receivers) {
		PyErr_NoMemory();
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (!take_one(run, PyTuple_GetItem(objects, (Py_ssize_t)i)))
			return false;
	return run->complete = true;
}

static void give_one(struct tpy_run *run, Py_ssize_t index)
{
	PyObject *object = PyTuple_GetItem(run->objects, index);

	if (run->receivers[index].run)
		ty_collector_free(run->collectors[index]);
	else if (!tpy_live_give(run, object) && !tpy_collector_give(object))
		tpy_raised_keep(&run->raised);
}

void tpy_run_give(struct tpy_run *run)
{
	if (PyErr_Occurred())
		tpy_raised_keep(&run->raised);
	for (Py_ssize_t i = 0; i < run->taken; i++)
		give_one(run, i);
	free(run->collectors);
	free(run->receivers);
	run->collectors = NULL;
	run->receivers = NULL;
	run->taken = 0;
	Py_CLEAR(run->objects);
}

void tpy_run_progress(struct tpy_run *run, const ty_run_summary *so_far)
{
	for (Py_ssize_t i = 0; i < run->taken; i++)
		tpy_live_progress(run, PyTuple_GetItem(run->objects, i), so_far);
}

int tpy_run_visit(struct tpy_run *run, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)run->target);
	Py_VISIT(run->objects);
	Py_VISIT(run->raised.type);
	Py_VISIT(run->raised.value);
	Py_VISIT(run->raised.traceback);
	return 0;
}
