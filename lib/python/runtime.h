/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_RUNTIME_H
#define TY_PYTHON_RUNTIME_H

/*
 * The CPython runtime of a target: where _PyRuntime is, which version it is, and the struct offsets.
 */

#include <limits.h>
#include <sys/types.h>

#include "python/version.h"
#include "target/memory.h"

struct ty_error_state;

struct py_runtime {
	uint64_t address; /* of _PyRuntime */
	uint32_t hexversion;
	const struct py_version *version;
	struct py_offsets offsets;
	char path[PATH_MAX]; /* file that holds it, as the target names it */
	/* The mapping it was found in: another one at this place means that the process called exec(). */
	uint64_t mapping_start;
	uint64_t mapping_inode;
};

/*
 * Finds the runtime of a process and validates it. 0, or the errors of ty_attach(), with the reason in `error`.
 */
int ty_runtime_find(pid_t pid, struct ty_memory *memory, struct py_runtime *runtime, struct ty_error_state *error);

/*
 * Takes the runtime at runtime->address; `hexversion_hint` is used when it has no table of offsets. Loads and validates
 * the offsets and looks whether the list of interpreters is sound. 0, or the errors of ty_attach().
 */
int ty_runtime_load(struct ty_memory *memory, uint32_t hexversion_hint, struct py_runtime *runtime,
                    struct ty_error_state *error);

/*
 * Whether the process still runs the image in which the runtime was found: 1 or 0, or the negative errno of reading its
 * mappings.
 */
int ty_runtime_is_mapped(pid_t pid, const struct py_runtime *runtime);

#endif
