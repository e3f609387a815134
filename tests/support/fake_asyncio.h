/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_FAKE_ASYNCIO_H
#define TY_TESTS_SUPPORT_FAKE_ASYNCIO_H

/*
 * Tasks of asyncio in a fake CPython of 3.14 or newer, where they hang on lists and say who awaits them.
 *
 *     struct fake_asyncio *asyncio = fake_asyncio_new(python);
 *     uint64_t task = fake_task(asyncio, thread, 7, codes, 2);       "Task-7", suspended in codes[1], awaited by
 * codes[0] fake_awaited_by(asyncio, task, &waiter, 1); fake_asyncio_in(asyncio, target);
 */

#include "python/tasks.h"
#include "support/fake_python.h"

struct fake_asyncio {
	struct fake_python *python;
	struct py_task_layout layout;
	uint64_t table; /* .AsyncioDebug */
	uint64_t task_type, future_type, coroutine_type, set_type, int_type;
	uint64_t loop;
};

struct fake_asyncio *fake_asyncio_new(struct fake_python *python);
void fake_asyncio_free(struct fake_asyncio *asyncio);

/* Tells a target where the table is, as if it had been found in a file. */
void fake_asyncio_in(const struct fake_asyncio *asyncio, ty_target *target);

/* Makes the list of a thread empty: every thread needs that once. */
void fake_tasks_head(struct fake_asyncio *asyncio, const struct fake_thread *thread);

/* A coroutine that stands on the NOP of its code and awaits an object, 0: something that is no coroutine. */
uint64_t fake_suspended(struct fake_asyncio *asyncio, const struct fake_code *code, uint64_t awaited);

/* A task with these coroutines, outermost first, at the end of the thread's list. */
uint64_t fake_task(struct fake_asyncio *asyncio, const struct fake_thread *thread, uint32_t number,
                   struct fake_code *const *codes, size_t count);

/* A future that is no task. */
uint64_t fake_future(struct fake_asyncio *asyncio);

/* Who awaits a task or future: nobody, one, or a set of them. */
void fake_awaited_by(struct fake_asyncio *asyncio, uint64_t future, const uint64_t *waiters, size_t count);

#endif
