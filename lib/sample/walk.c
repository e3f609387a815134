/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/walk_state.h"

#include <errno.h>

#include "python/copies.h"
#include "sample/chunks.h"
#include "sample/leaf.h"
#include "util/bytes.h"

/* Entry frames between two Python frames: one, unless the interpreter is just leaving a loop. */
#define SHIMS_MAX 4

/* Code objects of one walk that may fail to be read: more, and the chain has left the stack. */
#define UNREADABLE_MAX 4

/* Frames followed behind a link that does not hold: what is below may still be of use to the caller. */
#define BROKEN_FRAMES_MAX 256

/* How far the next frame may have moved in the previous stack. */
#define MOVED_MAX 8

/* Slots read with a frame in the heap before its size is known; and the most that is read once it is. */
#define HEAP_SLOTS 16
#define HEAP_FRAME_BYTES_MAX 4096

/* ---- bytes ---- */

static uint32_t frame_size(const struct walk *walk)
{
	return walk->walker->offsets->frame.size;
}

const uint8_t *ty_walk_bytes(struct walk *walk, uint64_t address, size_t size_bytes)
{
	struct ty_plan *plan = walk->walker->plan;
	struct ty_region *region = ty_region_find(&walk->thread->list, address, size_bytes);

	if (!region || !region->readable)
		return NULL;
	region->used_at = plan->sample;
	return ty_region_bytes(plan, region, address);
}

/* Fetches a range that was not predicted. */
static const uint8_t *fetch_bytes(struct walk *walk, uint64_t address, uint32_t before, uint32_t size_bytes)
{
	struct ty_plan *plan = walk->walker->plan;
	struct ty_region *region =
	        ty_plan_fetch(plan, &walk->thread->list, TY_REGION_LOOSE, address - before, before + size_bytes);

	walk->result->missed = true;
	return region ? ty_region_bytes(plan, region, address) : NULL;
}

bool ty_walk_frame(struct walk *walk, uint64_t address, struct py_frame *frame)
{
	uint32_t before = walk->walker->offsets->generator.iframe;
	const uint8_t *bytes;

	if (address <= before || address % PY_WORD_BYTES)
		return false;
	bytes = ty_walk_bytes(walk, address, frame_size(walk));
	/* It may be in a generator; at the end of a mapping there may be nothing around it. */
	if (!bytes)
		bytes = fetch_bytes(walk, address, before, frame_size(walk) + HEAP_SLOTS * PY_WORD_BYTES);
	if (!bytes)
		bytes = fetch_bytes(walk, address, 0, frame_size(walk));
	if (!bytes)
		return false;
	ty_frame_decode(walk->walker->version, walk->walker->offsets, address, bytes, frame);
	if (frame->owner != PY_OWNER_GENERATOR)
		return true;
	/* A region that others made may hold the frame and not the head of its generator, which testifies. */
	if (!ty_walk_bytes(walk, address - before, before))
		fetch_bytes(walk, address, before, frame_size(walk));
	ty_evidence_resumed_later(walk, address, frame);
	return true;
}

void ty_walk_locate(struct walk *walk, const struct py_frame *frame, struct located *located)
{
	struct ty_walker *walker = walk->walker;
	struct py_frame translated = *frame;
	bool fresh;

	located->frame = *frame;
	located->code =
	        frame->code && !ty_walk_is_shim(walk, frame) ? ty_codes_cached(walker->codes, frame->code) : NULL;
	located->unit = located->code && ty_copies_translate(located->code, &translated)
	                        ? ty_frame_unit(walker->version, located->code, &translated, &fresh)
	                        : -1;
	located->flags = located->code ? ty_frame_opcode_flags(walker->codes, located->code, located->unit) : 0;
}

bool ty_walk_peek(struct walk *walk, uint64_t address, struct located *located)
{
	const uint8_t *bytes = address % PY_WORD_BYTES ? NULL : ty_walk_bytes(walk, address, frame_size(walk));
	struct py_frame frame;

	if (!bytes)
		return false;
	ty_frame_decode(walk->walker->version, walk->walker->offsets, address, bytes, &frame);
	ty_walk_locate(walk, &frame, located);
	return true;
}

/* ---- code objects ---- */

/* Makes sure that the code object of a frame is cached; its identity may still have to be confirmed. */
static void need_code(struct walk *walk, const struct py_frame *frame)
{
	struct py_codes *codes = walk->walker->codes;
	struct py_code *code = ty_codes_cached(codes, frame->code);
	struct py_code **slot;
	int result;

	if (code && code->confirmed_epoch == codes->epoch)
		return;
	if (code) {
		slot = ty_array_push(&walk->walker->unconfirmed);
		if (slot)
			*slot = code;
		else
			walk->result->error = -ENOMEM;
		return;
	}
	/* In a chain that has left the stack every pointer is garbage, and every look at it a system call. */
	if (walk->broken || walk->unreadable >= UNREADABLE_MAX)
		return;
	result = ty_codes_fetch(codes, frame->code, &code);
	walk->result->missed |= result != -TY_ELIMIT;
	walk->unreadable += result < 0;
	/* One that is too large to be kept is one all the same; anything else was no code object when it was read. */
	walk->broken |= result < 0 && result != -TY_ELIMIT;
	if (result == -ESRCH || result == -ENOMEM)
		walk->result->error = result;
}

/* Makes sure that it is known where the bytecode is that a frame runs. */
static void need_copy(struct walk *walk, const struct py_frame *frame)
{
	struct py_code *code = ty_codes_cached(walk->walker->codes, frame->code);
	struct py_frame translated = *frame;
	int result;

	if (!code || walk->broken || ty_copies_translate(code, &translated))
		return;
	result = ty_copies_find(walk->walker->codes, code, frame);
	walk->result->missed = true;
	if (result == -ESRCH || result == -ENOMEM)
		walk->result->error = result;
}

/* ---- the chain ---- */

/* The record of the last stack for a frame at that address, if its words are the same. */
static const struct ty_record *find_unchanged(struct walk *walk, const struct py_frame *frame)
{
	const struct ty_stack *stack = &walk->thread->stack;
	const struct ty_record *records = ty_stack_records(stack);
	size_t last = walk->hint + MOVED_MAX < stack->depth ? walk->hint + MOVED_MAX : stack->depth;

	for (size_t i = walk->hint; i < last; i++) {
		const struct ty_record *record = &records[i];

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

/*
 * Is everything below a frame, byte for byte, what it was in the reading before, in which it was proven? Frames below
 * it are in older chunks, in its chunk before it, or loose.
 */
static bool is_tail_unchanged(struct walk *walk, const struct py_frame *frame)
{
	const struct ty_plan *plan = walk->walker->plan;
	const struct ty_region_list *list = &walk->thread->list;

	if (walk->thread->stack_reading != plan->reading - 1 || frame->owner != PY_OWNER_THREAD)
		return false;
	for (size_t i = 0; i < list->regions.count; i++) {
		const struct ty_region *region = &list->regions.items[i];
		bool holds_frame =
		        frame->address >= region->address && frame->address - region->address < region->size_bytes;

		if (region->kind != TY_REGION_CHUNK && region->kind != TY_REGION_LOOSE)
			continue;
		if (!ty_region_is_unchanged(plan, region, holds_frame ? frame->address : UINT64_MAX))
			return false;
	}
	return true;
}

/* Bytecode at the leaf: as it was read together with the frame, else as it was cached. */
static void put_opcode(struct walk *walk, const struct py_code *code, int64_t unit, bool leaf, ty_frame *frame)
{
	const uint8_t *bytes = leaf ? ty_walk_bytes(walk, code->bytecode_address + 2 * (uint64_t)unit, 2) : NULL;

	frame->flags = (uint8_t)((frame->flags & ~TY_FRAME_OPCODE_LATER) | TY_FRAME_HAS_OPCODE);
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
	if (codes->functions.items[code->function - 1]->internal)
		walk->walker->fresh.count--;
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

/* The outermost frame of the data stack is entered from the entry frame that was below it before. */
static bool is_known_root(const struct walk *walk, const struct py_frame *frame)
{
	return frame->address == walk->thread->root_slot && frame->owner == PY_OWNER_THREAD &&
	       frame->previous == walk->thread->root_entry;
}

/*
 * From a frame to its caller, over entry frames. frame->address is 0 when the base is reached; *entered tells whether
 * the frame was entered from C. false: an entry frame could not be read.
 */
static bool step_to_caller(struct walk *walk, struct py_frame *frame, bool *entered)
{
	struct py_frame callee = *frame;

	*entered = callee.is_entry || is_known_root(walk, &callee);
	if (ty_walk_is_base(walk, callee.previous) || is_known_root(walk, &callee)) {
		frame->address = 0;
		return true;
	}
	for (int i = 0; i < SHIMS_MAX; i++) {
		if (!ty_walk_frame(walk, frame->previous, frame))
			return false;
		if (!ty_walk_is_shim(walk, frame))
			return true;
		*entered = true;
		if (ty_walk_is_base(walk, frame->previous)) {
			if (callee.address == walk->thread->root_slot && frame->address == callee.previous)
				walk->thread->root_entry = callee.previous;
			frame->address = 0;
			return true;
		}
	}
	return false;
}

struct step {
	struct located at;
	bool unchanged; /* found in the previous stack with the same words */
};

/* What the previous sample made of the same words holds again. */
static void take_unchanged(struct walk *walk, struct step *step, const struct ty_record *before, bool leaf,
                           struct ty_record *record)
{
	step->at.code = before->code;
	step->at.unit = before->frame.offset < 0 ? -1 : before->frame.offset / 2;
	step->at.flags = ty_frame_opcode_flags(walk->walker->codes, before->code, step->at.unit);
	*record = *before;
	record->frame.flags &= (uint8_t)~TY_FRAME_ENTRY;
	if (before->frame.offset >= 0 && (leaf || !(before->frame.flags & TY_FRAME_OPCODE_LATER)))
		put_opcode(walk, step->at.code, step->at.unit, leaf, &record->frame);
}

/* Adds a frame to the stack. false: memory is out. */
static bool take_frame(struct walk *walk, const struct py_frame *frame, struct step *step, bool leaf)
{
	struct ty_record *record = ty_array_push(&walk->walker->fresh);
	const struct ty_record *before;

	if (!record) {
		walk->result->error = -ENOMEM;
		return false;
	}
	/* The bytecode that is read with the frame is the code object's own. */
	leaf = leaf && !frame->copy;
	step->at.frame = *frame;
	before = find_unchanged(walk, frame);
	step->unchanged = before && before->code->confirmed_epoch == walk->walker->codes->epoch;
	if (step->unchanged) {
		take_unchanged(walk, step, before, leaf, record);
		return true;
	}
	need_code(walk, frame);
	if (frame->copy)
		need_copy(walk, frame);
	ty_walk_locate(walk, frame, &step->at);
	if (frame->function)
		ty_evidence_know_function(walk, frame->function);
	put_record(walk, record, frame, step->at.code, step->at.unit, leaf);
	return true;
}

/* From the first chunk with frames to the one below it. Further down nothing moves for as long as that. */
static bool is_across_chunks(struct walk *walk, const struct located *below, const struct py_frame *above)
{
	if (walk->crossed || below->frame.owner != PY_OWNER_THREAD || above->owner != PY_OWNER_THREAD ||
	    below->frame.address + below->code->frame_bytes == above->address ||
	    !ty_chunks_begin_at(&walk->thread->list, above->address))
		return false;
	walk->crossed = true;
	return true;
}

/* Does the frame below fit the one above, which is the top of the stack or waits for another one? */
static bool link_holds(struct walk *walk, const struct step *below, const struct step *above, bool entered, bool top)
{
	if (!entered && below->at.frame.executing)
		return false;
	/* What was proven of the same words holds again. */
	if (!below->at.code || (walk->thread->stack_reading && walk->unchanged && below->unchanged && above->unchanged))
		return true;
	if (below->at.unit < 0 || ty_evidence_is_dead(walk, &below->at))
		return false;
	if (is_across_chunks(walk, &below->at, &above->at.frame) && !ty_evidence_waited(walk, &below->at.frame))
		return false;
	if (!top && above->at.frame.owner == PY_OWNER_GENERATOR && !ty_evidence_stayed(walk, &above->at.frame))
		return false;
	return (entered ? ty_evidence_entered(walk, &below->at, &above->at.frame)
	                : ty_evidence_called(walk, &below->at, &above->at.frame)) &&
	       ty_habit_allows(walk, &below->at, &above->at.frame);
}

/*
 * Heap frames are read whole once their size is known, so that their value stack can testify, and so can the head of
 * the generator that they are in: a region that was made for something else may begin in its middle.
 */
static void widen_heap_frame(struct walk *walk, const struct step *step)
{
	uint32_t before = walk->walker->offsets->generator.iframe;
	uint32_t size = step->at.code ? step->at.code->frame_bytes : 0;

	if (step->at.frame.owner == PY_OWNER_GENERATOR && !step->unchanged && size <= HEAP_FRAME_BYTES_MAX &&
	    !ty_region_find(&walk->thread->list, step->at.frame.address - before, before + size))
		fetch_bytes(walk, step->at.frame.address, before, size);
}

/* Marks the frame that was taken last as the first of its interpreter loop. */
static void mark_entry(struct walk *walk)
{
	if (walk->walker->fresh.count)
		walk->walker->fresh.items[walk->walker->fresh.count - 1].frame.flags |= TY_FRAME_ENTRY;
}

/* The frame that the tail stands below is entered as it was before. */
static void mark_same_entry(struct walk *walk)
{
	const struct ty_record *before = ty_stack_records(&walk->thread->stack) + walk->hint - 1;

	if (before->frame.flags & TY_FRAME_ENTRY)
		mark_entry(walk);
}

/*
 * The outermost Python frame is always one that was entered from C; a chain that ends without that is a suspended
 * generator's, which has no caller. And what lies lowest on the data stack is its first frame, if anything does.
 */
static int end_of_chain(const struct walk *walk, bool entered)
{
	const struct ty_thread *thread = walk->thread;
	bool rooted = walk->above ? walk->above == thread->root_slot : thread->stack_top <= thread->root_slot;

	if (!entered || (!walk->above && !rooted))
		return TY_INCOMPLETE;
	return !walk->broken && rooted ? TY_VERIFIED : TY_TORN;
}

/* Can the rest of the last stack be kept below a frame that was found in it? */
static bool keep_tail(struct walk *walk, const struct step *step)
{
	size_t tail;

	if (walk->broken || !step->unchanged || walk->tail_tried)
		return false;
	walk->tail_tried = true;
	tail = walk->thread->stack.depth - walk->hint;
	if (walk->walker->fresh.count + tail > walk->walker->max_frames || !is_tail_unchanged(walk, &step->at.frame))
		return false;
	walk->walker->tail = tail;
	mark_same_entry(walk);
	return true;
}

/* From the top to the base. */
static int walk_chain(struct walk *walk, const struct py_frame *top)
{
	uint32_t limit = walk->walker->max_frames;
	struct step steps[2];

	walk->unchanged = true;
	if (!take_frame(walk, top, &steps[0], true))
		return TY_FAILED;
	walk->broken |= steps[0].at.code && steps[0].at.unit < 0;
	is_adjacent(walk, top, steps[0].at.code);
	ty_habit_see_top(walk, &steps[0].at);
	for (uint32_t depth = 1; depth <= limit; depth++) {
		struct step *above = &steps[(depth - 1) % 2], *below = &steps[depth % 2];
		struct py_frame next = above->at.frame;
		bool entered;

		widen_heap_frame(walk, above);
		if (!step_to_caller(walk, &next, &entered))
			return walk->broken ? TY_TORN : TY_INCOMPLETE;
		if (entered)
			mark_entry(walk);
		if (!next.address)
			return end_of_chain(walk, entered);
		if (depth == limit)
			break;
		if (ty_frame_is_popped(walk->walker->version, &next) || !take_frame(walk, &next, below, false))
			return TY_TORN;
		if (!walk->broken && (!is_adjacent(walk, &next, below->at.code) ||
		                      !link_holds(walk, below, above, entered, depth == 1))) {
			walk->broken = true;
			limit = limit - depth > BROKEN_FRAMES_MAX ? depth + BROKEN_FRAMES_MAX : limit;
		}
		if (keep_tail(walk, below))
			return TY_VERIFIED;
	}
	return walk->broken ? TY_TORN : TY_INCOMPLETE;
}

/* The frame that an interpreter loop runs, and under 3.11 whether the thread is traced, which stands before it. */
static bool read_cframe(struct walk *walk, uint64_t address, uint64_t *frame)
{
	const struct py_offsets *offsets = walk->walker->offsets;
	uint32_t before = py_has(offsets->cframe_tracing) ? offsets->cframe_current - offsets->cframe_tracing : 0;
	uint64_t at = address + offsets->cframe_current;
	const uint8_t *bytes = ty_walk_bytes(walk, at, PY_WORD_BYTES);

	if (!bytes)
		bytes = fetch_bytes(walk, at, before, PY_WORD_BYTES);
	/* A capture may hold no more than that. */
	if (!bytes)
		bytes = fetch_bytes(walk, at, 0, PY_WORD_BYTES);
	if (!bytes)
		return false;
	*frame = ty_load_u64(bytes);
	bytes = before ? ty_walk_bytes(walk, at - before, before) : NULL;
	walk->untraced = bytes && !*bytes;
	return true;
}

/*
 * Address of the frame that the thread state says is running. Until 3.12 the thread state points to the interpreter
 * loop's _PyCFrame, which holds it. false: it cannot be read.
 */
static bool read_hint(struct walk *walk, const uint8_t *state, uint64_t *address)
{
	const struct py_offsets *offsets = walk->walker->offsets;

	*address = ty_load_u64(state + offsets->thread.current_frame);
	return !py_has(offsets->cframe_current) || !*address || read_cframe(walk, *address, address);
}

/* All of it: a region of another kind may hold its first bytes. */
static const uint8_t *thread_state(struct walk *walk)
{
	return ty_walk_bytes(walk, walk->thread->address, walk->thread->state_bytes);
}

static int walk_stack(struct walk *walk)
{
	struct ty_walker *walker = walk->walker;
	struct ty_thread *thread = walk->thread;
	const uint8_t *state = thread_state(walk);
	struct py_frame top;
	uint64_t hint;

	if (!state)
		return TY_FAILED;
	if (py_has(walker->offsets->thread.base_frame))
		walk->base = ty_load_u64(state + walker->offsets->thread.base_frame);
	if (!read_hint(walk, state, &hint))
		return TY_INCOMPLETE;
	if (ty_walk_is_base(walk, hint))
		return TY_VERIFIED;
	/* Fetching may have moved the bytes. */
	state = thread_state(walk);
	if (walker->opcodes)
		ty_leaf_update(walker->plan, thread);
	ty_chunks_update(walker->plan, thread, walker->offsets, state, &walk->result->missed);
	if (!ty_walk_find_top(walk, hint, &top))
		return TY_INCOMPLETE;
	return top.address ? walk_chain(walk, &top) : TY_VERIFIED;
}

void ty_walk_thread(struct ty_walker *walker, struct ty_thread *thread, struct ty_walk_result *result)
{
	struct walk walk = { .walker = walker, .thread = thread, .result = result };

	*result = (struct ty_walk_result){ 0 };
	ty_array_clear(&walker->fresh);
	ty_array_clear(&walker->unconfirmed);
	walker->tail = 0;
	thread->repaired = false;
	result->verdict = walk_stack(&walk);
	if (result->verdict == TY_VERIFIED && thread->repaired)
		result->verdict = TY_REPAIRED;
}

bool ty_walk_publish(struct ty_walker *walker, struct ty_thread *thread, int verdict)
{
	if (!ty_thread_publish(thread, walker->plan->sample, walker->fresh.items, walker->fresh.count, walker->tail))
		return false;
	thread->stack_reading = verdict <= TY_REPAIRED ? walker->plan->reading : 0;
	if (walker->opcodes && verdict <= TY_REPAIRED)
		ty_leaf_predict(walker->plan, thread);
	return true;
}

void ty_walker_free(struct ty_walker *walker)
{
	ty_array_free(&walker->unconfirmed);
	ty_array_free(&walker->fresh);
}
