/* SPDX-License-Identifier: Apache-2.0 */
#include "sample/merged.h"

#include <errno.h>
#include <stdlib.h>

#include "sample/target.h"
#include "util/options.h"

/* One target that gave snapshots. */
struct source {
	ty_target *target;
	ty_target_counters counters;  /* as of its last snapshot */
	TY_ARRAY(uint32_t) functions; /* ours by its id; 0: not translated yet */
	struct ty_map its_functions;  /* its id by ours */
	struct ty_map threads;        /* our key by its key */
	struct ty_map its_threads;    /* and back */
};

struct ty_merged {
	ty_target *target; /* that this is behind */
	TY_ARRAY(struct source *) sources;
	struct ty_map source_by_target; /* index + 1 */
	struct source *current;         /* that the last snapshot came from; NULL: it has left */
	int32_t pid;                    /* of the last snapshot */
	uint64_t next_thread_key;
	ty_target_counters gone; /* sum of those that have left */
	TY_ARRAY(ty_thread_info) threads;
	TY_ARRAY(ty_frame) frames; /* of all of them */
};

/* ---- sources ---- */

static void free_source(struct source *source)
{
	if (!source)
		return;
	ty_array_free(&source->functions);
	ty_map_free(&source->its_functions);
	ty_map_free(&source->threads);
	ty_map_free(&source->its_threads);
	free(source);
}

static struct source *find_source(const struct ty_merged *merged, const ty_target *target)
{
	const uint64_t *index = ty_map_get(&merged->source_by_target, (uintptr_t)target);

	return index ? merged->sources.items[*index - 1] : NULL;
}

/* The merged target is described by its first source, as far as the others agree. */
static void describe(struct ty_merged *merged, const ty_target *source)
{
	struct py_runtime *runtime = &merged->target->runtime;

	if (!merged->target->attached) {
		runtime->hexversion = source->runtime.hexversion;
		runtime->address = source->runtime.address;
		runtime->offsets.free_threaded = source->runtime.offsets.free_threaded;
		memcpy(runtime->path, source->runtime.path, sizeof(runtime->path));
		merged->target->pid = source->pid;
		merged->target->namespace_pid = source->namespace_pid;
		merged->target->attached = true;
	}
	if (runtime->hexversion != source->runtime.hexversion)
		runtime->hexversion = 0;
}

static struct source *add_source(struct ty_merged *merged, ty_target *target)
{
	struct source *source = calloc(1, sizeof(*source));
	struct source **slot = source ? ty_array_push(&merged->sources) : NULL;

	if (!slot || !ty_map_put(&merged->source_by_target, (uintptr_t)target, merged->sources.count)) {
		merged->sources.count -= slot != NULL;
		free_source(source);
		return NULL;
	}
	*slot = source;
	source->target = target;
	describe(merged, target);
	return source;
}

static void add_counters(ty_target_counters *sum, const ty_target_counters *counters)
{
	sum->failed += counters->failed;
	sum->retries += counters->retries;
	sum->stops += counters->stops;
	sum->stop_ns += counters->stop_ns;
	sum->syscalls += counters->syscalls;
	sum->bytes_read += counters->bytes_read;
	sum->predicted += counters->predicted;
	sum->code_objects += counters->code_objects;
	sum->code_checks += counters->code_checks;
}

/* Drops a source from the list; the last one takes its place. */
static void remove_source(struct ty_merged *merged, struct source *source)
{
	size_t index = *ty_map_get(&merged->source_by_target, (uintptr_t)source->target) - 1;
	struct source *last = merged->sources.items[--merged->sources.count];

	add_counters(&merged->gone, &source->counters);
	merged->sources.items[index] = last;
	/* Cannot fail: its key is in the map. */
	(void)ty_map_put(&merged->source_by_target, (uintptr_t)last->target, index + 1);
	ty_map_remove(&merged->source_by_target, (uintptr_t)source->target);
	if (merged->current == source)
		merged->current = NULL;
	free_source(source);
}

/* ---- ids ---- */

/* Our id of a source's function; 0: out of memory. */
static uint32_t translate_function(struct ty_merged *merged, struct source *source, uint32_t id)
{
	uint32_t ours;

	if (id < source->functions.count && source->functions.items[id])
		return source->functions.items[id];
	ours = ty_codes_import(&merged->target->codes, &source->target->codes, id);
	if (!ours || !ty_map_put(&source->its_functions, ours, id))
		return 0;
	while (source->functions.count <= id)
		if (!ty_array_push(&source->functions))
			return 0;
	return source->functions.items[id] = ours;
}

/* Our key of a source's thread; 0: out of memory. */
static uint64_t translate_thread(struct ty_merged *merged, struct source *source, uint64_t key)
{
	const uint64_t *known = ty_map_get(&source->threads, key);
	uint64_t ours = known ? *known : ++merged->next_thread_key;

	if (known)
		return ours;
	return ty_map_put(&source->threads, key, ours) && ty_map_put(&source->its_threads, ours, key) ? ours : 0;
}

static uint32_t its_function(const struct ty_merged *merged, uint32_t id)
{
	const uint64_t *its = merged->current ? ty_map_get(&merged->current->its_functions, id) : NULL;

	return its ? (uint32_t)*its : 0;
}

/* ---- a snapshot ---- */

static int translate_frames(struct ty_merged *merged, struct source *source, const ty_thread_info *info)
{
	if (!ty_array_reserve(&merged->frames, merged->frames.count + info->frame_count))
		return -ENOMEM;
	for (uint32_t i = 0; i < info->frame_count; i++) {
		ty_frame frame = info->frames[i];

		if (frame.function)
			frame.function = translate_function(merged, source, frame.function);
		if (info->frames[i].function && !frame.function)
			return -ENOMEM;
		merged->frames.items[merged->frames.count++] = frame;
	}
	return 0;
}

/* Its frames are at the end of ours; they get their address when all are there. */
static int translate_one(struct ty_merged *merged, struct source *source, ty_thread_info *info, bool follows)
{
	int result = translate_frames(merged, source, info);

	info->native_id = info->host_id;
	info->thread_key = translate_thread(merged, source, info->thread_key);
	if (!follows)
		info->unchanged_frames = 0;
	return result < 0 ? result : info->thread_key ? 0 : -ENOMEM;
}

static void count_verdict(ty_target_counters *counters, int verdict)
{
	counters->verified += verdict == TY_VERIFIED;
	counters->repaired += verdict == TY_REPAIRED;
	counters->torn += verdict == TY_TORN;
	counters->incomplete += verdict == TY_INCOMPLETE;
}

static int translate(struct ty_merged *merged, struct source *source, const ty_snapshot *snapshot, bool follows)
{
	size_t at = 0;

	ty_array_clear(&merged->threads);
	ty_array_clear(&merged->frames);
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info *info = ty_array_push(&merged->threads);
		int result;

		if (!info)
			return -ENOMEM;
		info->size = sizeof(*info);
		result = ty_snapshot_thread(snapshot, i, info);
		if (result == 0)
			result = translate_one(merged, source, info, follows);
		if (result < 0)
			return result;
		count_verdict(&merged->target->counters, info->verdict);
	}
	for (size_t i = 0; i < merged->threads.count; i++) {
		merged->threads.items[i].frames = merged->frames.items + at;
		at += merged->threads.items[i].frame_count;
	}
	return 0;
}

/* Whether the snapshot is the next one of its source after the last that was given. */
static bool follows_last(struct source *source)
{
	uint64_t before = source->counters.samples;

	source->counters = (ty_target_counters){ .size = sizeof(source->counters) };
	ty_target_statistics(source->target, &source->counters);
	return source->counters.samples == before + 1;
}

int ty_merged_sample(ty_target *target, const ty_snapshot *snapshot, const ty_snapshot **out)
{
	struct ty_merged *merged = target->merged;
	ty_target *from = ty_snapshot_target(snapshot);
	struct source *source;
	int result;

	*out = NULL;
	if (!merged || from->merged)
		return ty_fail(&target->error, -TY_ESTATE,
		               "snapshots are merged from single targets into a merged one");
	source = find_source(merged, from);
	if (!source)
		source = add_source(merged, from);
	result = source ? translate(merged, source, snapshot, follows_last(source)) : -ENOMEM;
	if (result < 0)
		return ty_fail(&target->error, result, "merging a snapshot: %s", ty_strerror(result));
	merged->current = source;
	merged->pid = source->target->pid;
	target->counters.samples++;
	target->snapshot.time_ns = ty_snapshot_time(snapshot);
	*out = &target->snapshot;
	return 0;
}

int ty_merged_leave(ty_target *target, ty_target *source)
{
	struct source *leaving = target->merged ? find_source(target->merged, source) : NULL;

	if (!target->merged)
		return -TY_ESTATE;
	if (!leaving)
		return -TY_ENOTFOUND;
	remove_source(target->merged, leaving);
	return 0;
}

/* ---- the object ---- */

int ty_merged_new(ty_target **out)
{
	ty_target *target;

	if (!out)
		return -TY_EOPTION;
	*out = NULL;
	target = calloc(1, sizeof(*target));
	if (!target)
		return -ENOMEM;
	target->merged = calloc(1, sizeof(*target->merged));
	if (!target->merged || ty_codes_init(&target->codes, NULL) < 0) {
		ty_detach(target);
		return -ENOMEM;
	}
	target->merged->target = target;
	target->snapshot.target = target;
	*out = target;
	return 0;
}

void ty_merged_free(struct ty_merged *merged)
{
	if (!merged)
		return;
	for (size_t i = 0; i < merged->sources.count; i++)
		free_source(merged->sources.items[i]);
	ty_array_free(&merged->sources);
	ty_map_free(&merged->source_by_target);
	ty_array_free(&merged->threads);
	ty_array_free(&merged->frames);
	free(merged);
}

/* ---- questions ---- */

int32_t ty_merged_pid(const struct ty_merged *merged)
{
	return merged->pid;
}

size_t ty_merged_threads(const struct ty_merged *merged)
{
	return merged->threads.count;
}

int ty_merged_thread(const struct ty_merged *merged, size_t index, ty_thread_info *info)
{
	if (index >= merged->threads.count)
		return -TY_ENOTFOUND;
	return ty_options_out(info, &merged->threads.items[index], sizeof(*merged->threads.items));
}

const char *ty_merged_thread_name(const struct ty_merged *merged, uint64_t thread_key)
{
	const uint64_t *its = merged->current ? ty_map_get(&merged->current->its_threads, thread_key) : NULL;

	return its ? ty_thread_name(merged->current->target, *its) : "";
}

void ty_merged_statistics(const struct ty_merged *merged, ty_target_counters *counters)
{
	add_counters(counters, &merged->gone);
	for (size_t i = 0; i < merged->sources.count; i++)
		add_counters(counters, &merged->sources.items[i]->counters);
}

int ty_merged_instruction(const struct ty_merged *merged, const ty_frame *frame, ty_instruction_info *instruction)
{
	ty_frame its = *frame;

	its.function = its_function(merged, frame->function);
	return its.function ? ty_instruction(merged->current->target, &its, instruction) : -TY_ESTALE;
}

int ty_merged_disassemble(const struct ty_merged *merged, uint32_t function, ty_disassembly_fn callback,
                          void *user_data)
{
	uint32_t its = its_function(merged, function);
	int result = its ? ty_disassemble(merged->current->target, its, callback, user_data) : -TY_ESTALE;

	/* One process has ended, the merged target has not. */
	return result == -TY_EEXITED ? -TY_ESTALE : result;
}
