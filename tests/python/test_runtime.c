/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates for a runtime: which are taken, and what is said about the others. */
#include "python/runtime.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "python/debug_offsets.h"
#include "support/fake_python.h"
#include "support/test.h"
#include "util/error.h"

struct answer {
	int result;
	struct py_runtime runtime;
	struct ty_error_state error;
};

static struct answer load(struct fake_python *python, uint32_t hexversion_hint)
{
	struct answer answer = { .runtime = { .address = python->runtime, .path = "/usr/bin/python" } };

	answer.result = ty_runtime_load(python->memory, hexversion_hint, &answer.runtime, &answer.error);
	ck_assert_int_eq(answer.error.code, answer.result);
	return answer;
}

static struct answer load_as_is(struct fake_python *python)
{
	return load(python, python->version->number << 16 | 0xf0);
}

static void write_version(struct fake_python *python, uint32_t hexversion)
{
	fake_write_u64(python->memory, python->runtime + PY_TABLE_VERSION_SLOT, hexversion);
}

TEST(a_running_interpreter_of_every_version)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);
		struct answer answer;

		fake_thread_new(python, FAKE_PID);
		answer = load_as_is(python);
		ck_assert_msg(answer.result == 0, "%s", answer.error.message);
		ck_assert_uint_eq(answer.runtime.version->number, version);
		ck_assert_uint_eq(answer.runtime.hexversion, version << 16 | 0xf0);
		fake_python_free(python);
	}
}

TEST(versions_that_are_not_known_are_named)
{
	static const struct {
		uint32_t hexversion;
		const char *name;
	} unknown[] = {
		{ 0x031000a1, "3.16.0a1" }, { 0x030a0bf0, "3.10.11" }, { 0x04000000, "4.0.0" }, { 0x02071200, "2.7.18" }
	};
	struct fake_python *python = fake_python_new(TY_PYTHON_3_14);

	fake_thread_new(python, FAKE_PID);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		struct answer answer;

		write_version(python, unknown[i].hexversion);
		answer = load(python, 0);
		ck_assert_int_eq(answer.result, -TY_EVERSION);
		ck_assert_msg(strstr(answer.error.message, unknown[i].name), "%s", answer.error.message);
		ck_assert_ptr_nonnull(strstr(answer.error.message, ty_versions_known()));
	}
	fake_python_free(python);
}

/* A table that says it is of a version which had none, and a runtime without one that should have it. */
TEST(a_version_that_contradicts_its_table_is_refused)
{
	struct fake_python *python = fake_python_new(TY_PYTHON_3_14);

	fake_thread_new(python, FAKE_PID);
	write_version(python, 0x030b02f0);
	ck_assert_int_eq(load(python, 0).result, -TY_EVERSION);
	fake_write(python->memory, python->runtime, "notthere", 8);
	ck_assert_int_eq(load(python, 0x030e00f0).result, -TY_EVERSION);
	ck_assert_int_eq(load(python, 0x030d00f0).result, -TY_EVERSION);
	fake_python_free(python);
}

TEST(without_a_table_and_without_a_version_it_is_older)
{
	struct fake_python *python = fake_python_new(TY_PYTHON_3_11);
	struct answer answer;

	fake_thread_new(python, FAKE_PID);
	answer = load(python, 0);
	ck_assert_int_eq(answer.result, -TY_EVERSION);
	ck_assert_ptr_nonnull(strstr(answer.error.message, "older"));
	fake_python_free(python);
}

TEST(one_byte_of_the_cookie_makes_the_difference)
{
	for (uint64_t i = 0; i < PY_COOKIE_BYTES; i++) {
		struct fake_python *python = fake_python_new(TY_PYTHON_3_15);

		fake_thread_new(python, FAKE_PID);
		fake_write_u8(python->memory, python->runtime + i, 'X');
		ck_assert_int_eq(load(python, 0).result, -TY_EVERSION);
		fake_python_free(python);
	}
}

TEST(one_that_is_starting_is_told_from_one_that_is_wrong)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);

		/* No thread yet, then no interpreter either. */
		ck_assert_int_eq(load_as_is(python).result, -TY_ESTARTING);
		fake_write_u64(python->memory, python->runtime + python->offsets.runtime.interpreters_head, 0);
		ck_assert_int_eq(load_as_is(python).result, -TY_ESTARTING);
		fake_python_free(python);
	}
}

TEST(interpreters_that_are_not_sound_are_refused)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);
		struct fake_thread *thread = fake_thread_new(python, FAKE_PID);
		uint64_t head = python->runtime + python->offsets.runtime.interpreters_head;
		uint64_t back = thread->address + python->offsets.thread.interpreter;

		fake_write_u64(python->memory, head, 0x123456789000);
		ck_assert_int_eq(load_as_is(python).result, -TY_ECORRUPT);
		fake_write_u64(python->memory, head, UINT64_MAX);
		ck_assert_int_eq(load_as_is(python).result, -TY_ECORRUPT);
		fake_write_u64(python->memory, head, python->interpreter);
		fake_write_u64(python->memory, back, python->interpreter + 8);
		ck_assert_int_eq(load_as_is(python).result, -TY_ECORRUPT);
		fake_write_u64(python->memory, back, python->interpreter);
		fake_unmap(python->memory, thread->address, 32);
		ck_assert_int_eq(load_as_is(python).result, -TY_ECORRUPT);
		fake_python_free(python);
	}
}

/* concurrent.interpreters: one that was made and runs nothing stands in front of the main one for good. */
TEST(an_interpreter_that_rests_has_no_thread)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);
		uint64_t main_threads = python->interpreter + python->offsets.interpreter.threads_head, second;

		fake_thread_new(python, FAKE_PID);
		second = fake_interpreter_new(python, 1);
		ck_assert_int_eq(load_as_is(python).result, 0);
		fake_write_u64(python->memory, main_threads, 0);
		ck_assert_int_eq(load_as_is(python).result, -TY_ESTARTING);
		fake_write_u64(python->memory, main_threads, second);
		ck_assert_int_lt(load_as_is(python).result, 0);
		fake_python_free(python);
	}
}

TEST(interpreters_in_a_circle_end)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);

		fake_thread_new(python, FAKE_PID);
		fake_write_u64(python->memory, python->interpreter + python->offsets.interpreter.next,
		               python->interpreter);
		ck_assert_int_eq(load_as_is(python).result, 0);
		ck_assert_uint_lt(fake_reads(python->memory), 40);
		fake_python_free(python);
	}
}

TEST(memory_that_cannot_be_read_is_told)
{
	fake_each_version(version)
	{
		struct fake_python *python = fake_python_new(version);
		struct answer answer;

		fake_thread_new(python, FAKE_PID);
		fake_fail(python->memory, -ESRCH);
		ck_assert_int_eq(load_as_is(python).result, -TY_EEXITED);
		fake_fail(python->memory, -EPERM);
		ck_assert_int_eq(load_as_is(python).result, -EPERM);
		fake_fail(python->memory, 0);
		fake_unmap(python->memory, python->runtime, 4096);
		answer = load_as_is(python);
		ck_assert_int_eq(answer.result, -TY_ECORRUPT);
		ck_assert_uint_eq(answer.error.address, python->runtime);
		fake_python_free(python);
	}
}

TEST(a_table_that_is_cut_off_is_told)
{
	struct fake_python *python = fake_python_new(TY_PYTHON_3_15);

	fake_thread_new(python, FAKE_PID);
	fake_unmap(python->memory, python->runtime + python->version->table_bytes - 8, 8);
	ck_assert_int_eq(load_as_is(python).result, -TY_ECORRUPT);
	fake_python_free(python);
}

TEST(version_numbers_as_text)
{
	char text[32], tiny[4];

	ty_version_text(0x030e00f0, text, sizeof(text));
	ck_assert_str_eq(text, "3.14.0");
	ty_version_text(0x030f00b2, text, sizeof(text));
	ck_assert_str_eq(text, "3.15.0b2");
	ty_version_text(0x030d05c1, text, sizeof(text));
	ck_assert_str_eq(text, "3.13.5rc1");
	ty_version_text(UINT32_MAX, text, sizeof(text));
	ck_assert_str_eq(text, "255.255.255");
	ty_version_text(0x030e00f0, tiny, sizeof(tiny));
	ck_assert_str_eq(tiny, "3.1");
}
