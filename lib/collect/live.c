/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sampling thread's side: the collector, and what it asks the target for on behalf of the reader.
 *
 * Everything is asked when it is first seen: the reader must not use the target (one thread at a time per target), and
 * at the end there may be none. The function that somebody looks at is disassembled again after a second, two, four, …:
 * how the adaptive interpreter changes it shows, and what it costs is a fraction of a sample.
 */
#include "collect/live.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "collect/merge.h"
#include "util/clock.h"
#include "util/options.h"

#define REFRESH_FIRST_NS TY_NS_PER_SECOND
#define REFRESH_LONGEST_NS (64 * TY_NS_PER_SECOND)

/* ---- the lock ---- */

static void lock_to_sample(struct ty_live_source *source)
{
	atomic_store(&source->waiting, 1);
	pthread_mutex_lock(&source->lock);
	atomic_store(&source->waiting, 0);
}

void ty_live_lock(struct ty_live *live)
{
	while (atomic_load(&live->source.waiting))
		sched_yield();
	pthread_mutex_lock(&live->source.lock);
}

void ty_live_unlock(struct ty_live *live)
{
	pthread_mutex_unlock(&live->source.lock);
}

/* ---- samples ---- */

static int tally(struct ty_live_source *source, const struct ty_stacks_thread *thread, const ty_thread_info *info)
{
	struct ty_live_tally *tally;

	while (source->tallies.count <= thread->identity)
		if (!ty_array_push(&source->tallies))
			return -ENOMEM;
	tally = &source->tallies.items[thread->identity];
	if (info->verdict >= 0 && info->verdict < TY_VERDICTS)
		tally->verdicts[info->verdict]++;
	return ty_activity_add(&source->activity, thread->identity, info->status);
}

/* For ty_stacks. */
static int observe(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node, void *user_data)
{
	struct ty_live *live = user_data;
	int error = tally(&live->source, thread, info);

	if (error || !node || !live->opcodes || info->frames[0].kind != TY_FRAME_PYTHON)
		return error;
	live->source.listings.target = live->source.stacks.target;
	return ty_listings_note(&live->source.listings, info->frames[0].function, true);
}

/* A copy of a string; NULL: out of memory. */
static const char *keep(struct ty_live_source *source, const char *string)
{
	uint32_t id = ty_strtab_add(&source->strings, string, strlen(string));

	return id ? ty_strtab_get(&source->strings, id) : NULL;
}

/* Asks once for every function. One that the target does not know stays without a name. */
static int name_function(struct ty_live_source *source, uint32_t id)
{
	ty_function_info info = { .size = sizeof(info) };
	const char *filename, *name;

	if (id < source->names.count && source->names.items[id].name)
		return 0;
	/* A wild id must not make the array huge. */
	if (ty_function(source->stacks.target, id, &info) != 0)
		return 0;
	filename = keep(source, info.filename);
	name = keep(source, info.qualname);
	if (!filename || !name)
		return -ENOMEM;
	while (source->names.count <= id)
		if (!ty_array_push(&source->names))
			return -ENOMEM;
	source->names.items[id] = (struct ty_live_name){ filename, name, (int32_t)info.first_line };
	return 0;
}

static int32_t line_of(const struct ty_live_source *source, struct ty_callsite site)
{
	ty_frame frame = { .function = site.function, .offset = site.offset, .kind = site.kind };
	ty_location_info location = { .size = sizeof(location) };

	if (ty_location(source->stacks.target, &frame, &location) != 0 || location.line < 0)
		return 0;
	return location.line;
}

static int learn_new_nodes(struct ty_live_source *source)
{
	const struct ty_calltree *tree = &source->stacks.tree;
	int error = 0;

	for (size_t i = source->lines.count; !error && i < tree->nodes.count; i++) {
		struct ty_callsite site = tree->nodes.items[i].site;
		bool is_frame = i != TY_CALLTREE_ROOT && site.kind != TY_CALLTREE_THREAD;
		int32_t *line = ty_array_push(&source->lines);

		if (!line)
			return -ENOMEM;
		*line = is_frame ? line_of(source, site) : 0;
		error = is_frame ? name_function(source, site.function) : 0;
	}
	return error;
}

/* Reads the function that is looked at again when it is time. */
static int refresh_wanted(struct ty_live_source *source)
{
	uint64_t now = source->time_ns;
	int error = 0;

	if (!source->wanted)
		return 0;
	if (source->wanted == source->fresh && now < source->refresh_ns)
		return 0;
	if (source->wanted != source->fresh) {
		source->refresh_after_ns = REFRESH_FIRST_NS / 2;
		error = ty_listings_note(&source->listings, source->wanted, false);
	}
	source->fresh = source->wanted;
	if (source->refresh_after_ns < REFRESH_LONGEST_NS)
		source->refresh_after_ns *= 2;
	source->refresh_ns = now + source->refresh_after_ns;
	return error ? error : ty_listings_update(&source->listings, source->wanted);
}

/* One function a sample: a stack of hundred new ones must not make that sample a long one. */
static int list_next(struct ty_live_source *source)
{
	uint32_t function = source->listed + 1;
	int error;

	if (!source->lists_all || function >= source->names.count)
		return 0;
	source->listed = function;
	error = ty_listings_note(&source->listings, function, false);
	return error ? error : ty_listings_update(&source->listings, function);
}

static int begin(const ty_run_info *run, void *user_data)
{
	struct ty_live *live = user_data;

	lock_to_sample(&live->source);
	live->source.run = *run;
	live->source.stacks.target = live->source.listings.target = run->target;
	ty_live_unlock(live);
	return 0;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct ty_live *live = user_data;
	struct ty_live_source *source = &live->source;
	int error;

	lock_to_sample(source);
	source->time_ns = ty_snapshot_time(snapshot);
	error = ty_stacks_add(&source->stacks, snapshot);
	if (!error)
		error = learn_new_nodes(source);
	if (!error)
		error = refresh_wanted(source);
	if (!error)
		error = list_next(source);
	ty_live_unlock(live);
	return error;
}

int ty_live_progress(const ty_run_summary *so_far, void *user_data)
{
	struct ty_live *live = user_data;

	lock_to_sample(&live->source);
	(void)ty_options_in(&live->source.so_far, sizeof(live->source.so_far), so_far);
	ty_live_unlock(live);
	return 0;
}

static int end(const ty_run_summary *summary, void *user_data)
{
	return ty_live_progress(summary, user_data);
}

/* ---- the handle ---- */

static int init(struct ty_live *live, const ty_live_options *options)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS), .begin = begin, .sample = sample, .end = end
	};
	struct ty_stacks *stacks = &live->source.stacks;
	pthread_mutexattr_t kind;
	int error = -pthread_mutexattr_init(&kind);

	if (error)
		return error;
	/* What is locked is unlocked within microseconds: to spin is cheaper than to be woken. */
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
	error = -pthread_mutex_init(&live->source.lock, &kind);
	pthread_mutexattr_destroy(&kind);
	if (error)
		return error;
	live->opcodes = options->opcodes != 0;
	live->source.lists_all = live->opcodes && options->listings;
	ty_listings_init(&live->source.listings, NULL);
	error = ty_stacks_init(stacks, true, live->opcodes, options->trust);
	stacks->observe = observe;
	stacks->observe_user_data = live;
	return error ? error : ty_collector_new(&CALLBACKS, live, &live->collector);
}

int ty_live_new(const ty_live_options *options, ty_live **out)
{
	ty_live_options known;
	struct ty_live *live;
	int error;

	if (!out)
		return -TY_EOPTION;
	*out = NULL;
	if (ty_options_in(&known, sizeof(known), options))
		return -TY_EOPTION;
	live = calloc(1, sizeof(*live));
	if (!live)
		return -ENOMEM;
	error = init(live, &known);
	if (error)
		ty_live_free(live);
	else
		*out = live;
	return error;
}

void ty_live_free(ty_live *live)
{
	if (!live)
		return;
	ty_live_copy_free(&live->copy);
	ty_stacks_free(&live->source.stacks);
	ty_listings_free(&live->source.listings);
	ty_array_free(&live->source.lines);
	ty_array_free(&live->source.names);
	ty_strtab_free(&live->source.strings);
	ty_array_free(&live->source.tallies);
	ty_activity_free(&live->source.activity);
	ty_collector_free(live->collector);
	pthread_mutex_destroy(&live->source.lock);
	free(live);
}

ty_collector *ty_live_collector(ty_live *live)
{
	return live->collector;
}

/* The sampling thread alone changes the source, so it needs no lock to read it. */
int ty_live_save(ty_live *live, const ty_run_summary *so_far, ty_collector *collector)
{
	const struct ty_live_source *source = &live->source;
	const struct ty_gathered gathered = { &source->stacks, &source->activity, &source->listings };
	int error, end_error;

	if (!source->stacks.target)
		return -TY_ESTATE;
	if (!ty_collector_can_load(collector))
		return -TY_EOPTION;
	error = ty_collector_begin(collector, &source->run);
	if (error < 0)
		return error;
	error = ty_collector_load(collector, &gathered);
	end_error = ty_collector_end(collector, so_far);
	return error ? error : end_error;
}
