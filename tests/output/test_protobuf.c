/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include "output/protobuf.h"

static ty_sink *sink;

static void check(struct ty_protobuf *message, const char *expected, size_t size_bytes)
{
	size_t got_bytes;
	const char *got = ty_sink_data(sink, &got_bytes);

	ck_assert_uint_eq(got_bytes, size_bytes);
	ck_assert_mem_eq(got, expected, size_bytes);
	ty_protobuf_free(message);
	ty_sink_free(sink);
}

/* The example of the format's own documentation: field 1 is 150, field 2 is "testing", field 3 is a message. */
TEST(encodes_as_the_documentation_says)
{
	static const char EXPECTED[] = "\x1a\x11\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01";
	struct ty_protobuf message = { 0 };
	size_t inner;

	ck_assert_ok(ty_sink_memory(&sink));
	ty_protobuf_number(&message, 1, 150);
	ty_protobuf_bytes(&message, 2, "testing", 7);
	inner = ty_protobuf_begin(&message, 3);
	ty_protobuf_number(&message, 1, 150);
	ty_protobuf_end(&message, inner);
	ty_protobuf_flush(&message, 3, sink);
	check(&message, EXPECTED, sizeof(EXPECTED) - 1);
}

/* Lengths of two bytes move what they stand before; packed numbers have no tags. */
TEST(long_fields_have_long_lengths)
{
	static char expected[300];
	struct ty_protobuf message = { 0 };
	size_t begin;

	ck_assert_ok(ty_sink_memory(&sink));
	begin = ty_protobuf_begin(&message, 4);
	for (int i = 0; i < 295; i++)
		ty_protobuf_packed(&message, 3);
	ty_protobuf_end(&message, begin);
	ty_protobuf_flush(&message, 15, sink);
	memset(expected, 3, sizeof(expected));
	memcpy(expected, "\x22\xa7\x02", 3);
	ck_assert_mem_eq(ty_sink_data(sink, NULL), "\x7a\xaa\x02", 3);
	ck_assert_mem_eq(ty_sink_data(sink, NULL) + 3, expected, 298);
	ty_protobuf_free(&message);
	ty_sink_free(sink);
}

TEST(the_largest_number_takes_ten_bytes)
{
	struct ty_protobuf message = { 0 };

	ck_assert_ok(ty_sink_memory(&sink));
	ty_protobuf_number(&message, 1, UINT64_MAX);
	ty_protobuf_flush(&message, 1, sink);
	check(&message, "\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13);
}
