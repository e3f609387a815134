/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture file with any contents: it is opened, sampled, and all that it says is resolved. This is everything that a
 * hostile target can say, too. The last byte chooses the options.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tachyon/disassembly.h>
#include <tachyon/snapshot.h>

#define SAMPLES 3
#define FRAMES_MAX 2000
#define DISASSEMBLED_MAX 8

static int take_row(const ty_disassembly_row *row, void *user_data)
{
	size_t *rows = user_data;

	return ++*rows > 2000 || !row->argument_text;
}

static void use_frame(ty_target *target, const ty_frame *frame, int *disassembled)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };
	size_t rows = 0;

	if (ty_function(target, frame->function, &function) != 0)
		abort();
	if (!function.name || !function.qualname || !function.filename)
		abort();
	ty_location(target, frame, &location);
	ty_instruction(target, frame, &instruction);
	if ((*disassembled)++ < DISASSEMBLED_MAX)
		ty_disassemble(target, frame->function, take_row, &rows);
}

static void use_snapshot(ty_target *target, const ty_snapshot *snapshot)
{
	int disassembled = 0;

	for (size_t i = 0; i < ty_snapshot_threads(snapshot) && i < 100; i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_snapshot_thread(snapshot, i, &thread) != 0 || thread.frame_count > FRAMES_MAX)
			abort();
		for (uint32_t f = 0; f < thread.frame_count; f++)
			use_frame(target, &thread.frames[f], &disassembled);
		ty_thread_name(target, thread.thread_key);
	}
}

static void use_capture(const char *path, uint8_t choice)
{
	ty_attach_options options = {
		.size = sizeof(options),
		.threads = choice & 1,
		.opcodes = choice >> 1 & 1,
		.stop_policy = choice >> 2 & 1 ? TY_STOP_THREAD : TY_STOP_NEVER,
		.max_frames = FRAMES_MAX,
	};
	const ty_snapshot *snapshot;
	ty_target *target;

	if (ty_open_capture(path, &options, &target) == 0)
		for (int i = 0; i < SAMPLES; i++)
			if (ty_sample(target, &snapshot) == 0)
				use_snapshot(target, snapshot);
	ty_detach(target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	char path[64];

	if (fd < 0 || (size_bytes && write(fd, data, size_bytes) != (ssize_t)size_bytes))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	use_capture(path, size_bytes ? data[size_bytes - 1] : 0);
	close(fd);
	return 0;
}
