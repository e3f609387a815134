/* SPDX-License-Identifier: Apache-2.0 */
#include "target/kin.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "target/proc.h"
#include "util/cleanup.h"

#define STAT_BYTES 1024
#define STATUS_BYTES 4096

/* PF_KTHREAD of the kernel's include/linux/sched.h. */
#define KERNEL_THREAD 0x00200000u

/* Processes there can be (PID_MAX_LIMIT of the kernel). */
#define PROCESSES_MAX (4 * 1024 * 1024)

bool ty_kin_read(pid_t pid, struct ty_kin *kin)
{
	char path[64], text[STAT_BYTES];
	const char *fields;
	unsigned int flags;
	int parent;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	ty_proc_text(path, text, sizeof(text));
	fields = ty_proc_fields(text);
	if (!fields ||
	    sscanf(fields, "%c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
	           &kin->state, &parent, &flags, &kin->start_ticks) != 4)
		return false;
	kin->parent = parent;
	kin->is_kernel = flags & KERNEL_THREAD;
	return true;
}

pid_t ty_kin_process_of(pid_t tid)
{
	char path[64], text[STATUS_BYTES];
	const char *leader;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	ty_proc_text(path, text, sizeof(text));
	leader = strstr(text, "\nTgid:");
	return leader ? (pid_t)strtol(leader + strlen("\nTgid:"), NULL, 10) : 0;
}

pid_t ty_kin_last(int fd)
{
	char text[128];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);
	const char *last;

	text[got > 0 ? got : 0] = '\0';
	last = strrchr(text, ' ');
	return last ? (pid_t)strtol(last, NULL, 10) : 0;
}

int ty_kin_open_last(void)
{
	_cleanup_close_ int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	struct statfs system;

	if (fd < 0 || fstatfs(fd, &system) != 0 || system.f_type != PROC_SUPER_MAGIC || ty_kin_last(fd) <= 0)
		return -1;
	return ty_steal_fd(&fd);
}

bool ty_kin_share_memory(pid_t one, pid_t other)
{
	return syscall(SYS_kcmp, one, other, KCMP_VM, 0, 0) == 0;
}

struct ty_executable ty_kin_executable(pid_t pid)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (stat(path, &status) != 0)
		return (struct ty_executable){ 0 };
	return (struct ty_executable){ status.st_dev, status.st_ino };
}

void ty_kin_each(bool (*callback)(pid_t pid, void *user_data), void *user_data)
{
	_cleanup_closedir_ DIR *processes = opendir("/proc");
	struct dirent *entry;

	for (int i = 0; processes && i < PROCESSES_MAX && (entry = readdir(processes)); i++) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && !callback(pid, user_data))
			return;
	}
}
