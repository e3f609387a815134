/* SPDX-License-Identifier: Apache-2.0 */
#include "recording/writer_state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a link leads: what is renamed in the end takes the place of the file and not of the link. */
static void resolve_path(struct ty_recording_writer *writer)
{
	char *resolved = realpath(writer->path, NULL);

	if (!resolved)
		return;
	free(writer->path);
	writer->path = resolved;
}

/* A file that will be written in place: what cannot be read again (a pipe) cannot have its header at the end. */
static int open_file(struct ty_recording_writer *writer)
{
	struct stat status;

	writer->fd = open(writer->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	writer->made = writer->fd >= 0;
	if (!writer->made && errno == EEXIST)
		writer->fd = open(writer->path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (writer->fd < 0)
		return -errno;
	if (fstat(writer->fd, &status) < 0)
		return -errno;
	if (!writer->made)
		resolve_path(writer);
	return S_ISREG(status.st_mode) ? 0 : -ESPIPE;
}

int ty_recording_create(const char *path, int compression, struct ty_recording_writer **out)
{
	struct ty_recording_writer *writer = calloc(1, sizeof(*writer));
	int result = 0;

	*out = NULL;
	if (!writer)
		return -ENOMEM;
	writer->fd = -1;
	writer->compression = compression;
	writer->path = strdup(path);
	if (!writer->path)
		result = -ENOMEM;
	if (!result && compression == TY_RECORDING_ZSTD)
		result = ty_packer_new(&writer->packer);
	if (!result)
		result = open_file(writer);
	if (result < 0)
		ty_recording_writer_free(writer);
	else
		*out = writer;
	return result;
}

int ty_writer_fail(struct ty_recording_writer *writer, int error)
{
	if (!writer->error && error < 0)
		writer->error = error;
	return writer->error;
}

static void free_thread(struct ty_writer_thread *thread)
{
	ty_array_free(&thread->stack);
	ty_wire_out_free(&thread->unchanged);
	ty_wire_out_free(&thread->verdicts);
	free(thread);
}

void ty_recording_writer_free(struct ty_recording_writer *writer)
{
	if (!writer)
		return;
	struct ty_wire_out *buffers[] = { &writer->frame_table,      &writer->function_section,
		                          &writer->frame_section,    &writer->thread_section,
		                          &writer->name_section,     &writer->listing,
		                          &writer->listing_sections, &writer->records,
		                          &writer->sections,         &writer->chunk };

	if (writer->made && !writer->begun)
		unlink(writer->path);
	if (writer->fd >= 0)
		close(writer->fd);
	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		ty_wire_out_free(buffers[i]);
	for (size_t i = 0; i < writer->threads.count; i++)
		free_thread(writer->threads.items[i]);
	ty_array_free(&writer->threads);
	ty_array_free(&writer->function_names);
	ty_map_free(&writer->thread_by_id);
	ty_strtab_free(&writer->strings);
	ty_strtab_free(&writer->names);
	ty_packer_free(writer->packer);
	free(writer->path);
	free(writer);
}

/* Strings longer than the reader takes are cut; where that is in a character does not matter: the reader repairs it. */
static uint32_t add_to(struct ty_recording_writer *writer, struct ty_strtab *table, const char *string)
{
	size_t length = string ? strnlen(string, TY_RECORDING_STRING_BYTES_MAX) : 0;
	uint32_t number = ty_strtab_add(table, string ? string : "", length);

	if (!number)
		ty_writer_fail(writer, -ENOMEM);
	return number;
}

static uint32_t add_string(struct ty_recording_writer *writer, const char *string)
{
	return add_to(writer, &writer->strings, string);
}

/* What was in the file is gone from here on. */
int ty_recording_begin(struct ty_recording_writer *writer, const struct ty_recording_run *run)
{
	struct ty_wire_out head = { 0 };
	int result = 0;

	if (writer->begun)
		return 0;
	writer->run = *run;
	writer->run.runtime_path = NULL;
	writer->begun = true;
	writer->chunk_began_us = run->start_time_ns / 1000;
	if (ftruncate(writer->fd, 0) < 0)
		return ty_writer_fail(writer, -errno);
	ty_writer_put_header(writer, 0, 0, &head);
	if (writer->compression == TY_RECORDING_ZSTD)
		ty_wire_put_bytes(&head, TY_RECORDING_EMPTY_FRAME, TY_RECORDING_EMPTY_FRAME_BYTES);
	result = head.failed ? -ENOMEM : ty_writer_write(writer, head.items, head.count);
	ty_wire_out_free(&head);
	/* Number 1, for section RUN. */
	if (result == 0 && !add_string(writer, run->runtime_path))
		result = -ENOMEM;
	return ty_writer_fail(writer, result);
}

void ty_recording_begin_earlier(struct ty_recording_writer *writer, uint64_t time_ns)
{
	if (writer->threads.count || time_ns >= writer->run.start_time_ns)
		return;
	writer->run.start_time_ns = time_ns;
	writer->chunk_began_us = time_ns / 1000;
}

void ty_recording_measure(struct ty_recording_writer *writer, const struct ty_recording_measured *measured)
{
	writer->measured = *measured;
	writer->is_measured = true;
}

uint32_t ty_recording_frames(const struct ty_recording_writer *writer)
{
	return writer->frames;
}

int64_t ty_recording_add_function(struct ty_recording_writer *writer, const ty_function_info *function)
{
	struct ty_wire_out *section = &writer->function_section;
	uint32_t *names = ty_array_reserve(&writer->function_names, writer->function_names.count + 2)
	                          ? &writer->function_names.items[writer->function_names.count]
	                          : NULL;

	if (!names)
		return ty_writer_fail(writer, -ENOMEM);
	names[0] = add_to(writer, &writer->names, function->filename);
	names[1] = add_to(writer, &writer->names, function->qualname);
	writer->function_names.count += 2;
	ty_wire_put_uint(section, add_string(writer, function->filename));
	ty_wire_put_uint(section, add_string(writer, function->qualname));
	ty_wire_put_uint(section, add_string(writer, function->name));
	ty_wire_put_uint(section, function->first_line);
	ty_wire_put_uint(section, function->bytecode_bytes);
	if (section->failed)
		ty_writer_fail(writer, -ENOMEM);
	return writer->error ? writer->error : (int64_t)writer->functions++;
}

/* CPython's form of a frame; string numbers there begin at 0. */
static void put_frame_row(struct ty_recording_writer *writer, const struct ty_recording_frame *frame)
{
	struct ty_wire_out *table = &writer->frame_table;
	const ty_location_info *at = &frame->location;
	bool known = frame->has_location && at->line >= 0;
	bool ends = known && at->end_line >= at->line, spans = known && at->column >= 0 && at->end_column >= 0;
	bool shown = frame->has_instruction && writer->run.python_hexversion >= TY_RECORDING_FIRST_PYTHON &&
	             frame->instruction.opcode < TY_RECORDING_NO_OPCODE;

	ty_wire_put_uint(table, writer->function_names.items[2 * frame->function] - 1);
	ty_wire_put_uint(table, writer->function_names.items[2 * frame->function + 1] - 1);
	ty_wire_put_int(table, known ? at->line : -1);
	ty_wire_put_int(table, ends ? at->end_line - at->line : 0);
	ty_wire_put_int(table, spans ? at->column : -1);
	ty_wire_put_int(table, spans ? at->end_column - at->column : 0);
	ty_wire_put_byte(table, shown ? (uint8_t)frame->instruction.opcode : TY_RECORDING_NO_OPCODE);
}

static void put_location(struct ty_wire_out *out, const ty_location_info *at)
{
	ty_wire_put_int(out, at->line);
	ty_wire_put_int(out, (int64_t)at->end_line - at->line);
	ty_wire_put_int(out, at->column);
	ty_wire_put_int(out, (int64_t)at->end_column - at->column);
}

int64_t ty_recording_add_frame(struct ty_recording_writer *writer, const struct ty_recording_frame *frame)
{
	struct ty_wire_out *section = &writer->frame_section;
	const ty_instruction_info *instruction = &frame->instruction;
	uint8_t bits = (frame->frame.offset >= 0 ? TY_FRAME_BIT_OFFSET : 0) |
	               (frame->has_location ? TY_FRAME_BIT_LOCATION : 0) |
	               (frame->frame.flags & TY_FRAME_HAS_OPCODE ? TY_FRAME_BIT_OPCODE : 0) |
	               (frame->has_instruction ? TY_FRAME_BIT_INSTRUCTION : 0);

	if (frame->function >= writer->functions)
		return ty_writer_fail(writer, -TY_ENOTFOUND);
	ty_wire_put_uint(section, frame->function);
	ty_wire_put_byte(section, bits);
	ty_wire_put_byte(section, frame->frame.kind);
	ty_wire_put_byte(section, frame->frame.flags);
	if (bits & TY_FRAME_BIT_OFFSET)
		ty_wire_put_uint(section, (uint32_t)frame->frame.offset);
	if (bits & TY_FRAME_BIT_LOCATION)
		put_location(section, &frame->location);
	if (bits & TY_FRAME_BIT_OPCODE) {
		ty_wire_put_byte(section, frame->frame.opcode);
		ty_wire_put_byte(section, frame->frame.oparg);
	}
	if (bits & TY_FRAME_BIT_INSTRUCTION) {
		ty_wire_put_uint(section, instruction->executing);
		ty_wire_put_uint(section, instruction->opcode);
		ty_wire_put_uint(section, instruction->flags);
		ty_wire_put_uint(section, instruction->argument);
	}
	put_frame_row(writer, frame);
	if (section->failed || writer->frame_table.failed)
		ty_writer_fail(writer, -ENOMEM);
	return writer->error ? writer->error : (int64_t)writer->frames++;
}

/* Exact: where the mixed key of two pairs is the same, the next key is tried. 0: out of memory. */
static struct ty_writer_thread *find_thread(struct ty_recording_writer *writer, uint64_t id, int64_t interpreter,
                                            uint32_t *number)
{
	uint64_t key = ty_hash64(id ^ (uint64_t)interpreter * 0x9e3779b97f4a7c15ULL) | 1;
	struct ty_writer_thread *thread;
	const uint64_t *found;

	for (; (found = ty_map_get(&writer->thread_by_id, key)); key += 2) {
		thread = writer->threads.items[*found];
		*number = (uint32_t)*found;
		if (thread->identity.id == id && (uint32_t)thread->identity.interpreter == (uint32_t)interpreter)
			return thread;
	}
	thread = calloc(1, sizeof(*thread));
	if (!thread || !ty_array_reserve(&writer->threads, writer->threads.count + 1) ||
	    !ty_map_put(&writer->thread_by_id, key, writer->threads.count)) {
		free(thread);
		return NULL;
	}
	thread->last_us = writer->run.start_time_ns / 1000;
	*number = (uint32_t)writer->threads.count;
	writer->threads.items[writer->threads.count++] = thread;
	return thread;
}

int64_t ty_recording_add_thread(struct ty_recording_writer *writer, const struct ty_recording_thread *identity)
{
	struct ty_wire_out *section = &writer->thread_section;
	struct ty_writer_thread *thread;
	uint32_t number;

	if (writer->error)
		return writer->error;
	thread = find_thread(writer, identity->id, identity->interpreter, &number);
	if (!thread)
		return ty_writer_fail(writer, -ENOMEM);
	/* Samples of two threads under one id cannot be told apart within a chunk. */
	if (thread->in_chunk && thread->identity.key != identity->key && ty_writer_flush(writer, NULL) < 0)
		return writer->error;
	thread->identity = *identity;
	thread->stack.count = 0;
	thread->is_new = true;
	ty_wire_put_uint(section, number);
	ty_wire_put_u64(section, identity->id);
	ty_wire_put_int(section, identity->interpreter);
	ty_wire_put_uint(section, identity->key);
	ty_wire_put_uint(section, identity->native_id);
	ty_wire_put_uint(section, identity->host_id);
	ty_wire_put_u64(section, identity->pthread_id);
	ty_wire_put_int(section, identity->pid);
	return section->failed ? ty_writer_fail(writer, -ENOMEM) : (int64_t)number;
}

void ty_recording_name_thread(struct ty_recording_writer *writer, uint32_t thread, const char *name)
{
	ty_wire_put_uint(&writer->name_section, thread);
	ty_wire_put_uint(&writer->name_section, add_string(writer, name));
}

void ty_recording_begin_listing(struct ty_recording_writer *writer, uint32_t function)
{
	writer->listing.count = 0;
	writer->listing_offset = writer->listing_line = 0;
	ty_wire_put_uint(&writer->listing, function);
}

/* What is the rule (the instruction follows, executes what it is, has no label and no handler) takes no byte. */
void ty_recording_add_row(struct ty_recording_writer *writer, const ty_disassembly_row *row)
{
	struct ty_wire_out *out = &writer->listing;
	const ty_instruction_info *instruction = row->instruction;
	const ty_location_info *at = row->location;
	uint8_t bits =
	        (uint8_t)((instruction->executing != instruction->opcode) | (row->target >= 0) << 1 |
	                  (row->label != 0) << 2 | (row->handler >= 0) << 3 |
	                  (row->argument_text && row->argument_text[0]) << 4 | (instruction->argument != 0) << 5);

	ty_wire_put_byte(out, bits);
	ty_wire_put_int(out, instruction->offset - writer->listing_offset);
	ty_wire_put_uint(out, instruction->opcode);
	ty_wire_put_uint(out, instruction->flags);
	ty_wire_put_int(out, (int64_t)at->line - writer->listing_line);
	ty_wire_put_int(out, (int64_t)at->end_line - at->line);
	ty_wire_put_int(out, at->column);
	ty_wire_put_int(out, (int64_t)at->end_column - at->column);
	if (bits & 1)
		ty_wire_put_uint(out, instruction->executing);
	if (bits & 2)
		ty_wire_put_uint(out, (uint32_t)row->target);
	if (bits & 4)
		ty_wire_put_uint(out, row->label);
	if (bits & 8) {
		ty_wire_put_uint(out, (uint32_t)row->handler);
		ty_wire_put_uint(out, row->handler_depth);
		ty_wire_put_byte(out, row->handler_lasti != 0);
	}
	if (bits & 16)
		ty_wire_put_uint(out, add_string(writer, row->argument_text));
	if (bits & 32)
		ty_wire_put_uint(out, instruction->argument);
	writer->listing_offset = instruction->offset;
	writer->listing_line = at->line;
}

void ty_recording_end_listing(struct ty_recording_writer *writer)
{
	ty_wire_put_uint(&writer->listing_sections, TY_SECTION_LISTING);
	ty_wire_put_uint(&writer->listing_sections, writer->listing.count);
	ty_wire_put_bytes(&writer->listing_sections, writer->listing.items, writer->listing.count);
	if (writer->listing.failed || writer->listing_sections.failed)
		ty_writer_fail(writer, -ENOMEM);
}
