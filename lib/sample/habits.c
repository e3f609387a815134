/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an instruction usually calls.
 *
 * The data stack is copied while the thread runs, and now and then a caller is copied some nanoseconds before it goes
 * on to its next call, and the callee after that: every word of both is right, nothing in either contradicts the other,
 * and the stack never was. It happens once in some 100 000 samples of functions that do nothing but call. But nearly
 * every instruction calls one function, or a few, and always the same: one that was seen there often, and never with
 * this one below, makes the link strange.
 *
 * A strange link is believed when the next reading finds it as well, which a call that takes microseconds passes at the
 * first attempt; or when too much was strange there, for then the instruction simply calls many functions. So what is
 * held back of an instruction, if all that it calls is new and over at once, is one sample of STRANGE_SHARE.
 */
#include "sample/walk_state.h"

/* Of so many sightings of an instruction one may be refused; so many have to be known before any is. */
#define STRANGE_SHARE 256

/* Sightings after which older ones count half: programs change. */
#define SIGHTINGS_MAX (1u << 20)

static struct ty_habit *habit_of(struct walk *walk, const struct located *caller)
{
	uint64_t site = (uint64_t)caller->code->function << 32 | (uint32_t)(caller->unit + 1);
	struct ty_habit *habit = &walk->walker->habits[ty_hash64(site) % TY_HABITS];

	if (habit->site != site)
		*habit = (struct ty_habit){ .site = site };
	if (++habit->sightings == SIGHTINGS_MAX) {
		habit->sightings /= 2;
		habit->strange /= 2;
	}
	return habit;
}

/* Did the reading before this one find the same, all addresses included? Then that is where the thread is. */
static bool is_seen_again(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	struct ty_strange_link *last = &walk->thread->strange;
	struct ty_strange_link link = { .caller = caller->frame.address,
		                        .caller_ip = caller->frame.ip,
		                        .callee = callee->address,
		                        .callee_code = callee->code,
		                        .reading = walk->walker->plan->reading };
	bool again = link.caller == last->caller && link.caller_ip == last->caller_ip && link.callee == last->callee &&
	             link.callee_code == last->callee_code && link.reading == last->reading + 1;

	*last = link;
	return again;
}

void ty_habit_see_top(struct walk *walk, const struct located *top)
{
	if (top->code && top->unit >= 0 && !(top->flags & (PY_OPCODE_QUIET | PY_OPCODE_RESUMES)))
		habit_of(walk, top);
}

bool ty_habit_allows(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	const struct py_code *code = ty_codes_cached(walk->walker->codes, callee->code);
	struct ty_habit *habit;
	uint64_t link, *slot;

	/* What resumes generators has rules of its own. */
	if (!code || callee->owner == PY_OWNER_GENERATOR)
		return true;
	habit = habit_of(walk, caller);
	link = ty_hash64(ty_hash64(habit->site) + code->function);
	slot = &walk->walker->habitual[link % TY_HABITUAL_LINKS];
	if (*slot == link)
		return true;
	if (habit->strange < habit->sightings / STRANGE_SHARE && !ty_walk_is_at_rest(walk) &&
	    !is_seen_again(walk, caller, callee)) {
		habit->strange++;
		return false;
	}
	*slot = link;
	return true;
}
