/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

/* ---- frames ---- */

static PyObject *new_location(struct tpy_frames *frames, const ty_frame *frame)
{
	ty_location_info location = { .size = sizeof(location) };
	int result;

	if (frame->kind != TY_FRAME_PYTHON)
		Py_RETURN_NONE;
	result = ty_location(frames->handle->target, frame, &location);
	if (result < 0)
		return tpy_fail(frames->state, frames->handle->target, result);
	return TPY_STRUCT(frames->state->structs[TPY_LOCATION_INFO], PyLong_FromLong(location.line),
	                  PyLong_FromLong(location.end_line), PyLong_FromLong(location.column),
	                  PyLong_FromLong(location.end_column));
}

PyObject *tpy_frame_info(struct tpy_frames *frames, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function) };
	int result = ty_function(frames->handle->target, frame->function, &function);

	if (result < 0)
		return tpy_fail(frames->state, frames->handle->target, result);
	return TPY_STRUCT(frames->state->structs[TPY_FRAME_INFO], tpy_text(function.filename),
	                  new_location(frames, frame), tpy_text(function.qualname),
	                  frame->flags & TY_FRAME_HAS_OPCODE ? PyLong_FromLong(frame->opcode) : Py_NewRef(Py_None));
}

/*
 * The frame as it is looked up in the cache: without what does not show in a FrameInfo, so that a function that is
 * called again at the same place is the same object; and with an opcode where they are wanted, also below the leaf.
 */
static ty_frame frame_key(struct tpy_frames *frames, bool opcodes, const ty_frame *frame)
{
	ty_frame key = { .function = frame->function, .offset = frame->offset, .kind = frame->kind };
	ty_instruction_info instruction = { .size = sizeof(instruction) };

	if (!opcodes)
		return key;
	key.flags = frame->flags & TY_FRAME_HAS_OPCODE;
	key.opcode = frame->opcode;
	if (!key.flags && ty_instruction(frames->handle->target, frame, &instruction) == 0) {
		key.flags = TY_FRAME_HAS_OPCODE;
		key.opcode = (uint8_t)instruction.executing;
	}
	return key;
}

PyObject *tpy_frame_infos(struct tpy_frames *frames, bool opcodes, const ty_frame *raw, uint32_t count)
{
	PyObject *list = PyList_New(count);

	for (uint32_t i = 0; list && i < count; i++) {
		ty_frame key = frame_key(frames, opcodes, &raw[i]);
		PyObject *frame = tpy_frame_object(frames, &key);

		if (!frame)
			Py_CLEAR(list);
		else
			PyList_SetItem(list, i, frame);
	}
	return list;
}

/* ---- threads and interpreters ---- */

/* The threads of one answer, by interpreter: the library lists them so. */
struct trace {
	PyObject *interpreters; /* the answer: a list */
	PyObject *threads;      /* of the interpreter at its end, borrowed */
	int64_t interpreter;
	size_t unproven;
	size_t added;
};

static PyTypeObject *type_of(const struct tpy_tracer *tracer, enum tpy_struct which)
{
	return tracer->frames.state->structs[which];
}

/* Adds an interpreter with its first thread, which it takes. */
static bool add_interpreter(struct tpy_tracer *tracer, struct trace *trace, int64_t id, PyObject *thread)
{
	PyObject *threads = tpy_list_of_one(thread);
	PyObject *info = TPY_STRUCT(type_of(tracer, TPY_INTERPRETER_INFO), PyLong_FromLongLong(id), threads);
	int result = info ? PyList_Append(trace->interpreters, info) : -1;

	trace->threads = threads;
	trace->interpreter = id;
	Py_XDECREF(info);
	return result == 0;
}

static PyObject *new_thread(struct tpy_tracer *tracer, size_t index, const ty_thread_info *thread)
{
	struct tpy_stack *stack =
	        tpy_stack_update(&tracer->stacks, index, &tracer->frames, tracer->opcodes, thread, tpy_frame_infos);

	if (!stack)
		return NULL;
	return TPY_STRUCT(type_of(tracer, TPY_THREAD_INFO), Py_NewRef(stack->id),
	                  PyLong_FromUnsignedLong(thread->status), PyList_GetSlice(stack->list, 0, stack->count));
}

static bool add_thread(struct tpy_tracer *tracer, struct trace *trace, size_t index, const ty_thread_info *thread)
{
	PyObject *info;
	int result;

	if (tracer->wanted && !(thread->status & tracer->wanted))
		return true;
	if (!tracer->all_verdicts && thread->verdict != TY_VERIFIED && thread->verdict != TY_REPAIRED) {
		trace->unproven++;
		return true;
	}
	trace->added++;
	info = new_thread(tracer, index, thread);
	if (!info || !trace->threads || trace->interpreter != thread->interpreter)
		return info && add_interpreter(tracer, trace, thread->interpreter, info);
	result = PyList_Append(trace->threads, info);
	Py_DECREF(info);
	return result == 0;
}

static bool add_threads(struct tpy_tracer *tracer, struct trace *trace, const ty_snapshot *snapshot)
{
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_snapshot_thread(snapshot, i, &thread) == 0 && !add_thread(tracer, trace, i, &thread))
			return false;
	}
	return true;
}

PyObject *tpy_trace(struct tpy_tracer *tracer, const ty_snapshot *snapshot)
{
	struct trace trace = { .interpreters = PyList_New(0) };

	if (trace.interpreters && add_threads(tracer, &trace, snapshot) && (trace.added || !trace.unproven))
		return trace.interpreters;
	Py_XDECREF(trace.interpreters);
	if (!PyErr_Occurred())
		PyErr_SetString(PyExc_RuntimeError, "the stack changed while it was read; try again");
	return NULL;
}

void tpy_tracer_free(struct tpy_tracer *tracer)
{
	tpy_stacks_free(&tracer->stacks);
	tpy_frames_free(&tracer->frames);
}
