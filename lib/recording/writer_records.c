/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The samples of a recording: what changed of each thread's stack since its last sample. A stack that did not change
 * costs no more than its time, so the cost of a sample follows what moved, not its depth.
 */
#include "recording/writer_state.h"

#include <errno.h>

static void put_head(struct ty_wire_out *out, const struct ty_writer_thread *thread, enum ty_record_kind kind)
{
	ty_wire_put_u64(out, thread->identity.id);
	ty_wire_put_u32(out, (uint32_t)thread->identity.interpreter);
	ty_wire_put_byte(out, (uint8_t)kind);
}

static void flush_unchanged(struct ty_recording_writer *writer, struct ty_writer_thread *thread)
{
	if (!thread->unchanged_count)
		return;
	put_head(&writer->records, thread, TY_RECORD_REPEAT);
	writer->counters.records[TY_RECORD_REPEAT]++;
	ty_wire_put_uint(&writer->records, thread->unchanged_count);
	ty_wire_put_bytes(&writer->records, thread->unchanged.items, thread->unchanged.count);
	writer->records.failed |= thread->unchanged.failed;
	thread->unchanged.count = 0;
	thread->unchanged_count = 0;
}

void ty_writer_flush_records(struct ty_recording_writer *writer)
{
	for (size_t i = 0; i < writer->threads.count; i++)
		flush_unchanged(writer, writer->threads.items[i]);
}

/* Innermost first, as frames are written. */
static void put_frames(struct ty_wire_out *out, const uint32_t *stack, size_t from, size_t depth)
{
	for (size_t i = depth; i-- > from;)
		ty_wire_put_uint(out, stack[i]);
}

static void put_changed(struct ty_recording_writer *writer, struct ty_writer_thread *thread, uint64_t delta_us,
                        uint8_t status, const uint32_t *stack, size_t depth, size_t same)
{
	struct ty_wire_out *out = &writer->records;
	size_t dropped = thread->stack.count - same, fresh = depth - same;

	flush_unchanged(writer, thread);
	put_head(out, thread, same ? TY_RECORD_POP_PUSH : TY_RECORD_FULL);
	writer->counters.records[same ? TY_RECORD_POP_PUSH : TY_RECORD_FULL]++;
	writer->counters.frames_written += fresh;
	writer->counters.frames_saved += same;
	ty_wire_put_uint(out, delta_us);
	ty_wire_put_byte(out, status);
	if (same)
		ty_wire_put_uint(out, dropped);
	ty_wire_put_uint(out, fresh);
	put_frames(out, stack, same, depth);
}

static bool keep_stack(struct ty_writer_thread *thread, const uint32_t *stack, size_t depth, size_t same)
{
	if (!ty_array_reserve(&thread->stack, depth + 1))
		return false;
	for (size_t i = same; i < depth; i++)
		thread->stack.items[i] = stack[i];
	thread->stack.count = depth;
	return true;
}

/* Notes a verdict that is not what it was. */
static void note_value(struct ty_writer_thread *thread, uint32_t value)
{
	uint32_t code = value < TY_VERDICT_EXPLICIT ? value : TY_VERDICT_EXPLICIT;

	if (value != thread->value) {
		ty_wire_put_uint(&thread->verdicts, thread->since << TY_VERDICT_BITS | code);
		if (code == TY_VERDICT_EXPLICIT)
			ty_wire_put_uint(&thread->verdicts, value);
		thread->events++;
		thread->since = 0;
		thread->value = value;
	}
	thread->since++;
}

void ty_writer_put_verdicts(struct ty_recording_writer *writer, struct ty_wire_out *section)
{
	for (size_t i = 0; i < writer->threads.count; i++) {
		struct ty_writer_thread *thread = writer->threads.items[i];

		if (thread->events) {
			ty_wire_put_uint(section, i);
			ty_wire_put_uint(section, thread->events);
			ty_wire_put_bytes(section, thread->verdicts.items, thread->verdicts.count);
			section->failed |= thread->verdicts.failed;
		}
		thread->verdicts.count = 0;
		thread->events = 0;
		thread->since = 0;
		thread->in_chunk = false;
	}
}

int ty_recording_add_sample(struct ty_recording_writer *writer, uint32_t number, uint64_t time_ns, uint32_t status,
                            int verdict, const uint32_t *stack, size_t depth, size_t kept)
{
	struct ty_writer_thread *thread = writer->threads.items[number];
	uint64_t time_us = time_ns / 1000 > thread->last_us ? time_ns / 1000 : thread->last_us;
	uint64_t delta_us = time_us - thread->last_us;
	uint8_t shown = (uint8_t)(status & TY_RECORD_STATUS_BITS);
	size_t same = kept;

	if (depth > TY_RECORDING_DEPTH_MAX)
		depth = 0;
	if (same > depth || same > thread->stack.count)
		same = 0;
	while (same < depth && same < thread->stack.count && stack[same] == thread->stack.items[same])
		same++;
	if (same == depth && same == thread->stack.count && !thread->is_new) {
		ty_wire_put_uint(&thread->unchanged, delta_us);
		ty_wire_put_byte(&thread->unchanged, shown);
		thread->unchanged_count++;
		writer->counters.unchanged++;
		writer->counters.frames_saved += depth;
	} else {
		put_changed(writer, thread, delta_us, shown, stack, depth, same);
		if (!keep_stack(thread, stack, depth, same))
			return ty_writer_fail(writer, -ENOMEM);
	}
	note_value(thread, (uint32_t)verdict | (status & ~TY_RECORD_STATUS_BITS));
	thread->last_us = time_us;
	thread->in_chunk = true;
	thread->is_new = false;
	writer->samples++;
	return writer->records.failed || thread->unchanged.failed ? ty_writer_fail(writer, -ENOMEM) : writer->error;
}

void ty_recording_count(const struct ty_recording_writer *writer, ty_recorder_counters *counters)
{
	const struct ty_recording_counters *own = &writer->counters;

	counters->stacks = writer->samples;
	counters->repeat_records = own->records[TY_RECORD_REPEAT];
	counters->repeat_stacks = own->unchanged;
	counters->full_records = own->records[TY_RECORD_FULL];
	counters->pop_push_records = own->records[TY_RECORD_POP_PUSH];
	counters->frames_written = own->frames_written;
	counters->frames_saved = own->frames_saved;
	counters->bytes_written = writer->end_bytes;
}
