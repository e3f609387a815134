/* SPDX-License-Identifier: Apache-2.0 */
#include "merged.h"

#include <errno.h>

#include "gil.h"
#include "snapshot.h"

static struct tpy_merged *self_of(PyObject *self)
{
	return (struct tpy_merged *)self;
}

/* ---- making one ---- */

static PyObject *merged_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	struct tpy_state *state = PyType_GetModuleState(type);
	static char *names[] = { NULL };
	struct tpy_merged *merged;
	int result;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, ":Merged", names))
		return NULL;
	merged = (struct tpy_merged *)PyType_GenericAlloc(type, 0);
	if (!merged)
		return NULL;
	merged->sources = PyList_New(0);
	merged->target = merged->sources ? tpy_target_new(state) : NULL;
	if (merged->target)
		merged->target->handle->is_merged = true;
	result = merged->target ? ty_merged_new(&merged->target->handle->target) : 0;
	if (result < 0)
		tpy_fail(state, NULL, result);
	if (!PyErr_Occurred())
		return (PyObject *)merged;
	Py_DECREF((PyObject *)merged);
	return NULL;
}

static int merged_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)Py_TYPE(self));
	Py_VISIT((PyObject *)self_of(self)->target);
	Py_VISIT(self_of(self)->sources);
	return 0;
}

static void merged_dealloc(PyObject *self)
{
	struct tpy_merged *merged = self_of(self);

	PyObject_GC_UnTrack(self);
	/* Sources leave one by one as they are closed; the merged target may be held by a snapshot, and goes on
	 * without. */
	Py_XDECREF(merged->sources);
	Py_XDECREF((PyObject *)merged->target);
	tpy_free(self);
}

/* ---- sources ---- */

static bool is_merged_or_used(const struct tpy_handle *handle)
{
	return handle->is_merged || (handle->merged && handle->merged->target);
}

static PyObject *merged_add(PyObject *self, PyObject *source)
{
	struct tpy_merged *merged = self_of(self);
	struct tpy_state *state = tpy_state_of(self);
	struct tpy_handle *handle;

	if (Py_TYPE(source) != state->target)
		return PyErr_Format(PyExc_TypeError, "a source is a Target, not %R", source);
	handle = ((struct tpy_target *)source)->handle;
	if (!tpy_handle_ask(state, merged->target->handle) || !tpy_handle_ask(state, handle))
		return NULL;
	if (is_merged_or_used(handle))
		return tpy_fail_with(state, -TY_ESTATE, "the target is a merged one, or part of one already");
	if (PyList_Append(merged->sources, source) < 0)
		return NULL;
	tpy_handle_join(handle, merged->target->handle);
	return Py_NewRef(source);
}

/* false: it is none, and an exception is set. */
static bool is_source(struct tpy_merged *merged, PyObject *source)
{
	struct tpy_state *state = merged->target->frames.state;
	int found = PySequence_Contains(merged->sources, source);

	if (found > 0)
		return true;
	if (found == 0)
		tpy_fail_with(state, -TY_ENOTFOUND, "the target is no source of this merged one: add() it");
	return false;
}

static bool forget_source(struct tpy_merged *merged, PyObject *source)
{
	Py_ssize_t index = PySequence_Index(merged->sources, source);

	return index >= 0 && PySequence_DelItem(merged->sources, index) == 0;
}

static PyObject *merged_remove(PyObject *self, PyObject *source)
{
	struct tpy_merged *merged = self_of(self);
	struct tpy_handle *handle = merged->target->handle;

	if (!tpy_handle_take(tpy_state_of(self), handle))
		return NULL;
	if (is_source(merged, source))
		tpy_handle_part(((struct tpy_target *)source)->handle);
	tpy_handle_give(handle);
	if (PyErr_Occurred() || !forget_source(merged, source))
		return NULL;
	return Py_NewRef(source);
}

static PyObject *close_one(PyObject *source)
{
	return PyObject_CallMethod(source, "close", NULL);
}

/* Also the sources: a target that was made to be merged is seldom kept anywhere else. */
static PyObject *merged_close(PyObject *self, PyObject *unused)
{
	struct tpy_merged *merged = self_of(self);
	PyObject *closed = close_one((PyObject *)merged->target);

	(void)unused;
	while (closed && PyList_Size(merged->sources)) {
		PyObject *source = PySequence_GetItem(merged->sources, -1);

		Py_DECREF(closed);
		closed = source ? close_one(source) : NULL;
		if (closed && !forget_source(merged, source))
			Py_CLEAR(closed);
		Py_XDECREF(source);
	}
	return closed;
}

static PyObject *merged_enter(PyObject *self, PyObject *unused)
{
	(void)unused;
	return tpy_handle_ask(tpy_state_of(self), self_of(self)->target->handle) ? Py_NewRef(self) : NULL;
}

static PyObject *merged_exit(PyObject *self, PyObject *args)
{
	(void)args;
	return merged_close(self, NULL);
}

/* ---- sampling ---- */

static int sample_source(struct tpy_merged_call *call)
{
	struct tpy_handle *handle = call->source->handle, *merged = call->merged->target->handle;
	PyThreadState *outer = tpy_gil_release();
	const ty_snapshot *snapshot;
	int result = ty_sample(handle->target, &snapshot), merge_result = 0;

	if (result == 0)
		merge_result = ty_merged_sample(merged->target, snapshot, &call->snapshot);
	tpy_gil_take(outer);
	if (result < 0)
		tpy_fail(call->merged->target->frames.state, handle->target, result);
	else if (merge_result < 0)
		tpy_fail(call->merged->target->frames.state, merged->target, merge_result);
	else
		merged->current = handle;
	return result < 0 ? result : merge_result;
}

bool tpy_merged_begin(struct tpy_merged_call *call, struct tpy_merged *merged, PyObject *source)
{
	struct tpy_state *state = merged->target->frames.state;
	struct tpy_handle *handle = merged->target->handle;

	if (!tpy_handle_take(state, handle))
		return false;
	*call = (struct tpy_merged_call){ .merged = merged };
	if (!is_source(merged, source) || !tpy_handle_take(state, ((struct tpy_target *)source)->handle)) {
		tpy_handle_give(handle);
		return false;
	}
	call->source = (struct tpy_target *)Py_NewRef(source);
	if (sample_source(call) == 0)
		return true;
	tpy_merged_end(call);
	return false;
}

void tpy_merged_end(struct tpy_merged_call *call)
{
	tpy_handle_give(call->source->handle);
	tpy_handle_give(call->merged->target->handle);
	Py_CLEAR(call->source);
}

static PyObject *merged_sample(PyObject *self, PyObject *source)
{
	struct tpy_merged *merged = self_of(self);
	struct tpy_merged_call call;
	PyObject *snapshot;

	if (!tpy_merged_begin(&call, merged, source))
		return NULL;
	snapshot = tpy_snapshot_new(&merged->target->frames, (PyObject *)merged->target, call.snapshot);
	tpy_merged_end(&call);
	return snapshot;
}

static PyObject *merged_session(PyObject *self, PyObject *collectors, PyObject *keywords)
{
	return tpy_session_new(self_of(self), collectors, keywords);
}

/* A loop over all sources is said in Python. */
static PyObject *merged_run(PyObject *self, PyObject *collectors, PyObject *keywords)
{
	PyObject *module = PyImport_ImportModule("tachyon._merged");
	PyObject *function = module ? PyObject_GetAttrString(module, "run") : NULL;
	PyObject *args = function ? Py_BuildValue("(OO)", self, collectors) : NULL;
	PyObject *result = args ? PyObject_Call(function, args, keywords) : NULL;

	Py_XDECREF(args);
	Py_XDECREF(function);
	Py_XDECREF(module);
	return result;
}

static PyObject *merged_target(PyObject *self, void *unused)
{
	(void)unused;
	return Py_NewRef((PyObject *)self_of(self)->target);
}

static PyObject *merged_sources(PyObject *self, void *unused)
{
	(void)unused;
	return PySequence_Tuple(self_of(self)->sources);
}

static PyObject *merged_repr(PyObject *self)
{
	return PyUnicode_FromFormat("<Merged: %zd sources>", PyList_Size(self_of(self)->sources));
}

static PyMethodDef merged_methods[] = {
	{ "add", merged_add, METH_O, "Makes a target a source; gives it back. It is closed with this one." },
	{ "remove", merged_remove, METH_O,
	  "Takes a source out, without closing it. Its functions and counters stay known." },
	{ "sample", merged_sample, METH_O, "Takes a sample of a source: a Snapshot of this target." },
	{ "session", TPY_FUNCTION(merged_session), METH_VARARGS | METH_KEYWORDS,
	  "A Session: hands the samples that you take of sources to collectors." },
	{ "run", TPY_FUNCTION(merged_run), METH_VARARGS | METH_KEYWORDS,
	  "Samples all sources until they have ended and hands the snapshots to the collectors; gives the Summary." },
	{ "close", merged_close, METH_NOARGS, "Ends the target and its sources. The processes go on." },
	{ "__enter__", merged_enter, METH_NOARGS, NULL },
	{ "__exit__", merged_exit, METH_VARARGS, NULL },
	{ NULL, NULL, 0, NULL },
};

static PyGetSetDef merged_getset[] = {
	{ "target", merged_target, NULL, "Target that stands for all, for questions; it is not sampled itself", NULL },
	{ "sources", merged_sources, NULL, "tuple of Target", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot merged_slots[] = {
	{ Py_tp_doc,
	  (void *)"Several targets as one, so that one collector gathers the samples of many processes. Equal "
	          "functions are one function, whatever process they were seen in." },
	{ Py_tp_new, merged_new },
	{ Py_tp_dealloc, merged_dealloc },
	{ Py_tp_traverse, merged_traverse },
	{ Py_tp_repr, merged_repr },
	{ Py_tp_methods, merged_methods },
	{ Py_tp_getset, merged_getset },
	{ 0, NULL },
};

PyType_Spec tpy_merged_spec = {
	.name = "tachyon.Merged",
	.basicsize = sizeof(struct tpy_merged),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = merged_slots,
};
