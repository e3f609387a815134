/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_MEMORY_H
#define TY_TARGET_MEMORY_H

/*
 * Where bytes of a target come from: a live process or a capture, behind one table of functions.
 *
 * To add a backend (a core file, say):
 *  1. write lib/target/NAME.c with a `struct ty_memory` as its first member and a constructor in this header;
 *  2. fill a `struct ty_memory_ops`; keep the contract of each member below;
 *  3. open it from lib/sample/target.c and give it a public constructor in include/tachyon/target.h;
 *  4. add it to lib/target/meson.build, lib/README.md and tests/target/.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct ty_memory;

struct ty_memory_ops {
	/*
	 * Reads `count` remote ranges into the local memory that begins at `into`, one behind the other, as near to one
	 * instant as the backend can. Stops at the first range that cannot be read in full. Returns the number of
	 * ranges that were, or a negative errno when the source is gone (-ESRCH) or refuses (-EPERM).
	 */
	ssize_t (*read_vector)(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into);
	void (*close)(struct ty_memory *memory);
};

struct ty_memory {
	const struct ty_memory_ops *ops;
	bool is_live;        /* it changes while it is read */
	uint64_t syscalls;      /* made to read so far */
	uint64_t bytes_read;    /* so far */
	uint64_t fault_address; /* of the last range that could not be read */
};

/*
 * Reads every range that can be read. A range that cannot leaves its part of `into` undefined and is marked in `failed`
 * (one bool a range, may be NULL). Returns the number of failed ranges, or a negative errno as read_vector.
 */
ssize_t ty_memory_read_ranges(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into,
                              bool *failed);

/* Reads one range whole: 0, -EFAULT, or a negative errno as read_vector. */
int ty_memory_read(struct ty_memory *memory, uint64_t address, void *into, size_t size_bytes);

int ty_memory_read_u64(struct ty_memory *memory, uint64_t address, uint64_t *value);

void ty_memory_close(struct ty_memory *memory);

/* The memory of a running process. */
int ty_live_open(pid_t pid, struct ty_memory **memory);

#endif
