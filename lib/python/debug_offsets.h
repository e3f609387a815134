/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_DEBUG_OFFSETS_H
#define TY_PYTHON_DEBUG_OFFSETS_H

#include "python/version.h"

struct ty_error_state;

/* What every _Py_DebugOffsets begins with, whatever its version (CPython 3.13+). */
#define PY_COOKIE "xdebugpy"
#define PY_COOKIE_BYTES 8
#define PY_TABLE_VERSION_SLOT 8
#define PY_TABLE_FREE_THREADED_SLOT 16
#define PY_TABLE_HEAD_BYTES 24

/* Longest table of the versions that are known. */
#define PY_TABLE_BYTES_MAX 4096

/*
 * Takes the offsets out of a table (or the compiled-in ones of a version that has none) and validates them. `table`
 * holds version->table_bytes bytes of the target. 0 or -TY_EOFFSETS.
 */
int ty_debug_offsets_load(const struct py_version *version, const uint8_t *table, struct py_offsets *offsets,
                          struct ty_error_state *error);

#endif
