/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows the threads of a target from snapshot to snapshot. The stack of a thread rarely changes but at its leaf, and
 * `unchanged_frames` says how much of it did not: the nodes of that part are known from the snapshot before, and only
 * the rest is looked up. The cost of a sample follows what changed, not the depth.
 *
 * That only holds if the snapshot before is the one we saw before. A program with its own loop may leave some out; the
 * target's count of samples tells. Likewise a thread's path is always a prefix of its stack in the last snapshot:
 * stacks that are not counted cut it to the part that is still true instead of being put into the tree.
 */
#include "collect/stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Threads that ended are dropped when there are more of them than living ones and this. */
#define DEAD_THREADS_KEPT 64
/* Snapshots of other processes after which nothing is expected of one any more; if it comes, it is as if it were new.
 */
#define PROCESS_PATIENCE 65536
/* Stand in for 0, which is no key of a map. */
#define NO_THREAD_ID UINT64_MAX
#define NO_THREAD_KEY UINT64_MAX

int ty_stacks_init(struct ty_stacks *stacks, bool by_thread, bool with_instructions, int trust)
{
	*stacks = (struct ty_stacks){
		.by_thread = by_thread,
		.with_instructions = with_instructions,
		.trust = trust,
	};
	if (trust != TY_TRUST_PROVEN && trust != TY_TRUST_ALL)
		return -TY_EOPTION;
	return ty_calltree_init(&stacks->tree);
}

void ty_stacks_free(struct ty_stacks *stacks)
{
	for (size_t i = 0; i < stacks->threads.count; i++)
		ty_array_free(&stacks->threads.items[i].path);
	ty_array_free(&stacks->threads);
	for (size_t i = 0; i < stacks->identities.count; i++)
		free(stacks->identities.items[i].name);
	ty_array_free(&stacks->identities);
	ty_map_free(&stacks->thread_by_key);
	ty_map_free(&stacks->identity_by_id);
	ty_map_free(&stacks->turns);
	ty_instructions_free(&stacks->instructions);
	ty_calltree_free(&stacks->tree);
}

static uint64_t displayed_id(const ty_thread_info *info)
{
	if (info->native_id)
		return info->native_id;
	return info->host_id ? info->host_id : info->pthread_id;
}

int ty_stacks_add_identity(struct ty_stacks *stacks, const struct ty_stacks_identity *known, uint64_t key)
{
	struct ty_stacks_identity *identity = ty_array_push(&stacks->identities);
	char *name = identity ? strdup(known->name) : NULL;

	if (name && ty_map_put(&stacks->identity_by_id, key, stacks->identities.count - 1)) {
		*identity = *known;
		identity->name = name;
		return 0;
	}
	/* One without a name is none. */
	free(name);
	stacks->identities.count -= identity != NULL;
	return -ENOMEM;
}

static int add_identity(struct ty_stacks *stacks, const ty_thread_info *info, uint64_t key)
{
	char unknown[] = "";
	struct ty_stacks_identity identity = {
		.id = displayed_id(info),
		.interpreter = info->interpreter,
		.pid = stacks->pid,
		.is_main = info->status & TY_THREAD_MAIN,
		.name = unknown,
	};

	return ty_stacks_add_identity(stacks, &identity, key);
}

/* A thread that comes under the id of one that ended is the same one: that is how the reader of the result sees it. */
static int identify(struct ty_stacks *stacks, struct ty_stacks_thread *thread, const ty_thread_info *info)
{
	uint64_t key = displayed_id(info) ? displayed_id(info) : NO_THREAD_ID;
	int error = ty_map_get(&stacks->identity_by_id, key) ? 0 : add_identity(stacks, info, key);

	if (error)
		return error;
	thread->identity = (uint32_t)*ty_map_get(&stacks->identity_by_id, key);
	thread->root = TY_CALLTREE_ROOT;
	if (!stacks->by_thread)
		return 0;
	thread->root = ty_calltree_child(&stacks->tree, TY_CALLTREE_ROOT,
	                                 (struct ty_callsite){ thread->identity, 0, TY_CALLTREE_THREAD });
	return thread->root ? 0 : -ENOMEM;
}

/*
 * Asks for the name when a thread was seen once, twice, four times, …: a thread may get it when it already runs, and at
 * the end there may be no target to ask.
 */
static int learn_name(struct ty_stacks *stacks, struct ty_stacks_identity *identity, uint64_t thread_key)
{
	uint64_t seen = ++identity->seen;
	const char *name = seen & (seen - 1) ? "" : ty_thread_name(stacks->target, thread_key);
	char *copy;

	if (!*name || strcmp(name, identity->name) == 0)
		return 0;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	free(identity->name);
	identity->name = copy;
	return 0;
}

static int add_thread(struct ty_stacks *stacks, uint64_t key, struct ty_stacks_thread **thread)
{
	*thread = ty_array_push(&stacks->threads);
	if (!*thread)
		return -ENOMEM;
	if (!ty_map_put(&stacks->thread_by_key, key, stacks->threads.count - 1)) {
		stacks->threads.count--;
		return -ENOMEM;
	}
	(*thread)->key = key;
	return 0;
}

/* `expected`: its index in the snapshot, which is that in our list as long as threads neither come nor go. */
static int find_thread(struct ty_stacks *stacks, uint64_t key, size_t expected, struct ty_stacks_thread **thread)
{
	const uint64_t *index;

	if (expected < stacks->threads.count && stacks->threads.items[expected].key == key) {
		*thread = &stacks->threads.items[expected];
		return 0;
	}
	index = ty_map_get(&stacks->thread_by_key, key);
	if (!index)
		return add_thread(stacks, key, thread);
	*thread = &stacks->threads.items[*index];
	return 0;
}

/* Cuts the path to what is still the stack. `follows`: the last snapshot is the one that unchanged_frames speaks of. */
static int keep_unchanged(struct ty_stacks *stacks, struct ty_stacks_thread *thread, const ty_thread_info *info,
                          bool follows)
{
	uint64_t id = displayed_id(info);
	size_t keep = follows && thread->seen + 1 == stacks->turn ? info->unchanged_frames : 0;
	int error;

	if (!thread->seen || thread->id != id) {
		/* A thread state that is used again by another thread, or a thread that has its id only now. */
		thread->seen = 0;
		error = identify(stacks, thread, info);
		if (error)
			return error;
		thread->id = id;
		keep = 0;
	}
	if (keep > info->frame_count)
		keep = info->frame_count;
	if (keep < thread->path.count)
		thread->path.count = keep;
	thread->seen = stacks->turn;
	thread->last = stacks->snapshots;
	thread->pid = stacks->pid;
	return 0;
}

static int walk_changed(struct ty_stacks *stacks, struct ty_stacks_thread *thread, const ty_thread_info *info,
                        uint32_t *leaf)
{
	uint32_t node = thread->path.count ? thread->path.items[thread->path.count - 1] : thread->root;
	int error = 0;

	if (!ty_array_reserve(&thread->path, info->frame_count))
		return -ENOMEM;
	for (size_t i = info->frame_count - thread->path.count; !error && i-- > 0;) {
		const ty_frame *frame = &info->frames[i];
		size_t nodes = stacks->tree.nodes.count;

		node = ty_calltree_child(&stacks->tree, node,
		                         (struct ty_callsite){ frame->function, frame->offset, frame->kind });
		if (!node)
			return -ENOMEM;
		thread->path.items[thread->path.count++] = node;
		if (stacks->with_instructions && stacks->tree.nodes.count != nodes)
			error = ty_instructions_stand(&stacks->instructions, stacks->target, node, frame);
	}
	if (error)
		return error;
	*leaf = node;
	stacks->tree.nodes.items[node].self++;
	stacks->counted++;
	if (!stacks->with_instructions)
		return 0;
	return ty_instructions_add(&stacks->instructions, stacks->target, node, &info->frames[0]);
}

static bool is_counted(const struct ty_stacks *stacks, const ty_thread_info *info)
{
	bool proven = info->verdict == TY_VERIFIED || info->verdict == TY_REPAIRED;

	return info->frame_count && (proven || stacks->trust == TY_TRUST_ALL);
}

static int add_stack(struct ty_stacks *stacks, const ty_thread_info *info, size_t index, bool follows)
{
	struct ty_stacks_thread *thread;
	uint32_t node = 0;
	int error;

	if (info->verdict >= 0 && info->verdict < TY_VERDICTS)
		stacks->verdicts[info->verdict]++;
	/* Not bound to its thread yet: it has no id, and has not begun. */
	if (!displayed_id(info) && !info->frame_count)
		return 0;
	error = find_thread(stacks, info->thread_key ? info->thread_key : NO_THREAD_KEY, index, &thread);
	if (error)
		return error;
	error = keep_unchanged(stacks, thread, info, follows);
	if (!error)
		error = learn_name(stacks, &stacks->identities.items[thread->identity], info->thread_key);
	if (!error && is_counted(stacks, info))
		error = walk_changed(stacks, thread, info, &node);
	return error || !stacks->observe ? error : stacks->observe(thread, info, node, stacks->observe_user_data);
}

static bool is_dead(const struct ty_stacks *stacks, const struct ty_stacks_thread *thread)
{
	if (thread->pid == stacks->pid)
		return thread->seen != stacks->turn;
	return stacks->snapshots - thread->last > PROCESS_PATIENCE;
}

static void drop_dead_threads(struct ty_stacks *stacks, size_t living)
{
	size_t kept = 0;

	if (stacks->threads.count <= 2 * (living + stacks->foreign) + DEAD_THREADS_KEPT)
		return;
	ty_map_clear(&stacks->thread_by_key);
	for (size_t i = 0; i < stacks->threads.count; i++) {
		struct ty_stacks_thread *thread = &stacks->threads.items[i];

		if (is_dead(stacks, thread)) {
			ty_array_free(&thread->path);
			continue;
		}
		/* Cannot fail: the map held more than this a moment ago. */
		(void)ty_map_put(&stacks->thread_by_key, thread->key, kept);
		stacks->threads.items[kept++] = *thread;
	}
	stacks->threads.count = kept;
	stacks->foreign = kept - living;
}

/* Whose snapshot it is, and which of them. */
static int count_turn(struct ty_stacks *stacks, const ty_snapshot *snapshot)
{
	int32_t pid = ty_snapshot_pid(snapshot);
	uint64_t key = (uint32_t)pid + 1ULL;
	const uint64_t *turns = ty_map_get(&stacks->turns, key);

	stacks->pid = pid;
	stacks->turn = turns ? *turns + 1 : 1;
	if (stacks->turn > stacks->longest_turn)
		stacks->longest_turn = stacks->turn;
	return ty_map_put(&stacks->turns, key, stacks->turn) ? 0 : -ENOMEM;
}

/* Whether this is the very next snapshot after the last one we saw. */
static int count_snapshot(struct ty_stacks *stacks, const ty_snapshot *snapshot, bool *follows)
{
	ty_target_counters counters = { .size = sizeof(counters) };
	int error;

	if (!stacks->target)
		stacks->target = ty_snapshot_target(snapshot);
	if (stacks->target != ty_snapshot_target(snapshot))
		return -TY_ESTATE;
	error = ty_target_statistics(stacks->target, &counters);
	if (error)
		return error;
	*follows = counters.samples == stacks->target_samples + 1;
	stacks->target_samples = counters.samples;
	stacks->snapshots++;
	return count_turn(stacks, snapshot);
}

int ty_stacks_add(struct ty_stacks *stacks, const ty_snapshot *snapshot)
{
	size_t threads = ty_snapshot_threads(snapshot);
	bool follows;
	int error = count_snapshot(stacks, snapshot, &follows);

	for (size_t i = 0; !error && i < threads; i++) {
		ty_thread_info info = { .size = sizeof(info) };

		error = ty_snapshot_thread(snapshot, i, &info);
		if (!error)
			error = add_stack(stacks, &info, i, follows);
	}
	if (!error)
		drop_dead_threads(stacks, threads);
	return error;
}
