/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of a running process.
 *
 * process_vm_readv(2) copies many remote ranges in one system call. It transfers them in order, gives the number of
 * bytes copied when a later range faults, and needs the same right as ptrace (PTRACE_MODE_ATTACH_REALCREDS). Where a
 * seccomp filter refuses the call itself (docker's before 19.03, some sandboxes) pread(2) on /proc/PID/mem serves: same
 * right, one call a range.
 */
#include "target/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/cleanup.h"

/* UIO_MAXIOV of the kernel (include/uapi/linux/uio.h). */
#define RANGES_PER_CALL ((size_t)1024)

struct live_memory {
	struct ty_memory base;
	pid_t pid;
	int mem_fd; /* -1 until process_vm_readv was refused */
};

static size_t bytes_in(const struct iovec *ranges, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += ranges[i].iov_len;
	return size;
}

/* How many whole ranges the first `got` bytes are. */
static size_t whole_ranges(const struct iovec *ranges, size_t count, size_t got)
{
	size_t whole = 0;

	while (whole < count && got >= ranges[whole].iov_len)
		got -= ranges[whole++].iov_len;
	return whole;
}

static int open_mem_file(struct live_memory *live)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)live->pid);
	live->mem_fd = open(path, O_RDONLY | O_CLOEXEC);
	return live->mem_fd >= 0 ? 0 : -errno;
}

/* The file is that of the address space it was opened for, which is gone after exec(): then the new one is opened. */
static ssize_t read_mem_file(struct live_memory *live, const struct iovec *range, void *into)
{
	ssize_t got = pread(live->mem_fd, into, range->iov_len, (off_t)(uintptr_t)range->iov_base);

	live->base.syscalls++;
	if (got != 0)
		return got;
	close(live->mem_fd);
	if (open_mem_file(live) < 0)
		return 0;
	live->base.syscalls++;
	return pread(live->mem_fd, into, range->iov_len, (off_t)(uintptr_t)range->iov_base);
}

static ssize_t read_by_mem_file(struct live_memory *live, const struct iovec *remote, size_t count, char *into)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = remote[i].iov_len;
		ssize_t got = read_mem_file(live, &remote[i], into);

		if (got == 0)
			return -ESRCH; /* the address space is gone */
		/* EINVAL: an address in the upper half, which off_t takes for a negative one. */
		if (got < 0 && errno != EIO && errno != EFAULT && errno != EINVAL)
			return -errno;
		if (got < 0 || (size_t)got < size)
			return (ssize_t)i;
		live->base.bytes_read += size;
		into += size;
	}
	return (ssize_t)count;
}

static ssize_t live_read_vector(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	struct live_memory *live = (struct live_memory *)memory;
	char *at = into;
	size_t done = 0;

	if (live->mem_fd >= 0)
		return read_by_mem_file(live, remote, count, into);
	while (done < count) {
		size_t batch = count - done < RANGES_PER_CALL ? count - done : RANGES_PER_CALL;
		struct iovec local = { at, bytes_in(remote + done, batch) };
		ssize_t got = process_vm_readv(live->pid, &local, 1, remote + done, batch, 0);
		size_t whole;

		memory->syscalls++;
		if (got < 0 && errno == EFAULT)
			return (ssize_t)done;
		if (got < 0 && (errno == ENOSYS || errno == EPERM)) {
			int refusal = -errno;

			return open_mem_file(live) == 0 ? live_read_vector(memory, remote, count, into) : refusal;
		}
		if (got < 0)
			return -errno;
		memory->bytes_read += (uint64_t)got;
		whole = whole_ranges(remote + done, batch, (size_t)got);
		done += whole;
		if (whole < batch)
			return (ssize_t)done;
		at += got;
	}
	return (ssize_t)done;
}

static void live_close(struct ty_memory *memory)
{
	struct live_memory *live = (struct live_memory *)memory;

	if (live->mem_fd >= 0)
		close(live->mem_fd);
	free(live);
}

static const struct ty_memory_ops LIVE_OPS = { .read_vector = live_read_vector, .close = live_close };

int ty_live_open(pid_t pid, struct ty_memory **memory)
{
	struct live_memory *live = calloc(1, sizeof(*live));

	if (!live)
		return -ENOMEM;
	*live = (struct live_memory){ .base = { .ops = &LIVE_OPS, .is_live = true }, .pid = pid, .mem_fd = -1 };
	*memory = &live->base;
	return 0;
}
