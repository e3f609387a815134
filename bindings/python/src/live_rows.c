/* SPDX-License-Identifier: Apache-2.0 */
#include "live_rows.h"

#define NUMBER(value) PyLong_FromUnsignedLongLong(value)
#define SIGNED(value) PyLong_FromLongLong(value)

static PyObject *text(const char *text)
{
	return tpy_text(text ? text : "");
}

PyObject *tpy_live_overview(struct tpy_state *state, ty_live *live, uint32_t thread)
{
	ty_live_overview_info o = { .size = sizeof(o) };
	int result = ty_live_overview(live, thread, &o);

	if (result < 0)
		return tpy_fail(state, NULL, result);
	return TPY_STRUCT(state->structs[TPY_LIVE_OVERVIEW], NUMBER(o.duration_ns), NUMBER(o.samples), NUMBER(o.missed),
	                  NUMBER(o.failed), NUMBER(o.stacks), NUMBER(o.verified), NUMBER(o.repaired), NUMBER(o.torn),
	                  NUMBER(o.incomplete), NUMBER(o.unreadable), NUMBER(o.counted), NUMBER(o.has_gil),
	                  NUMBER(o.on_cpu), NUMBER(o.unknown), NUMBER(o.gil_requested), NUMBER(o.has_exception),
	                  NUMBER(o.collecting), NUMBER(o.threads), NUMBER(o.functions), NUMBER(o.executing));
}

static PyObject *new_thread(struct tpy_state *state, ty_live *live, uint32_t thread)
{
	ty_live_thread_info t = { .size = sizeof(t) };
	int result = ty_live_thread(live, thread, &t);

	if (result < 0)
		return tpy_fail(state, NULL, result);
	return TPY_STRUCT(state->structs[TPY_LIVE_THREAD], NUMBER(t.thread), PyBool_FromLong(t.is_main), NUMBER(t.id),
	                  SIGNED(t.interpreter), NUMBER(t.counted), text(t.name));
}

PyObject *tpy_live_threads(struct tpy_state *state, ty_live *live)
{
	ty_live_overview_info overview = { .size = sizeof(overview) };
	int result = ty_live_overview(live, 0, &overview);
	PyObject *list = result < 0 ? tpy_fail(state, NULL, result) : PyList_New(overview.threads);

	for (uint32_t i = 0; list && i < overview.threads; i++) {
		PyObject *thread = new_thread(state, live, i + 1);

		if (!thread)
			Py_CLEAR(list);
		else
			PyList_SetItem(list, i, thread);
	}
	return list;
}

PyObject *tpy_live_function(struct tpy_state *state, ty_live *live, size_t index)
{
	ty_live_function_info f = { .size = sizeof(f) };
	int result = ty_live_function(live, index, &f);

	if (result < 0)
		return tpy_fail(state, NULL, result);
	return TPY_STRUCT(state->structs[TPY_LIVE_FUNCTION], NUMBER(f.function), SIGNED(f.line), text(f.filename),
	                  text(f.name), NUMBER(f.leaf), NUMBER(f.on_stack), SIGNED(f.leaf_trend),
	                  SIGNED(f.on_stack_trend));
}

/* Of a line, members beyond on_stack mean nothing: they are what an instruction has that is not known. */
static PyObject *new_line(struct tpy_state *state, const ty_live_instruction_info *i)
{
	return TPY_STRUCT(state->structs[TPY_LIVE_INSTRUCTION], PyBool_FromLong(true), SIGNED(i->line), NUMBER(i->leaf),
	                  NUMBER(i->on_stack), SIGNED(-1), SIGNED(-1), SIGNED(-1), SIGNED(-1), text(NULL), text(NULL),
	                  text(NULL), Py_NewRef(Py_None), NUMBER(0),
	                  tpy_member(state->live_form_type, NULL, 0, TY_LIVE_FORM_UNKNOWN), NUMBER(0), NUMBER(0),
	                  Py_NewRef(Py_None));
}

PyObject *tpy_live_instruction(struct tpy_state *state, ty_live *live, size_t index)
{
	ty_live_instruction_info i = { .size = sizeof(i) };
	int result = ty_live_instruction(live, index, &i);

	if (result < 0)
		return tpy_fail(state, NULL, result);
	if (i.is_line)
		return new_line(state, &i);
	return TPY_STRUCT(state->structs[TPY_LIVE_INSTRUCTION], PyBool_FromLong(false), SIGNED(i.line), NUMBER(i.leaf),
	                  NUMBER(i.on_stack), SIGNED(i.offset), SIGNED(i.column), SIGNED(i.end_line),
	                  SIGNED(i.end_column), text(i.name), text(i.base_name), text(i.argument_text),
	                  i.has_argument ? NUMBER(i.argument) : Py_NewRef(Py_None), NUMBER(i.label),
	                  tpy_member(state->live_form_type, NULL, 0, (uint32_t)i.form), NUMBER(i.forms),
	                  NUMBER(i.flags), i.name && *i.name ? NUMBER(i.opcode) : Py_NewRef(Py_None));
}

PyObject *tpy_live_call(struct tpy_state *state, ty_live *live, size_t index)
{
	ty_live_call_info c = { .size = sizeof(c) };
	int result = ty_live_call(live, index, &c);

	if (result < 0)
		return tpy_fail(state, NULL, result);
	return TPY_STRUCT(state->structs[TPY_LIVE_CALL], NUMBER(c.function), NUMBER(c.depth), SIGNED(c.line),
	                  PyBool_FromLong(c.is_last), text(c.filename), text(c.name), NUMBER(c.samples));
}
