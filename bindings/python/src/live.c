/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may use a live model: the thread that samples, by way of a run, and one more that asks. Lists are made with the
 * GIL given away, as the library may wait there for the thread that samples, which in turn may want the GIL.
 *
 * save() belongs to the thread that samples: while a run goes on, it takes the order when it next reports its progress,
 * and the thread that gave it waits.
 */
#include "live.h"

#include <errno.h>
#include <string.h>

#include "collector.h"
#include "gil.h"
#include "live_rows.h"

/* How often who waits for a save looks for signals, in µs. */
#define SIGNALS_US 50000

#define HISTORY_S 60

struct order {
	ty_collector *collector;
	int result;
	PyThread_type_lock done; /* held until the order is carried out */
};

struct live {
	PyObject_HEAD
	ty_live *live;
	struct tpy_target *target; /* of the last run: who is asked for names; NULL: there was none */
	ty_run_summary so_far;
	struct tpy_run *run;   /* that feeds it now; NULL: none */
	unsigned long sampler; /* thread of that run */
	struct order *order;   /* to be carried out by the run; NULL: none */
	bool asked;            /* a thread asks, with the GIL given away */
};

static struct live *self_of(PyObject *self)
{
	return (struct live *)self;
}

/* ---- for runs ---- */

ty_collector *tpy_live_take(struct tpy_run *run, PyObject *object)
{
	struct tpy_state *state = run->target->frames.state;
	struct live *live = self_of(object);

	if (Py_TYPE(object) != state->live)
		return NULL;
	if (live->run)
		return (ty_collector *)tpy_fail_with(state, -EBUSY, "the live model is in use by a run");
	if (live->target)
		return (ty_collector *)tpy_fail_with(state, -TY_ESTATE, "a live model is for one run: make a new one");
	live->target = (struct tpy_target *)Py_NewRef((PyObject *)run->target);
	live->so_far = (ty_run_summary){ .size = sizeof(live->so_far) };
	live->sampler = PyThread_get_thread_ident();
	live->run = run;
	return ty_live_collector(live->live);
}

/* Names come from the target, which the thread has; a file in Python is written with the GIL. */
static void carry_out(struct live *live)
{
	struct order *order = live->order;
	PyThreadState *outer;

	if (!order)
		return;
	live->order = NULL;
	outer = tpy_gil_release();
	order->result = ty_live_save(live->live, &live->so_far, order->collector);
	tpy_gil_take(outer);
	PyThread_release_lock(order->done);
}

bool tpy_live_give(struct tpy_run *run, PyObject *object)
{
	struct live *live = self_of(object);

	if (Py_TYPE(object) != run->target->frames.state->live)
		return false;
	carry_out(live);
	live->run = NULL;
	if (!run->complete)
		Py_CLEAR(live->target);
	return true;
}

void tpy_live_progress(struct tpy_run *run, PyObject *object, const ty_run_summary *so_far)
{
	struct live *live = self_of(object);
	PyThreadState *outer;

	if (Py_TYPE(object) != run->target->frames.state->live)
		return;
	live->so_far = *so_far;
	outer = tpy_gil_release();
	ty_live_progress(so_far, live->live);
	tpy_gil_take(outer);
	carry_out(live);
}

/* ---- the object ---- */

struct choice {
	const char *name;
	int value;
};

static const struct choice TRUST[] = { { "proven", TY_TRUST_PROVEN }, { "all", TY_TRUST_ALL }, { NULL, 0 } };

static const struct choice GROUPS[] = { { "functions", TY_LIVE_FUNCTIONS },   { "lines", TY_LIVE_LINES },
	                                { "tasks", TY_LIVE_TASKS },           { "files", TY_LIVE_FILES },
	                                { "file-lines", TY_LIVE_FILE_LINES }, { NULL, 0 } };

static const struct choice SORTS[] = { { "nsamples", TY_SORT_NSAMPLES },   { "tottime", TY_SORT_TOTTIME },
	                               { "cumtime", TY_SORT_CUMTIME },     { "sample-pct", TY_SORT_SAMPLE_PCT },
	                               { "cumul-pct", TY_SORT_CUMUL_PCT }, { "nsamples-cumul", TY_SORT_NSAMPLES_CUMUL },
	                               { "name", TY_SORT_NAME },           { NULL, 0 } };

static const struct choice DIRECTIONS[] = { { "callers", TY_LIVE_CALLERS },
	                                    { "callees", TY_LIVE_CALLEES },
	                                    { NULL, 0 } };

/* As the choices of collectors are refused in tachyon/collectors.py. */
static bool refuse_choice(const char *name, const char *text, const struct choice *choices)
{
	PyObject *known = PyUnicode_FromFormat("'%s'", choices->name);

	while (known && (++choices)->name) {
		PyObject *longer = PyUnicode_FromFormat("%U, '%s'", known, choices->name);

		Py_DECREF(known);
		known = longer;
	}
	if (known)
		PyErr_Format(PyExc_ValueError, "%s: %U, not '%s'", name, known, text);
	Py_XDECREF(known);
	return false;
}

static bool choose(const char *name, const char *text, const struct choice *choices, int *value)
{
	for (const struct choice *choice = choices; choice->name; choice++)
		if (strcmp(choice->name, text) == 0) {
			*value = choice->value;
			return true;
		}
	return refuse_choice(name, text, choices);
}

static PyObject *live_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "opcodes", "listings", "trust", NULL };
	ty_live_options options = { .size = sizeof(options) };
	const char *trust = "proven";
	struct live *live;
	int result;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$pps:Live", names, &options.opcodes, &options.listings,
	                                 &trust) ||
	    !choose("trust", trust, TRUST, &options.trust))
		return NULL;
	live = (struct live *)PyType_GenericAlloc(type, 0);
	if (!live)
		return NULL;
	result = ty_live_new(&options, &live->live);
	if (result == 0)
		return (PyObject *)live;
	Py_DECREF((PyObject *)live);
	return tpy_fail(PyType_GetModuleState(type), NULL, result);
}

static int live_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT((PyObject *)Py_TYPE(self));
	Py_VISIT((PyObject *)self_of(self)->target);
	return 0;
}

static void live_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	ty_live_free(self_of(self)->live);
	Py_XDECREF((PyObject *)self_of(self)->target);
	tpy_free(self);
}

/* ---- questions ---- */

/* One thread asks at a time, also while what it gets is put together: the next question ends what the last one gave. */
static bool begin_asking(struct live *live)
{
	if (live->asked)
		tpy_fail_with(tpy_state_of((PyObject *)live), -EBUSY, "another thread is asking the live model");
	else
		live->asked = true;
	return !PyErr_Occurred();
}

static PyObject *live_update(PyObject *self, PyObject *unused)
{
	struct live *live = self_of(self);
	PyThreadState *outer;
	int result;

	(void)unused;
	if (!begin_asking(live))
		return NULL;
	outer = tpy_gil_release();
	result = ty_live_update(live->live);
	tpy_gil_take(outer);
	live->asked = false;
	return result < 0 ? tpy_fail(tpy_state_of(self), NULL, result) : Py_NewRef(Py_None);
}

static PyObject *live_reset(PyObject *self, PyObject *unused)
{
	struct live *live = self_of(self);

	(void)unused;
	if (!begin_asking(live))
		return NULL;
	ty_live_reset(live->live);
	live->asked = false;
	Py_RETURN_NONE;
}

static PyObject *live_overview(PyObject *self, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "thread", NULL };
	struct live *live = self_of(self);
	unsigned int thread = 0;
	PyObject *overview;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$O&:overview", names, tpy_to_uint, &thread) ||
	    !begin_asking(live))
		return NULL;
	overview = tpy_live_overview(tpy_state_of(self), live->live, thread);
	live->asked = false;
	return overview;
}

static PyObject *live_threads(PyObject *self, PyObject *unused)
{
	struct live *live = self_of(self);
	PyObject *threads;

	(void)unused;
	if (!begin_asking(live))
		return NULL;
	threads = tpy_live_threads(tpy_state_of(self), live->live);
	live->asked = false;
	return threads;
}

/* The rows of a list that was made. `count` may be the error of making it. */
static PyObject *rows_of(struct live *live, int count, tpy_live_row make)
{
	struct tpy_state *state = tpy_state_of((PyObject *)live);
	PyObject *list = count < 0 ? tpy_fail(state, NULL, count) : PyList_New(count);

	for (int i = 0; list && i < count; i++) {
		PyObject *row = make(state, live->live, (size_t)i);

		if (!row)
			Py_CLEAR(list);
		else
			PyList_SetItem(list, i, row);
	}
	live->asked = false;
	return list;
}

static PyObject *live_functions(PyObject *self, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "group", "sort", "thread", "filter", "filename", NULL };
	const char *group = "functions", *sort = "nsamples", *filter = NULL, *filename = NULL;
	ty_live_query query = { .size = sizeof(query) };
	PyThreadState *outer;
	int count;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "|$ssO&zz:functions", names, &group, &sort, tpy_to_uint,
	                                 &query.thread, &filter, &filename) ||
	    !choose("group", group, GROUPS, &query.group) || !choose("sort", sort, SORTS, &query.sort) ||
	    !begin_asking(self_of(self)))
		return NULL;
	query.filter = filter;
	query.filename = filename;
	outer = tpy_gil_release();
	count = ty_live_functions(self_of(self)->live, &query);
	tpy_gil_take(outer);
	return rows_of(self_of(self), count, tpy_live_function);
}

static PyObject *live_instructions(PyObject *self, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "function", "thread", NULL };
	unsigned int function, thread = 0;
	PyThreadState *outer;
	int count;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&|$O&:instructions", names, tpy_to_uint, &function,
	                                 tpy_to_uint, &thread) ||
	    !begin_asking(self_of(self)))
		return NULL;
	outer = tpy_gil_release();
	count = ty_live_instructions(self_of(self)->live, function, thread);
	tpy_gil_take(outer);
	return rows_of(self_of(self), count, tpy_live_instruction);
}

static PyObject *live_calls(PyObject *self, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "function", "direction", "thread", NULL };
	const char *direction = "callers";
	unsigned int function, thread = 0;
	PyThreadState *outer;
	int count, way;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&|s$O&:calls", names, tpy_to_uint, &function, &direction,
	                                 tpy_to_uint, &thread) ||
	    !choose("direction", direction, DIRECTIONS, &way) || !begin_asking(self_of(self)))
		return NULL;
	outer = tpy_gil_release();
	count = ty_live_calls(self_of(self)->live, function, way, thread);
	tpy_gil_take(outer);
	return rows_of(self_of(self), count, tpy_live_call);
}

static PyObject *live_history(PyObject *self, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "function", "on_stack", "seconds", NULL };
	unsigned int function, seconds = HISTORY_S;
	uint16_t shares[HISTORY_S];
	int on_stack = 0, count;
	PyObject *list;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&|$pO&:history", names, tpy_to_uint, &function, &on_stack,
	                                 tpy_to_uint, &seconds) ||
	    !begin_asking(self_of(self)))
		return NULL;
	count = ty_live_history(self_of(self)->live, function, on_stack, shares,
	                        seconds < HISTORY_S ? seconds : HISTORY_S);
	list = count < 0 ? tpy_fail(tpy_state_of(self), NULL, count) : PyList_New(count);
	for (int i = 0; list && i < count; i++)
		PyList_SetItem(list, i, PyFloat_FromDouble(shares[i] / 1000.0));
	self_of(self)->asked = false;
	return list;
}

/* ---- saving ---- */

/* Until the thread that samples has done it. Signals get their turn, and may take the order back if it has not begun.
 */
static void wait_for(struct live *live, struct order *order)
{
	PyThreadState *outer;
	bool done;

	do {
		outer = tpy_gil_release();
		done = PyThread_acquire_lock_timed(order->done, SIGNALS_US, 0) == PY_LOCK_ACQUIRED;
		tpy_gil_take(outer);
		if (!done && live->order == order && PyErr_CheckSignals() < 0 && live->order == order) {
			live->order = NULL;
			return;
		}
	} while (!done);
}

static int save_by_run(struct live *live, ty_collector *collector)
{
	struct order order = { .collector = collector, .done = PyThread_allocate_lock() };

	if (!order.done)
		return -ENOMEM;
	PyThread_acquire_lock(order.done, WAIT_LOCK);
	live->order = &order;
	wait_for(live, &order);
	PyThread_release_lock(order.done);
	PyThread_free_lock(order.done);
	return order.result;
}

static int save_alone(struct live *live, ty_collector *collector)
{
	struct tpy_state *state = tpy_state_of((PyObject *)live);
	PyThreadState *outer;
	int result;

	if (!live->target)
		return -TY_ESTATE;
	if (!tpy_handle_take(state, live->target->handle))
		return 0;
	outer = tpy_gil_release();
	result = ty_live_save(live->live, &live->so_far, collector);
	tpy_gil_take(outer);
	tpy_handle_give(live->target->handle);
	return result;
}

static bool can_save(struct live *live)
{
	struct tpy_state *state = tpy_state_of((PyObject *)live);

	if (live->order)
		tpy_fail_with(state, -EBUSY, "another thread is saving the live model");
	else if (live->run && live->sampler == PyThread_get_thread_ident())
		tpy_fail_with(state, -EBUSY, "the run is in this thread: save when it has ended, or from another one");
	return !PyErr_Occurred();
}

static PyObject *live_save(PyObject *self, PyObject *object)
{
	struct tpy_state *state = tpy_state_of(self);
	struct live *live = self_of(self);
	ty_collector *collector;
	int result;

	if (!can_save(live))
		return NULL;
	collector = tpy_collector_take(state, object);
	if (!collector)
		return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_TypeError, "%R is no built-in collector", object);
	result = live->run ? save_by_run(live, collector) : save_alone(live, collector);
	if (!tpy_collector_give(object) || PyErr_Occurred())
		return NULL;
	if (result == -TY_EOPTION)
		return tpy_fail_with(state, result,
		                     "this collector has to see every sample as it comes, or has been used: a live "
		                     "model can be saved to a new one that keeps no times");
	if (result == -TY_ESTATE)
		return tpy_fail_with(state, result, "there is no sample yet to save");
	return result < 0 ? tpy_fail(state, NULL, result) : Py_NewRef(Py_None);
}

static PyMethodDef live_methods[] = {
	{ "update", live_update, METH_NOARGS, "Brings what the questions below are answered from up to date." },
	{ "reset", live_reset, METH_NOARGS,
	  "Counts from the last update() on. What save() gives does not begin again." },
	{ "overview", TPY_FUNCTION(live_overview), METH_VARARGS | METH_KEYWORDS,
	  "The profile in numbers: a LiveOverview. thread: number of a LiveThread; 0: all, as below." },
	{ "threads", live_threads, METH_NOARGS, "The threads that were seen: a list of LiveThread." },
	{ "functions", TPY_FUNCTION(live_functions), METH_VARARGS | METH_KEYWORDS,
	  "A list of LiveFunction. group: 'functions', 'lines', 'tasks', 'files' or 'file-lines'. sort: as of "
	  "collectors.pstats(). filter: only where file or name contains it. filename: only of this file." },
	{ "instructions", TPY_FUNCTION(live_instructions), METH_VARARGS | METH_KEYWORDS,
	  "The lines and instructions of a function, by its number: a list of LiveInstruction." },
	{ "calls", TPY_FUNCTION(live_calls), METH_VARARGS | METH_KEYWORDS,
	  "Who calls a function, or what it calls: a list of LiveCall, each before those below it. direction: "
	  "'callers' or "
	  "'callees'." },
	{ "history", TPY_FUNCTION(live_history), METH_VARARGS | METH_KEYWORDS,
	  "The shares of a function in the samples of the last seconds, the oldest first: a list of float from 0 to "
	  "1." },
	{ "save", live_save, METH_O,
	  "Writes the profile so far by a built-in collector, which is used up, while sampling goes on. The target "
	  "must be "
	  "open." },
	{ NULL, NULL, 0, NULL },
};

static PyType_Slot live_slots[] = {
	{ Py_tp_doc,
	  (void *)"A profile to look at while it grows: a collector for the thread that samples, and answers for "
	          "one other thread." },
	{ Py_tp_new, live_new },
	{ Py_tp_dealloc, live_dealloc },
	{ Py_tp_traverse, live_traverse },
	{ Py_tp_methods, live_methods },
	{ 0, NULL },
};

PyType_Spec tpy_live_spec = {
	.name = "tachyon.Live",
	.basicsize = sizeof(struct live),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = live_slots,
};
