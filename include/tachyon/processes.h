/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_PROCESSES_H
#define TACHYON_PROCESSES_H

/**
 * @file processes.h
 * The processes that a process starts, and those that they start: for profiling all of a program.
 */

#include <tachyon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A process and its descendants, watched. Opaque. @since 0.1 */
typedef struct ty_processes ty_processes;

/**
 * What happened to a process.
 * @since 0.1
 */
enum ty_process_event_kind {
	TY_PROCESS_STARTED = 1,  /**< a descendant was forked, or was there when watching began */
	TY_PROCESS_REPLACED = 2, /**< it runs another executable by now: exec() */
	TY_PROCESS_ENDED = 3     /**< it ended, also the first one */
};

/**
 * One event.
 * @since 0.1
 */
typedef struct ty_process_event {
	size_t size;    /**< in: sizeof(ty_process_event) */
	int kind;       /**< enum ty_process_event_kind */
	int32_t pid;    /**< process id as seen by us */
	int32_t parent; /**< of the process, when it was first seen */
	int reserved;
} ty_process_event;

/**
 * Watches a process and all its descendants, in whatever PID namespace they are.
 *
 * New processes are found by their number: the kernel numbers processes in the order they are made and tells the last
 * number, so that asking costs one small read as long as nothing is started on the machine, and some microseconds for
 * each process that is. ty_processes_next() asks about once a millisecond. This needs no privilege, no feature of the
 * kernel that may be missing (children files, process events by netlink), and leaves the processes alone.
 *
 * A child that still shares its parent's memory (vfork(), as subprocess uses it) is told of when it has its own. One
 * whose parent ended before it was seen, both within a millisecond, is found with ty_processes_adopt() only.
 *
 * @param pid process id in our own PID namespace
 * @param[out] processes to be freed with ty_processes_free()
 * @return 0, -TY_EEXITED, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_processes_new(int pid, ty_processes **processes);

/**
 * Takes all children of one more process for descendants.
 *
 * For a caller that starts a program and watches it: as a child subreaper (prctl(2)) it is given what is orphaned, a
 * daemon's grandchild say whose parent ends at once. It has to reap them, and to have no children of other kinds.
 *
 * @param reaper its process id, getpid()
 * @return 0, -TY_EOPTION
 * @note One thread at a time per object. @since 0.1
 */
TY_API int ty_processes_adopt(ty_processes *processes, int reaper);

/**
 * Waits for the next event. A parent is told of before its children.
 * @param timeout_ns longest wait, in ns; 0: looks once
 * @param[in,out] event set its size before
 * @return 0 with an event; 1 when there was none in that time or a signal came; -TY_EOPTION, -ENOMEM
 * @note One thread at a time per object. @since 0.1
 */
TY_API int ty_processes_next(ty_processes *processes, uint64_t timeout_ns, ty_process_event *event);

/**
 * Ends watching. NULL is allowed.
 * @note One thread at a time per object. @since 0.1
 */
TY_API void ty_processes_free(ty_processes *processes);

#ifdef __cplusplus
}
#endif

#endif
