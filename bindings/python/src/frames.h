/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TPY_FRAMES_H
#define TPY_FRAMES_H

/*
 * Frames as Python objects: made once for every function, instruction and opcode that is seen, so that equal frames are
 * the same object and a sample in the steady state makes none.
 *
 * A frame knows its target only by the handle, which knows no frames: no cycles, so nothing here needs the garbage
 * collector.
 */

#include "state.h"

/* Frames kept. A program that makes code without end would fill memory: then all are forgotten and made anew. */
#define TPY_FRAMES_MAX (1u << 20)

struct tpy_frames;

/** Makes the object for a frame. @return a new reference, or NULL with an exception */
typedef PyObject *(*tpy_frame_maker)(struct tpy_frames *frames, const ty_frame *frame);

struct tpy_frame_entry {
	ty_frame key;
	PyObject *object; /* NULL: free */
};

struct tpy_frames {
	struct tpy_state *state;
	struct tpy_handle *handle; /* not owned */
	tpy_frame_maker make;
	struct tpy_frame_entry *entries;
	size_t capacity; /* power of two, or 0 */
	size_t count;
	PyObject **functions; /* by id, NULL: not made yet */
	size_t function_count;
};

void tpy_frames_free(struct tpy_frames *frames);

/** The object for a frame. @return a new reference, or NULL with an exception */
PyObject *tpy_frame_object(struct tpy_frames *frames, const ty_frame *frame);

/** A tuple of such objects. @return a new reference, or NULL with an exception */
PyObject *tpy_frame_tuple(struct tpy_frames *frames, const ty_frame *raw, uint32_t count);

/** Makes a tachyon.Frame. */
PyObject *tpy_frame_new(struct tpy_frames *frames, const ty_frame *frame);

/** The tachyon.Function of an id. @return a new reference, or NULL with an exception */
PyObject *tpy_function_object(struct tpy_frames *frames, uint32_t id);

/** Id of a tachyon.Function or of a tachyon.Frame's function; 0 with an exception for anything else. */
uint32_t tpy_function_id(struct tpy_state *state, PyObject *object, const struct tpy_handle *handle);

#endif
