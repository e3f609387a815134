/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include <limits.h>

#include "destination.h"
#include "disassembly.h"
#include "gil.h"
#include "recording.h"
#include "sampler.h"
#include "snapshot.h"
#include "tasks.h"

static struct tpy_target *self_of(PyObject *self)
{
	return (struct tpy_target *)self;
}

/* ---- making one ---- */

struct tpy_target *tpy_target_new(struct tpy_state *state)
{
	struct tpy_handle *handle = tpy_handle_new();
	struct tpy_target *target = handle ? (struct tpy_target *)PyType_GenericAlloc(state->target, 0) : NULL;

	if (!target) {
		tpy_handle_drop(handle);
		return NULL;
	}
	target->handle = handle;
	target->frames = (struct tpy_frames){ .state = state, .handle = handle, .make = tpy_frame_new };
	return target;
}

static PyObject *attach_target(struct tpy_state *state, int pid, ty_attach_options *options, PyObject *log)
{
	struct tpy_target *target = tpy_target_new(state);

	if (target && tpy_handle_attach(state, target->handle, pid, options, log))
		return (PyObject *)target;
	Py_XDECREF((PyObject *)target);
	return NULL;
}

/* Takes the path. */
static PyObject *open_target(struct tpy_state *state, PyObject *path, tpy_opener open, ty_attach_options *options,
                             PyObject *log)
{
	struct tpy_target *target = tpy_target_new(state);
	bool is_open = target && tpy_handle_open(state, target->handle, PyBytes_AsString(path), open, options, log);

	Py_DECREF(path);
	if (is_open)
		return (PyObject *)target;
	Py_XDECREF((PyObject *)target);
	return NULL;
}

/* What both take behind their first argument. */
#define OPTION_NAMES                                                                                                   \
	"threads", "stop", "stop_deadline_us", "max_retries", "max_frames", "opcodes", "cpu_status", "native_frames",  \
	        "no_gc_frames", "tasks", "log", NULL
#define OPTION_FORMAT "|$iiO&O&O&ppppiO"
#define OPTION_ADDRESSES                                                                                               \
	&options.threads, &options.stop_policy, tpy_to_uint, &options.stop_deadline_us, tpy_to_uint,                   \
	        &options.max_retries, tpy_to_uint, &options.max_frames, &options.opcodes, &options.cpu_status,         \
	        &options.native_frames, &options.no_gc_frames, &options.tasks, &log

PyObject *tpy_attach(PyObject *module, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "pid", OPTION_NAMES };
	ty_attach_options options = { .size = sizeof(options) };
	PyObject *log = Py_None;
	int pid;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "i" OPTION_FORMAT ":attach", names, &pid, OPTION_ADDRESSES))
		return NULL;
	return attach_target(PyModule_GetState(module), pid, &options, log);
}

PyObject *tpy_open_capture(PyObject *module, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "path", OPTION_NAMES };
	ty_attach_options options = { .size = sizeof(options) };
	PyObject *log = Py_None, *path = NULL;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&" OPTION_FORMAT ":open_capture", names,
	                                 PyUnicode_FSConverter, &path, OPTION_ADDRESSES))
		return NULL;
	return open_target(PyModule_GetState(module), path, ty_open_capture, &options, log);
}

PyObject *tpy_open_recording(PyObject *module, PyObject *args)
{
	ty_attach_options options = { .size = sizeof(options) };
	PyObject *path = NULL;

	if (!PyArg_ParseTuple(args, "O&:open_recording", PyUnicode_FSConverter, &path))
		return NULL;
	return open_target(PyModule_GetState(module), path, ty_open_recording, &options, Py_None);
}

/* The log is the handle's, which frames share; but it ends with the target. */
static int target_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)Py_TYPE(self));
	if (self_of(self)->handle)
		Py_VISIT(self_of(self)->handle->log);
	return 0;
}

static void target_dealloc(PyObject *self)
{
	struct tpy_target *target = self_of(self);

	PyObject_GC_UnTrack(self);
	tpy_frames_free(&target->frames);
	/* Frames may still hold the handle: nothing of the process stays open for their sake. */
	tpy_handle_close(target->handle);
	tpy_handle_drop(target->handle);
	tpy_free(self);
}

/* ---- its end ---- */

static bool close_handle(struct tpy_state *state, struct tpy_handle *handle)
{
	if (!tpy_handle_take(state, handle))
		return false;
	tpy_handle_close(handle);
	tpy_handle_give(handle);
	return true;
}

/* A merged target is left first, which nobody may be using then. */
static bool leave_and_close(struct tpy_state *state, struct tpy_handle *handle)
{
	struct tpy_handle *merged = handle->merged;
	bool closed;

	if (!merged || !merged->target)
		return close_handle(state, handle);
	if (!tpy_handle_take(state, merged))
		return false;
	tpy_handle_hold(merged);
	closed = close_handle(state, handle);
	tpy_handle_give(merged);
	tpy_handle_drop(merged);
	return closed;
}

static PyObject *target_close(PyObject *self, PyObject *unused)
{
	struct tpy_target *target = self_of(self);

	(void)unused;
	if (!target->handle->target)
		Py_RETURN_NONE;
	if (!leave_and_close(tpy_state_of(self), target->handle))
		return NULL;
	tpy_frames_free(&target->frames);
	Py_RETURN_NONE;
}

static PyObject *target_enter(PyObject *self, PyObject *unused)
{
	(void)unused;
	return tpy_handle_ask(tpy_state_of(self), self_of(self)->handle) ? Py_NewRef(self) : NULL;
}

static PyObject *target_exit(PyObject *self, PyObject *args)
{
	(void)args;
	return target_close(self, NULL);
}

/* ---- sampling ---- */

static PyObject *target_sample(PyObject *self, PyObject *unused)
{
	struct tpy_target *target = self_of(self);
	struct tpy_state *state = tpy_state_of(self);
	const ty_snapshot *snapshot;
	PyThreadState *outer;
	PyObject *object;
	int result;

	(void)unused;
	if (!tpy_handle_take(state, target->handle))
		return NULL;
	outer = tpy_gil_release();
	result = ty_sample(target->handle->target, &snapshot);
	tpy_gil_take(outer);
	object = result < 0 ? tpy_fail(state, target->handle->target, result)
	                    : tpy_snapshot_new(&target->frames, self, snapshot);
	tpy_handle_give(target->handle);
	return object;
}

static PyObject *target_sample_tasks(PyObject *self, PyObject *unused)
{
	struct tpy_target *target = self_of(self);
	struct tpy_state *state = tpy_state_of(self);
	const ty_task_list *list;
	PyThreadState *outer;
	PyObject *tasks;
	int result;

	(void)unused;
	if (!tpy_handle_take(state, target->handle))
		return NULL;
	outer = tpy_gil_release();
	result = ty_sample_tasks(target->handle->target, &list);
	tpy_gil_take(outer);
	tasks = result < 0 ? tpy_fail(state, target->handle->target, result) : tpy_tasks_new(&target->frames, list);
	tpy_handle_give(target->handle);
	return tasks;
}

static PyObject *target_add_recording(PyObject *self, PyObject *args)
{
	struct tpy_handle *handle = self_of(self)->handle;
	struct tpy_state *state = tpy_state_of(self);
	PyObject *path = NULL;
	int result = -1;

	if (!PyArg_ParseTuple(args, "O&:add_recording", PyUnicode_FSConverter, &path))
		return NULL;
	if (tpy_handle_ask(state, handle)) {
		result = ty_add_recording(handle->target, PyBytes_AsString(path));
		if (result < 0)
			tpy_fail(state, handle->target, result);
	}
	Py_DECREF(path);
	return result < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *target_reattach(PyObject *self, PyObject *unused)
{
	struct tpy_handle *handle = self_of(self)->handle;
	PyThreadState *outer;
	int result;

	(void)unused;
	if (!tpy_handle_take(tpy_state_of(self), handle))
		return NULL;
	outer = tpy_gil_release();
	result = ty_reattach(handle->target);
	tpy_gil_take(outer);
	tpy_handle_give(handle);
	if (result < 0)
		return tpy_fail(tpy_state_of(self), handle->target, result);
	Py_RETURN_NONE;
}

static PyObject *target_sampler(PyObject *self, PyObject *args, PyObject *keywords)
{
	return tpy_sampler_new(self_of(self), args, keywords);
}

/* ---- questions ---- */

static PyObject *target_disassemble(PyObject *self, PyObject *function)
{
	struct tpy_state *state = tpy_state_of(self);
	struct tpy_handle *handle = self_of(self)->handle;
	uint32_t id = tpy_function_id(state, function, handle);

	return id ? tpy_disassemble(state, handle, id) : NULL;
}

static PyObject *target_capture(PyObject *self, PyObject *destination)
{
	struct tpy_state *state = tpy_state_of(self);
	struct tpy_handle *handle = self_of(self)->handle;
	struct tpy_destination to = { NULL };
	PyObject *data = NULL;
	int result;

	if (!tpy_destination_open(&to, state, destination))
		return NULL;
	if (tpy_handle_take(state, handle)) {
		PyThreadState *outer = tpy_gil_release();

		result = ty_capture(handle->target, to.sink);
		if (result == 0)
			result = ty_sink_commit(to.sink);
		tpy_gil_take(outer);
		data = tpy_destination_result(&to, state, handle->target, result);
		tpy_handle_give(handle);
	}
	tpy_destination_close(&to);
	return data;
}

struct collections {
	struct tpy_state *state;
	PyObject *list;
};

/* Called with the GIL held. Positive: an exception is set. */
static int add_collection(const ty_gc_collection *c, void *user_data)
{
	struct collections *collections = user_data;
	PyObject *item =
	        TPY_STRUCT(collections->state->structs[TPY_GC_COLLECTION], PyLong_FromUnsignedLong(c->generation),
	                   PyLong_FromLongLong(c->interpreter), PyLong_FromUnsignedLongLong(c->start_ns),
	                   PyLong_FromUnsignedLongLong(c->stop_ns), PyLong_FromUnsignedLongLong(c->collections),
	                   PyLong_FromUnsignedLongLong(c->collected), PyLong_FromUnsignedLongLong(c->uncollectable),
	                   PyLong_FromUnsignedLongLong(c->candidates), PyLong_FromUnsignedLongLong(c->heap_objects),
	                   PyFloat_FromDouble(c->duration_s));
	int result = item ? PyList_Append(collections->list, item) : -1;

	Py_XDECREF(item);
	return result < 0;
}

static PyObject *target_gc_collections(PyObject *self, PyObject *args, PyObject *keywords)
{
	struct collections collections = { .state = tpy_state_of(self) };
	struct tpy_handle *handle = self_of(self)->handle;
	static char *names[] = { "all_interpreters", NULL };
	int all = 0, result;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$p:gc_collections", names, &all) ||
	    !tpy_handle_ask(collections.state, handle))
		return NULL;
	collections.list = PyList_New(0);
	if (!collections.list)
		return NULL;
	result = ty_gc_collections(handle->target, all, add_collection, &collections);
	if (result == 0)
		return collections.list;
	Py_DECREF(collections.list);
	return result < 0 ? tpy_fail(collections.state, handle->target, result) : NULL;
}

static PyObject *target_recording(PyObject *self, void *unused)
{
	(void)unused;
	return tpy_recording_info(tpy_state_of(self), self_of(self)->handle);
}

static PyObject *target_info(PyObject *self, void *unused)
{
	struct tpy_state *state = tpy_state_of(self);
	struct tpy_handle *handle = self_of(self)->handle;
	ty_target_information info = { .size = sizeof(info) };
	int result;

	(void)unused;
	if (!tpy_handle_ask(state, handle))
		return NULL;
	result = ty_target_info(handle->target, &info);
	if (result < 0)
		return tpy_fail(state, handle->target, result);
	return TPY_STRUCT(state->structs[TPY_TARGET_INFO], PyLong_FromLong(info.pid),
	                  PyLong_FromLong(info.namespace_pid),
	                  Py_BuildValue("(II)", info.python_version >> 8, info.python_version & 0xff),
	                  PyLong_FromUnsignedLong(info.python_hexversion), PyBool_FromLong(info.free_threaded),
	                  PyBool_FromLong(info.is_capture), PyLong_FromUnsignedLongLong(info.runtime_address),
	                  tpy_text(info.runtime_path));
}

static PyObject *target_counters(PyObject *self, void *unused)
{
	struct tpy_state *state = tpy_state_of(self);
	struct tpy_handle *handle = self_of(self)->handle;
	ty_target_counters c = { .size = sizeof(c) };

	(void)unused;
	if (!tpy_handle_ask(state, handle))
		return NULL;
	ty_target_statistics(handle->target, &c);
#define NUMBER(name) PyLong_FromUnsignedLongLong(c.name)
	return TPY_STRUCT(state->structs[TPY_COUNTERS], NUMBER(samples), NUMBER(failed), NUMBER(verified),
	                  NUMBER(repaired), NUMBER(torn), NUMBER(incomplete), NUMBER(retries), NUMBER(stops),
	                  NUMBER(stop_ns), NUMBER(syscalls), NUMBER(bytes_read), NUMBER(predicted),
	                  NUMBER(code_objects), NUMBER(code_checks));
#undef NUMBER
}

static PyObject *target_closed(PyObject *self, void *unused)
{
	(void)unused;
	return PyBool_FromLong(!self_of(self)->handle->target);
}

static PyObject *target_repr(PyObject *self)
{
	ty_target_information info = { .size = sizeof(info) };
	struct tpy_handle *handle = self_of(self)->handle;

	if (!handle->target)
		return PyUnicode_FromString("<Target, closed>");
	/* Another thread may be at it: nothing is asked then. */
	if ((handle->owner && !handle->lent) || ty_target_info(handle->target, &info) < 0)
		return PyUnicode_FromString("<Target>");
	return PyUnicode_FromFormat("<Target %d: CPython %u.%u>", (int)info.pid, (unsigned)info.python_version >> 8,
	                            (unsigned)info.python_version & 0xff);
}

static PyMethodDef target_methods[] = {
	{ "sample", target_sample, METH_NOARGS, "Takes a sample: a Snapshot of the chosen threads." },
	{ "sample_tasks", target_sample_tasks, METH_NOARGS, "Takes a sample of the asyncio tasks: a Tasks." },
	{ "add_recording", target_add_recording, METH_VARARGS,
	  "Another recording beside this one, before its first sample: snapshots come in the order of time." },
	{ "sampler", TPY_FUNCTION(target_sampler), METH_VARARGS | METH_KEYWORDS, "A Sampler: a clock on this target." },
	{ "disassemble", target_disassemble, METH_O,
	  "The instructions of a Function (or of a Frame's) as they are in the target now." },
	{ "capture", target_capture, METH_O, "Records a capture; gives its bytes if the destination is None." },
	{ "gc_collections", TPY_FUNCTION(target_gc_collections), METH_VARARGS | METH_KEYWORDS,
	  "The last garbage collections of each generation, the oldest first: a list of GCCollection. CPython 3.15+." },
	{ "reattach", target_reattach, METH_NOARGS, "Finds the runtime again in a process that called exec()." },
	{ "close", target_close, METH_NOARGS, "Detaches. The process goes on. May be called again." },
	{ "__enter__", target_enter, METH_NOARGS, NULL },
	{ "__exit__", target_exit, METH_VARARGS, NULL },
	{ NULL, NULL, 0, NULL },
};

static PyGetSetDef target_getset[] = {
	{ "info", target_info, NULL, "TargetInfo", NULL },
	{ "recording", target_recording, NULL, "RecordingInfo: what a recording says of itself", NULL },
	{ "counters", target_counters, NULL, "Counters", NULL },
	{ "closed", target_closed, NULL, "whether close() was called", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot target_slots[] = {
	{ Py_tp_doc, (void *)"A process, or a capture of one: see attach() and open_capture(). One thread at a time." },
	{ Py_tp_dealloc, target_dealloc },
	{ Py_tp_traverse, target_traverse },
	{ Py_tp_repr, target_repr },
	{ Py_tp_methods, target_methods },
	{ Py_tp_getset, target_getset },
	{ 0, NULL },
};

PyType_Spec tpy_target_spec = {
	.name = "tachyon.Target",
	.basicsize = sizeof(struct tpy_target),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = target_slots,
};
