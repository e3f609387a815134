/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_TARGET_H
#define TY_SAMPLE_TARGET_H

/* What is behind the public handles ty_target and ty_snapshot. */

#include <tachyon/snapshot.h>

#include "python/code.h"
#include "python/runtime.h"
#include "sample/exec.h"
#include "sample/plan.h"
#include "sample/thread.h"
#include "sample/walk.h"
#include "util/error.h"

/* Longer names of threads are cut. */
#define TY_THREAD_NAME_BYTES 256

struct ty_interpreter {
	uint64_t address;
	int64_t id;
	uint64_t code_counter; /* as of the last sample */
	uint64_t gil;        /* address of its GIL, where the thread states do not say who holds it; 0: not known yet */
	uint64_t gil_holder; /* thread state that holds it, as of this reading; 0: none */
	bool gil_is_free;    /* known to be held by nobody */
	bool gil_is_dated;   /* the next two are those of this reading */
	uint64_t gil_last;   /* thread state that has the GIL, or had it last */
	uint64_t gil_switches; /* how often it went from one to another */
	uint32_t calm_samples; /* in which it did not, up to some */
	uint32_t patience;     /* as many of them have to pass until it is expected to stay; 0: as few as may be */
	bool gc_is_hidden;     /* nothing about its garbage collector can be read */
	bool is_collecting;    /* the garbage collector runs, as of this reading */
	uint64_t gc_frame;     /* address of the frame it interrupts, where that is told; 0: none */
	uint64_t active;       /* threading._active, 0: not known */
	uint64_t active_ns;    /* when it was looked for last */
	uint64_t collector;    /* thread state that runs it, where the frame is not told; 0: not known */
};

struct ty_replay;

struct ty_snapshot {
	ty_target *target;
	uint64_t time_ns;
	uint32_t number;                      /* counts up */
	TY_ARRAY(struct ty_thread *) threads; /* all that were found */
	TY_ARRAY(struct ty_thread *) shown;   /* those that the mode selects; or stacks of tasks */
	bool by_task;                         /* the latter */
};

struct ty_task_list;

struct ty_target {
	struct ty_error_state error;
	ty_attach_options options; /* with the defaults filled in */
	pid_t pid;
	pid_t namespace_pid;
	bool is_capture;
	bool attached;
	struct ty_merged *merged; /* NULL: it is one process, or a capture of one */

	struct ty_replay *replay; /* NULL: not a recording; otherwise nothing below is used but snapshot and counters */
	struct ty_memory *memory;
	struct py_runtime runtime;
	struct ty_exec_mark program; /* that the process ran when the runtime was found */
	struct py_codes codes;
	struct ty_plan plan;
	struct ty_walker walker;

	struct ty_region_list shared;            /* runtime and interpreters */
	struct ty_region_list code_list;         /* code objects in doubt */
	TY_ARRAY(struct ty_region_list *) lists; /* of one reading */
	TY_ARRAY(struct ty_interpreter) interpreters;
	TY_ARRAY(struct ty_thread *) threads;
	struct ty_map thread_by_address; /* address -> struct ty_thread * */
	uint64_t next_thread_key;
	int mode;                 /* enum ty_mode: which threads a snapshot shows */
	struct ty_beside *beside; /* of the sampler that takes this sample, where it follows threads; else NULL */
	uint64_t none;            /* address of None, 0: not known */

	uint32_t gc_function; /* ids of artificial functions, 0: not made yet */
	uint32_t native_function;
	size_t interpreter_at; /* index of the interpreter that was looked up last */
	size_t probes;         /* files held open to ask the kernel about threads */
	bool list_is_cut;      /* a list of threads ended in a state that is gone: it was changed while it was read */
	bool reads_tasks;      /* this sample is one of tasks, or of threads and tasks */
	bool threads_stale;    /* the lists of one reading have to be gathered again */

	TY_ARRAY(pid_t) pending_stops; /* threads told to stop that have not yet */
	struct ty_snapshot snapshot;
	struct ty_task_list *tasks; /* NULL: not wanted yet */
	ty_target_counters counters;
	char name[TY_THREAD_NAME_BYTES]; /* of ty_thread_name() */
};

struct ty_capture_facts;

/* A target with its options, for all that open one. Set even on failure as long as memory lasts. */
int ty_target_new(const ty_attach_options *options, ty_target **target);

/* Opens memory that needs no process: ty_open_capture() for any backend. Owns `memory`, also on error. */
int ty_target_open_memory(struct ty_memory *memory, const struct ty_capture_facts *facts,
                          const ty_attach_options *options, ty_target **target);

/* Finds interpreters and threads from scratch: at attach, and again after exec(). 0 or the errors of ty_sample(). */
int ty_threads_find(ty_target *target);

/*
 * Follows the lists of interpreters and threads in the bytes that were just read, adds what is new and drops what is
 * gone. Sets *missed when something had to be read on its own.
 */
int ty_threads_update(ty_target *target, bool *missed);

/*
 * After a further reading of one sample, which holds the open threads only: a thread that is gone by now is accepted as
 * TY_FAILED.
 */
int ty_threads_recheck(ty_target *target, bool *missed);

/* Whether a thread has the id of one that is not in the process: of one of its parent's, shortly after fork(). */
bool ty_threads_are_inherited(const ty_target *target);

/* Forgets all threads and interpreters. */
void ty_threads_forget(ty_target *target);

/* Says why the target cannot be read any more: ended, replaced by exec(), or memory that contradicts itself. */
int ty_target_lost(ty_target *target, int code);

#endif
