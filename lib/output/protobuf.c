/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding): a tag, then a varint or a
 * length and that many bytes.
 *
 * Written by hand rather than by protobuf-c: that library packs a tree of structs which has to be in memory as a whole,
 * and needs its compiler at build time. What profiles need of the format are the two kinds of fields below.
 */
#include "output/protobuf.h"

#include <errno.h>

#include "output/sink.h"

#define WIRE_VARINT 0
#define WIRE_BYTES 2
#define VARINT_BYTES_MAX 10

static size_t encode(uint64_t value, unsigned char bytes[VARINT_BYTES_MAX])
{
	size_t count = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[count++] = (unsigned char)(value | 0x80);
	bytes[count++] = (unsigned char)value;
	return count;
}

static void append(struct ty_protobuf *message, const void *data, size_t size_bytes)
{
	if (message->failed || !ty_array_reserve(&message->bytes, message->bytes.count + size_bytes)) {
		message->failed = true;
		return;
	}
	if (size_bytes)
		memcpy(message->bytes.items + message->bytes.count, data, size_bytes);
	message->bytes.count += size_bytes;
}

void ty_protobuf_packed(struct ty_protobuf *message, uint64_t value)
{
	unsigned char bytes[VARINT_BYTES_MAX];

	append(message, bytes, encode(value, bytes));
}

void ty_protobuf_number(struct ty_protobuf *message, uint32_t field, uint64_t value)
{
	ty_protobuf_packed(message, (uint64_t)field << 3 | WIRE_VARINT);
	ty_protobuf_packed(message, value);
}

void ty_protobuf_bytes(struct ty_protobuf *message, uint32_t field, const void *data, size_t size_bytes)
{
	ty_protobuf_packed(message, (uint64_t)field << 3 | WIRE_BYTES);
	ty_protobuf_packed(message, size_bytes);
	append(message, data, size_bytes);
}

size_t ty_protobuf_begin(struct ty_protobuf *message, uint32_t field)
{
	ty_protobuf_packed(message, (uint64_t)field << 3 | WIRE_BYTES);
	return message->bytes.count;
}

/* The length goes in front of what is there already: fields within are short. */
void ty_protobuf_end(struct ty_protobuf *message, size_t begin)
{
	unsigned char bytes[VARINT_BYTES_MAX];
	size_t size_bytes = message->bytes.count - begin;
	size_t length_bytes = encode(size_bytes, bytes);

	append(message, bytes, length_bytes);
	if (message->failed)
		return;
	memmove(message->bytes.items + begin + length_bytes, message->bytes.items + begin, size_bytes);
	memcpy(message->bytes.items + begin, bytes, length_bytes);
}

void ty_protobuf_flush(struct ty_protobuf *message, uint32_t field, ty_sink *sink)
{
	unsigned char head[2 * VARINT_BYTES_MAX];
	size_t head_bytes = encode((uint64_t)field << 3 | WIRE_BYTES, head);

	head_bytes += encode(message->bytes.count, head + head_bytes);
	if (message->failed)
		ty_sink_fail(sink, -ENOMEM);
	ty_sink_write(sink, head, head_bytes);
	ty_sink_write(sink, message->bytes.items, message->bytes.count);
	ty_array_clear(&message->bytes);
}

void ty_protobuf_free(struct ty_protobuf *message)
{
	ty_array_free(&message->bytes);
}
