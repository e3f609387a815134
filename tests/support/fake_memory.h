/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_FAKE_MEMORY_H
#define TY_TESTS_SUPPORT_FAKE_MEMORY_H

/*
 * Memory of a target that a test makes up: a map from addresses to bytes. What was never written cannot be read, byte
 * for byte, so that a reader which looks one byte too far is found.
 *
 *     struct ty_memory *memory = fake_memory_new();
 *     fake_write_u64(memory, 0x1000, 42);
 *     fake_unmap(memory, 0x1004, 4);
 *     ty_memory_close(memory);
 *
 * A hook runs before every read, so that a target can change between two readings, or between two ranges of one.
 */

#include "target/memory.h"

struct ty_memory *fake_memory_new(void);

/* The same memory once more, for a second reader: closing it leaves the first alone. */
struct ty_memory *fake_memory_share(struct ty_memory *memory);

void fake_write(struct ty_memory *memory, uint64_t address, const void *bytes, size_t size_bytes);
void fake_write_u64(struct ty_memory *memory, uint64_t address, uint64_t value);
void fake_write_u32(struct ty_memory *memory, uint64_t address, uint32_t value);
void fake_write_u8(struct ty_memory *memory, uint64_t address, uint8_t value);
void fake_fill(struct ty_memory *memory, uint64_t address, uint8_t value, size_t size_bytes);

/* What was written there; 0 where nothing was. */
uint64_t fake_read_u64(struct ty_memory *memory, uint64_t address);

/* Makes a range unreadable. */
void fake_unmap(struct ty_memory *memory, uint64_t address, size_t size_bytes);

/* What was not written between what was is there as well, as in a process. */
void fake_whole_pages(struct ty_memory *memory);

/* From now on every read fails with this negative errno; 0: no more. */
void fake_fail(struct ty_memory *memory, int error);

/* Called before every vector read with its number, from 1, and the number of its ranges. NULL: no more. */
void fake_on_read(struct ty_memory *memory, void (*hook)(uint64_t number, size_t ranges, void *user_data),
                  void *user_data);

/* Called before every range of a vector read is copied. NULL: no more. */
void fake_on_range(struct ty_memory *memory, void (*hook)(uint64_t address, size_t size_bytes, void *user_data),
                   void *user_data);

/* Vector reads so far. */
uint64_t fake_reads(struct ty_memory *memory);

#endif
