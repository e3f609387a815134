/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_FORMAT_H
#define TY_RECORDING_FORMAT_H

/*
 * The recording format: CPython 3.15's own (profiling.sampling --binary, magic TACH, version 1), with an extension that
 * its reader skips. What CPython's reader does with it was tried with 3.15.0.
 *
 * CPython's layout, numbers little-endian:
 *
 *     header   64 bytes: magic, version, Python version, start and interval in µs, samples, threads, where the tables
 *              are, compression, mode
 *     samples  records by thread: u64 thread id, u32 interpreter id, u8 kind, then as the kind says
 *              REPEAT    count, (Δt in µs, u8 status) x count: the stack stays as it is
 *              FULL      Δt, status, depth, frames
 *              SUFFIX    Δt, status, outermost frames kept, new ones, frames
 *              POP_PUSH  Δt, status, innermost frames dropped, new ones, frames
 *              frames are indices, innermost first; Δt is since the thread's last sample, at first since the start
 *     strings  each: length, bytes
 *     frames   each: file name, function name, line, end line - line, column, end column - column, u8 opcode (255:
 * none) trailer  56 bytes, may be missing: duration, rate, errors, missed samples, "TACHSTAT" footer   32 bytes: number
 * of strings, of frames, u64 file size, 16 unused bytes
 *
 * The samples may be compressed with zstd. Their reader decompresses all of the region, frame after zstd frame, so
 * *skippable* zstd frames (RFC 8878, 3.1.2) in it are ours to fill. The first frame must not be one: the buffer is
 * sized by what the first frame says of its content, and 0 bytes cannot grow. Hence the empty frame in front.
 *
 *     header, empty frame, chunk, chunk, …, strings, frames, trailer, footer
 *     chunk: a skippable frame that holds everything new in this chunk (functions, instructions, threads, verdicts, …),
 *            then a zstd frame with the samples of about one second
 *
 * A chunk is written with one call when it is complete, and speaks of nothing that is not in it or before it: whenever
 * the writer is killed, the file can be read up to its last chunk. CPython's tables are written at the end, and last of
 * all the header with the places of those. Every chunk has checksums, because a damaged file must not give wrong names.
 *
 * Without compression the region has no place for us. Such a file is written in chunks all the same, and at its end
 * once more: samples, tables, and all chunks' other halves between frames and trailer, where nothing looks; the
 * footer's unused bytes say where they begin.
 */

#include <stdint.h>

#define TY_RECORDING_MAGIC 0x54414348U /* "HCAT" in the file: TACH as a word */
#define TY_RECORDING_VERSION 1
#define TY_RECORDING_HEADER_BYTES 64
#define TY_RECORDING_FOOTER_BYTES 32
#define TY_RECORDING_TRAILER_BYTES 56
#define TY_RECORDING_TRAILER_MAGIC "TACHSTAT"
#define TY_RECORDING_TRAILER_V0_BYTES 32 /* of the first 3.15 betas: duration, rate, magic, version, size */
#define TY_RECORDING_NO_OPCODE 255

/* The header's last word: mode + 1, then enum ty_recording_feature. */
#define TY_RECORDING_FEATURES_SHIFT 3

enum ty_recording_compression { TY_RECORDING_PLAIN = 0, TY_RECORDING_ZSTD = 1 };

/*
 * Opcode numbers mean nothing without their Python version, and CPython's replay names them by its own. The format
 * began with this one, so opcodes of older targets are not shown to it.
 */
#define TY_RECORDING_FIRST_PYTHON (3U << 24 | 15U << 16)

enum ty_record_kind { TY_RECORD_REPEAT = 0, TY_RECORD_FULL = 1, TY_RECORD_SUFFIX = 2, TY_RECORD_POP_PUSH = 3 };

/* Bytes of a record before what its kind says. */
#define TY_RECORD_HEAD_BYTES 13

/* Bits of a status that CPython knows; others of ours go where the verdicts go. */
#define TY_RECORD_STATUS_BITS 0x3fU

/* The zstd frame of no bytes, with a window and without its content's size. */
#define TY_RECORDING_EMPTY_FRAME "\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00"
#define TY_RECORDING_EMPTY_FRAME_BYTES 9

/* Head of a chunk: the skippable frame's magic and size, then ours. */
#define TY_CHUNK_SKIPPABLE 0x184d2a5aU
#define TY_CHUNK_MAGIC 0x58455954U /* "TYEX" */
#define TY_CHUNK_VERSION 1
#define TY_CHUNK_HEAD_BYTES 40
#define TY_FOOTER_EXTENSION_AT 16 /* "TYEX", u32 0, u64 place of the first chunk, in a file without compression */

enum ty_chunk_flag {
	TY_CHUNK_PACKED = 1, /* the sections are compressed */
	TY_CHUNK_LAST = 2    /* nothing follows */
};

/* The sections of a chunk: number, length, contents. Those with a number that is not known are skipped. */
enum ty_section {
	TY_SECTION_RUN = 1,
	TY_SECTION_STRINGS = 2,   /* each: length, bytes; numbered from 1 */
	TY_SECTION_FUNCTIONS = 3, /* numbered from 0 */
	TY_SECTION_FRAMES = 4,    /* numbered as CPython's */
	TY_SECTION_THREADS = 5,
	TY_SECTION_NAMES = 6,
	TY_SECTION_VERDICTS = 7,
	TY_SECTION_LISTING = 8,
	TY_SECTION_SUMMARY = 9
};

/* What a frame of section FRAMES has; the rest of it follows in this order. */
enum ty_frame_bit {
	TY_FRAME_BIT_OFFSET = 1,
	TY_FRAME_BIT_LOCATION = 2,
	TY_FRAME_BIT_OPCODE = 4,
	TY_FRAME_BIT_INSTRUCTION = 8,
};

/*
 * Section VERDICTS: thread, number of events, events. An event says after how many samples of the thread in this chunk
 * (counted from the event before) another value holds: the number << 3 | code; code EXPLICIT is followed by the value.
 * A value is the verdict | what CPython's status byte has no room for.
 */
#define TY_VERDICT_BITS 3
#define TY_VERDICT_EXPLICIT 7

/* Bounds on what a file may say. */
#define TY_RECORDING_RAW_BYTES_MAX                                                                                     \
	(1U << 30) /* of one chunk's samples or sections when uncompressed; CPython's limit */
#define TY_RECORDING_DEPTH_MAX (1U << 20)
#define TY_RECORDING_THREADS_MAX (1U << 20)
#define TY_RECORDING_STRING_BYTES_MAX (1U << 20)
#define TY_RECORDING_OFFSET_MAX (1 << 30) /* of an instruction in its code, in bytes */
#define TY_RECORDING_US_MAX (UINT64_MAX / 2000) /* times in µs; in ns they must not overflow */

#endif
