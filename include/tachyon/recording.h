/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_RECORDING_H
#define TACHYON_RECORDING_H

/**
 * @file recording.h
 * Recordings: samples in a file, to make reports of later. The format is CPython 3.15's (profiling.sampling --binary),
 * which reads ours; with an extension, which its reader skips, for what it has no room for: instructions with their
 * offsets and arguments, disassemblies, verdicts, names of threads.
 */

#include <tachyon/collector.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How the samples of a recording are compressed.
 * @since 0.1
 */
enum ty_compression {
	TY_COMPRESSION_AUTO = 0, /**< zstd if this library was built with it */
	TY_COMPRESSION_ZSTD = 1, /**< zstd, or an error where this library was built without it */
	TY_COMPRESSION_NONE = 2 /**< for readers without zstd; the file is written twice */
};

/**
 * Whether this library can write and read recordings with a compression.
 * @param compression enum ty_compression
 * @return 1 or 0
 * @note Any thread. @since 0.1
 */
TY_API int ty_compression_available(int compression);

/**
 * Options of ty_binary_new().
 * @since 0.1
 */
typedef struct ty_binary_options {
	size_t size;     /**< sizeof(ty_binary_options) */
	int compression; /**< enum ty_compression */
	int opcodes;     /**< non-zero: instructions, and disassemblies of the functions that run */
	int trust;       /**< enum ty_trust; of stacks that are left out the verdict is kept */
	int reserved;    /**< 0 */
} ty_binary_options;

/**
 * Records all samples to a file. It is written about once a second: if the program is killed, ty_open_recording() reads
 * the file up to there. CPython reads it when it was ended.
 *
 * Times are kept in µs. Opcodes are shown to CPython for targets from 3.15 on, where it knows their numbers.
 *
 * @param options NULL for the defaults
 * @param path a regular file, made or written over when profiling begins
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOTSUP (no zstd in this build), -ESPIPE (no regular file), -ENOMEM, -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_binary_new(const ty_binary_options *options, const char *path, ty_collector **collector);

/**
 * Opens a recording, ours or CPython's. Every call that works on a process works on it: each ty_sample() gives the next
 * recorded snapshot, then -TY_EEXITED. A sampler on it does not wait, and tells the collectors what the recording knows
 * of its own run. Where it is damaged, ty_sample() fails with -TY_ERECORDING after what stands before the damage.
 *
 * What was not recorded cannot be told: without opcodes there are no instructions, of CPython's recordings no offsets.
 *
 * @param path the file
 * @param options NULL for the defaults; of it `log` alone is used
 * @param[out] target as ty_attach()
 * @return 0, -TY_ERECORDING, -TY_EOPTION, -ENOTSUP (it needs zstd, which this build has not), -ENOMEM, -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_open_recording(const char *path, const ty_attach_options *options, ty_target **target);

/**
 * Adds another recording: from now on ty_sample() gives the snapshots of all in the order of time.
 * @param target from ty_open_recording(), not sampled yet
 * @return as ty_open_recording(); -TY_ESTATE if the target is none or was sampled; on error it stays as it was
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_add_recording(ty_target *target, const char *path);

/**
 * What a recording says of itself; of several, the first one, but sums where it says so.
 * @since 0.1
 */
typedef struct ty_recording_information {
	size_t size;            /**< in: sizeof(ty_recording_information) */
	uint64_t interval_ns;   /**< requested time between samples, in ns */
	uint64_t start_time_ns; /**< CLOCK_MONOTONIC of its machine at the begin, in ns */
	uint64_t start_unix_ns; /**< CLOCK_REALTIME at the begin, in ns; 0: not known */
	uint64_t duration_ns;   /**< in ns; so far if it was not finished or does not say */
	uint64_t stacks;        /**< stacks of all threads in it, sum; 0: not known */
	uint64_t bytes;         /**< size of the files in bytes, sum */
	uint64_t bytes_read;    /**< how far they have been read, in bytes, sum: for showing progress */
	int mode;               /**< enum ty_mode */
	int opcodes;            /**< 1: it has instructions */
	int finished;           /**< 0: its writer was killed; told when the end has been reached, 1 until then */
	int by_cpython;         /**< 1: CPython wrote it */
	int compression;        /**< TY_COMPRESSION_ZSTD or TY_COMPRESSION_NONE */
	int recordings;         /**< how many there are */
	uint32_t python_hexversion; /**< PY_VERSION_HEX of the program; of CPython's recordings without the release level */
	uint32_t threads;       /**< threads in it; 0: not known, as it was not finished */
	uint32_t strings;       /**< entries of its table of strings, likewise */
	uint32_t frames;        /**< entries of its table of frames, likewise */
	int mode_known;         /**< 0: it does not say its mode */
	uint32_t features;      /**< enum ty_recording_feature, or-ed; 0: it does not say */
	uint32_t measured;      /**< enum ty_measured, or-ed: which of the following it says */
	uint32_t reserved;      /**< 0 */
	double duration_s;      /**< how long the run took, in s */
	double rate_hz;         /**< samples a second */
	double error_percent;   /**< share of samples that failed */
	double missed;          /**< ticks without a sample, in the unit of its writer: CPython has percent, this library their
	                             number */
} ty_recording_information;

/**
 * What the writer of a recording was told to gather.
 * @since 0.1
 */
enum ty_recording_feature {
	TY_FEATURES_KNOWN = 1, /**< the others are told; without it they are not */
	TY_FEATURE_ALL_THREADS = 2, /**< all threads, not the main one alone */
	TY_FEATURE_NATIVE = 4,      /**< frames where Python called into C */
	TY_FEATURE_GC = 8,          /**< frames where the garbage collector ran */
	TY_FEATURE_OPCODES = 16,    /**< the instruction of each frame */
	TY_FEATURE_BLOCKING = 32    /**< the target was stopped for each sample */
};

/**
 * Which measured figures a recording has.
 * @since 0.1
 */
enum ty_measured {
	TY_MEASURED_RUN = 1,    /**< duration and rate */
	TY_MEASURED_ERRORS = 2, /**< the share of errors */
	TY_MEASURED_MISSED = 4  /**< ticks without a sample */
};

/**
 * Facts about a recording, or how far it has been read.
 * @param[in,out] information set its size before
 * @return 0, -TY_EOPTION, -TY_ESTATE if the target is no recording
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_recording_info(ty_target *target, ty_recording_information *information);

/**
 * Writes a recording of samples that something else took: another profiler, a converter of another format. Opaque.
 * Collectors of this library use ty_binary_new().
 * @since 0.1
 */
typedef struct ty_recorder ty_recorder;

/**
 * Options of ty_recorder_new().
 * @since 0.1
 */
typedef struct ty_recorder_options {
	size_t size;                /**< sizeof(ty_recorder_options) */
	int compression;            /**< enum ty_compression */
	int mode;                   /**< enum ty_mode; negative: not known */
	uint64_t interval_ns;       /**< requested time between samples, in ns */
	uint64_t start_time_ns;     /**< CLOCK_MONOTONIC at the begin, in ns. A first stack before it is the begin itself */
	uint64_t start_unix_ns;     /**< CLOCK_REALTIME at the begin, in ns; 0: not known */
	uint32_t python_hexversion; /**< PY_VERSION_HEX of the program, which says what opcodes mean; 0: not known */
	uint32_t features;          /**< enum ty_recording_feature, or-ed; 0: not known */
} ty_recorder_options;

/**
 * A place that frames stood at. -1 stands for what is not known.
 * @since 0.1
 */
typedef struct ty_recorded_frame {
	size_t size;          /**< sizeof(ty_recorded_frame) */
	const char *filename; /**< co_filename */
	const char *qualname; /**< co_qualname */
	const char *name;     /**< co_name; NULL: what stands behind the last dot of qualname */
	uint32_t first_line;  /**< co_firstlineno; 0: not known */
	int kind;             /**< enum ty_frame_kind */
	int32_t offset;       /**< byte offset of the instruction in the function's bytecode, up to 2^30 */
	int32_t opcode;       /**< number of the instruction's opcode as executing, 0 to 255 */
	int32_t line;         /**< as in ty_location_info */
	int32_t end_line;
	int32_t column;
	int32_t end_column;
} ty_recorded_frame;

/**
 * One stack of one thread.
 * @since 0.1
 */
typedef struct ty_recorded_stack {
	size_t size;            /**< sizeof(ty_recorded_stack) */
	uint64_t time_ns;       /**< CLOCK_MONOTONIC in ns; a thread's may not go back: one that does counts as the last one.
	                             Stacks of one time are one snapshot */
	uint64_t native_id;     /**< kernel thread id */
	uint32_t interpreter;   /**< id of its interpreter */
	uint32_t status;        /**< enum ty_thread_status */
	int32_t verdict;        /**< enum ty_verdict */
	uint32_t frame_count;   /**< number of frames */
	const uint32_t *frames; /**< numbers from ty_recorder_frame(), leaf first */
} ty_recorded_stack;

/**
 * What was written so far.
 * @since 0.1
 */
typedef struct ty_recorder_counters {
	size_t size;               /**< in: sizeof(ty_recorder_counters) */
	uint64_t stacks;           /**< stacks given */
	uint64_t repeat_records;   /**< records of stacks that did not change */
	uint64_t repeat_stacks;    /**< stacks that did not change */
	uint64_t full_records;     /**< records of whole stacks */
	uint64_t pop_push_records; /**< records of what changed at the inner end of a stack */
	uint64_t frames_written;   /**< frames in records */
	uint64_t frames_saved;     /**< frames that were left out because they had not changed */
	uint64_t bytes_written;    /**< bytes in the file so far */
} ty_recorder_counters;

/**
 * Begins a recording. It is written about once a second of its own time; what is in the file can be read when the program
 * is killed.
 * @param options NULL for the defaults
 * @param path a regular file, made or written over
 * @param[out] recorder to be freed with ty_recorder_free()
 * @return 0, -TY_EOPTION, -ENOTSUP (no zstd in this build), -ESPIPE (no regular file), -ENOMEM, -errno
 * @note Any thread. @since 0.1
 */
TY_API int ty_recorder_new(const ty_recorder_options *options, const char *path, ty_recorder **recorder);

/**
 * Adds a place. Give each one once: one that is given again gets another number.
 * @param[out] number for ty_recorded_stack.frames
 * @return 0, -TY_EOPTION, -TY_ESTATE when it is finished, -ENOMEM
 * @note One thread at a time per recorder. @since 0.1
 */
TY_API int ty_recorder_frame(ty_recorder *recorder, const ty_recorded_frame *frame, uint32_t *number);

/**
 * Adds a stack.
 * @return 0, -TY_EOPTION, -TY_ENOTFOUND for a frame that was not given, -TY_ELIMIT for more than a million frames,
 *         -TY_ESTATE when it is finished, -ENOMEM, or the -errno of writing, which sticks
 * @note One thread at a time per recorder. @since 0.1
 */
TY_API int ty_recorder_stack(ty_recorder *recorder, const ty_recorded_stack *stack);

/**
 * Says what was measured in the run; without it a recording says nothing of it.
 * @param measured enum ty_measured, or-ed: which of the following are meant
 * @return 0, -TY_EOPTION (a figure that is negative or no number), -TY_ESTATE when it is finished
 * @note One thread at a time per recorder. @since 0.1
 */
TY_API int ty_recorder_measured(ty_recorder *recorder, uint32_t measured, double duration_s, double rate_hz,
                                double error_percent, double missed);

/**
 * Writes what is missing, and what CPython reads. Nothing can be added after it.
 * @return 0, -TY_ESTATE when it was finished before, -ENOMEM, -errno
 * @note One thread at a time per recorder. @since 0.1
 */
TY_API int ty_recorder_finish(ty_recorder *recorder);

/**
 * Counters so far.
 * @param[in,out] counters set its size before
 * @return 0 or -TY_EOPTION
 * @note One thread at a time per recorder. @since 0.1
 */
TY_API int ty_recorder_statistics(const ty_recorder *recorder, ty_recorder_counters *counters);

/**
 * Frees a recorder. What was not finished can be read by ty_open_recording() as far as it was written. NULL is allowed.
 * @note One thread at a time per recorder. @since 0.1
 */
TY_API void ty_recorder_free(ty_recorder *recorder);

#ifdef __cplusplus
}
#endif

#endif
