/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_SUPPORT_ALLOCATIONS_H
#define TY_TESTS_SUPPORT_ALLOCATIONS_H

/*
 * What the library allocates, and memory that runs out when a test wants it. The linker wraps malloc() and its kin in
 * programs with the dependency `wrapped_allocations`: calls of ours are counted, those within libc, libelf, zlib and zstd
 * are not.
 */

#include <stdbool.h>
#include <stddef.h>

/* How an allocation fails: none, the one with a number, or that one and all that follow. */
enum allocations_fail { ALLOCATIONS_SUCCEED, ALLOCATIONS_FAIL_ONE, ALLOCATIONS_FAIL_FROM };

/* Counts from 0 again. */
void allocations_begin(enum allocations_fail fail, unsigned long number);

/* Ends that: all succeed again. */
void allocations_end(void);

/* Made, or tried, since allocations_begin(). */
unsigned long allocations_made(void);

/* Blocks that were not freed yet. */
size_t allocations_held(void);

#endif
