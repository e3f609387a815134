/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file behind a reader: what kind of recording it is, and its chunks one after the other.
 */
#include "recording/reader_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recording/pack.h"

int ty_reader_damaged(struct ty_recording_reader *reader, uint64_t at, const char *format, ...)
{
	char what[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	reader->failed = -TY_ERECORDING;
	return ty_fail_at(reader->error, -TY_ERECORDING, at, "the recording is damaged at byte %llu: %s",
	                  (unsigned long long)at, what);
}

int ty_reader_no_memory(struct ty_recording_reader *reader)
{
	reader->failed = -ENOMEM;
	return ty_fail(reader->error, -ENOMEM, "out of memory");
}

/* Bytes from the file, or fewer at its end. Negative: an error. */
static int64_t load_some(struct ty_recording_reader *reader, uint64_t at, uint64_t size_bytes, struct ty_wire_out *out)
{
	size_t got = 0;

	out->count = 0;
	if (at >= reader->size_bytes)
		return 0;
	if (size_bytes > reader->size_bytes - at)
		size_bytes = reader->size_bytes - at;
	if (!ty_array_reserve(out, size_bytes + 1))
		return ty_reader_no_memory(reader);
	if (reader->memory) {
		memcpy(out->items, reader->memory + at, size_bytes);
		got = size_bytes;
	}
	while (got < size_bytes) {
		ssize_t part = pread(reader->fd, out->items + got, size_bytes - got, (off_t)(at + got));

		if (part == 0)
			break;
		if (part < 0 && errno != EINTR) {
			reader->failed = -errno;
			return ty_fail(reader->error, -errno, "the recording cannot be read: %s", ty_strerror(errno));
		}
		got += part > 0 ? (size_t)part : 0;
	}
	out->count = got;
	return (int64_t)got;
}

int ty_reader_load(struct ty_recording_reader *reader, uint64_t at, uint64_t size_bytes, struct ty_wire_out *out)
{
	int64_t got = load_some(reader, at, size_bytes, out);

	if (got < 0)
		return (int)got;
	return (uint64_t)got == size_bytes ? 0
	                                   : ty_reader_damaged(reader, at, "the file ends at byte %llu",
	                                                       (unsigned long long)reader->size_bytes);
}

static int refuse(struct ty_recording_reader *reader, uint64_t at, const char *what)
{
	reader->failed = -TY_ERECORDING;
	return ty_fail_at(reader->error, -TY_ERECORDING, at, "%s (byte %llu)", what, (unsigned long long)at);
}

/* ---- what kind of file it is ---- */

static int take_header(struct ty_recording_reader *reader)
{
	struct ty_wire_in in = ty_wire_in(reader->block.items, reader->block.count);
	uint32_t magic = ty_wire_get_u32(&in), version, packed;

	if (in.failed || magic != TY_RECORDING_MAGIC)
		return refuse(reader, 0,
		              magic == __builtin_bswap32(TY_RECORDING_MAGIC)
		                      ? "a recording of a machine with another byte order"
		                      : "not a recording: it does not begin like one");
	version = ty_wire_get_u32(&in);
	if (version != TY_RECORDING_VERSION)
		return refuse(reader, 4, "a recording of a format that is newer than this program, or damaged");
	if (reader->block.count < TY_RECORDING_HEADER_BYTES)
		return refuse(reader, reader->block.count, "the recording ends within its header");
	packed = ty_wire_get_u32(&in);
	reader->run.python_hexversion = (packed & 0xff) << 24 | (packed >> 8 & 0xff) << 16 | (packed >> 16 & 0xff) << 8;
	reader->run.python_version = reader->run.python_hexversion >> 16;
	reader->run.start_time_ns = ty_wire_get_u64(&in) % TY_RECORDING_US_MAX * 1000;
	reader->run.interval_ns = ty_wire_get_u64(&in) % TY_RECORDING_US_MAX * 1000;
	reader->sample_count = ty_wire_get_u64(&in);
	reader->thread_count = ty_wire_get_u32(&in);
	reader->strings_at = ty_wire_get_u64(&in);
	reader->is_finished = reader->strings_at != 0;
	reader->frames_at = ty_wire_get_u64(&in);
	reader->compression = (int)ty_wire_get_u32(&in);
	packed = ty_wire_get_u32(&in);
	reader->run.mode = packed & 7 ? (packed & 7) - 1 : 0;
	reader->run.mode_is_unknown = !(packed & 7);
	reader->run.features = packed >> TY_RECORDING_FEATURES_SHIFT;
	if (!(reader->run.features & TY_FEATURES_KNOWN))
		reader->run.features = 0;
	reader->run.opcodes = (reader->run.features & TY_FEATURE_OPCODES) != 0;
	return 0;
}

static bool is_chunk(struct ty_recording_reader *reader, uint64_t at)
{
	struct ty_wire_in in;

	if (load_some(reader, at, TY_CHUNK_HEAD_BYTES, &reader->block) < 12)
		return false;
	in = ty_wire_in(reader->block.items, reader->block.count);
	if (ty_wire_get_u32(&in) != TY_CHUNK_SKIPPABLE)
		return false;
	ty_wire_get_u32(&in);
	return ty_wire_get_u32(&in) == TY_CHUNK_MAGIC;
}

static bool has_empty_frame(struct ty_recording_reader *reader)
{
	return load_some(reader, TY_RECORDING_HEADER_BYTES, TY_RECORDING_EMPTY_FRAME_BYTES, &reader->block) ==
	               TY_RECORDING_EMPTY_FRAME_BYTES &&
	       !memcmp(reader->block.items, TY_RECORDING_EMPTY_FRAME, TY_RECORDING_EMPTY_FRAME_BYTES);
}

/* Where a footer says that our chunks begin; 0: it does not. */
static uint64_t plain_chunks_at(struct ty_recording_reader *reader)
{
	struct ty_wire_in in;

	if (reader->size_bytes < TY_RECORDING_HEADER_BYTES + TY_RECORDING_FOOTER_BYTES ||
	    load_some(reader, reader->size_bytes - TY_RECORDING_FOOTER_BYTES + TY_FOOTER_EXTENSION_AT, 16,
	              &reader->block) != 16)
		return 0;
	in = ty_wire_in(reader->block.items, 16);
	return ty_wire_get_u64(&in) == TY_CHUNK_MAGIC ? ty_wire_get_u64(&in) : 0;
}

/* Ours has chunks: where the footer says, behind the empty frame, or at once (plain and not finished). */
static void find_chunks(struct ty_recording_reader *reader)
{
	uint64_t first = TY_RECORDING_HEADER_BYTES;
	uint64_t plain_at = reader->is_finished ? plain_chunks_at(reader) : 0;

	if (plain_at && is_chunk(reader, plain_at)) {
		reader->is_ours = reader->is_plain = true;
		reader->at_bytes = plain_at;
		reader->samples_at = TY_RECORDING_HEADER_BYTES;
		return;
	}
	if (has_empty_frame(reader))
		first += TY_RECORDING_EMPTY_FRAME_BYTES;
	/* What was cut off before its first chunk is nobody's; it may as well be ours. */
	reader->is_ours =
	        is_chunk(reader, first) || (!reader->is_finished && reader->size_bytes < first + TY_CHUNK_HEAD_BYTES);
	reader->at_bytes = first;
}

static int open_any(struct ty_recording_reader *reader)
{
	int result = load_some(reader, 0, TY_RECORDING_HEADER_BYTES, &reader->block) < 0 ? reader->failed : 0;

	if (result == 0)
		result = take_header(reader);
	if (result < 0)
		return result;
	find_chunks(reader);
	if (!reader->is_ours && !reader->is_finished)
		return refuse(reader, 40, "the recording was not finished and holds nothing that can be read");
	if (reader->compression != TY_RECORDING_PLAIN && reader->compression != TY_RECORDING_ZSTD)
		return refuse(reader, 56, "a recording that is compressed in a way this program does not know");
	return reader->is_finished ? ty_reader_take_end(reader) : 0;
}

static struct ty_recording_reader *new_reader(struct ty_error_state *error)
{
	struct ty_recording_reader *reader = calloc(1, sizeof(*reader));

	if (reader) {
		reader->error = error;
		reader->fd = -1;
	}
	return reader;
}

static int finish_open(struct ty_recording_reader *reader, struct ty_recording_reader **out)
{
	int result = open_any(reader);

	*out = NULL;
	if (result < 0)
		ty_reader_free(reader);
	else
		*out = reader;
	return result;
}

int ty_reader_open(const char *path, struct ty_error_state *error, struct ty_recording_reader **out)
{
	struct ty_recording_reader *reader = new_reader(error);
	struct stat status;

	*out = NULL;
	if (!reader)
		return ty_fail(error, -ENOMEM, "out of memory");
	reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (reader->fd < 0 || fstat(reader->fd, &status) < 0) {
		int code = -errno;

		ty_reader_free(reader);
		return ty_fail(error, code, "cannot be opened: %s", ty_strerror(code));
	}
	if (!S_ISREG(status.st_mode)) {
		ty_reader_free(reader);
		return ty_fail(error, -TY_ERECORDING, "'%s' is no regular file", path);
	}
	reader->size_bytes = (uint64_t)status.st_size;
	return finish_open(reader, out);
}

int ty_reader_open_memory(const void *bytes, size_t size_bytes, struct ty_error_state *error,
                          struct ty_recording_reader **out)
{
	struct ty_recording_reader *reader = new_reader(error);

	*out = NULL;
	if (!reader)
		return ty_fail(error, -ENOMEM, "out of memory");
	reader->memory = bytes;
	reader->size_bytes = size_bytes;
	return finish_open(reader, out);
}

void ty_reader_free(struct ty_recording_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->threads.count; i++) {
		free(reader->threads.items[i]->frames);
		free(reader->threads.items[i]);
	}
	for (size_t i = 0; i < reader->functions.count; i++)
		ty_wire_out_free(&reader->functions.items[i].listing);
	ty_array_free(&reader->threads);
	ty_array_free(&reader->functions);
	ty_array_free(&reader->frames);
	ty_array_free(&reader->strings);
	ty_array_free(&reader->records);
	ty_array_free(&reader->heap);
	ty_array_free(&reader->current);
	ty_map_free(&reader->thread_by_id);
	ty_map_free(&reader->sites);
	ty_map_free(&reader->forms);
	ty_strtab_free(&reader->interned);
	ty_wire_out_free(&reader->block);
	ty_wire_out_free(&reader->sections);
	ty_wire_out_free(&reader->raw);
	ty_packer_free(reader->packer);
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader);
}

/* ---- chunks ---- */

struct chunk {
	uint64_t at;
	uint64_t samples_at;
	uint8_t flags;
	uint32_t section_bytes; /* as stored; raw: uncompressed */
	uint32_t section_raw;
	uint32_t sample_bytes;
	uint32_t sample_raw;
	uint32_t sample_crc;
};

/*
 * What a writer that was killed leaves is a chunk that is not whole, at the very end: that is no damage. A file that
 * says it is finished has no excuse.
 */
static int end_early(struct ty_recording_reader *reader, const char *what)
{
	if (reader->is_finished)
		return ty_reader_damaged(reader, reader->at_bytes, "%s", what);
	reader->ended = true;
	return 1;
}

/* 0; 1: there is no further chunk. Leaves the head and the stored sections in `block`. */
static int load_front(struct ty_recording_reader *reader, struct chunk *chunk)
{
	struct ty_wire_in in;
	uint64_t front, stored;
	int64_t got = load_some(reader, reader->at_bytes, TY_CHUNK_HEAD_BYTES, &reader->block);
	uint32_t crc, computed;

	if (got < 0)
		return (int)got;
	if (got < TY_CHUNK_HEAD_BYTES)
		return end_early(reader, "the file ends where a chunk should be");
	in = ty_wire_in(reader->block.items, reader->block.count);
	if (ty_wire_get_u32(&in) != TY_CHUNK_SKIPPABLE)
		return ty_reader_damaged(reader, reader->at_bytes, "no chunk begins here");
	front = 8 + (uint64_t)ty_wire_get_u32(&in);
	if (ty_wire_get_u32(&in) != TY_CHUNK_MAGIC || front < TY_CHUNK_HEAD_BYTES)
		return ty_reader_damaged(reader, reader->at_bytes, "no chunk of ours begins here");
	if (ty_wire_get_byte(&in) != TY_CHUNK_VERSION)
		return ty_reader_damaged(reader, reader->at_bytes + 12, "a chunk of a newer version of this program");
	chunk->flags = ty_wire_get_byte(&in);
	in.at += 2;
	if (ty_wire_get_u32(&in) != reader->chunk_number)
		return ty_reader_damaged(reader, reader->at_bytes + 16, "a chunk is missing, or out of order");
	chunk->section_raw = ty_wire_get_u32(&in);
	chunk->sample_bytes = ty_wire_get_u32(&in);
	chunk->sample_raw = ty_wire_get_u32(&in);
	chunk->sample_crc = ty_wire_get_u32(&in);
	crc = ty_wire_get_u32(&in);
	stored = reader->is_plain ? front : front + chunk->sample_bytes;
	if (stored > reader->size_bytes - reader->at_bytes)
		return end_early(reader, "the file ends within a chunk");
	chunk->at = reader->at_bytes;
	chunk->section_bytes = (uint32_t)(front - TY_CHUNK_HEAD_BYTES);
	chunk->samples_at = reader->is_plain ? reader->samples_at : chunk->at + front;
	if (ty_reader_load(reader, chunk->at, front, &reader->block) < 0)
		return reader->failed;
	computed = ty_checksum(0, reader->block.items, TY_CHUNK_HEAD_BYTES - 4);
	computed = ty_checksum(computed, reader->block.items + TY_CHUNK_HEAD_BYTES, chunk->section_bytes);
	if (computed != crc)
		return ty_reader_damaged(reader, chunk->at, "its checksum is wrong");
	reader->at_bytes += stored;
	reader->samples_at += chunk->sample_bytes;
	return 0;
}

static int need_packer(struct ty_recording_reader *reader)
{
	int result = reader->packer ? 0 : ty_packer_new(&reader->packer);

	if (result == -ENOTSUP) {
		reader->failed = result;
		return ty_fail(reader->error, result,
		               "the recording is compressed with zstd, which was left out of this build");
	}
	return result < 0 ? ty_reader_no_memory(reader) : 0;
}

/* From the block, which may have been compressed, to where it is read. */
static int unpack(struct ty_recording_reader *reader, const uint8_t *bytes, size_t size_bytes, bool packed,
                  uint32_t raw_bytes, uint64_t at, struct ty_wire_out *out)
{
	int result = 0;

	out->count = 0;
	if (raw_bytes > TY_RECORDING_RAW_BYTES_MAX)
		return ty_reader_damaged(reader, at, "more than 1 GiB in one chunk");
	if (!packed)
		ty_wire_put_bytes(out, bytes, size_bytes);
	else
		result = need_packer(reader);
	if (packed && result == 0)
		result = ty_unpack(reader->packer, bytes, size_bytes, raw_bytes, out);
	if (reader->failed)
		return reader->failed;
	if (result == -ENOMEM || out->failed)
		return ty_reader_no_memory(reader);
	if (result < 0 || out->count != raw_bytes)
		return ty_reader_damaged(reader, at, "it cannot be decompressed");
	return 0;
}

static int take_chunk(struct ty_recording_reader *reader)
{
	struct chunk chunk = { 0 };
	int result = load_front(reader, &chunk);

	if (result != 0)
		return result;
	result = unpack(reader, reader->block.items + TY_CHUNK_HEAD_BYTES, chunk.section_bytes,
	                chunk.flags & TY_CHUNK_PACKED, chunk.section_raw, chunk.at, &reader->sections);
	if (result == 0)
		result = ty_reader_load(reader, chunk.samples_at, chunk.sample_bytes, &reader->block);
	if (result == 0 && ty_checksum(0, reader->block.items, reader->block.count) != chunk.sample_crc)
		result = ty_reader_damaged(reader, chunk.samples_at, "the checksum of the samples is wrong");
	if (result == 0)
		result = unpack(reader, reader->block.items, reader->block.count,
		                reader->compression == TY_RECORDING_ZSTD && chunk.sample_bytes, chunk.sample_raw,
		                chunk.samples_at, &reader->raw);
	if (result == 0)
		result = ty_reader_take_sections(reader);
	if (result < 0)
		return reader->failed ? reader->failed
		                      : ty_reader_damaged(reader, chunk.at, "its sections contradict themselves");
	reader->chunk_number++;
	if (chunk.flags & TY_CHUNK_LAST)
		reader->ended = reader->is_finished = true;
	if (reader->is_plain && reader->ended && reader->samples_at != reader->strings_at)
		return ty_reader_damaged(reader, 40, "its samples end at byte %llu, and the strings begin at byte %llu",
		                         (unsigned long long)reader->samples_at,
		                         (unsigned long long)reader->strings_at);
	return ty_reader_index_samples(reader, chunk.samples_at);
}

int ty_reader_start(struct ty_recording_reader *reader)
{
	int result = reader->failed;

	while (result == 0 && !reader->heap.count) {
		if (reader->ended)
			return 1;
		if (reader->is_ours) {
			result = take_chunk(reader);
		} else {
			result = ty_reader_take_foreign(reader);
			reader->ended = true;
		}
	}
	return result;
}
