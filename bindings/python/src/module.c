/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The extension module _tachyon: what needs C. What people import, tachyon, is written in Python on top of it.
 *
 * It is built against one libtachyon and may meet another: a newer one of the same ABI is fine, an older one is an
 * ImportError that says so; one that lacks a function does not even load, as symbols are bound at once (meson.build).
 */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "disassembly.h"
#include "state.h"
#include "target.h"

/* The oldest library that will do: major << 16 | minor << 8 | patch. */
#define LIBRARY_NEEDED 0x000100u

struct tpy_state *tpy_state_of(PyObject *object)
{
	return PyType_GetModuleState(Py_TYPE(object));
}

PyObject *tpy_text(const char *text)
{
	return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

void tpy_free(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);
	freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

	release(self);
	Py_DECREF(type);
}

/* A library newer than the binding may know more members: then the number is better than an error. */
static PyObject *make_member(PyObject *type, uint32_t value)
{
	PyObject *member = PyObject_CallFunction(type, "I", (unsigned int)value);

	if (member || !PyErr_ExceptionMatches(PyExc_ValueError))
		return member;
	PyErr_Clear();
	return PyLong_FromUnsignedLong(value);
}

PyObject *tpy_member(PyObject *type, PyObject **cache, size_t count, uint32_t value)
{
	if (value >= count)
		return make_member(type, value);
	if (!cache[value])
		cache[value] = make_member(type, value);
	return Py_XNewRef(cache[value]);
}

/* ---- functions ---- */

/*
 * Where Yama lets a process be read by its ancestors alone, it can name one more: the helper of tachyon.profile(), its
 * own child. Without Yama there is nothing to name, which is fine.
 */
static PyObject *allow_reader(PyObject *module, PyObject *args)
{
	unsigned long pid;

	(void)module;
	if (!PyArg_ParseTuple(args, "k:allow_reader", &pid))
		return NULL;
	if (prctl(PR_SET_PTRACER, pid, 0, 0, 0) < 0 && errno != EINVAL)
		return PyErr_SetFromErrno(PyExc_OSError);
	Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
	{ "attach", TPY_FUNCTION(tpy_attach), METH_VARARGS | METH_KEYWORDS, NULL },
	{ "open_capture", TPY_FUNCTION(tpy_open_capture), METH_VARARGS | METH_KEYWORDS, NULL },
	{ "open_recording", tpy_open_recording, METH_VARARGS, NULL },
	{ "decode_opcode", tpy_decode_opcode, METH_VARARGS, NULL },
	{ "allow_reader", allow_reader, METH_VARARGS, NULL },
	{ NULL, NULL, 0, NULL },
};

/* ---- making the module ---- */

static int check_library(void)
{
	if (ty_version_number() >= LIBRARY_NEEDED)
		return 0;
	PyErr_Format(PyExc_ImportError, "libtachyon %s is too old for this binding, which needs %d.%d or newer",
	             ty_version_string(), LIBRARY_NEEDED >> 16, LIBRARY_NEEDED >> 8 & 0xff);
	return -1;
}

/* Attributes of a Python module, into places of the state. */
static int import_names(const char *module_name, const char *const *names, PyObject **const *places)
{
	PyObject *module = PyImport_ImportModule(module_name);

	if (!module)
		return -1;
	for (size_t i = 0; names[i]; i++) {
		*places[i] = PyObject_GetAttrString(module, names[i]);
		if (!*places[i])
			break;
	}
	Py_DECREF(module);
	return PyErr_Occurred() ? -1 : 0;
}

static int import_python_side(struct tpy_state *state)
{
	const char *const enums[] = { "Verdict", "FrameKind", "ThreadStatus", "EndReason", "LiveForm", NULL };
	PyObject **const enum_places[] = { &state->verdict_type, &state->kind_type, &state->status_type,
		                           &state->end_reason_type, &state->live_form_type };
	const char *const errors[] = { "make_error", NULL };
	PyObject **const error_places[] = { &state->make_error };

	if (import_names("tachyon._enums", enums, enum_places) < 0)
		return -1;
	return import_names("tachyon._errors", errors, error_places);
}

static int add_types(PyObject *module, struct tpy_state *state)
{
	const struct {
		PyType_Spec *spec;
		PyTypeObject **place;
	} types[] = {
		{ &tpy_target_spec, &state->target },       { &tpy_snapshot_spec, &state->snapshot },
		{ &tpy_thread_spec, &state->thread },       { &tpy_frame_spec, &state->frame },
		{ &tpy_function_spec, &state->function },   { &tpy_sampler_spec, &state->sampler },
		{ &tpy_collector_spec, &state->collector }, { &tpy_unwinder_spec, &state->unwinder },
		{ &tpy_recorder_spec, &state->recorder },   { &tpy_replay_spec, &state->replay },
		{ &tpy_processes_spec, &state->processes }, { &tpy_live_spec, &state->live },
		{ &tpy_merged_spec, &state->merged },       { &tpy_session_spec, &state->session },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		*types[i].place = (PyTypeObject *)PyType_FromModuleAndSpec(module, types[i].spec, NULL);
		if (!*types[i].place || PyModule_AddType(module, *types[i].place) < 0)
			return -1;
	}
	return 0;
}

static int execute(PyObject *module)
{
	struct tpy_state *state = PyModule_GetState(module);

	if (check_library() < 0 || import_python_side(state) < 0 || tpy_structs_init(module, state->structs) < 0 ||
	    add_types(module, state) < 0)
		return -1;
	if (PyModule_AddStringConstant(module, "library_version", ty_version_string()) < 0)
		return -1;
	return PyModule_AddObjectRef(module, "has_zstd",
	                             ty_compression_available(TY_COMPRESSION_ZSTD) ? Py_True : Py_False);
}

/* The types live as long as the module: only they, and what Python gave, are references to be seen by the collector. */
static int traverse(PyObject *module, visitproc visit, void *arg)
{
	struct tpy_state *state = PyModule_GetState(module);

	if (!state)
		return 0;
	Py_VISIT(state->make_error);
	Py_VISIT(state->verdict_type);
	Py_VISIT(state->kind_type);
	Py_VISIT(state->status_type);
	Py_VISIT(state->end_reason_type);
	Py_VISIT(state->live_form_type);
	for (int i = 0; i < TPY_STRUCTS; i++)
		Py_VISIT(state->structs[i]);
	Py_VISIT(state->target);
	Py_VISIT(state->snapshot);
	Py_VISIT(state->thread);
	Py_VISIT(state->frame);
	Py_VISIT(state->function);
	Py_VISIT(state->sampler);
	Py_VISIT(state->collector);
	Py_VISIT(state->unwinder);
	Py_VISIT(state->recorder);
	Py_VISIT(state->replay);
	Py_VISIT(state->processes);
	Py_VISIT(state->live);
	Py_VISIT(state->merged);
	Py_VISIT(state->session);
	return 0;
}

static void clear_all(PyObject **places, size_t count)
{
	for (size_t i = 0; i < count; i++)
		Py_CLEAR(places[i]);
}

static int clear(PyObject *module)
{
	struct tpy_state *state = PyModule_GetState(module);

	if (!state)
		return 0;
	Py_CLEAR(state->make_error);
	Py_CLEAR(state->verdict_type);
	Py_CLEAR(state->kind_type);
	Py_CLEAR(state->status_type);
	Py_CLEAR(state->end_reason_type);
	Py_CLEAR(state->live_form_type);
	clear_all(state->verdicts, TPY_VERDICTS);
	clear_all(state->kinds, TPY_KINDS);
	clear_all(state->statuses, TPY_STATUSES);
	clear_all((PyObject **)state->structs, TPY_STRUCTS);
	Py_CLEAR(state->target);
	Py_CLEAR(state->snapshot);
	Py_CLEAR(state->thread);
	Py_CLEAR(state->frame);
	Py_CLEAR(state->function);
	Py_CLEAR(state->sampler);
	Py_CLEAR(state->collector);
	Py_CLEAR(state->unwinder);
	Py_CLEAR(state->recorder);
	Py_CLEAR(state->replay);
	Py_CLEAR(state->processes);
	Py_CLEAR(state->live);
	Py_CLEAR(state->merged);
	Py_CLEAR(state->session);
	return 0;
}

static void module_free(void *module)
{
	clear(module);
}

static PyModuleDef_Slot slots[] = {
	{ Py_mod_exec, execute },
	{ 0, NULL },
};

/* clang-format off */
static struct PyModuleDef definition = {
	PyModuleDef_HEAD_INIT,
	.m_name = "_tachyon",
	.m_size = sizeof(struct tpy_state),
	.m_methods = functions,
	.m_slots = slots,
	.m_traverse = traverse,
	.m_clear = clear,
	.m_free = module_free,
};
/* clang-format on */

PyMODINIT_FUNC PyInit__tachyon(void);

PyMODINIT_FUNC PyInit__tachyon(void)
{
	return PyModuleDef_Init(&definition);
}
