/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_PROC_H
#define TY_TARGET_PROC_H

/* What /proc says about a process and its threads, and why reading it may be refused. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Id of a process or thread in its innermost PID namespace (NSpid in proc_pid_status(5)); the id itself where unknown.
 */
pid_t ty_proc_namespace_id(pid_t pid, pid_t tid);

/*
 * Id, as we see it, of the thread that its own PID namespace knows as `namespace_tid`; 0 when there is none. Scans the
 * threads of the process: for the moment a thread is first seen, not for every sample.
 */
pid_t ty_proc_host_tid(pid_t pid, pid_t namespace_tid);

/*
 * true when the process ended: gone, or a zombie that waits for its parent. false where that cannot be told: we are out
 * of descriptors, say.
 */
bool ty_proc_ended(pid_t pid);

/* The process that traces a thread, a debugger say; 0 when there is none. */
pid_t ty_proc_tracer(pid_t pid, pid_t tid);

/* How the kernel schedules a thread. */
struct ty_thread_schedule {
	int processor;     /* that it runs on, or ran on last */
	bool is_real_time; /* it runs before all ordinary threads */
};

/* false: the thread is gone. */
bool ty_proc_thread_schedule(pid_t pid, pid_t tid, struct ty_thread_schedule *schedule);

/* Address of the 16 random bytes that the kernel gave the program (AT_RANDOM, getauxval(3)); 0 where unknown. */
uint64_t ty_proc_random_bytes(pid_t pid);

/* The kernel's name of a thread (comm), at most 15 bytes; "" when it is gone. */
void ty_proc_thread_name(pid_t pid, pid_t tid, char *name, size_t size_bytes);

/*
 * Explains why the kernel refuses to let us read a process, by looking at what ptrace(2) checks, in that order: names
 * the check and the remedy.
 */
void ty_proc_explain_refusal(pid_t pid, char *text, size_t size_bytes);

/* A whole small file of /proc, NUL-terminated; "" when there is none. */
void ty_proc_text(const char *path, char *text, size_t size_bytes);

/*
 * The fields of a stat file from the state on (proc_pid_stat(5)): behind the name, which may hold spaces and parentheses
 * itself. NULL: it is no such file.
 */
const char *ty_proc_fields(const char *stat);

#endif
