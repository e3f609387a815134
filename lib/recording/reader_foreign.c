/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recording that CPython wrote: two tables and all samples, which are one chunk to us.
 *
 * It does not know instructions' offsets. A place in its table is a line with columns, and two places of one function
 * are told apart by nothing else; so every place becomes a function of its own, with its one location. Collectors that
 * put functions together by their names and lines, as they all do for people, never see the difference.
 */
#include "recording/reader_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recording/pack.h"

#define ARTIFICIAL_FILE "~"

static int read_strings(struct ty_recording_reader *reader)
{
	uint64_t size_bytes = reader->frames_at - reader->strings_at;
	struct ty_wire_in in;

	if (ty_reader_load(reader, reader->strings_at, size_bytes, &reader->sections) < 0)
		return reader->failed;
	in = ty_wire_in(reader->sections.items, reader->sections.count);
	for (uint32_t i = 0; i < reader->string_count; i++) {
		uint64_t at = reader->strings_at + (uint64_t)(in.at - reader->sections.items);
		uint64_t length = ty_wire_get_uint(&in);
		const uint8_t *bytes = ty_wire_get_bytes(&in, length);

		if (in.failed || length > TY_RECORDING_STRING_BYTES_MAX)
			return ty_reader_damaged(reader, at, "a string that does not end");
		if (ty_reader_add_string(reader, bytes, (size_t)length) < 0)
			return ty_reader_no_memory(reader);
	}
	return 0;
}

static uint32_t name_of(struct ty_recording_reader *reader, uint32_t qualname)
{
	const char *text = ty_reader_string(reader, qualname), *dot = strrchr(text, '.');

	return ty_strtab_add(&reader->interned, dot ? dot + 1 : text, strlen(dot ? dot + 1 : text));
}

static uint8_t kind_of(const char *filename, const char *name)
{
	if (strcmp(filename, ARTIFICIAL_FILE) != 0)
		return TY_FRAME_PYTHON;
	if (strcmp(name, "<native>") == 0)
		return TY_FRAME_NATIVE;
	return strcmp(name, "<GC>") == 0 ? TY_FRAME_GC : TY_FRAME_PYTHON;
}

/* Functions already made, by all that tells them apart: a chain of exact keys, as in collect/places.c. */
struct places {
	struct ty_map maps[5];
	struct ty_map index_by_place;
};

static uint64_t number_place(struct places *places, const struct ty_reader_function *function,
                             const struct ty_reader_frame *frame)
{
	const uint32_t parts[] = { function->qualname, (uint32_t)frame->line, (uint32_t)frame->end_line,
		                   (uint32_t)frame->column, (uint32_t)frame->end_column };
	uint64_t number = function->filename;

	for (size_t i = 0; number && i < sizeof(parts) / sizeof(parts[0]); i++)
		number = ty_map_number(&places->maps[i], number << 32 | parts[i]);
	return number;
}

static void free_places(struct places *places)
{
	for (size_t i = 0; i < sizeof(places->maps) / sizeof(places->maps[0]); i++)
		ty_map_free(&places->maps[i]);
	ty_map_free(&places->index_by_place);
}

static int32_t get_end(struct ty_wire_in *in, int32_t first)
{
	int64_t value = first + (int64_t)ty_wire_get_int32(in);

	in->failed |= value < -1 || value > INT32_MAX;
	return (int32_t)value;
}

static int add_place(struct ty_recording_reader *reader, struct ty_reader_function *function,
                     struct ty_reader_frame *frame, struct places *places)
{
	uint64_t place = number_place(places, function, frame);
	const uint64_t *index = place ? ty_map_get(&places->index_by_place, place) : NULL;
	int result = 0;

	if (index) {
		frame->function = (uint32_t)*index;
	} else {
		frame->function = (uint32_t)reader->functions.count;
		result = place && ty_map_put(&places->index_by_place, place, frame->function)
		                 ? ty_reader_add_function(reader, *function)
		                 : -ENOMEM;
	}
	if (result == 0)
		frame->frame.function = reader->functions.items[frame->function].id;
	return result < 0 ? result : ty_reader_add_frame(reader, *frame);
}

static int read_frame(struct ty_recording_reader *reader, struct ty_wire_in *in, struct places *places)
{
	uint64_t filename = ty_wire_get_uint(in), qualname = ty_wire_get_uint(in);
	struct ty_reader_frame frame = { .frame.offset = -1 };
	struct ty_reader_function function = { 0 };
	uint8_t opcode;

	frame.line = ty_wire_get_int32(in);
	frame.end_line = get_end(in, frame.line);
	frame.column = ty_wire_get_int32(in);
	frame.end_column = get_end(in, frame.column);
	opcode = ty_wire_get_byte(in);
	in->failed |= filename >= reader->strings.count || qualname >= reader->strings.count || frame.line < -1 ||
	              frame.column < -1;
	if (in->failed)
		return 0;
	function.filename = reader->strings.items[filename];
	function.qualname = reader->strings.items[qualname];
	function.name = name_of(reader, function.qualname);
	if (!function.name)
		return -ENOMEM;
	frame.frame.kind =
	        kind_of(ty_reader_string(reader, function.filename), ty_reader_string(reader, function.qualname));
	if (opcode != TY_RECORDING_NO_OPCODE && frame.frame.kind == TY_FRAME_PYTHON) {
		frame.frame.flags = TY_FRAME_HAS_OPCODE | TY_FRAME_OPCODE_LATER;
		frame.frame.opcode = opcode;
		frame.has_instruction = reader->run.opcodes = true;
		frame.executing = frame.opcode = opcode;
	}
	return add_place(reader, &function, &frame, places);
}

static int read_frames(struct ty_recording_reader *reader)
{
	struct places places = { 0 };
	struct ty_wire_in in;
	int result =
	        ty_reader_load(reader, reader->frames_at,
	                       reader->size_bytes - TY_RECORDING_FOOTER_BYTES - reader->frames_at, &reader->sections);

	in = ty_wire_in(reader->sections.items, reader->sections.count);
	for (uint32_t i = 0; result == 0 && i < reader->frame_count; i++) {
		uint64_t at = reader->frames_at + (uint64_t)(in.at - reader->sections.items);

		if (read_frame(reader, &in, &places) < 0)
			result = ty_reader_no_memory(reader);
		else if (in.failed)
			result = ty_reader_damaged(reader, at, "a frame that cannot be");
	}
	free_places(&places);
	return result;
}

/* What a run said of itself at its end; it may be missing. */
static void take_summary(struct ty_recording_reader *reader)
{
	const struct ty_recording_measured *measured = &reader->measured;
	struct ty_recording_summary *summary = &reader->summary;

	if (!(measured->given & TY_MEASURED_RUN) || measured->duration_s >= 1e9 || measured->rate_hz >= 1e9 ||
	    measured->missed >= 1e15)
		return;
	summary->duration_ns = (uint64_t)(measured->duration_s * 1e9);
	summary->samples = (uint64_t)(measured->duration_s * measured->rate_hz + 0.5);
	summary->missed = (uint64_t)measured->missed;
	reader->has_summary = true;
}

static int read_samples(struct ty_recording_reader *reader)
{
	uint64_t at = TY_RECORDING_HEADER_BYTES;
	int result = ty_reader_load(reader, at, reader->strings_at - at, &reader->block);

	if (result < 0)
		return result;
	reader->raw.count = 0;
	if (reader->compression == TY_RECORDING_ZSTD && reader->block.count) {
		if (!reader->packer)
			result = ty_packer_new(&reader->packer);
		if (result == 0)
			result = ty_unpack(reader->packer, reader->block.items, reader->block.count,
			                   TY_RECORDING_RAW_BYTES_MAX, &reader->raw);
	} else {
		ty_wire_put_bytes(&reader->raw, reader->block.items, reader->block.count);
	}
	if (result == -ENOTSUP) {
		reader->failed = result;
		return ty_fail(reader->error, result,
		               "the recording is compressed with zstd, which was left out of this build");
	}
	if (result == -ENOMEM || reader->raw.failed)
		return ty_reader_no_memory(reader);
	if (result < 0 || reader->raw.count > TY_RECORDING_RAW_BYTES_MAX)
		return ty_reader_damaged(reader, at,
		                         result == -EFBIG ? "more than 1 GiB of samples" : "it cannot be decompressed");
	return ty_reader_index_samples(reader, at);
}

int ty_reader_take_foreign(struct ty_recording_reader *reader)
{
	int result = read_strings(reader);

	if (result == 0)
		result = read_frames(reader);
	take_summary(reader);
	return result < 0 ? result : read_samples(reader);
}
