/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_READER_H
#define TY_RECORDING_READER_H

/*
 * Reads a recording, ours or CPython's, finished or cut off, and gives its snapshots in the order of time. Everything
 * in the file is taken as hostile: what it says is checked before it is used, and a recording that is damaged in the
 * middle gives what stands before the damage, then an error that names the place.
 *
 * Within a chunk the samples stand by thread. They are read twice: the first pass checks them and notes where each
 * thread's records are, the second follows all threads at once and gives what has the same time as one snapshot.
 */

#include <tachyon/disassembly.h>

#include "recording/format.h"
#include "recording/wire.h"
#include "recording/writer.h"
#include "util/array.h"
#include "util/error.h"
#include "util/map.h"
#include "util/strtab.h"

struct ty_packer;

struct ty_reader_function {
	uint32_t name; /* of the reader's strings */
	uint32_t qualname;
	uint32_t filename;
	uint32_t first_line;
	uint32_t bytecode_bytes;
	uint32_t kind; /* enum ty_frame_kind */
	uint32_t id;   /* as in ty_frame */
	struct ty_wire_out listing;
};

/* A frame with its function's id. */
struct ty_reader_frame {
	ty_frame frame;
	uint32_t function; /* index */
	bool has_instruction;
	uint16_t executing;
	uint16_t opcode;
	uint16_t flags;
	uint32_t argument;
	int32_t line;
	int32_t end_line;
	int32_t column;
	int32_t end_column;
};

struct ty_reader_thread {
	struct ty_recording_thread identity;
	const char *name; /* of the reader's strings */
	/* As in struct ty_stack of the sampler: filled from its end, so that what stays is not moved. */
	ty_frame *frames;
	size_t capacity;
	size_t depth;
	uint32_t unchanged_frames;
	uint32_t status;
	int verdict;
	uint64_t last_us;
	uint64_t seen; /* number of the last snapshot it was in */

	/* The verdict and what else has no room in the status byte: section VERDICTS. */
	uint32_t value;
	struct ty_wire_in events;
	uint64_t events_left;
	uint64_t until_event;

	/* Within the chunk. */
	size_t checked_depth;               /* of the first pass */
	uint32_t first_record, last_record; /* index + 1; 0: none */
	uint32_t record;
	uint64_t repeats;
	uint8_t kind;
	uint8_t next_status;
	uint64_t next_us;
	struct ty_wire_in at;
};

struct ty_reader_record {
	uint32_t at_bytes; /* of its kind, in the raw samples */
	uint32_t next;     /* of the same thread: index + 1 */
};

struct ty_recording_reader {
	struct ty_error_state *error;
	int fd; /* -1: in memory */
	const uint8_t *memory;
	uint64_t size_bytes;

	bool is_ours;
	bool is_plain;    /* ours without compression, finished */
	bool is_finished; /* nothing is missing at its end */
	bool has_summary;
	int compression;
	uint64_t sample_count; /* of all threads, as the header says; 0: unknown */
	uint32_t thread_count; /* likewise, and the following */
	uint32_t string_count;
	uint32_t frame_count;
	uint64_t strings_at; /* where the samples end */
	uint64_t frames_at;
	struct ty_recording_measured measured;
	struct ty_recording_run run;
	struct ty_recording_summary summary;

	uint64_t at_bytes;   /* where the next chunk begins */
	uint64_t samples_at; /* where its samples begin, in a plain one */
	uint32_t chunk_number;
	bool ended; /* no further chunk */
	int failed; /* an error that has been met; it sticks */
	uint64_t given_samples;

	struct ty_packer *packer;
	struct ty_strtab interned;
	TY_ARRAY(uint32_t) strings; /* of the file -> of `interned` */
	TY_ARRAY(struct ty_reader_function) functions;
	TY_ARRAY(struct ty_reader_frame) frames;
	TY_ARRAY(struct ty_reader_thread *) threads;
	struct ty_map thread_by_id;
	uint32_t last_thread;
	struct ty_map sites; /* function id and offset -> number */
	struct ty_map forms; /* site and opcode -> index of a frame + 1; opcode bits 0: any of the site */
	/* Numbers functions; NULL: from 1. 0: out of memory. */
	uint32_t (*number)(uint32_t index, void *user_data);
	void *number_user_data;

	struct ty_wire_out block, sections, raw; /* as read, and uncompressed */
	TY_ARRAY(struct ty_reader_record) records;
	TY_ARRAY(uint32_t) heap; /* threads with samples left in this chunk, by time */

	/* The current snapshot. */
	uint64_t snapshot;
	uint64_t time_us;
	TY_ARRAY(struct ty_reader_thread *) current;
};

/* Opens a file, or memory, which has to stay. The errors are told in `error`, which has to stay as well. 0,
   -TY_ERECORDING, -ENOTSUP, -ENOMEM, -errno; the reader is to be freed only after 0. */
int ty_reader_open(const char *path, struct ty_error_state *error, struct ty_recording_reader **reader);
int ty_reader_open_memory(const void *bytes, size_t size_bytes, struct ty_error_state *error,
                          struct ty_recording_reader **reader);
void ty_reader_free(struct ty_recording_reader *reader);

/* Reads the first chunk, so that run and functions are known: with ty_reader_next() it would be done anyway. */
int ty_reader_start(struct ty_recording_reader *reader);

/* Makes the next snapshot the current one. 0; 1 at the end; or the error of what could not be read. */
int ty_reader_next(struct ty_recording_reader *reader);

/* Time in µs of the snapshot that ty_reader_next() will give. As ty_reader_next(). */
int ty_reader_peek(struct ty_recording_reader *reader, uint64_t *time_us);

const char *ty_reader_string(const struct ty_recording_reader *reader, uint32_t string);

/* What a frame at that place of a function says: one with that opcode if there is one. NULL: no such place. */
const struct ty_reader_frame *ty_reader_find(const struct ty_recording_reader *reader, const ty_frame *frame);

static inline const ty_frame *ty_reader_frames(const struct ty_reader_thread *thread)
{
	return thread->frames ? thread->frames + (thread->capacity - thread->depth) : NULL;
}

#endif
