/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples of one chunk: checked and indexed by thread, then followed in the order of time by a heap of the threads'
 * next samples. A stack that does not change costs two numbers, whatever its depth.
 */
#include "recording/reader_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the first pass ---- */

static void check_frames(const struct ty_recording_reader *reader, struct ty_wire_in *in, uint64_t count)
{
	/* Each takes a byte at least. */
	if (count > ty_wire_left(in)) {
		in->failed = true;
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		in->failed |= ty_wire_get_uint(in) >= reader->frames.count;
}

static void check_repeats(struct ty_wire_in *in)
{
	uint64_t count = ty_wire_get_uint(in);

	if (count > ty_wire_left(in) / 2) {
		in->failed = true;
		return;
	}
	for (uint64_t i = 0; i < count && !in->failed; i++) {
		ty_wire_get_uint(in);
		ty_wire_get_byte(in);
	}
}

/* What stands behind the kind of a record. */
static void check_record(const struct ty_recording_reader *reader, struct ty_reader_thread *thread, uint8_t kind,
                         struct ty_wire_in *in)
{
	uint64_t kept = 0, fresh;

	if (kind == TY_RECORD_REPEAT) {
		check_repeats(in);
		return;
	}
	ty_wire_get_uint(in);
	ty_wire_get_byte(in);
	if (kind == TY_RECORD_SUFFIX || kind == TY_RECORD_POP_PUSH) {
		kept = ty_wire_get_uint(in);
		in->failed |= kept > thread->checked_depth;
		if (kind == TY_RECORD_POP_PUSH)
			kept = thread->checked_depth - kept;
	}
	fresh = ty_wire_get_uint(in);
	in->failed |=
	        kind > TY_RECORD_POP_PUSH || fresh > TY_RECORDING_DEPTH_MAX || kept > TY_RECORDING_DEPTH_MAX - fresh;
	if (!in->failed)
		check_frames(reader, in, fresh);
	thread->checked_depth = (size_t)(kept + fresh);
}

static int add_record(struct ty_recording_reader *reader, struct ty_reader_thread *thread, size_t at_bytes)
{
	struct ty_reader_record *record = ty_array_push(&reader->records);

	if (!record)
		return -ENOMEM;
	record->at_bytes = (uint32_t)at_bytes;
	if (thread->last_record)
		reader->records.items[thread->last_record - 1].next = (uint32_t)reader->records.count;
	else
		thread->first_record = (uint32_t)reader->records.count;
	thread->last_record = (uint32_t)reader->records.count;
	return 0;
}

static void begin_thread(struct ty_reader_thread *thread)
{
	thread->checked_depth = thread->depth;
	thread->first_record = thread->last_record = 0;
	thread->repeats = 0;
}

static bool peek_sample(struct ty_recording_reader *reader, struct ty_reader_thread *thread);
static int heap_add(struct ty_recording_reader *reader, uint32_t index);

static int start_threads(struct ty_recording_reader *reader)
{
	reader->heap.count = 0;
	if (!ty_array_reserve(&reader->heap, reader->threads.count + 1) ||
	    !ty_array_reserve(&reader->current, reader->threads.count + 1))
		return ty_reader_no_memory(reader);
	for (uint32_t i = 0; i < reader->threads.count; i++) {
		struct ty_reader_thread *thread = reader->threads.items[i];

		thread->record = thread->first_record;
		thread->repeats = 0;
		if (peek_sample(reader, thread))
			heap_add(reader, i);
	}
	return 0;
}

int ty_reader_index_samples(struct ty_recording_reader *reader, uint64_t at)
{
	struct ty_wire_in in = ty_wire_in(reader->raw.items, reader->raw.count);

	reader->records.count = 0;
	for (size_t i = 0; i < reader->threads.count; i++)
		begin_thread(reader->threads.items[i]);
	while (ty_wire_left(&in)) {
		size_t begin = (size_t)(in.at - reader->raw.items);
		uint64_t id = ty_wire_get_u64(&in);
		uint32_t interpreter = ty_wire_get_u32(&in);
		struct ty_reader_thread *thread;

		if (in.failed)
			return ty_reader_damaged(reader, at, "the samples end within a record (byte %zu of them)",
			                         begin);
		thread = ty_reader_find_thread(reader, id, interpreter);
		if (!thread || add_record(reader, thread, begin + TY_RECORD_HEAD_BYTES - 1) < 0)
			return ty_reader_no_memory(reader);
		check_record(reader, thread, ty_wire_get_byte(&in), &in);
		if (in.failed)
			return ty_reader_damaged(reader, at, "a record that cannot be (byte %zu of the samples)",
			                         begin);
	}
	return start_threads(reader);
}

/* ---- the second ---- */

static void take_time(struct ty_reader_thread *thread)
{
	uint64_t delta_us = ty_wire_get_uint(&thread->at);

	/* No clock runs that long. */
	thread->next_us =
	        delta_us < TY_RECORDING_US_MAX - thread->last_us ? thread->last_us + delta_us : TY_RECORDING_US_MAX;
	thread->next_status = ty_wire_get_byte(&thread->at);
}

/* Reads time and status of a thread's next sample. false: it has none in this chunk. */
static bool peek_sample(struct ty_recording_reader *reader, struct ty_reader_thread *thread)
{
	while (!thread->repeats) {
		const struct ty_reader_record *record;

		if (!thread->record)
			return false;
		record = &reader->records.items[thread->record - 1];
		thread->record = record->next;
		thread->at = ty_wire_in(reader->raw.items + record->at_bytes, reader->raw.count - record->at_bytes);
		thread->kind = ty_wire_get_byte(&thread->at);
		thread->repeats = thread->kind == TY_RECORD_REPEAT ? ty_wire_get_uint(&thread->at) : 1;
	}
	take_time(thread);
	return true;
}

static bool heap_less(const struct ty_recording_reader *reader, uint32_t a, uint32_t b)
{
	uint64_t a_us = reader->threads.items[a]->next_us, b_us = reader->threads.items[b]->next_us;

	return a_us != b_us ? a_us < b_us : a < b;
}

static void heap_sink(struct ty_recording_reader *reader, size_t at)
{
	uint32_t *heap = reader->heap.items, moved = heap[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= reader->heap.count)
			break;
		if (child + 1 < reader->heap.count && heap_less(reader, heap[child + 1], heap[child]))
			child++;
		if (!heap_less(reader, heap[child], moved))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = moved;
}

/* There is room for all threads. */
static int heap_add(struct ty_recording_reader *reader, uint32_t index)
{
	uint32_t *heap = reader->heap.items;
	size_t at = reader->heap.count++;

	for (; at && heap_less(reader, index, heap[(at - 1) / 2]); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = index;
	return 0;
}

static bool reserve_frames(struct ty_reader_thread *thread, size_t depth)
{
	size_t capacity = thread->capacity ? thread->capacity : 64;
	ty_frame *frames;

	if (depth <= thread->capacity)
		return true;
	while (capacity < depth)
		capacity *= 2;
	frames = malloc(capacity * sizeof(*frames));
	if (!frames)
		return false;
	if (thread->depth)
		memcpy(frames + capacity - thread->depth, ty_reader_frames(thread), thread->depth * sizeof(*frames));
	free(thread->frames);
	thread->frames = frames;
	thread->capacity = capacity;
	return true;
}

static bool same_place(const ty_frame *a, const ty_frame *b)
{
	return a->function == b->function && a->offset == b->offset && a->kind == b->kind;
}

/* Puts frames on top of the `kept` outermost ones. What is equal to what was there counts as unchanged. */
static int replace_frames(struct ty_recording_reader *reader, struct ty_reader_thread *thread, size_t kept,
                          size_t fresh)
{
	size_t before = thread->depth, unchanged = kept;
	struct ty_wire_in *in = &thread->at;
	ty_frame *top;

	if (!reserve_frames(thread, kept + fresh))
		return ty_reader_no_memory(reader);
	/* Innermost first in the file: so the last ones are compared with what is still there, and overwrite it then.
	 */
	top = thread->frames + (thread->capacity - kept - fresh);
	for (size_t i = 0; i < fresh; i++) {
		const ty_frame *frame = &reader->frames.items[ty_wire_get_uint(in)].frame;

		/* Its place among the outermost ones, from 0. */
		size_t place = kept + fresh - 1 - i;
		bool same = place < before && same_place(&top[i], frame);

		unchanged = same ? (unchanged == kept ? place + 1 : unchanged) : kept;
		top[i] = *frame;
	}
	thread->depth = kept + fresh;
	thread->unchanged_frames = (uint32_t)unchanged;
	return 0;
}

static int apply_sample(struct ty_recording_reader *reader, struct ty_reader_thread *thread)
{
	size_t kept = 0;

	thread->unchanged_frames = (uint32_t)thread->depth;
	if (thread->kind == TY_RECORD_REPEAT)
		return 0;
	if (thread->kind == TY_RECORD_SUFFIX)
		kept = (size_t)ty_wire_get_uint(&thread->at);
	if (thread->kind == TY_RECORD_POP_PUSH)
		kept = thread->depth - (size_t)ty_wire_get_uint(&thread->at);
	return replace_frames(reader, thread, kept, (size_t)ty_wire_get_uint(&thread->at));
}

/* Reads until when the value holds that holds from now on. Damaged ones were refused when the section was taken. */
static void read_event(struct ty_reader_thread *thread)
{
	thread->until_event = thread->events_left ? ty_wire_get_uint(&thread->events) : UINT64_MAX;
}

static void take_value(struct ty_reader_thread *thread)
{
	while (thread->events_left && thread->until_event >> TY_VERDICT_BITS == 0) {
		uint32_t code = thread->until_event & TY_VERDICT_EXPLICIT;

		thread->value = code == TY_VERDICT_EXPLICIT ? ty_wire_get_uint32(&thread->events) : code;
		thread->events_left--;
		read_event(thread);
	}
	if (thread->events_left)
		thread->until_event -= 1U << TY_VERDICT_BITS;
	thread->verdict = (int)(thread->value & TY_VERDICT_EXPLICIT);
	thread->status |= thread->value & ~TY_RECORD_STATUS_BITS;
}

/* The sample that was peeked at becomes the thread's state. */
static int take_sample(struct ty_recording_reader *reader, struct ty_reader_thread *thread)
{
	int result = apply_sample(reader, thread);

	if (thread->seen + 1 != reader->snapshot)
		thread->unchanged_frames = 0;
	thread->seen = reader->snapshot;
	thread->last_us = thread->next_us;
	thread->status = thread->next_status;
	thread->repeats--;
	take_value(thread);
	reader->given_samples++;
	return result;
}

int ty_reader_peek(struct ty_recording_reader *reader, uint64_t *time_us)
{
	int result = ty_reader_start(reader);

	if (result == 0)
		*time_us = reader->threads.items[reader->heap.items[0]]->next_us;
	return result;
}

int ty_reader_next(struct ty_recording_reader *reader)
{
	int result = ty_reader_peek(reader, &reader->time_us);

	if (result != 0)
		return result;
	reader->snapshot++;
	reader->current.count = 0;
	while (result == 0 && reader->heap.count) {
		uint32_t first = reader->heap.items[0];
		struct ty_reader_thread *thread = reader->threads.items[first];

		/* A thread that has a second sample at the same time begins another snapshot. */
		if (thread->next_us != reader->time_us || thread->seen == reader->snapshot)
			break;
		result = take_sample(reader, thread);
		reader->current.items[reader->current.count++] = thread;
		if (!peek_sample(reader, thread))
			reader->heap.items[0] = reader->heap.items[--reader->heap.count];
		if (reader->heap.count)
			heap_sink(reader, 0);
	}
	return result;
}
