/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_SPOOL_H
#define TY_OUTPUT_SPOOL_H

/*
 * Sequences of numbers that grow as long as profiling goes on, kept in a temporary file: any number of streams in one
 * file without a name, each with one block in memory.
 */

#include <stdbool.h>
#include <stdint.h>

#include "util/array.h"

struct ty_spool {
	int fd; /* -1: nothing left memory yet */
	uint64_t blocks;
	int error; /* the first one: from then on nothing is taken, so that what streams hold stays whole */
};

struct ty_stream {
	TY_ARRAY(uint64_t) blocks; /* numbers of those in the file */
	unsigned char *buffer;     /* the last block */
	size_t used_bytes;
};

void ty_spool_init(struct ty_spool *spool);
void ty_spool_free(struct ty_spool *spool);
void ty_stream_free(struct ty_stream *stream);

/*
 * Appends a number; small ones take one byte. 0, -ENOMEM or -errno; the numbers before that can still be read, and every
 * further one is refused with the same error.
 */
int ty_stream_put(struct ty_spool *spool, struct ty_stream *stream, uint64_t value);

/* Reads a stream from its begin; nothing may be appended to it meanwhile. */
struct ty_stream_reader {
	const struct ty_spool *spool;
	const struct ty_stream *stream;
	size_t block;
	size_t at_bytes;
	size_t size_bytes;
	unsigned char *buffer;
	int error;
};

/* 0 or -ENOMEM. */
int ty_stream_read(struct ty_stream_reader *reader, const struct ty_spool *spool, const struct ty_stream *stream);
void ty_stream_reader_free(struct ty_stream_reader *reader);

/* The next number. false at the end and after an error, which `error` holds. */
bool ty_stream_get(struct ty_stream_reader *reader, uint64_t *value);

#endif
