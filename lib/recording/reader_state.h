/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_RECORDING_READER_STATE_H
#define TY_RECORDING_READER_STATE_H

/* What the files of the reader share. */

#include "recording/reader.h"

/* Bytes of the file; short ones are an error. 0, -TY_ERECORDING, -ENOMEM, -errno. */
int ty_reader_load(struct ty_recording_reader *reader, uint64_t at, uint64_t size_bytes, struct ty_wire_out *out);
__attribute__((format(printf, 3, 4))) int ty_reader_damaged(struct ty_recording_reader *reader, uint64_t at,
                                                            const char *format, ...);
int ty_reader_no_memory(struct ty_recording_reader *reader);

/* reader_tables.c: 0, or a negative error without a text. */
int ty_reader_add_string(struct ty_recording_reader *reader, const uint8_t *bytes, size_t size_bytes);
int ty_reader_add_frame(struct ty_recording_reader *reader, struct ty_reader_frame frame);
int ty_reader_add_function(struct ty_recording_reader *reader, struct ty_reader_function function);
struct ty_reader_thread *ty_reader_find_thread(struct ty_recording_reader *reader, uint64_t id, uint32_t interpreter);

/* reader_sections.c: everything that a chunk says beside its samples. */
int ty_reader_take_sections(struct ty_recording_reader *reader);

/* reader_trailer.c: footer and trailer of a finished file. 0 or the error. */
int ty_reader_take_end(struct ty_recording_reader *reader);

/* reader_foreign.c: the tables of a file that CPython wrote, and its samples, as one chunk. */
int ty_reader_take_foreign(struct ty_recording_reader *reader);

/* reader_samples.c: the first pass over the raw samples. `at`: of them in the file, for errors. */
int ty_reader_index_samples(struct ty_recording_reader *reader, uint64_t at);

#endif
