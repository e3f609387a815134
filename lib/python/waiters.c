/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who awaits a task. Two ways to ask, see tasks.h; both give futures and tasks, and futures are asked in turn.
 *
 * Callbacks that asyncio sets, by what their object is (Lib/asyncio/tasks.py, taskgroups.py, Modules/_asynciomodule.c
 * of 3.11 to 3.13):
 *   - a built-in method of a task, TaskObj.task_wakeup: that task awaits this one;
 *   - a function of the module asyncio.tasks (gather, wait, shield, as_completed): one of its cells holds the future
 *     that it will resolve, or the queue on whose getters as_completed() waits;
 *   - functools.partial(_release_waiter, waiter) of wait_for();
 *   - a method of a TaskGroup, or of 3.13's iterator of as_completed().
 */
#include <errno.h>

#include <tachyon/base.h>

#include "python/tasks.h"

#define WORD_BYTES 8

/* Callbacks of one future, cells of one function, getters of one queue that are looked at. */
#define CALLBACKS_MAX 4096
#define CELLS_MAX 32
#define GETTERS_MAX 64

/* Members behind the header: Include/cpython/funcobject.h, classobject.h, methodobject.h, Modules/_functoolsmodule.c.
 */
enum {
	FUNCTION_CLOSURE = 56,
	FUNCTION_MODULE = 88,
	METHOD_SELF = 8,
	BUILTIN_SELF = 8,
	PARTIAL_FUNCTION = 0,
	PARTIAL_ARGUMENTS = 8,
	CELL_CONTENTS = 0
};

struct search {
	struct py_tasks *tasks;
	struct py_addresses *found; /* tasks */
	size_t found_from;
	uint64_t futures[PY_FUTURES_DEEP_MAX]; /* on the way to here */
	int depth;
	uint32_t steps; /* objects looked at, all together */
	int result;     /* first error; 0 */
};

static void follow(struct search *search, uint64_t object);

/*
 * Lists that are looked through stand one on another in the scratch: whoever begins one cuts it off again.
 */
static struct py_addresses *scratch(struct search *search)
{
	return &search->tasks->scratch;
}

static void fail(struct search *search, int result)
{
	/* What cannot be read, or is not what it should be, awaits nothing. */
	if (result < 0 && result != -EFAULT && result != -TY_ECORRUPT && result != -TY_ENOTFOUND && !search->result)
		search->result = result;
}

static void add(struct search *search, uint64_t task)
{
	struct py_addresses *found = search->found;
	uint64_t *slot;

	/* Callbacks are few; awaited_by is a set already. */
	for (size_t i = found->list.count; i-- > search->found_from && found->list.count - i < GETTERS_MAX;)
		if (found->list.items[i] == task)
			return;
	if (found->list.count - search->found_from >= PY_WAITERS_MAX) {
		fail(search, -TY_ELIMIT);
		return;
	}
	slot = ty_array_push(&found->list);
	if (slot)
		*slot = task;
	else
		fail(search, -ENOMEM);
}

/* ---- callbacks ---- */

/* The futures on which the readers of an asyncio.Queue wait. */
static void follow_queue(struct search *search, uint64_t queue)
{
	struct py_heap *heap = &search->tasks->heap;
	size_t begin = scratch(search)->list.count, end;
	uint64_t deque;

	if (ty_heap_attribute(heap, queue, "_getters", &deque) == 0 && ty_heap_class(heap, deque) == PY_CLASS_DEQUE)
		fail(search, ty_heap_deque(heap, deque, GETTERS_MAX, scratch(search)));
	end = scratch(search)->list.count;
	for (size_t i = begin; i < end; i++)
		if (ty_heap_class(heap, scratch(search)->list.items[i]) == PY_CLASS_FUTURE)
			follow(search, scratch(search)->list.items[i]);
	scratch(search)->list.count = begin;
}

static bool is_of_asyncio(struct search *search, uint64_t function)
{
	struct py_heap *heap = &search->tasks->heap;
	uint64_t module;

	return ty_heap_class(heap, function) == PY_CLASS_FUNCTION &&
	       ty_heap_word(heap, function, FUNCTION_MODULE, &module) == 0 &&
	       ty_object_is_text(&heap->objects, module, "asyncio.tasks");
}

static void follow_cell(struct search *search, uint64_t cell)
{
	struct py_heap *heap = &search->tasks->heap;
	uint64_t object;

	if (ty_heap_class(heap, cell) != PY_CLASS_CELL || ty_heap_word(heap, cell, CELL_CONTENTS, &object) < 0)
		return;
	switch (ty_heap_class(heap, object)) {
	case PY_CLASS_FUTURE:
		follow(search, object);
		break;
	case PY_CLASS_UNKNOWN:
		follow_queue(search, object);
		break;
	default:
		break;
	}
}

static void follow_function(struct search *search, uint64_t function)
{
	struct py_heap *heap = &search->tasks->heap;
	size_t begin = scratch(search)->list.count, end;
	uint64_t closure;

	if (!is_of_asyncio(search, function) || ty_heap_word(heap, function, FUNCTION_CLOSURE, &closure) < 0 ||
	    !closure)
		return;
	fail(search, ty_heap_tuple(heap, closure, CELLS_MAX, scratch(search)));
	end = scratch(search)->list.count;
	for (size_t i = begin; i < end; i++)
		follow_cell(search, scratch(search)->list.items[i]);
	scratch(search)->list.count = begin;
}

static void follow_partial(struct search *search, uint64_t partial)
{
	struct py_heap *heap = &search->tasks->heap;
	uint64_t function, tuple, waiter;

	if (ty_heap_word(heap, partial, PARTIAL_FUNCTION, &function) < 0 || !is_of_asyncio(search, function) ||
	    ty_heap_word(heap, partial, PARTIAL_ARGUMENTS, &tuple) < 0)
		return;
	if (ty_heap_word(heap, tuple, search->tasks->version->tasks->tuple_items, &waiter) == 0 &&
	    ty_heap_class(heap, waiter) == PY_CLASS_FUTURE)
		follow(search, waiter);
}

static void follow_method(struct search *search, uint64_t method)
{
	struct py_heap *heap = &search->tasks->heap;
	uint64_t self, object;

	if (ty_heap_word(heap, method, METHOD_SELF, &self) < 0)
		return;
	if (ty_heap_attribute(heap, self, "_parent_task", &object) == 0 && ty_heap_class(heap, object) == PY_CLASS_TASK)
		add(search, object);
	else if (ty_heap_attribute(heap, self, "_done", &object) == 0)
		follow_queue(search, object);
}

static void follow_callback(struct search *search, uint64_t callback)
{
	struct py_heap *heap = &search->tasks->heap;
	uint64_t self;

	switch (ty_heap_class(heap, callback)) {
	case PY_CLASS_BUILTIN:
		if (ty_heap_word(heap, callback, BUILTIN_SELF, &self) == 0 &&
		    ty_heap_class(heap, self) == PY_CLASS_TASK)
			add(search, self);
		break;
	case PY_CLASS_FUNCTION:
		follow_function(search, callback);
		break;
	case PY_CLASS_PARTIAL:
		follow_partial(search, callback);
		break;
	case PY_CLASS_METHOD:
		follow_method(search, callback);
		break;
	default:
		break;
	}
}

static void follow_callbacks(struct search *search, const struct py_task *future)
{
	struct py_heap *heap = &search->tasks->heap;
	size_t begin = scratch(search)->list.count, end;

	if (future->callback)
		follow_callback(search, future->callback);
	if (future->callbacks && ty_heap_class(heap, future->callbacks) == PY_CLASS_LIST)
		fail(search, ty_heap_list(heap, future->callbacks, CALLBACKS_MAX, scratch(search)));
	end = scratch(search)->list.count;
	for (size_t i = begin; i < end; i++) {
		uint64_t callback;

		if (ty_heap_word(heap, scratch(search)->list.items[i], search->tasks->version->tasks->tuple_items,
		                 &callback) == 0)
			follow_callback(search, callback);
	}
	scratch(search)->list.count = begin;
}

/* ---- awaited_by ---- */

static void follow_awaited_by(struct search *search, const struct py_task *future)
{
	struct py_heap *heap = &search->tasks->heap;
	size_t begin = scratch(search)->list.count, end;

	if (!future->awaited_by)
		return;
	if (!future->awaited_by_is_set) {
		follow(search, future->awaited_by);
		return;
	}
	if (ty_heap_class(heap, future->awaited_by) == PY_CLASS_SET)
		fail(search, ty_heap_set(heap, future->awaited_by, scratch(search)));
	end = scratch(search)->list.count;
	for (size_t i = begin; i < end; i++)
		follow(search, scratch(search)->list.items[i]);
	scratch(search)->list.count = begin;
}

/* ---- both ---- */

static void ask(struct search *search, const struct py_task *future)
{
	if (py_has(search->tasks->layout.awaited_by))
		follow_awaited_by(search, future);
	else
		follow_callbacks(search, future);
}

static bool is_on_the_way(const struct search *search, uint64_t future)
{
	for (int i = 0; i < search->depth; i++)
		if (search->futures[i] == future)
			return true;
	return false;
}

/* A task awaits it; a future is asked who awaits it. */
static void follow(struct search *search, uint64_t object)
{
	struct py_task future;

	if (++search->steps > PY_WAITERS_MAX) {
		fail(search, -TY_ELIMIT);
		return;
	}
	switch (ty_heap_class(&search->tasks->heap, object)) {
	case PY_CLASS_TASK:
		add(search, object);
		return;
	case PY_CLASS_FUTURE:
		break;
	default:
		return;
	}
	if (is_on_the_way(search, object))
		return;
	if (search->depth == PY_FUTURES_DEEP_MAX) {
		fail(search, -TY_ELIMIT);
		return;
	}
	search->futures[search->depth++] = object;
	if (ty_task_read(search->tasks, object, &future) == 0)
		ask(search, &future);
	search->depth--;
}

int ty_task_waiters(struct py_tasks *tasks, const struct py_task *task, struct py_addresses *waiters)
{
	struct search search = { .tasks = tasks, .found = waiters, .found_from = waiters->list.count };

	ask(&search, task);
	return search.result;
}
