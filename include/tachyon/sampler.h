/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_SAMPLER_H
#define TACHYON_SAMPLER_H

/**
 * @file sampler.h
 * A sampler: a clock, a target and an end. Pull samples with ty_sampler_next(), or from an event loop with
 * ty_sampler_poll(), or let ty_sampler_run() push them.
 */

#include <tachyon/collector.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A clock on a target. Opaque. @since 0.1 */
typedef struct ty_sampler ty_sampler;

/**
 * Which threads the snapshots of a sampler hold: the others are left out of them, so that a snapshot may have no thread
 * at all. The values are those of CPython's own profiler. Whatever the mode, each thread carries its status (enum ty_thread_status).
 * @since 0.1
 */
enum ty_mode {
	TY_MODE_WALL = 0,     /**< all */
	TY_MODE_CPU = 1,      /**< those of threads that are on CPU: running, or waiting for a processor only */
	TY_MODE_GIL = 2,      /**< those of threads that hold the GIL; in a build without it, that are attached to their
	                           interpreter */
	TY_MODE_EXCEPTION = 4 /**< those of threads that raise or handle an exception */
};

/**
 * Where the sampling thread runs.
 * @since 0.1
 */
enum ty_placement {
	TY_PLACE_FREE = 0,  /**< where the kernel puts it */
	TY_PLACE_BESIDE = 1 /**< on the processor of the thread whose stack was not proven last: what ran on another one while
	                         it was read does not run then. Costs the target some 10 µs a sample */
};

/**
 * Why profiling ended.
 * @since 0.1
 */
enum ty_end_reason {
	TY_END_NONE = 0,      /**< it did not end yet */
	TY_END_DURATION = 1,  /**< the time or number of samples asked for is over */
	TY_END_STOPPED = 2,   /**< ty_sampler_stop() */
	TY_END_EXITED = 3,    /**< the target ended */
	TY_END_COLLECTOR = 4, /**< a collector asked for it */
	TY_END_ERROR = 5      /**< an error that does not pass */
};

/**
 * Options of ty_sampler_new().
 * @since 0.1
 */
typedef struct ty_sampler_options {
	size_t size;          /**< sizeof(ty_sampler_options) */
	uint64_t interval_ns; /**< time between samples in ns; 0: 1 000 000 (1 kHz); 1: as fast as possible */
	uint64_t duration_ns; /**< stop after this time in ns; 0: when the target ends or ty_sampler_stop() is called */
	uint64_t max_samples; /**< stop after this many samples; 0: no limit */
	int mode;             /**< enum ty_mode */
	int opcodes;          /**< non-zero: tell the collectors that instructions are gathered */
	/** Called about progress_interval_ns apart from the sampling loop, also while it waits for a tick; NULL for none.
	   Non-zero return stops. */
	int (*progress)(const ty_run_summary *so_far, void *user_data);
	void *progress_user_data;      /**< handed to progress */
	uint64_t progress_interval_ns; /**< in ns; 0: 250 000 000 */
	/** enum ty_placement. Other than TY_PLACE_FREE it binds the calling thread, from the first stack that was not proven
	    until the sampler ends or is freed. */
	int placement;
	int reserved; /**< 0 */
} ty_sampler_options;

/**
 * Makes a sampler. The clock starts with the first ty_sampler_next() or ty_sampler_run().
 * @param target used by the sampler until it is freed; not owned
 * @param options NULL for the defaults
 * @param[out] sampler to be freed with ty_sampler_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sampler_new(ty_target *target, const ty_sampler_options *options, ty_sampler **sampler);

/**
 * Waits for the next tick and takes a sample. Ticks that went by while the caller was busy are counted as missed, not
 * made up for. A reading that fails for a passing reason is counted and the next tick awaited.
 * @param[out] snapshot as ty_sample()
 * @return 0 with a snapshot; 1 when profiling has ended (see ty_run_summary.end_reason); negative for an error
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sampler_next(ty_sampler *sampler, const ty_snapshot **snapshot);

/**
 * What ty_sampler_poll() returns besides 0, 1 and errors.
 * @since 0.1
 */
enum ty_sampler_outcome { TY_SAMPLER_NOTHING = 2 /**< no sample now; profiling goes on */ };

/**
 * Takes a sample if its tick has come, and never waits: for programs with an event loop of their own, which call it from
 * a timer. Ticks are as those of ty_sampler_next(); the two may be mixed.
 * @param[out] snapshot as ty_sample(); NULL unless 0 is returned
 * @param[out] wait_ns how long until the next tick, in ns: when to call again; NULL: not asked
 * @return 0 with a snapshot; TY_SAMPLER_NOTHING if the tick has not come, or the reading failed for a passing reason; 1 when
 *         profiling has ended (see ty_run_summary.end_reason); negative for an error
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sampler_poll(ty_sampler *sampler, const ty_snapshot **snapshot, uint64_t *wait_ns);

/**
 * Samples until the end and hands every snapshot to the collectors: begin for all, sample for all, …, end for all. A
 * collector that fails is ended and left out from then on; the others go on.
 * @param collectors array of count collectors; not owned
 * @return 0; the first error of the target or of a collector otherwise, after everything was ended and written
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sampler_run(ty_sampler *sampler, ty_collector *const *collectors, size_t count);

/**
 * Ends profiling at the next tick.
 * @note Any thread, and from a signal handler. @since 0.1
 */
TY_API void ty_sampler_stop(ty_sampler *sampler);

/**
 * Counters so far.
 * @param[in,out] summary set its size before
 * @return 0 or -TY_EOPTION
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_sampler_summary(ty_sampler *sampler, ty_run_summary *summary);

/**
 * Frees a sampler; the target stays. NULL is allowed.
 * @note One thread at a time per target. @since 0.1
 */
TY_API void ty_sampler_free(ty_sampler *sampler);

#ifdef __cplusplus
}
#endif

#endif
