/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_FAKE_STATUS_H
#define TY_TESTS_SUPPORT_FAKE_STATUS_H

/* What the threads of a fake CPython (fake_python.h) are doing: the GIL, exceptions, the garbage collector. */

#include "support/fake_python.h"

/* The GIL goes to a thread, or to nobody (NULL). In a free-threaded build: only this thread is attached. */
void fake_give_gil(struct fake_python *python, const struct fake_thread *thread);

/* The thread waits for the GIL; only versions whose threads say so can tell. */
void fake_want_gil(const struct fake_thread *thread, bool wants);
bool fake_tells_who_wants_gil(const struct fake_python *python);

/* The thread raises an object; 0: none. */
void fake_raise(const struct fake_thread *thread, uint64_t exception);

/* What is handled in the thread outside of generators, or in one whose address is not 0. 0: nothing. */
void fake_handle(const struct fake_thread *thread, uint64_t generator, uint64_t exception);

/* A new object of a type with that name. */
uint64_t fake_object(struct fake_python *python, const char *type);

/* The collector runs, called from a frame; 0: from none that is told. */
void fake_collect(struct fake_python *python, bool collects, uint64_t frame);
bool fake_tells_collected_frame(const struct fake_python *python);

#endif
