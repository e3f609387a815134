/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a task is.
 *
 * A suspended task: from its coroutine to what that awaits, and so on, each a frame in the heap. A task that runs: the
 * frames of a thread's stack from the top, or from the task that this one has started eagerly, down to its coroutine's.
 * The coroutine is found on the stack by the address of its frame, so it does not matter which task asyncio thinks is
 * running, or that it has gone on since the stack was read.
 */
#include <errno.h>
#include <string.h>

#include "sample/artificial.h"
#include "sample/target.h"
#include "sample/tasks.h"

#define HASH_PRIME 0x100000001b3ULL

static void mix(uint64_t *hash, uint64_t word)
{
	*hash = (*hash ^ word) * HASH_PRIME;
	*hash ^= *hash >> 29;
}

/* ---- code objects ---- */

/* A cached code object is still the one at its address when its identity is what it was. */
static bool is_same_code(struct ty_task_list *list, const struct py_code *code)
{
	const struct py_offsets *offsets = &list->target->runtime.offsets;
	uint8_t header[PY_CODE_HEADER_BYTES_MAX], name[PY_NAME_HEADER_BYTES];
	bool need_name = ty_codes_need_name(offsets);
	struct py_identity identity;

	if (ty_pages_read(&list->pages, code->address, header, offsets->code.size) < 0 ||
	    (need_name && ty_pages_read(&list->pages, code->qualname_address, name, sizeof(name)) < 0))
		return false;
	ty_codes_identity(offsets, header, need_name ? name : NULL, &identity);
	return memcmp(&identity, &code->identity, sizeof(identity)) == 0;
}

/* The code object of a frame, or NULL: it cannot be read. *error: memory is out, or the process gone. */
static struct py_code *find_code(struct ty_task_list *list, uint64_t address, int *error)
{
	struct py_codes *codes = &list->target->codes;
	struct py_code *code = ty_codes_cached(codes, address);
	int result;

	if (code && code->confirmed_epoch == codes->epoch)
		return code;
	if (code && is_same_code(list, code)) {
		codes->checked++;
		code->confirmed_epoch = codes->epoch;
		return code;
	}
	result = ty_codes_fetch(codes, address, &code);
	if (result == -ENOMEM || result == -ESRCH)
		*error = result;
	return code;
}

/* ---- coroutines ---- */

static int put_frame(struct ty_task_list *list, const struct py_code *code, int64_t unit)
{
	struct py_codes *codes = &list->target->codes;
	ty_frame *frame = ty_array_push(&list->frames);

	if (!frame)
		return -ENOMEM;
	frame->flags = TY_FRAME_GENERATOR;
	frame->offset = unit < 0 ? -1 : (int32_t)(2 * unit);
	if (!code) {
		frame->kind = TY_FRAME_UNREADABLE;
		frame->function = ty_codes_unreadable(codes);
		return frame->function ? 0 : -ENOMEM;
	}
	frame->function = code->function;
	if (unit >= 0) {
		frame->flags |= TY_FRAME_HAS_OPCODE | TY_FRAME_OPCODE_LATER;
		frame->opcode = code->adaptive[2 * unit];
		frame->oparg = code->adaptive[2 * unit + 1];
	}
	return 0;
}

struct step {
	struct py_coroutine coroutine;
	uint64_t next; /* what it awaits, if that is a coroutine */
	int verdict;
};

/* Reads one coroutine and puts its frame. 0 or a negative error; what cannot be is in the verdict. */
static int take_step(struct ty_task_list *list, struct ty_task *task, uint64_t address, struct step *step)
{
	const struct py_frame *frame = &step->coroutine.frame;
	struct py_code *code;
	int64_t unit = -1;
	bool fresh;
	int result = ty_coroutine_read(&list->python, address, &step->coroutine), error = 0;

	step->next = 0;
	step->verdict = TY_TORN;
	if (result < 0)
		return result == -ENOMEM || result == -ESRCH ? result : 0;
	mix(&task->words, address);
	mix(&task->words, (uint64_t)step->coroutine.state);
	if (step->coroutine.ended)
		return 0;
	mix(&task->words, frame->code);
	/* What runs moves; it is the thread's stack that says where. */
	mix(&task->words, step->coroutine.executing ? 0 : frame->ip);
	code = find_code(list, frame->code, &error);
	if (error)
		return error;
	if (code)
		unit = ty_frame_unit(list->python.version, code, frame, &fresh);
	step->verdict = !code ? TY_INCOMPLETE : unit < 0 ? TY_TORN : TY_VERIFIED;
	result = put_frame(list, code, unit);
	if (result < 0 || !code || step->coroutine.executing)
		return result;
	result = ty_coroutine_awaited(&list->python, &step->coroutine, code, unit, &step->next, &task->future);
	if (result < 0)
		step->verdict = result == -TY_ELIMIT ? TY_INCOMPLETE : TY_TORN;
	mix(&task->words, step->next);
	return result == -ENOMEM || result == -ESRCH ? result : 0;
}

/* Frames were put outermost first. */
static void reverse(ty_frame *frames, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		ty_frame frame = frames[i];

		frames[i] = frames[count - 1 - i];
		frames[count - 1 - i] = frame;
	}
}

static int walk_coroutines(struct ty_task_list *list, struct ty_task *task)
{
	uint64_t address = task->python.coro;
	int result = 0;

	task->first_frame = (uint32_t)list->frames.count;
	task->verdict = TY_VERIFIED;
	for (size_t i = 0; address && result == 0; i++) {
		struct step step;

		if (i == TY_TASK_COROUTINES_MAX) {
			ty_tasks_limit(list, TY_TASK_LIMIT_COROUTINES);
			task->verdict = TY_INCOMPLETE;
			break;
		}
		result = take_step(list, task, address, &step);
		if (result < 0)
			return result;
		if (step.verdict > task->verdict)
			task->verdict = step.verdict;
		if (i == 0) {
			task->executing = step.verdict != TY_TORN && step.coroutine.executing;
			task->flags |= step.verdict != TY_TORN && step.coroutine.created ? TY_TASK_NEW : 0;
		} else if (step.verdict != TY_TORN && step.coroutine.executing) {
			/* Its awaiter would execute as well. */
			task->verdict = TY_TORN;
		}
		address = step.next;
	}
	task->frame_count = (uint32_t)list->frames.count - task->first_frame;
	if (task->frame_count)
		reverse(list->frames.items + task->first_frame, task->frame_count);
	return result;
}

/* ---- waiters ---- */

/* The outer frames array may move while waiters are added to the list of tasks. */
static int walk_waiters(struct ty_task_list *list, uint32_t index)
{
	struct py_task python = list->tasks.items[index].python;
	uint32_t first = (uint32_t)list->waiters.count;
	int result;

	ty_array_clear(&list->found.list);
	result = ty_task_waiters(&list->python, &python, &list->found);
	if (result == -TY_ELIMIT)
		ty_tasks_limit(list, TY_TASK_LIMIT_WAITERS);
	else if (result < 0)
		return result;
	for (size_t i = 0; i < list->found.list.count; i++) {
		int64_t waiter = ty_tasks_index(list, list->found.list.items[i]);
		uint32_t *slot = waiter < 0 ? NULL : ty_array_push(&list->waiters);

		if (waiter >= 0 && !slot)
			return -ENOMEM;
		if (slot)
			*slot = (uint32_t)waiter;
		mix(&list->tasks.items[index].words, waiter < 0 ? 0 : list->found.list.items[i]);
	}
	list->tasks.items[index].first_waiter = first;
	list->tasks.items[index].waiter_count = (uint32_t)list->waiters.count - first;
	return 0;
}

/* ---- one task ---- */

/*
 * Memory of a task that was freed looks like the task. But one that is done says so, and one that is alive and not
 * running hangs on a list, where there are lists.
 */
static bool is_alive(const struct ty_task_list *list, const struct py_task *python, bool executing)
{
	if (!python->is_task || python->done)
		return false;
	return executing || !py_has(list->python.layout.node) || (python->next && python->previous);
}

/* What was read of it before stays when it cannot be read again. */
static int walk_name(struct ty_task_list *list, struct ty_task *task)
{
	char name[PY_TASK_NAME_BYTES];
	int result = ty_task_name(&list->python, &task->python, name);
	size_t length;

	if (result == -ENOMEM || result == -ESRCH)
		return result;
	if (result < 0) {
		task->verdict = TY_TORN;
		return 0;
	}
	mix(&task->words, ty_hash_bytes(name, strlen(name)));
	length = strlen(name) + 1;
	if (!ty_array_reserve(&list->names, list->names.count + length))
		return -ENOMEM;
	task->name = (uint32_t)list->names.count;
	memcpy(list->names.items + list->names.count, name, length);
	list->names.count += length;
	return 0;
}

/* It cannot be read, or is none any more. */
static void give_up(struct ty_task *task)
{
	task->readable = false;
	task->executing = false;
	task->frame_count = task->waiter_count = 0;
	task->words = 0;
	task->verdict = TY_FAILED;
}

int ty_tasks_walk(struct ty_task_list *list, uint32_t index)
{
	struct ty_task *task = &list->tasks.items[index];
	int result = ty_task_read(&list->python, task->python.address, &task->python);

	if (result == -ENOMEM || result == -ESRCH)
		return result;
	task->flags = 0;
	task->words = 0;
	task->future = 0;
	task->executing = false;
	task->readable = true;
	if (result < 0) {
		give_up(task);
		return 0;
	}
	mix(&task->words, task->python.coro);
	mix(&task->words, task->python.fut_waiter);
	result = walk_coroutines(list, task);
	if (result == 0 && !is_alive(list, &task->python, task->executing)) {
		give_up(task);
		return 0;
	}
	if (result == 0)
		result = walk_name(list, task);
	/* A task of which nothing awaits anything waits for the future that it was handed. */
	if (!task->future)
		task->future = task->python.fut_waiter;
	return result < 0 ? result : walk_waiters(list, index);
}

/* ---- tasks that run ---- */

/* A thread's frames as they are shown, and how far they were taken: artificial ones stand between those of its stack.
 */
struct shown {
	const ty_frame *frames;
	size_t count;
	size_t taken;
};

static bool is_artificial(const ty_frame *frame)
{
	return frame->kind == TY_FRAME_NATIVE || frame->kind == TY_FRAME_GC;
}

/* Takes the next frames, `count` of them those of the stack. */
static int copy_frames(struct ty_task_list *list, struct ty_task *task, struct shown *shown, size_t count)
{
	size_t begin = shown->taken, size;

	while (shown->taken < shown->count && count)
		count -= !is_artificial(&shown->frames[shown->taken++]);
	size = shown->taken - begin;
	if (!ty_array_reserve(&list->frames, list->frames.count + size))
		return -ENOMEM;
	task->first_frame = (uint32_t)list->frames.count;
	task->frame_count = (uint32_t)size;
	memcpy(list->frames.items + list->frames.count, shown->frames + begin, size * sizeof(ty_frame));
	list->frames.count += size;
	return 0;
}

/* The frame of a coroutine that C has resumed, a task's outermost perhaps; else 0. */
static uint64_t coroutine_of(const struct ty_task_list *list, const struct ty_record *record)
{
	return record->frame.flags & TY_FRAME_GENERATOR
	               ? record->address - list->target->runtime.offsets.generator.iframe
	               : 0;
}

/*
 * The task of a coroutine on a stack. Tasks are read after stacks: by then another task may have its coroutine where
 * this one had it, which shows where that runs another function.
 */
static struct ty_task *task_of(struct ty_task_list *list, const struct ty_record *record)
{
	const uint64_t *index = ty_map_get(&list->by_coro, coroutine_of(list, record));
	struct ty_task *task = index ? &list->tasks.items[*index - 1] : NULL;

	if (task && task->readable && task->frame_count &&
	    list->frames.items[task->first_frame + task->frame_count - 1].function != record->frame.function)
		return NULL;
	return task;
}

static int take_from_thread(struct ty_task_list *list, struct ty_thread *thread)
{
	const struct ty_record *records = ty_stack_records(&thread->stack);
	struct shown shown = { 0 };
	size_t begin = 0;

	shown.frames = ty_artificial_frames(thread, &shown.count);
	for (size_t i = 0; i < thread->stack.depth; i++) {
		struct ty_task *task = task_of(list, &records[i]);

		if (!task)
			continue;
		if (copy_frames(list, task, &shown, i + 1 - begin) < 0)
			return -ENOMEM;
		task->flags = (task->flags & ~(uint32_t)TY_TASK_NEW) | TY_TASK_RUNNING;
		task->on_top = begin == 0;
		task->thread = thread;
		/* It ended after its stack was read: who awaited it is not known any more. */
		task->verdict = thread->verdict > TY_REPAIRED || task->readable ? thread->verdict : TY_INCOMPLETE;
		task->future = 0;
		begin = i + 1;
	}
	return 0;
}

static bool has_task(struct ty_task_list *list, const struct ty_thread *thread)
{
	const struct ty_record *records = ty_stack_records(&thread->stack);

	for (size_t i = 0; i < thread->stack.depth; i++)
		if (task_of(list, &records[i]))
			return true;
	return false;
}

static int find_on_stack(struct ty_task_list *list, const struct ty_thread *thread)
{
	const struct ty_record *records = ty_stack_records(&thread->stack);
	size_t count = list->tasks.count;
	int result = 0;

	for (size_t i = 0; i < thread->stack.depth && list->tasks.count == count && result == 0; i++)
		if (coroutine_of(list, &records[i]) && records[i].frame.flags & TY_FRAME_ENTRY)
			result = ty_tasks_find_coro(list, coroutine_of(list, &records[i]));
	return result;
}

int ty_tasks_find_on_stacks(struct ty_task_list *list)
{
	const struct ty_target *target = list->target;
	int result = 0;

	for (size_t i = 0; i < target->snapshot.shown.count && result == 0; i++)
		if (!has_task(list, target->snapshot.shown.items[i]))
			result = find_on_stack(list, target->snapshot.shown.items[i]);
	return result;
}

/* What executes and stands on no stack that was read: it began just now, or in a thread that is not sampled. */
static void mark_unseen(struct ty_task_list *list)
{
	for (size_t i = 0; i < list->tasks.count; i++) {
		struct ty_task *task = &list->tasks.items[i];

		if (!task->executing || task->flags & TY_TASK_RUNNING)
			continue;
		task->flags |= TY_TASK_RUNNING;
		if (task->verdict < TY_TORN)
			task->verdict = TY_INCOMPLETE;
	}
}

int ty_tasks_take_running(struct ty_task_list *list)
{
	struct ty_target *target = list->target;
	int result = 0;

	for (size_t i = 0; i < target->snapshot.shown.count && result == 0; i++)
		result = take_from_thread(list, target->snapshot.shown.items[i]);
	mark_unseen(list);
	return result;
}
