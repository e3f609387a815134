/* SPDX-License-Identifier: Apache-2.0 */
/* A program is told from the one that ran in the same process before: here by this process's own mark, and forgeries of
 * it. */
#include "sample/exec.h"

#include <unistd.h>

#include "support/test.h"

static struct ty_memory *open_self(struct ty_exec_mark *mark)
{
	struct ty_memory *memory;

	ck_assert_ok(ty_live_open(getpid(), &memory));
	ty_exec_mark(getpid(), memory, mark);
	ck_assert_uint_ne(mark->address, 0);
	return memory;
}

TEST(a_program_is_itself)
{
	struct ty_exec_mark mark;
	struct ty_memory *memory = open_self(&mark);

	ck_assert(!ty_exec_happened(memory, &mark));
	ty_memory_close(memory);
}

TEST(other_bytes_are_another_program)
{
	struct ty_exec_mark mark;
	struct ty_memory *memory = open_self(&mark);

	mark.bytes[TY_EXEC_MARK_BYTES - 1] ^= 1;
	ck_assert(ty_exec_happened(memory, &mark));
	ty_memory_close(memory);
}

TEST(a_stack_that_lay_elsewhere_is_another_program)
{
	struct ty_exec_mark mark;
	struct ty_memory *memory = open_self(&mark);

	mark.address = 8;
	ck_assert(ty_exec_happened(memory, &mark));
	ty_memory_close(memory);
}

TEST(what_is_not_known_is_no_exec)
{
	struct ty_exec_mark mark = { 0 };
	struct ty_memory *memory;

	ck_assert_ok(ty_live_open(getpid(), &memory));
	ck_assert(!ty_exec_happened(memory, &mark));
	ty_exec_mark(-1, memory, &mark);
	ck_assert(!ty_exec_happened(memory, &mark));
	ty_memory_close(memory);
}
