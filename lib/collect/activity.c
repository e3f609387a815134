/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/activity.h"

#include <errno.h>

#include "util/cleanup.h"

static struct ty_activity_thread *find(struct ty_activity *activity, uint32_t identity)
{
	while (activity->threads.count <= identity)
		if (!ty_array_push(&activity->threads))
			return NULL;
	return &activity->threads.items[identity];
}

int ty_activity_add(struct ty_activity *activity, uint32_t identity, uint32_t status)
{
	struct ty_activity_thread *thread = find(activity, identity);

	if (!thread)
		return -ENOMEM;
	thread->samples++;
	thread->has_gil += !!(status & TY_THREAD_HAS_GIL);
	thread->waits_for_gil += !!(status & TY_THREAD_GIL_REQUESTED);
	thread->on_cpu += !!(status & TY_THREAD_ON_CPU);
	thread->cpu_unknown += !!(status & TY_THREAD_UNKNOWN);
	thread->has_exception += !!(status & TY_THREAD_HAS_EXCEPTION);
	return 0;
}

/* A finalizer may collect again inside of a collection: only the outermost frame counts. */
int ty_activity_finish(struct ty_activity *activity, const struct ty_stacks *stacks, const uint64_t *totals)
{
	const struct ty_callnode *nodes = stacks->tree.nodes.items;
	_cleanup_free_ uint32_t *identity = calloc(stacks->tree.nodes.count, sizeof(*identity));
	_cleanup_free_ bool *collects = calloc(stacks->tree.nodes.count, sizeof(*collects));

	if (!identity || !collects)
		return -ENOMEM;
	for (size_t i = 1; i < stacks->tree.nodes.count; i++) {
		bool is_thread = nodes[i].site.kind == TY_CALLTREE_THREAD;
		struct ty_activity_thread *thread;

		identity[i] = is_thread ? nodes[i].site.function : identity[nodes[i].parent];
		collects[i] = collects[nodes[i].parent] || nodes[i].site.kind == TY_FRAME_GC;
		if (!collects[i] || collects[nodes[i].parent])
			continue;
		thread = find(activity, identity[i]);
		if (!thread)
			return -ENOMEM;
		thread->collecting += totals[i];
	}
	/* A thread that was never observed has an entry all the same. */
	return !stacks->identities.count || find(activity, (uint32_t)stacks->identities.count - 1) ? 0 : -ENOMEM;
}

void ty_activity_free(struct ty_activity *activity)
{
	ty_array_free(&activity->threads);
}
