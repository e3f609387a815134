/* SPDX-License-Identifier: Apache-2.0 */
#include "target/memory.h"

#include <errno.h>
#include <string.h>

#include "support/fake_memory.h"
#include "support/test.h"

static struct ty_memory *memory_with(uint64_t address, const char *text)
{
	struct ty_memory *memory = fake_memory_new();

	fake_write(memory, address, text, strlen(text));
	return memory;
}

TEST(reads_ranges_in_the_order_they_are_given)
{
	struct ty_memory *memory = memory_with(0x1000, "abcdefgh");
	const struct iovec remote[] = { { (void *)0x1006, 2 }, { (void *)0x1000, 3 }, { (void *)0x1003, 1 } };
	bool failed[3] = { true, true, true };
	char into[7] = "......";

	ck_assert_int_eq(ty_memory_read_ranges(memory, remote, 3, into, failed), 0);
	ck_assert_str_eq(into, "ghabcd");
	ck_assert(!failed[0] && !failed[1] && !failed[2]);
	ck_assert_uint_eq(memory->syscalls, 1);
	ck_assert_uint_eq(memory->bytes_read, 6);
	ty_memory_close(memory);
}

TEST(steps_over_what_cannot_be_read)
{
	struct ty_memory *memory = memory_with(0x1000, "abcdefgh");
	const struct iovec remote[] = {
		{ (void *)0x9000, 2 }, { (void *)0x1000, 2 }, { (void *)0x1007, 2 },
		{ (void *)0x1002, 2 }, { (void *)0x8000, 1 },
	};
	bool failed[5];
	char into[10] = ".........";

	ck_assert_int_eq(ty_memory_read_ranges(memory, remote, 5, into, failed), 3);
	ck_assert_mem_eq(into + 2, "ab", 2);
	ck_assert_mem_eq(into + 6, "cd", 2);
	ck_assert(failed[0] && !failed[1] && failed[2] && !failed[3] && failed[4]);
	ck_assert_uint_eq(memory->fault_address, 0x8000);
	ty_memory_close(memory);
}

TEST(flags_of_failed_ranges_are_optional)
{
	struct ty_memory *memory = memory_with(0x1000, "ab");
	const struct iovec remote[] = { { (void *)0x9000, 2 }, { (void *)0x1000, 2 } };
	char into[4];

	ck_assert_int_eq(ty_memory_read_ranges(memory, remote, 2, into, NULL), 1);
	ck_assert_mem_eq(into + 2, "ab", 2);
	ty_memory_close(memory);
}

TEST(reads_nothing_at_all)
{
	struct ty_memory *memory = fake_memory_new();

	ck_assert_int_eq(ty_memory_read_ranges(memory, NULL, 0, NULL, NULL), 0);
	ck_assert_uint_eq(fake_reads(memory), 0);
	ty_memory_close(memory);
}

TEST(an_error_of_the_source_ends_the_reading)
{
	struct ty_memory *memory = memory_with(0x1000, "ab");
	const struct iovec remote[] = { { (void *)0x1000, 2 } };
	bool failed[1];
	uint64_t value;
	char into[2];

	fake_fail(memory, -ESRCH);
	ck_assert_int_eq(ty_memory_read_ranges(memory, remote, 1, into, failed), -ESRCH);
	ck_assert_int_eq(ty_memory_read(memory, 0x1000, into, 2), -ESRCH);
	ck_assert_int_eq(ty_memory_read_u64(memory, 0x1000, &value), -ESRCH);
	ty_memory_close(memory);
}

TEST(a_single_read_is_whole_or_fails)
{
	struct ty_memory *memory = memory_with(0x1000, "abcdefgh");
	uint64_t value;
	char into[9];

	ck_assert_ok(ty_memory_read(memory, 0x1000, into, 8));
	ck_assert_mem_eq(into, "abcdefgh", 8);
	ck_assert_int_eq(ty_memory_read(memory, 0x1000, into, 9), -EFAULT);
	ck_assert_uint_eq(memory->fault_address, 0x1000);
	ck_assert_ok(ty_memory_read_u64(memory, 0x1000, &value));
	ck_assert_mem_eq(&value, "abcdefgh", 8);
	ck_assert_int_eq(ty_memory_read_u64(memory, 0x1001, &value), -EFAULT);
	ty_memory_close(memory);
}

TEST(closing_nothing_is_allowed)
{
	ty_memory_close(NULL);
}
