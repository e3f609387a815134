/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file for all streams, because a program may have more threads than we may have files. A stream is a list of
 * blocks of fixed size in it; memory grows by 8 bytes for every 4 KiB. The file has no name (O_TMPFILE, or unlinked at
 * once), so that nothing is left behind whatever ends us. It lies in TMPDIR, else in /var/tmp, which other than /tmp is
 * rarely memory.
 *
 * Numbers are LEB128, least significant group first; they may run over the end of a block.
 */
#include "output/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)4096)

void ty_spool_init(struct ty_spool *spool)
{
	*spool = (struct ty_spool){ .fd = -1 };
}

void ty_spool_free(struct ty_spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
}

void ty_stream_free(struct ty_stream *stream)
{
	ty_array_free(&stream->blocks);
	free(stream->buffer);
	stream->buffer = NULL;
}

static int open_unnamed(const char *directory)
{
	char path[4096];
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	if (snprintf(path, sizeof(path), "%s/tachyon-XXXXXX", directory) >= (int)sizeof(path))
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int open_file(struct ty_spool *spool)
{
	const char *directories[] = { secure_getenv("TMPDIR"), "/var/tmp", "/tmp" };

	for (size_t i = 0; spool->fd < 0 && i < sizeof(directories) / sizeof(*directories); i++)
		if (directories[i] && *directories[i])
			spool->fd = open_unnamed(directories[i]);
	return spool->fd < 0 ? -errno : 0;
}

static int write_block(struct ty_spool *spool, const unsigned char *buffer)
{
	for (size_t done = 0; done < BLOCK_BYTES;) {
		ssize_t written = pwrite(spool->fd, buffer + done, BLOCK_BYTES - done,
		                         (off_t)(spool->blocks * BLOCK_BYTES + done));

		if (written < 0 && errno != EINTR)
			return -errno;
		done += written > 0 ? (size_t)written : 0;
	}
	return 0;
}

/* Moves the full buffer to the file. */
static int spill(struct ty_spool *spool, struct ty_stream *stream)
{
	int error = ty_array_reserve(&stream->blocks, stream->blocks.count + 1) ? 0 : -ENOMEM;

	if (!error && spool->fd < 0)
		error = open_file(spool);
	if (!error)
		error = write_block(spool, stream->buffer);
	if (error)
		return error;
	*ty_array_push(&stream->blocks) = spool->blocks++;
	stream->used_bytes = 0;
	return 0;
}

static int put_byte(struct ty_spool *spool, struct ty_stream *stream, unsigned char byte)
{
	int error;

	if (stream->used_bytes == BLOCK_BYTES) {
		error = spill(spool, stream);
		if (error)
			return error;
	}
	stream->buffer[stream->used_bytes++] = byte;
	return 0;
}

int ty_stream_put(struct ty_spool *spool, struct ty_stream *stream, uint64_t value)
{
	size_t begin = stream->used_bytes;
	int error = spool->error;

	if (!error && !stream->buffer)
		stream->buffer = malloc(BLOCK_BYTES);
	if (!error && !stream->buffer)
		error = -ENOMEM;
	for (; !error && value >= 0x80; value >>= 7)
		error = put_byte(spool, stream, (unsigned char)(value | 0x80));
	if (!error)
		error = put_byte(spool, stream, (unsigned char)value);
	/* A block that could not leave memory holds the begin of this number. */
	if (error)
		stream->used_bytes = begin;
	return spool->error = error;
}

int ty_stream_read(struct ty_stream_reader *reader, const struct ty_spool *spool, const struct ty_stream *stream)
{
	*reader = (struct ty_stream_reader){ .spool = spool, .stream = stream, .buffer = malloc(BLOCK_BYTES) };
	return reader->buffer ? 0 : -ENOMEM;
}

void ty_stream_reader_free(struct ty_stream_reader *reader)
{
	free(reader->buffer);
	reader->buffer = NULL;
}

static int read_block(struct ty_stream_reader *reader, uint64_t block)
{
	for (size_t done = 0; done < BLOCK_BYTES;) {
		ssize_t got = pread(reader->spool->fd, reader->buffer + done, BLOCK_BYTES - done,
		                    (off_t)(block * BLOCK_BYTES + done));

		if (got == 0)
			return -EIO;
		if (got < 0 && errno != EINTR)
			return -errno;
		done += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

/* Gets the next block: those in the file, then the one in memory. */
static bool refill(struct ty_stream_reader *reader)
{
	const struct ty_stream *stream = reader->stream;

	if (reader->error || reader->block > stream->blocks.count)
		return false;
	reader->at_bytes = 0;
	if (reader->block < stream->blocks.count) {
		reader->size_bytes = BLOCK_BYTES;
		reader->error = read_block(reader, stream->blocks.items[reader->block]);
	} else {
		reader->size_bytes = stream->used_bytes;
		if (stream->used_bytes)
			memcpy(reader->buffer, stream->buffer, stream->used_bytes);
	}
	reader->block++;
	return !reader->error && reader->size_bytes;
}

bool ty_stream_get(struct ty_stream_reader *reader, uint64_t *value)
{
	unsigned char byte;

	*value = 0;
	for (unsigned int shift = 0; shift < 64; shift += 7) {
		if (reader->at_bytes == reader->size_bytes && !refill(reader))
			return false;
		byte = reader->buffer[reader->at_bytes++];
		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}
