/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_CPU_H
#define TY_TARGET_CPU_H

/*
 * Whether a thread is on CPU, asked in every sample of every thread: one pread(2) on a file that stays open.
 *
 * Two files of /proc/PID/task/TID say it. "syscall" (proc_pid_syscall(5)) is "running" or tells which system call the
 * thread is blocked in; "stat" has the state as its third field, R for running, but the kernel gathers fifty others for
 * it, which takes about three times as long. Both mean the kernel's TASK_RUNNING: the thread has a processor, or waits
 * for nothing but one. The first needs a kernel with CONFIG_HAVE_ARCH_TRACEHOOK (x86-64 and aarch64 have it) and the
 * permission to trace, which whoever reads memory has; where it is not to be had the second is taken.
 *
 * Behind the number of a system call the first file has its arguments: of futex(2) the address that the thread waits
 * on.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum ty_cpu_state {
	TY_CPU_UNKNOWN, /* could not be told */
	TY_CPU_ON,
	TY_CPU_OFF
};

enum ty_cpu_source { TY_CPU_SYSCALL, TY_CPU_STAT };

struct ty_cpu_probe {
	int fd; /* -1: closed */
	enum ty_cpu_source source;
};

#define TY_CPU_PROBE_CLOSED ((struct ty_cpu_probe){ .fd = -1 })

/* Opens the cheapest file that answers. false: the thread is gone, or no file may be opened. */
bool ty_cpu_open(struct ty_cpu_probe *probe, pid_t pid, pid_t tid);

/* Asks; one system call. *futex: where the thread waits in futex(2); 0: it does not, or that is not told. */
enum ty_cpu_state ty_cpu_ask(const struct ty_cpu_probe *probe, uint64_t *futex);

/* Closing a closed one is nothing. */
void ty_cpu_close(struct ty_cpu_probe *probe);

/* What the content of such a file says, which ends with a NUL. */
enum ty_cpu_state ty_cpu_parse(enum ty_cpu_source source, const char *text, size_t length, uint64_t *futex);

#endif
