/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaying one recording or several. Each has its own numbers for functions and threads; to the outside there is one
 * row of ids, in the order in which the recordings name them. Several are aligned by their wall clocks: they may be of
 * machines that were started at different times.
 */
#include "sample/replay_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/options.h"

#define RECORDINGS_MAX 4096

void ty_replay_free(struct ty_replay *replay)
{
	if (!replay)
		return;
	for (size_t i = 0; i < replay->sources.count; i++) {
		ty_reader_free(replay->sources.items[i]->reader);
		free(replay->sources.items[i]);
	}
	ty_array_free(&replay->sources);
	ty_array_free(&replay->functions);
	free(replay);
}

/* ---- opening ---- */

static uint32_t number_function(uint32_t index, void *user_data)
{
	struct ty_replay_source *source = user_data;
	struct ty_replay *replay = source->replay;
	struct ty_replay_owner *owner = ty_array_push(&replay->functions);

	if (!owner)
		return 0;
	owner->source = (uint32_t)(source->thread_base >> KEY_SHIFT);
	owner->index = index;
	return (uint32_t)replay->functions.count;
}

/* Where the wall clocks are known, times of all are counted on the first one's monotonic clock. */
static int64_t shift_of(const struct ty_recording_run *first, const struct ty_recording_run *run)
{
	if (!first->start_unix_ns || !run->start_unix_ns)
		return (int64_t)(first->start_time_ns - run->start_time_ns);
	return (int64_t)(run->start_unix_ns - first->start_unix_ns) -
	       (int64_t)(run->start_time_ns - first->start_time_ns);
}

/* Drops the last one, which could not be read at all. */
static void drop_source(struct ty_replay *replay, size_t functions)
{
	struct ty_replay_source *source = replay->sources.items[--replay->sources.count];

	ty_reader_free(source->reader);
	free(source);
	replay->functions.count = functions;
}

static int add_source(struct ty_replay *replay, const char *path)
{
	struct ty_replay_source *source = calloc(1, sizeof(*source));
	size_t functions = replay->functions.count;
	int result;

	if (!source || !ty_array_reserve(&replay->sources, replay->sources.count + 1)) {
		free(source);
		return ty_fail(&replay->target->error, -ENOMEM, "out of memory");
	}
	source->replay = replay;
	source->thread_base = (uint64_t)replay->sources.count << KEY_SHIFT;
	replay->sources.items[replay->sources.count++] = source;
	result = ty_reader_open(path, &replay->target->error, &source->reader);
	if (result == 0) {
		source->reader->number = number_function;
		source->reader->number_user_data = source;
		/* The first chunk says what the run was. */
		result = ty_reader_start(source->reader);
	}
	if (result < 0) {
		drop_source(replay, functions);
		return result;
	}
	source->shift_ns = shift_of(&replay->sources.items[0]->reader->run, &source->reader->run);
	return 0;
}

int ty_open_recording(const char *path, const ty_attach_options *options, ty_target **out)
{
	int result = ty_target_new(options, out);
	ty_target *target = *out;
	struct ty_replay *replay;

	if (result < 0)
		return result;
	replay = calloc(1, sizeof(*replay));
	if (!replay)
		return ty_fail(&target->error, -ENOMEM, "out of memory");
	replay->target = target;
	target->replay = replay;
	target->is_capture = true;
	target->snapshot.target = target;
	result = add_source(replay, path);
	if (result == 0)
		target->attached = true;
	return result;
}

int ty_add_recording(ty_target *target, const char *path)
{
	struct ty_replay *replay = target->replay;

	if (!replay || !target->attached || replay->snapshots)
		return ty_fail(&target->error, -TY_ESTATE, "not a recording, or one that was sampled already");
	if (replay->sources.count == RECORDINGS_MAX)
		return ty_fail(&target->error, -TY_ELIMIT, "at most %d recordings at once", RECORDINGS_MAX);
	return add_source(replay, path);
}

/* ---- samples ---- */

static uint64_t shifted(const struct ty_replay_source *source, uint64_t time_us)
{
	int64_t time_ns = (int64_t)(time_us * 1000);

	if (source->shift_ns < 0 && time_ns < -source->shift_ns)
		return 0;
	return source->shift_ns > 0 && time_ns > INT64_MAX - source->shift_ns ? INT64_MAX
	                                                                      : (uint64_t)(time_ns + source->shift_ns);
}

/* The recording whose next snapshot is the earliest. 0; 1: all are over; negative: the error of one. */
static int choose_source(struct ty_replay *replay)
{
	uint64_t earliest_ns = 0;

	replay->current = NULL;
	for (size_t i = 0; i < replay->sources.count; i++) {
		struct ty_replay_source *source = replay->sources.items[i];
		uint64_t time_us = 0, time_ns;
		int result = source->over ? 1 : ty_reader_peek(source->reader, &time_us);

		source->over = result != 0;
		/* What is damaged is told once; the others go on if the caller does. */
		if (result < 0)
			return result;
		time_ns = shifted(source, time_us);
		if (result == 0 && (!replay->current || time_ns < earliest_ns)) {
			replay->current = source;
			earliest_ns = time_ns;
		}
	}
	return replay->current ? 0 : 1;
}

int ty_replay_sample(ty_target *target)
{
	struct ty_replay *replay = target->replay;
	int result = choose_source(replay);

	if (result == 0)
		result = ty_reader_next(replay->current->reader);
	if (result < 0)
		return result;
	if (result > 0)
		return ty_fail(&target->error, -TY_EEXITED, "the recording is at its end");
	replay->last_ns = shifted(replay->current, replay->current->reader->time_us);
	if (!replay->snapshots++)
		replay->first_ns = replay->last_ns;
	target->snapshot.time_ns = replay->last_ns;
	return 0;
}

size_t ty_replay_threads(const struct ty_replay *replay)
{
	return replay->current ? replay->current->reader->current.count : 0;
}

int32_t ty_replay_pid(const struct ty_replay *replay)
{
	return ty_replay_threads(replay) ? replay->current->reader->current.items[0]->identity.pid : 0;
}

int ty_replay_thread(const struct ty_replay *replay, size_t index, ty_thread_info *info)
{
	const struct ty_reader_thread *thread;
	ty_thread_info filled;

	if (index >= ty_replay_threads(replay))
		return -TY_ENOTFOUND;
	thread = replay->current->reader->current.items[index];
	filled = (ty_thread_info){
		.native_id = thread->identity.native_id,
		.host_id = thread->identity.host_id,
		.pthread_id = thread->identity.pthread_id,
		.interpreter = thread->identity.interpreter,
		.status = thread->status,
		.verdict = thread->verdict <= TY_FAILED ? thread->verdict : TY_FAILED,
		.frames = ty_reader_frames(thread),
		.frame_count = (uint32_t)thread->depth,
		/* With several recordings the snapshot before may be another one's. */
		.unchanged_frames = replay->sources.count > 1 ? 0 : thread->unchanged_frames,
		.thread_key = replay->current->thread_base + thread->identity.key,
	};
	return ty_options_out(info, &filled, sizeof(filled));
}

/* ---- the rest ---- */

const char *ty_replay_thread_name(const struct ty_replay *replay, uint64_t thread_key)
{
	size_t number = (size_t)(thread_key >> KEY_SHIFT);
	const struct ty_recording_reader *reader =
	        number < replay->sources.count ? replay->sources.items[number]->reader : NULL;

	for (size_t i = 0; reader && i < reader->threads.count; i++)
		if (replay->sources.items[number]->thread_base + reader->threads.items[i]->identity.key == thread_key)
			return reader->threads.items[i]->name;
	return "";
}

static const struct ty_recording_reader *first_of(const struct ty_replay *replay)
{
	return replay->sources.items[0]->reader;
}

void ty_replay_target_info(const struct ty_replay *replay, ty_target_information *information)
{
	const struct ty_recording_run *run = &first_of(replay)->run;

	information->python_version = run->python_version;
	information->python_hexversion = run->python_hexversion;
	information->free_threaded = run->free_threaded;
	information->is_capture = 1;
	information->pid = run->pid;
	information->namespace_pid = run->namespace_pid;
	information->runtime_path = first_of(replay)->is_ours && first_of(replay)->strings.count
	                                    ? ty_reader_string(first_of(replay), first_of(replay)->strings.items[0])
	                                    : "";
}

void ty_replay_run(const struct ty_replay *replay, ty_run_info *info)
{
	const struct ty_recording_run *run = &first_of(replay)->run;

	info->start_time_ns = run->start_time_ns;
	info->start_unix_ns = run->start_unix_ns;
	info->interval_ns = run->interval_ns;
	info->mode = (int)run->mode;
	for (size_t i = 0; i < replay->sources.count; i++) {
		const struct ty_recording_run *one = &replay->sources.items[i]->reader->run;

		info->opcodes |= one->opcodes;
	}
}

/* The longest of several, unless they were one after the other: then from the first sample to the last one. */
static uint64_t duration_of(const struct ty_replay *replay)
{
	uint64_t longest_ns = replay->last_ns - replay->first_ns;

	for (size_t i = 0; i < replay->sources.count; i++) {
		const struct ty_recording_reader *reader = replay->sources.items[i]->reader;

		if (reader->has_summary && reader->summary.duration_ns > longest_ns)
			longest_ns = reader->summary.duration_ns;
	}
	return longest_ns;
}

void ty_replay_summary(const struct ty_replay *replay, ty_run_summary *summary)
{
	summary->missed = summary->failed = 0;
	for (size_t i = 0; i < replay->sources.count; i++) {
		const struct ty_recording_reader *reader = replay->sources.items[i]->reader;

		summary->missed += reader->has_summary ? reader->summary.missed : 0;
		summary->failed += reader->has_summary ? reader->summary.failed : 0;
	}
	summary->duration_ns = duration_of(replay);
}

/* How far a file has been read. CPython's are one piece, so their samples are what moves. */
static uint64_t bytes_read(const struct ty_recording_reader *reader)
{
	if (reader->ended && !reader->heap.count)
		return reader->size_bytes;
	if (reader->is_ours || !reader->sample_count)
		return reader->at_bytes < reader->size_bytes ? reader->at_bytes : reader->size_bytes;
	return (uint64_t)((double)reader->size_bytes * (double)reader->given_samples / (double)reader->sample_count);
}

static void describe_file(const struct ty_recording_reader *reader, ty_recording_information *information)
{
	information->python_hexversion = reader->run.python_hexversion;
	information->threads = reader->thread_count;
	information->strings = reader->string_count;
	information->frames = reader->frame_count;
	information->mode_known = !reader->run.mode_is_unknown;
	information->features = reader->run.features;
	information->measured = reader->measured.given;
	information->duration_s = reader->measured.duration_s;
	information->rate_hz = reader->measured.rate_hz;
	information->error_percent = reader->measured.error_percent;
	information->missed = reader->measured.missed;
}

int ty_recording_info(ty_target *target, ty_recording_information *information)
{
	ty_recording_information filled = { .finished = 1 };
	const struct ty_replay *replay = target->replay;
	ty_run_info run = { 0 };

	if (!replay || !target->attached)
		return ty_fail(&target->error, -TY_ESTATE, "the target is no recording");
	ty_replay_run(replay, &run);
	filled.interval_ns = run.interval_ns;
	filled.start_time_ns = run.start_time_ns;
	filled.start_unix_ns = run.start_unix_ns;
	filled.duration_ns = duration_of(replay);
	filled.mode = run.mode;
	filled.opcodes = run.opcodes;
	filled.by_cpython = !first_of(replay)->is_ours;
	filled.compression =
	        first_of(replay)->compression == TY_RECORDING_ZSTD ? TY_COMPRESSION_ZSTD : TY_COMPRESSION_NONE;
	filled.recordings = (int)replay->sources.count;
	describe_file(first_of(replay), &filled);
	for (size_t i = 0; i < replay->sources.count; i++) {
		const struct ty_recording_reader *reader = replay->sources.items[i]->reader;

		filled.stacks += reader->sample_count;
		filled.bytes += reader->size_bytes;
		filled.bytes_read += bytes_read(reader);
		filled.finished &= reader->is_finished || !reader->ended;
	}
	return ty_options_out(information, &filled, sizeof(filled));
}
