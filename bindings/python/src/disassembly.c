/* SPDX-License-Identifier: Apache-2.0 */
#include "disassembly.h"

static PyObject *version_pair(uint32_t version)
{
	return Py_BuildValue("(II)", version >> 8, version & 0xff);
}

static PyObject *call_type(PyObject *module, const char *name, unsigned long value)
{
	PyObject *type = PyObject_GetAttrString(module, name);
	PyObject *member = type ? PyObject_CallFunction(type, "k", value) : NULL;

	Py_XDECREF(type);
	return member;
}

static PyObject *new_opcode(struct tpy_state *state, const ty_opcode *opcode)
{
	PyObject *enums = PyImport_ImportModule("tachyon._enums");
	PyObject *result = NULL;

	if (!enums)
		return NULL;
	result = TPY_STRUCT(state->structs[TPY_OPCODE], version_pair(opcode->version), PyLong_FromLong(opcode->number),
	                    tpy_text(opcode->name), PyLong_FromLong(opcode->base), tpy_text(opcode->base_name),
	                    opcode->family ? tpy_text(opcode->family) : Py_NewRef(Py_None),
	                    call_type(enums, "OpcodeFlag", opcode->flags), PyLong_FromLong(opcode->caches),
	                    call_type(enums, "OpcodeArgument", opcode->argument));
	Py_DECREF(enums);
	return result;
}

PyObject *tpy_decode_opcode(PyObject *module, PyObject *args)
{
	struct tpy_state *state = PyModule_GetState(module);
	ty_opcode opcode = { .size = sizeof(opcode) };
	unsigned int version, number;
	int result;

	if (!PyArg_ParseTuple(args, "O&O&:decode_opcode", tpy_to_uint, &version, tpy_to_uint, &number))
		return NULL;
	result = ty_decode_opcode(version, number, &opcode);
	return result < 0 ? tpy_fail(state, NULL, result) : new_opcode(state, &opcode);
}

static PyObject *new_instruction(struct tpy_state *state, const ty_instruction_info *info)
{
	return TPY_STRUCT(state->structs[TPY_INSTRUCTION], PyLong_FromLong(info->offset), PyLong_FromLong(info->opcode),
	                  tpy_text(info->name), PyLong_FromLong(info->base), tpy_text(info->base_name),
	                  PyLong_FromUnsignedLong(info->argument), PyLong_FromLong(info->executing),
	                  PyLong_FromLong(info->flags), PyLong_FromUnsignedLong(info->opcode_flags));
}

PyObject *tpy_instruction_of(struct tpy_state *state, struct tpy_handle *handle, const ty_frame *frame)
{
	ty_instruction_info info = { .size = sizeof(info) };
	int result;

	if (!tpy_handle_ask(state, handle))
		return NULL;
	result = ty_instruction(handle->target, frame, &info);
	if (result == -TY_ENOTFOUND)
		Py_RETURN_NONE;
	return result < 0 ? tpy_fail(state, handle->target, result) : new_instruction(state, &info);
}

/* ---- disassembly ---- */

struct listing {
	struct tpy_state *state;
	PyObject *rows;
};

static PyObject *new_row(struct tpy_state *state, const ty_disassembly_row *row)
{
	const ty_location_info *location = row->location;

	return TPY_STRUCT(state->structs[TPY_ROW], new_instruction(state, row->instruction),
	                  TPY_STRUCT(state->structs[TPY_LOCATION], PyLong_FromLong(location->line),
	                             PyLong_FromLong(location->end_line), PyLong_FromLong(location->column),
	                             PyLong_FromLong(location->end_column)),
	                  tpy_text(row->argument_text), PyLong_FromLong(row->target),
	                  PyLong_FromUnsignedLong(row->label), PyLong_FromLong(row->handler),
	                  PyLong_FromUnsignedLong(row->handler_depth), PyBool_FromLong(row->handler_lasti));
}

/* Called with the GIL held, as ty_disassemble() is. Positive: an exception is set. */
static int add_row(const ty_disassembly_row *row, void *user_data)
{
	struct listing *listing = user_data;
	PyObject *item = new_row(listing->state, row);
	int result = item ? PyList_Append(listing->rows, item) : -1;

	Py_XDECREF(item);
	return result < 0;
}

PyObject *tpy_disassemble(struct tpy_state *state, struct tpy_handle *handle, uint32_t function)
{
	struct listing listing = { .state = state };
	int result;

	if (!tpy_handle_ask(state, handle))
		return NULL;
	listing.rows = PyList_New(0);
	if (!listing.rows)
		return NULL;
	result = ty_disassemble(handle->target, function, add_row, &listing);
	if (result == 0)
		return listing.rows;
	Py_DECREF(listing.rows);
	return result < 0 ? tpy_fail(state, handle->target, result) : NULL;
}
