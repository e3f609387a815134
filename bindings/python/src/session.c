/* SPDX-License-Identifier: Apache-2.0 */
/* tachyon.Session: a run whose samples its user takes, of one source of a merged target after the other. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "gil.h"
#include "merged.h"
#include "sampler.h"

#define DEFAULT_INTERVAL_NS 1000000

struct session {
	PyObject_HEAD
	struct tpy_merged *merged;
	struct tpy_run run;
	bool *open; /* by collector: it has begun, and not failed */
	uint64_t start_ns;
	ty_run_summary so_far;
	int error; /* the first of a collector */
	bool busy; /* a thread is in one of its methods */
	bool finished;
};

static struct session *self_of(PyObject *self)
{
	return (struct session *)self;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* ---- telling collectors; with the GIL given away ---- */

struct event {
	const ty_run_info *begin; /* one of the two, */
	const ty_snapshot *sample;
};

static int tell_one(ty_collector *collector, const struct event *event)
{
	return event->begin ? ty_collector_begin(collector, event->begin)
	                    : ty_collector_sample(collector, event->sample);
}

static void note_error(struct session *session, int result)
{
	if (result < 0 && !session->error)
		session->error = result;
}

/* One that fails is ended and left out from then on. @return whether all want to go on, and some are left */
static bool tell(struct session *session, const struct event *event)
{
	bool goes_on = true, any = session->run.taken == 0;

	for (Py_ssize_t i = 0; i < session->run.taken; i++) {
		int result = session->open[i] ? tell_one(session->run.collectors[i], event) : 0;

		if (result < 0) {
			session->open[i] = false;
			ty_collector_end(session->run.collectors[i], &session->so_far);
			note_error(session, result);
		}
		goes_on = goes_on && result <= 0;
		any = any || session->open[i];
	}
	return goes_on && any;
}

/* ---- making one ---- */

static void begin_session(struct session *session, const ty_run_info *run)
{
	struct tpy_handle *handle = session->run.target->handle;
	const struct event event = { .begin = run };
	PyThreadState *outer;

	for (Py_ssize_t i = 0; i < session->run.taken; i++)
		session->open[i] = true;
	outer = tpy_gil_release();
	tell(session, &event);
	tpy_gil_take(outer);
	tpy_handle_give(handle);
}

static bool parse_options(PyObject *keywords, ty_run_info *run)
{
	static char *names[] = { "interval", "opcodes", NULL };
	PyObject *none = PyTuple_New(0), *interval = Py_None;
	bool is_good;

	is_good = none &&
	          PyArg_ParseTupleAndKeywords(none, keywords, "|$Op:session", names, &interval, &run->opcodes) &&
	          tpy_to_ns("interval", interval, &run->interval_ns);
	Py_XDECREF(none);
	if (interval == Py_None)
		run->interval_ns = DEFAULT_INTERVAL_NS;
	return is_good;
}

PyObject *tpy_session_new(struct tpy_merged *merged, PyObject *collectors, PyObject *keywords)
{
	struct tpy_target *target = merged->target;
	ty_run_info run = { .size = sizeof(run),
		            .target = target->handle->target,
		            .start_time_ns = clock_ns(CLOCK_MONOTONIC),
		            .start_unix_ns = clock_ns(CLOCK_REALTIME) };
	struct tpy_state *state = target->frames.state;
	struct session *session;

	if (!parse_options(keywords, &run) || !tpy_handle_take(state, target->handle))
		return NULL;
	session = (struct session *)PyType_GenericAlloc(state->session, 0);
	if (session) {
		session->merged = (struct tpy_merged *)Py_NewRef((PyObject *)merged);
		session->run.target = (struct tpy_target *)Py_NewRef((PyObject *)target);
		session->so_far.size = sizeof(session->so_far);
		session->start_ns = run.start_time_ns;
		session->open = calloc((size_t)PyTuple_Size(collectors) + 1, sizeof(*session->open));
		if (session->open && tpy_run_take(&session->run, collectors)) {
			begin_session(session, &run);
			return (PyObject *)session;
		}
		if (!session->open)
			PyErr_NoMemory();
		tpy_run_give(&session->run);
		tpy_raised_again(&session->run.raised);
		session->finished = true;
	}
	tpy_handle_give(target->handle);
	Py_XDECREF((PyObject *)session);
	return NULL;
}

static int session_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)Py_TYPE(self));
	Py_VISIT((PyObject *)self_of(self)->merged);
	return tpy_run_visit(&self_of(self)->run, visit, arg);
}

/* One that was forgotten writes nothing. */
static void session_dealloc(PyObject *self)
{
	struct session *session = self_of(self);
	struct tpy_raised pending = { NULL };

	PyObject_GC_UnTrack(self);
	if (PyErr_Occurred())
		tpy_raised_keep(&pending);
	tpy_run_give(&session->run);
	tpy_raised_clear(&session->run.raised);
	tpy_raised_again(&pending);
	free(session->open);
	Py_XDECREF((PyObject *)session->run.target);
	Py_XDECREF((PyObject *)session->merged);
	tpy_free(self);
}

/* ---- sampling ---- */

static void count(struct session *session, const ty_snapshot *snapshot)
{
	ty_run_summary *so_far = &session->so_far;

	so_far->samples++;
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		ty_snapshot_thread(snapshot, i, &thread);
		so_far->verified += thread.verdict == TY_VERIFIED;
		so_far->repaired += thread.verdict == TY_REPAIRED;
		so_far->torn += thread.verdict == TY_TORN;
		so_far->incomplete += thread.verdict == TY_INCOMPLETE;
		so_far->unreadable += thread.verdict == TY_FAILED;
	}
}

/* Whether all want to go on; an exception of a collector is the end. */
static bool hand_out(struct session *session, const ty_snapshot *snapshot)
{
	const struct event event = { .sample = snapshot };
	PyThreadState *outer;
	bool goes_on;

	count(session, snapshot);
	outer = tpy_gil_release();
	goes_on = tell(session, &event);
	tpy_gil_take(outer);
	session->so_far.duration_ns = clock_ns(CLOCK_MONOTONIC) - session->start_ns;
	tpy_run_progress(&session->run, &session->so_far);
	return goes_on && !session->run.raised.type;
}

static bool begin_method(struct session *session)
{
	struct tpy_state *state = tpy_state_of((PyObject *)session);

	if (session->finished)
		tpy_fail_with(state, -TY_ESTATE, "the session has ended");
	else if (session->busy)
		tpy_fail_with(state, -EBUSY, "the session is in use, by another thread or a collector");
	else
		session->busy = true;
	return !PyErr_Occurred();
}

static PyObject *session_sample(PyObject *self, PyObject *source)
{
	struct session *session = self_of(self);
	struct tpy_merged_call call;
	PyObject *result = NULL;

	if (!begin_method(session))
		return NULL;
	if (tpy_merged_begin(&call, session->merged, source)) {
		result = PyBool_FromLong(hand_out(session, call.snapshot));
		tpy_merged_end(&call);
	} else {
		session->so_far.failed++;
	}
	session->busy = false;
	return result;
}

static PyObject *session_missed(PyObject *self, PyObject *ticks)
{
	unsigned long long number;

	if (!tpy_to_ulonglong(ticks, &number))
		return NULL;
	self_of(self)->so_far.missed += number;
	Py_RETURN_NONE;
}

/* ---- its end ---- */

static void end_collectors(struct session *session)
{
	PyThreadState *outer = tpy_gil_release();

	for (Py_ssize_t i = 0; i < session->run.taken; i++)
		if (session->open[i])
			note_error(session, ty_collector_end(session->run.collectors[i], &session->so_far));
	tpy_gil_take(outer);
}

/* Collectors may ask the merged target, and it the source of the last snapshot. */
static bool take_all(struct session *session, struct tpy_handle **source)
{
	struct tpy_state *state = tpy_state_of((PyObject *)session);
	struct tpy_handle *handle = session->run.target->handle;

	if (!tpy_handle_take(state, handle))
		return false;
	*source = handle->current;
	if (!*source || tpy_handle_take(state, *source))
		return true;
	tpy_handle_give(handle);
	return false;
}

static bool finish(struct session *session)
{
	struct tpy_handle *source = NULL;

	if (!take_all(session, &source))
		return false;
	session->finished = true;
	session->so_far.duration_ns = clock_ns(CLOCK_MONOTONIC) - session->start_ns;
	session->so_far.end_reason = TY_END_STOPPED;
	end_collectors(session);
	tpy_run_give(&session->run);
	if (source)
		tpy_handle_give(source);
	tpy_handle_give(session->run.target->handle);
	return true;
}

static PyObject *summary_of(struct session *session)
{
	return tpy_summary_new(tpy_state_of((PyObject *)session), &session->so_far);
}

static PyObject *session_finish(PyObject *self, PyObject *unused)
{
	struct session *session = self_of(self);
	bool finished;

	(void)unused;
	if (!begin_method(session))
		return NULL;
	finished = finish(session);
	session->busy = false;
	if (!finished || tpy_raised_again(&session->run.raised))
		return NULL;
	if (session->error)
		return tpy_fail(tpy_state_of(self), session->run.target->handle->target, session->error);
	return summary_of(session);
}

static PyObject *session_enter(PyObject *self, PyObject *unused)
{
	(void)unused;
	return Py_NewRef(self);
}

static PyObject *session_exit(PyObject *self, PyObject *args)
{
	PyObject *summary;

	(void)args;
	if (self_of(self)->finished)
		Py_RETURN_NONE;
	summary = session_finish(self, NULL);
	Py_XDECREF(summary);
	return summary ? Py_NewRef(Py_None) : NULL;
}

static PyObject *session_summary(PyObject *self, void *unused)
{
	(void)unused;
	return summary_of(self_of(self));
}

static PyMethodDef session_methods[] = {
	{ "sample", session_sample, METH_O,
	  "Takes a sample of a source and hands it to the collectors. False: one of them wants no more." },
	{ "missed", session_missed, METH_O, "Tells of ticks that went by without a sample, for the summary." },
	{ "finish", session_finish, METH_NOARGS,
	  "Ends the session, as the with statement does: collectors write their results. Gives the Summary." },
	{ "__enter__", session_enter, METH_NOARGS, NULL },
	{ "__exit__", session_exit, METH_VARARGS, NULL },
	{ NULL, NULL, 0, NULL },
};

static PyGetSetDef session_getset[] = {
	{ "summary", session_summary, NULL, "Summary so far", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot session_slots[] = {
	{ Py_tp_doc, (void *)"Hands samples of the sources of a merged target to collectors: see Merged.session()." },
	{ Py_tp_dealloc, session_dealloc },
	{ Py_tp_traverse, session_traverse },
	{ Py_tp_methods, session_methods },
	{ Py_tp_getset, session_getset },
	{ 0, NULL },
};

PyType_Spec tpy_session_spec = {
	.name = "tachyon.Session",
	.basicsize = sizeof(struct session),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = session_slots,
};
