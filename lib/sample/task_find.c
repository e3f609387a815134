/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which tasks there are.
 *
 * From 3.14 on they hang on linked lists whose heads are in thread states and interpreters. A list is read while it
 * changes, and a node that was freed leads anywhere: so each step has to find its way back, and where one does not, the
 * list is followed from its other end as well. Before, the tasks are in sets (python/tasks.h).
 */
#include <errno.h>

#include "sample/target.h"
#include "sample/tasks.h"
#include "util/bytes.h"

#define WORD_BYTES 8

/* ---- the threads of loops ---- */

static int know_loop(struct ty_task_list *list, uint64_t loop, struct ty_thread *thread)
{
	struct ty_loop_thread *known;

	for (size_t i = 0; i < list->loops.count; i++)
		if (list->loops.items[i].loop == loop)
			return 0;
	known = ty_array_push(&list->loops);
	if (!known)
		return -ENOMEM;
	*known = (struct ty_loop_thread){ .loop = loop, .thread = thread, .known = true };
	return 0;
}

static struct ty_thread *thread_by_ident(struct ty_target *target, uint64_t pthread_id)
{
	for (size_t i = 0; pthread_id && i < target->threads.count; i++)
		if (target->threads.items[i]->pthread_id == pthread_id)
			return target->threads.items[i];
	return NULL;
}

/* *elsewhere: its loop runs in a thread that is not sampled. */
static struct ty_thread *thread_of_loop(struct ty_task_list *list, uint64_t loop, bool *elsewhere)
{
	struct ty_thread *thread;
	uint64_t ident;

	*elsewhere = false;
	for (size_t i = 0; i < list->loops.count; i++) {
		*elsewhere = !list->loops.items[i].known;
		if (list->loops.items[i].loop == loop)
			return list->loops.items[i].thread;
	}
	*elsewhere = false;
	if (!list->python.version->tasks->fixed)
		return NULL;
	ident = ty_task_loop_thread(&list->python, loop);
	thread = thread_by_ident(list->target, ident);
	*elsewhere = ident && !thread;
	if (know_loop(list, loop, thread) == 0)
		list->loops.items[list->loops.count - 1].known = !*elsewhere;
	return thread;
}

/* ---- adding ---- */

static int64_t add(struct ty_task_list *list, const struct py_task *python, struct ty_thread *thread,
                   int64_t interpreter)
{
	struct ty_task *task;

	if (list->tasks.count >= TY_TASKS_MAX) {
		ty_tasks_limit(list, TY_TASK_LIMIT_TASKS);
		return -1;
	}
	task = ty_array_push(&list->tasks);
	if (!task || !ty_map_put(&list->by_address, python->address, list->tasks.count)) {
		list->tasks.count -= task != NULL;
		return -1;
	}
	task->python = *python;
	task->thread = thread;
	task->interpreter = interpreter;
	/* Only what is found twice could be missing: the first one stays. */
	if (python->coro && !ty_map_get(&list->by_coro, python->coro))
		(void)ty_map_put(&list->by_coro, python->coro, list->tasks.count);
	return (int64_t)list->tasks.count - 1;
}

int64_t ty_tasks_index(struct ty_task_list *list, uint64_t address)
{
	const uint64_t *known = ty_map_get(&list->by_address, address);
	struct ty_thread *thread;
	struct py_task python;
	bool elsewhere;

	if (known)
		return (int64_t)*known - 1;
	if (ty_task_read(&list->python, address, &python) < 0 || !python.is_task || python.done)
		return -1;
	thread = thread_of_loop(list, python.loop, &elsewhere);
	return add(list, &python, thread, thread ? thread->interpreter : 0);
}

/* ---- linked lists ---- */

struct chain {
	struct ty_task_list *list;
	uint64_t head; /* address of the node that begins and ends it */
	struct ty_thread *thread;
	int64_t interpreter;
	bool backwards;
};

static uint64_t next_of(const struct chain *chain, const struct py_task *task)
{
	return chain->backwards ? task->previous : task->next;
}

static bool leads_back(const struct chain *chain, const struct py_task *task, uint64_t from)
{
	return (chain->backwards ? task->next : task->previous) == from;
}

/* true when the end was reached, and every step on the way was sound. */
static bool follow(struct chain *chain)
{
	struct ty_task_list *list = chain->list;
	uint32_t node_offset = list->python.layout.node;
	uint64_t from = chain->head, node;

	if (ty_pages_read_u64(&list->pages, chain->head + (chain->backwards ? WORD_BYTES : 0), &node) < 0)
		return false;
	for (size_t i = 0; node && node != chain->head; i++) {
		struct py_task python;
		int64_t index;

		if (i > TY_TASKS_MAX || ty_task_read(&list->python, node - node_offset, &python) < 0 ||
		    !python.is_task || !leads_back(chain, &python, from))
			return false;
		if (!ty_map_get(&list->by_address, python.address)) {
			index = add(list, &python, chain->thread, chain->interpreter);
			if (index < 0)
				return true; /* said already */
			know_loop(list, python.loop, chain->thread);
		}
		from = node;
		node = next_of(chain, &python);
	}
	return true;
}

static void follow_both_ways(struct ty_task_list *list, uint64_t head, struct ty_thread *thread, int64_t interpreter)
{
	struct chain chain = { .list = list, .head = head, .thread = thread, .interpreter = interpreter };

	if (follow(&chain))
		return;
	chain.backwards = true;
	if (!follow(&chain))
		ty_tasks_limit(list, TY_TASK_LIMIT_LIST);
}

static int find_in_lists(struct ty_task_list *list)
{
	struct ty_target *target = list->target;
	const struct py_task_layout *layout = &list->python.layout;

	for (size_t i = 0; i < target->threads.count; i++)
		follow_both_ways(list, target->threads.items[i]->address + layout->thread_tasks,
		                 target->threads.items[i], target->threads.items[i]->interpreter);
	for (size_t i = 0; i < target->interpreters.count; i++)
		follow_both_ways(list, target->interpreters.items[i].address + layout->interpreter_tasks, NULL,
		                 target->interpreters.items[i].id);
	return 0;
}

/* ---- sets ---- */

/* The sets of an interpreter, as they were found before. */
static struct py_task_sets *known_sets(struct ty_task_list *list, uint64_t interpreter)
{
	for (size_t i = 0; i < list->sets.count; i++)
		if (list->sets.items[i].interpreter == interpreter)
			return &list->sets.items[i].sets;
	if (!ty_array_push(&list->sets))
		return NULL;
	list->sets.items[list->sets.count - 1].interpreter = interpreter;
	return &list->sets.items[list->sets.count - 1].sets;
}

static int refresh_sets(struct ty_task_list *list, uint64_t interpreter, struct py_task_sets *sets)
{
	int result = ty_task_sets_find(&list->python, interpreter, sets);

	/* Being imported just now is not being there. */
	if (result < 0 && result != -ENOMEM && result != -ESRCH)
		result = -TY_ENOTFOUND;
	return result;
}

static int add_member(struct ty_task_list *list, uint64_t address, int64_t interpreter)
{
	struct py_task python;
	struct ty_thread *thread;
	bool elsewhere;

	if (ty_map_get(&list->by_address, address) || ty_task_read(&list->python, address, &python) < 0 ||
	    !python.is_task || python.done)
		return 0;
	thread = thread_of_loop(list, python.loop, &elsewhere);
	if (!elsewhere)
		add(list, &python, thread, interpreter);
	return list->limits & TY_TASK_LIMIT_TASKS ? -TY_ELIMIT : 0;
}

static int read_members(struct ty_task_list *list, int selection, const struct py_task_sets *sets)
{
	ty_array_clear(&list->found.list);
	if (selection != TY_TASKS_RUNNING)
		return ty_task_sets_members(&list->python, sets, &list->found);
	if (!sets->current)
		return -TY_ECORRUPT;
	return ty_heap_dict_values(&list->python.heap, sets->current, &list->found);
}

/* *asyncio: it is imported there. */
static int find_in_sets(struct ty_task_list *list, int selection, const struct ty_interpreter *interpreter,
                        bool *asyncio)
{
	struct py_task_sets *sets = known_sets(list, interpreter->address);
	int result = sets && sets->all ? read_members(list, selection, sets) : -TY_ECORRUPT;

	if (!sets)
		return -ENOMEM;
	/* Where they were nothing is any more, or nothing was known. */
	if (result < 0 && result != -ENOMEM && result != -ESRCH) {
		result = refresh_sets(list, interpreter->address, sets);
		if (result == -TY_ENOTFOUND)
			return 0;
		if (result == 0)
			result = read_members(list, selection, sets);
		if (result == -EFAULT || result == -TY_ECORRUPT)
			ty_tasks_limit(list, TY_TASK_LIMIT_LIST);
	}
	*asyncio = true;
	for (size_t i = 0; i < list->found.list.count; i++)
		if (add_member(list, list->found.list.items[i], interpreter->id) < 0)
			break;
	return result == -ENOMEM || result == -ESRCH ? result : 0;
}

static int find_in_all_sets(struct ty_task_list *list, int selection)
{
	bool asyncio = false;
	int result = 0;

	for (size_t i = 0; i < list->target->interpreters.count && result == 0; i++)
		result = find_in_sets(list, selection, &list->target->interpreters.items[i], &asyncio);
	list->support = asyncio ? TY_TASKS_FOUND : TY_TASKS_NO_ASYNCIO;
	return result;
}

int ty_tasks_find_coro(struct ty_task_list *list, uint64_t coro)
{
	int result = 0;

	for (size_t i = 0; i < list->sets.count && result == 0; i++) {
		ty_array_clear(&list->found.list);
		result = ty_task_sets_members(&list->python, &list->sets.items[i].sets, &list->found);
		for (size_t j = 0; j < list->found.list.count; j++) {
			struct py_task python;

			if (ty_task_read(&list->python, list->found.list.items[j], &python) == 0 && python.is_task &&
			    !python.done && python.coro == coro) {
				ty_tasks_index(list, python.address);
				return 0;
			}
		}
	}
	return result == -ENOMEM || result == -ESRCH ? result : 0;
}

/* ---- what runs ---- */

/*
 * The word stands in the thread state: read together with the stack, it says whose stack that is. It is asked for as a
 * region of the next sample's plan; the first time it is read late.
 */
static int find_running(struct ty_task_list *list)
{
	struct ty_target *target = list->target;

	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		struct ty_thread *thread = target->snapshot.threads.items[i];
		uint64_t address = thread->address + list->python.layout.thread_running_task, task = 0;
		struct ty_region *region = ty_region_find(&thread->list, address, WORD_BYTES);
		struct py_task python;

		if (region && region->readable) {
			region->used_at = target->plan.sample;
			task = ty_load_u64(ty_region_bytes(&target->plan, region, address));
		} else if (!region) {
			ty_plan_add(&target->plan, &thread->list, TY_REGION_THREAD, address, WORD_BYTES);
			ty_pages_read_u64(&list->pages, address, &task);
		}
		if (!task || ty_map_get(&list->by_address, task) || ty_task_read(&list->python, task, &python) < 0 ||
		    !python.is_task)
			continue;
		if (add(list, &python, thread, thread->interpreter) < 0)
			return -ENOMEM;
		know_loop(list, python.loop, thread);
	}
	return 0;
}

int ty_tasks_find(struct ty_task_list *list, int selection)
{
	int result = 0;

	ty_array_clear(&list->loops);
	if (list->python.version->tasks->fixed)
		return find_in_all_sets(list, selection);
	list->support = TY_TASKS_FOUND;
	/* Which thread runs a task is wanted in any case. */
	result = find_running(list);
	return result == 0 && selection != TY_TASKS_RUNNING ? find_in_lists(list) : result;
}
