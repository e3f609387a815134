/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <stddef.h>
#include <structmember.h>

struct snapshot {
	PyObject_HEAD
	PyObject *target;
	PyObject *threads; /* tuple of struct thread */
	unsigned long long time_ns;
	int pid;
};

struct thread {
	PyObject_HEAD
	struct tpy_handle *handle;
	PyObject *frames; /* tuple */
	PyObject *status, *verdict;
	unsigned long long native_id, host_id, pthread_id, key;
	long long interpreter;
	unsigned int unchanged_frames;
};

/* ---- threads ---- */

static PyObject *new_thread(struct tpy_frames *frames, const ty_thread_info *info)
{
	struct tpy_state *state = frames->state;
	struct thread *thread = PyObject_New(struct thread, state->thread);

	if (!thread)
		return NULL;
	thread->handle = tpy_handle_hold(frames->handle);
	thread->native_id = info->native_id;
	thread->host_id = info->host_id;
	thread->pthread_id = info->pthread_id;
	thread->key = info->thread_key;
	thread->interpreter = info->interpreter;
	thread->unchanged_frames = info->unchanged_frames;
	thread->status = tpy_member(state->status_type, state->statuses, TPY_STATUSES, info->status);
	thread->verdict =
	        thread->status ? tpy_member(state->verdict_type, state->verdicts, TPY_VERDICTS, (uint32_t)info->verdict)
	                       : NULL;
	thread->frames = thread->verdict ? tpy_frame_tuple(frames, info->frames, info->frame_count) : NULL;
	if (thread->frames)
		return (PyObject *)thread;
	Py_DECREF((PyObject *)thread);
	return NULL;
}

static void thread_dealloc(PyObject *self)
{
	struct thread *thread = (struct thread *)self;

	tpy_handle_drop(thread->handle);
	Py_XDECREF(thread->frames);
	Py_XDECREF(thread->status);
	Py_XDECREF(thread->verdict);
	tpy_free(self);
}

static PyObject *thread_name(PyObject *self, void *unused)
{
	struct thread *thread = (struct thread *)self;

	(void)unused;
	if (!tpy_handle_ask(tpy_state_of(self), thread->handle))
		return NULL;
	return tpy_text(ty_thread_name(thread->handle->target, thread->key));
}

static PyObject *thread_trusted(PyObject *self, void *unused)
{
	struct thread *thread = (struct thread *)self;
	long verdict = PyLong_AsLong(thread->verdict);

	(void)unused;
	return PyBool_FromLong(verdict == TY_VERIFIED || verdict == TY_REPAIRED);
}

static PyObject *thread_repr(PyObject *self)
{
	struct thread *thread = (struct thread *)self;

	return PyUnicode_FromFormat("<Thread %llu: %zd frames, %R>", thread->native_id, PyTuple_Size(thread->frames),
	                            thread->verdict);
}

static PyMemberDef thread_members[] = {
	{ "frames", T_OBJECT_EX, offsetof(struct thread, frames), READONLY, "tuple of Frame, innermost first" },
	{ "status", T_OBJECT_EX, offsetof(struct thread, status), READONLY, "ThreadStatus" },
	{ "verdict", T_OBJECT_EX, offsetof(struct thread, verdict), READONLY, "Verdict: how far to trust the stack" },
	{ "native_id", T_ULONGLONG, offsetof(struct thread, native_id), READONLY,
	  "threading.Thread.native_id as the target sees it; 0: not known" },
	{ "host_id", T_ULONGLONG, offsetof(struct thread, host_id), READONLY, "the same as we see it" },
	{ "ident", T_ULONGLONG, offsetof(struct thread, pthread_id), READONLY, "threading.Thread.ident" },
	{ "key", T_ULONGLONG, offsetof(struct thread, key), READONLY,
	  "identifies the thread within its target while it lives" },
	{ "interpreter", T_LONGLONG, offsetof(struct thread, interpreter), READONLY, "id of its interpreter" },
	{ "unchanged_frames", T_UINT, offsetof(struct thread, unchanged_frames), READONLY,
	  "how many of the outermost frames are those of its stack in the sample before" },
	{ NULL, 0, 0, 0, NULL },
};

static PyGetSetDef thread_getset[] = {
	{ "name", thread_name, NULL, "its name; asks the target, which must be attached", NULL },
	{ "trusted", thread_trusted, NULL, "whether memory proves the stack", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot thread_slots[] = {
	{ Py_tp_doc, (void *)"A thread of a snapshot." },
	{ Py_tp_dealloc, thread_dealloc },
	{ Py_tp_repr, thread_repr },
	{ Py_tp_members, thread_members },
	{ Py_tp_getset, thread_getset },
	{ 0, NULL },
};

PyType_Spec tpy_thread_spec = {
	.name = "tachyon.Thread",
	.basicsize = sizeof(struct thread),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = thread_slots,
};

/* ---- snapshots ---- */

static PyObject *thread_tuple(struct tpy_frames *frames, const ty_snapshot *snapshot)
{
	size_t count = ty_snapshot_threads(snapshot);
	PyObject *tuple = PyTuple_New((Py_ssize_t)count);

	for (size_t i = 0; tuple && i < count; i++) {
		ty_thread_info info = { .size = sizeof(info) };
		int result = ty_snapshot_thread(snapshot, i, &info);
		PyObject *thread = result < 0 ? tpy_fail(frames->state, frames->handle->target, result)
		                              : new_thread(frames, &info);

		if (!thread)
			Py_CLEAR(tuple);
		else
			PyTuple_SetItem(tuple, (Py_ssize_t)i, thread);
	}
	return tuple;
}

PyObject *tpy_snapshot_new(struct tpy_frames *frames, PyObject *target, const ty_snapshot *raw)
{
	struct snapshot *snapshot = (struct snapshot *)PyType_GenericAlloc(frames->state->snapshot, 0);

	if (!snapshot)
		return NULL;
	snapshot->target = Py_NewRef(target);
	snapshot->time_ns = ty_snapshot_time(raw);
	snapshot->pid = ty_snapshot_pid(raw);
	snapshot->threads = thread_tuple(frames, raw);
	if (snapshot->threads)
		return (PyObject *)snapshot;
	Py_DECREF((PyObject *)snapshot);
	return NULL;
}

static int snapshot_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)Py_TYPE(self));
	Py_VISIT(((struct snapshot *)self)->target);
	return 0;
}

static void snapshot_dealloc(PyObject *self)
{
	struct snapshot *snapshot = (struct snapshot *)self;

	PyObject_GC_UnTrack(self);

	Py_XDECREF(snapshot->target);
	Py_XDECREF(snapshot->threads);
	tpy_free(self);
}

static PyObject *snapshot_iter(PyObject *self)
{
	return PyObject_GetIter(((struct snapshot *)self)->threads);
}

static Py_ssize_t snapshot_length(PyObject *self)
{
	return PyTuple_Size(((struct snapshot *)self)->threads);
}

static PyObject *snapshot_item(PyObject *self, Py_ssize_t index)
{
	return PySequence_GetItem(((struct snapshot *)self)->threads, index);
}

static PyObject *snapshot_repr(PyObject *self)
{
	return PyUnicode_FromFormat("<Snapshot of %R: %zd threads>", ((struct snapshot *)self)->target,
	                            snapshot_length(self));
}

static PyMemberDef snapshot_members[] = {
	{ "target", T_OBJECT_EX, offsetof(struct snapshot, target), READONLY, "Target" },
	{ "threads", T_OBJECT_EX, offsetof(struct snapshot, threads), READONLY, "tuple of Thread" },
	{ "pid", T_INT, offsetof(struct snapshot, pid), READONLY,
	  "process id as we see it; a merged target gives snapshots of several" },
	{ "time_ns", T_ULONGLONG, offsetof(struct snapshot, time_ns), READONLY,
	  "time.monotonic_ns() directly before it was read" },
	{ NULL, 0, 0, 0, NULL },
};

static PyType_Slot snapshot_slots[] = {
	{ Py_tp_doc, (void *)"One reading of a target: a sequence of its threads." },
	{ Py_tp_dealloc, snapshot_dealloc },
	{ Py_tp_traverse, snapshot_traverse },
	{ Py_tp_iter, snapshot_iter },
	{ Py_sq_length, snapshot_length },
	{ Py_sq_item, snapshot_item },
	{ Py_tp_repr, snapshot_repr },
	{ Py_tp_members, snapshot_members },
	{ 0, NULL },
};

PyType_Spec tpy_snapshot_spec = {
	.name = "tachyon.Snapshot",
	.basicsize = sizeof(struct snapshot),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = snapshot_slots,
};
