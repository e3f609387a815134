/* SPDX-License-Identifier: Apache-2.0 */
/* A table of offsets is hostile until every value is bounded: what is let pass is used without a further look. */
#include "python/offsets.h"

#include <stdio.h>
#include <string.h>

#include "support/fake_python.h"
#include "support/test.h"
#include "util/error.h"

struct field {
	const char *name;
	size_t member;
	bool optional;
};

#define FIELD(member_, optional_)                                                                                      \
	{                                                                                                              \
#member_, offsetof(struct py_offsets, member_), optional_                                              \
	}
#define REQUIRED(member_) FIELD(member_, false)
#define OPTIONAL(member_) FIELD(member_, true)

static const struct field fields[] = {
	REQUIRED(runtime.interpreters_head),
	REQUIRED(interpreter.id),
	REQUIRED(interpreter.next),
	REQUIRED(interpreter.threads_head),
	OPTIONAL(runtime.gil),
	OPTIONAL(interpreter.threads_main),
	OPTIONAL(interpreter.code_counter),
	OPTIONAL(interpreter.gil),
	REQUIRED(interpreter.modules),
	REQUIRED(interpreter.gc),
	REQUIRED(gc.collecting),
	OPTIONAL(gc.frame),
	OPTIONAL(gc.statistics),
	OPTIONAL(gc.statistics_bytes),
	OPTIONAL(gil.holder),
	OPTIONAL(gil.locked),
	OPTIONAL(gil.switches),
	OPTIONAL(gil.waiters),
	REQUIRED(thread.next),
	REQUIRED(thread.interpreter),
	REQUIRED(thread.current_frame),
	OPTIONAL(thread.base_frame),
	REQUIRED(thread.thread_id),
	REQUIRED(thread.native_thread_id),
	REQUIRED(thread.datastack_chunk),
	REQUIRED(thread.datastack_top),
	OPTIONAL(thread.status),
	OPTIONAL(thread.holds_gil),
	OPTIONAL(thread.state),
	OPTIONAL(thread.executor),
	OPTIONAL(thread.gil_requested),
	REQUIRED(thread.current_exception),
	REQUIRED(thread.exc_info),
	REQUIRED(thread.exc_state),
	OPTIONAL(cframe_current),
	OPTIONAL(cframe_tracing),
	REQUIRED(frame.size),
	REQUIRED(frame.executable),
	REQUIRED(frame.previous),
	REQUIRED(frame.function),
	REQUIRED(frame.instr_ptr),
	REQUIRED(frame.owner),
	OPTIONAL(frame.is_entry),
	OPTIONAL(frame.stacktop),
	OPTIONAL(frame.stackpointer),
	OPTIONAL(frame.tlbc_index),
	REQUIRED(code.size),
	REQUIRED(code.type),
	REQUIRED(code.units),
	REQUIRED(code.consts),
	REQUIRED(code.names),
	REQUIRED(code.exceptiontable),
	REQUIRED(code.stacksize),
	REQUIRED(code.firstlineno),
	REQUIRED(code.nlocalsplus),
	OPTIONAL(code.version),
	REQUIRED(code.localsplusnames),
	REQUIRED(code.filename),
	REQUIRED(code.name),
	REQUIRED(code.qualname),
	REQUIRED(code.linetable),
	OPTIONAL(code.executors),
	OPTIONAL(code.monitoring),
	OPTIONAL(code.tlbc),
	REQUIRED(code.adaptive),
	REQUIRED(generator.iframe),
	REQUIRED(generator.frame_state),
	REQUIRED(unicode.length),
	REQUIRED(unicode.hash),
	REQUIRED(unicode.state),
	REQUIRED(unicode.kind_shift),
	REQUIRED(unicode.ascii_data),
	REQUIRED(unicode.compact_data),
	REQUIRED(bytes.size),
	REQUIRED(bytes.data),
	REQUIRED(type.name),
	REQUIRED(type.cached_keys),
	REQUIRED(object_type),
};
#define FIELDS (sizeof(fields) / sizeof(*fields))

static uint32_t *value_of(struct py_offsets *offsets, const struct field *field)
{
	return (uint32_t *)((char *)offsets + field->member);
}

static int validate(const struct py_offsets *offsets, struct ty_error_state *error)
{
	memset(error, 0, sizeof(*error));
	return ty_offsets_validate(offsets, error);
}

TEST(real_offsets_are_let_pass)
{
	fake_each_version(version)
	{
		struct py_offsets offsets = *fake_offsets(version);
		struct ty_error_state error;

		ck_assert_ok(validate(&offsets, &error));
	}
}

TEST(the_list_of_this_test_is_complete)
{
	/* All words of the struct but free_threaded and holds_gil_mask. */
	ck_assert_uint_eq(FIELDS, sizeof(struct py_offsets) / sizeof(uint32_t) - 2);
}

TEST(every_value_that_cannot_be_is_refused_by_name)
{
	static const uint32_t impossible[] = { UINT32_MAX - 1, UINT32_MAX - 7, INT32_MAX,
		                               0x80000000,     1u << 20,       (1u << 24) + 8 };

	fake_each_version(version) for (size_t i = 0; i < FIELDS;
	                                i++) for (size_t j = 0; j < sizeof(impossible) / sizeof(*impossible); j++)
	{
		struct py_offsets offsets = *fake_offsets(version);
		struct ty_error_state error;

		*value_of(&offsets, &fields[i]) = impossible[j];
		ck_assert_msg(validate(&offsets, &error) == -TY_EOFFSETS, "%s = %u", fields[i].name, impossible[j]);
		ck_assert_msg(strstr(error.message, fields[i].name), "%s: %s", fields[i].name, error.message);
		ck_assert_int_eq(error.code, -TY_EOFFSETS);
	}
}

TEST(what_every_build_has_must_be_there)
{
	fake_each_version(version) for (size_t i = 0; i < FIELDS; i++)
	{
		struct py_offsets offsets = *fake_offsets(version);
		struct ty_error_state error;
		int result;

		*value_of(&offsets, &fields[i]) = PY_ABSENT;
		result = validate(&offsets, &error);
		if (!fields[i].optional)
			ck_assert_msg(result == -TY_EOFFSETS && strstr(error.message, fields[i].name), "%s: %s",
			              fields[i].name, error.message);
	}
}

TEST(pointers_are_aligned)
{
	static const char *const some[] = { "thread.next",    "frame.previous",   "code.filename",
		                            "unicode.length", "interpreter.next", "generator.iframe" };

	fake_each_version(version) for (size_t i = 0; i < FIELDS; i++) for (size_t j = 0;
	                                                                    j < sizeof(some) / sizeof(*some); j++)
	{
		struct py_offsets offsets = *fake_offsets(version);
		struct ty_error_state error;

		if (strcmp(fields[i].name, some[j]) != 0)
			continue;
		*value_of(&offsets, &fields[i]) += 4;
		ck_assert_int_eq(validate(&offsets, &error), -TY_EOFFSETS);
		ck_assert_ptr_nonnull(strstr(error.message, some[j]));
	}
}

TEST(free_threaded_is_yes_or_no)
{
	struct py_offsets offsets = *fake_offsets(TY_PYTHON_3_14);
	struct ty_error_state error;

	offsets.free_threaded = 2;
	ck_assert_int_eq(validate(&offsets, &error), -TY_EOFFSETS);
}

/*
 * Frames, headers of code objects and of strings are read as far as their size says, and their members taken out of
 * that copy: each has to lie in it.
 */
TEST(members_lie_in_what_is_read_of_their_struct)
{
	static const struct {
		const char *member, *size;
	} within[] = {
		{ "frame.executable", "frame.size" },
		{ "frame.previous", "frame.size" },
		{ "frame.function", "frame.size" },
		{ "frame.instr_ptr", "frame.size" },
		{ "frame.owner", "frame.size" },
		{ "frame.is_entry", "frame.size" },
		{ "frame.stacktop", "frame.size" },
		{ "frame.stackpointer", "frame.size" },
		{ "code.type", "code.size" },
		{ "code.units", "code.size" },
		{ "code.consts", "code.size" },
		{ "code.names", "code.size" },
		{ "code.stacksize", "code.size" },
		{ "code.firstlineno", "code.size" },
		{ "code.nlocalsplus", "code.size" },
		{ "code.version", "code.size" },
		{ "code.filename", "code.size" },
		{ "code.name", "code.size" },
		{ "code.qualname", "code.size" },
		{ "code.linetable", "code.size" },
		{ "unicode.length", "unicode.ascii_data" },
		{ "unicode.state", "unicode.ascii_data" },
		{ "generator.frame_state", "generator.iframe" },
	};

	fake_each_version(version) for (size_t i = 0; i < sizeof(within) / sizeof(*within); i++)
	{
		struct py_offsets offsets = *fake_offsets(version);
		uint32_t *member = NULL, *size = NULL;
		struct ty_error_state error;

		for (size_t j = 0; j < FIELDS; j++) {
			if (strcmp(fields[j].name, within[i].member) == 0)
				member = value_of(&offsets, &fields[j]);
			if (strcmp(fields[j].name, within[i].size) == 0)
				size = value_of(&offsets, &fields[j]);
		}
		ck_assert(member && size);
		if (*member == PY_ABSENT)
			continue;
		for (uint32_t behind = 0; behind <= 512; behind += 8) {
			*member = (*size + 7) / 8 * 8 + behind;
			ck_assert_msg(validate(&offsets, &error) == -TY_EOFFSETS, "CPython 3.%u: %s = %u with %s = %u",
			              version & 0xff, within[i].member, *member, within[i].size, *size);
			ck_assert_ptr_nonnull(strstr(error.message, within[i].member));
		}
	}
}

TEST(structs_are_no_larger_than_the_buffers_they_are_read_into)
{
	fake_each_version(version)
	{
		struct py_offsets offsets = *fake_offsets(version);
		struct ty_error_state error;

		offsets.code.size = offsets.code.adaptive = PY_CODE_HEADER_BYTES_MAX + 2;
		ck_assert_int_eq(validate(&offsets, &error), -TY_EOFFSETS);
		offsets = *fake_offsets(version);
		offsets.unicode.ascii_data = 257;
		ck_assert_int_eq(validate(&offsets, &error), -TY_EOFFSETS);
	}
}

/* Where code objects have no number of their own, the start of their name's str stands in for it. */
TEST(identity_by_name_stays_in_the_start_of_a_str)
{
	struct py_offsets offsets = *fake_offsets(TY_PYTHON_3_11);
	struct ty_error_state error;

	offsets.unicode.hash = 32;
	ck_assert_int_eq(validate(&offsets, &error), -TY_EOFFSETS);
}
