/* SPDX-License-Identifier: Apache-2.0 */
#include "target/memory.h"

#include <errno.h>

static size_t size_of(const struct iovec *ranges, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += ranges[i].iov_len;
	return size;
}

ssize_t ty_memory_read_ranges(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into,
                              bool *failed)
{
	ssize_t failures = 0;
	size_t at = 0;

	for (size_t i = 0; failed && i < count; i++)
		failed[i] = false;
	while (at < count) {
		ssize_t done = memory->ops->read_vector(memory, remote + at, count - at, into);

		if (done < 0)
			return done;
		into = (char *)into + size_of(remote + at, (size_t)done);
		at += (size_t)done;
		if (at == count)
			break;
		/* The range at the front is the one that cannot be read: step over it. */
		memory->fault_address = (uint64_t)(uintptr_t)remote[at].iov_base;
		if (failed)
			failed[at] = true;
		failures++;
		into = (char *)into + remote[at].iov_len;
		at++;
	}
	return failures;
}

int ty_memory_read(struct ty_memory *memory, uint64_t address, void *into, size_t size_bytes)
{
	struct iovec remote = { (void *)(uintptr_t)address, size_bytes };
	ssize_t done = memory->ops->read_vector(memory, &remote, 1, into);

	if (done == 1)
		return 0;
	memory->fault_address = address;
	return done < 0 ? (int)done : -EFAULT;
}

int ty_memory_read_u64(struct ty_memory *memory, uint64_t address, uint64_t *value)
{
	return ty_memory_read(memory, address, value, sizeof(*value));
}

void ty_memory_close(struct ty_memory *memory)
{
	if (memory)
		memory->ops->close(memory);
}
