/* SPDX-License-Identifier: Apache-2.0 */
/* The time stamp of the header stays 0, so that equal profiles give equal files. */
#include "output/gzip.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "util/cleanup.h"

#define BLOCK_BYTES 16384
#define WINDOW_BITS (15 + 16) /* the largest window; + 16 asks for gzip's frame rather than zlib's */
#define MEMORY_LEVEL 8        /* zlib's default */

struct ty_gzip {
	z_stream stream;
	ty_sink *sink;
	ty_sink *out;
};

static int deflate_all(struct ty_gzip *gzip, int flush)
{
	unsigned char block[BLOCK_BYTES];
	int error = 0;

	do {
		gzip->stream.next_out = block;
		gzip->stream.avail_out = sizeof(block);
		if (deflate(&gzip->stream, flush) == Z_STREAM_ERROR)
			return -EIO;
		error = ty_sink_write(gzip->out, block, sizeof(block) - gzip->stream.avail_out);
	} while (!error && gzip->stream.avail_out == 0);
	return error;
}

static int take(const void *data, size_t size_bytes, void *user_data)
{
	struct ty_gzip *gzip = user_data;

	if (size_bytes > UINT_MAX)
		return -EOVERFLOW;
	gzip->stream.next_in = (unsigned char *)(uintptr_t)data;
	gzip->stream.avail_in = (unsigned int)size_bytes;
	return deflate_all(gzip, Z_NO_FLUSH);
}

int ty_gzip_new(ty_sink *out, struct ty_gzip **made)
{
	_cleanup_free_ struct ty_gzip *gzip = calloc(1, sizeof(*gzip));
	int error;

	if (!gzip)
		return -ENOMEM;
	gzip->out = out;
	error = ty_sink_callback(take, gzip, &gzip->sink);
	if (error)
		return error;
	if (deflateInit2(&gzip->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
	                 Z_DEFAULT_STRATEGY) != Z_OK) {
		ty_sink_free(gzip->sink);
		return -ENOMEM;
	}
	*made = ty_steal_ptr(gzip);
	return 0;
}

ty_sink *ty_gzip_sink(struct ty_gzip *gzip)
{
	return gzip->sink;
}

int ty_gzip_finish(struct ty_gzip *gzip)
{
	int error = ty_sink_commit(gzip->sink);

	return error ? error : deflate_all(gzip, Z_FINISH);
}

void ty_gzip_free(struct ty_gzip *gzip)
{
	if (!gzip)
		return;
	deflateEnd(&gzip->stream);
	ty_sink_free(gzip->sink);
	free(gzip);
}
