/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/walk.h"

#include <errno.h>

#include "sample/chunks.h"
#include "util/bytes.h"

#define WORD_BYTES 8

/* Steps by which the hint where the stack begins is corrected. */
#define REPAIRS_MAX 8

/* Entry frames between two Python frames: one, unless the interpreter is just leaving a loop. */
#define SHIMS_MAX 4

/* Frames between a generator's and the next one below that lies on the data stack. */
#define GENERATORS_MAX 64

/* Slots read with a frame in the heap before its size is known; and the most that is read once it is. */
#define HEAP_SLOTS 16
#define HEAP_FRAME_BYTES_MAX 4096

struct walk {
	struct ty_walker *walker;
	struct ty_thread *thread;
	struct ty_walk_result *result;
	const uint8_t *state; /* the thread state: gone after the first fetch */
	uint64_t base;        /* address of the base frame, 0 where there is none */
	size_t hint;          /* index into the previous stack where the next frame probably is */
	bool unchanged;       /* the frame before in this walk was found there as it was */
	uint64_t above;       /* address of the frame above on the data stack, 0: none yet */
};

enum link { LINK_NEUTRAL, LINK_PROVEN, LINK_BROKEN };

/* ---- bytes ---- */

static uint32_t frame_size(const struct walk *walk)
{
	return walk->walker->offsets->frame.size;
}

/* The bytes of a range if the plan has brought them. */
static const uint8_t *planned_bytes(struct walk *walk, uint64_t address, size_t size_bytes)
{
	struct ty_plan *plan = walk->walker->plan;
	struct ty_region *region = ty_region_find(&walk->thread->list, address, size_bytes);

	if (!region || !region->readable)
		return NULL;
	region->used_at = plan->sample;
	return ty_region_bytes(plan, region, address);
}

static bool read_frame(struct walk *walk, uint64_t address, struct py_frame *frame)
{
	const struct py_offsets *offsets = walk->walker->offsets;
	uint32_t before = offsets->generator.iframe;
	const uint8_t *bytes = address ? planned_bytes(walk, address, frame_size(walk)) : NULL;

	if (!bytes) {
		struct ty_region *region = NULL;

		if (address <= before || address % WORD_BYTES)
			return false;
		walk->result->missed = true;
		region = ty_plan_fetch(walk->walker->plan, &walk->thread->list, TY_REGION_LOOSE, address - before,
				       before + frame_size(walk) + HEAP_SLOTS * WORD_BYTES);
		/* At the end of a mapping there may be nothing around the frame. */
		if (!region)
			region = ty_plan_fetch(walk->walker->plan, &walk->thread->list, TY_REGION_LOOSE, address,
					       frame_size(walk));
		if (!region)
			return false;
		bytes = ty_region_bytes(walk->walker->plan, region, address);
	}
	ty_frame_decode(walk->walker->version, offsets, address, bytes, frame);
	return true;
}

static bool is_shim(const struct walk *walk, const struct py_frame *frame)
{
	return ty_frame_is_shim(walk->walker->version, frame);
}

static bool is_base(const struct walk *walk, uint64_t address)
{
	return !address || address == walk->base;
}

/* ---- code objects ---- */

/* The code object of a frame, fetched if it is new. NULL: unreadable. */
static struct py_code *code_of(struct walk *walk, const struct py_frame *frame)
{
	struct py_codes *codes = walk->walker->codes;
	struct py_code *code = ty_codes_cached(codes, frame->code);
	int result;

	if (code) {
		struct py_code **slot;

		if (code->confirmed_epoch == codes->epoch)
			return code;
		slot = ty_array_push(&walk->walker->unconfirmed);
		if (slot)
			*slot = code;
		else
			walk->result->error = -ENOMEM;
		return code;
	}
	walk->result->missed = true;
	result = ty_codes_fetch(codes, frame->code, &code);
	if (result == -ESRCH || result == -ENOMEM)
		walk->result->error = result;
	return code;
}

/* ---- evidence ---- */

static void know_function(struct walk *walk, uint64_t function)
{
	walk->walker->known_functions[ty_hash64(function) % TY_KNOWN_FUNCTIONS] = function;
}

static bool is_known_function(const struct walk *walk, uint64_t function)
{
	return walk->walker->known_functions[ty_hash64(function) % TY_KNOWN_FUNCTIONS] == function;
}

/* The word at a place of a frame's value stack; 0 when it is not among the bytes that were read. */
static uint64_t slot_at(struct walk *walk, uint64_t address)
{
	const uint8_t *bytes = address % WORD_BYTES ? NULL : planned_bytes(walk, address, WORD_BYTES);

	return bytes ? ty_load_u64(bytes) & ~walk->walker->version->reference_tag_mask : 0;
}

/* The word `distance` slots above the top of a frame's value stack, as long as it belongs to the frame; else 0. */
static uint64_t owned_slot(struct walk *walk, const struct py_frame *frame, const struct py_code *code, int distance)
{
	uint64_t slot = frame->stack + (uint64_t)(int64_t)(distance * WORD_BYTES);

	return frame->stack && slot > frame->address && slot < frame->address + code->frame_bytes ? slot_at(walk, slot)
												  : 0;
}

/* What the caller's value stack says about the callee. */
static enum link compare_slot(struct walk *walk, const struct py_frame *caller, const struct py_code *caller_code,
			      const struct py_frame *callee)
{
	uint64_t value;

	if (!caller->stack)
		return LINK_NEUTRAL;
	if (callee->owner == PY_OWNER_GENERATOR) {
		uint64_t generator = callee->address - walk->walker->offsets->generator.iframe;

		for (int i = 1; i <= 2; i++)
			if (owned_slot(walk, caller, caller_code, -i) == generator)
				return LINK_PROVEN;
		return LINK_NEUTRAL;
	}
	value = owned_slot(walk, caller, caller_code, 0);
	/* Up to 3.12 a NULL lies below the function where a method would have the function below self. */
	if (!value)
		value = owned_slot(walk, caller, caller_code, 1);
	if (!value)
		return LINK_NEUTRAL;
	if (value == callee->function)
		return LINK_PROVEN;
	return is_known_function(walk, value) ? LINK_BROKEN : LINK_NEUTRAL;
}

/* First address of the data stack that is not taken by `frame` or what is below it; 0: unknown. */
static uint64_t data_stack_end(struct walk *walk, struct py_frame frame)
{
	for (int i = 0; i < GENERATORS_MAX; i++) {
		struct py_code *code;

		if (is_base(walk, frame.address))
			return 0;
		if (frame.owner == PY_OWNER_THREAD) {
			code = ty_codes_cached(walk->walker->codes, frame.code);
			return code ? frame.address + code->frame_bytes : 0;
		}
		if (is_base(walk, frame.previous) || !planned_bytes(walk, frame.previous, frame_size(walk)) ||
		    !read_frame(walk, frame.previous, &frame))
			return 0;
	}
	return 0;
}

/*
 * A generator lives in the heap and is read at another time than its caller; both may look right and still not belong
 * together, because a dropped generator's memory is used for the next one. But calling a generator function leaves its
 * frame behind on the data stack, above the caller, in the same copy as the caller: the last generator that the caller
 * made. One that is not the one that seems to run is suspicious, no more: a caller may make several and then run the first.
 */
static bool is_suspicious(struct walk *walk, const struct py_frame *caller, const struct py_frame *callee)
{
	uint64_t end = data_stack_end(walk, *caller);
	const uint8_t *bytes = end ? planned_bytes(walk, end, frame_size(walk)) : NULL;
	struct py_codes *codes = walk->walker->codes;
	struct py_frame left;
	struct py_code *code;
	bool fresh;

	if (!bytes)
		return false;
	ty_frame_decode(walk->walker->version, walk->walker->offsets, end, bytes, &left);
	code = left.code ? ty_codes_cached(codes, left.code) : NULL;
	if (!code || left.previous != caller->address || left.owner != PY_OWNER_THREAD)
		return false;
	return ty_frame_made_generator(codes, code, &left, ty_frame_unit(walk->walker->version, code, &left, &fresh)) &&
	       left.function != callee->function;
}

/* Readings in a row that have to agree on a suspicious link before it is believed. */
#define AGREEING_READINGS 3

/* The same link, seen again and again in readings of a program that goes on, is how the program is. */
static bool is_believed(struct walk *walk, const struct py_frame *caller, const struct py_frame *callee)
{
	struct ty_suspect *suspect = &walk->thread->suspect;
	uint32_t sample = walk->walker->plan->sample;

	if (suspect->caller != caller->address || suspect->caller_ip != caller->ip ||
	    suspect->callee != callee->address || suspect->callee_function != callee->function ||
	    sample - suspect->sample > 1)
		*suspect = (struct ty_suspect){ .caller = caller->address,
						.caller_ip = caller->ip,
						.callee = callee->address,
						.callee_function = callee->function };
	suspect->sample = sample;
	return ++suspect->seen >= AGREEING_READINGS;
}

static bool is_executing_generator(struct walk *walk, const struct py_frame *frame)
{
	const struct py_offsets *offsets = walk->walker->offsets;
	const uint8_t *state =
		planned_bytes(walk, frame->address - offsets->generator.iframe + offsets->generator.frame_state, 1);

	return !state || (int8_t)*state == walk->walker->version->generator_executing;
}

/* Can `caller` have called `callee`, which is a generator's frame? */
static enum link check_resumption(struct walk *walk, const struct py_frame *caller, const struct py_frame *callee)
{
	if (!is_executing_generator(walk, callee))
		return LINK_BROKEN;
	if (is_suspicious(walk, caller, callee) && !is_believed(walk, caller, callee))
		return LINK_BROKEN;
	return LINK_NEUTRAL;
}

/* Can `caller` have called `callee` without leaving the interpreter loop? */
static enum link check_call(struct walk *walk, const struct py_frame *caller, const struct py_code *caller_code,
			    int64_t caller_unit, const struct py_frame *callee)
{
	uint32_t flags = ty_frame_opcode_flags(walk->walker->codes, caller_code, caller_unit);

	if (caller->executing)
		return LINK_BROKEN;
	if (!(flags & PY_OPCODE_HIDDEN)) {
		if (!(flags & PY_OPCODE_PUSHES) ||
		    !(flags & PY_OPCODE_RESUMES) != (callee->owner != PY_OWNER_GENERATOR))
			return LINK_BROKEN;
	}
	if (callee->owner == PY_OWNER_GENERATOR && check_resumption(walk, caller, callee) == LINK_BROKEN)
		return LINK_BROKEN;
	return compare_slot(walk, caller, caller_code, callee);
}

/* ---- the top of the stack ---- */

/* Is the frame at `address` one that `caller` has called and that is still alive? */
static bool is_live_callee(struct walk *walk, const struct py_frame *caller, struct py_code *caller_code,
			   int64_t caller_unit, uint64_t address, struct py_frame *callee)
{
	struct py_codes *codes = walk->walker->codes;
	const uint8_t *bytes = planned_bytes(walk, address, frame_size(walk));
	struct py_code *code;
	uint32_t flags;
	int64_t unit;
	bool fresh;

	if (!bytes)
		return false;
	ty_frame_decode(walk->walker->version, walk->walker->offsets, address, bytes, callee);
	code = callee->code ? ty_codes_cached(codes, callee->code) : NULL;
	if (!code || callee->previous != caller->address || is_shim(walk, callee))
		return false;
	unit = ty_frame_unit(walk->walker->version, code, callee, &fresh);
	flags = ty_frame_opcode_flags(codes, code, unit);
	if (unit < 0 || flags & PY_OPCODE_RETURNS || ty_frame_made_generator(codes, code, callee, unit))
		return false;
	if (py_has(walk->walker->offsets->frame.stacktop) && !callee->executing)
		return false;
	return check_call(walk, caller, caller_code, caller_unit, callee) != LINK_BROKEN;
}

/* The frame that `caller` has called, if it lives. */
static bool find_callee(struct walk *walk, const struct py_frame *caller, struct py_frame *callee)
{
	struct py_code *code = caller->code ? ty_codes_cached(walk->walker->codes, caller->code) : NULL;
	uint64_t end;
	int64_t unit;
	bool fresh;

	if (!code || caller->executing)
		return false;
	unit = ty_frame_unit(walk->walker->version, code, caller, &fresh);
	if (unit < 0 || !(ty_frame_opcode_flags(walk->walker->codes, code, unit) & PY_OPCODE_PUSHES))
		return false;
	for (int i = 1; i <= 2; i++) {
		uint64_t generator = owned_slot(walk, caller, code, -i);

		if (generator && is_live_callee(walk, caller, code, unit,
						generator + walk->walker->offsets->generator.iframe, callee) &&
		    callee->owner == PY_OWNER_GENERATOR)
			return true;
	}
	end = data_stack_end(walk, *caller);
	return end && is_live_callee(walk, caller, code, unit, end, callee) && callee->owner == PY_OWNER_THREAD;
}

/*
 * true for a frame below which its caller already executes again: it was popped, but its memory still looks like a frame.
 * Only versions whose frames tell whether they execute know.
 */
static bool is_left_behind(struct walk *walk, const struct py_frame *frame, struct py_frame *caller)
{
	if (!py_has(walk->walker->offsets->frame.stacktop) || frame->executing || frame->is_entry ||
	    is_base(walk, frame->previous) || !read_frame(walk, frame->previous, caller) || is_shim(walk, caller))
		return false;
	return caller->executing;
}

static bool is_dead(struct walk *walk, const struct py_frame *frame)
{
	struct py_code *code = frame->code ? ty_codes_cached(walk->walker->codes, frame->code) : NULL;
	bool fresh;

	return ty_frame_is_popped(walk->walker->version, frame) ||
	       (code && ty_frame_made_generator(walk->walker->codes, code, frame,
						ty_frame_unit(walk->walker->version, code, frame, &fresh)));
}

/* From the hint to the frame that was on top when the stack was copied. false: no frame can be read there. */
static bool find_top(struct walk *walk, uint64_t address, struct py_frame *frame)
{
	struct py_frame other;

	if (!read_frame(walk, address, frame))
		return false;
	for (int i = 0; i < REPAIRS_MAX; i++) {
		bool shim = is_shim(walk, frame);

		if (!shim && !is_dead(walk, frame))
			break;
		walk->thread->repaired |= !shim;
		if (is_base(walk, frame->previous))
			return !shim ? false : (frame->address = 0, true);
		if (!read_frame(walk, frame->previous, frame))
			return false;
	}
	for (int i = 0; i < REPAIRS_MAX && find_callee(walk, frame, &other); i++) {
		walk->thread->repaired = true;
		*frame = other;
	}
	if (is_left_behind(walk, frame, &other)) {
		walk->thread->repaired = true;
		*frame = other;
	}
	return true;
}

/* ---- the chain ---- */

/* The record of the previous sample for a frame at that address, if its words are the same. */
static const struct ty_record *find_unchanged(struct walk *walk, const struct py_frame *frame)
{
	struct ty_stack *before = ty_thread_previous(walk->thread);
	size_t last = walk->hint + REPAIRS_MAX < before->records.count ? walk->hint + REPAIRS_MAX
								       : before->records.count;

	for (size_t i = walk->hint; i < last; i++) {
		const struct ty_record *record = &before->records.items[i];

		if (record->address != frame->address)
			continue;
		walk->unchanged = walk->unchanged && i == walk->hint;
		walk->hint = i + 1;
		if (record->ip != frame->ip || record->previous != frame->previous || !record->code)
			return NULL;
		/* The code object may have been replaced since. */
		return record->code->address == frame->code && record->code->function == record->frame.function ? record
														 : NULL;
	}
	return NULL;
}

/* Bytecode at the leaf: as it was read together with the frame, else as it was cached. */
static void put_opcode(struct walk *walk, const struct py_code *code, int64_t unit, bool leaf, ty_frame *frame)
{
	const uint8_t *bytes =
		leaf ? planned_bytes(walk, code->bytecode_address + 2 * (uint64_t)unit, 2) : NULL;

	frame->flags |= TY_FRAME_HAS_OPCODE;
	if (!bytes) {
		frame->flags |= TY_FRAME_OPCODE_LATER;
		bytes = code->adaptive + 2 * unit;
	}
	frame->opcode = bytes[0];
	frame->oparg = bytes[1];
}

static void put_record(struct walk *walk, struct ty_record *record, const struct py_frame *frame, struct py_code *code,
		       int64_t unit, bool leaf)
{
	struct py_codes *codes = walk->walker->codes;

	record->address = frame->address;
	record->previous = frame->previous;
	record->ip = frame->ip;
	record->code = code;
	record->frame.flags = frame->owner == PY_OWNER_GENERATOR ? TY_FRAME_GENERATOR : 0;
	if (!code) {
		record->frame.function = ty_codes_unreadable(codes);
		record->frame.kind = TY_FRAME_UNREADABLE;
		record->frame.offset = -1;
		return;
	}
	record->frame.function = code->function;
	record->frame.offset = unit < 0 ? -1 : (int32_t)(2 * unit);
	/* Frames that the interpreter makes for itself, to clean up behind __init__, have no lines and are not shown. */
	if (!codes->functions.items[code->function - 1]->linetable_bytes)
		record->frame.function = 0;
	if (unit >= 0)
		put_opcode(walk, code, unit, leaf, &record->frame);
}

/* Frames on the data stack lie end to end. */
static bool is_adjacent(struct walk *walk, const struct py_frame *frame, const struct py_code *code)
{
	uint64_t above = walk->above;

	if (frame->owner != PY_OWNER_THREAD)
		return true;
	walk->above = frame->address;
	return !above || !code || frame->address + code->frame_bytes == above ||
	       ty_chunks_begin_at(&walk->thread->list, above);
}

/* Steps over entry frames. false: a frame could not be read. `*address` is 0 at the base. */
static bool skip_shims(struct walk *walk, struct py_frame *frame, bool *entered)
{
	uint64_t address = frame->previous;

	*entered = frame->is_entry;
	for (int i = 0; i < SHIMS_MAX; i++) {
		struct ty_thread *thread = walk->thread;
		bool root = frame->address == thread->root_slot && frame->owner == PY_OWNER_THREAD;

		if (is_base(walk, address) || (root && address == thread->root_entry)) {
			frame->address = 0;
			return true;
		}
		if (root && i == 0)
			thread->root_entry = 0;
		if (!read_frame(walk, address, frame))
			return false;
		if (!is_shim(walk, frame))
			return true;
		*entered = true;
		if (root && is_base(walk, frame->previous))
			thread->root_entry = address;
		address = frame->previous;
	}
	return false;
}

struct step {
	struct py_frame frame;
	struct py_code *code;
	int64_t unit;
	bool fresh;
	bool unchanged; /* found in the previous stack with the same words */
};

/* Adds a frame to the stack. false: memory is out. */
static bool take_frame(struct walk *walk, struct step *step, bool leaf)
{
	struct ty_record *record = ty_array_push(&ty_thread_stack(walk->thread)->records);
	const struct ty_record *before;

	if (!record) {
		walk->result->error = -ENOMEM;
		return false;
	}
	before = find_unchanged(walk, &step->frame);
	step->unchanged = before && before->code->confirmed_epoch == walk->walker->codes->epoch;
	if (step->unchanged) {
		step->code = before->code;
		step->unit = before->frame.offset / 2;
		step->fresh = false;
		*record = *before;
		record->frame.flags &= (uint8_t)~TY_FRAME_ENTRY;
		if (leaf && before->frame.offset >= 0)
			put_opcode(walk, step->code, step->unit, leaf, &record->frame);
		return true;
	}
	step->code = code_of(walk, &step->frame);
	step->unit = step->code ? ty_frame_unit(walk->walker->version, step->code, &step->frame, &step->fresh) : -1;
	if (step->frame.function)
		know_function(walk, step->frame.function);
	put_record(walk, record, &step->frame, step->code, step->unit, leaf);
	return true;
}

/* Does the frame below fit the one above? */
static bool link_holds(struct walk *walk, const struct step *below, const struct step *above, bool entered)
{
	if (below->code && below->unit < 0)
		return false;
	if (entered)
		return above->frame.owner != PY_OWNER_GENERATOR || !below->code ||
		       (walk->unchanged && below->unchanged && above->unchanged) ||
		       check_resumption(walk, &below->frame, &above->frame) != LINK_BROKEN;
	if (!below->code || (below->unchanged && above->unchanged && walk->unchanged))
		return true;
	return check_call(walk, &below->frame, below->code, below->unit, &above->frame) != LINK_BROKEN;
}

/* Heap frames are read whole once their size is known, so that their value stack can testify. */
static void widen_heap_frame(struct walk *walk, const struct step *step)
{
	uint32_t size = step->code ? step->code->frame_bytes : 0;

	if (step->frame.owner != PY_OWNER_GENERATOR || step->unchanged || size > HEAP_FRAME_BYTES_MAX ||
	    ty_region_find(&walk->thread->list, step->frame.address, size))
		return;
	walk->result->missed = true;
	ty_plan_fetch(walk->walker->plan, &walk->thread->list, TY_REGION_LOOSE,
		      step->frame.address - walk->walker->offsets->generator.iframe,
		      walk->walker->offsets->generator.iframe + size);
}

static int walk_chain(struct walk *walk, struct py_frame *top)
{
	struct step steps[2] = { { .frame = *top } };
	int verdict = TY_VERIFIED;
	int now = 0;

	walk->unchanged = true;
	if (!take_frame(walk, &steps[0], true))
		return TY_FAILED;
	if (steps[0].code && steps[0].unit < 0)
		verdict = TY_TORN;
	is_adjacent(walk, &steps[0].frame, steps[0].code);
	for (uint32_t depth = 1; depth < walk->walker->max_frames; depth++) {
		struct step *above = &steps[now], *below = &steps[!now];
		struct ty_stack *stack = ty_thread_stack(walk->thread);
		bool entered;

		widen_heap_frame(walk, above);
		below->frame = above->frame;
		if (!skip_shims(walk, &below->frame, &entered))
			return verdict == TY_TORN ? TY_TORN : TY_INCOMPLETE;
		if (entered || !below->frame.address)
			stack->records.items[stack->records.count - 1].frame.flags |= TY_FRAME_ENTRY;
		if (!below->frame.address)
			return verdict;
		if (ty_frame_is_popped(walk->walker->version, &below->frame) || !take_frame(walk, below, false))
			return TY_TORN;
		if (!is_adjacent(walk, &below->frame, below->code) || !link_holds(walk, below, above, entered))
			verdict = TY_TORN;
		now = !now;
	}
	return verdict == TY_TORN ? TY_TORN : TY_INCOMPLETE;
}

/* Address of the frame that the thread state says is running; false: it cannot be read. */
static bool read_hint(struct walk *walk, uint64_t *address)
{
	const struct py_offsets *offsets = walk->walker->offsets;
	const uint8_t *bytes;

	*address = ty_load_u64(walk->state + offsets->thread.current_frame);
	if (!py_has(offsets->cframe_current))
		return true;
	/* Until 3.12 it is a pointer to the interpreter loop's _PyCFrame, which holds the pointer to the frame. */
	if (!*address)
		return true;
	bytes = planned_bytes(walk, *address, offsets->cframe_current + WORD_BYTES);
	if (!bytes) {
		struct ty_region *region;

		walk->result->missed = true;
		region = ty_plan_fetch(walk->walker->plan, &walk->thread->list, TY_REGION_LOOSE, *address,
				       offsets->cframe_current + WORD_BYTES);
		if (!region)
			return false;
		bytes = ty_region_bytes(walk->walker->plan, region, *address);
	}
	*address = ty_load_u64(bytes + offsets->cframe_current);
	return true;
}

void ty_walk_thread(struct ty_walker *walker, struct ty_thread *thread, struct ty_walk_result *result)
{
	struct walk walk = { .walker = walker, .thread = thread, .result = result };
	struct ty_stack *stack = ty_thread_stack(thread);
	struct py_frame top;
	uint64_t address;

	*result = (struct ty_walk_result){ .verdict = TY_INCOMPLETE };
	ty_array_clear(&stack->records);
	ty_array_clear(&walker->unconfirmed);
	thread->repaired = false;
	walk.state = planned_bytes(&walk, thread->address, WORD_BYTES);
	if (!walk.state) {
		result->verdict = TY_FAILED;
		return;
	}
	if (py_has(walker->offsets->thread.base_frame))
		walk.base = ty_load_u64(walk.state + walker->offsets->thread.base_frame);
	if (!read_hint(&walk, &address))
		return;
	if (is_base(&walk, address)) {
		result->verdict = TY_VERIFIED;
		return;
	}
	walk.state = planned_bytes(&walk, thread->address, WORD_BYTES);
	ty_chunks_update(walker->plan, thread, walker->offsets, walk.state, &result->missed);
	if (!find_top(&walk, address, &top))
		return;
	if (!top.address) {
		result->verdict = TY_VERIFIED;
		return;
	}
	result->verdict = walk_chain(&walk, &top);
	if (result->verdict == TY_VERIFIED && thread->repaired)
		result->verdict = TY_REPAIRED;
}
