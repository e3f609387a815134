/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/exec.h"

#include <errno.h>
#include <string.h>

#include "target/proc.h"

void ty_exec_mark(pid_t pid, struct ty_memory *memory, struct ty_exec_mark *mark)
{
	mark->address = ty_proc_random_bytes(pid);
	if (mark->address && ty_memory_read(memory, mark->address, mark->bytes, TY_EXEC_MARK_BYTES) < 0)
		mark->address = 0;
}

bool ty_exec_happened(struct ty_memory *memory, const struct ty_exec_mark *mark)
{
	uint8_t bytes[TY_EXEC_MARK_BYTES];
	int result;

	if (!mark->address)
		return false;
	result = ty_memory_read(memory, mark->address, bytes, TY_EXEC_MARK_BYTES);
	/* The new stack lies elsewhere, so that the old place mostly is not mapped. */
	return result == -EFAULT || (result == 0 && memcmp(bytes, mark->bytes, TY_EXEC_MARK_BYTES) != 0);
}
