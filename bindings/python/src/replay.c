/* SPDX-License-Identifier: Apache-2.0 */
/* Replay: a recording as lists of InterpreterInfo. Iterating gives pairs of one and its time in µs. */
#include "recording.h"
#include "trace.h"

struct replay {
	PyObject_HEAD
	struct tpy_handle *handle;
	struct tpy_tracer tracer;
};

static struct replay *self_of(PyObject *self)
{
	return (struct replay *)self;
}

static PyObject *replay_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	struct tpy_state *state = PyType_GetModuleState(type);
	ty_attach_options options = { .size = sizeof(options) };
	static char *names[] = { "path", NULL };
	struct replay *replay = NULL;
	PyObject *path = NULL;
	bool is_open = false;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&:Replay", names, PyUnicode_FSConverter, &path))
		return NULL;
	replay = PyObject_New(struct replay, type);
	if (replay) {
		replay->handle = tpy_handle_new();
		replay->tracer = (struct tpy_tracer){
			.frames = { .state = state, .handle = replay->handle, .make = tpy_frame_info },
			.opcodes = true,
			.all_verdicts = true,
		};
		is_open = replay->handle && tpy_handle_open(state, replay->handle, PyBytes_AsString(path),
		                                            ty_open_recording, &options, Py_None);
	}
	Py_DECREF(path);
	if (!is_open)
		Py_CLEAR(replay);
	return (PyObject *)replay;
}

static void replay_dealloc(PyObject *self)
{
	tpy_tracer_free(&self_of(self)->tracer);
	tpy_handle_drop(self_of(self)->handle);
	tpy_free(self);
}

static PyObject *replay_next(PyObject *self)
{
	struct replay *replay = self_of(self);
	struct tpy_state *state = replay->tracer.frames.state;
	const ty_snapshot *snapshot = NULL;
	PyObject *trace = NULL, *pair = NULL;
	int result;

	if (!tpy_handle_ask(state, replay->handle))
		return NULL;
	result = ty_sample(replay->handle->target, &snapshot);
	if (result == -TY_EEXITED)
		return NULL;
	trace = result < 0 ? tpy_fail(state, replay->handle->target, result) : tpy_trace(&replay->tracer, snapshot);
	if (trace)
		pair = Py_BuildValue("(OK)", trace, (unsigned long long)(ty_snapshot_time(snapshot) / 1000));
	Py_XDECREF(trace);
	return pair;
}

static PyObject *replay_info(PyObject *self, void *unused)
{
	(void)unused;
	return tpy_recording_info(self_of(self)->tracer.frames.state, self_of(self)->handle);
}

static PyGetSetDef replay_getset[] = {
	{ "info", replay_info, NULL, "RecordingInfo", NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot replay_slots[] = {
	{ Py_tp_new, replay_new },       { Py_tp_dealloc, replay_dealloc }, { Py_tp_iter, PyObject_SelfIter },
	{ Py_tp_iternext, replay_next }, { Py_tp_getset, replay_getset },   { 0, NULL },
};

PyType_Spec tpy_replay_spec = {
	.name = "tachyon._tachyon.Replay",
	.basicsize = sizeof(struct replay),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = replay_slots,
};

PyObject *tpy_recording_info(struct tpy_state *state, struct tpy_handle *handle)
{
	ty_recording_information info = { .size = sizeof(info) };
	int result;

	if (!tpy_handle_ask(state, handle))
		return NULL;
	result = ty_recording_info(handle->target, &info);
	if (result < 0)
		return tpy_fail(state, handle->target, result);
#define MEASURED(bit, value) (info.measured & (bit) ? PyFloat_FromDouble(info.value) : Py_NewRef(Py_None))
	return TPY_STRUCT(
	        state->structs[TPY_RECORDING_INFO], PyLong_FromUnsignedLongLong(info.interval_ns),
	        PyLong_FromUnsignedLongLong(info.start_time_ns), PyLong_FromUnsignedLongLong(info.start_unix_ns),
	        PyLong_FromUnsignedLongLong(info.duration_ns), PyLong_FromUnsignedLongLong(info.stacks),
	        PyLong_FromUnsignedLongLong(info.bytes), PyLong_FromUnsignedLongLong(info.bytes_read),
	        info.mode_known ? PyLong_FromLong(info.mode) : Py_NewRef(Py_None), PyBool_FromLong(info.opcodes),
	        PyBool_FromLong(info.finished), PyBool_FromLong(info.by_cpython),
	        PyBool_FromLong(info.compression == TY_COMPRESSION_ZSTD), PyLong_FromLong(info.recordings),
	        PyLong_FromUnsignedLong(info.python_hexversion), PyLong_FromUnsignedLong(info.threads),
	        PyLong_FromUnsignedLong(info.strings), PyLong_FromUnsignedLong(info.frames),
	        info.features ? PyLong_FromUnsignedLong(info.features) : Py_NewRef(Py_None),
	        MEASURED(TY_MEASURED_RUN, duration_s), MEASURED(TY_MEASURED_RUN, rate_hz),
	        MEASURED(TY_MEASURED_ERRORS, error_percent), MEASURED(TY_MEASURED_MISSED, missed));
#undef MEASURED
}
