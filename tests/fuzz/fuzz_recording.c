/* SPDX-License-Identifier: Apache-2.0 */
/* A recording with any contents: it is opened, replayed to its end, and all that it says is resolved. */
#include "fuzz/any_recording.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>

#include <tachyon/disassembly.h>
#include <tachyon/recording.h>

#define SNAPSHOTS_MAX 2000
#define FRAMES_MAX 200

static int take_row(const ty_disassembly_row *row, void *user_data)
{
	(void)user_data;
	return !row->argument_text || !row->instruction->name;
}

static void use_frame(ty_target *target, const ty_frame *frame)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	ty_location_info location = { .size = sizeof(location) };
	ty_function_info function = { .size = sizeof(function) };

	if (ty_function(target, frame->function, &function) != 0 || !function.name || !function.qualname ||
	    !function.filename)
		abort();
	if (ty_location(target, frame, &location) != 0 || location.line < -1)
		abort();
	if (ty_instruction(target, frame, &instruction) == 0 && (!instruction.name || !instruction.base_name))
		abort();
	ty_disassemble(target, frame->function, take_row, NULL);
}

static void use_snapshot(ty_target *target, const ty_snapshot *snapshot)
{
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_snapshot_thread(snapshot, i, &thread) != 0 || thread.unchanged_frames > thread.frame_count)
			abort();
		for (uint32_t f = 0; f < thread.frame_count - thread.unchanged_frames && f < FRAMES_MAX; f++)
			use_frame(target, &thread.frames[f]);
		if (!ty_thread_name(target, thread.thread_key))
			abort();
	}
}

static void use_recording(const char *path)
{
	ty_recording_information information = { .size = sizeof(information) };
	const ty_snapshot *snapshot;
	ty_target *target;

	if (ty_open_recording(path, NULL, &target) == 0) {
		for (int i = 0; i < SNAPSHOTS_MAX && ty_sample(target, &snapshot) == 0; i++)
			use_snapshot(target, snapshot);
		if (ty_recording_info(target, &information) != 0 || information.bytes_read > information.bytes)
			abort();
	}
	ty_detach(target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
	fuzz_with_recording(data, size_bytes, use_recording);
	return 0;
}
