/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a stack begins.
 *
 * The thread state says which frame runs, but it is read a little before the data stack. Meanwhile frames may have been
 * popped or pushed. Both shows in the copy of the stack: a popped frame is dead (evidence.c), and a frame that has
 * called another one stands on the call, with the callee's frame behind it on the data stack, or in the heap where its
 * value stack says. So the hint is followed down over what is dead and then up over what was called since.
 */
#include "sample/walk_state.h"

/* Frames by which the hint is corrected in either direction. */
#define REPAIRS_MAX 16

/*
 * Is a frame one that `caller` has called and that is still alive? One that stands on a return may be
 * gone already. Up to 3.13 a frame that lives executes, or has called another one itself.
 */
static bool is_live_callee(struct walk *walk, const struct located *caller, struct located *callee)
{
	if (!callee->code || callee->unit < 0 || callee->frame.previous != caller->frame.address ||
	    ty_walk_is_shim(walk, &callee->frame))
		return false;
	if (callee->flags & PY_OPCODE_RETURNS || ty_evidence_is_dead(walk, callee))
		return false;
	if (py_has(walk->walker->offsets->frame.stacktop) && !callee->frame.executing &&
	    !(callee->flags & PY_OPCODE_PUSHES))
		return false;
	return ty_evidence_called(walk, caller, &callee->frame);
}

/* The frame that `caller` has called, if it lives. */
static bool find_callee(struct walk *walk, const struct located *caller, struct located *callee)
{
	uint64_t generators[2], end;
	int count;

	if (!caller->code || caller->frame.executing || caller->unit < 0 || !(caller->flags & PY_OPCODE_PUSHES))
		return false;
	if (!(caller->flags & PY_OPCODE_RESUMES)) {
		end = ty_evidence_stack_end(walk, &caller->frame);
		return end && ty_walk_peek(walk, end, callee) && callee->frame.owner == PY_OWNER_THREAD &&
		       is_live_callee(walk, caller, callee);
	}
	count = ty_evidence_generators(walk, caller, generators);
	for (int i = 0; i < count; i++)
		if (ty_evidence_peek_generator(walk, generators[i] + walk->walker->offsets->generator.iframe, callee) &&
		    callee->frame.owner == PY_OWNER_GENERATOR && is_live_callee(walk, caller, callee))
			return true;
	return false;
}

/*
 * true for a frame below which its caller already executes again: it was popped, but its memory still looks like a
 * frame. Only versions whose frames tell whether they execute know.
 */
static bool is_left_behind(struct walk *walk, const struct py_frame *frame, struct located *caller)
{
	if (!py_has(walk->walker->offsets->frame.stacktop) || frame->executing || frame->is_entry ||
	    ty_walk_is_base(walk, frame->previous) || !ty_walk_peek(walk, frame->previous, caller))
		return false;
	return caller->frame.executing && !ty_walk_is_shim(walk, &caller->frame);
}

/* Down from the hint to the first frame that is not dead. */
static bool step_down(struct walk *walk, uint64_t address, struct located *top)
{
	for (int i = 0; i < REPAIRS_MAX; i++) {
		struct py_frame frame;
		bool shim;

		if (ty_walk_is_base(walk, address)) {
			top->frame.address = 0;
			return true;
		}
		if (!ty_walk_frame(walk, address, &frame))
			return false;
		shim = ty_walk_is_shim(walk, &frame);
		ty_walk_locate(walk, &frame, top);
		if (!shim && !ty_evidence_is_dead(walk, top))
			return true;
		/* A dead frame's caller was not the base, or nothing would be running. */
		if (!shim && ty_walk_is_base(walk, frame.previous))
			return false;
		walk->thread->repaired |= !shim;
		address = frame.previous;
	}
	return false;
}

bool ty_walk_find_top(struct walk *walk, uint64_t hint, struct py_frame *top)
{
	struct located now, other;

	if (!step_down(walk, hint, &now))
		return false;
	for (int i = 0; now.frame.address && i < REPAIRS_MAX && find_callee(walk, &now, &other); i++) {
		walk->thread->repaired = true;
		now = other;
	}
	if (now.frame.address && is_left_behind(walk, &now.frame, &other)) {
		walk->thread->repaired = true;
		now = other;
	}
	*top = now.frame;
	return true;
}
