/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_WRITER_H
#define TY_RECORDING_WRITER_H

/*
 * Writes a recording. What it is told first is numbered in that order: functions, frames, threads; samples then speak
 * of those numbers. Nothing reaches the file but whole chunks (format.h), about one a second.
 */

#include <tachyon/disassembly.h>
#include <tachyon/recording.h>

#include "recording/wire.h"

/* What is known at the begin. */
struct ty_recording_run {
	uint64_t start_time_ns;
	uint64_t start_unix_ns;
	uint64_t interval_ns;
	uint32_t mode;
	bool mode_is_unknown;
	uint32_t features; /* enum ty_recording_feature */
	bool opcodes;
	uint32_t python_hexversion;
	uint32_t python_version;
	bool free_threaded;
	int32_t pid;
	int32_t namespace_pid;
	const char *runtime_path;
};

/* What is known at the end; as in ty_run_summary. */
struct ty_recording_summary {
	uint64_t duration_ns;
	uint64_t samples;
	uint64_t missed;
	uint64_t failed;
	uint64_t verified;
	uint64_t repaired;
	uint64_t torn;
	uint64_t incomplete;
	uint64_t unreadable;
	uint32_t end_reason;
};

/* What the trailer says. */
struct ty_recording_measured {
	uint32_t given; /* enum ty_measured; 0: there is no trailer */
	double duration_s;
	double rate_hz;
	double error_percent;
	double missed;
};

/* Of this file. */
struct ty_recording_counters {
	uint64_t records[4]; /* enum ty_record_kind */
	uint64_t unchanged;
	uint64_t frames_written;
	uint64_t frames_saved;
};

/* One place that frames stood at. */
struct ty_recording_frame {
	uint32_t function; /* as numbered by the writer */
	ty_frame frame;    /* its function is not looked at */
	bool has_location;
	bool has_instruction;
	ty_location_info location;
	ty_instruction_info instruction;
};

struct ty_recording_thread {
	uint64_t id; /* that CPython's reader shows */
	uint64_t key;
	uint64_t native_id;
	uint64_t host_id;
	uint64_t pthread_id;
	int64_t interpreter;
	int32_t pid;
};

struct ty_recording_writer;

/* Opens the file; what it held stays until ty_recording_begin(). 0, -ESPIPE if it is no regular file, -ENOTSUP, -errno.
 */
int ty_recording_create(const char *path, int compression, struct ty_recording_writer **writer);
int ty_recording_begin(struct ty_recording_writer *writer, const struct ty_recording_run *run);

/* Numbers from 0; negative: an error. */
int64_t ty_recording_add_function(struct ty_recording_writer *writer, const ty_function_info *function);
int64_t ty_recording_add_frame(struct ty_recording_writer *writer, const struct ty_recording_frame *frame);

/*
 * The number of a thread. One that comes with the id of another takes its place and its number. 0, or a negative error.
 */
int64_t ty_recording_add_thread(struct ty_recording_writer *writer, const struct ty_recording_thread *thread);
void ty_recording_name_thread(struct ty_recording_writer *writer, uint32_t thread, const char *name);

/* Begins a disassembly; rows follow one by one, then the end. One that has no end is dropped. */
void ty_recording_begin_listing(struct ty_recording_writer *writer, uint32_t function);
void ty_recording_add_row(struct ty_recording_writer *writer, const ty_disassembly_row *row);
void ty_recording_end_listing(struct ty_recording_writer *writer);

/*
 * One stack, numbers of frames, outermost first. The writer keeps it: `kept` says how many of the outermost frames are
 * those that were given last for this thread, and need not be looked at. 0 or a negative error.
 */
int ty_recording_add_sample(struct ty_recording_writer *writer, uint32_t thread, uint64_t time_ns, uint32_t status,
                            int verdict, const uint32_t *stack, size_t depth, size_t kept);

/* Moves the begin back. Before the first thread. */
void ty_recording_begin_earlier(struct ty_recording_writer *writer, uint64_t time_ns);

/* What the trailer will say, instead of what follows from the summary. */
void ty_recording_measure(struct ty_recording_writer *writer, const struct ty_recording_measured *measured);

/* Number of frames; and what was written so far. */
uint32_t ty_recording_frames(const struct ty_recording_writer *writer);
void ty_recording_count(const struct ty_recording_writer *writer, ty_recorder_counters *counters);

/* Writes a chunk if it is time to. For the end of every snapshot. */
int ty_recording_pause(struct ty_recording_writer *writer, uint64_t time_ns);

/* Writes what is missing. Without it, the file can be read up to the last chunk. */
int ty_recording_finish(struct ty_recording_writer *writer, const struct ty_recording_summary *summary);

/* A file that was never begun is left as it was. */
void ty_recording_writer_free(struct ty_recording_writer *writer);

#endif
