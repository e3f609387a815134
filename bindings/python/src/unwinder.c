/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RemoteUnwinder with the interface of the one in CPython 3.15's _remote_debugging, for every version of CPython.
 *
 * Where it differs, on purpose: it writes nothing into the target; frames are cached whether cache_frames says so or
 * not; and where CPython's fails a whole sample because of one thread, this one leaves out the thread whose stack
 * memory does not prove, and fails when none is left.
 */
#include "unwinder.h"

#include <string.h>

#include "gil.h"

/* Values of mode: those of CPython's profiler. */
enum mode { MODE_WALL = 0, MODE_CPU = 1, MODE_GIL = 2, MODE_ALL = 3, MODE_EXCEPTION = 4 };

static struct tpy_unwinder *self_of(PyObject *self)
{
	return (struct tpy_unwinder *)self;
}

/* ---- stacks ---- */

static PyObject *get_stack_trace(PyObject *self, PyObject *unused)
{
	struct tpy_unwinder *unwinder = self_of(self);
	struct tpy_state *state = unwinder->tracer.frames.state;
	const ty_snapshot *snapshot;
	PyThreadState *outer;
	PyObject *trace;
	int result;

	(void)unused;
	if (!tpy_handle_take(state, unwinder->handle))
		return NULL;
	outer = tpy_gil_release();
	result = ty_sample(unwinder->handle->target, &snapshot);
	tpy_gil_take(outer);
	trace = result < 0 ? tpy_fail(state, unwinder->handle->target, result) : tpy_trace(&unwinder->tracer, snapshot);
	tpy_handle_give(unwinder->handle);
	return trace;
}

/* ---- pausing ---- */

static PyObject *pause_threads(PyObject *self, PyObject *unused)
{
	struct tpy_unwinder *unwinder = self_of(self);
	struct tpy_state *state = unwinder->tracer.frames.state;
	PyThreadState *outer;
	int result;

	(void)unused;
	if (!tpy_handle_take(state, unwinder->handle))
		return NULL;
	if (unwinder->pause.tracer) {
		tpy_handle_give(unwinder->handle);
		Py_RETURN_FALSE;
	}
	outer = tpy_gil_release();
	result = tpy_pause_begin(&unwinder->pause, unwinder->pid);
	tpy_gil_take(outer);
	tpy_handle_give(unwinder->handle);
	if (result < 0)
		return tpy_fail_with(state, result, strerror(-result));
	Py_RETURN_TRUE;
}

static PyObject *resume_threads(PyObject *self, PyObject *unused)
{
	struct tpy_unwinder *unwinder = self_of(self);

	(void)unused;
	if (!tpy_handle_ask(unwinder->tracer.frames.state, unwinder->handle))
		return NULL;
	if (!unwinder->pause.tracer)
		Py_RETURN_FALSE;
	if (tpy_pause_end(&unwinder->pause) < 0) {
		PyErr_SetString(PyExc_RuntimeError, "the thread that paused the process must resume it");
		return NULL;
	}
	Py_RETURN_TRUE;
}

/* ---- statistics ---- */

struct statistic {
	const char *name;
	double value;
	bool is_share;
};

static double share(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

/*
 * The keys are CPython's. What this library does otherwise is said in its nearest terms: a sample whose single vector
 * read held everything is a hit, any other a miss.
 */
static PyObject *statistics_dict(const ty_target_counters *c)
{
	double predicted = (double)c->predicted, missed = (double)(c->samples - c->predicted);
	double checked = (double)c->code_checks, fetched = (double)c->code_objects;
	const struct statistic all[] = {
		{ "total_samples", (double)c->samples, false },
		{ "frame_cache_hits", predicted, false },
		{ "frame_cache_misses", missed, false },
		{ "frame_cache_partial_hits", 0, false },
		{ "frames_read_from_cache", 0, false },
		{ "frames_read_from_memory", 0, false },
		{ "memory_reads", (double)c->syscalls, false },
		{ "memory_bytes_read", (double)c->bytes_read, false },
		{ "code_object_cache_hits", checked, false },
		{ "code_object_cache_misses", fetched, false },
		{ "stale_cache_invalidations", 0, false },
		{ "batched_read_attempts", (double)c->samples, false },
		{ "batched_read_successes", predicted, false },
		{ "batched_read_misses", missed, false },
		{ "batched_read_segments_requested", (double)c->samples, false },
		{ "batched_read_segments_completed", predicted, false },
		{ "frame_cache_hit_rate", share(predicted, (double)c->samples), true },
		{ "code_object_cache_hit_rate", share(checked, checked + fetched), true },
		{ "batched_read_success_rate", share(predicted, (double)c->samples), true },
		{ "batched_read_segment_completion_rate", share(predicted, (double)c->samples), true },
	};
	PyObject *dict = PyDict_New();

	for (size_t i = 0; dict && i < sizeof(all) / sizeof(*all); i++) {
		PyObject *value = all[i].is_share ? PyFloat_FromDouble(all[i].value) : PyLong_FromDouble(all[i].value);

		if (!value || PyDict_SetItemString(dict, all[i].name, value) < 0)
			Py_CLEAR(dict);
		Py_XDECREF(value);
	}
	return dict;
}

static PyObject *get_stats(PyObject *self, PyObject *unused)
{
	struct tpy_unwinder *unwinder = self_of(self);
	ty_target_counters counters = { .size = sizeof(counters) };

	(void)unused;
	if (!unwinder->stats) {
		PyErr_SetString(PyExc_RuntimeError, "Statistics collection was not enabled. Create RemoteUnwinder with "
		                                    "stats=True to collect statistics.");
		return NULL;
	}
	if (!tpy_handle_ask(unwinder->tracer.frames.state, unwinder->handle))
		return NULL;
	ty_target_statistics(unwinder->handle->target, &counters);
	return statistics_dict(&counters);
}

/* ---- making one ---- */

struct arguments {
	int pid, all_threads, only_active_thread, mode, debug, skip_non_matching_threads, native, gc, opcodes,
	        cache_frames, stats;
};

static bool parse(PyObject *args, PyObject *keywords, struct arguments *a)
{
	static char *names[] = { "pid",          "all_threads", "only_active_thread",
		                 "mode",         "debug",       "skip_non_matching_threads",
		                 "native",       "gc",          "opcodes",
		                 "cache_frames", "stats",       NULL };

	a->skip_non_matching_threads = 1;
	if (!PyArg_ParseTupleAndKeywords(args, keywords, "i|$ppippppppp:RemoteUnwinder", names, &a->pid,
	                                 &a->all_threads, &a->only_active_thread, &a->mode, &a->debug,
	                                 &a->skip_non_matching_threads, &a->native, &a->gc, &a->opcodes,
	                                 &a->cache_frames, &a->stats))
		return false;
	if (!a->all_threads || !a->only_active_thread)
		return true;
	PyErr_SetString(PyExc_ValueError, "all_threads and only_active_thread cannot both be True");
	return false;
}

static uint32_t wanted_status(const struct arguments *a)
{
	if (a->only_active_thread)
		return TY_THREAD_HAS_GIL;
	if (!a->skip_non_matching_threads)
		return 0;
	switch (a->mode) {
	case MODE_CPU:
		return TY_THREAD_ON_CPU;
	case MODE_GIL:
		return TY_THREAD_HAS_GIL;
	case MODE_EXCEPTION:
		return TY_THREAD_HAS_EXCEPTION;
	default:
		return 0;
	}
}

static bool attach(struct tpy_unwinder *unwinder, const struct arguments *a)
{
	ty_attach_options options = {
		.size = sizeof(options),
		.threads = a->all_threads || a->only_active_thread ? TY_THREADS_ALL : TY_THREADS_MAIN,
		.opcodes = a->opcodes,
		.cpu_status = a->mode == MODE_CPU || a->mode == MODE_ALL,
		.native_frames = a->native,
		.no_gc_frames = !a->gc,
	};

	return tpy_handle_attach(unwinder->tracer.frames.state, unwinder->handle, a->pid, &options, NULL);
}

static PyObject *unwinder_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	struct arguments a = { 0 };
	struct tpy_handle *handle = parse(args, keywords, &a) ? tpy_handle_new() : NULL;
	struct tpy_unwinder *unwinder = handle ? PyObject_New(struct tpy_unwinder, type) : NULL;

	if (!unwinder) {
		tpy_handle_drop(handle);
		return NULL;
	}
	unwinder->handle = handle;
	unwinder->tracer = (struct tpy_tracer){
		.frames = { .state = PyType_GetModuleState(type), .handle = handle, .make = tpy_frame_info },
		.wanted = wanted_status(&a),
		.opcodes = a.opcodes,
	};
	unwinder->task_handle = NULL;
	unwinder->task_frames = (struct tpy_frames){ NULL };
	unwinder->pause = (struct tpy_pause){ 0 };
	unwinder->all_threads = a.all_threads || a.only_active_thread;
	unwinder->pid = a.pid;
	unwinder->stats = a.stats;
	if (attach(unwinder, &a))
		return (PyObject *)unwinder;
	Py_DECREF((PyObject *)unwinder);
	return NULL;
}

static void unwinder_dealloc(PyObject *self)
{
	struct tpy_unwinder *unwinder = self_of(self);

	tpy_pause_end(&unwinder->pause);
	tpy_tracer_free(&unwinder->tracer);
	tpy_frames_free(&unwinder->task_frames);
	tpy_handle_drop(unwinder->handle);
	tpy_handle_drop(unwinder->task_handle);
	tpy_free(self);
}

static PyMethodDef unwinder_methods[] = {
	{ "get_stack_trace", get_stack_trace, METH_NOARGS,
	  "Stack traces of the chosen threads: a list of InterpreterInfo." },
	{ "pause_threads", pause_threads, METH_NOARGS,
	  "Stops all threads of the process until resume_threads(). False: they were stopped already." },
	{ "resume_threads", resume_threads, METH_NOARGS,
	  "Lets the threads go on. False: they were not stopped. Called by the thread that paused." },
	{ "get_async_stack_trace", tpy_get_async_stack_trace, METH_NOARGS,
	  "The tasks that run, each with those that await it: a list of AwaitedInfo, one a thread." },
	{ "get_all_awaited_by", tpy_get_all_awaited_by, METH_NOARGS,
	  "All tasks and who awaits them: a list of AwaitedInfo, one a thread, the last for tasks of no thread." },
	{ "get_stats", get_stats, METH_NOARGS, "Statistics, if it was made with stats=True: a dict." },
	{ NULL, NULL, 0, NULL },
};

static PyType_Slot unwinder_slots[] = {
	{ Py_tp_doc, (void *)"RemoteUnwinder(pid, *, all_threads=False, only_active_thread=False, mode=0, debug=False, "
	                     "skip_non_matching_threads=True, native=False, gc=False, opcodes=False, "
	                     "cache_frames=False, stats=False)\n\nInspects the stacks of another Python process." },
	{ Py_tp_new, unwinder_new },
	{ Py_tp_dealloc, unwinder_dealloc },
	{ Py_tp_methods, unwinder_methods },
	{ 0, NULL },
};

PyType_Spec tpy_unwinder_spec = {
	.name = "tachyon.remote_debugging.RemoteUnwinder",
	.basicsize = sizeof(struct tpy_unwinder),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = unwinder_slots,
};
