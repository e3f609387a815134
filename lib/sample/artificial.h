/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_ARTIFICIAL_H
#define TY_SAMPLE_ARTIFICIAL_H

/*
 * Frames that are no Python frames: <GC> where the garbage collector runs, <native> where Python code has called into
 * C.
 *
 * They are put into a copy of a proven stack when a snapshot is made, and only where a stack has any: the walk, which
 * finds this sample's frames in the last one's, knows none of them.
 *
 * <GC>, from the interpreter's `collecting`:
 * - From 3.15 on the collector notes the frame that it interrupts (gc.frame): <GC> stands above that one.
 *
 * - Before, it runs in a thread that holds the GIL when it begins, but a finalizer may release that. So the thread in
 *   whose stack a finalizer was entered is taken, else the one with the GIL, and it remains the one until `collecting`
 *   is cleared. Within its stack, <GC> stands where Python code was entered from RESUME or JUMP_BACKWARD, which call
 *   nothing but what is due between two instructions (3.12+: the collector), or where a method __del__ was entered;
 *   else on top. So the other callbacks of a collection that began in a call, gc.collect() say, are shown below <GC>
 *   instead of above it.
 *
 * - Free-threaded builds before 3.15 do not tell which of the attached threads collects: no <GC> there.
 *
 * <native> stands below every frame that was entered from C, but the outermost one, which always is: that is certain.
 * On top of a stack it says that the thread is in C now, and is there only when memory proves it: the thread has
 * released the GIL, and does not wait for it either. That is known where threads say that they wait (3.15), or else
 * when nobody holds the GIL; in a free-threaded build, when the thread is detached. C code that keeps the GIL cannot be
 * told from the interpreter loop: the frame looks the same to both.
 */

#include "sample/target.h"

/* After threads were found in a reading: which interpreters collect. Sets *missed when something had to be read. */
void ty_artificial_find_collectors(ty_target *target, bool *missed);

/* Notes what the bytes of this reading say about a thread, whose status is known. */
void ty_artificial_note(ty_target *target, struct ty_thread *thread);

/* When all threads of a sample were read: which one collects, where the interpreter does not tell. */
void ty_artificial_choose_collectors(ty_target *target);

/* Makes what a snapshot shows of a thread. false: out of memory. */
bool ty_artificial_dress(ty_target *target, struct ty_thread *thread);

/* What a snapshot shows of a thread, leaf first. */
const ty_frame *ty_artificial_frames(const struct ty_thread *thread, size_t *count);

#endif
