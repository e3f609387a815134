/* SPDX-License-Identifier: Apache-2.0 */
#include "python/offsets.h"

#include <stddef.h>

#include "python/code.h"
#include "python/unicode.h"
#include "util/error.h"

/*
 * Upper ends of what is believable. The structs of 3.11 to 3.15 stay well below: PyInterpreterState is 383 552 bytes in
 * 3.12, everything else has less than 1 KiB.
 */
#define RUNTIME_BYTES_MAX (1u << 20)
#define INTERPRETER_BYTES_MAX (1u << 20)
#define STRUCT_BYTES_MAX 4096u

enum presence { REQUIRED, OPTIONAL };

struct rule {
	const char *name;
	size_t member;
	uint32_t width_bytes; /* of the field, which is also its alignment */
	uint32_t limit_bytes;
	enum presence presence;
};

#define RULE(member, width, limit, presence)                                                                           \
	{                                                                                                              \
#member, offsetof(struct py_offsets, member), width, limit, presence                                   \
	}

static const struct rule RULES[] = {
	RULE(runtime.interpreters_head, 8, RUNTIME_BYTES_MAX, REQUIRED),
	RULE(runtime.gil, 8, RUNTIME_BYTES_MAX, OPTIONAL),
	RULE(interpreter.id, 8, INTERPRETER_BYTES_MAX, REQUIRED),
	RULE(interpreter.next, 8, INTERPRETER_BYTES_MAX, REQUIRED),
	RULE(interpreter.threads_head, 8, INTERPRETER_BYTES_MAX, REQUIRED),
	RULE(interpreter.threads_main, 8, INTERPRETER_BYTES_MAX, OPTIONAL),
	RULE(interpreter.code_counter, 4, INTERPRETER_BYTES_MAX, OPTIONAL),
	RULE(interpreter.gil, 8, INTERPRETER_BYTES_MAX, OPTIONAL),
	RULE(interpreter.modules, 8, INTERPRETER_BYTES_MAX, REQUIRED),
	RULE(interpreter.gc, 8, INTERPRETER_BYTES_MAX, REQUIRED),
	RULE(gc.collecting, 4, STRUCT_BYTES_MAX, REQUIRED),
	RULE(gc.frame, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(gc.statistics, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(gc.statistics_bytes, 8, INTERPRETER_BYTES_MAX, OPTIONAL),
	RULE(gil.holder, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(gil.locked, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(gil.switches, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(gil.waiters, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.next, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.interpreter, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.current_frame, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.base_frame, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.thread_id, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.native_thread_id, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.datastack_chunk, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.datastack_top, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.status, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.holds_gil, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.state, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.executor, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.gil_requested, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(thread.current_exception, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.exc_info, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(thread.exc_state, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(cframe_current, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(cframe_tracing, 1, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(frame.size, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(frame.executable, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(frame.previous, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(frame.function, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(frame.instr_ptr, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(frame.owner, 1, STRUCT_BYTES_MAX, REQUIRED),
	RULE(frame.is_entry, 1, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(frame.stacktop, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(frame.stackpointer, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(frame.tlbc_index, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(code.size, 1, PY_CODE_HEADER_BYTES_MAX + 1, REQUIRED),
	RULE(code.type, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.units, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.consts, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.names, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.exceptiontable, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.stacksize, 4, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.firstlineno, 4, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.nlocalsplus, 4, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.version, 4, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(code.localsplusnames, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.filename, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.name, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.qualname, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.linetable, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(code.executors, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(code.monitoring, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(code.tlbc, 8, STRUCT_BYTES_MAX, OPTIONAL),
	RULE(code.adaptive, 2, STRUCT_BYTES_MAX, REQUIRED),
	RULE(generator.iframe, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(generator.frame_state, 1, STRUCT_BYTES_MAX, REQUIRED),
	RULE(unicode.length, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(unicode.hash, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(unicode.state, 4, STRUCT_BYTES_MAX, REQUIRED),
	RULE(unicode.kind_shift, 1, 25, REQUIRED),
	RULE(unicode.ascii_data, 1, PY_UNICODE_HEADER_BYTES_MAX + 1, REQUIRED),
	RULE(unicode.compact_data, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(bytes.size, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(bytes.data, 1, STRUCT_BYTES_MAX, REQUIRED),
	RULE(type.name, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(type.cached_keys, 8, STRUCT_BYTES_MAX, REQUIRED),
	RULE(object_type, 8, STRUCT_BYTES_MAX, REQUIRED),
};

static int check(const struct py_offsets *offsets, const struct rule *rule, struct ty_error_state *error)
{
	uint32_t value = *(const uint32_t *)((const char *)offsets + rule->member);

	if (!py_has(value)) {
		if (rule->presence == OPTIONAL)
			return 0;
		return ty_fail(error, -TY_EOFFSETS, "the runtime's table gives no offset for %s", rule->name);
	}
	if (value % rule->width_bytes != 0 || value > rule->limit_bytes - rule->width_bytes)
		return ty_fail(
		        error, -TY_EOFFSETS,
		        "the runtime's table puts %s at offset %u, which cannot be (at most %u, in steps of %u). "
		        "It is corrupted, or belongs to a build of CPython that is not known",
		        rule->name, value, rule->limit_bytes - rule->width_bytes, rule->width_bytes);
	return 0;
}

/*
 * Members that are taken out of a copy of the begin of their struct: each must lie in what is copied of it, so that the
 * reading code need not look.
 */
struct within {
	const char *name;
	size_t member;
	uint32_t width_bytes;
	size_t size_member;
};

#define WITHIN(member, width, size_member)                                                                             \
	{                                                                                                              \
#member, offsetof(struct py_offsets, member), width, offsetof(struct py_offsets, size_member)          \
	}

static const struct within WITHINS[] = {
	WITHIN(frame.executable, 8, frame.size),
	WITHIN(frame.previous, 8, frame.size),
	WITHIN(frame.function, 8, frame.size),
	WITHIN(frame.instr_ptr, 8, frame.size),
	WITHIN(frame.owner, 1, frame.size),
	WITHIN(frame.is_entry, 1, frame.size),
	WITHIN(frame.stacktop, 4, frame.size),
	WITHIN(frame.stackpointer, 8, frame.size),
	WITHIN(frame.tlbc_index, 4, frame.size),
	WITHIN(code.type, 8, code.size),
	WITHIN(code.units, 8, code.size),
	WITHIN(code.consts, 8, code.size),
	WITHIN(code.names, 8, code.size),
	WITHIN(code.exceptiontable, 8, code.size),
	WITHIN(code.stacksize, 4, code.size),
	WITHIN(code.firstlineno, 4, code.size),
	WITHIN(code.nlocalsplus, 4, code.size),
	WITHIN(code.version, 4, code.size),
	WITHIN(code.localsplusnames, 8, code.size),
	WITHIN(code.filename, 8, code.size),
	WITHIN(code.name, 8, code.size),
	WITHIN(code.qualname, 8, code.size),
	WITHIN(code.linetable, 8, code.size),
	WITHIN(code.size, 0, code.adaptive),
	WITHIN(unicode.length, 8, unicode.ascii_data),
	WITHIN(unicode.state, 4, unicode.ascii_data),
	WITHIN(generator.frame_state, 1, generator.iframe),
};

static int check_within(const struct py_offsets *offsets, const struct within *within, struct ty_error_state *error)
{
	uint32_t value = *(const uint32_t *)((const char *)offsets + within->member);
	uint32_t size = *(const uint32_t *)((const char *)offsets + within->size_member);

	if (!py_has(value) || value + within->width_bytes <= size)
		return 0;
	return ty_fail(error, -TY_EOFFSETS, "the runtime's table puts %s at offset %u, but its struct ends at %u",
	               within->name, value, size);
}

static int check_structs(const struct py_offsets *offsets, struct ty_error_state *error)
{
	int result = 0;

	for (size_t i = 0; i < sizeof(WITHINS) / sizeof(*WITHINS) && result == 0; i++)
		result = check_within(offsets, &WITHINS[i], error);
	if (result < 0)
		return result;
	if (!py_has(offsets->code.version) &&
	    (offsets->unicode.length + 8 > PY_NAME_HEADER_BYTES || offsets->unicode.hash + 8 > PY_NAME_HEADER_BYTES))
		return ty_fail(error, -TY_EOFFSETS,
		               "the runtime's table puts length or hash of a str behind its start");
	if (!py_has(offsets->frame.stacktop) && !py_has(offsets->frame.stackpointer))
		return ty_fail(error, -TY_EOFFSETS, "the runtime's table gives no stack position of a frame");
	return 0;
}

int ty_offsets_validate(const struct py_offsets *offsets, struct ty_error_state *error)
{
	int result = 0;

	if (offsets->free_threaded > 1)
		return ty_fail(error, -TY_EOFFSETS, "the runtime's table has %u for a yes or no",
		               offsets->free_threaded);
	for (size_t i = 0; i < sizeof(RULES) / sizeof(*RULES) && result == 0; i++)
		result = check(offsets, &RULES[i], error);
	return result ? result : check_structs(offsets, error);
}
