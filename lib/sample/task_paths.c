/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stacks of tasks for collectors: one for every path from a task that runs, or waits for something that is no task,
 * along those that await it, to one that nobody awaits. Where a task has several waiters the path forks, so that each
 * of them is in a stack; limits are shared out among the forks, so that it is known at each of them what is left out.
 *
 * A path is presented as a thread of its own key with the ids and the state of the thread that runs the task's loop: it
 * is the same one, sample after sample, as long as the same tasks are on it, so that collectors find that most of its
 * frames are unchanged.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tachyon/sampler.h>

#include "sample/target.h"
#include "sample/tasks.h"

/* Readings between two looks for paths that are gone, and after which one is. */
#define SWEEP_READINGS 64

struct walk {
	struct ty_task_list *list;
	int selection;
	int error;
};

/* ---- marks ---- */

static uint32_t function_of_mark(struct ty_task_list *list, const char *text)
{
	struct py_codes *codes = &list->target->codes;
	uint64_t key = ty_hash_bytes(text, strlen(text));
	const uint64_t *known = ty_map_get(&list->mark_by_name, key ? key : 1);
	uint32_t function;

	if (known)
		return (uint32_t)*known;
	if (list->mark_by_name.count >= TY_TASK_NAMES_MAX) {
		ty_tasks_limit(list, TY_TASK_LIMIT_NAMES);
		if (!list->nameless_mark)
			list->nameless_mark = ty_codes_artificial(codes, "<task>");
		return list->nameless_mark;
	}
	function = ty_codes_artificial(codes, text);
	return function && ty_map_put(&list->mark_by_name, key ? key : 1, function) ? function : 0;
}

static void put_mark(struct walk *walk, uint32_t index, const char *note, uint32_t left_out)
{
	struct ty_task_list *list = walk->list;
	const struct ty_task *task = &list->tasks.items[index];
	struct ty_record *record = ty_array_push(&list->path);
	char text[PY_TASK_NAME_BYTES + 64];
	int length = snprintf(text, sizeof(text), "<task %s%s", ty_task_name_of(list, task), note);

	if (left_out)
		length += snprintf(text + length, sizeof(text) - (size_t)length, ", +%" PRIu32 " waiters", left_out);
	snprintf(text + length, sizeof(text) - (size_t)length, ">");
	if (!record) {
		walk->error = -ENOMEM;
		return;
	}
	record->frame.function = function_of_mark(list, text);
	record->frame.offset = -1;
	record->frame.kind = TY_FRAME_TASK;
	record->frame.task = list->histories.items[task->history].serial;
	if (!record->frame.function)
		walk->error = -ENOMEM;
}

static void put_frames(struct walk *walk, uint32_t index)
{
	struct ty_task_list *list = walk->list;
	const struct ty_task *task = &list->tasks.items[index];

	if (!ty_array_reserve(&list->path, list->path.count + task->frame_count)) {
		walk->error = -ENOMEM;
		return;
	}
	for (uint32_t i = 0; i < task->frame_count; i++)
		list->path.items[list->path.count++] =
		        (struct ty_record){ .frame = list->frames.items[task->first_frame + i] };
}

/* ---- one stack ---- */

static int verdict_of_chain(const struct ty_task_list *list, bool cut)
{
	int verdict = cut ? TY_INCOMPLETE : TY_VERIFIED;
	uint32_t proven = UINT32_MAX;

	for (size_t i = 0; i < list->chain.count; i++) {
		const struct ty_task *task = &list->tasks.items[list->chain.items[i]];
		int of_task = task->verdict;

		proven &= task->proven;
		of_task = of_task == TY_FAILED ? TY_TORN : of_task;
		/* A torn part makes all of it torn, a missing one does not. */
		if (of_task == TY_TORN || (verdict != TY_TORN && of_task > verdict))
			verdict = of_task;
	}
	/* Each pair of neighbours shares an instant, but all of them have to share one. */
	return list->chain.count > 1 && !proven ? TY_TORN : verdict;
}

static struct ty_thread *thread_of_path(struct ty_task_list *list)
{
	uint64_t key = 1;
	uint64_t *known;
	struct ty_thread *thread;

	for (size_t i = 0; i < list->chain.count; i++)
		key = ty_hash64(key * 31 +
		                list->histories.items[list->tasks.items[list->chain.items[i]].history].serial);
	/* Two paths of one reading are two. */
	for (key = key ? key : 1; (known = ty_map_get(&list->path_by_key, key)); key = key + 1 ? key + 1 : 1) {
		thread = (struct ty_thread *)(uintptr_t)*known;
		if (thread->stack_sample != list->target->plan.sample)
			return thread;
	}
	thread = ty_thread_new(key, ++list->target->next_thread_key);
	if (thread && !ty_map_put(&list->path_by_key, key, (uintptr_t)thread)) {
		ty_thread_free(thread);
		return NULL;
	}
	return thread;
}

/* What a thread of its loop would say. */
static void present_as(struct ty_thread *path, const struct ty_task *task)
{
	const struct ty_thread *thread = task->thread;

	path->interpreter = task->interpreter;
	path->native_id = thread ? thread->native_id : 0;
	path->host_id = thread ? thread->host_id : 0;
	path->pthread_id = thread ? thread->pthread_id : 0;
	path->is_main = thread && thread->is_main;
	path->status = thread ? thread->status : 0;
}

static void emit(struct walk *walk, bool cut)
{
	struct ty_task_list *list = walk->list;
	uint32_t sample = list->target->plan.sample;
	struct ty_thread *thread = walk->error ? NULL : thread_of_path(list);
	struct ty_thread **slot = thread ? ty_array_push(&list->paths) : NULL;
	bool follows;

	if (!slot) {
		walk->error = -ENOMEM;
		return;
	}
	follows = thread->stack_sample == sample - 1;
	if (!ty_thread_publish(thread, sample, list->path.items, list->path.count, 0)) {
		walk->error = -ENOMEM;
		list->paths.count--;
		return;
	}
	*slot = thread;
	thread->shown_unchanged = follows ? thread->unchanged_frames : 0;
	thread->verdict = verdict_of_chain(list, cut);
	present_as(thread, &list->tasks.items[list->chain.items[0]]);
}

/* ---- the paths ---- */

static bool is_full(struct walk *walk, uint32_t index)
{
	const struct ty_task_list *list = walk->list;

	if (list->chain.count < TY_TASK_DEPTH_MAX &&
	    list->path.count + list->tasks.items[index].frame_count < list->target->options.max_frames)
		return false;
	ty_tasks_limit(walk->list, TY_TASK_LIMIT_DEPTH);
	return true;
}

static void climb(struct walk *walk, uint32_t index, uint32_t budget);

/* From a task to one of its waiters; where that is on the path already, the cycle is closed by its mark. */
static void climb_to(struct walk *walk, uint32_t waiter, uint32_t budget)
{
	struct ty_task_list *list = walk->list;
	size_t frames = list->path.count;

	if (!list->tasks.items[waiter].on_path) {
		climb(walk, waiter, budget);
		return;
	}
	put_mark(walk, waiter, ", cycle", 0);
	emit(walk, false);
	list->path.count = frames;
}

static void climb_to_all(struct walk *walk, uint32_t index, uint32_t budget)
{
	struct ty_task_list *list = walk->list;
	uint32_t count = list->tasks.items[index].waiter_count, first = list->tasks.items[index].first_waiter;
	uint32_t followed = count < budget ? count : budget;

	if (followed < count)
		ty_tasks_limit(list, TY_TASK_LIMIT_PATHS);
	put_mark(walk, index, "", count - followed);
	if (!count)
		emit(walk, false);
	for (uint32_t i = 0; i < followed && !walk->error; i++)
		climb_to(walk, list->waiters.items[first + i], budget / followed + (i < budget % followed));
}

/* Bounded by TY_TASK_DEPTH_MAX. */
static void climb(struct walk *walk, uint32_t index, uint32_t budget)
{
	struct ty_task_list *list = walk->list;
	size_t frames = list->path.count;
	uint32_t *slot;

	if (is_full(walk, index)) {
		emit(walk, true);
		return;
	}
	slot = ty_array_push(&list->chain);
	if (!slot) {
		walk->error = -ENOMEM;
		return;
	}
	*slot = index;
	list->tasks.items[index].on_path = list->tasks.items[index].visited = true;
	put_frames(walk, index);
	climb_to_all(walk, index, budget);
	list->tasks.items[index].on_path = false;
	list->chain.count--;
	list->path.count = frames;
}

static void begin_at(struct walk *walk, uint32_t index)
{
	struct ty_task_list *list = walk->list;
	size_t left = TY_TASK_PATHS_IN_ALL_MAX - list->paths.count;

	if (walk->error)
		return;
	if (!left) {
		ty_tasks_limit(list, TY_TASK_LIMIT_PATHS);
		return;
	}
	ty_array_clear(&list->path);
	ty_array_clear(&list->chain);
	climb(walk, index, left < TY_TASK_PATHS_MAX ? (uint32_t)left : TY_TASK_PATHS_MAX);
}

static bool is_begin(const struct walk *walk, const struct ty_task *task)
{
	/* What a thread runs, or will be found to run in the next reading. */
	if (task->on_top || (task->executing && task->verdict > TY_REPAIRED))
		return true;
	if (walk->selection == TY_TASKS_RUNNING || !task->readable)
		return false;
	return !task->awaits_count || task->flags & TY_TASK_RUNNING;
}

static void sweep(struct ty_task_list *list)
{
	struct ty_map kept = list->path_spare;

	if (list->sample % SWEEP_READINGS)
		return;
	ty_map_clear(&kept);
	for (size_t i = 0; list->path_by_key.slots && i <= list->path_by_key.mask; i++) {
		struct ty_map_slot *slot = &list->path_by_key.slots[i];
		struct ty_thread *thread = (struct ty_thread *)(uintptr_t)slot->value;

		if (!slot->key)
			continue;
		if (list->target->plan.sample - thread->stack_sample <= SWEEP_READINGS &&
		    ty_map_put(&kept, slot->key, slot->value))
			continue;
		/* Out of memory: one of this reading stays where it is shown. */
		if (thread->stack_sample != list->target->plan.sample)
			ty_thread_free(thread);
	}
	list->path_spare = list->path_by_key;
	list->path_by_key = kept;
}

static int make_paths(struct ty_task_list *list, int selection)
{
	struct walk walk = { .list = list, .selection = selection };

	for (uint32_t i = 0; i < list->tasks.count; i++)
		if (is_begin(&walk, &list->tasks.items[i]))
			begin_at(&walk, i);
	/* Tasks that only await one another have no begin: any will do. */
	for (uint32_t i = 0; selection == TY_TASKS_ALL && i < list->tasks.count; i++)
		if (!list->tasks.items[i].visited && list->tasks.items[i].flags & TY_TASK_CYCLE)
			begin_at(&walk, i);
	return walk.error;
}

int ty_tasks_show(struct ty_task_list *list, int selection)
{
	struct ty_target *target = list->target;
	int result;

	/* What waits is not on CPU, has no GIL and raises nothing. */
	if (target->mode != TY_MODE_WALL)
		selection = TY_TASKS_RUNNING;
	ty_array_clear(&list->paths);
	sweep(list);
	result = make_paths(list, selection);
	ty_array_clear(&target->snapshot.shown);
	if (result < 0 || !ty_array_reserve(&target->snapshot.shown, list->paths.count))
		return -ENOMEM;
	if (list->paths.count)
		memcpy(target->snapshot.shown.items, list->paths.items, list->paths.count * sizeof(*list->paths.items));
	target->snapshot.shown.count = list->paths.count;
	target->snapshot.by_task = true;
	return 0;
}

uint64_t ty_tasks_thread_key(const struct ty_task_list *list, uint64_t key)
{
	for (size_t i = 0; list && i < list->paths.count; i++) {
		const struct ty_thread *path = list->paths.items[i];

		if (path->key != key)
			continue;
		for (size_t j = 0; j < list->target->threads.count; j++) {
			const struct ty_thread *thread = list->target->threads.items[j];

			if (thread->pthread_id == path->pthread_id && thread->interpreter == path->interpreter)
				return thread->key;
		}
	}
	return key;
}
