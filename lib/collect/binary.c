/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recordings: every sample to a file, as lib/recording writes it. What the target knows of a frame (its line, its
 * instruction) is asked when the frame is first seen at its place and written with it: when the file is read there is
 * no target.
 *
 * The cost of a sample follows what changed. `unchanged_frames` says how much of a stack is known, and a leaf that says
 * what it said last is compared as a whole; only the rest is looked up.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/recording.h>

#include "collect/listings.h"
#include "recording/format.h"
#include "recording/pack.h"
#include "recording/writer.h"
#include "util/map.h"
#include "util/options.h"

/* Threads of the target that ended are forgotten when there are more of them than living ones and this. */
#define DEAD_THREADS_KEPT 64

struct binary_thread {
	uint64_t key;
	uint64_t id;     /* of the kernel */
	uint32_t number; /* of the writer */
	uint64_t seen;   /* number of the snapshot it was last in */
	uint64_t samples;
	size_t known; /* how many outermost frames of its last stack were written and still hold */
	ty_frame leaf;
	char *name;
};

struct binary {
	ty_binary_options options;
	struct ty_recording_writer *writer;
	ty_target *target;
	int32_t pid; /* of the snapshot that is written */
	uint64_t target_samples;
	uint64_t snapshots;
	uint64_t last_us; /* time of the last snapshot, as written */
	struct ty_map sites;          /* function and offset -> number */
	struct ty_map forms;          /* site, and everything else of a frame -> number of the writer + 1 */
	TY_ARRAY(uint32_t) functions; /* by the target's id: number of the writer + 1 */
	TY_ARRAY(struct binary_thread) threads;
	struct ty_map thread_by_key;
	TY_ARRAY(uint64_t) owners;   /* keys of the threads that have the writer's numbers now */
	TY_ARRAY(uint32_t) stack;    /* scratch */
	struct ty_listings listings; /* says when to disassemble; the rows go to the writer */
};

/* ---- what is written once ---- */

static int find_function(struct binary *binary, uint32_t id, uint32_t *number)
{
	ty_function_info info = { .size = sizeof(info) };
	int64_t added;

	if (id < binary->functions.count && binary->functions.items[id]) {
		*number = binary->functions.items[id] - 1;
		return 0;
	}
	/* A wild id must not make the array huge: all unknown functions share the entry of id 0. */
	if (ty_function(binary->target, id, &info) != 0) {
		info = (ty_function_info){ .name = "<unknown>", .qualname = "<unknown>", .filename = "~" };
		id = 0;
	}
	while (binary->functions.count <= id)
		if (!ty_array_push(&binary->functions))
			return -ENOMEM;
	added = binary->functions.items[id] ? (int64_t)binary->functions.items[id] - 1
	                                    : ty_recording_add_function(binary->writer, &info);
	if (added < 0)
		return (int)added;
	binary->functions.items[id] = (uint32_t)added + 1;
	*number = (uint32_t)added;
	return 0;
}

static int add_frame(struct binary *binary, const ty_frame *frame, uint64_t key, uint32_t *number)
{
	struct ty_recording_frame added = {
		.frame = *frame,
		.location.size = sizeof(added.location),
		.instruction.size = sizeof(added.instruction),
	};
	int error = find_function(binary, frame->function, &added.function);
	int64_t result;

	if (error)
		return error;
	added.has_location = ty_location(binary->target, frame, &added.location) == 0;
	added.has_instruction =
	        binary->options.opcodes && ty_instruction(binary->target, frame, &added.instruction) == 0;
	result = ty_recording_add_frame(binary->writer, &added);
	if (result < 0)
		return (int)result;
	*number = (uint32_t)result;
	return ty_map_put(&binary->forms, key, (uint64_t)result + 1) ? 0 : -ENOMEM;
}

static int find_frame(struct binary *binary, const ty_frame *given, uint32_t *number)
{
	ty_frame frame = *given;
	uint64_t site, key;
	const uint64_t *found;

	if (!binary->options.opcodes) {
		frame.flags &= (uint8_t) ~(TY_FRAME_HAS_OPCODE | TY_FRAME_OPCODE_LATER);
		frame.opcode = frame.oparg = 0;
	}
	site = ty_map_number(&binary->sites, ((uint64_t)frame.function + 1) << 32 | (uint32_t)frame.offset);
	if (!site)
		return -ENOMEM;
	key = site << 32 | (uint32_t)frame.kind << 24 | (uint32_t)frame.flags << 16 | (uint32_t)frame.opcode << 8 |
	      frame.oparg;
	found = ty_map_get(&binary->forms, key);
	if (!found)
		return add_frame(binary, &frame, key, number);
	*number = (uint32_t)(*found - 1);
	return 0;
}

/* ---- disassemblies ---- */

static int give_row(const ty_disassembly_row *row, void *user_data)
{
	ty_recording_add_row(user_data, row);
	return 0;
}

/*
 * Of functions that run, soon after they are first seen and again when their samples have multiplied: at the end of a
 * script there is nothing left to read.
 */
static int note_leaf(struct binary *binary, const ty_frame *leaf)
{
	int due = leaf->kind == TY_FRAME_PYTHON ? ty_listings_count(&binary->listings, leaf->function, true) : 0;
	uint32_t number;
	int result;

	if (due <= 0)
		return due;
	if (find_function(binary, leaf->function, &number) < 0)
		return -ENOMEM;
	ty_recording_begin_listing(binary->writer, number);
	result = ty_disassemble(binary->target, leaf->function, give_row, binary->writer);
	binary->listings.target_ended = result == -TY_EEXITED;
	if (result == 0)
		ty_recording_end_listing(binary->writer);
	return 0;
}

/* ---- threads ---- */

/* Gives a thread its place in the file, which another one with its id may have had. */
static int place_thread(struct binary *binary, const ty_thread_info *info, struct binary_thread *thread)
{
	const struct ty_recording_thread identity = {
		/* Something that tells threads apart where the kernel's id is not known. */
		.id = info->native_id    ? info->native_id
		      : info->pthread_id ? info->pthread_id
		                         : info->thread_key,
		.key = info->thread_key,
		.native_id = info->native_id,
		.host_id = info->host_id,
		.pthread_id = info->pthread_id,
		.interpreter = info->interpreter,
		.pid = binary->pid,
	};
	int64_t number = ty_recording_add_thread(binary->writer, &identity);

	if (number < 0)
		return (int)number;
	while (binary->owners.count <= (size_t)number)
		if (!ty_array_push(&binary->owners))
			return -ENOMEM;
	binary->owners.items[number] = info->thread_key;
	thread->number = (uint32_t)number;
	thread->id = info->native_id;
	thread->known = 0;
	if (thread->name)
		ty_recording_name_thread(binary->writer, thread->number, thread->name);
	return 0;
}

static struct binary_thread *add_thread(struct binary *binary, uint64_t key)
{
	struct binary_thread *thread = ty_array_push(&binary->threads);

	if (!thread || !ty_map_put(&binary->thread_by_key, key + 1, binary->threads.count - 1))
		return NULL;
	thread->key = key;
	return thread;
}

static int find_thread(struct binary *binary, const ty_thread_info *info, size_t expected, struct binary_thread **out)
{
	struct binary_thread *thread = expected < binary->threads.count ? &binary->threads.items[expected] : NULL;
	const uint64_t *index;

	if (!thread || thread->key != info->thread_key) {
		index = ty_map_get(&binary->thread_by_key, info->thread_key + 1);
		thread = index ? &binary->threads.items[*index] : add_thread(binary, info->thread_key);
	}
	*out = thread;
	if (!thread)
		return -ENOMEM;
	/* New, known by another id by now, or its place was taken. */
	if (!thread->seen || thread->id != info->native_id || binary->owners.items[thread->number] != thread->key)
		return place_thread(binary, info, thread);
	return 0;
}

/* Asks when a thread was seen once, twice, four times, …: it may get its name when it already runs. */
static int learn_name(struct binary *binary, struct binary_thread *thread)
{
	uint64_t samples = ++thread->samples;
	const char *name = samples & (samples - 1) ? "" : ty_thread_name(binary->target, thread->key);
	char *copy;

	if (!*name || (thread->name && strcmp(name, thread->name) == 0))
		return 0;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	free(thread->name);
	thread->name = copy;
	ty_recording_name_thread(binary->writer, thread->number, name);
	return 0;
}

static void drop_dead_threads(struct binary *binary, size_t living)
{
	size_t kept = 0;

	if (binary->threads.count <= 2 * living + DEAD_THREADS_KEPT)
		return;
	ty_map_clear(&binary->thread_by_key);
	for (size_t i = 0; i < binary->threads.count; i++) {
		struct binary_thread *thread = &binary->threads.items[i];

		if (thread->seen != binary->snapshots) {
			free(thread->name);
			continue;
		}
		/* Cannot fail: the map held more than this a moment ago. */
		(void)ty_map_put(&binary->thread_by_key, thread->key + 1, kept);
		binary->threads.items[kept++] = *thread;
	}
	binary->threads.count = kept;
}

/* ---- samples ---- */

static bool is_written(const struct binary *binary, const ty_thread_info *info)
{
	return info->verdict <= TY_REPAIRED || binary->options.trust == TY_TRUST_ALL;
}

/*
 * Numbers of the frames, outermost first, into `stack` from `kept` on. What is not the leaf and did not change was
 * written; a leaf may have changed its opcode in place.
 */
static int number_frames(struct binary *binary, const ty_thread_info *info, size_t kept)
{
	int error = 0;

	if (!ty_array_reserve(&binary->stack, info->frame_count + 1))
		return -ENOMEM;
	for (size_t i = kept; !error && i < info->frame_count; i++)
		error = find_frame(binary, &info->frames[info->frame_count - 1 - i], &binary->stack.items[i]);
	return error;
}

static int add_stack(struct binary *binary, struct binary_thread *thread, const ty_thread_info *info, uint64_t time_ns,
                     bool follows)
{
	size_t depth = is_written(binary, info) ? info->frame_count : 0;
	size_t kept = follows && thread->seen + 1 == binary->snapshots ? info->unchanged_frames : 0;
	int error = 0;

	if (kept > thread->known)
		kept = thread->known;
	if (kept > depth)
		kept = depth;
	/*
	 * The leaf has its opcode, which may have changed in place; one that waits for what it called has none. So what
	 * is the leaf now, and what was it, are other frames to the file unless they are both.
	 */
	if (kept && (kept == depth || kept == thread->known) &&
	    (depth != thread->known || memcmp(&info->frames[0], &thread->leaf, sizeof(thread->leaf)) != 0))
		kept--;
	if (depth && kept < depth)
		error = number_frames(binary, info, kept);
	if (!error && depth && binary->options.opcodes)
		error = note_leaf(binary, &info->frames[0]);
	if (!error)
		error = ty_recording_add_sample(binary->writer, thread->number, time_ns, info->status, info->verdict,
		                                binary->stack.items, depth, kept);
	thread->known = depth;
	if (depth)
		thread->leaf = info->frames[0];
	thread->seen = binary->snapshots;
	return error ? error : learn_name(binary, thread);
}

/* Whether this is the very next snapshot after the last one we saw. */
static bool count_snapshot(struct binary *binary)
{
	ty_target_counters counters = { .size = sizeof(counters) };
	uint64_t before = binary->target_samples;

	binary->snapshots++;
	if (ty_target_statistics(binary->target, &counters) != 0)
		return false;
	binary->target_samples = counters.samples;
	return counters.samples == before + 1;
}

/*
 * The file counts in µs, and what it holds of one µs is one snapshot to its readers. Of a merged target two may fall into
 * one, of different processes: the second is written 1 µs later.
 */
static uint64_t distinct_time_ns(struct binary *binary, uint64_t time_ns)
{
	uint64_t time_us = time_ns / 1000;

	if (time_us <= binary->last_us)
		time_us = binary->last_us + 1;
	binary->last_us = time_us;
	return time_us * 1000;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct binary *binary = user_data;
	uint64_t time_ns = distinct_time_ns(binary, ty_snapshot_time(snapshot));
	size_t threads = ty_snapshot_threads(snapshot);
	bool follows = count_snapshot(binary);
	int error = ty_snapshot_target(snapshot) == binary->target ? 0 : -TY_ESTATE;

	binary->pid = ty_snapshot_pid(snapshot);
	for (size_t i = 0; !error && i < threads; i++) {
		ty_thread_info info = { .size = sizeof(info) };
		struct binary_thread *thread = NULL;

		error = ty_snapshot_thread(snapshot, i, &info);
		if (!error)
			error = find_thread(binary, &info, i, &thread);
		if (!error)
			error = add_stack(binary, thread, &info, time_ns, follows);
	}
	if (error)
		return error;
	drop_dead_threads(binary, threads);
	return ty_recording_pause(binary->writer, time_ns);
}

static int begin(const ty_run_info *run, void *user_data)
{
	ty_target_information target = { .size = sizeof(target), .runtime_path = "" };
	struct ty_recording_run recorded = {
		.start_time_ns = run->start_time_ns,
		.start_unix_ns = run->start_unix_ns,
		.interval_ns = run->interval_ns,
		.mode = (uint32_t)run->mode,
	};
	struct binary *binary = user_data;

	binary->target = binary->listings.target = run->target;
	if (run->target)
		(void)ty_target_info(run->target, &target);
	recorded.opcodes = binary->options.opcodes;
	recorded.python_hexversion = target.python_hexversion;
	recorded.python_version = target.python_version;
	recorded.free_threaded = target.free_threaded;
	recorded.pid = target.pid;
	recorded.namespace_pid = target.namespace_pid;
	recorded.runtime_path = target.runtime_path;
	return ty_recording_begin(binary->writer, &recorded);
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct ty_recording_summary recorded = {
		.duration_ns = summary->duration_ns,
		.samples = summary->samples,
		.missed = summary->missed,
		.failed = summary->failed,
		.verified = summary->verified,
		.repaired = summary->repaired,
		.torn = summary->torn,
		.incomplete = summary->incomplete,
		.unreadable = summary->unreadable,
		.end_reason = (uint32_t)summary->end_reason,
	};
	struct binary *binary = user_data;

	return ty_recording_finish(binary->writer, &recorded);
}

static void destroy(void *user_data)
{
	struct binary *binary = user_data;

	ty_recording_writer_free(binary->writer);
	ty_map_free(&binary->sites);
	ty_map_free(&binary->forms);
	ty_map_free(&binary->thread_by_key);
	for (size_t i = 0; i < binary->threads.count; i++)
		free(binary->threads.items[i].name);
	ty_array_free(&binary->threads);
	ty_array_free(&binary->functions);
	ty_array_free(&binary->owners);
	ty_array_free(&binary->stack);
	ty_listings_free(&binary->listings);
	free(binary);
}

static int take_options(struct binary *binary, const ty_binary_options *options)
{
	int error = ty_options_in(&binary->options, sizeof(binary->options), options);

	if (error || binary->options.compression < TY_COMPRESSION_AUTO ||
	    binary->options.compression > TY_COMPRESSION_NONE || binary->options.trust < TY_TRUST_PROVEN ||
	    binary->options.trust > TY_TRUST_ALL)
		return -TY_EOPTION;
	if (binary->options.compression == TY_COMPRESSION_AUTO)
		binary->options.compression = ty_pack_available() ? TY_COMPRESSION_ZSTD : TY_COMPRESSION_NONE;
	return 0;
}

int ty_binary_new(const ty_binary_options *options, const char *path, ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS), .begin = begin, .sample = sample, .end = end, .destroy = destroy
	};
	struct binary *binary = calloc(1, sizeof(*binary));
	int error = binary ? take_options(binary, options) : -ENOMEM;

	if (!error && (!path || !collector))
		error = -TY_EOPTION;
	if (!error)
		error = ty_recording_create(path,
		                            binary->options.compression == TY_COMPRESSION_ZSTD ? TY_RECORDING_ZSTD
		                                                                               : TY_RECORDING_PLAIN,
		                            &binary->writer);
	if (!error) {
		ty_listings_init(&binary->listings, NULL);
		error = ty_collector_new(&CALLBACKS, binary, collector);
	}
	if (error && binary)
		destroy(binary);
	return error;
}
