/* SPDX-License-Identifier: Apache-2.0 */
/* Target.sample_tasks(): the asyncio tasks of a target as named tuples. */
#include "tasks.h"

static PyObject *waiters_of(const ty_task_info *info)
{
	PyObject *tuple = PyTuple_New(info->awaited_by_count);

	for (uint32_t i = 0; tuple && i < info->awaited_by_count; i++) {
		PyObject *index = PyLong_FromUnsignedLong(info->awaited_by[i]);

		if (!index)
			Py_CLEAR(tuple);
		else
			PyTuple_SetItem(tuple, i, index);
	}
	return tuple;
}

static PyObject *new_task(struct tpy_frames *frames, const ty_task_info *info)
{
	struct tpy_state *state = frames->state;

	return TPY_STRUCT(state->structs[TPY_TASK], tpy_text(info->name), PyLong_FromUnsignedLong(info->serial),
	                  PyLong_FromUnsignedLongLong(info->address), PyBool_FromLong(info->flags & TY_TASK_RUNNING),
	                  PyBool_FromLong(info->flags & TY_TASK_NEW), PyBool_FromLong(info->flags & TY_TASK_CYCLE),
	                  PyLong_FromUnsignedLongLong(info->native_id), PyLong_FromLongLong(info->interpreter),
	                  PyLong_FromUnsignedLongLong(info->loop), PyLong_FromUnsignedLongLong(info->future),
	                  tpy_member(state->verdict_type, state->verdicts, TPY_VERDICTS, (uint32_t)info->verdict),
	                  tpy_frame_tuple(frames, info->frames, info->frame_count), waiters_of(info),
	                  PyLong_FromUnsignedLong(info->awaits_count),
	                  PyLong_FromUnsignedLongLong(info->seen_since_ns));
}

static PyObject *new_tasks(struct tpy_frames *frames, const ty_task_list *list, uint64_t count)
{
	PyObject *tuple = PyTuple_New((Py_ssize_t)count);

	for (size_t i = 0; tuple && i < count; i++) {
		ty_task_info info = { .size = sizeof(info) };
		int result = ty_task_list_get(list, i, &info);
		PyObject *task = result < 0 ? tpy_fail(frames->state, NULL, result) : new_task(frames, &info);

		if (!task)
			Py_CLEAR(tuple);
		else
			PyTuple_SetItem(tuple, (Py_ssize_t)i, task);
	}
	return tuple;
}

PyObject *tpy_tasks_new(struct tpy_frames *frames, const ty_task_list *list)
{
	ty_task_list_info info = { .size = sizeof(info) };

	ty_task_list_describe(list, &info);
	return TPY_STRUCT(frames->state->structs[TPY_TASKS], new_tasks(frames, list, info.count),
	                  PyBool_FromLong(info.support == TY_TASKS_FOUND), tpy_text(info.message),
	                  PyLong_FromUnsignedLong(info.limits), PyLong_FromUnsignedLongLong(info.time_ns));
}
