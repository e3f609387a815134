/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ty_recorder: the writer for those who have samples but no target.
 *
 * A frame whose offset is not known is told from others of its function by its lines and columns alone. A recording
 * finds places by function and offset, so every such place becomes a function of its own, as when CPython's recordings
 * are read (reader_foreign.c).
 */
#include <tachyon/recording.h>
#include <tachyon/sampler.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recording/format.h"
#include "recording/pack.h"
#include "recording/writer.h"
#include "util/array.h"
#include "util/map.h"
#include "util/options.h"
#include "util/strtab.h"

/* What tells functions apart: names, first line, and a place where the offset is not known. */
#define FUNCTION_PARTS 7

struct ty_recorder {
	struct ty_recording_writer *writer;
	bool finished;
	struct ty_strtab strings;
	struct ty_map functions[FUNCTION_PARTS]; /* a chain of exact keys; the last one's numbers are functions */
	struct ty_map interpreters, ids, threads;
	TY_ARRAY(uint32_t) thread_numbers; /* of the writer */
	TY_ARRAY(uint32_t) stack;          /* scratch: outermost first */
	uint64_t stacks, snapshots;
	uint64_t first_ns, last_ns;
};

int ty_compression_available(int compression)
{
	if (compression == TY_COMPRESSION_ZSTD)
		return ty_pack_available();
	return compression == TY_COMPRESSION_AUTO || compression == TY_COMPRESSION_NONE;
}

static int take_options(ty_recorder_options *options, const ty_recorder_options *given)
{
	int result = ty_options_in(options, sizeof(*options), given);

	if (result == 0 && (options->compression < TY_COMPRESSION_AUTO || options->compression > TY_COMPRESSION_NONE ||
	                    options->mode > TY_MODE_EXCEPTION || options->features >= TY_FEATURE_BLOCKING << 1))
		result = -TY_EOPTION;
	if (options->compression == TY_COMPRESSION_AUTO)
		options->compression = ty_pack_available() ? TY_COMPRESSION_ZSTD : TY_COMPRESSION_NONE;
	return result;
}

static int begin(ty_recorder *recorder, const ty_recorder_options *options, const char *path)
{
	const struct ty_recording_run run = {
		.start_time_ns = options->start_time_ns,
		.start_unix_ns = options->start_unix_ns,
		.interval_ns = options->interval_ns,
		.mode = options->mode < 0 ? 0 : (uint32_t)options->mode,
		.mode_is_unknown = options->mode < 0,
		.features = options->features,
		.opcodes = (options->features & TY_FEATURE_OPCODES) != 0,
		.python_hexversion = options->python_hexversion,
		.python_version = options->python_hexversion >> 16,
		.runtime_path = "",
	};
	const struct ty_recording_measured nothing = { 0 };
	int result = ty_recording_create(
	        path, options->compression == TY_COMPRESSION_ZSTD ? TY_RECORDING_ZSTD : TY_RECORDING_PLAIN,
	        &recorder->writer);

	if (result < 0)
		return result;
	ty_recording_measure(recorder->writer, &nothing);
	return ty_recording_begin(recorder->writer, &run);
}

int ty_recorder_new(const ty_recorder_options *given, const char *path, ty_recorder **out)
{
	ty_recorder_options options;
	ty_recorder *recorder;
	int result;

	if (!path || !out)
		return -TY_EOPTION;
	*out = NULL;
	result = take_options(&options, given);
	if (result < 0)
		return result;
	recorder = calloc(1, sizeof(*recorder));
	if (!recorder)
		return -ENOMEM;
	result = begin(recorder, &options, path);
	if (result < 0)
		ty_recorder_free(recorder);
	else
		*out = recorder;
	return result;
}

void ty_recorder_free(ty_recorder *recorder)
{
	if (!recorder)
		return;
	ty_recording_writer_free(recorder->writer);
	ty_strtab_free(&recorder->strings);
	for (size_t i = 0; i < FUNCTION_PARTS; i++)
		ty_map_free(&recorder->functions[i]);
	ty_map_free(&recorder->interpreters);
	ty_map_free(&recorder->ids);
	ty_map_free(&recorder->threads);
	ty_array_free(&recorder->thread_numbers);
	ty_array_free(&recorder->stack);
	free(recorder);
}

/* ---- frames ---- */

static const char *name_of(const ty_recorded_frame *frame)
{
	const char *dot = frame->name ? NULL : strrchr(frame->qualname, '.');

	return frame->name ? frame->name : dot ? dot + 1 : frame->qualname;
}

static int32_t known(int32_t value)
{
	return value < -1 ? -1 : value;
}

/* Number of its function, from 0; *is_new: it has to be added to the writer. Negative: out of memory. */
static int64_t number_function(ty_recorder *recorder, const ty_recorded_frame *frame, bool *is_new)
{
	bool is_placed = frame->offset < 0;
	const uint32_t parts[FUNCTION_PARTS] = {
		ty_strtab_add(&recorder->strings, frame->qualname, strlen(frame->qualname)),
		ty_strtab_add(&recorder->strings, name_of(frame), strlen(name_of(frame))),
		frame->first_line,
		is_placed ? (uint32_t)known(frame->line) + 2 : 0,
		is_placed ? (uint32_t)known(frame->end_line) + 2 : 0,
		is_placed ? (uint32_t)known(frame->column) + 2 : 0,
		is_placed ? (uint32_t)known(frame->end_column) + 2 : 0,
	};
	size_t before = recorder->functions[FUNCTION_PARTS - 1].count;
	uint64_t number = ty_strtab_add(&recorder->strings, frame->filename, strlen(frame->filename));

	if (!parts[0] || !parts[1])
		return -ENOMEM;
	for (size_t i = 0; number && i < FUNCTION_PARTS; i++)
		number = ty_map_number(&recorder->functions[i], number << 32 | parts[i]);
	*is_new = recorder->functions[FUNCTION_PARTS - 1].count > before;
	return number ? (int64_t)number - 1 : -ENOMEM;
}

static int64_t find_function(ty_recorder *recorder, const ty_recorded_frame *frame)
{
	const ty_function_info info = { .name = name_of(frame),
		                        .qualname = frame->qualname,
		                        .filename = frame->filename,
		                        .first_line = frame->first_line };
	bool is_new = false;
	int64_t number = number_function(recorder, frame, &is_new);

	return number < 0 || !is_new ? number : ty_recording_add_function(recorder->writer, &info);
}

static int64_t add_frame(ty_recorder *recorder, const ty_recorded_frame *frame)
{
	bool has_opcode = frame->opcode >= 0;
	uint8_t opcode = has_opcode ? (uint8_t)frame->opcode : 0;
	struct ty_recording_frame added = {
		.frame = { .offset = known(frame->offset),
		           .kind = (uint8_t)frame->kind,
		           .flags = has_opcode ? TY_FRAME_HAS_OPCODE | TY_FRAME_OPCODE_LATER : 0,
		           .opcode = opcode },
		.has_location = frame->line >= 0,
		.has_instruction = has_opcode,
		.location = { .line = known(frame->line),
		              .end_line = known(frame->end_line),
		              .column = known(frame->column),
		              .end_column = known(frame->end_column) },
		.instruction = { .opcode = opcode, .executing = opcode, .flags = TY_INSTRUCTION_LATER },
	};
	int64_t function = find_function(recorder, frame);

	if (function < 0)
		return function;
	added.function = (uint32_t)function;
	return ty_recording_add_frame(recorder->writer, &added);
}

int ty_recorder_frame(ty_recorder *recorder, const ty_recorded_frame *given, uint32_t *number)
{
	ty_recorded_frame frame = { 0 };
	int64_t result = given ? ty_options_in(&frame, sizeof(frame), given) : -TY_EOPTION;

	if (result == 0 && (!frame.filename || !frame.qualname || !number || frame.opcode > UINT8_MAX ||
	                    frame.offset > TY_RECORDING_OFFSET_MAX || frame.kind < 0 || frame.kind > TY_FRAME_GC))
		result = -TY_EOPTION;
	if (result == 0 && recorder->finished)
		result = -TY_ESTATE;
	if (result == 0)
		result = add_frame(recorder, &frame);
	if (result < 0)
		return (int)result;
	*number = (uint32_t)result;
	return 0;
}

/* ---- stacks ---- */

static int64_t add_thread(ty_recorder *recorder, const ty_recorded_stack *stack, uint64_t key)
{
	const struct ty_recording_thread identity = { .id = stack->native_id,
		                                      .key = key,
		                                      .native_id = stack->native_id,
		                                      .host_id = stack->native_id,
		                                      .interpreter = stack->interpreter };
	int64_t number = ty_recording_add_thread(recorder->writer, &identity);
	uint32_t *place = number < 0 ? NULL : ty_array_push(&recorder->thread_numbers);

	if (!place)
		return number < 0 ? number : -ENOMEM;
	*place = (uint32_t)number;
	return number;
}

static int64_t find_thread(ty_recorder *recorder, const ty_recorded_stack *stack)
{
	/* No key of a map is 0. */
	uint64_t interpreter = ty_map_number(&recorder->interpreters, (uint64_t)stack->interpreter + 1);
	uint64_t id = ty_map_number(&recorder->ids, stack->native_id + 1 ? stack->native_id + 1 : UINT64_MAX);
	uint64_t thread = interpreter && id ? ty_map_number(&recorder->threads, interpreter << 32 | id) : 0;

	if (!thread)
		return -ENOMEM;
	if (thread <= recorder->thread_numbers.count)
		return recorder->thread_numbers.items[thread - 1];
	return add_thread(recorder, stack, thread);
}

/* The frames, checked and outermost first. */
static int turn_around(ty_recorder *recorder, const ty_recorded_stack *stack)
{
	uint32_t known_frames = ty_recording_frames(recorder->writer);

	if (stack->frame_count > TY_RECORDING_DEPTH_MAX)
		return -TY_ELIMIT;
	if (!ty_array_reserve(&recorder->stack, stack->frame_count + 1))
		return -ENOMEM;
	for (uint32_t i = 0; i < stack->frame_count; i++) {
		if (stack->frames[i] >= known_frames)
			return -TY_ENOTFOUND;
		recorder->stack.items[stack->frame_count - 1 - i] = stack->frames[i];
	}
	return 0;
}

static void count_stack(ty_recorder *recorder, uint64_t time_ns)
{
	if (!recorder->stacks)
		recorder->first_ns = recorder->last_ns = time_ns;
	recorder->snapshots += !recorder->stacks || time_ns != recorder->last_ns;
	if (time_ns > recorder->last_ns)
		recorder->last_ns = time_ns;
	recorder->stacks++;
}

int ty_recorder_stack(ty_recorder *recorder, const ty_recorded_stack *given)
{
	ty_recorded_stack stack = { 0 };
	int64_t result = given ? ty_options_in(&stack, sizeof(stack), given) : -TY_EOPTION;
	int error;

	if (result == 0 && ((!stack.frames && stack.frame_count) || stack.verdict < 0 || stack.verdict > TY_FAILED ||
	                    stack.time_ns / 1000 >= TY_RECORDING_US_MAX))
		result = -TY_EOPTION;
	if (result == 0 && recorder->finished)
		result = -TY_ESTATE;
	if (result == 0)
		result = turn_around(recorder, &stack);
	if (result < 0)
		return (int)result;
	ty_recording_begin_earlier(recorder->writer, stack.time_ns);
	result = find_thread(recorder, &stack);
	if (result < 0)
		return (int)result;
	error = ty_recording_add_sample(recorder->writer, (uint32_t)result, stack.time_ns, stack.status, stack.verdict,
	                                recorder->stack.items, stack.frame_count, 0);
	count_stack(recorder, stack.time_ns);
	return error < 0 ? error : ty_recording_pause(recorder->writer, stack.time_ns);
}

/* ---- the end ---- */

static bool is_figure(double value)
{
	return isfinite(value) && value >= 0;
}

int ty_recorder_measured(ty_recorder *recorder, uint32_t measured, double duration_s, double rate_hz,
                         double error_percent, double missed)
{
	const struct ty_recording_measured figures = { .given = measured,
		                                       .duration_s = duration_s,
		                                       .rate_hz = rate_hz,
		                                       .error_percent =
		                                               measured & TY_MEASURED_ERRORS ? error_percent : 0,
		                                       .missed = measured & TY_MEASURED_MISSED ? missed : 0 };

	if (recorder->finished)
		return -TY_ESTATE;
	if (!(measured & TY_MEASURED_RUN) || measured >= TY_MEASURED_MISSED << 1 || !is_figure(figures.duration_s) ||
	    !is_figure(figures.rate_hz) || !is_figure(figures.error_percent) || !is_figure(figures.missed))
		return -TY_EOPTION;
	ty_recording_measure(recorder->writer, &figures);
	return 0;
}

int ty_recorder_finish(ty_recorder *recorder)
{
	const struct ty_recording_summary summary = { .duration_ns = recorder->last_ns - recorder->first_ns,
		                                      .samples = recorder->snapshots,
		                                      .verified = recorder->stacks };

	if (recorder->finished)
		return -TY_ESTATE;
	recorder->finished = true;
	return ty_recording_finish(recorder->writer, &summary);
}

int ty_recorder_statistics(const ty_recorder *recorder, ty_recorder_counters *counters)
{
	ty_recorder_counters filled = { 0 };

	ty_recording_count(recorder->writer, &filled);
	return ty_options_out(counters, &filled, sizeof(filled));
}
