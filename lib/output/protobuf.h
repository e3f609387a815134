/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_PROTOBUF_H
#define TY_OUTPUT_PROTOBUF_H

/*
 * Writes protocol buffers, one top-level field after the other:
 *
 *     struct ty_protobuf location = { 0 };
 *     ty_protobuf_number(&location, 1, id);
 *     size_t line = ty_protobuf_begin(&location, 4);
 *     ty_protobuf_number(&location, 2, 88);
 *     ty_protobuf_end(&location, line);
 *     ty_protobuf_flush(&location, 4, sink);
 *     ty_protobuf_free(&location);
 *
 * Memory is that of the largest field. Errors stick to the message and then to the sink.
 */

#include <stdbool.h>
#include <stdint.h>

#include <tachyon/sink.h>

#include "util/array.h"

struct ty_protobuf {
	TY_ARRAY(unsigned char) bytes;
	bool failed;
};

/* A varint. 0 is written too: leave out what is at its default. */
void ty_protobuf_number(struct ty_protobuf *message, uint32_t field, uint64_t value);
void ty_protobuf_bytes(struct ty_protobuf *message, uint32_t field, const void *data, size_t size_bytes);

/* An element of a packed field that ty_protobuf_begin() has opened. */
void ty_protobuf_packed(struct ty_protobuf *message, uint64_t value);

/* A message or packed field within; end gets what begin gave. */
size_t ty_protobuf_begin(struct ty_protobuf *message, uint32_t field);
void ty_protobuf_end(struct ty_protobuf *message, size_t begin);

/* Writes the message as a field of the file and clears it. */
void ty_protobuf_flush(struct ty_protobuf *message, uint32_t field, ty_sink *sink);
void ty_protobuf_free(struct ty_protobuf *message);

#endif
