/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asyncio tasks in the shape of CPython's _remote_debugging: lists of AwaitedInfo, in which every task repeats the
 * stacks of those that await it. A task with many waiters would make that grow without bound: the list of a task's
 * frames is made once and shared.
 */
#include "unwinder.h"

#include <stdlib.h>

#include "gil.h"

/* The tasks of one reading. */
struct tasks {
	struct tpy_frames *frames;
	bool opcodes;
	const ty_task_list *list;
	size_t count;
	PyObject **coroutines; /* by index: its CoroInfo, NULL: not made yet */
	bool *taken;           /* by index: in the answer already */
	size_t *queue;         /* indices to be looked at */
};

static bool get(const struct tasks *tasks, size_t index, ty_task_info *info)
{
	*info = (ty_task_info){ .size = sizeof(*info) };
	return ty_task_list_get(tasks->list, index, info) == 0;
}

static PyTypeObject *type_of(const struct tasks *tasks, enum tpy_struct which)
{
	return tasks->frames->state->structs[which];
}

/* The CoroInfo of a task. @return a new reference, or NULL with an exception */
static PyObject *coroutine_of(struct tasks *tasks, size_t index, const ty_task_info *info)
{
	if (!tasks->coroutines[index])
		tasks->coroutines[index] =
		        TPY_STRUCT(type_of(tasks, TPY_CORO_INFO),
		                   tpy_frame_infos(tasks->frames, tasks->opcodes, info->frames, info->frame_count),
		                   PyLong_FromUnsignedLongLong(info->address));
	return Py_XNewRef(tasks->coroutines[index]);
}

static PyObject *waiters_of(struct tasks *tasks, const ty_task_info *info)
{
	PyObject *list = PyList_New(info->awaited_by_count);

	for (uint32_t i = 0; list && i < info->awaited_by_count; i++) {
		ty_task_info waiter;
		PyObject *coroutine = get(tasks, info->awaited_by[i], &waiter)
		                              ? coroutine_of(tasks, info->awaited_by[i], &waiter)
		                              : PyErr_NoMemory();

		if (!coroutine)
			Py_CLEAR(list);
		else
			PyList_SetItem(list, i, coroutine);
	}
	return list;
}

/* Adds the TaskInfo of a task to a list. */
static bool add_task(struct tasks *tasks, PyObject *list, size_t index, const ty_task_info *info)
{
	PyObject *task = TPY_STRUCT(type_of(tasks, TPY_TASK_INFO), PyLong_FromUnsignedLongLong(info->address),
	                            tpy_text(info->name), tpy_list_of_one(coroutine_of(tasks, index, info)),
	                            waiters_of(tasks, info));
	int result = task ? PyList_Append(list, task) : -1;

	Py_XDECREF(task);
	return result == 0;
}

/* Adds an AwaitedInfo to the answer; gives the list that its tasks go to, borrowed, or NULL with an exception. */
static PyObject *add_thread(struct tasks *tasks, PyObject *answer, uint64_t thread)
{
	PyObject *list = PyList_New(0);
	PyObject *info =
	        TPY_STRUCT(type_of(tasks, TPY_AWAITED_INFO), PyLong_FromUnsignedLongLong(thread), Py_XNewRef(list));
	int result = info ? PyList_Append(answer, info) : -1;

	Py_XDECREF(info);
	Py_XDECREF(list);
	return result == 0 ? list : NULL;
}

/* ---- the two questions ---- */

/* A task and all that await it, themselves or through others. */
static bool add_with_waiters(struct tasks *tasks, PyObject *list, size_t first)
{
	size_t queued = 1;

	for (size_t i = 0; i < tasks->count; i++)
		tasks->taken[i] = i == first;
	tasks->queue[0] = first;
	for (size_t at = 0; at < queued; at++) {
		ty_task_info info;

		if (!get(tasks, tasks->queue[at], &info))
			continue;
		if (!add_task(tasks, list, tasks->queue[at], &info))
			return false;
		for (uint32_t i = 0; i < info.awaited_by_count; i++) {
			size_t waiter = info.awaited_by[i];

			if (waiter < tasks->count && !tasks->taken[waiter]) {
				tasks->taken[waiter] = true;
				tasks->queue[queued++] = waiter;
			}
		}
	}
	return true;
}

static bool add_running(struct tasks *tasks, PyObject *answer)
{
	for (size_t i = 0; i < tasks->count; i++) {
		ty_task_info info;
		PyObject *list;

		if (!get(tasks, i, &info) || !(info.flags & TY_TASK_RUNNING))
			continue;
		if (info.verdict != TY_VERIFIED && info.verdict != TY_REPAIRED) {
			PyErr_SetString(PyExc_RuntimeError, "the stack changed while it was read; try again");
			return false;
		}
		list = add_thread(tasks, answer, info.native_id);
		if (!list || !add_with_waiters(tasks, list, i))
			return false;
	}
	return true;
}

/* The tasks of one thread; 0: those of none. */
static bool add_of_thread(struct tasks *tasks, PyObject *answer, uint64_t thread)
{
	PyObject *list = add_thread(tasks, answer, thread);
	ty_task_info info;

	if (!list)
		return false;
	for (size_t i = 0; i < tasks->count; i++) {
		if (!get(tasks, i, &info) || info.native_id != thread)
			continue;
		tasks->taken[i] = true;
		if (!add_task(tasks, list, i, &info))
			return false;
	}
	return true;
}

static bool add_all(struct tasks *tasks, PyObject *answer)
{
	ty_task_info info;

	for (size_t i = 0; i < tasks->count; i++)
		if (!tasks->taken[i] && get(tasks, i, &info) && info.native_id &&
		    !add_of_thread(tasks, answer, info.native_id))
			return false;
	return add_of_thread(tasks, answer, 0);
}

/* ---- one reading ---- */

static bool reserve(struct tasks *tasks)
{
	tasks->coroutines = calloc(tasks->count + 1, sizeof(*tasks->coroutines));
	tasks->taken = calloc(tasks->count + 1, sizeof(*tasks->taken));
	tasks->queue = calloc(tasks->count + 1, sizeof(*tasks->queue));
	if (tasks->coroutines && tasks->taken && tasks->queue)
		return true;
	PyErr_NoMemory();
	return false;
}

static void release(struct tasks *tasks)
{
	for (size_t i = 0; tasks->coroutines && i < tasks->count; i++)
		Py_XDECREF(tasks->coroutines[i]);
	free(tasks->coroutines);
	free(tasks->taken);
	free(tasks->queue);
}

typedef bool (*question)(struct tasks *tasks, PyObject *answer);

static PyObject *make_answer(struct tpy_frames *frames, bool opcodes, const ty_task_list *list, question add)
{
	ty_task_list_info info = { .size = sizeof(info) };
	struct tasks tasks = { .frames = frames, .opcodes = opcodes, .list = list };
	PyObject *answer;

	if (ty_task_list_describe(list, &info) < 0 || info.support != TY_TASKS_FOUND) {
		PyErr_SetString(PyExc_RuntimeError, info.message && *info.message ? info.message : "no asyncio tasks");
		return NULL;
	}
	tasks.count = (size_t)info.count;
	answer = reserve(&tasks) ? PyList_New(0) : NULL;
	if (answer && !add(&tasks, answer))
		Py_CLEAR(answer);
	release(&tasks);
	return answer;
}

/*
 * Tasks are read with the threads that run them: where the unwinder samples the main thread alone, a target of its own
 * has all. NULL: an exception is set.
 */
static struct tpy_frames *task_frames(struct tpy_unwinder *unwinder)
{
	ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL, .no_gc_frames = 1 };
	struct tpy_state *state = unwinder->tracer.frames.state;
	struct tpy_handle *handle;

	if (unwinder->all_threads)
		return &unwinder->tracer.frames;
	if (unwinder->task_handle)
		return &unwinder->task_frames;
	handle = tpy_handle_new();
	if (!handle || !tpy_handle_attach(state, handle, unwinder->pid, &options, NULL)) {
		tpy_handle_drop(handle);
		return NULL;
	}
	/* Another thread may have come first while this one had given the GIL away. */
	if (unwinder->task_handle) {
		tpy_handle_drop(handle);
		return &unwinder->task_frames;
	}
	unwinder->task_handle = handle;
	unwinder->task_frames = (struct tpy_frames){ .state = state, .handle = handle, .make = tpy_frame_info };
	return &unwinder->task_frames;
}

static PyObject *sample_tasks(struct tpy_unwinder *unwinder, question add)
{
	struct tpy_frames *frames = task_frames(unwinder);
	const ty_task_list *list;
	PyThreadState *outer;
	PyObject *answer;
	int result;

	if (!frames || !tpy_handle_take(frames->state, frames->handle))
		return NULL;
	outer = tpy_gil_release();
	result = ty_sample_tasks(frames->handle->target, &list);
	tpy_gil_take(outer);
	answer = result < 0 ? tpy_fail(frames->state, frames->handle->target, result)
	                    : make_answer(frames, unwinder->tracer.opcodes, list, add);
	tpy_handle_give(frames->handle);
	return answer;
}

PyObject *tpy_get_async_stack_trace(PyObject *self, PyObject *unused)
{
	(void)unused;
	return sample_tasks((struct tpy_unwinder *)self, add_running);
}

PyObject *tpy_get_all_awaited_by(PyObject *self, PyObject *unused)
{
	(void)unused;
	return sample_tasks((struct tpy_unwinder *)self, add_all);
}
