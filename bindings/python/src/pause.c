/* SPDX-License-Identifier: Apache-2.0 */
#include "pause.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Longest wait for one thread to stop: one that sleeps in the kernel may take its time, and is left running. */
#define STOP_DEADLINE_NS 100000000LL
#define POLL_NS 50000

/* Passes over the list of threads: those that are stopped make no more of them. */
#define PASSES_MAX 16
#define THREADS_MAX 65536

static int64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* The status of a thread that has stopped; negative: it has not, or is gone. */
static int wait_stopped(pid_t thread)
{
	const struct timespec nap = { .tv_nsec = POLL_NS };
	int64_t deadline_ns = now_ns() + STOP_DEADLINE_NS;
	int status;

	for (;;) {
		pid_t result = waitpid(thread, &status, __WALL | WNOHANG);

		if (result == thread)
			return WIFSTOPPED(status) ? status : -1;
		if (result < 0 || now_ns() > deadline_ns)
			return -1;
		nanosleep(&nap, NULL);
	}
}

static bool is_stopped(const struct tpy_pause *pause, pid_t thread)
{
	for (size_t i = 0; i < pause->count; i++)
		if (pause->stopped[i].thread == thread)
			return true;
	return false;
}

static int remember(struct tpy_pause *pause, pid_t thread, int signal)
{
	struct tpy_stopped *stopped;

	stopped = pause->count < THREADS_MAX ? realloc(pause->stopped, (pause->count + 1) * sizeof(*stopped)) : NULL;
	if (!stopped)
		return -ENOMEM;
	stopped[pause->count++] = (struct tpy_stopped){ .thread = thread, .signal = signal };
	pause->stopped = stopped;
	return 0;
}

/* @return 1: stopped now; 0: gone, or not to be stopped in time; negative: refused */
static int stop_thread(struct tpy_pause *pause, pid_t thread)
{
	int status, signal, result;

	if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) < 0)
		return errno == ESRCH ? 0 : -errno;
	ptrace(PTRACE_INTERRUPT, thread, NULL, NULL);
	status = wait_stopped(thread);
	if (status < 0) {
		/* Only a stopped thread can be let go; it is one as soon as it wakes, and our end lets it go too. */
		ptrace(PTRACE_DETACH, thread, NULL, NULL);
		return 0;
	}
	signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
	result = remember(pause, thread, signal);
	if (result < 0)
		ptrace(PTRACE_DETACH, thread, NULL, (void *)(intptr_t)signal);
	return result < 0 ? result : 1;
}

/* Stops what the list of threads has now. @return how many were, or an error */
static int stop_listed(struct tpy_pause *pause, pid_t pid)
{
	int stopped = 0, result = 0;
	struct dirent *entry;
	char path[64];
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	directory = opendir(path);
	if (!directory)
		return errno == ENOENT ? -ESRCH : -errno;
	while (result >= 0 && (entry = readdir(directory))) {
		pid_t thread = (pid_t)atoi(entry->d_name);

		if (thread <= 0 || is_stopped(pause, thread))
			continue;
		result = stop_thread(pause, thread);
		stopped += result > 0;
	}
	closedir(directory);
	return result < 0 ? result : stopped;
}

int tpy_pause_begin(struct tpy_pause *pause, pid_t pid)
{
	int result = 1;

	pause->tracer = gettid();
	for (int pass = 0; pass < PASSES_MAX && result > 0; pass++)
		result = stop_listed(pause, pid);
	if (result >= 0 && pause->count)
		return 0;
	tpy_pause_end(pause);
	return result < 0 ? result : -ESRCH;
}

int tpy_pause_end(struct tpy_pause *pause)
{
	if (pause->tracer && pause->tracer != gettid())
		return -EPERM;
	for (size_t i = 0; i < pause->count; i++)
		ptrace(PTRACE_DETACH, pause->stopped[i].thread, NULL, (void *)(intptr_t)pause->stopped[i].signal);
	free(pause->stopped);
	*pause = (struct tpy_pause){ 0 };
	return 0;
}
