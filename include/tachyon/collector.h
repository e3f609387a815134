/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_COLLECTOR_H
#define TACHYON_COLLECTOR_H

/**
 * @file collector.h
 * A collector: receives samples and makes something of them. Write your own with three functions, or use the built-in
 * ones.
 */

#include <tachyon/sink.h>
#include <tachyon/snapshot.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A receiver of samples. Opaque. @since 0.1 */
typedef struct ty_collector ty_collector;

/**
 * What is known when profiling begins.
 * @since 0.1
 */
typedef struct ty_run_info {
	size_t size;            /**< size of this struct as the library knows it */
	ty_target *target;      /**< what is being profiled */
	uint64_t start_time_ns; /**< CLOCK_MONOTONIC at the begin, in ns */
	uint64_t start_unix_ns; /**< CLOCK_REALTIME at the begin, in ns */
	uint64_t interval_ns;   /**< requested time between samples, in ns. In built-in reports a sample stands for that
	                         * time, as in CPython's: where ticks were missed, times add up to less than the
	                         * duration. 1, as fast as possible: for the duration divided by the samples */
	int mode;               /**< enum ty_mode of sampler.h */
	int opcodes;            /**< 1 if instructions are gathered */
	int reserved[2];
} ty_run_info;

/**
 * What is known when profiling ended, or so far.
 * @since 0.1
 */
typedef struct ty_run_summary {
	size_t size;             /**< size of this struct; in: sizeof(ty_run_summary) where you pass it */
	uint64_t duration_ns;    /**< from begin to end, in ns */
	uint64_t samples;        /**< snapshots handed to the collectors */
	uint64_t missed;         /**< ticks of the clock that passed without a sample */
	uint64_t failed;         /**< ticks at which the target could not be read at all */
	uint64_t verified;       /**< thread stacks by verdict (enum ty_verdict) */
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t unreadable;     /**< threads that could not be read (TY_FAILED) */
	int end_reason;          /**< enum ty_end_reason of sampler.h */
	int reserved;
} ty_run_summary;

/**
 * The functions of a collector. Each returns 0 to go on, positive to stop profiling (the rest is still ended
 * properly), negative for an error (negated errno or enum ty_error). Any may be NULL. The library holds no lock and has
 * nothing stopped while it calls.
 * @since 0.1
 */
typedef struct ty_collector_callbacks {
	size_t size; /**< sizeof(ty_collector_callbacks) */
	/** Before the first sample. */
	int (*begin)(const ty_run_info *run, void *user_data);
	/** Every snapshot. It is valid during the call only. */
	int (*sample)(const ty_snapshot *snapshot, void *user_data);
	/** After the last sample, also when there was none: write the result here. */
	int (*end)(const ty_run_summary *summary, void *user_data);
	/** When the collector is freed. */
	void (*destroy)(void *user_data);
} ty_collector_callbacks;

/**
 * Makes a collector of your functions.
 * @param callbacks copied
 * @param user_data handed to every function
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_collector_new(const ty_collector_callbacks *callbacks, void *user_data, ty_collector **collector);

/**
 * Frees a collector and the sink it owns. NULL is allowed.
 * @note One thread at a time per collector. @since 0.1
 */
TY_API void ty_collector_free(ty_collector *collector);

/**
 * Hands one event to a collector; ty_sampler_run() does this for you. For programs with a loop of their own.
 * @return what the collector's function returned; 0 if it has none
 * @note One thread at a time per collector. @since 0.1
 */
TY_API int ty_collector_begin(ty_collector *collector, const ty_run_info *run);
/** See ty_collector_begin(). @since 0.1 */
TY_API int ty_collector_sample(ty_collector *collector, const ty_snapshot *snapshot);
/** See ty_collector_begin(). @since 0.1 */
TY_API int ty_collector_end(ty_collector *collector, const ty_run_summary *summary);

/**
 * Stacks a collector may be given that are not proven.
 * @since 0.1
 */
enum ty_trust {
	TY_TRUST_PROVEN = 0, /**< verified and repaired stacks; the others are counted only */
	TY_TRUST_ALL = 1     /**< all stacks that have frames */
};

/**
 * Gives one line of a source file of the target.
 * @param filename as the target names it
 * @param line from 1
 * @param[out] size_bytes length of the line without its end
 * @param user_data as given with the function
 * @return the line, which need not end with a NUL, valid until the next call; NULL if it cannot be had
 * @since 0.1
 */
typedef const char *(*ty_source_fn)(const char *filename, int32_t line, size_t *size_bytes, void *user_data);

/**
 * Options of ty_collapsed_new().
 * @since 0.1
 */
typedef struct ty_collapsed_options {
	size_t size;   /**< sizeof(ty_collapsed_options) */
	int opcodes;   /**< non-zero: append the leaf's instruction as a frame, ";[BINARY_OP_ADD_INT]" */
	int offsets;   /**< non-zero, with opcodes: key it by offset as well, ";[BINARY_OP_ADD_INT@24]" */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_collapsed_options;

/**
 * Collapsed stacks: one line a distinct stack, "tid:TID;file:function:line;… COUNT", outermost frame first, most
 * frequent first. The lines of CPython's profiling.sampling --collapsed.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_collapsed_new(const ty_collapsed_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Order of the rows of a pstats table. The names in comments are CPython's --sort keys.
 * @since 0.1
 */
enum ty_sort {
	TY_SORT_NSAMPLES = 0,       /**< nsamples */
	TY_SORT_TOTTIME = 1,        /**< tottime */
	TY_SORT_CUMTIME = 2,        /**< cumtime */
	TY_SORT_SAMPLE_PCT = 3,     /**< sample-pct */
	TY_SORT_CUMUL_PCT = 4,      /**< cumul-pct */
	TY_SORT_NSAMPLES_CUMUL = 5, /**< nsamples-cumul */
	TY_SORT_NAME = 6            /**< name */
};

/**
 * Form of a pstats result.
 * @since 0.1
 */
enum ty_pstats_format {
	TY_PSTATS_TEXT = 0,   /**< the table that people read */
	TY_PSTATS_MARSHAL = 1 /**< the file that pstats.Stats of CPython 3.15 loads */
};

/**
 * Options of ty_pstats_new().
 * @since 0.1
 */
typedef struct ty_pstats_options {
	size_t size;     /**< sizeof(ty_pstats_options) */
	int format;      /**< enum ty_pstats_format */
	int sort;        /**< enum ty_sort */
	uint32_t limit;  /**< rows; 0: 15; UINT32_MAX: all */
	int no_summary;  /**< non-zero: leave out the summary of interesting functions */
	int color;       /**< non-zero: ANSI colours */
	int opcodes;     /**< non-zero: add the table of hot instructions */
	int trust;       /**< enum ty_trust */
	int reserved;
} ty_pstats_options;

/**
 * A table of functions by samples, as CPython's profiling.sampling --pstats prints it; or the same as a file.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_pstats_new(const ty_pstats_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_jsonl_new().
 * @since 0.1
 */
typedef struct ty_jsonl_options {
	size_t size;   /**< sizeof(ty_jsonl_options) */
	int opcodes;   /**< non-zero: records of the instructions that leaves stood on */
	int stacks;    /**< non-zero: records of every distinct stack, by thread */
	int trust;     /**< enum ty_trust */
	int times;     /**< non-zero: records of every sample with its time; implies stacks */
} ty_jsonl_options;

/**
 * JSON lines: one JSON object a line, for scripts. The records of CPython's profiling.sampling --jsonl, and more of the
 * types and members that its readers skip.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_jsonl_new(const ty_jsonl_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_gecko_new().
 * @since 0.1
 */
typedef struct ty_gecko_options {
	size_t size;   /**< sizeof(ty_gecko_options) */
	int opcodes;   /**< non-zero: an interval marker for every stay of a leaf on one instruction */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_gecko_options;

/**
 * A profile over time for Firefox Profiler (https://profiler.firefox.com), in its processed format: threads with their
 * names, stacks with lines and columns, and interval markers for the GIL, the CPU, garbage collection, exceptions and
 * instructions. Every sample is kept, in a temporary file; memory follows the number of distinct stacks.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_gecko_new(const ty_gecko_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_speedscope_new().
 * @since 0.1
 */
typedef struct ty_speedscope_options {
	size_t size;   /**< sizeof(ty_speedscope_options) */
	int opcodes;   /**< non-zero: the leaf's instruction as one more frame, "[BINARY_OP_ADD_INT]" */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_speedscope_options;

/**
 * A profile for speedscope (https://www.speedscope.app): one of distinct stacks for every thread.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_speedscope_new(const ty_speedscope_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_pprof_new().
 * @since 0.1
 */
typedef struct ty_pprof_options {
	size_t size;   /**< sizeof(ty_pprof_options) */
	int opcodes;   /**< non-zero: labels with the leaf's instruction and its offset */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_pprof_options;

/**
 * A profile for pprof (https://github.com/google/pprof): profile.proto, compressed with gzip. Lines have their columns;
 * thread and instruction are labels.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_pprof_new(const ty_pprof_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_callgrind_new().
 * @since 0.1
 */
typedef struct ty_callgrind_options {
	size_t size;   /**< sizeof(ty_callgrind_options) */
	int opcodes;   /**< non-zero: more events: samples of specialized instructions, of those that could be and are not */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_callgrind_options;

/**
 * A profile for KCachegrind, QCachegrind and callgrind_annotate: samples by instruction and line, and what was called
 * from where. Calls are counted by samples: how often one was made is not known.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_callgrind_new(const ty_callgrind_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_chrome_trace_new().
 * @since 0.1
 */
typedef struct ty_chrome_trace_options {
	size_t size;   /**< sizeof(ty_chrome_trace_options) */
	int opcodes;   /**< non-zero: every stay of a leaf on one instruction */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_chrome_trace_options;

/**
 * A timeline as Trace Event JSON, for https://ui.perfetto.dev and chrome://tracing: for every thread the functions as
 * slices, from the sample in which one was first seen to that in which it was gone; the GIL, the CPU, garbage
 * collection and exceptions beside them. Memory follows the number of distinct stacks.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_chrome_trace_new(const ty_chrome_trace_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_perfetto_new().
 * @since 0.1
 */
typedef struct ty_perfetto_options {
	size_t size;   /**< sizeof(ty_perfetto_options) */
	int opcodes;   /**< non-zero: every stay of a leaf on one instruction */
	int trust;     /**< enum ty_trust */
	int reserved;
} ty_perfetto_options;

/**
 * A timeline as a Perfetto trace, for https://ui.perfetto.dev and its trace processor: what ty_chrome_trace_new() writes,
 * and every sample with its call stack. Memory follows the number of distinct stacks.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_perfetto_new(const ty_perfetto_options *options, ty_sink *sink, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif
