/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks: what was gathered since the last one, as one write(2) at the end of the file.
 */
#include "recording/writer_state.h"

#include <errno.h>
#include <unistd.h>

/* What a writer that is killed loses at most, in time and in memory. */
#define CHUNK_US 1000000
#define CHUNK_BYTES_MAX (1U << 20)

/* Sections smaller than this do not get smaller. */
#define PACKED_BYTES_MIN 64

int ty_writer_write(struct ty_recording_writer *writer, const void *bytes, size_t size_bytes)
{
	const char *at = bytes;

	while (size_bytes) {
		ssize_t written = pwrite(writer->fd, at, size_bytes, (off_t)writer->end_bytes);

		if (written < 0 && errno != EINTR)
			return ty_writer_fail(writer, -errno);
		if (written > 0) {
			at += written;
			size_bytes -= (size_t)written;
			writer->end_bytes += (size_t)written;
		}
	}
	return 0;
}

static void put_section(struct ty_wire_out *out, enum ty_section section, struct ty_wire_out *contents)
{
	out->failed |= contents->failed;
	if (contents->count) {
		ty_wire_put_uint(out, section);
		ty_wire_put_uint(out, contents->count);
		ty_wire_put_bytes(out, contents->items, contents->count);
	}
	contents->count = 0;
}

static void put_run(const struct ty_recording_writer *writer, struct ty_wire_out *out)
{
	const struct ty_recording_run *run = &writer->run;

	ty_wire_put_uint(out, run->start_time_ns);
	ty_wire_put_uint(out, run->start_unix_ns);
	ty_wire_put_uint(out, run->interval_ns);
	ty_wire_put_uint(out, run->mode);
	ty_wire_put_uint(out, run->opcodes);
	ty_wire_put_uint(out, run->python_hexversion);
	ty_wire_put_uint(out, run->python_version);
	ty_wire_put_uint(out, run->free_threaded);
	ty_wire_put_int(out, run->pid);
	ty_wire_put_int(out, run->namespace_pid);
}

static void put_strings(struct ty_recording_writer *writer, struct ty_wire_out *out)
{
	for (; writer->strings_written < writer->strings.strings.count; writer->strings_written++)
		ty_wire_put_string(out, writer->strings.strings.items[writer->strings_written]);
}

static void put_summary(const struct ty_recording_summary *summary, struct ty_wire_out *out)
{
	const uint64_t numbers[] = { summary->duration_ns, summary->samples,   summary->missed, summary->failed,
		                     summary->verified,    summary->repaired,  summary->torn,   summary->incomplete,
		                     summary->unreadable,  summary->end_reason };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		ty_wire_put_uint(out, numbers[i]);
}

static void gather_sections(struct ty_recording_writer *writer, const struct ty_recording_summary *summary)
{
	struct ty_wire_out *out = &writer->sections, scratch = { 0 };

	out->count = 0;
	if (!writer->chunks)
		put_run(writer, &scratch);
	put_section(out, TY_SECTION_RUN, &scratch);
	put_strings(writer, &scratch);
	put_section(out, TY_SECTION_STRINGS, &scratch);
	put_section(out, TY_SECTION_FUNCTIONS, &writer->function_section);
	put_section(out, TY_SECTION_FRAMES, &writer->frame_section);
	put_section(out, TY_SECTION_THREADS, &writer->thread_section);
	put_section(out, TY_SECTION_NAMES, &writer->name_section);
	ty_writer_put_verdicts(writer, &scratch);
	put_section(out, TY_SECTION_VERDICTS, &scratch);
	ty_wire_put_bytes(out, writer->listing_sections.items, writer->listing_sections.count);
	writer->listing_sections.count = 0;
	if (summary)
		put_summary(summary, &scratch);
	put_section(out, TY_SECTION_SUMMARY, &scratch);
	ty_wire_out_free(&scratch);
}

static void store_u32(struct ty_wire_out *out, size_t at, uint32_t value)
{
	for (size_t i = 0; i < 4 && at + i < out->count; i++)
		out->items[at + i] = (uint8_t)(value >> 8 * i);
}

static int append(struct ty_recording_writer *writer, const struct ty_wire_out *bytes, bool packed)
{
	if (packed)
		return ty_pack(writer->packer, bytes->items, bytes->count, &writer->chunk);
	ty_wire_put_bytes(&writer->chunk, bytes->items, bytes->count);
	return 0;
}

/* The numbers of the head that are known only when everything stands behind it; format.h has the layout. */
static void fill_head(struct ty_recording_writer *writer, size_t sections_end)
{
	struct ty_wire_out *chunk = &writer->chunk;
	uint32_t crc;

	if (chunk->failed)
		return;
	store_u32(chunk, 4, (uint32_t)(sections_end - 8));
	store_u32(chunk, 24, (uint32_t)(chunk->count - sections_end));
	store_u32(chunk, 32, ty_checksum(0, chunk->items + sections_end, chunk->count - sections_end));
	crc = ty_checksum(0, chunk->items, TY_CHUNK_HEAD_BYTES - 4);
	crc = ty_checksum(crc, chunk->items + TY_CHUNK_HEAD_BYTES, sections_end - TY_CHUNK_HEAD_BYTES);
	store_u32(chunk, 36, crc);
}

static int put_chunk(struct ty_recording_writer *writer, bool last)
{
	struct ty_wire_out *chunk = &writer->chunk;
	bool zstd = writer->compression == TY_RECORDING_ZSTD,
	     packed = zstd && writer->sections.count >= PACKED_BYTES_MIN;
	size_t sections_end;
	int result;

	chunk->count = 0;
	ty_wire_put_u32(chunk, TY_CHUNK_SKIPPABLE);
	ty_wire_put_u32(chunk, 0);
	ty_wire_put_u32(chunk, TY_CHUNK_MAGIC);
	ty_wire_put_byte(chunk, TY_CHUNK_VERSION);
	ty_wire_put_byte(chunk, (uint8_t)((packed ? TY_CHUNK_PACKED : 0) | (last ? TY_CHUNK_LAST : 0)));
	ty_wire_put_byte(chunk, 0);
	ty_wire_put_byte(chunk, 0);
	ty_wire_put_u32(chunk, writer->chunks);
	ty_wire_put_u32(chunk, (uint32_t)writer->sections.count);
	ty_wire_put_u32(chunk, 0);
	ty_wire_put_u32(chunk, (uint32_t)writer->records.count);
	ty_wire_put_u64(chunk, 0);
	result = append(writer, &writer->sections, packed);
	sections_end = chunk->count;
	if (result == 0)
		result = append(writer, &writer->records, zstd && writer->records.count);
	fill_head(writer, sections_end);
	if (result == 0 && (chunk->failed || writer->sections.failed || writer->records.failed))
		result = -ENOMEM;
	return result < 0 ? ty_writer_fail(writer, result) : ty_writer_write(writer, chunk->items, chunk->count);
}

int ty_writer_flush(struct ty_recording_writer *writer, const struct ty_recording_summary *summary)
{
	if (writer->error)
		return writer->error;
	ty_writer_flush_records(writer);
	gather_sections(writer, summary);
	if (writer->sections.count || writer->records.count || summary) {
		put_chunk(writer, summary != NULL);
		writer->chunks++;
	}
	writer->records.count = 0;
	return writer->error;
}

int ty_recording_pause(struct ty_recording_writer *writer, uint64_t time_ns)
{
	uint64_t now_us = time_ns / 1000;

	if (now_us < writer->chunk_began_us + CHUNK_US && writer->records.count < CHUNK_BYTES_MAX)
		return writer->error;
	writer->chunk_began_us = now_us;
	return ty_writer_flush(writer, NULL);
}

int ty_recording_finish(struct ty_recording_writer *writer, const struct ty_recording_summary *summary)
{
	int result = ty_writer_flush(writer, summary);

	if (result == 0)
		result = writer->compression == TY_RECORDING_ZSTD ? ty_writer_put_tables(writer, summary)
		                                                  : ty_writer_rewrite_plain(writer, summary);
	return result < 0 ? ty_writer_fail(writer, result) : 0;
}
