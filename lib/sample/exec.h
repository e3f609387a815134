/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_SAMPLE_EXEC_H
#define TY_SAMPLE_EXEC_H

/*
 * Whether a process has called exec() since we looked at it.
 *
 * Neither its id nor its start time change. Its mappings need not either: the same executable, where it is not position
 * independent, lies at the same addresses again, its runtime and the state of its main thread with it. What does change
 * is AT_RANDOM: 16 random bytes that the kernel puts on the new stack of every program (fs/binfmt_elf.c), and names in
 * /proc/PID/auxv. Comparing them is one small read, for a sample that did not find everything where it was before.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "target/memory.h"

#define TY_EXEC_MARK_BYTES 16

struct ty_exec_mark {
	uint64_t address; /* 0: unknown, then nothing is ever taken for another program */
	uint8_t bytes[TY_EXEC_MARK_BYTES];
};

/* Remembers the program that the process is now. */
void ty_exec_mark(pid_t pid, struct ty_memory *memory, struct ty_exec_mark *mark);

/* true when the process is another program by now. A process that cannot be read is none. */
bool ty_exec_happened(struct ty_memory *memory, const struct ty_exec_mark *mark);

#endif
