/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_TASKS_H
#define TY_SAMPLE_TASKS_H

/*
 * asyncio tasks in a sample.
 *
 * A reading follows that of the threads. It begins with the tasks that are asked for (task_find.c), reads each one's
 * coroutines (task_stack.c) and who awaits it, and goes on with those. All objects come out of pages that are read by
 * one call (target/pages.h).
 *
 * What proves a stack of suspended coroutines: that the same words were there in the reading before, or, where they
 * changed since, in a second reading of those pages within this sample. Between two equal readings, all of it was there
 * at one instant. Tasks that await one another are proven by the same two readings, or not at all: the next task is
 * made in the memory of the one before, and a chain of one from before and one from after was never there. A task that
 * runs has its frames on a thread's stack, which has a verdict of its own.
 *
 * Stacks for collectors (task_paths.c) are made of the tasks' frames: they look like threads to everybody else.
 */

#include <tachyon/tasks.h>

#include "python/tasks.h"
#include "sample/thread.h"
#include "util/strtab.h"

/* Limits that include/tachyon/tasks.h names. */
#define TY_TASKS_MAX 100000
#define TY_TASK_COROUTINES_MAX 1024
#define TY_TASK_PATHS_MAX 64
#define TY_TASK_PATHS_IN_ALL_MAX 131072
#define TY_TASK_DEPTH_MAX 256
#define TY_TASK_NAMES_MAX 4096

#define TY_TASK_MESSAGE_BYTES 1024

/* Why a task has to be read again: for its own sake (both), or because it awaits one that is open, or is awaited. */
enum ty_task_open { TY_OPEN_UP = 1 << 0, TY_OPEN_DOWN = 1 << 1 };

/* One task of this reading. */
struct ty_task {
	struct py_task python;
	struct ty_thread *thread; /* whose loop it belongs to, NULL: not known */
	int64_t interpreter;
	uint32_t history; /* index in ty_task_list.histories */
	uint32_t flags;   /* enum ty_task_flag */
	uint32_t name;    /* where it begins in ty_task_list.names */
	uint32_t first_frame;
	uint32_t frame_count;
	uint32_t first_waiter;
	uint32_t waiter_count;
	uint32_t awaits_count;
	uint64_t future;
	uint64_t words;  /* hash of the words that the stack was made of */
	uint32_t proven; /* gaps between readings over which these stayed the same, a bit each */
	uint32_t open;   /* has to be read again: enum ty_task_open */
	int verdict;
	bool readable;
	bool executing; /* its coroutine says so */
	bool on_top;    /* its frames begin where a thread's stack does */
	bool visited;   /* while paths are made */
	bool on_path;
};

/* What is kept of a task from sample to sample. */
struct ty_task_history {
	uint64_t address;
	uint64_t coro;
	uint64_t identity; /* hash of its name */
	uint64_t words;
	uint64_t since_ns;
	uint32_t serial;
	uint32_t sample; /* number of the last sample it was in */
};

struct ty_loop_thread {
	uint64_t loop;
	struct ty_thread *thread;
	bool known; /* asked; thread may be NULL all the same */
};

/* Of Tarjan's search for strongly connected components. */
struct ty_component {
	uint32_t number; /* in the order of discovery, from 1; 0: not yet */
	uint32_t low;
	uint32_t edge; /* to be followed next */
	uint32_t caller;
	bool pending;
};

struct ty_task_list {
	struct ty_target *target;
	struct py_tasks python;
	struct ty_pages pages;
	bool pages_ready;
	bool layout_ready;
	uint64_t table_address; /* of .AsyncioDebug, 0: not known */
	uint64_t look_again_ns;
	int support; /* enum ty_task_support */
	uint32_t limits;
	uint64_t time_ns;
	uint32_t sample; /* number of readings */
	char message[TY_TASK_MESSAGE_BYTES];

	TY_ARRAY(struct ty_task) tasks;
	struct ty_map by_address; /* index + 1 */
	struct ty_map by_coro;
	TY_ARRAY(ty_frame) frames;
	TY_ARRAY(uint32_t) waiters;
	TY_ARRAY(char) names;
	struct py_addresses found;
	TY_ARRAY(struct ty_loop_thread) loops;

	TY_ARRAY(struct ty_task_history) histories;
	struct ty_map history_by_address; /* index + 1 */
	uint32_t last_serial;
	TY_ARRAY(struct {
		uint64_t interpreter;
		struct py_task_sets sets;
	})
	sets; /* of 3.13 and older, as found last */

	/* Paths. */
	TY_ARRAY(struct ty_thread *) paths;
	struct ty_map path_by_key;                /* hash of the tasks on it -> struct ty_thread * */
	struct ty_map path_spare;                 /* what that is built anew in */
	struct ty_map mark_by_name;               /* hash of a name -> function */
	uint32_t nameless_mark;                   /* function of "<task>" */
	TY_ARRAY(struct ty_record) path;          /* the one that is being made, leaf first */
	TY_ARRAY(uint32_t) chain;                 /* tasks on it */
	TY_ARRAY(struct ty_component) components; /* scratch of the search for cycles, by task */
	TY_ARRAY(uint32_t) pending;
	struct ty_map serials; /* serial -> index + 1, made when it is asked for */
	uint32_t serials_sample;
};

/* The list of a target, made when it is first needed; NULL: out of memory. */
struct ty_task_list *ty_tasks_of(struct ty_target *target);

/* Reads the tasks. 0 or a negative error that ends the sample; what is only missing is said in the list. */
int ty_tasks_read(struct ty_task_list *list, int selection);

/* Makes the stacks and shows them in the place of threads. 0 or -ENOMEM. */
int ty_tasks_show(struct ty_task_list *list, int selection);

/* Key of the thread that a stack of this sample is presented as; any other key is given back. `list` may be NULL. */
uint64_t ty_tasks_thread_key(const struct ty_task_list *list, uint64_t key);

/* The runtime has changed. */
void ty_tasks_forget(struct ty_task_list *list);
void ty_tasks_free(struct ty_task_list *list);

/* Says in the list what went wrong or is missing. */
__attribute__((format(printf, 2, 3))) void ty_tasks_say(struct ty_task_list *list, const char *format, ...);
void ty_tasks_limit(struct ty_task_list *list, uint32_t limit);

/* ---- task_find.c ---- */

/* Begins the list with the tasks that are asked for. 0 or a negative error. */
int ty_tasks_find(struct ty_task_list *list, int selection);

/* Adds the task with that coroutine, however long that takes. 0 or a negative error; it may not be there. */
int ty_tasks_find_coro(struct ty_task_list *list, uint64_t coro);

/* The index of a task, which is added if it is new; -1: it is none, or there are too many. */
int64_t ty_tasks_index(struct ty_task_list *list, uint64_t address);

/* ---- task_stack.c ---- */

/*
 * Reads a task's name, stack and waiters out of this round's pages. Called again it replaces what it said before. 0 or
 * a negative error.
 */
int ty_tasks_walk(struct ty_task_list *list, uint32_t index);

/* Adds the tasks whose coroutines stand on the stacks of threads of which no task is known. 0 or a negative error. */
int ty_tasks_find_on_stacks(struct ty_task_list *list);

/* Takes the frames of running tasks from the stacks of threads. 0 or a negative error. */
int ty_tasks_take_running(struct ty_task_list *list);

/* ---- task_cycles.c ---- */

/* Sets TY_TASK_CYCLE. false: memory is out. */
bool ty_tasks_mark_cycles(struct ty_task_list *list);

static inline const char *ty_task_name_of(const struct ty_task_list *list, const struct ty_task *task)
{
	return list->names.items + task->name;
}

#endif
