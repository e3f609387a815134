/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_GC_H
#define TACHYON_GC_H

/**
 * @file gc.h
 * What the garbage collector of a target did: its last collections, with their times. CPython keeps them from 3.15 on.
 */

#include <tachyon/target.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One collection. The counts are sums over all collections of its generation so far, this one included.
 * @since 0.1
 */
typedef struct ty_gc_collection {
	size_t size;            /**< size of this struct as the library knows it */
	int64_t interpreter;    /**< id of its interpreter */
	uint64_t start_ns;      /**< when it began: CLOCK_MONOTONIC in ns, as time.perf_counter_ns() of the target */
	uint64_t stop_ns;       /**< when it ended */
	uint64_t collections;   /**< number of collections */
	uint64_t collected;     /**< objects that were freed */
	uint64_t uncollectable; /**< objects that could not be */
	uint64_t candidates;    /**< objects that were looked at */
	uint64_t heap_objects;  /**< objects that the collector knew when this collection began: no sum */
	double duration_s;      /**< time that they took, in s */
	uint32_t generation;    /**< 0 to 2 */
	uint32_t reserved;      /**< 0 */
} ty_gc_collection;

/**
 * Receiver of collections.
 * @param collection valid during the call
 * @param user_data as given to ty_gc_collections()
 * @return 0 to go on, anything else to stop
 * @since 0.1
 */
typedef int (*ty_gc_fn)(const ty_gc_collection *collection, void *user_data);

/**
 * Gives the last collections of every generation, the oldest first: in 3.15 eleven of the youngest generation and three
 * of each other one, in free-threaded builds one. Those that were never made are left out.
 * @param all_interpreters non-zero: of all interpreters; 0: of the main one
 * @param callback called for every collection; it must not use the target
 * @param user_data handed to the callback
 * @return 0; what the callback returned if that was not 0; -ENOTSUP for a version of CPython that does not keep them;
 *         -TY_ECORRUPT when they changed whenever they were read; -TY_ESTATE for recordings and merged targets;
 *         -TY_EEXITED, -TY_EREPLACED, -TY_EPERMISSION, -TY_EOPTION
 * @note One thread at a time per target. Makes system calls. @since 0.1
 */
TY_API int ty_gc_collections(ty_target *target, int all_interpreters, ty_gc_fn callback, void *user_data);

#ifdef __cplusplus
}
#endif

#endif
