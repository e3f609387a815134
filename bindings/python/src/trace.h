/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_TRACE_H
#define TPY_TRACE_H

/* Snapshots in the shape of CPython's _remote_debugging: lists of InterpreterInfo. */

#include "stacks.h"

struct tpy_tracer {
	struct tpy_frames frames; /* made by tpy_frame_info() */
	struct tpy_stacks stacks;
	uint32_t wanted;   /* status flags of which a thread must have one; 0: all threads */
	bool opcodes;      /* FrameInfo.opcode */
	bool all_verdicts; /* also stacks that nothing proves; without, they are left out */
};

/** Makes a FrameInfo. */
PyObject *tpy_frame_info(struct tpy_frames *frames, const ty_frame *frame);

/** A list of FrameInfo. @return a new reference, or NULL with an exception */
PyObject *tpy_frame_infos(struct tpy_frames *frames, bool opcodes, const ty_frame *raw, uint32_t count);

/**
 * A snapshot as a list of InterpreterInfo.
 * @return a new reference, or NULL with an exception: also when no stack of several is proven
 */
PyObject *tpy_trace(struct tpy_tracer *tracer, const ty_snapshot *snapshot);

void tpy_tracer_free(struct tpy_tracer *tracer);

#endif
