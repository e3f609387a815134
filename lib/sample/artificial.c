/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/artificial.h"

#include <string.h>

#include "sample/status.h"
#include "util/bytes.h"

#define WORD_BYTES 8

/* In the place of a frame's index. */
#define NOWHERE SIZE_MAX

/* PyThreadState.state of a thread that may not use its interpreter (Include/cpython/pystate.h: _Py_THREAD_DETACHED). */
#define STATE_DETACHED 0

/* ---- what memory says ---- */

static void find_collector(ty_target *target, struct ty_interpreter *interpreter, bool *missed)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	uint64_t gc = interpreter->address + offsets->interpreter.gc;
	const uint8_t *bytes = ty_status_shared_bytes(target, gc + offsets->gc.collecting, 4, missed);

	/* What cannot be read, as in a capture that was made without it, is not asked for again. */
	interpreter->gc_is_hidden = !bytes;
	interpreter->is_collecting = bytes && ty_load_i32(bytes) != 0;
	if (!interpreter->is_collecting)
		interpreter->collector = 0;
	if (!bytes || !py_has(offsets->gc.frame))
		return;
	bytes = ty_status_shared_bytes(target, gc + offsets->gc.frame, WORD_BYTES, missed);
	interpreter->gc_frame = bytes && interpreter->is_collecting ? ty_load_u64(bytes) : 0;
}

void ty_artificial_find_collectors(ty_target *target, bool *missed)
{
	if (target->options.no_gc_frames)
		return;
	for (size_t i = 0; i < target->interpreters.count; i++)
		if (!target->interpreters.items[i].gc_is_hidden)
			find_collector(target, &target->interpreters.items[i], missed);
}

/* Has the thread left the interpreter, and is it not just waiting to get back in? */
static bool is_outside(ty_target *target, const struct ty_interpreter *interpreter, struct ty_thread *thread)
{
	const struct py_offsets *offsets = &target->runtime.offsets;
	const uint8_t *state = ty_thread_state(&target->plan, thread);

	if (!state || thread->status & (TY_THREAD_HAS_GIL | TY_THREAD_GIL_REQUESTED))
		return false;
	if (offsets->free_threaded)
		return py_has(offsets->thread.state) && ty_load_i32(state + offsets->thread.state) == STATE_DETACHED;
	return py_has(offsets->thread.gil_requested) || interpreter->gil_is_free;
}

static bool runs_trace(ty_target *target, struct ty_thread *thread)
{
	uint32_t offset = target->runtime.offsets.thread.executor;
	const uint8_t *state = py_has(offset) ? ty_thread_state(&target->plan, thread) : NULL;

	return state && ty_load_u64(state + offset) != 0;
}

void ty_artificial_note(ty_target *target, struct ty_thread *thread)
{
	struct ty_interpreter *interpreter = ty_status_interpreter(target, thread);

	thread->gc_frame = 0;
	thread->is_outside = false;
	thread->is_in_trace = runs_trace(target, thread);
	if (!interpreter)
		return;
	if (!target->options.no_gc_frames)
		thread->gc_frame = interpreter->gc_frame;
	if (target->options.native_frames)
		thread->is_outside = is_outside(target, interpreter, thread);
}

/* ---- where they stand: the index of the frame that they stand on top of ---- */

static size_t find_frame(const struct ty_stack *stack, uint64_t address)
{
	const struct ty_record *records = ty_stack_records(stack);

	for (size_t i = 0; i < stack->depth; i++)
		if (records[i].address == address)
			return i;
	return NOWHERE;
}

static bool is_finalizer(ty_target *target, const ty_frame *frame)
{
	ty_function_info function = { .size = sizeof(function) };

	return ty_function(target, frame->function, &function) == 0 && strcmp(function.name, "__del__") == 0;
}

/* Does the frame stand on an instruction that calls nothing of its own accord? */
static bool is_between_instructions(const ty_target *target, const struct ty_record *record)
{
	const struct py_opcode *opcodes = target->codes.opcodes;
	uint32_t unit = (uint32_t)record->frame.offset / 2;
	const char *name;

	if (!record->code || record->frame.offset < 0 || !ty_bytecode_begins(record->code->bytecode, unit))
		return false;
	name = opcodes[opcodes[record->code->bytecode->units[unit].opcode].base].name;
	return strcmp(name, "RESUME") == 0 || strcmp(name, "JUMP_BACKWARD") == 0;
}

/* Where a collector was called whose callbacks run. */
static size_t find_callback(ty_target *target, const struct ty_stack *stack)
{
	const struct ty_record *records = ty_stack_records(stack);

	for (size_t i = stack->depth; i-- > 1;)
		if (records[i - 1].frame.flags & TY_FRAME_ENTRY &&
		    (is_between_instructions(target, &records[i]) || is_finalizer(target, &records[i - 1].frame)))
			return i;
	return NOWHERE;
}

/* How much speaks for a thread as the one that collects. */
static int suspicion(ty_target *target, const struct ty_thread *thread)
{
	return (find_callback(target, &thread->stack) != NOWHERE ? 2 : 0) +
	       (thread->status & TY_THREAD_HAS_GIL ? 1 : 0);
}

static void choose_collector(ty_target *target, struct ty_interpreter *interpreter)
{
	int most = 0;

	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		struct ty_thread *thread = target->snapshot.threads.items[i];
		int found = thread->interpreter_address == interpreter->address ? suspicion(target, thread) : 0;

		if (found > most) {
			most = found;
			interpreter->collector = thread->address;
		}
	}
}

void ty_artificial_choose_collectors(ty_target *target)
{
	if (target->runtime.offsets.free_threaded || py_has(target->runtime.offsets.gc.frame))
		return;
	for (size_t i = 0; i < target->interpreters.count; i++) {
		struct ty_interpreter *interpreter = &target->interpreters.items[i];

		if (interpreter->is_collecting && !interpreter->collector)
			choose_collector(target, interpreter);
	}
}

static size_t find_gc(ty_target *target, const struct ty_thread *thread)
{
	const struct ty_interpreter *interpreter;
	size_t at;

	if (!thread->stack.depth)
		return NOWHERE;
	if (py_has(target->runtime.offsets.gc.frame))
		return thread->gc_frame ? find_frame(&thread->stack, thread->gc_frame) : NOWHERE;
	interpreter = ty_status_interpreter(target, thread);
	if (!interpreter || interpreter->collector != thread->address)
		return NOWHERE;
	at = find_callback(target, &thread->stack);
	return at == NOWHERE ? 0 : at;
}

static bool has_native(const ty_target *target, const struct ty_thread *thread, size_t index, size_t gc)
{
	if (!target->options.native_frames || index == gc)
		return false;
	if (index == 0)
		return thread->is_outside;
	return ty_stack_frames(&thread->stack)[index - 1].flags & TY_FRAME_ENTRY;
}

/* ---- the copy ---- */

static ty_frame artificial(ty_target *target, uint32_t *function, const char *name, uint8_t kind)
{
	if (!*function)
		*function = ty_codes_artificial(&target->codes, name);
	return (ty_frame){ .function = *function, .offset = -1, .kind = kind };
}

static bool needs_dress(const ty_target *target, const struct ty_thread *thread, size_t gc)
{
	if (gc != NOWHERE || (thread->is_in_trace && thread->stack.depth))
		return true;
	for (size_t i = 0; i < thread->stack.depth && target->options.native_frames; i++)
		if (has_native(target, thread, i, gc))
			return true;
	return false;
}

/* Every frame may get one artificial frame on top of it. */
static bool dress(ty_target *target, struct ty_thread *thread, struct ty_dress *dress, size_t gc)
{
	const ty_frame *frames = ty_stack_frames(&thread->stack);

	if (!ty_array_reserve(&dress->frames, 2 * thread->stack.depth))
		return false;
	for (size_t i = 0; i < thread->stack.depth; i++) {
		ty_frame *at = dress->frames.items + dress->frames.count;

		if (i == gc)
			*at++ = artificial(target, &target->gc_function, "<GC>", TY_FRAME_GC);
		else if (has_native(target, thread, i, gc))
			*at++ = artificial(target, &target->native_function, "<native>", TY_FRAME_NATIVE);
		*at++ = frames[i];
		if (i == 0 && thread->is_in_trace)
			at[-1].flags |= TY_FRAME_TRACE;
		dress->frames.count = (size_t)(at - dress->frames.items);
	}
	return target->gc_function || gc == NOWHERE;
}

const ty_frame *ty_artificial_frames(const struct ty_thread *thread, size_t *count)
{
	const struct ty_dress *dress = &thread->dresses[thread->dress];

	*count = dress->is_worn ? dress->frames.count : thread->stack.depth;
	return dress->is_worn ? dress->frames.items : ty_stack_frames(&thread->stack);
}

/* ---- what stayed ---- */

static bool same_frame(const ty_frame *a, const ty_frame *b)
{
	return a->function == b->function && a->offset == b->offset && a->kind == b->kind;
}

static size_t count_same(const ty_frame *a, size_t a_count, const ty_frame *b, size_t b_count)
{
	size_t same = 0;

	while (same < a_count && same < b_count && same_frame(&a[a_count - 1 - same], &b[b_count - 1 - same]))
		same++;
	return same;
}

/* Outermost frames up to the first artificial one. */
static size_t count_python(const ty_frame *frames, size_t count)
{
	size_t python = 0;

	while (python < count && frames[count - 1 - python].kind != TY_FRAME_GC &&
	       frames[count - 1 - python].kind != TY_FRAME_NATIVE)
		python++;
	return python;
}

/* Outermost frames that are those of the snapshot before, in which `before` was shown of a thread that was in it. */
static uint32_t count_unchanged(const struct ty_thread *thread, const struct ty_dress *before)
{
	const struct ty_dress *now = &thread->dresses[thread->dress];
	size_t count, python;
	const ty_frame *frames = ty_artificial_frames(thread, &count);

	if (!thread->was_shown)
		return 0;
	if (before->is_worn)
		return (uint32_t)count_same(before->frames.items, before->frames.count, frames, count);
	if (!now->is_worn)
		return thread->unchanged_frames;
	python = count_python(frames, count);
	return python < thread->unchanged_frames ? (uint32_t)python : thread->unchanged_frames;
}

bool ty_artificial_dress(ty_target *target, struct ty_thread *thread)
{
	const struct ty_dress *before = &thread->dresses[thread->dress];
	struct ty_dress *now = &thread->dresses[!thread->dress];
	size_t gc = find_gc(target, thread);

	ty_array_clear(&now->frames);
	now->is_worn = needs_dress(target, thread, gc);
	if (now->is_worn && !dress(target, thread, now, gc))
		return false;
	thread->dress = !thread->dress;
	thread->shown_unchanged = count_unchanged(thread, before);
	return true;
}
