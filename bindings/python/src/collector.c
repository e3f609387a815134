/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built-in collectors behind one type: Collector(kind, destination, options). The options are a dict from the
 * members of the C struct to numbers, which a table brings to their places; the functions with proper arguments that
 * people use are in tachyon/collectors.py.
 */
#include "collector.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "destination.h"
#include "gil.h"
#include "target.h"

#define OPTIONS_MAX 8

struct option {
	const char *name;
	size_t offset;
	bool is_text;
};

struct kind {
	const char *name;
	size_t size_bytes; /* of the options */
	int (*make)(const void *options, ty_sink *sink, ty_collector **collector);
	int (*make_at)(const void *options, const char *path, ty_collector **collector); /* instead: it wants a path */
	size_t source_offset; /* of the function for source lines, its user data behind it; 0: none */
	struct option options[OPTIONS_MAX];
};

union any_options {
	size_t size;
	ty_annotation_options annotation;
	ty_binary_options binary;
	ty_callgrind_options callgrind;
	ty_chrome_trace_options chrome_trace;
	ty_collapsed_options collapsed;
	ty_flamegraph_options flamegraph;
	ty_gecko_options gecko;
	ty_heatmap_options heatmap;
	ty_jsonl_options jsonl;
	ty_perfetto_options perfetto;
	ty_pprof_options pprof;
	ty_pstats_options pstats;
	ty_speedscope_options speedscope;
};

struct collector {
	PyObject_HEAD
	ty_collector *collector;
	ty_sink *sink; /* owned by the collector */
	struct tpy_destination to;
	PyObject *source; /* callable that gives source lines, or NULL */
	PyObject *line;   /* the one it gave last */
	bool busy;        /* a run is using it */
};

/* ---- which there are ---- */

#define MAKER(kind)                                                                                                    \
	static int make_##kind(const void *options, ty_sink *sink, ty_collector **collector)                           \
	{                                                                                                              \
		return ty_##kind##_new(options, sink, collector);                                                      \
	}

MAKER(annotation)
MAKER(callgrind)
MAKER(chrome_trace)
MAKER(collapsed)
MAKER(flamegraph)
MAKER(gecko)
MAKER(jsonl)
MAKER(perfetto)
MAKER(pprof)
MAKER(pstats)
MAKER(speedscope)

static int make_heatmap(const void *options, const char *directory, ty_collector **collector)
{
	return ty_heatmap_new(options, directory, collector);
}

static int make_binary(const void *options, const char *path, ty_collector **collector)
{
	return ty_binary_new(options, path, collector);
}

/* clang-format off */
#define NUMBER(kind, member) { #member, offsetof(ty_##kind##_options, member), false }
#define TEXT(kind, member) { #member, offsetof(ty_##kind##_options, member), true }
#define SOURCE(kind) offsetof(ty_##kind##_options, source)
#define KIND(kind, ...) { #kind, sizeof(ty_##kind##_options), make_##kind, NULL, 0, { __VA_ARGS__ } }
#define KIND_SOURCE(kind, ...) { #kind, sizeof(ty_##kind##_options), make_##kind, NULL, SOURCE(kind), { __VA_ARGS__ } }
#define PATH(kind, ...) { #kind, sizeof(ty_##kind##_options), NULL, make_##kind, 0, { __VA_ARGS__ } }
#define PATH_SOURCE(kind, ...) { #kind, sizeof(ty_##kind##_options), NULL, make_##kind, SOURCE(kind), { __VA_ARGS__ } }

static const struct kind KINDS[] = {
	KIND_SOURCE(annotation, NUMBER(annotation, format), NUMBER(annotation, parts), TEXT(annotation, function),
             NUMBER(annotation, limit), NUMBER(annotation, trust), NUMBER(annotation, color)),
	PATH(binary, NUMBER(binary, compression), NUMBER(binary, opcodes), NUMBER(binary, trust)),
	KIND(callgrind, NUMBER(callgrind, opcodes), NUMBER(callgrind, trust)),
	KIND(chrome_trace, NUMBER(chrome_trace, opcodes), NUMBER(chrome_trace, trust)),
	KIND(collapsed, NUMBER(collapsed, opcodes), NUMBER(collapsed, offsets), NUMBER(collapsed, trust)),
	KIND_SOURCE(flamegraph, NUMBER(flamegraph, opcodes), NUMBER(flamegraph, trust)),
	KIND(gecko, NUMBER(gecko, opcodes), NUMBER(gecko, trust)),
	PATH_SOURCE(heatmap, NUMBER(heatmap, opcodes), NUMBER(heatmap, trust)),
	KIND(jsonl, NUMBER(jsonl, opcodes), NUMBER(jsonl, stacks), NUMBER(jsonl, times), NUMBER(jsonl, trust)),
	KIND(perfetto, NUMBER(perfetto, opcodes), NUMBER(perfetto, trust)),
	KIND(pprof, NUMBER(pprof, opcodes), NUMBER(pprof, trust)),
	KIND(pstats, NUMBER(pstats, format), NUMBER(pstats, sort), NUMBER(pstats, limit), NUMBER(pstats, no_summary),
             NUMBER(pstats, color), NUMBER(pstats, opcodes), NUMBER(pstats, trust)),
	KIND(speedscope, NUMBER(speedscope, opcodes), NUMBER(speedscope, trust)),
};
/* clang-format on */

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
		if (strcmp(KINDS[i].name, name) == 0)
			return &KINDS[i];
	PyErr_Format(PyExc_ValueError, "there is no collector '%s'", name);
	return NULL;
}

/* ---- options ---- */

/* Members that are numbers are all of 32 bits. */
static bool put_option(union any_options *options, const struct option *option, PyObject *value)
{
	char *place = (char *)options + option->offset;
	unsigned long number;
	const char *text;
	uint32_t bits;

	if (option->is_text) {
		text = tpy_to_text(option->name, value);
		memcpy(place, &text, sizeof(text));
		return text != NULL;
	}
	number = PyLong_AsUnsignedLong(value);
	if (PyErr_Occurred())
		return false;
	if (number > UINT32_MAX) {
		PyErr_Format(PyExc_OverflowError, "%s is too large", option->name);
		return false;
	}
	bits = (uint32_t)number;
	memcpy(place, &bits, sizeof(bits));
	return true;
}

static bool fill_options(const struct kind *kind, PyObject *dict, union any_options *options)
{
	Py_ssize_t found = 0;

	options->size = kind->size_bytes;
	for (const struct option *option = kind->options; option->name; option++) {
		PyObject *value = PyDict_GetItemString(dict, option->name);

		if (value && !put_option(options, option, value))
			return false;
		found += value != NULL;
	}
	if (found == PyDict_Size(dict))
		return true;
	PyErr_Format(PyExc_TypeError, "collector '%s' has no such option: %R", kind->name, dict);
	return false;
}

/* ---- source lines for an annotation ---- */

/* The line stays with the collector, so that it is valid until the next. */
static const char *source_line(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	struct collector *collector = user_data;
	PyThreadState *entered = tpy_gil_enter();
	PyObject *name = tpy_text(filename);
	PyObject *result = name ? PyObject_CallFunction(collector->source, "Oi", name, (int)line) : NULL;
	Py_ssize_t length = 0;
	const char *text = NULL;

	Py_XDECREF(name);
	Py_CLEAR(collector->line);
	collector->line = result;
	if (result && result != Py_None)
		text = PyUnicode_AsUTF8AndSize(result, &length);
	if (PyErr_Occurred())
		tpy_raised_keep(&collector->to.raised);
	*size_bytes = (size_t)length;
	tpy_gil_leave(entered);
	return text;
}

static void set_source(struct collector *collector, const struct kind *kind, union any_options *options,
                       PyObject *source)
{
	const ty_source_fn function = source_line;
	const void *const user_data = collector;
	char *place = (char *)options + kind->source_offset;

	if (source == Py_None || !kind->source_offset)
		return;
	collector->source = Py_NewRef(source);
	memcpy(place, &function, sizeof(function));
	memcpy(place + sizeof(function), &user_data, sizeof(user_data));
}

/* ---- what a flame graph is compared with ---- */

/* It is read to its end while the collector is made. */
static bool set_baseline(struct tpy_state *state, const struct kind *kind, union any_options *options, PyObject *target)
{
	struct tpy_handle *handle;

	if (target == Py_None)
		return true;
	if (strcmp(kind->name, "flamegraph") != 0 || Py_TYPE(target) != state->target) {
		PyErr_SetString(PyExc_TypeError, "baseline: a Target, for a flame graph");
		return false;
	}
	handle = ((struct tpy_target *)target)->handle;
	options->flamegraph.baseline = handle->target;
	return tpy_handle_ask(state, handle);
}

/* ---- the object ---- */

static int make_at_path(struct collector *collector, struct tpy_state *state, const struct kind *kind,
                        PyObject *destination, const union any_options *options)
{
	PyObject *path = NULL;
	int result;

	if (!PyUnicode_FSConverter(destination, &path))
		return -1;
	result = kind->make_at(options, PyBytes_AsString(path), &collector->collector);
	if (result < 0)
		tpy_fail(state, NULL, result);
	Py_DECREF(path);
	return result;
}

static int make(struct collector *collector, struct tpy_state *state, const struct kind *kind, PyObject *destination,
                const union any_options *options)
{
	int result;

	if (kind->make_at)
		return make_at_path(collector, state, kind, destination, options);
	if (!tpy_destination_open(&collector->to, state, destination))
		return -1;
	result = kind->make(options, collector->to.sink, &collector->collector);
	collector->sink = collector->to.sink;
	collector->to.sink = NULL;
	if (result < 0)
		tpy_fail(state, NULL, result);
	return result;
}

static PyObject *collector_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
	static char *names[] = { "kind", "destination", "options", "source", "baseline", NULL };
	PyObject *destination = Py_None, *dict = NULL, *source = Py_None, *baseline = Py_None;
	union any_options options = { 0 };
	struct collector *collector;
	const struct kind *kind;
	const char *name;

	if (!PyArg_ParseTupleAndKeywords(args, keywords, "sOO!|OO:Collector", names, &name, &destination, &PyDict_Type,
	                                 &dict, &source, &baseline))
		return NULL;
	kind = find_kind(name);
	if (!kind || !fill_options(kind, dict, &options))
		return NULL;
	collector = (struct collector *)PyType_GenericAlloc(type, 0);
	if (!collector)
		return NULL;
	set_source(collector, kind, &options, source);
	if (set_baseline(PyType_GetModuleState(type), kind, &options, baseline) &&
	    make(collector, PyType_GetModuleState(type), kind, destination, &options) == 0)
		return (PyObject *)collector;
	Py_DECREF((PyObject *)collector);
	return NULL;
}

static int collector_traverse(PyObject *self, visitproc visit, void *arg)
{
	struct collector *collector = (struct collector *)self;

	Py_VISIT((PyObject *)Py_TYPE(self));
	Py_VISIT(collector->to.file);
	Py_VISIT(collector->source);
	Py_VISIT(collector->to.raised.value);
	return 0;
}

static void collector_dealloc(PyObject *self)
{
	struct collector *collector = (struct collector *)self;

	PyObject_GC_UnTrack(self);

	ty_collector_free(collector->collector);
	tpy_destination_close(&collector->to);
	Py_XDECREF(collector->source);
	Py_XDECREF(collector->line);
	tpy_free(self);
}

static bool refuse_busy(struct tpy_state *state, const struct collector *collector)
{
	if (collector->busy)
		tpy_fail_with(state, -EBUSY, "the collector is in use by a run");
	return collector->busy;
}

ty_collector *tpy_collector_take(struct tpy_state *state, PyObject *object)
{
	struct collector *collector = (struct collector *)object;

	if (Py_TYPE(object) != state->collector || refuse_busy(state, collector))
		return NULL;
	collector->busy = true;
	return collector->collector;
}

bool tpy_collector_give(PyObject *object)
{
	struct collector *collector = (struct collector *)object;

	collector->busy = false;
	return !tpy_raised_again(&collector->to.raised);
}

static PyObject *collector_data(PyObject *self, void *unused)
{
	struct collector *collector = (struct collector *)self;
	const char *data = NULL;
	size_t size_bytes = 0;

	(void)unused;
	if (refuse_busy(tpy_state_of(self), collector))
		return NULL;
	if (collector->to.memory)
		data = ty_sink_data(collector->sink, &size_bytes);
	if (!data)
		Py_RETURN_NONE;
	return PyBytes_FromStringAndSize(data, (Py_ssize_t)size_bytes);
}

static PyGetSetDef collector_getset[] = {
	{ "data", collector_data, NULL, "what was written, if the destination is None: after the run, all of it",
	  NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot collector_slots[] = {
	{ Py_tp_doc, (void *)"A built-in collector, for one run: see tachyon.collectors." },
	{ Py_tp_new, collector_new },
	{ Py_tp_dealloc, collector_dealloc },
	{ Py_tp_traverse, collector_traverse },
	{ Py_tp_getset, collector_getset },
	{ 0, NULL },
};

PyType_Spec tpy_collector_spec = {
	.name = "tachyon.Collector",
	.basicsize = sizeof(struct collector),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = collector_slots,
};
