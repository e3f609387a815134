/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_STATUS_H
#define TY_SAMPLE_STATUS_H

/*
 * What threads are doing, beside their stacks: enum ty_thread_status, and which threads a mode selects.
 *
 * All but ON_CPU comes out of the bytes of the same vector read as the stack, so that it costs no system call:
 *
 * - The GIL's holder is in the thread state from 3.13 on, in the GIL before: in the runtime (3.11), or behind a pointer
 *   of each interpreter (3.12), because interpreters may have one each. There `holder` stays after a release, and only
 *   `locked` tells that it is still held (Include/internal/pycore_gil.h). A build without the GIL says who is attached.
 * - Who waits for the GIL says so itself from 3.15 on. Before, nothing in memory does: gil_drop_request (3.11, 3.12) and
 *   the bit of the holder's eval_breaker (3.13, 3.14) say after 5 ms that somebody wants it, and not who. But who waits
 *   sleeps on the GIL's condition variable, and the kernel tells what a thread sleeps on with the very answer that says
 *   whether it is on CPU (target/cpu.h): so it is told where that is asked. Every 5 ms such a thread wakes for a moment,
 *   and is then said to be on CPU. (A C library whose waiters sleep elsewhere, as musl's, does not show it.)
 * - An exception is raised (current_exception), or handled: a linked list of items, the innermost first, each of which
 *   holds what the handlers of one generator or coroutine deal with; the last one is in the thread state, the others
 *   are in the generators that run (PyThreadState.exc_info, _PyErr_StackItem in Include/cpython/pystate.h). All items
 *   count: who looks at the last one only misses what is handled in a coroutine. Until 3.12 None stands for no
 *   exception after a first one was handled.
 *
 * ON_CPU is the kernel's to say (target/cpu.h): it is asked just before the reading, where the caller wants it.
 */

#include "sample/target.h"

/* Before the first reading of a sample: asks the kernel about every known thread, if that is wanted. */
void ty_status_ask_kernel(ty_target *target);

/* After threads were found in a reading: who holds the GIL. Sets *missed when that had to be read on its own. */
void ty_status_find_holders(ty_target *target, bool *missed);

/* Bytes of the runtime or an interpreter, fetched when they are not among the shared regions. NULL: not readable. */
const uint8_t *ty_status_shared_bytes(ty_target *target, uint64_t address, uint32_t size_bytes, bool *missed);

/* The interpreter of a thread, NULL if it is not there any more. */
struct ty_interpreter *ty_status_interpreter(ty_target *target, const struct ty_thread *thread);

/* Sets the status of a thread from the bytes of this reading. */
void ty_status_update(ty_target *target, struct ty_thread *thread, bool *missed);

/* true when the mode selects a thread of that status. */
bool ty_status_matches(int mode, uint32_t status);

/* The threads of this sample that the mode selects become the snapshot's. false: out of memory. */
bool ty_status_select(ty_target *target);

/* The file that the kernel is asked through is closed. */
void ty_status_forget(ty_target *target, struct ty_thread *thread);

#endif
