/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a finished file: footer, and before it the trailer, which may be missing. Both halves of a file have them,
 * CPython's and ours.
 */
#include "recording/reader_state.h"

#include <math.h>
#include <string.h>

/* A string has its length at least, a frame seven numbers. */
#define STRING_BYTES_MIN 1
#define FRAME_BYTES_MIN 7

static int check_places(struct ty_recording_reader *reader, uint64_t footer_at)
{
	if (reader->strings_at < TY_RECORDING_HEADER_BYTES || reader->frames_at < reader->strings_at ||
	    footer_at < reader->frames_at)
		return ty_reader_damaged(reader, 40, "its tables cannot be where it says");
	if (reader->string_count > (reader->size_bytes - reader->strings_at) / STRING_BYTES_MIN)
		return ty_reader_damaged(reader, footer_at, "%u strings are more than fit in", reader->string_count);
	if (reader->frame_count > (reader->size_bytes - reader->frames_at) / FRAME_BYTES_MIN)
		return ty_reader_damaged(reader, footer_at + 4, "%u frames are more than fit in", reader->frame_count);
	return 0;
}

/* 1: the file is cut off, which our own chunks will tell when they have given what stands before. */
static int take_footer(struct ty_recording_reader *reader)
{
	uint64_t footer_at = reader->size_bytes - TY_RECORDING_FOOTER_BYTES, file_bytes;
	struct ty_wire_in in;

	if (reader->size_bytes < TY_RECORDING_HEADER_BYTES + TY_RECORDING_FOOTER_BYTES)
		return reader->is_ours
		               ? 1
		               : ty_reader_damaged(reader, reader->size_bytes, "the file ends before its footer");
	if (ty_reader_load(reader, footer_at, TY_RECORDING_FOOTER_BYTES, &reader->block) < 0)
		return reader->failed;
	in = ty_wire_in(reader->block.items, reader->block.count);
	reader->string_count = ty_wire_get_u32(&in);
	reader->frame_count = ty_wire_get_u32(&in);
	file_bytes = ty_wire_get_u64(&in);
	if (file_bytes == reader->size_bytes)
		return check_places(reader, footer_at);
	if (!reader->is_ours)
		return ty_reader_damaged(reader, footer_at + 8,
		                         "the footer speaks of a file of %llu bytes: this one is cut off or damaged",
		                         (unsigned long long)file_bytes);
	reader->string_count = reader->frame_count = 0;
	return 1;
}

/* Reads the last bytes before the footer and whether they are a trailer of that size. */
static bool has_trailer(struct ty_recording_reader *reader, uint32_t size_bytes)
{
	uint64_t end = reader->size_bytes - TY_RECORDING_FOOTER_BYTES;
	struct ty_wire_in in;

	if (end - reader->frames_at < size_bytes ||
	    ty_reader_load(reader, end - size_bytes, size_bytes, &reader->block) < 0 ||
	    memcmp(reader->block.items + size_bytes - 16, TY_RECORDING_TRAILER_MAGIC, 8) != 0)
		return false;
	in = ty_wire_in(reader->block.items + size_bytes - 8, 8);
	return ty_wire_get_u32(&in) == 1 && ty_wire_get_u32(&in) == size_bytes;
}

static double get_figure(struct ty_wire_in *in)
{
	double value = ty_wire_get_double(in);

	in->failed |= !isfinite(value) || value < 0;
	return value;
}

static void take_trailer(struct ty_recording_reader *reader)
{
	struct ty_recording_measured measured = { .given = TY_MEASURED_RUN };
	bool is_whole = has_trailer(reader, TY_RECORDING_TRAILER_BYTES);
	struct ty_wire_in in;

	if (!is_whole && !has_trailer(reader, TY_RECORDING_TRAILER_V0_BYTES))
		return;
	in = ty_wire_in(reader->block.items, reader->block.count);
	measured.duration_s = get_figure(&in);
	measured.rate_hz = get_figure(&in);
	if (is_whole) {
		measured.error_percent = get_figure(&in);
		measured.missed = get_figure(&in);
		measured.given |= ty_wire_get_u32(&in) << 1 & (TY_MEASURED_ERRORS | TY_MEASURED_MISSED);
	}
	if (!in.failed)
		reader->measured = measured;
}

int ty_reader_take_end(struct ty_recording_reader *reader)
{
	int result = take_footer(reader);

	if (result == 0)
		take_trailer(reader);
	return result < 0 ? result : reader->failed;
}
