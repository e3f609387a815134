/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_COLLECTIONS_H
#define TY_PYTHON_COLLECTIONS_H

/*
 * The last garbage collections of an interpreter, which 3.15 keeps for readers from outside: struct gc_stats of
 * Include/internal/pycore_interp_structs.h. One ring for each generation, 64 bytes a collection, and behind each ring
 * the index of its last one. The collector fills in a slot that begins as a copy of the one before and writes the time
 * of the end last: a slot that ends before it begins is not complete.
 */

#include <tachyon/gc.h>

#include "python/version.h"
#include "target/memory.h"

/* Whether collections of this build are kept, in the layout that is known. */
bool ty_collections_known(const struct py_version *version, const struct py_offsets *offsets);

/* More than any known layout holds. */
#define PY_COLLECTIONS_MAX 64

/*
 * Reads those of one interpreter, the oldest of each generation first. The number of them; -TY_ECORRUPT when they
 * changed whenever they were read, or the errno of ty_memory_read().
 */
int ty_collections_read(struct ty_memory *memory, const struct py_version *version, const struct py_offsets *offsets,
                        uint64_t interpreter, ty_gc_collection collections[PY_COLLECTIONS_MAX]);

#endif
