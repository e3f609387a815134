/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings, functions, frames and threads of a recording. A frame is asked for by its function and offset, as any frame
 * of a target is; those of CPython have no offset, so there every place is a function of its own (reader_foreign.c).
 */
#include "recording/reader_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Length of the UTF-8 sequence that begins here, with its bytes checked; 0: there is none. */
static size_t utf8_length(const uint8_t *at, size_t left)
{
	static const uint32_t SMALLEST[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = *at < 0x80 ? 1 : *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : *at >= 0xc0 ? 2 : 0;
	uint32_t code = length == 1 ? *at : *at & (0x7fU >> length);

	if (!length || length > left || *at > 0xf4 || !*at)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	return code < SMALLEST[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0 : length;
}

/* Surrogates, cut characters and NULs become U+FFFD, as strings of a target do. */
int ty_reader_add_string(struct ty_recording_reader *reader, const uint8_t *bytes, size_t size_bytes)
{
	struct ty_wire_out *text = &reader->block;
	uint32_t *string = ty_array_push(&reader->strings);

	if (!string)
		return -ENOMEM;
	text->count = 0;
	for (size_t i = 0; i < size_bytes;) {
		size_t length = utf8_length(bytes + i, size_bytes - i);

		if (length)
			ty_wire_put_bytes(text, bytes + i, length);
		else
			ty_wire_put_bytes(text, "\xef\xbf\xbd", 3);
		i += length ? length : 1;
	}
	*string = text->failed ? 0 : ty_strtab_add(&reader->interned, (const char *)text->items, text->count);
	return *string ? 0 : -ENOMEM;
}

const char *ty_reader_string(const struct ty_recording_reader *reader, uint32_t string)
{
	return ty_strtab_get(&reader->interned, string);
}

int ty_reader_add_function(struct ty_recording_reader *reader, struct ty_reader_function function)
{
	struct ty_reader_function *added = ty_array_push(&reader->functions);
	uint32_t index = (uint32_t)reader->functions.count - 1;

	if (!added)
		return -ENOMEM;
	*added = function;
	added->id = reader->number ? reader->number(index, reader->number_user_data) : index + 1;
	return added->id ? 0 : -ENOMEM;
}

static uint64_t site_of(const struct ty_recording_reader *reader, const ty_frame *frame)
{
	const uint64_t *number = ty_map_get(&reader->sites, (uint64_t)frame->function << 32 | (uint32_t)frame->offset);

	return number ? *number : 0;
}

static uint64_t form_of(uint64_t site, const ty_frame *frame)
{
	uint64_t opcode = frame->flags & TY_FRAME_HAS_OPCODE ? 0x100U | frame->opcode : 0;

	return site << 9 | opcode;
}

/* What is asked for without an opcode is the first one at its place, best with an instruction. */
int ty_reader_add_frame(struct ty_recording_reader *reader, struct ty_reader_frame frame)
{
	struct ty_reader_frame *added = ty_array_push(&reader->frames);
	uint64_t site =
	        ty_map_number(&reader->sites, (uint64_t)frame.frame.function << 32 | (uint32_t)frame.frame.offset);
	uint64_t index = reader->frames.count;
	const uint64_t *any;

	if (!added || !site)
		return -ENOMEM;
	*added = frame;
	if (!ty_map_put(&reader->forms, form_of(site, &frame.frame), index))
		return -ENOMEM;
	any = ty_map_get(&reader->forms, site << 9);
	if (any && (!frame.has_instruction || reader->frames.items[*any - 1].has_instruction))
		return 0;
	return ty_map_put(&reader->forms, site << 9, index) ? 0 : -ENOMEM;
}

const struct ty_reader_frame *ty_reader_find(const struct ty_recording_reader *reader, const ty_frame *frame)
{
	uint64_t site = site_of(reader, frame);
	const uint64_t *index = site ? ty_map_get(&reader->forms, form_of(site, frame)) : NULL;

	if (site && !index)
		index = ty_map_get(&reader->forms, site << 9);
	return index ? &reader->frames.items[*index - 1] : NULL;
}

static bool is_thread(const struct ty_reader_thread *thread, uint64_t id, uint32_t interpreter)
{
	return thread->identity.id == id && (uint32_t)thread->identity.interpreter == interpreter;
}

/* The thread with that id, made if there is none. NULL: out of memory, or more threads than anybody has. */
struct ty_reader_thread *ty_reader_find_thread(struct ty_recording_reader *reader, uint64_t id, uint32_t interpreter)
{
	uint64_t key = ty_hash64(id ^ interpreter * 0x9e3779b97f4a7c15ULL) | 1;
	struct ty_reader_thread *thread;
	const uint64_t *index;

	if (reader->last_thread < reader->threads.count &&
	    is_thread(reader->threads.items[reader->last_thread], id, interpreter))
		return reader->threads.items[reader->last_thread];
	for (; (index = ty_map_get(&reader->thread_by_id, key)); key += 2) {
		reader->last_thread = (uint32_t)*index;
		if (is_thread(reader->threads.items[*index], id, interpreter))
			return reader->threads.items[*index];
	}
	thread = reader->threads.count < TY_RECORDING_THREADS_MAX ? calloc(1, sizeof(*thread)) : NULL;
	if (!thread || !ty_array_reserve(&reader->threads, reader->threads.count + 1) ||
	    !ty_map_put(&reader->thread_by_id, key, reader->threads.count)) {
		free(thread);
		return NULL;
	}
	thread->identity = (struct ty_recording_thread){
		.id = id, .native_id = id, .host_id = id, .interpreter = interpreter, .key = reader->threads.count + 1
	};
	thread->name = "";
	thread->last_us = reader->run.start_time_ns / 1000;
	reader->threads.items[reader->threads.count++] = thread;
	return thread;
}
