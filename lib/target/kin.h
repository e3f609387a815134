/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_KIN_H
#define TY_TARGET_KIN_H

/* What /proc says about how processes are related, and which there are. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* From proc_pid_stat(5). */
struct ty_kin {
	pid_t parent;
	char state;
	bool is_kernel; /* a thread of the kernel, which has no memory */
	uint64_t start_ticks; /* since boot: tells a process from a later one with its id */
};

/* false: there is no such process or thread, or none that we may see. */
bool ty_kin_read(pid_t pid, struct ty_kin *kin);

/* The process that a thread belongs to: itself if it is the first of one; 0: there is none. /proc has them all. */
pid_t ty_kin_process_of(pid_t tid);

/*
 * /proc/loadavg, which tells the number of the process or thread that was made last in our PID namespace. -1 when it
 * does not, or is not the kernel's own.
 */
int ty_kin_open_last(void);
pid_t ty_kin_last(int fd);

/* Whether two processes have one memory: vfork(2) until exec(), clone(2) with CLONE_VM. false where nobody can tell. */
bool ty_kin_share_memory(pid_t one, pid_t other);

/* Which file a process runs. */
struct ty_executable {
	dev_t device;
	ino_t inode; /* 0: not known */
};

struct ty_executable ty_kin_executable(pid_t pid);

/* Calls back for every process there is. false from the callback ends it. */
void ty_kin_each(bool (*callback)(pid_t pid, void *user_data), void *user_data);

#endif
