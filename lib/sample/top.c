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

/*
 * Down from the hint to the first frame that is not dead. false: what it leads to cannot be read, or is a generator
 * that was `suspended` when it was read, and says no longer who had resumed it.
 */
static bool step_down(struct walk *walk, uint64_t address, struct located *top, bool *suspended)
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
		*suspended = frame.owner == PY_OWNER_GENERATOR && !frame.previous;
		if (*suspended)
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

/* Was a frame entered from C that `caller` had called? */
static bool is_entered_from(struct walk *walk, const struct located *caller, const struct located *callee)
{
	struct located shim;

	if (!callee->code || callee->unit < 0 || ty_walk_is_shim(walk, &callee->frame) ||
	    ty_evidence_is_dead(walk, callee))
		return false;
	if (callee->frame.is_entry)
		return callee->frame.previous == caller->frame.address;
	return ty_walk_peek(walk, callee->frame.previous, &shim) && ty_walk_is_shim(walk, &shim.frame) &&
	       shim.frame.previous == caller->frame.address;
}

/* The frame that C code runs which `caller` has called: behind it on the data stack, or in one of the operands. */
static bool find_entered(struct walk *walk, const struct located *caller, struct located *callee)
{
	uint64_t end = ty_evidence_stack_end(walk, &caller->frame), operands[TY_OPERANDS];
	int count;

	if (!caller->code || caller->unit < 0 || caller->flags & PY_OPCODE_QUIET)
		return false;
	if (end && ty_walk_peek(walk, end, callee) && callee->frame.owner == PY_OWNER_THREAD &&
	    is_entered_from(walk, caller, callee))
		return true;
	count = ty_evidence_operands(walk, caller, operands);
	for (int i = 0; i < count; i++)
		if (ty_evidence_peek_generator(walk, operands[i] + walk->walker->offsets->generator.iframe, callee) &&
		    callee->frame.owner == PY_OWNER_GENERATOR && is_entered_from(walk, caller, callee))
			return true;
	return false;
}

/* Can nothing be above a frame above which nothing was found? Calls may have led into a generator that was missed. */
static bool is_certainly_top(struct walk *walk, const struct located *frame)
{
	if (!frame->code || frame->unit < 0 || frame->flags & PY_OPCODE_ITERATES)
		return false;
	return py_has(walk->walker->offsets->frame.stacktop) ? frame->frame.executing
	                                                     : !(frame->flags & PY_OPCODE_PUSHES);
}

/* Does a call into C have a generator among its operands? */
static bool takes_generator(struct walk *walk, const struct located *caller)
{
	uint64_t iframe = walk->walker->offsets->generator.iframe, operands[TY_OPERANDS];
	int count = caller->flags & PY_OPCODE_ITERATES ? ty_evidence_operands(walk, caller, operands) : 0;
	struct located callee;

	for (int i = 0; i < count; i++)
		if (ty_walk_peek(walk, operands[i] + iframe, &callee) && callee.frame.owner == PY_OWNER_GENERATOR)
			return true;
	return false;
}

/*
 * A frame stands on an instruction that resumes a generator, or on a call like send(), while the generator runs, and
 * hardly any longer. One that is found there without its generator was read at another time than the generator: what
 * ran is not known. Only in a target that rests it did stand there.
 */
static bool is_between(struct walk *walk, const struct located *top)
{
	if (top->flags & PY_OPCODE_RESUMES ? ty_evidence_iterates_in_c(walk, top) : !takes_generator(walk, top))
		return false;
	return !ty_walk_is_at_rest(walk);
}

/*
 * Where the hint leads nowhere, because it is a generator that was suspended before it was read itself: up from the
 * outermost frame, over what each frame says it has called.
 */
static bool climb(struct walk *walk, struct located *top)
{
	struct located callee;

	if (!ty_walk_peek(walk, walk->thread->root_slot, top) || top->frame.owner != PY_OWNER_THREAD)
		return false;
	walk->thread->repaired = true;
	for (uint32_t i = 0; i < walk->walker->max_frames; i++) {
		if (!find_callee(walk, top, &callee) && !find_entered(walk, top, &callee))
			return is_certainly_top(walk, top);
		*top = callee;
	}
	return false;
}

bool ty_walk_find_top(struct walk *walk, uint64_t hint, struct py_frame *top)
{
	struct located now, other;
	bool suspended = false;

	if (!step_down(walk, hint, &now, &suspended) && !(suspended && climb(walk, &now)))
		return false;
	for (int i = 0; now.frame.address && i < REPAIRS_MAX && find_callee(walk, &now, &other); i++) {
		walk->thread->repaired = true;
		now = other;
	}
	if (now.frame.address && is_left_behind(walk, &now.frame, &other)) {
		walk->thread->repaired = true;
		now = other;
	}
	walk->broken |= now.frame.address && is_between(walk, &now);
	*top = now.frame;
	return true;
}
