/* SPDX-License-Identifier: Apache-2.0 */
/* The reading of tasks as a whole, and what the public API says of it. */
#include "sample/tasks.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sample/target.h"
#include "util/clock.h"
#include "util/options.h"

/* Between two looks for asyncio in a process that has not imported it. */
#define LOOK_AGAIN_NS 250000000ULL

/* Readings after which types are asked again what they are. */
#define TYPES_TRUSTED 256

/* Histories that are kept beyond twice the tasks that there are. */
#define DEAD_HISTORIES_KEPT 1024

static const char UNNAMED[] = "?";

/* ---- messages ---- */

void ty_tasks_say(struct ty_task_list *list, const char *format, ...)
{
	size_t used = strlen(list->message);
	va_list arguments;

	if (used && used + 1 < sizeof(list->message))
		list->message[used++] = '\n';
	va_start(arguments, format);
	vsnprintf(list->message + used, sizeof(list->message) - used, format, arguments);
	va_end(arguments);
}

void ty_tasks_limit(struct ty_task_list *list, uint32_t limit)
{
	list->limits |= limit;
}

static void say_limits(struct ty_task_list *list)
{
	static const struct {
		uint32_t limit;
		const char *text;
	} texts[] = {
		{ TY_TASK_LIMIT_TASKS, "more than 100000 tasks: the others are missing" },
		{ TY_TASK_LIMIT_WAITERS,
		  "a task with very many waiters, or futures in a row: some waiters are missing" },
		{ TY_TASK_LIMIT_COROUTINES, "more than 1024 coroutines in one task: the innermost are missing" },
		{ TY_TASK_LIMIT_PATHS,
		  "more than 64 stacks for one task, or 131072 in all: their marks say how many waiters "
		  "are left out" },
		{ TY_TASK_LIMIT_DEPTH, "more than 256 tasks that await one another: the outermost are missing" },
		{ TY_TASK_LIMIT_NAMES, "more than 4096 different names of tasks: further ones are shown as <task>" },
		{ TY_TASK_LIMIT_MEMORY, "tasks and coroutines in more than 256 MiB of memory: some are missing" },
		{ TY_TASK_LIMIT_LIST, "the list of tasks changed while it was read: some may be missing" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (list->limits & texts[i].limit)
			ty_tasks_say(list, "%s", texts[i].text);
}

/* ---- getting ready ---- */

static void refuse(struct ty_task_list *list, const struct ty_error_state *error)
{
	list->support = TY_TASKS_UNSUPPORTED;
	ty_tasks_say(list, "%s", error->message);
}

static int load_layout(struct ty_task_list *list, const uint8_t *table)
{
	struct ty_target *target = list->target;
	struct ty_error_state error = { 0 };
	int result = ty_task_layout_load(target->runtime.version->tasks, &target->runtime.offsets, table,
	                                 &list->python.layout, &error);

	list->layout_ready = result == 0;
	if (result < 0)
		refuse(list, &error);
	return result;
}

static int no_asyncio(struct ty_task_list *list)
{
	list->support = TY_TASKS_NO_ASYNCIO;
	ty_tasks_say(list, "the process has not imported asyncio");
	return -TY_ENOTFOUND;
}

/* A capture does not say which files were mapped. */
static int find_table(struct ty_task_list *list)
{
	struct ty_target *target = list->target;
	uint64_t now = ty_now_ns();

	if (target->is_capture) {
		list->support = TY_TASKS_UNSUPPORTED;
		ty_tasks_say(list, "a capture does not hold where asyncio's table is");
		return -TY_ENOTFOUND;
	}
	if (now < list->look_again_ns)
		return no_asyncio(list);
	list->look_again_ns = now + LOOK_AGAIN_NS;
	if (ty_task_table_find(target->pid, target->runtime.path, &list->table_address) < 0)
		return no_asyncio(list);
	return 0;
}

static int prepare_layout(struct ty_task_list *list)
{
	const struct py_version *version = list->target->runtime.version;
	uint8_t table[PY_TASK_TABLE_BYTES];
	int result = 0;

	if (version->tasks->fixed)
		return load_layout(list, NULL);
	if (!list->table_address)
		result = find_table(list);
	if (result == 0 && ty_memory_read(list->target->memory, list->table_address, table, sizeof(table)) < 0)
		result = no_asyncio(list);
	return result == 0 ? load_layout(list, table) : result;
}

static int prepare(struct ty_task_list *list)
{
	struct ty_target *target = list->target;
	struct py_heap *heap = &list->python.heap;

	if (!list->pages_ready) {
		ty_pages_init(&list->pages, target->memory);
		ty_heap_init(heap, &list->pages);
		list->pages_ready = true;
	}
	list->python.version = target->runtime.version;
	heap->objects = (struct py_objects){ &list->pages.view, target->runtime.version, &target->runtime.offsets };
	heap->version = target->runtime.version->tasks;
	heap->body = target->runtime.offsets.object_type + 8;
	if (list->sample % TYPES_TRUSTED == 0)
		ty_heap_forget(heap);
	return list->layout_ready ? 0 : prepare_layout(list);
}

/* Where names begin stands that of a task which cannot be read. */
static bool put_unnamed(struct ty_task_list *list)
{
	if (!ty_array_reserve(&list->names, sizeof(UNNAMED)))
		return false;
	memcpy(list->names.items, UNNAMED, sizeof(UNNAMED));
	return true;
}

static void clear(struct ty_task_list *list)
{
	list->sample++;
	list->message[0] = '\0';
	list->limits = 0;
	list->support = TY_TASKS_FOUND;
	ty_array_clear(&list->tasks);
	ty_array_clear(&list->frames);
	ty_array_clear(&list->waiters);
	list->names.count = sizeof(UNNAMED);
	ty_array_clear(&list->paths);
	ty_map_clear(&list->by_address);
	ty_map_clear(&list->by_coro);
}

/* ---- histories ---- */

static struct ty_task_history *history_of(struct ty_task_list *list, struct ty_task *task)
{
	const uint64_t *known = ty_map_get(&list->history_by_address, task->python.address);
	const char *name = ty_task_name_of(list, task);
	uint64_t identity = ty_hash_bytes(name, strlen(name));
	struct ty_task_history *history = known ? &list->histories.items[*known - 1] : NULL;

	if (!history) {
		history = ty_array_push(&list->histories);
		if (!history || !ty_map_put(&list->history_by_address, task->python.address, list->histories.count)) {
			list->histories.count -= history != NULL;
			return NULL;
		}
	}
	task->history = (uint32_t)(history - list->histories.items);
	/* A task's memory is used for the next one, and so is its coroutine's. */
	if (!known || history->coro != task->python.coro || history->identity != identity)
		*history = (struct ty_task_history){ .address = task->python.address,
			                             .coro = task->python.coro,
			                             .identity = identity,
			                             .serial = ++list->last_serial,
			                             .since_ns = list->time_ns };
	return history;
}

static void drop_dead(struct ty_task_list *list)
{
	size_t kept = 0;

	if (list->histories.count <= 2 * list->tasks.count + DEAD_HISTORIES_KEPT)
		return;
	ty_map_clear(&list->history_by_address);
	for (size_t i = 0; i < list->histories.count; i++) {
		struct ty_task_history *history = &list->histories.items[i];

		if (history->sample != list->sample)
			continue;
		/* Cannot fail: the map held more than this a moment ago. */
		(void)ty_map_put(&list->history_by_address, history->address, kept + 1);
		list->histories.items[kept++] = *history;
	}
	list->histories.count = kept;
	for (size_t i = 0; i < list->tasks.count; i++) {
		const uint64_t *place = ty_map_get(&list->history_by_address, list->tasks.items[i].python.address);

		list->tasks.items[i].history = place ? (uint32_t)*place - 1 : 0;
	}
}

/* ---- the reading ---- */

/* Gap 0 lies between the last sample's reading and this one's first, gap n between this one's nth and the next. */
#define GAP(n_) (UINT32_C(1) << ((n_) < 31 ? (n_) : 31))

/* true when the words were there in the reading before as well. */
static bool is_as_before(const struct ty_task_list *list, const struct ty_task *task,
                         const struct ty_task_history *history)
{
	return history->sample == list->sample - 1 && history->words == task->words;
}

/* Walks the tasks from an index on for the first time, those that it finds on the way included. */
static int walk_new(struct ty_task_list *list, size_t from)
{
	for (size_t i = from; i < list->tasks.count; i++) {
		int result = ty_tasks_walk(list, (uint32_t)i);
		struct ty_task_history *history = result == 0 ? history_of(list, &list->tasks.items[i]) : NULL;

		if (!history)
			return result < 0 ? result : -ENOMEM;
		list->tasks.items[i].proven = is_as_before(list, &list->tasks.items[i], history) ? GAP(0) : 0;
	}
	return 0;
}

/* Walks one again; *same: it says what it said. */
static int walk_again(struct ty_task_list *list, uint32_t index, bool *same)
{
	uint64_t words = list->tasks.items[index].words;
	int result = ty_tasks_walk(list, index);

	if (result < 0)
		return result;
	*same = list->tasks.items[index].words == words;
	if (*same)
		return 0;
	list->tasks.items[index].proven = 0;
	return history_of(list, &list->tasks.items[index]) ? 0 : -ENOMEM;
}

/* Was the task at one instant what it is said to be, and each of its waiters at the same one? */
static bool is_settled(const struct ty_task_list *list, const struct ty_task *task)
{
	bool settled = task->proven;

	for (uint32_t i = 0; i < task->waiter_count && settled; i++)
		settled = task->proven & list->tasks.items[list->waiters.items[task->first_waiter + i]].proven;
	return settled;
}

/* Opens those above what is open, or below it, by one step. */
static bool open_next(struct ty_task_list *list)
{
	bool more = false;

	for (size_t i = 0; i < list->tasks.count; i++) {
		struct ty_task *task = &list->tasks.items[i];

		for (uint32_t j = 0; j < task->waiter_count; j++) {
			struct ty_task *waiter = &list->tasks.items[list->waiters.items[task->first_waiter + j]];
			bool up = task->open & TY_OPEN_UP && !(waiter->open & TY_OPEN_UP);
			bool down = waiter->open & TY_OPEN_DOWN && !(task->open & TY_OPEN_DOWN);

			waiter->open |= up ? TY_OPEN_UP : 0;
			task->open |= down ? TY_OPEN_DOWN : 0;
			more |= up || down;
		}
	}
	return more;
}

/* What is not settled has to be read again, together with all that its chains of waiters are made of. */
static bool open_unsettled(struct ty_task_list *list)
{
	bool open = false;

	for (size_t i = 0; i < list->tasks.count; i++) {
		struct ty_task *task = &list->tasks.items[i];

		task->open = is_settled(list, task) ? 0 : TY_OPEN_UP | TY_OPEN_DOWN;
		open |= task->open;
	}
	for (uint32_t i = 0; open && i < TY_TASK_DEPTH_MAX && open_next(list);)
		i++;
	return open;
}

/* Notes the pages of what is open. They may have been read anew for others since it was walked. */
static int touch_open(struct ty_task_list *list)
{
	int result = 0;
	bool same;

	ty_array_clear(&list->pages.touched);
	ty_pages_touch(&list->pages);
	for (uint32_t i = 0; i < list->tasks.count && result == 0; i++)
		if (list->tasks.items[i].open)
			result = walk_again(list, i, &same);
	return result;
}

/* Reads what is open once more: words that are the same again were there at one instant. */
static int read_open(struct ty_task_list *list, uint32_t gap)
{
	size_t count;
	int result = touch_open(list);
	bool same;

	if (result == 0)
		result = ty_pages_renew(&list->pages);
	count = list->tasks.count;
	for (uint32_t i = 0; i < count && result == 0; i++) {
		if (!list->tasks.items[i].open)
			continue;
		result = walk_again(list, i, &same);
		if (result == 0 && same)
			list->tasks.items[i].proven |= GAP(gap);
	}
	return result == 0 ? walk_new(list, count) : result;
}

/* Reads the tasks from an index on, and what hangs together with them, until it is settled. */
static int settle(struct ty_task_list *list, size_t from)
{
	uint32_t tries = list->target->options.max_retries + 1;
	int result = walk_new(list, from);

	for (uint32_t gap = 1; result == 0 && gap <= tries && open_unsettled(list); gap++)
		result = read_open(list, gap);
	return result;
}

/* What did not stay the same between two readings is not proven; then the history is that of this reading. */
static void judge(struct ty_task_list *list)
{
	for (size_t i = 0; i < list->tasks.count; i++) {
		struct ty_task *task = &list->tasks.items[i];
		struct ty_task_history *history = &list->histories.items[task->history];

		if (!task->proven && task->verdict < TY_TORN && task->readable && !task->executing)
			task->verdict = TY_TORN;
		if (!is_as_before(list, task, history))
			history->since_ns = list->time_ns;
		history->words = task->words;
		history->sample = list->sample;
	}
}

/* Who awaits it is part of what is said of a task, also of one whose frames are those of a thread. */
static void judge_links(struct ty_task_list *list)
{
	for (size_t i = 0; i < list->tasks.count; i++) {
		struct ty_task *task = &list->tasks.items[i];

		if (task->waiter_count && task->verdict < TY_TORN && !is_settled(list, task))
			task->verdict = TY_TORN;
	}
}

static void count_awaited(struct ty_task_list *list)
{
	for (size_t i = 0; i < list->tasks.count; i++) {
		const struct ty_task *task = &list->tasks.items[i];

		for (uint32_t j = 0; j < task->waiter_count; j++)
			list->tasks.items[list->waiters.items[task->first_waiter + j]].awaits_count++;
	}
}

/* Another task may be on a stack by now: it is looked for among all. */
static int settle_on_stacks(struct ty_task_list *list)
{
	size_t count = list->tasks.count;
	int result = ty_tasks_find_on_stacks(list);

	return result == 0 && list->tasks.count > count ? settle(list, count) : result;
}

static int read_tasks(struct ty_task_list *list, int selection)
{
	int result = ty_pages_begin(&list->pages);

	if (result == 0)
		result = ty_tasks_find(list, selection);
	if (result == 0)
		result = settle(list, 0);
	/* What runs is known there from a dict alone, which was read after the stacks. */
	if (result == 0 && selection == TY_TASKS_RUNNING && list->python.version->tasks->fixed)
		result = settle_on_stacks(list);
	if (result < 0)
		return result;
	judge(list);
	result = ty_tasks_take_running(list);
	judge_links(list);
	count_awaited(list);
	if (result == 0 && !ty_tasks_mark_cycles(list))
		result = -ENOMEM;
	drop_dead(list);
	if (list->pages.full)
		ty_tasks_limit(list, TY_TASK_LIMIT_MEMORY);
	if (list->support == TY_TASKS_NO_ASYNCIO)
		ty_tasks_say(list, "the process has not imported asyncio");
	say_limits(list);
	return result;
}

int ty_tasks_read(struct ty_task_list *list, int selection)
{
	int result;

	if (!put_unnamed(list))
		return -ENOMEM;
	clear(list);
	list->time_ns = list->target->snapshot.time_ns;
	if (prepare(list) < 0)
		return 0;
	result = read_tasks(list, selection);
	if (result == -ENOMEM || result == -ESRCH)
		return result;
	if (result < 0) {
		list->support = TY_TASKS_UNREADABLE;
		ty_tasks_say(list, "asyncio's tasks could not be read: %s", ty_strerror(result));
	}
	return 0;
}

/* ---- life ---- */

struct ty_task_list *ty_tasks_of(struct ty_target *target)
{
	if (!target->tasks) {
		target->tasks = calloc(1, sizeof(*target->tasks));
		if (target->tasks)
			target->tasks->target = target;
	}
	return target->tasks;
}

static void free_paths(struct ty_task_list *list)
{
	for (size_t i = 0; list->path_by_key.slots && i <= list->path_by_key.mask; i++)
		if (list->path_by_key.slots[i].key)
			ty_thread_free((struct ty_thread *)(uintptr_t)list->path_by_key.slots[i].value);
	ty_map_clear(&list->path_by_key);
	ty_array_clear(&list->paths);
}

void ty_tasks_forget(struct ty_task_list *list)
{
	if (!list)
		return;
	clear(list);
	free_paths(list);
	ty_pages_forget(&list->pages);
	ty_heap_forget(&list->python.heap);
	ty_array_clear(&list->histories);
	ty_array_clear(&list->sets);
	ty_map_clear(&list->history_by_address);
	list->layout_ready = false;
	list->table_address = 0;
	list->look_again_ns = 0;
}

void ty_tasks_free(struct ty_task_list *list)
{
	if (!list)
		return;
	free_paths(list);
	ty_pages_free(&list->pages);
	ty_heap_free(&list->python.heap);
	ty_array_free(&list->python.scratch.list);
	ty_array_free(&list->tasks);
	ty_array_free(&list->frames);
	ty_array_free(&list->waiters);
	ty_array_free(&list->names);
	ty_array_free(&list->found.list);
	ty_array_free(&list->loops);
	ty_array_free(&list->histories);
	ty_array_free(&list->sets);
	ty_array_free(&list->paths);
	ty_array_free(&list->path);
	ty_array_free(&list->chain);
	ty_array_free(&list->components);
	ty_array_free(&list->pending);
	ty_map_free(&list->by_address);
	ty_map_free(&list->by_coro);
	ty_map_free(&list->history_by_address);
	ty_map_free(&list->path_by_key);
	ty_map_free(&list->path_spare);
	ty_map_free(&list->mark_by_name);
	ty_map_free(&list->serials);
	free(list);
}

/* ---- public ---- */

int ty_task_list_describe(const ty_task_list *list, ty_task_list_info *info)
{
	ty_task_list_info filled = { .support = list->support,
		                     .limits = list->limits,
		                     .count = list->tasks.count,
		                     .time_ns = list->time_ns,
		                     .message = list->message };

	for (size_t i = 0; i < list->tasks.count; i++)
		filled.running += list->tasks.items[i].flags & TY_TASK_RUNNING;
	return ty_options_out(info, &filled, sizeof(filled));
}

int ty_task_list_get(const ty_task_list *list, size_t index, ty_task_info *info)
{
	const struct ty_task *task = index < list->tasks.count ? &list->tasks.items[index] : NULL;
	ty_task_info filled;

	if (!task)
		return -TY_ENOTFOUND;
	filled = (ty_task_info){
		.address = task->python.address,
		.serial = list->histories.items[task->history].serial,
		.flags = task->flags,
		.name = ty_task_name_of(list, task),
		.thread_key = task->thread ? task->thread->key : 0,
		.native_id = task->thread ? task->thread->native_id : 0,
		.interpreter = task->interpreter,
		.loop = task->python.loop,
		.future = task->future,
		.verdict = task->verdict,
		.frame_count = task->frame_count,
		.frames = task->frame_count ? list->frames.items + task->first_frame : NULL,
		.awaited_by = task->waiter_count ? list->waiters.items + task->first_waiter : NULL,
		.awaited_by_count = task->waiter_count,
		.awaits_count = task->awaits_count,
		.seen_since_ns = list->histories.items[task->history].since_ns,
	};
	return ty_options_out(info, &filled, sizeof(filled));
}

static int index_serials(struct ty_task_list *list)
{
	ty_map_clear(&list->serials);
	list->serials_sample = list->sample;
	for (size_t i = 0; i < list->tasks.count; i++)
		if (!ty_map_put(&list->serials, list->histories.items[list->tasks.items[i].history].serial, i + 1))
			return -ENOMEM;
	return 0;
}

int64_t ty_task_list_find(const ty_task_list *list, uint32_t serial)
{
	struct ty_task_list *mutable = list->target->tasks;
	const uint64_t *place;

	if (mutable->serials_sample != mutable->sample && index_serials(mutable) < 0)
		return -ENOMEM;
	place = ty_map_get(&mutable->serials, serial);
	return place ? (int64_t)*place - 1 : -TY_ENOTFOUND;
}
