/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading by process_vm_readv and by /proc/PID/mem. The process is this one; where a test says so its system calls fail
 * as those of a process that is guarded, or gone.
 */
#include "target/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

static int calls;
static int refuse_from;  /* number of the first call that is refused; 0: none is */
static int refusal;      /* errno of it */
static int open_refusal; /* errno of open(); 0: it succeeds */
static bool mem_is_gone;
static bool mem_is_stale; /* gone, until it is opened again */

ssize_t __real_process_vm_readv(pid_t pid, const struct iovec *local, unsigned long local_count,
                                const struct iovec *remote, unsigned long remote_count, unsigned long flags);
ssize_t __wrap_process_vm_readv(pid_t pid, const struct iovec *local, unsigned long local_count,
                                const struct iovec *remote, unsigned long remote_count, unsigned long flags);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
ssize_t __real_pread64(int fd, void *into, size_t size_bytes, off_t at);
ssize_t __wrap_pread64(int fd, void *into, size_t size_bytes, off_t at);

ssize_t __wrap_process_vm_readv(pid_t pid, const struct iovec *local, unsigned long local_count,
                                const struct iovec *remote, unsigned long remote_count, unsigned long flags)
{
	if (refuse_from && ++calls >= refuse_from) {
		errno = refusal;
		return -1;
	}
	return __real_process_vm_readv(pid, local, local_count, remote, remote_count, flags);
}

int __wrap_open64(const char *path, int flags, ...)
{
	if (open_refusal) {
		errno = open_refusal;
		return -1;
	}
	mem_is_stale = false;
	return __real_open64(path, flags);
}

ssize_t __wrap_pread64(int fd, void *into, size_t size_bytes, off_t at)
{
	return mem_is_gone || mem_is_stale ? 0 : __real_pread64(fd, into, size_bytes, at);
}

static struct ty_memory *open_self(int first_refused, int error)
{
	struct ty_memory *memory;

	calls = 0;
	refuse_from = first_refused;
	refusal = error;
	open_refusal = 0;
	mem_is_gone = false;
	ck_assert_ok(ty_live_open(getpid(), &memory));
	return memory;
}

static void check_ranges(struct ty_memory *memory)
{
	const char text[] = "abcdefgh";
	const struct iovec remote[] = { { (void *)(text + 4), 4 }, { (void *)8, 8 }, { (void *)text, 4 } };
	bool failed[3];
	char into[17] = "";

	ck_assert_int_eq(ty_memory_read_ranges(memory, remote, 3, into, failed), 1);
	ck_assert(!failed[0] && failed[1] && !failed[2]);
	ck_assert_mem_eq(into, "efgh", 4);
	ck_assert_mem_eq(into + 12, "abcd", 4);
}

TEST(reads_a_process_by_one_call)
{
	struct ty_memory *memory = open_self(0, 0);

	check_ranges(memory);
	ck_assert_uint_eq(memory->syscalls, 2); /* one more for the hole */
	ty_memory_close(memory);
}

TEST(reads_the_memory_file_where_the_call_is_refused)
{
	const int refusals[] = { EPERM, ENOSYS };

	for (int i = 0; i < 2; i++) {
		struct ty_memory *memory = open_self(1, refusals[i]);

		check_ranges(memory);
		ty_memory_close(memory);
	}
}

TEST(says_why_when_both_are_refused)
{
	struct ty_memory *memory = open_self(1, EPERM);
	char byte;

	open_refusal = EACCES;
	ck_assert_int_eq(ty_memory_read(memory, (uintptr_t)&byte, &byte, 1), -EPERM);
	ty_memory_close(memory);
}

TEST(a_process_that_is_gone_is_told)
{
	struct ty_memory *memory = open_self(1, ESRCH);
	char byte;

	ck_assert_int_eq(ty_memory_read(memory, (uintptr_t)&byte, &byte, 1), -ESRCH);
	ty_memory_close(memory);
	memory = open_self(1, EPERM);
	mem_is_gone = true;
	ck_assert_int_eq(ty_memory_read(memory, (uintptr_t)&byte, &byte, 1), -ESRCH);
	ty_memory_close(memory);
}

TEST(the_memory_file_of_a_program_that_was_replaced_is_opened_again)
{
	struct ty_memory *memory = open_self(1, EPERM);

	check_ranges(memory);
	mem_is_stale = true;
	check_ranges(memory);
	ck_assert(!mem_is_stale);
	ty_memory_close(memory);
}

/* More ranges than the kernel takes in one call, and the refusal comes in the second: the reading begins anew. */
TEST(a_refusal_in_the_middle_loses_nothing)
{
	enum { RANGES = 3000 };
	struct iovec *remote = calloc(RANGES, sizeof(*remote));
	uint64_t *values = calloc(RANGES, sizeof(*values)), *into = calloc(RANGES, sizeof(*into));

	for (int first_refused = 0; first_refused <= 3; first_refused++) {
		struct ty_memory *memory = open_self(first_refused, EPERM);

		memset(into, 0, RANGES * sizeof(*into));
		for (int i = 0; i < RANGES; i++) {
			values[i] = (uint64_t)i * 7 + 1;
			remote[i] = (struct iovec){ &values[i], sizeof(values[i]) };
		}
		ck_assert_int_eq(ty_memory_read_ranges(memory, remote, RANGES, into, NULL), 0);
		ck_assert_mem_eq(into, values, RANGES * sizeof(*values));
		ty_memory_close(memory);
	}
	free(remote);
	free(values);
	free(into);
}

/* pread() takes a signed offset: the upper half of the address space is refused as an argument, not as a fault. */
TEST(no_address_is_an_error_of_the_source)
{
	const uint64_t addresses[] = {
		0, 8, 0x7ffffffffffff000, 0x8000000000000000, 0xffffffffffffe000, 0xfffffffffffffff0
	};

	for (int file = 0; file < 2; file++) {
		struct ty_memory *memory = open_self(file, EPERM);
		uint64_t value;

		for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
			ck_assert_int_eq(ty_memory_read_u64(memory, addresses[i], &value), -EFAULT);
		ty_memory_close(memory);
	}
}
