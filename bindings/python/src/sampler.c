/* SPDX-License-Identifier: Apache-2.0 */
#include "sampler.h"

#include "gil.h"
#include "run.h"
#include "snapshot.h"

/* How often signals get their turn, in ns. */
#define SIGNALS_NS 50000000

struct sampler {
	PyObject_HEAD
	struct tpy_run run; /* owns target and sampler */
};

static struct sampler *self_of(PyObject *self)
{
	return (struct sampler *)self;
}

/* ---- making one ---- */

static int look_for_signals(const ty_run_summary *so_far, void *user_data)
{
	struct tpy_run *run = user_data;
	PyThreadState *entered = tpy_gil_enter();
	bool stop = PyErr_CheckSignals() < 0;

	if (stop)
		tpy_raised_keep(&run->raised);
	tpy_run_progress(run, so_far);
	tpy_gil_leave(entered);
	return stop;
}

static bool parse_options(PyObject *args, PyObject *keywords, ty_sampler_options *options)
{
	static char *names[] = { "interval", "duration", "max_samples", "mode", "opcodes", "beside", NULL };
	PyObject *interval = NULL, *duration = Py_None;
	unsigned long long max_samples = 0;
	int beside = 0;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$OOO&ipp:sampler", names, &interval, &duration,
	                                 tpy_to_ulonglong, &max_samples, &options->mode, &options->opcodes, &beside))
		return false;
	options->max_samples = max_samples;
	options->placement = beside ? TY_PLACE_BESIDE : TY_PLACE_FREE;
	if ((interval && !tpy_to_ns("interval", interval, &options->interval_ns)) ||
	    !tpy_to_ns("duration", duration, &options->duration_ns))
		return false;
	/* 0 s is as fast as possible here, and the default in the library. */
	if (interval && interval != Py_None && !options->interval_ns)
		options->interval_ns = 1;
	return true;
}

PyObject *tpy_sampler_new(struct tpy_target *target, PyObject *args, PyObject *keywords)
{
	struct tpy_state *state = target->frames.state;
	ty_sampler_options options = { .size = sizeof(options),
		                       .progress = look_for_signals,
		                       .progress_interval_ns = SIGNALS_NS };
	struct sampler *sampler;
	int result;

	if (!parse_options(args, keywords, &options) || !tpy_handle_ask(state, target->handle))
		return NULL;
	sampler = (struct sampler *)PyType_GenericAlloc(state->sampler, 0);
	if (!sampler)
		return NULL;
	sampler->run.target = (struct tpy_target *)Py_NewRef((PyObject *)target);
	options.progress_user_data = &sampler->run;
	result = ty_sampler_new(target->handle->target, &options, &sampler->run.sampler);
	if (result == 0)
		return (PyObject *)sampler;
	tpy_fail(state, NULL, result);
	Py_DECREF((PyObject *)sampler);
	return NULL;
}

static int sampler_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)Py_TYPE(self));
	return tpy_run_visit(&self_of(self)->run, visit, arg);
}

static void sampler_dealloc(PyObject *self)
{
	struct sampler *sampler = self_of(self);

	PyObject_GC_UnTrack(self);
	ty_sampler_free(sampler->run.sampler);
	Py_XDECREF((PyObject *)sampler->run.target);
	tpy_raised_clear(&sampler->run.raised);
	tpy_free(self);
}

/* ---- pull ---- */

static PyObject *snapshot_or_end(struct tpy_run *run, int result, const ty_snapshot *snapshot)
{
	if (tpy_raised_again(&run->raised) || result > 0)
		return NULL;
	if (result < 0)
		return tpy_fail(run->target->frames.state, run->target->handle->target, result);
	return tpy_snapshot_new(&run->target->frames, (PyObject *)run->target, snapshot);
}

static PyObject *sampler_next(PyObject *self)
{
	struct tpy_run *run = &self_of(self)->run;
	const ty_snapshot *snapshot;
	PyThreadState *outer;
	PyObject *object;
	int result;

	if (!tpy_handle_take(run->target->frames.state, run->target->handle))
		return NULL;
	outer = tpy_gil_release();
	result = ty_sampler_next(run->sampler, &snapshot);
	tpy_gil_take(outer);
	object = snapshot_or_end(run, result, snapshot);
	tpy_handle_give(run->target->handle);
	return object;
}

/* ---- push ---- */

static int run_all(struct tpy_run *run)
{
	PyThreadState *outer = tpy_gil_release();
	int result = ty_sampler_run(run->sampler, run->collectors, (size_t)run->taken);

	tpy_gil_take(outer);
	return result;
}

static PyObject *summary_of(struct tpy_run *run)
{
	ty_run_summary summary = { .size = sizeof(summary) };

	ty_sampler_summary(run->sampler, &summary);
	return tpy_summary_new(run->target->frames.state, &summary);
}

/* What Python raised says more than the error that the library made of it. */
static PyObject *sampler_run(PyObject *self, PyObject *objects)
{
	struct tpy_run *run = &self_of(self)->run;
	int result = 0;

	if (!tpy_handle_take(run->target->frames.state, run->target->handle))
		return NULL;
	if (tpy_run_take(run, objects))
		result = run_all(run);
	tpy_run_give(run);
	tpy_handle_give(run->target->handle);
	if (tpy_raised_again(&run->raised))
		return NULL;
	return result < 0 ? tpy_fail(run->target->frames.state, run->target->handle->target, result) : summary_of(run);
}

/* ---- the rest ---- */

static PyObject *sampler_stop(PyObject *self, PyObject *unused)
{
	(void)unused;
	ty_sampler_stop(self_of(self)->run.sampler);
	Py_RETURN_NONE;
}

PyObject *tpy_summary_new(struct tpy_state *state, const ty_run_summary *summary)
{
#define NUMBER(name) PyLong_FromUnsignedLongLong(summary->name)
	return TPY_STRUCT(state->structs[TPY_SUMMARY], NUMBER(duration_ns), NUMBER(samples), NUMBER(missed),
	                  NUMBER(failed), NUMBER(verified), NUMBER(repaired), NUMBER(torn), NUMBER(incomplete),
	                  NUMBER(unreadable),
	                  tpy_member(state->end_reason_type, NULL, 0, (uint32_t)summary->end_reason));
#undef NUMBER
}

static PyObject *sampler_summary(PyObject *self, void *unused)
{
	struct tpy_run *run = &self_of(self)->run;

	(void)unused;
	if (!tpy_handle_ask(run->target->frames.state, run->target->handle))
		return NULL;
	return summary_of(run);
}

static PyObject *sampler_target(PyObject *self, void *unused)
{
	(void)unused;
	return Py_NewRef((PyObject *)self_of(self)->run.target);
}

/* Waiting without blocking an event loop is said in Python. */
static PyObject *call_asynchronous(const char *name, PyObject *self, PyObject *more)
{
	PyObject *module = PyImport_ImportModule("tachyon._asynchronous");
	PyObject *function = module ? PyObject_GetAttrString(module, name) : NULL;
	PyObject *result = function ? PyObject_CallFunctionObjArgs(function, self, more, NULL) : NULL;

	Py_XDECREF(function);
	Py_XDECREF(module);
	return result;
}

static PyObject *sampler_aiter(PyObject *self)
{
	return call_asynchronous("iterate", self, NULL);
}

static PyObject *sampler_run_async(PyObject *self, PyObject *collectors)
{
	return call_asynchronous("run", self, collectors);
}

static PyMethodDef sampler_methods[] = {
	{ "run", sampler_run, METH_VARARGS,
	  "Samples until the end and hands every snapshot to the collectors; gives the Summary." },
	{ "run_async", sampler_run_async, METH_VARARGS, "The same, to be awaited: it runs in a thread of its own." },
	{ "stop", sampler_stop, METH_NOARGS, "Ends profiling at the next tick. From any thread." },
	{ NULL, NULL, 0, NULL },
};

static PyGetSetDef sampler_getset[] = {
	{ "summary", sampler_summary, NULL, "Summary so far", NULL },
	{ "target", sampler_target, NULL, "Target", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot sampler_slots[] = {
	{ Py_tp_doc, (void *)"A clock on a target: iterate over it, or run it with collectors." },
	{ Py_tp_dealloc, sampler_dealloc },
	{ Py_tp_traverse, sampler_traverse },
	{ Py_tp_iter, PyObject_SelfIter },
	{ Py_tp_iternext, sampler_next },
	{ Py_am_aiter, sampler_aiter },
	{ Py_tp_methods, sampler_methods },
	{ Py_tp_getset, sampler_getset },
	{ 0, NULL },
};

PyType_Spec tpy_sampler_spec = {
	.name = "tachyon.Sampler",
	.basicsize = sizeof(struct sampler),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = sampler_slots,
};
