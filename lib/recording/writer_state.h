/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_WRITER_STATE_H
#define TY_RECORDING_WRITER_STATE_H

/* What is behind a writer, for the files it is written in. */

#include "recording/format.h"
#include "recording/pack.h"
#include "recording/writer.h"
#include "util/array.h"
#include "util/map.h"
#include "util/strtab.h"

/* A thread id of the file, and the thread that has it now. */
struct ty_writer_thread {
	struct ty_recording_thread identity;
	uint64_t last_us;
	TY_ARRAY(uint32_t) stack;     /* of its last sample, outermost first */
	struct ty_wire_out unchanged; /* (Δt, status) of samples that have that stack too and are not written yet */
	uint32_t unchanged_count;
	bool in_chunk;
	bool is_new; /* CPython's reader still holds the stack of the one that had the id before */
	uint32_t value; /* section VERDICTS: holds since the last event */
	uint64_t since; /* samples of this chunk since then */
	uint64_t events;
	struct ty_wire_out verdicts;
};

struct ty_recording_writer {
	int fd;
	char *path;
	bool made; /* the file is ours: it was not there before */
	bool begun;
	int compression;
	int error; /* the first one; sticks */
	struct ty_packer *packer;
	struct ty_recording_run run;
	uint64_t end_bytes; /* of the file so far */
	uint64_t chunk_began_us;
	uint32_t chunks;
	uint64_t samples; /* as CPython counts: of all threads */
	struct ty_recording_counters counters;
	struct ty_recording_measured measured;
	bool is_measured; /* the above is what the trailer says */

	struct ty_strtab strings;
	uint32_t strings_written;
	uint32_t functions;
	struct ty_strtab names;            /* CPython's table of strings */
	TY_ARRAY(uint32_t) function_names; /* file name and qualified name of each, as numbers of that */
	uint32_t frames;
	struct ty_wire_out frame_table; /* CPython's */
	TY_ARRAY(struct ty_writer_thread *) threads;
	struct ty_map thread_by_id; /* id, with the interpreter mixed in -> first number; see find_thread() */

	/* Sections and samples of the next chunk. */
	struct ty_wire_out function_section;
	struct ty_wire_out frame_section;
	struct ty_wire_out thread_section;
	struct ty_wire_out name_section;
	struct ty_wire_out listing_sections; /* whole ones */
	struct ty_wire_out listing;          /* the one that is being made */
	int32_t listing_offset, listing_line;
	struct ty_wire_out records;
	struct ty_wire_out sections, chunk; /* scratch */
};

/* writer_chunk.c: writes what was gathered. 0 or a negative error, which sticks. */
int ty_writer_flush(struct ty_recording_writer *writer, const struct ty_recording_summary *summary);
int ty_writer_write(struct ty_recording_writer *writer, const void *bytes, size_t size_bytes);
int ty_writer_fail(struct ty_recording_writer *writer, int error);

/* writer_records.c: the samples of all threads that are not written yet. */
void ty_writer_flush_records(struct ty_recording_writer *writer);
void ty_writer_put_verdicts(struct ty_recording_writer *writer, struct ty_wire_out *section);

/* writer_tables.c: CPython's half of the file, at the end. */
int ty_writer_put_tables(struct ty_recording_writer *writer, const struct ty_recording_summary *summary);
void ty_writer_put_header(const struct ty_recording_writer *writer, uint64_t strings_at, uint64_t frames_at,
                          struct ty_wire_out *out);
/* Without compression: the file once more, in the layout that CPython's reader knows. */
int ty_writer_rewrite_plain(struct ty_recording_writer *writer, const struct ty_recording_summary *summary);

#endif
