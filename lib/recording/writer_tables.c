/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPython's half of a recording, written when it is complete: tables, trailer, footer, and the header that says where
 * they are. Until then the header holds zeros there, which their reader refuses and ours takes for "not finished".
 */
#include "recording/writer_state.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/file.h"

#define COPY_BYTES 65536

void ty_writer_put_header(const struct ty_recording_writer *writer, uint64_t strings_at, uint64_t frames_at,
                          struct ty_wire_out *out)
{
	const struct ty_recording_run *run = &writer->run;
	uint64_t interval_us = run->interval_ns / 1000;
	uint32_t hex = run->python_hexversion ? run->python_hexversion : run->python_version << 16;

	ty_wire_put_u32(out, TY_RECORDING_MAGIC);
	ty_wire_put_u32(out, TY_RECORDING_VERSION);
	ty_wire_put_byte(out, (uint8_t)(hex >> 24));
	ty_wire_put_byte(out, (uint8_t)(hex >> 16));
	ty_wire_put_byte(out, (uint8_t)(hex >> 8));
	ty_wire_put_byte(out, 0);
	ty_wire_put_u64(out, run->start_time_ns / 1000);
	ty_wire_put_u64(out, interval_us ? interval_us : 1);
	ty_wire_put_u64(out, strings_at ? writer->samples : 0);
	ty_wire_put_u32(out, (uint32_t)writer->threads.count);
	ty_wire_put_u64(out, strings_at);
	ty_wire_put_u64(out, frames_at);
	ty_wire_put_u32(out, (uint32_t)writer->compression);
	ty_wire_put_u32(out, (run->mode_is_unknown ? 0 : run->mode + 1) | run->features << TY_RECORDING_FEATURES_SHIFT);
}

static void put_strings(const struct ty_recording_writer *writer, struct ty_wire_out *out)
{
	for (size_t i = 0; i < writer->names.strings.count; i++)
		ty_wire_put_string(out, writer->names.strings.items[i]);
}

/* The share of stacks and readings that prove nothing, in percent: what CPython calls errors. */
static double error_percent(const struct ty_recording_summary *summary)
{
	uint64_t bad = summary->torn + summary->incomplete + summary->unreadable + summary->failed;
	uint64_t all = bad + summary->verified + summary->repaired;

	return all ? 100.0 * (double)bad / (double)all : 0.0;
}

static struct ty_recording_measured measured_by(const struct ty_recording_summary *summary)
{
	double seconds = (double)summary->duration_ns / 1e9;

	return (struct ty_recording_measured){
		.given = TY_MEASURED_RUN | TY_MEASURED_ERRORS | TY_MEASURED_MISSED,
		.duration_s = seconds,
		.rate_hz = seconds > 0 ? (double)summary->samples / seconds : 0.0,
		.error_percent = error_percent(summary),
		.missed = (double)summary->missed,
	};
}

static void put_trailer(const struct ty_recording_measured *measured, struct ty_wire_out *out)
{
	if (!(measured->given & TY_MEASURED_RUN))
		return;
	ty_wire_put_double(out, measured->duration_s);
	ty_wire_put_double(out, measured->rate_hz);
	ty_wire_put_double(out, measured->error_percent);
	ty_wire_put_double(out, measured->missed);
	ty_wire_put_u32(out, measured->given >> 1); /* which of the last two are there */
	ty_wire_put_u32(out, 0);
	ty_wire_put_bytes(out, TY_RECORDING_TRAILER_MAGIC, sizeof(TY_RECORDING_TRAILER_MAGIC) - 1);
	ty_wire_put_u32(out, 1);
	ty_wire_put_u32(out, TY_RECORDING_TRAILER_BYTES);
}

static void put_footer(const struct ty_recording_writer *writer, uint64_t file_bytes, uint64_t chunks_at,
                       struct ty_wire_out *out)
{
	ty_wire_put_u32(out, (uint32_t)writer->names.strings.count);
	ty_wire_put_u32(out, writer->frames);
	ty_wire_put_u64(out, file_bytes);
	ty_wire_put_u32(out, chunks_at ? TY_CHUNK_MAGIC : 0);
	ty_wire_put_u32(out, 0);
	ty_wire_put_u64(out, chunks_at);
}

static int write_header(struct ty_recording_writer *writer, uint64_t strings_at, uint64_t frames_at)
{
	struct ty_wire_out header = { 0 };
	uint64_t end_bytes = writer->end_bytes;
	int result;

	ty_writer_put_header(writer, strings_at, frames_at, &header);
	writer->end_bytes = 0;
	result = header.failed ? -ENOMEM : ty_writer_write(writer, header.items, header.count);
	writer->end_bytes = end_bytes;
	ty_wire_out_free(&header);
	return result == 0 ? ty_file_sync(writer->fd) : result;
}

/* Copies a part of the file to the end of the writer's. */
static int copy_part(struct ty_recording_writer *writer, int from, uint64_t at, uint64_t size_bytes)
{
	_cleanup_free_ char *block = malloc(COPY_BYTES);
	int result = block ? 0 : -ENOMEM;

	while (result == 0 && size_bytes) {
		ssize_t got = pread(from, block, size_bytes < COPY_BYTES ? size_bytes : COPY_BYTES, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -EIO;
		result = ty_writer_write(writer, block, (size_t)got);
		at += (uint64_t)got;
		size_bytes -= (uint64_t)got;
	}
	return result;
}

/* Copies one half of every chunk that another descriptor has: the samples, or what stands before them. */
static int copy_halves(struct ty_recording_writer *writer, int from, uint64_t end, bool samples)
{
	uint64_t at = TY_RECORDING_HEADER_BYTES;
	int result = 0;

	while (result == 0 && at < end) {
		uint8_t head[TY_CHUNK_HEAD_BYTES];
		struct ty_wire_in in = ty_wire_in(head, sizeof(head));
		uint64_t front, back;

		if (pread(from, head, sizeof(head), (off_t)at) != (ssize_t)sizeof(head))
			return -EIO;
		in.at += 4;
		front = 8 + (uint64_t)ty_wire_get_u32(&in);
		in.at = head + 24;
		back = ty_wire_get_u32(&in);
		result = copy_part(writer, from, samples ? at + front : at, samples ? back : front);
		at += front + back;
	}
	return result;
}

/* `plain`: the descriptor of the file in chunks, which ends at `plain_end`; -1: the chunks are where they belong. */
static int put_rest(struct ty_recording_writer *writer, const struct ty_recording_summary *summary, int plain,
                    uint64_t plain_end)
{
	struct ty_recording_measured measured = writer->is_measured ? writer->measured : measured_by(summary);
	struct ty_wire_out out = { 0 };
	uint64_t strings_at = writer->end_bytes, frames_at, chunks_at = 0;
	int result;

	put_strings(writer, &out);
	frames_at = strings_at + out.count;
	ty_wire_put_bytes(&out, writer->frame_table.items, writer->frame_table.count);
	result = out.failed ? -ENOMEM : ty_writer_write(writer, out.items, out.count);
	out.count = 0;
	if (result == 0 && plain >= 0) {
		chunks_at = writer->end_bytes;
		result = copy_halves(writer, plain, plain_end, false);
	}
	put_trailer(&measured, &out);
	put_footer(writer, writer->end_bytes + out.count + TY_RECORDING_FOOTER_BYTES, chunks_at, &out);
	if (result == 0)
		result = out.failed ? -ENOMEM : ty_writer_write(writer, out.items, out.count);
	ty_wire_out_free(&out);
	return result < 0 ? result : write_header(writer, strings_at, frames_at);
}

int ty_writer_put_tables(struct ty_recording_writer *writer, const struct ty_recording_summary *summary)
{
	return put_rest(writer, summary, -1, 0);
}

/* What was there before keeps its permissions, as with ty_sink_file(). */
static int copy_mode(int from, int to)
{
	struct stat status;

	return fstat(from, &status) < 0 || fchmod(to, status.st_mode & 0777) < 0 ? -errno : 0;
}

int ty_writer_rewrite_plain(struct ty_recording_writer *writer, const struct ty_recording_summary *summary)
{
	_cleanup_free_ char *name = NULL;
	_cleanup_close_ int chunks = -1;
	struct ty_wire_out header = { 0 };
	uint64_t end = writer->end_bytes;
	int result = ty_file_make_beside(writer->path, &name);

	if (result < 0)
		return result;
	chunks = writer->fd;
	writer->fd = result;
	writer->end_bytes = 0;
	ty_writer_put_header(writer, 0, 0, &header);
	result = header.failed ? -ENOMEM : ty_writer_write(writer, header.items, header.count);
	ty_wire_out_free(&header);
	if (result == 0 && !writer->made)
		result = copy_mode(chunks, writer->fd);
	if (result == 0)
		result = copy_halves(writer, chunks, end, true);
	if (result == 0)
		result = put_rest(writer, summary, chunks, end);
	if (result == 0)
		result = ty_file_replace(name, writer->path);
	if (result < 0)
		unlink(name);
	return result;
}
