/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_COPIES_H
#define TY_PYTHON_COPIES_H

/*
 * Bytecode that threads have for themselves. From 3.14 on, threads of a free-threaded build specialize copies of a
 * code object's bytecode: co_tlbc is an array of them by the thread's index (Include/cpython/code.h: _PyCodeArray;
 * Include/internal/pycore_code.h), of which 0 is the code object's own. A frame says which one it runs (tlbc_index),
 * and its instruction pointer is an address in that one.
 *
 * Where a copy is, is kept. The collector frees the copies of threads that ended, and their index is given to others:
 * an instruction pointer that does not fit the copy that is known makes it be looked up again.
 *
 * What is specialized in a copy is not kept: an instruction of such a frame is flagged as read later, its generic form
 * is certain.
 */

#include "python/code.h"
#include "python/frame.h"

/*
 * Moves the instruction pointer of a frame that runs a copy to the same place in the code object's own bytecode. false:
 * where the copy is is not known.
 */
bool ty_copies_translate(const struct py_code *code, struct py_frame *frame);

/* Looks up where the copy of a frame is. 0, -TY_ECORRUPT, -EFAULT, -ENOMEM, -ESRCH. */
int ty_copies_find(struct py_codes *codes, struct py_code *code, const struct py_frame *frame);

#endif
