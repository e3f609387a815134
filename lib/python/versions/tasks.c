/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asyncio tasks by version. Up to 3.13 nothing is published: offsets of FutureObj and TaskObj in
 * Modules/_asynciomodule.c, measured in 3.11.2, 3.11.7, 3.12.1, 3.13.0 and 3.13.5 by looking for the addresses of a
 * task's parts in the task. They are those of builds with the GIL.
 *
 * Values of a generator's frame state: Include/internal/pycore_frame.h.
 */
#include "python/tasks.h"
#include "python/versions/versions.h"

static const struct py_task_layout LAYOUT_3_11 = {
	.size = 176,
	.loop = 16,
	.callback = 24,
	.callbacks = 40,
	.awaited_by = PY_ABSENT,
	.awaited_by_is_set = PY_ABSENT,
	.state = 88,
	.fut_waiter = 128,
	.coro = 136,
	.name = 144,
	.node = PY_ABSENT,
	.interpreter_tasks = PY_ABSENT,
	.thread_tasks = PY_ABSENT,
	.thread_running_task = PY_ABSENT,
};

static const struct py_task_layout LAYOUT_3_13 = {
	.size = 144,
	.loop = 16,
	.callback = 24,
	.callbacks = 40,
	.awaited_by = PY_ABSENT,
	.awaited_by_is_set = PY_ABSENT,
	.state = 96,
	.fut_waiter = 112,
	.coro = 120,
	.name = 128,
	.node = PY_ABSENT,
	.interpreter_tasks = PY_ABSENT,
	.thread_tasks = PY_ABSENT,
	.thread_running_task = PY_ABSENT,
};

const struct py_task_version ty_tasks_3_11 = {
	.fixed = &LAYOUT_3_11,
	.all_tasks = "_all_tasks",
	.current_tasks = "_current_tasks",
	.tuple_items = 8,
	.created = -2,
	.awaiting_first = -1,
	.awaiting_last = -1,
	.awaits_at_resume = true,
	.awaited_depth = 1,
};

const struct py_task_version ty_tasks_3_12 = {
	.fixed = &LAYOUT_3_11,
	.all_tasks = "_scheduled_tasks",
	.eager_tasks = "_eager_tasks",
	.current_tasks = "_current_tasks",
	.tuple_items = 8,
	.created = -2,
	.awaiting_first = -1,
	.awaiting_last = -1,
	.awaits_at_resume = true,
	.awaited_depth = 1,
};

const struct py_task_version ty_tasks_3_13 = {
	.fixed = &LAYOUT_3_13,
	.all_tasks = "_scheduled_tasks",
	.eager_tasks = "_eager_tasks",
	.current_tasks = "_current_tasks",
	.tuple_items = 8,
	.created = -3,
	.awaiting_first = -1,
	.awaiting_last = -1,
	.awaited_depth = 1,
};

const struct py_task_version ty_tasks_3_14 = {
	.tuple_items = 16,
	.created = -3,
	.awaiting_first = -1,
	.awaiting_last = -1,
	.awaited_depth = 1,
};

const struct py_task_version ty_tasks_3_15 = {
	.tuple_items = 16,
	.created = 0,
	.awaiting_first = 2,
	.awaiting_last = 3,
	.awaited_depth = 2,
};
