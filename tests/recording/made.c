/* SPDX-License-Identifier: Apache-2.0 */
#include "made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

static void add_frame(struct made *made, uint32_t function, int32_t offset, uint8_t opcode)
{
	struct ty_recording_frame frame = {
		.function = function,
		.frame = { .offset = offset,
		           .kind = TY_FRAME_PYTHON,
		           .flags = opcode ? TY_FRAME_HAS_OPCODE : 0,
		           .opcode = opcode,
		           .oparg = 7 },
		.has_location = true,
		.has_instruction = opcode != 0,
		.location = { .line = offset + 1, .end_line = offset + 2, .column = 4, .end_column = 9 },
		.instruction = { .executing = opcode, .opcode = opcode, .argument = 300 },
	};

	ck_assert_int_ge(ty_recording_add_frame(made->writer, &frame), 0);
}

static void add_listing(struct made *made)
{
	const ty_instruction_info instruction = { .offset = 0, .executing = 2, .opcode = 3, .argument = 1 };
	const ty_location_info location = { .line = 1, .end_line = 1, .column = 0, .end_column = 3 };
	ty_disassembly_row row = { .instruction = &instruction,
		                   .location = &location,
		                   .argument_text = "to L1",
		                   .target = 20,
		                   .label = 1,
		                   .handler = 12,
		                   .handler_depth = 2,
		                   .handler_lasti = 1 };

	ty_recording_begin_listing(made->writer, 0);
	ty_recording_add_row(made->writer, &row);
	ty_recording_end_listing(made->writer);
}

void made_begin(struct made *made, int compression)
{
	const struct ty_recording_run run = { .start_time_ns = MADE_START_NS,
		                              .start_unix_ns = 77,
		                              .interval_ns = MADE_MS,
		                              .mode = 2,
		                              .opcodes = true,
		                              .python_hexversion = 0x030f00f0,
		                              .python_version = 0x030f,
		                              .pid = 4711,
		                              .namespace_pid = 1,
		                              .runtime_path = "/usr/bin/python" };
	const ty_function_info functions[] = {
		{ .first_line = 1, .name = "one", .qualname = "A.one", .filename = "/src/a.py", .bytecode_bytes = 40 },
		{ .first_line = 9, .name = "two", .qualname = "two", .filename = "/src/b.py", .bytecode_bytes = 20 },
	};

	snprintf(made->path, sizeof(made->path), "/tmp/tachyon-recording-XXXXXX");
	close(mkstemp(made->path));
	ck_assert_ok(ty_recording_create(made->path, compression, &made->writer));
	ck_assert_ok(ty_recording_begin(made->writer, &run));
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_eq(ty_recording_add_function(made->writer, &functions[i]), (int64_t)i);
	add_frame(made, 0, 0, 0);
	add_frame(made, 0, 10, 44);
	add_frame(made, 1, 0, 0);
	add_frame(made, 1, 10, 255);
	for (uint32_t i = 0; i < 2; i++) {
		const struct ty_recording_thread thread = {
			.id = 100 + i, .key = 1 + i, .native_id = 100 + i, .host_id = 900 + i, .pthread_id = 1ULL << 47
		};

		made->threads[i] = (uint32_t)ty_recording_add_thread(made->writer, &thread);
		ck_assert_uint_eq(made->threads[i], i);
	}
	ty_recording_name_thread(made->writer, made->threads[1], "worker");
	add_listing(made);
}

void made_value(struct made *made, uint32_t thread, uint64_t time_ms, const char *stack, uint32_t status, int verdict)
{
	uint32_t frames[64];
	size_t depth = strlen(stack);

	for (size_t i = 0; i < depth; i++)
		frames[i] = (uint32_t)(stack[i] - 'a');
	ck_assert_ok(ty_recording_add_sample(made->writer, made->threads[thread], MADE_START_NS + time_ms * MADE_MS,
	                                     status, verdict, frames, depth, 0));
}

void made_sample(struct made *made, uint32_t thread, uint64_t time_ms, const char *stack)
{
	made_value(made, thread, time_ms, stack, TY_THREAD_HAS_GIL, TY_VERIFIED);
}

void made_finish(struct made *made)
{
	const struct ty_recording_summary summary = { .duration_ns = 9 * MADE_MS,
		                                      .samples = 9,
		                                      .missed = 2,
		                                      .failed = 1,
		                                      .verified = 8,
		                                      .torn = 3,
		                                      .end_reason = 3 };

	ck_assert_ok(ty_recording_finish(made->writer, &summary));
}

void made_close(struct made *made)
{
	ty_recording_writer_free(made->writer);
	made->writer = NULL;
}

void made_remove(struct made *made)
{
	made_close(made);
	unlink(made->path);
}

uint8_t *made_read(const char *path, size_t *size_bytes)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 20);

	ck_assert_msg(file && bytes, "%s", path);
	*size_bytes = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

const char *made_text(const struct ty_recording_reader *reader, const struct ty_reader_thread *thread)
{
	static char text[64];
	const ty_frame *frames = ty_reader_frames(thread);

	(void)reader;
	for (size_t i = 0; i < thread->depth; i++)
		text[thread->depth - 1 - i] = (char)('a' + 2 * (frames[i].function - 1) + (frames[i].offset == 10));
	text[thread->depth] = '\0';
	return text;
}
