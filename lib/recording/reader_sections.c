/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sections of a chunk: everything new in it beside samples. A section with a number that is not known belongs to a
 * newer writer and is skipped. Nothing here says what is wrong: the checksum held, so it is the writer that was.
 */
#include "recording/reader_state.h"

#include <errno.h>
#include <stdlib.h>

static uint32_t get_string(const struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	uint64_t number = ty_wire_get_uint(in);

	in->failed |= !number || number > reader->strings.count;
	return in->failed ? 0 : reader->strings.items[number - 1];
}

static int take_run(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	struct ty_recording_run *run = &reader->run;

	run->start_time_ns = ty_wire_get_uint(in) % (TY_RECORDING_US_MAX * 1000);
	run->start_unix_ns = ty_wire_get_uint(in) % (TY_RECORDING_US_MAX * 1000);
	run->interval_ns = ty_wire_get_uint(in);
	run->mode = ty_wire_get_uint32(in);
	run->opcodes = ty_wire_get_uint(in) != 0;
	run->python_hexversion = ty_wire_get_uint32(in);
	run->python_version = ty_wire_get_uint32(in);
	run->free_threaded = ty_wire_get_uint(in) != 0;
	run->pid = ty_wire_get_int32(in);
	run->namespace_pid = ty_wire_get_int32(in);
	return 0;
}

static int take_strings(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	uint64_t length = ty_wire_get_uint(in);
	const uint8_t *bytes = length <= TY_RECORDING_STRING_BYTES_MAX ? ty_wire_get_bytes(in, length) : NULL;

	in->failed |= !bytes;
	return in->failed ? 0 : ty_reader_add_string(reader, bytes, (size_t)length);
}

static int take_functions(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	struct ty_reader_function function = { 0 };

	function.filename = get_string(reader, in);
	function.qualname = get_string(reader, in);
	function.name = get_string(reader, in);
	function.first_line = ty_wire_get_uint32(in);
	function.bytecode_bytes = ty_wire_get_uint32(in);
	return in->failed ? 0 : ty_reader_add_function(reader, function);
}

/* first + delta, where -1 is the smallest that can be said. */
static int32_t get_after(struct ty_wire_in *in, int32_t first)
{
	int64_t value = first + (int64_t)ty_wire_get_int32(in);

	in->failed |= value < -1 || value > INT32_MAX;
	return (int32_t)value;
}

static int take_frames(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	struct ty_reader_frame frame = {
		.function = ty_wire_get_uint32(in), .line = -1, .end_line = -1, .column = -1, .end_column = -1
	};
	uint8_t bits = ty_wire_get_byte(in);
	uint32_t offset;

	frame.frame.kind = ty_wire_get_byte(in);
	frame.frame.flags = ty_wire_get_byte(in);
	offset = bits & TY_FRAME_BIT_OFFSET ? ty_wire_get_uint32(in) : 0;
	/* What reports are made of has kinds of its own above those of frames. */
	in->failed |= offset > TY_RECORDING_OFFSET_MAX || frame.frame.kind > TY_FRAME_TASK ||
	              frame.function >= reader->functions.count;
	frame.frame.offset = bits & TY_FRAME_BIT_OFFSET ? (int32_t)offset : -1;
	if (bits & TY_FRAME_BIT_LOCATION) {
		frame.line = get_after(in, 0);
		frame.end_line = get_after(in, frame.line);
		frame.column = get_after(in, 0);
		frame.end_column = get_after(in, frame.column);
	}
	if (bits & TY_FRAME_BIT_OPCODE) {
		frame.frame.opcode = ty_wire_get_byte(in);
		frame.frame.oparg = ty_wire_get_byte(in);
	} else {
		frame.frame.flags &= (uint8_t)~TY_FRAME_HAS_OPCODE;
	}
	frame.has_instruction = bits & TY_FRAME_BIT_INSTRUCTION;
	if (frame.has_instruction) {
		frame.executing = (uint16_t)ty_wire_get_uint32(in);
		frame.opcode = (uint16_t)ty_wire_get_uint32(in);
		frame.flags = (uint16_t)ty_wire_get_uint32(in);
		frame.argument = ty_wire_get_uint32(in);
	}
	if (in->failed)
		return 0;
	frame.frame.function = reader->functions.items[frame.function].id;
	return ty_reader_add_frame(reader, frame);
}

static int take_threads(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	struct ty_recording_thread identity = { 0 };
	uint64_t number = ty_wire_get_uint(in);
	struct ty_reader_thread *thread;

	identity.id = ty_wire_get_u64(in);
	identity.interpreter = ty_wire_get_int(in);
	identity.key = ty_wire_get_uint(in);
	identity.native_id = ty_wire_get_uint(in);
	identity.host_id = ty_wire_get_uint(in);
	identity.pthread_id = ty_wire_get_u64(in);
	identity.pid = ty_wire_get_int32(in);
	if (in->failed)
		return 0;
	thread = ty_reader_find_thread(reader, identity.id, (uint32_t)identity.interpreter);
	if (!thread)
		return -ENOMEM;
	/* Ids and numbers name the same threads, or somebody lies. */
	if (number >= reader->threads.count || reader->threads.items[number] != thread) {
		in->failed = true;
		return 0;
	}
	if (thread->identity.key != identity.key)
		thread->name = "";
	thread->identity = identity;
	thread->depth = 0;
	thread->seen = 0;
	return 0;
}

static int take_names(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	uint64_t number = ty_wire_get_uint(in);
	uint32_t string = get_string(reader, in);

	in->failed |= number >= reader->threads.count;
	if (!in->failed)
		reader->threads.items[number]->name = ty_reader_string(reader, string);
	return 0;
}

/* The events are read while the samples are; here they are checked. */
static int take_verdicts(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	uint64_t number = ty_wire_get_uint(in), count = ty_wire_get_uint(in);
	struct ty_reader_thread *thread;

	in->failed |= number >= reader->threads.count || count > ty_wire_left(in);
	if (in->failed)
		return 0;
	thread = reader->threads.items[number];
	thread->events = *in;
	thread->events_left = count;
	for (uint64_t i = 0; i < count && !in->failed; i++) {
		if ((ty_wire_get_uint(in) & TY_VERDICT_EXPLICIT) != TY_VERDICT_EXPLICIT)
			continue;
		ty_wire_get_uint32(in);
	}
	thread->until_event = count ? ty_wire_get_uint(&thread->events) : 0;
	if (in->failed)
		thread->events_left = 0;
	return 0;
}

/* Kept as it is, and read when it is asked for: the last one of a function counts. */
static int take_listing(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	uint64_t function = ty_wire_get_uint(in);
	struct ty_wire_out *listing;

	in->failed |= function >= reader->functions.count;
	if (in->failed)
		return 0;
	listing = &reader->functions.items[function].listing;
	listing->count = 0;
	ty_wire_put_bytes(listing, in->at, ty_wire_left(in));
	in->at = in->end;
	return listing->failed ? -ENOMEM : 0;
}

static int take_summary(struct ty_recording_reader *reader, struct ty_wire_in *in)
{
	struct ty_recording_summary *summary = &reader->summary;
	uint64_t *numbers[] = { &summary->duration_ns, &summary->samples,    &summary->missed,
		                &summary->failed,      &summary->verified,   &summary->repaired,
		                &summary->torn,        &summary->incomplete, &summary->unreadable };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*numbers[i] = ty_wire_get_uint(in);
	summary->end_reason = ty_wire_get_uint32(in);
	reader->has_summary = true;
	return 0;
}

typedef int (*take_fn)(struct ty_recording_reader *reader, struct ty_wire_in *in);

/* Each takes one element; the sections hold as many as they are long. */
static const take_fn TAKE[] = {
	[TY_SECTION_RUN] = take_run,
	[TY_SECTION_STRINGS] = take_strings,
	[TY_SECTION_FUNCTIONS] = take_functions,
	[TY_SECTION_FRAMES] = take_frames,
	[TY_SECTION_THREADS] = take_threads,
	[TY_SECTION_NAMES] = take_names,
	[TY_SECTION_VERDICTS] = take_verdicts,
	[TY_SECTION_LISTING] = take_listing,
	[TY_SECTION_SUMMARY] = take_summary,
};

int ty_reader_take_sections(struct ty_recording_reader *reader)
{
	struct ty_wire_in in = ty_wire_in(reader->sections.items, reader->sections.count);

	for (size_t i = 0; i < reader->threads.count; i++)
		reader->threads.items[i]->events_left = 0;
	while (ty_wire_left(&in)) {
		uint64_t number = ty_wire_get_uint(&in), size_bytes = ty_wire_get_uint(&in);
		const uint8_t *bytes = ty_wire_get_bytes(&in, size_bytes);
		take_fn take = number < sizeof(TAKE) / sizeof(TAKE[0]) ? TAKE[number] : NULL;
		struct ty_wire_in section;

		if (!bytes)
			return -TY_ERECORDING;
		section = ty_wire_in(bytes, (size_t)size_bytes);
		while (take && ty_wire_left(&section)) {
			if (take(reader, &section) < 0)
				return ty_reader_no_memory(reader);
			if (section.failed)
				return -TY_ERECORDING;
		}
	}
	return 0;
}
