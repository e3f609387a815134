/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at one candidate for _PyRuntime: its version, its offsets, and whether the interpreters it lists are real. The
 * candidates are found in discover.c.
 *
 * CPython 3.13+ begins _PyRuntime with a cookie, its version and the table of offsets. 3.11 and 3.12 export Py_Version
 * (Include/pylifecycle.h), an unsigned long with PY_VERSION_HEX; what exports _PyRuntime without it is older.
 */
#include "python/runtime.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "python/debug_offsets.h"
#include "util/bytes.h"
#include "util/error.h"

/* Interpreters followed when their list is checked. */
#define INTERPRETERS_CHECKED_MAX 4

static int read_failed(int code, uint64_t address, const char *what, struct ty_error_state *error)
{
	if (code == -ESRCH)
		return ty_fail(error, -TY_EEXITED, "the process ended");
	if (code == -EFAULT)
		return ty_fail_at(error, -TY_ECORRUPT, address, "%s at 0x%llx cannot be read", what,
		                  (unsigned long long)address);
	return ty_fail_at(error, code, address, "reading %s at 0x%llx: %s", what, (unsigned long long)address,
	                  ty_strerror(code));
}

static int find_version(const uint8_t *head, uint32_t hexversion_hint, struct py_runtime *runtime,
                        struct ty_error_state *error)
{
	bool has_table = memcmp(head, PY_COOKIE, PY_COOKIE_BYTES) == 0;
	char text[32];

	runtime->hexversion = has_table ? (uint32_t)ty_load_u64(head + PY_TABLE_VERSION_SLOT) : hexversion_hint;
	if (!runtime->hexversion)
		return ty_fail(error, -TY_EVERSION, "%s holds an older CPython than the ones this library reads: %s",
		               runtime->path, ty_versions_known());
	ty_version_text(runtime->hexversion, text, sizeof(text));
	runtime->version = ty_version_find(runtime->hexversion);
	if (!runtime->version || has_table != (runtime->version->fixed == NULL))
		return ty_fail(error, -TY_EVERSION, "%s is CPython %s; this library reads %s", runtime->path, text,
		               ty_versions_known());
	return 0;
}

/* An interpreter is real when its first thread points back at it. -TY_ESTARTING without a word: it has none. */
static int check_interpreter(struct ty_memory *memory, const struct py_offsets *offsets, uint64_t interpreter,
                             struct ty_error_state *error)
{
	uint64_t thread, back;
	int result = ty_memory_read_u64(memory, interpreter + offsets->interpreter.threads_head, &thread);

	if (result < 0)
		return read_failed(result, interpreter, "an interpreter's list of threads", error);
	if (!thread)
		return -TY_ESTARTING;
	result = ty_memory_read_u64(memory, thread + offsets->thread.interpreter, &back);
	if (result < 0)
		return read_failed(result, thread, "a thread state", error);
	if (back != interpreter)
		return ty_fail_at(error, -TY_ECORRUPT, thread,
		                  "the first thread of the interpreter at 0x%llx belongs to another one",
		                  (unsigned long long)interpreter);
	return 0;
}

static int check_interpreters(struct ty_memory *memory, struct py_runtime *runtime, struct ty_error_state *error)
{
	const struct py_offsets *offsets = &runtime->offsets;
	uint64_t interpreter;
	bool has_thread = false;
	int result = ty_memory_read_u64(memory, runtime->address + offsets->runtime.interpreters_head, &interpreter);

	if (result < 0)
		return read_failed(result, runtime->address, "the list of interpreters", error);
	if (!interpreter)
		return ty_fail(error, -TY_ESTARTING, "CPython is still starting, or finishing: it has no interpreter");
	for (int i = 0; interpreter && i < INTERPRETERS_CHECKED_MAX; i++) {
		result = check_interpreter(memory, offsets, interpreter, error);
		/* The list begins with the newest one. One that rests has no thread: no reason to refuse the others. */
		if (result < 0 && result != -TY_ESTARTING)
			return result;
		has_thread |= result == 0;
		result = ty_memory_read_u64(memory, interpreter + offsets->interpreter.next, &interpreter);
		if (result < 0)
			return read_failed(result, interpreter, "an interpreter", error);
	}
	if (!has_thread && !interpreter)
		return ty_fail(error, -TY_ESTARTING, "CPython is still starting, or finishing: it has no thread");
	ty_error_clear(error);
	return 0;
}

int ty_runtime_load(struct ty_memory *memory, uint32_t hexversion_hint, struct py_runtime *runtime,
                    struct ty_error_state *error)
{
	uint8_t table[PY_TABLE_BYTES_MAX];
	int result = ty_memory_read(memory, runtime->address, table, PY_TABLE_HEAD_BYTES);

	if (result < 0)
		return read_failed(result, runtime->address, "_PyRuntime", error);
	result = find_version(table, hexversion_hint, runtime, error);
	if (result < 0)
		return result;
	if (runtime->version->table_bytes) {
		result = ty_memory_read(memory, runtime->address, table, runtime->version->table_bytes);
		if (result < 0)
			return read_failed(result, runtime->address, "the table of struct offsets", error);
	}
	result = ty_debug_offsets_load(runtime->version, table, &runtime->offsets, error);
	return result < 0 ? result : check_interpreters(memory, runtime, error);
}
