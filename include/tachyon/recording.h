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
	TY_COMPRESSION_ZSTD = 1,
	TY_COMPRESSION_NONE = 2 /**< for readers without zstd; the file is written twice */
};

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
} ty_recording_information;

/**
 * Facts about a recording, or how far it has been read.
 * @param[in,out] information set its size before
 * @return 0, -TY_EOPTION, -TY_ESTATE if the target is no recording
 * @note One thread at a time per target. @since 0.1
 */
TY_API int ty_recording_info(ty_target *target, ty_recording_information *information);

#ifdef __cplusplus
}
#endif

#endif
