/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two frames belong together: see python/frame.h for what frames testify. */
#include "sample/walk_state.h"
#include "util/bytes.h"

/* Frames between a generator's and the next one below that lies on the data stack. */
#define GENERATORS_MAX 64

/* Readings in a row that have to agree on a suspicious link before it is believed. */
#define AGREEING_READINGS 3

/* So often a thread has to be seen on an instruction that may resume one, and never one below, until it is no
 * generator's. */
#define BARE_SIGHTINGS 64

/* So often a generator has to be seen below an instruction before the lack of proof is taken for how the program is. */
#define UNPROVEN_SIGHTINGS 256

/* ---- slots ---- */

/* The word `distance` slots above the top of a frame's value stack, as long as it belongs to the frame; else 0. */
static uint64_t owned_slot(struct walk *walk, const struct located *located, int distance)
{
	const struct py_frame *frame = &located->frame;
	uint64_t slot = frame->stack + (uint64_t)(int64_t)(distance * PY_WORD_BYTES);
	const uint8_t *bytes;

	if (!frame->stack || !located->code || slot % PY_WORD_BYTES || slot <= frame->address ||
	    slot >= frame->address + located->code->frame_bytes)
		return 0;
	bytes = ty_walk_bytes(walk, slot, PY_WORD_BYTES);
	return bytes ? ty_load_u64(bytes) & ~walk->walker->version->reference_tag_mask : 0;
}

void ty_evidence_know_function(struct walk *walk, uint64_t function)
{
	walk->walker->known_functions[ty_hash64(function) % TY_KNOWN_FUNCTIONS] = function;
}

static bool is_known_function(const struct walk *walk, uint64_t function)
{
	return walk->walker->known_functions[ty_hash64(function) % TY_KNOWN_FUNCTIONS] == function;
}

/* The interpreter's own frames run no function object. */
static bool is_internal(const struct walk *walk, const struct py_frame *frame)
{
	const struct py_codes *codes = walk->walker->codes;
	const struct py_code *code = frame->code ? ty_codes_cached(codes, frame->code) : NULL;

	return code && codes->functions.items[code->function - 1]->internal;
}

/* false: the function that the caller has called is another one. */
static bool slot_allows(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	uint64_t value = owned_slot(walk, caller, 0);

	/* Up to 3.12 a NULL lies below the function where a method would have the function below self. */
	if (!value)
		value = owned_slot(walk, caller, 1);
	return !value || value == callee->function || !is_known_function(walk, value) || is_internal(walk, callee) ||
	       is_internal(walk, &caller->frame);
}

int ty_evidence_generators(struct walk *walk, const struct located *caller, uint64_t generators[2])
{
	int count = 0;

	for (int distance = -1; distance >= -2; distance--) {
		generators[count] = owned_slot(walk, caller, distance);
		count += generators[count] != 0;
	}
	return count;
}

int ty_evidence_operands(struct walk *walk, const struct located *caller, uint64_t operands[TY_OPERANDS])
{
	int count = 0;

	for (int distance = 0; distance < TY_OPERANDS; distance++) {
		operands[count] = owned_slot(walk, caller, distance);
		count += operands[count] != 0;
	}
	return count;
}

/* ---- life and death ---- */

static bool is_left_by_exception(const struct walk *walk, const struct located *located)
{
	return walk->untraced && located->frame.owner == PY_OWNER_THREAD && located->unit >= 0 &&
	       !(located->flags & (PY_OPCODE_PUSHES | PY_OPCODE_HIDDEN));
}

bool ty_evidence_is_dead(struct walk *walk, const struct located *located)
{
	const struct py_frame *frame = &located->frame;

	if (ty_frame_is_popped(walk->walker->version, frame))
		return true;
	if (!located->code)
		return false;
	if (ty_frame_made_generator(walk->walker->codes, located->code, frame, located->unit))
		return true;
	if (!py_has(walk->walker->offsets->frame.stacktop) || frame->executing)
		return false;
	/*
	 * Of the frames that do not execute, those that live have called another one, or a trace function: they do not
	 * stand on a return, and have at least their local variables below the top. From 3.12 on a popped frame has
	 * stacktop 0; before, one that an exception has left looks alive but for where it stands.
	 */
	return located->flags & PY_OPCODE_RETURNS || is_left_by_exception(walk, located) ||
	       frame->stack < frame->address + walk->walker->offsets->frame.size +
	                              (uint64_t)located->code->nlocalsplus * PY_WORD_BYTES;
}

uint64_t ty_evidence_stack_end(struct walk *walk, const struct py_frame *frame)
{
	struct located located;

	ty_walk_locate(walk, frame, &located);
	for (int i = 0; i < GENERATORS_MAX; i++) {
		if (located.frame.owner == PY_OWNER_THREAD)
			return located.code ? located.frame.address + located.code->frame_bytes : 0;
		if (ty_walk_is_base(walk, located.frame.previous) ||
		    !ty_walk_peek(walk, located.frame.previous, &located))
			return 0;
	}
	return 0;
}

/* ---- generators ---- */

/* The instruction on which a frame stands, as the walker knows it. */
static struct ty_resuming_site *site_of(struct walk *walk, const struct located *caller)
{
	uint64_t id = (uint64_t)caller->code->function << 32 | (uint32_t)(caller->unit + 1);
	struct ty_resuming_site *site = &walk->walker->sites[ty_hash64(id) % TY_RESUMING_SITES];

	if (site->id != id)
		*site = (struct ty_resuming_site){ .id = id };
	return site;
}

/* Where the walker keeps that a generator function was proven to run below an instruction; *link is what it keeps. */
static uint64_t *proven_link(struct walk *walk, const struct ty_resuming_site *site, const struct py_frame *callee,
                             uint64_t *link)
{
	const struct py_code *code = ty_codes_cached(walk->walker->codes, callee->code);

	*link = ty_hash64(ty_hash64(site->id) + (code ? code->function : 0));
	return &walk->walker->proven_links[*link % TY_PROVEN_LINKS];
}

static void remember_link(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	struct ty_resuming_site *site = site_of(walk, caller);
	uint64_t link, *slot = proven_link(walk, site, callee, &link);

	*slot = link;
	site->proven = true;
}

/*
 * Another generator function was proven to run there, and this one never was; or it is too early to tell, in a target
 * that was seen to run on.
 */
static bool is_strange(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	struct ty_resuming_site *site = site_of(walk, caller);
	uint64_t link, *slot = proven_link(walk, site, callee, &link);

	if (site->proven)
		return *slot != link;
	if (ty_walk_is_at_rest(walk) || site->sightings >= UNPROVEN_SIGHTINGS)
		return false;
	site->sightings += site->sightings || walk->walker->plan->has_before;
	return site->sightings;
}

/*
 * A generator lives in the heap and is read at another time than its caller; both may look right and still not belong
 * together, because a dropped generator's memory is used for the next one. But calling a generator function leaves its
 * frame behind on the data stack, above the caller, in the same copy as the caller: the last generator that the caller
 * made. One that is not the one that seems to run is suspicious, no more: a caller may make several and then run the
 * first. One that is proves which generator function belongs there. Later calls overwrite what was left, and then what
 * was proven before is all that there is.
 */
static bool is_suspicious(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	uint64_t end = ty_evidence_stack_end(walk, &caller->frame);
	struct located left;

	/* Rare instructions that run a generator through C: a finalizer, an operator. */
	if (!(caller->flags & PY_OPCODE_ITERATES))
		return true;
	if (!end || !ty_walk_peek(walk, end, &left) || !left.code || left.frame.previous != caller->frame.address ||
	    !ty_frame_made_generator(walk->walker->codes, left.code, &left.frame, left.unit))
		return is_strange(walk, caller, callee);
	if (left.frame.function != callee->function)
		return true;
	remember_link(walk, caller, callee);
	return false;
}

/* The same link, seen again and again in readings of a program that goes on, is how the program is. */
static bool is_believed(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	struct ty_suspect *suspect = &walk->thread->suspect;
	uint32_t sample = walk->walker->plan->sample;

	if (suspect->caller != caller->frame.address || suspect->caller_ip != caller->frame.ip ||
	    suspect->callee != callee->address || suspect->callee_function != callee->function ||
	    sample - suspect->sample > 1)
		*suspect = (struct ty_suspect){ .caller = caller->frame.address,
			                        .caller_ip = caller->frame.ip,
			                        .callee = callee->address,
			                        .callee_function = callee->function };
	suspect->sample = sample;
	if (!walk->walker->at_rest && (++suspect->seen < AGREEING_READINGS || !ty_walk_is_at_rest(walk)))
		return false;
	remember_link(walk, caller, callee);
	return true;
}

/* Tracing calls out of any instruction. The copy of the bytecode may be older than that. */
static bool is_instrumented(struct walk *walk, const struct located *caller)
{
	const struct py_codes *codes = walk->walker->codes;
	uint8_t *executing = caller->code->adaptive + 2 * caller->unit;
	uint32_t mask = TY_OPCODE_INSTRUMENTED | PY_OPCODE_HIDDEN;

	if (codes->opcodes[*executing].flags & mask)
		return true;
	if (ty_memory_read(codes->memory, caller->code->bytecode_address + 2 * (uint64_t)caller->unit, executing, 2) <
	    0)
		return false;
	return codes->opcodes[*executing].flags & mask;
}

static uint64_t generator_of(const struct walk *walk, uint64_t frame)
{
	return frame - walk->walker->offsets->generator.iframe;
}

/* The generator of a frame as it was behind the stack; NULL when that was not read, or cannot be. */
static const uint8_t *later_generator(struct walk *walk, uint64_t frame)
{
	const struct py_offsets *offsets = walk->walker->offsets;
	struct ty_plan *plan = walk->walker->plan;
	uint64_t generator = generator_of(walk, frame);
	struct ty_region *again = ty_region_find_again(&walk->thread->list, generator);

	if (!again) {
		walk->result->missed = true;
		ty_plan_add(plan, &walk->thread->list, TY_REGION_AGAIN, generator,
		            offsets->generator.iframe + offsets->frame.size);
		return NULL;
	}
	again->used_at = plan->sample;
	return again->readable ? ty_region_bytes(plan, again, generator) : NULL;
}

static int8_t state_of(const struct walk *walk, const uint8_t *generator)
{
	return (int8_t)generator[walk->walker->offsets->generator.frame_state];
}

static bool runs(const struct walk *walk, const uint8_t *generator)
{
	return generator && state_of(walk, generator) == walk->walker->version->generator_executing;
}

bool ty_evidence_resumed_later(struct walk *walk, uint64_t address, struct py_frame *frame)
{
	const struct ty_walker *walker = walk->walker;
	const uint8_t *bytes = ty_walk_bytes(walk, generator_of(walk, address), walker->offsets->generator.iframe);

	if (!bytes || runs(walk, bytes))
		return false;
	bytes = later_generator(walk, address);
	if (!runs(walk, bytes))
		return false;
	ty_frame_decode(walker->version, walker->offsets, address, bytes + walker->offsets->generator.iframe, frame);
	return true;
}

bool ty_evidence_peek_generator(struct walk *walk, uint64_t address, struct located *located)
{
	const struct ty_walker *walker = walk->walker;
	struct py_frame frame;

	if (runs(walk, ty_walk_bytes(walk, generator_of(walk, address), walker->offsets->generator.iframe)))
		return ty_walk_peek(walk, address, located);
	/* It may have been resumed after it was read, and before the stack was. */
	if (!ty_evidence_resumed_later(walk, address, &frame))
		return false;
	ty_walk_locate(walk, &frame, located);
	return true;
}

/*
 * Did it run, and was it the same generator before the stack was copied and after? What is compared is its frame's code
 * and function; that it was suspended before or after does not matter, as long as the caller's value stack names it.
 * Where it does not, the generator has to be seen running both times. Memory that was freed looks the same, but its
 * generator has ended.
 */
static bool was_running(struct walk *walk, const struct py_frame *frame, bool named)
{
	const struct ty_walker *walker = walk->walker;
	const uint8_t *later = later_generator(walk, frame->address);
	const uint8_t *bytes =
	        ty_walk_bytes(walk, generator_of(walk, frame->address), walker->offsets->generator.iframe);
	struct py_frame after;

	if (!bytes || !later)
		return walk->result->missed;
	if (runs(walk, bytes) + runs(walk, later) < (named ? 1 : 2))
		return false;
	if (state_of(walk, later) >= walker->version->generator_ended)
		return false;
	ty_frame_decode(walker->version, walker->offsets, frame->address, later + walker->offsets->generator.iframe,
	                &after);
	return after.function == frame->function && after.code == frame->code;
}

bool ty_evidence_stayed(struct walk *walk, const struct py_frame *frame)
{
	const struct ty_walker *walker = walk->walker;
	const uint8_t *before =
	        ty_walk_bytes(walk, generator_of(walk, frame->address), walker->offsets->generator.iframe);
	const uint8_t *later = later_generator(walk, frame->address);
	struct py_frame after;

	if (!before || !later)
		return walk->result->missed;
	if (!runs(walk, before) || !runs(walk, later))
		return false;
	ty_frame_decode(walker->version, walker->offsets, frame->address, later + walker->offsets->generator.iframe,
	                &after);
	return after.ip == frame->ip && after.previous == frame->previous;
}

/* Does one of the words above or just below the top of the caller's value stack hold the generator of a frame? */
static bool is_named(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	uint64_t generator = generator_of(walk, callee->address);

	for (int distance = -2; distance < TY_OPERANDS; distance++)
		if (owned_slot(walk, caller, distance) == generator)
			return true;
	return false;
}

/* false: what the caller iterates over is another object. */
static bool slots_allow(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	uint64_t generator = callee->address - walk->walker->offsets->generator.iframe;
	uint64_t generators[2];
	int count = ty_evidence_generators(walk, caller, generators);

	for (int i = 0; i < count; i++)
		if (generators[i] == generator)
			return true;
	return count == 0;
}

/* Is the instruction, in the form in which it executes, one for the iterators of built-in containers? */
static bool is_for_containers(struct walk *walk, const struct located *top)
{
	const uint8_t *executing = ty_walk_bytes(walk, top->code->bytecode_address + 2 * (uint64_t)top->unit, 1);

	if (!executing)
		executing = top->code->adaptive + 2 * top->unit;
	return walk->walker->codes->opcodes[*executing].flags & PY_OPCODE_CONTAINER;
}

bool ty_evidence_iterates_in_c(struct walk *walk, const struct located *top)
{
	struct ty_resuming_site *site = top->code && top->unit >= 0 ? site_of(walk, top) : NULL;

	if (!site || site->resumes)
		return false;
	site->bare += site->bare < BARE_SIGHTINGS;
	return site->bare == BARE_SIGHTINGS || is_for_containers(walk, top);
}

bool ty_evidence_entered(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	if (caller->flags & PY_OPCODE_QUIET && !is_instrumented(walk, caller))
		return false;
	if (callee->owner != PY_OWNER_GENERATOR)
		return true;
	site_of(walk, caller)->resumes = true;
	return was_running(walk, callee, is_named(walk, caller, callee)) &&
	       (!is_suspicious(walk, caller, callee) || is_believed(walk, caller, callee));
}

bool ty_evidence_called(struct walk *walk, const struct located *caller, const struct py_frame *callee)
{
	bool generator = callee->owner == PY_OWNER_GENERATOR;

	if (caller->frame.executing)
		return false;
	/* Instructions that resume a generator push nothing else, and no others push a generator's frame. */
	if (!(caller->flags & PY_OPCODE_HIDDEN) &&
	    (!(caller->flags & PY_OPCODE_PUSHES) || !!(caller->flags & PY_OPCODE_RESUMES) != generator))
		return false;
	return generator ? slots_allow(walk, caller, callee) && ty_evidence_entered(walk, caller, callee)
	                 : slot_allows(walk, caller, callee);
}
