/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <structmember.h>

#include "disassembly.h"

#define FIRST_CAPACITY 256

struct function {
	PyObject_HEAD
	struct tpy_handle *handle;
	PyObject *name, *qualname, *filename;
	unsigned int id, first_line, bytecode_bytes;
	unsigned long long address;
};

struct frame {
	PyObject_HEAD
	struct tpy_handle *handle;
	PyObject *function; /* struct function */
	PyObject *location; /* Location */
	PyObject *kind;
	ty_frame raw;
};

/* ---- the cache ---- */

static size_t slot_of(const struct tpy_frames *frames, const ty_frame *key)
{
	uint64_t words[2];

	_Static_assert(sizeof(words) == sizeof(*key), "a frame is two words");
	memcpy(words, key, sizeof(words));
	words[0] ^= words[1] * 0x9e3779b97f4a7c15ULL;
	words[0] *= 0xff51afd7ed558ccdULL;
	return (size_t)(words[0] ^ words[0] >> 32) & (frames->capacity - 1);
}

static struct tpy_frame_entry *find(const struct tpy_frames *frames, const ty_frame *key)
{
	size_t slot = slot_of(frames, key);

	while (frames->entries[slot].object && memcmp(&frames->entries[slot].key, key, sizeof(*key)) != 0)
		slot = (slot + 1) & (frames->capacity - 1);
	return &frames->entries[slot];
}

static void forget_frames(struct tpy_frames *frames)
{
	struct tpy_frame_entry *entries = frames->entries;
	size_t capacity = frames->capacity;

	frames->entries = NULL;
	frames->capacity = frames->count = 0;
	for (size_t i = 0; i < capacity; i++)
		Py_XDECREF(entries[i].object);
	free(entries);
}

/* Makes room for one more: at most half of the entries are used. */
static bool reserve(struct tpy_frames *frames)
{
	struct tpy_frames old = *frames;

	if (frames->count * 2 < frames->capacity)
		return true;
	if (frames->count >= TPY_FRAMES_MAX) {
		forget_frames(frames);
		return reserve(frames);
	}
	frames->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
	frames->entries = calloc(frames->capacity, sizeof(*frames->entries));
	if (!frames->entries) {
		*frames = old;
		PyErr_NoMemory();
		return false;
	}
	for (size_t i = 0; i < old.capacity; i++)
		if (old.entries[i].object)
			*find(frames, &old.entries[i].key) = old.entries[i];
	free(old.entries);
	return true;
}

PyObject *tpy_frame_object(struct tpy_frames *frames, const ty_frame *frame)
{
	struct tpy_frame_entry *entry = frames->capacity ? find(frames, frame) : NULL;
	PyObject *object;

	if (entry && entry->object)
		return Py_NewRef(entry->object);
	object = frames->make(frames, frame);
	if (!object || !reserve(frames)) {
		Py_XDECREF(object);
		return NULL;
	}
	entry = find(frames, frame);
	*entry = (struct tpy_frame_entry){ .key = *frame, .object = object };
	frames->count++;
	return Py_NewRef(object);
}

PyObject *tpy_frame_tuple(struct tpy_frames *frames, const ty_frame *raw, uint32_t count)
{
	PyObject *tuple = PyTuple_New(count);

	for (uint32_t i = 0; tuple && i < count; i++) {
		PyObject *frame = tpy_frame_object(frames, &raw[i]);

		if (!frame)
			Py_CLEAR(tuple);
		else
			PyTuple_SetItem(tuple, i, frame);
	}
	return tuple;
}

void tpy_frames_free(struct tpy_frames *frames)
{
	forget_frames(frames);
	for (size_t i = 0; i < frames->function_count; i++)
		Py_XDECREF(frames->functions[i]);
	free(frames->functions);
	frames->functions = NULL;
	frames->function_count = 0;
}

/* ---- functions ---- */

static PyObject *new_function(struct tpy_frames *frames, uint32_t id)
{
	ty_function_info info = { .size = sizeof(info) };
	int result = ty_function(frames->handle->target, id, &info);
	struct function *function;

	if (result < 0)
		return tpy_fail(frames->state, frames->handle->target, result);
	function = PyObject_New(struct function, frames->state->function);
	if (!function)
		return NULL;
	function->handle = tpy_handle_hold(frames->handle);
	function->id = id;
	function->first_line = info.first_line;
	function->bytecode_bytes = info.bytecode_bytes;
	function->address = info.address;
	function->name = tpy_text(info.name);
	function->qualname = tpy_text(info.qualname);
	function->filename = tpy_text(info.filename);
	if (function->name && function->qualname && function->filename)
		return (PyObject *)function;
	Py_DECREF((PyObject *)function);
	return NULL;
}

/* Ids are dense: the array grows with the functions of the target. */
static bool reserve_functions(struct tpy_frames *frames, uint32_t id)
{
	size_t count = frames->function_count;
	PyObject **functions;

	if (id < count)
		return true;
	count = (size_t)id + 1 + id / 2;
	functions = realloc(frames->functions, count * sizeof(*functions));
	if (!functions) {
		PyErr_NoMemory();
		return false;
	}
	memset(functions + frames->function_count, 0, (count - frames->function_count) * sizeof(*functions));
	frames->functions = functions;
	frames->function_count = count;
	return true;
}

PyObject *tpy_function_object(struct tpy_frames *frames, uint32_t id)
{
	PyObject *function;

	if (id < frames->function_count && frames->functions[id])
		return Py_NewRef(frames->functions[id]);
	function = new_function(frames, id);
	if (!function || !reserve_functions(frames, id)) {
		Py_XDECREF(function);
		return NULL;
	}
	frames->functions[id] = function;
	return Py_NewRef(function);
}

uint32_t tpy_function_id(struct tpy_state *state, PyObject *object, const struct tpy_handle *handle)
{
	struct function *function = (struct function *)object;

	if (Py_TYPE(object) == state->frame)
		function = (struct function *)((struct frame *)object)->function;
	else if (Py_TYPE(object) != state->function) {
		PyErr_SetString(PyExc_TypeError, "a Function or a Frame is wanted");
		return 0;
	}
	if (function->handle == handle)
		return function->id;
	PyErr_SetString(PyExc_ValueError, "the function is one of another target");
	return 0;
}

static void function_dealloc(PyObject *self)
{
	struct function *function = (struct function *)self;

	tpy_handle_drop(function->handle);
	Py_XDECREF(function->name);
	Py_XDECREF(function->qualname);
	Py_XDECREF(function->filename);
	tpy_free(self);
}

static PyObject *function_repr(PyObject *self)
{
	struct function *function = (struct function *)self;

	return PyUnicode_FromFormat("<Function %U (%U:%u)>", function->qualname, function->filename,
	                            function->first_line);
}

static PyMemberDef function_members[] = {
	{ "id", T_UINT, offsetof(struct function, id), READONLY, "id within its target, from 1" },
	{ "name", T_OBJECT_EX, offsetof(struct function, name), READONLY, "co_name" },
	{ "qualname", T_OBJECT_EX, offsetof(struct function, qualname), READONLY, "co_qualname" },
	{ "filename", T_OBJECT_EX, offsetof(struct function, filename), READONLY, "co_filename; '~' if artificial" },
	{ "first_line", T_UINT, offsetof(struct function, first_line), READONLY, "co_firstlineno" },
	{ "bytecode_bytes", T_UINT, offsetof(struct function, bytecode_bytes), READONLY, "size of its bytecode" },
	{ "address", T_ULONGLONG, offsetof(struct function, address), READONLY, "address of its code object" },
	{ NULL, 0, 0, 0, NULL },
};

static PyType_Slot function_slots[] = {
	{ Py_tp_doc, (void *)"A function of a target: what its code object says." },
	{ Py_tp_dealloc, function_dealloc },
	{ Py_tp_repr, function_repr },
	{ Py_tp_members, function_members },
	{ 0, NULL },
};

PyType_Spec tpy_function_spec = {
	.name = "tachyon.Function",
	.basicsize = sizeof(struct function),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = function_slots,
};

/* ---- frames ---- */

static PyObject *new_location(struct tpy_frames *frames, const ty_frame *raw)
{
	ty_location_info location = { .size = sizeof(location) };
	int result = ty_location(frames->handle->target, raw, &location);

	if (result < 0)
		return tpy_fail(frames->state, frames->handle->target, result);
	return TPY_STRUCT(frames->state->structs[TPY_LOCATION], PyLong_FromLong(location.line),
	                  PyLong_FromLong(location.end_line), PyLong_FromLong(location.column),
	                  PyLong_FromLong(location.end_column));
}

PyObject *tpy_frame_new(struct tpy_frames *frames, const ty_frame *raw)
{
	PyObject *function = tpy_function_object(frames, raw->function);
	PyObject *location = function ? new_location(frames, raw) : NULL;
	struct frame *frame = location ? PyObject_New(struct frame, frames->state->frame) : NULL;

	if (!frame) {
		Py_XDECREF(function);
		Py_XDECREF(location);
		return NULL;
	}
	frame->handle = tpy_handle_hold(frames->handle);
	frame->function = function;
	frame->location = location;
	frame->raw = *raw;
	frame->kind = tpy_member(frames->state->kind_type, frames->state->kinds, TPY_KINDS, raw->kind);
	if (frame->kind)
		return (PyObject *)frame;
	Py_DECREF((PyObject *)frame);
	return NULL;
}

static void frame_dealloc(PyObject *self)
{
	struct frame *frame = (struct frame *)self;

	tpy_handle_drop(frame->handle);
	Py_XDECREF(frame->function);
	Py_XDECREF(frame->location);
	Py_XDECREF(frame->kind);
	tpy_free(self);
}

static PyObject *frame_repr(PyObject *self)
{
	struct frame *frame = (struct frame *)self;
	struct function *function = (struct function *)frame->function;
	PyObject *line = PySequence_GetItem(frame->location, 0);
	PyObject *text = line ? PyUnicode_FromFormat("<Frame %U (%U:%S) at %d>", function->qualname, function->filename,
	                                             line, (int)frame->raw.offset)
	                      : NULL;

	Py_XDECREF(line);
	return text;
}

/* What a frame repeats of its function and location, by the offset of the member there. */
static PyObject *frame_of_function(PyObject *self, void *offset)
{
	char *function = (char *)((struct frame *)self)->function;

	return Py_NewRef(*(PyObject **)(function + (size_t)offset));
}

static PyObject *frame_line(PyObject *self, void *unused)
{
	(void)unused;
	return PySequence_GetItem(((struct frame *)self)->location, 0);
}

static PyObject *frame_flag(PyObject *self, void *flag)
{
	return PyBool_FromLong(((struct frame *)self)->raw.flags & (long)(size_t)flag);
}

static PyObject *frame_opcode(PyObject *self, void *unused)
{
	struct frame *frame = (struct frame *)self;

	(void)unused;
	if (frame->raw.flags & TY_FRAME_HAS_OPCODE)
		return PyLong_FromLong(frame->raw.opcode);
	Py_RETURN_NONE;
}

static PyObject *frame_instruction(PyObject *self, void *unused)
{
	struct frame *frame = (struct frame *)self;

	(void)unused;
	return tpy_instruction_of(tpy_state_of(self), frame->handle, &frame->raw);
}

static PyMemberDef frame_members[] = {
	{ "function", T_OBJECT_EX, offsetof(struct frame, function), READONLY, "Function" },
	{ "location", T_OBJECT_EX, offsetof(struct frame, location), READONLY, "Location of the instruction" },
	{ "kind", T_OBJECT_EX, offsetof(struct frame, kind), READONLY, "FrameKind" },
	{ "offset", T_INT, offsetof(struct frame, raw.offset), READONLY,
	  "byte offset of the instruction; -1: it has not begun, or is not known" },
	{ NULL, 0, 0, 0, NULL },
};

static PyGetSetDef frame_getset[] = {
	{ "name", frame_of_function, NULL, "co_name", (void *)offsetof(struct function, name) },
	{ "qualname", frame_of_function, NULL, "co_qualname", (void *)offsetof(struct function, qualname) },
	{ "filename", frame_of_function, NULL, "co_filename", (void *)offsetof(struct function, filename) },
	{ "line", frame_line, NULL, "line of the instruction; -1: not known", NULL },
	{ "opcode", frame_opcode, NULL, "opcode as executing, None if it was not read with the frame", NULL },
	{ "opcode_later", frame_flag, NULL, "whether opcode was read at another time than the frame",
	  (void *)TY_FRAME_OPCODE_LATER },
	{ "is_generator", frame_flag, NULL, "whether it is one of a generator or coroutine",
	  (void *)TY_FRAME_GENERATOR },
	{ "is_entry", frame_flag, NULL, "whether C called the interpreter here", (void *)TY_FRAME_ENTRY },
	{ "instruction", frame_instruction, NULL,
	  "Instruction that the frame stands on, None for artificial frames; asks the target, which must be attached",
	  NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

static PyType_Slot frame_slots[] = {
	{ Py_tp_doc, (void *)"A frame of a stack. Equal frames of a target are the same object." },
	{ Py_tp_dealloc, frame_dealloc },
	{ Py_tp_repr, frame_repr },
	{ Py_tp_members, frame_members },
	{ Py_tp_getset, frame_getset },
	{ 0, NULL },
};

PyType_Spec tpy_frame_spec = {
	.name = "tachyon.Frame",
	.basicsize = sizeof(struct frame),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
	.slots = frame_slots,
};
