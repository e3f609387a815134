/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "output/gzip.h"

#define LINES 100000

TEST(what_comes_out_is_what_went_in)
{
	static const char LINE[] = "the same line again\n";
	size_t size_bytes, line_bytes = sizeof(LINE) - 1, plain_bytes = LINES * line_bytes;
	z_stream stream = { 0 };
	struct ty_gzip *gzip;
	char *plain = malloc(plain_bytes + 1);
	ty_sink *out;

	ck_assert_ok(ty_sink_memory(&out));
	ck_assert_ok(ty_gzip_new(out, &gzip));
	for (int i = 0; i < LINES; i++)
		ty_sink_write(ty_gzip_sink(gzip), LINE, line_bytes);
	ck_assert_ok(ty_gzip_finish(gzip));
	stream.next_in = (unsigned char *)ty_sink_data(out, &size_bytes);
	stream.avail_in = (unsigned int)size_bytes;
	stream.next_out = (unsigned char *)plain;
	stream.avail_out = (unsigned int)plain_bytes + 1;
	ck_assert_uint_lt(size_bytes, plain_bytes / 100);
	ck_assert_int_eq(inflateInit2(&stream, 15 + 16), Z_OK);
	ck_assert_int_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
	ck_assert_uint_eq(stream.total_out, plain_bytes);
	ck_assert_uint_eq(stream.avail_in, 0);
	for (int i = 0; i < LINES; i++)
		ck_assert_mem_eq(plain + (size_t)i * line_bytes, LINE, line_bytes);
	inflateEnd(&stream);
	free(plain);
	ty_gzip_free(gzip);
	ty_sink_free(out);
}

static int refuse(const void *data, size_t size_bytes, void *user_data)
{
	(void)data, (void)size_bytes, (void)user_data;
	return -ENOSPC;
}

TEST(a_sink_that_fails_is_told)
{
	struct ty_gzip *gzip;
	ty_sink *out;
	int error;

	ck_assert_ok(ty_sink_callback(refuse, NULL, &out));
	ck_assert_ok(ty_gzip_new(out, &gzip));
	for (int i = 0; i < LINES; i++)
		ty_sink_write(ty_gzip_sink(gzip), &i, sizeof(i));
	error = ty_gzip_finish(gzip);
	if (!error)
		error = ty_sink_commit(out);
	ck_assert_int_eq(error, -ENOSPC);
	ty_gzip_free(gzip);
	ty_sink_free(out);
}
