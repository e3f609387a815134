/* SPDX-License-Identifier: Apache-2.0 */
#include "target/cpu.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The state stands behind the name, which has 64 bytes at the most; of "syscall" a number and the first argument are
 * wanted. */
#define STAT_BYTES 128
#define SYSCALL_BYTES 32

static enum ty_cpu_state parse_stat(const char *text, size_t length)
{
	/* A name may hold a parenthesis itself. */
	const char *end = memrchr(text, ')', length);

	if (!end || (size_t)(end - text) + 2 >= length || end[1] != ' ')
		return TY_CPU_UNKNOWN;
	switch (end[2]) {
	case 'R':
		return TY_CPU_ON;
	case 'S':
	case 'D':
	case 'T':
	case 't':
	case 'Z':
	case 'X':
	case 'I':
	case 'P':
		return TY_CPU_OFF;
	default:
		return TY_CPU_UNKNOWN;
	}
}

/* "running", or the number of a system call and its arguments, -1 for a thread that is blocked outside of any. */
static enum ty_cpu_state parse_syscall(const char *text, size_t length, uint64_t *futex)
{
	static const char running[] = "running";
	char *end;

	if (length >= sizeof(running) - 1 && memcmp(text, running, sizeof(running) - 1) == 0)
		return TY_CPU_ON;
	if (!length || ((text[0] < '0' || text[0] > '9') && text[0] != '-'))
		return TY_CPU_UNKNOWN;
	if (strtol(text, &end, 10) == SYS_futex)
		*futex = strtoull(end, NULL, 16);
	return TY_CPU_OFF;
}

enum ty_cpu_state ty_cpu_parse(enum ty_cpu_source source, const char *text, size_t length, uint64_t *futex)
{
	*futex = 0;
	return source == TY_CPU_STAT ? parse_stat(text, length) : parse_syscall(text, length, futex);
}

static bool open_source(struct ty_cpu_probe *probe, pid_t pid, pid_t tid, enum ty_cpu_source source)
{
	uint64_t futex;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)pid, (int)tid,
	         source == TY_CPU_STAT ? "stat" : "syscall");
	*probe = (struct ty_cpu_probe){ .fd = open(path, O_RDONLY | O_CLOEXEC), .source = source };
	/* Some systems have the file and refuse to fill it. */
	if (probe->fd >= 0 && ty_cpu_ask(probe, &futex) == TY_CPU_UNKNOWN)
		ty_cpu_close(probe);
	return probe->fd >= 0;
}

bool ty_cpu_open(struct ty_cpu_probe *probe, pid_t pid, pid_t tid)
{
	return open_source(probe, pid, tid, TY_CPU_SYSCALL) || open_source(probe, pid, tid, TY_CPU_STAT);
}

enum ty_cpu_state ty_cpu_ask(const struct ty_cpu_probe *probe, uint64_t *futex)
{
	char text[STAT_BYTES + 1];
	ssize_t got = probe->fd < 0
	                      ? -1
	                      : pread(probe->fd, text, probe->source == TY_CPU_STAT ? STAT_BYTES : SYSCALL_BYTES, 0);

	*futex = 0;
	if (got <= 0)
		return TY_CPU_UNKNOWN;
	text[got] = '\0';
	return ty_cpu_parse(probe->source, text, (size_t)got, futex);
}

void ty_cpu_close(struct ty_cpu_probe *probe)
{
	if (probe->fd >= 0)
		close(probe->fd);
	probe->fd = -1;
}
