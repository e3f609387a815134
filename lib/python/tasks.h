/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_TASKS_H
#define TY_PYTHON_TASKS_H

/*
 * asyncio tasks of a target: where they are listed, what one says, where its coroutines wait, and who awaits it.
 *
 * Where they are listed (Modules/_asynciomodule.c):
 *  - 3.14+: every thread state heads a circular list of the tasks that were made in it, every interpreter one of those
 *    whose thread has ended. The offsets stand in the section .AsyncioDebug of the file that holds the module.
 *  - before: in a WeakSet of the Python module asyncio.tasks, and eager ones (3.12+) in a set beside it.
 *
 * Who awaits a task:
 *  - 3.14+: fut_awaited_by, one future or a set of futures, which asyncio keeps for readers from outside.
 *  - before: what its callbacks will wake up: the task that awaits it directly, the future that gather(), wait(),
 * shield() or wait_for() hold up for it, the TaskGroup that it belongs to. Only callbacks that asyncio itself sets are
 * followed: a callback of the program may hold any task. A future that is no task is looked through: a task awaits what
 * its future waits for.
 *
 * A coroutine that is suspended in an await has what it awaits on its value stack, below the top (3.15) or at it.
 */

#include "python/code.h"
#include "python/frame.h"
#include "python/heap.h"

struct ty_error_state;

/* Members of a task or future, in bytes from its start. PY_ABSENT: that version has it not. */
struct py_task_layout {
	uint32_t size; /* bytes that hold all of a task's members below */
	uint32_t loop;
	uint32_t callback;  /* the first one */
	uint32_t callbacks; /* a list with the others, as pairs of callback and context */
	uint32_t awaited_by;
	uint32_t awaited_by_is_set; /* byte */
	uint32_t state;             /* int: 0 while it is pending */
	uint32_t fut_waiter;
	uint32_t coro;
	uint32_t name;
	uint32_t node; /* of the list, two words: next and previous */

	/* Heads of lists, and what runs now. */
	uint32_t interpreter_tasks;
	uint32_t thread_tasks;
	uint32_t thread_running_task;
};

/* What differs from one version to the next: lib/python/versions/tasks.c. */
struct py_task_version {
	const struct py_task_layout *fixed; /* NULL: .AsyncioDebug says it */
	const char *all_tasks;              /* names in asyncio.tasks; NULL: not there */
	const char *eager_tasks;
	const char *current_tasks; /* dict: loop -> the task that it runs */
	uint32_t tuple_items;      /* behind the header */
	/* Values of a generator's frame state. */
	int8_t created;
	int8_t awaiting_first;
	int8_t awaiting_last;
	bool awaits_at_resume; /* that state is also that of a yield: the argument of the next RESUME tells */
	uint8_t awaited_depth; /* words from the top of the stack to what is awaited */
};

/* PyTaskObject's published part (struct _Py_AsyncioModuleDebugOffsets), in words. */
#define PY_TASK_TABLE_BYTES 104

/*
 * Takes the layout out of a copy of .AsyncioDebug, or the compiled-in one where `table` is NULL. The values are hostile
 * and bounded here. 0; -TY_EOFFSETS with the name of the one that is wrong; -TY_EVERSION where tasks of that build
 * cannot be read.
 */
int ty_task_layout_load(const struct py_task_version *version, const struct py_offsets *offsets, const uint8_t *table,
                        struct py_task_layout *layout, struct ty_error_state *error);

/* Where .AsyncioDebug is in a process: 0, -TY_ENOTFOUND (asyncio is not loaded), or a negative errno. */
int ty_task_table_find(pid_t pid, const char *runtime_path, uint64_t *address);

struct py_tasks {
	struct py_heap heap;
	const struct py_version *version;
	struct py_task_layout layout;
	struct py_addresses scratch;
};

struct py_task {
	uint64_t address;
	uint64_t loop;
	uint64_t coro;
	uint64_t name; /* str, or int for "Task-N" */
	uint64_t fut_waiter;
	uint64_t awaited_by;
	uint64_t callback;
	uint64_t callbacks;
	uint64_t next; /* address of the next and previous task's node */
	uint64_t previous;
	bool awaited_by_is_set;
	bool is_task;
	bool done;
};

/* Reads a task or future. 0, -TY_ECORRUPT when it is neither, or a negative errno. */
int ty_task_read(struct py_tasks *tasks, uint64_t address, struct py_task *task);

/* The task's name as UTF-8, cut at PY_TASK_NAME_BYTES. 0, -TY_ECORRUPT, or a negative errno. */
#define PY_TASK_NAME_BYTES 256
int ty_task_name(struct py_tasks *tasks, const struct py_task *task, char name[PY_TASK_NAME_BYTES]);

/* One coroutine, generator or async generator. */
struct py_coroutine {
	struct py_frame frame;
	int8_t state;
	bool executing;
	bool created; /* has not begun */
	bool ended;
};

/* Reads one. 0, -TY_ECORRUPT when the object is none, or a negative errno. */
int ty_coroutine_read(struct py_tasks *tasks, uint64_t address, struct py_coroutine *coroutine);

/*
 * What a suspended coroutine awaits: *awaited is the next coroutine of the chain, 0 at its end. *future is then the
 * future or task that is waited for, 0 where it is something else. `code`: the coroutine's code, `unit`: where it
 * stands.
 */
int ty_coroutine_awaited(struct py_tasks *tasks, const struct py_coroutine *coroutine, const struct py_code *code,
                         int64_t unit, uint64_t *awaited, uint64_t *future);

/* Bounds of a look through futures. */
#define PY_WAITERS_MAX 16384
#define PY_FUTURES_DEEP_MAX 16

/* Appends the tasks that await this one, each once. 0, -TY_ELIMIT (cut), or a negative errno. */
int ty_task_waiters(struct py_tasks *tasks, const struct py_task *task, struct py_addresses *waiters);

/* 3.13 and older: where an interpreter keeps its tasks; 0 for what is not there. */
struct py_task_sets {
	uint64_t all;     /* the set in the WeakSet */
	uint64_t eager;   /* set */
	uint64_t current; /* dict */
};

/* 0, -TY_ENOTFOUND (asyncio is not imported there), or a negative errno. */
int ty_task_sets_find(struct py_tasks *tasks, uint64_t interpreter, struct py_task_sets *sets);

/* Appends the tasks of those sets, done ones included. 0, or a negative errno when the sets are no longer there. */
int ty_task_sets_members(struct py_tasks *tasks, const struct py_task_sets *sets, struct py_addresses *members);

/* pthread id of the thread that runs a loop; 0: none, or not known. */
uint64_t ty_task_loop_thread(struct py_tasks *tasks, uint64_t loop);

#endif
