/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_TASKS_H
#define TACHYON_TASKS_H

/**
 * @file tasks.h
 * asyncio tasks of a target: where each one runs or waits, for how long it has been seen there, and who awaits it.
 *
 * There are two ways to them. ty_sample_tasks() gives all tasks with the edges between them. And a target that was
 * attached with ty_attach_options.tasks gives them through ty_sample(): its snapshots then hold, in the place of threads,
 * one stack for every path along which a task is awaited, from the task that runs or waits to the one that nobody awaits.
 * Below the frames of each task stands a frame of TY_FRAME_TASK, "<task NAME>". So a task with several waiters is in as
 * many stacks, and none of them is lost up to the limits of enum ty_task_limit. Collectors need not know about it.
 *
 * Tasks are those of the C implementation in the module _asyncio, whatever the event loop (uvloop's as well), and
 * subclasses of it. Tasks written in Python that do not derive from it are not seen.
 */

#include <tachyon/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Whether the snapshots of ty_sample() hold tasks: ty_attach_options.tasks.
 * @since 0.1
 */
enum ty_task_selection {
	TY_TASKS_NONE = 0,    /**< threads */
	TY_TASKS_RUNNING = 1, /**< the task that each thread runs, with those that await it */
	TY_TASKS_ALL = 2      /**< every task that runs or waits for something that is no task, with those that await it */
};

/** The tasks of one reading. Opaque; owned by its target and valid until its next sample. @since 0.1 */
typedef struct ty_task_list ty_task_list;

/**
 * Whether tasks can be read.
 * @since 0.1
 */
enum ty_task_support {
	TY_TASKS_FOUND = 0,       /**< yes */
	TY_TASKS_NO_ASYNCIO = 1,  /**< the target has not imported asyncio yet; it is looked for again now and then */
	TY_TASKS_UNSUPPORTED = 2, /**< this build of CPython does not let us; the message says why */
	TY_TASKS_UNREADABLE = 3   /**< this reading failed; the next one may not */
};

/**
 * Limits that were reached, or-ed together: what is beyond them is missing.
 * @since 0.1
 */
enum ty_task_limit {
	TY_TASK_LIMIT_TASKS = 1,      /**< 100 000 tasks */
	TY_TASK_LIMIT_WAITERS = 2,    /**< 16 384 objects looked at to find who awaits one task, or 16 futures in a row */
	TY_TASK_LIMIT_COROUTINES = 4, /**< 1 024 coroutines that await one another in one task */
	TY_TASK_LIMIT_PATHS = 8,      /**< 64 stacks for one task, or 131 072 in all; their marks say how many waiters are left
	                                   out: "<task NAME, +2 waiters>" */
	TY_TASK_LIMIT_DEPTH = 16,     /**< 256 tasks that await one another */
	TY_TASK_LIMIT_NAMES = 32,     /**< 4 096 names of tasks in the marks of one target; further marks are "<task>" */
	TY_TASK_LIMIT_MEMORY = 64,    /**< 256 MiB of the target's memory */
	TY_TASK_LIMIT_LIST = 128      /**< the target's list of tasks changed while it was read: some may be missing */
};

/**
 * Facts about a list.
 * @since 0.1
 */
typedef struct ty_task_list_info {
	size_t size;         /**< in: sizeof(ty_task_list_info) */
	int support;         /**< enum ty_task_support */
	uint32_t limits;     /**< enum ty_task_limit */
	uint64_t count;      /**< tasks in it */
	uint64_t running;    /**< of these, running */
	uint64_t time_ns;    /**< CLOCK_MONOTONIC in ns, before the read */
	const char *message; /**< what is to be said about support and limits, in lines; "" if nothing */
} ty_task_list_info;

/**
 * Properties of a task, or-ed together.
 * @since 0.1
 */
enum ty_task_flag {
	TY_TASK_RUNNING = 1, /**< a thread runs it */
	TY_TASK_NEW = 2,     /**< it has not begun */
	TY_TASK_CYCLE = 4    /**< it awaits itself, through others: none of them will ever go on */
};

/**
 * One task. Strings and arrays are valid as long as the list.
 * @since 0.1
 */
typedef struct ty_task_info {
	size_t size;                /**< in: sizeof(ty_task_info) */
	uint64_t address;           /**< id(task) in the target; used again when the task is gone */
	uint32_t serial;            /**< number of the task in its target, as in ty_frame.task; never used again */
	uint32_t flags;             /**< enum ty_task_flag */
	const char *name;           /**< task.get_name(), at most 255 bytes */
	uint64_t thread_key;        /**< of the thread whose loop it belongs to, as in ty_thread_info; 0: not known */
	uint64_t native_id;         /**< kernel thread id of that thread as the target sees it; 0: not known */
	int64_t interpreter;        /**< id of its interpreter */
	uint64_t loop;              /**< address of its event loop */
	uint64_t future;            /**< address of the future or task it waits for, 0: none, or something else */
	int32_t verdict;            /**< enum ty_verdict of its frames */
	uint32_t frame_count;       /**< number of frames */
	const ty_frame *frames;     /**< of the coroutine where it runs or waits first, its own last; while it runs also of the
	                                 functions that they called */
	const uint32_t *awaited_by; /**< indices in this list of the tasks that await it */
	uint32_t awaited_by_count;  /**< number of these */
	uint32_t awaits_count;      /**< number of tasks in this list that it awaits */
	uint64_t seen_since_ns;     /**< CLOCK_MONOTONIC in ns of the first reading of this target since which it was seen in
	                                 the same place in every reading */
} ty_task_info;

/**
 * Takes a sample of the threads, as ty_sample() does, and of all tasks, whatever ty_attach_options.tasks says.
 * No asyncio in the target is not an error: the list is empty and says so.
 * @param[out] list owned by the target, valid until its next sample; NULL on error
 * @return 0, -TY_ESTATE for a recording, or the errors of ty_sample()
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sample_tasks(ty_target *target, const ty_task_list **list);

/**
 * The tasks behind a snapshot of a target that was attached with ty_attach_options.tasks: those that its stacks stand
 * on.
 * @return the list, or NULL for a snapshot of threads
 * @note One thread at a time per target. @since 0.1
 */
TY_API const ty_task_list *ty_snapshot_tasks(const ty_snapshot *snapshot);

/**
 * Facts about a list.
 * @param[in,out] info set its size before
 * @return 0 or -TY_EOPTION
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_task_list_describe(const ty_task_list *list, ty_task_list_info *info);

/**
 * One task of a list.
 * @param index 0 to ty_task_list_info.count - 1
 * @param[in,out] info set its size before
 * @return 0, -TY_ENOTFOUND, -TY_EOPTION
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_task_list_get(const ty_task_list *list, size_t index, ty_task_info *info);

/**
 * Index of the task that a frame of TY_FRAME_TASK marks.
 * @param serial ty_frame.task
 * @return its index, or -TY_ENOTFOUND
 * @note One thread at a time per target. @since 0.1
 */
TY_API int64_t ty_task_list_find(const ty_task_list *list, uint32_t serial);

#ifdef __cplusplus
}
#endif

#endif
