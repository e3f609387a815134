/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TARGET_CAPTURE_H
#define TY_TARGET_CAPTURE_H

/*
 * A capture: the memory that one sample of a process needed, in a file.
 *
 *     8 bytes   magic "TYCAP001"
 *     i32       process id, i32 the same in its own PID namespace
 *     u64       address of _PyRuntime
 *     u32       PY_VERSION_HEX
 *     u32       length of the path, and the path of the file that held the runtime
 *     u32       number of segments
 *     segments  u64 address, u32 size, and the bytes; ascending, not overlapping
 *
 * Numbers are little-endian. Of a range that is read, bytes that were not recorded are zero as long as its first word
 * was.
 */

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "target/memory.h"

struct ty_error_state;

struct ty_capture_facts {
	pid_t pid;
	pid_t namespace_pid;
	uint64_t runtime_address;
	uint32_t hexversion;
	char runtime_path[PATH_MAX];
};

/* Opens a capture file as memory. 0, -TY_ECAPTURE with the offset that is wrong, or -errno. */
int ty_capture_open(const char *path, struct ty_capture_facts *facts, struct ty_memory **memory,
                    struct ty_error_state *error);

/*
 * Memory that hands everything on to `inner` and remembers what was read; of bytes read twice the last reading. It owns
 * `inner`.
 */
int ty_recorder_open(struct ty_memory *inner, struct ty_memory **memory);

/*
 * Hands what a recorder remembers to `write` (as ty_write_fn) in the form of a capture file. The first non-zero result
 * of `write`, or -ENOMEM, or 0.
 */
int ty_recorder_save(struct ty_memory *recorder, const struct ty_capture_facts *facts,
                     int (*write)(const void *data, size_t size_bytes, void *user_data), void *user_data);

#endif
