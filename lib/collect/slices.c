/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two samples of a thread are two nodes of one tree: the slices that go on are the nodes above both. A parent's number
 * is smaller than its children's, so the larger of two different nodes is not above the other.
 */
#include "collect/slices.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/fold.h"
#include "util/cleanup.h"

#define THREAD_ID_MAX (1U << 30) /* PID_MAX_LIMIT of Linux is 1 << 22 */

static uint32_t *functions_of_nodes(const struct ty_slices *slices)
{
	size_t count = slices->timeline->report.stacks.tree.nodes.count;
	uint32_t *functions = calloc(count, sizeof(*functions));

	for (size_t i = 1; functions && i < count; i++)
		functions[i] = ty_spots_get(&slices->spots, slices->spot_of_node[i])->function;
	return functions;
}

int ty_slices_init(struct ty_slices *slices, const struct ty_timeline *timeline)
{
	const struct ty_stacks *stacks = &timeline->report.stacks;
	_cleanup_free_ uint32_t *functions = NULL;

	*slices = (struct ty_slices){ .timeline = timeline };
	ty_spots_init(&slices->spots, stacks->target);
	slices->spot_of_node = ty_spots_of_tree(&slices->spots, &stacks->tree);
	if (slices->spot_of_node)
		functions = functions_of_nodes(slices);
	if (functions)
		slices->slice_of_node = ty_fold(&stacks->tree, functions, &slices->tree);
	return slices->slice_of_node ? 0 : -ENOMEM;
}

void ty_slices_free(struct ty_slices *slices)
{
	if (slices->slice_of_node)
		ty_calltree_free(&slices->tree);
	free(slices->slice_of_node);
	free(slices->spot_of_node);
	ty_array_free(&slices->opening);
	ty_spots_free(&slices->spots);
}

/* Ends what is open and not above the next one, and begins what leads to the next one. */
static int change(struct ty_slices *slices, uint32_t open, uint32_t next, uint64_t time_ns,
                  const struct ty_slices_visitor *visitor)
{
	const struct ty_callnode *nodes = slices->tree.nodes.items;

	ty_array_clear(&slices->opening);
	while (open != next) {
		if (open > next) {
			visitor->end(time_ns, visitor->user_data);
			open = nodes[open].parent;
		} else {
			uint32_t *opening = ty_array_push(&slices->opening);

			if (!opening)
				return -ENOMEM;
			*opening = next;
			next = nodes[next].parent;
		}
	}
	for (size_t i = slices->opening.count; i-- > 0;)
		visitor->begin(nodes[slices->opening.items[i]].site.function, time_ns, visitor->user_data);
	return 0;
}

static int visit_samples(struct ty_slices *slices, const struct ty_timeline_thread *thread,
                         const struct ty_slices_visitor *visitor)
{
	struct ty_stream_reader reader;
	uint64_t node, delta_ns, time_ns = 0;
	uint32_t open = TY_CALLTREE_ROOT;
	int error = ty_stream_read(&reader, &slices->timeline->spool, &thread->samples);

	if (error)
		return error;
	while (!error && ty_stream_get(&reader, &node) && ty_stream_get(&reader, &delta_ns)) {
		uint32_t next = slices->slice_of_node[node];

		time_ns += delta_ns;
		error = change(slices, open, next, time_ns, visitor);
		open = next;
		if (!error && node && visitor->sample)
			visitor->sample((uint32_t)node, time_ns, visitor->user_data);
	}
	if (!error)
		error = reader.error;
	ty_stream_reader_free(&reader);
	if (error)
		return error;
	return change(slices, open, TY_CALLTREE_ROOT, ty_timeline_end_ns(slices->timeline, thread), visitor);
}

static int visit_states(struct ty_slices *slices, const struct ty_timeline_thread *thread,
                        const struct ty_slices_visitor *visitor)
{
	struct ty_stream_reader reader;
	uint64_t state, since_ns, duration_ns;
	int error = ty_stream_read(&reader, &slices->timeline->spool, &thread->spans);

	if (error)
		return error;
	while (ty_stream_get(&reader, &state) && ty_stream_get(&reader, &since_ns) &&
	       ty_stream_get(&reader, &duration_ns))
		visitor->state(state, since_ns, duration_ns, visitor->user_data);
	error = reader.error;
	ty_stream_reader_free(&reader);
	return error;
}

int ty_slices_visit(struct ty_slices *slices, size_t thread, const struct ty_slices_visitor *visitor)
{
	const struct ty_timeline_thread *found = &slices->timeline->threads.items[thread];
	int error = visit_samples(slices, found, visitor);

	return error ? error : visit_states(slices, found, visitor);
}

const struct ty_form *ty_slices_form(const struct ty_slices *slices, uint64_t state)
{
	return state < TY_STATE_FIRST_OPCODE ? NULL : &slices->timeline->forms.items[state - TY_STATE_FIRST_OPCODE];
}

uint32_t ty_slices_thread_id(const struct ty_slices *slices, size_t thread)
{
	uint64_t id = slices->timeline->report.stacks.identities.items[thread].id;

	return id && id < THREAD_ID_MAX ? (uint32_t)id : THREAD_ID_MAX + (uint32_t)thread;
}

int32_t ty_slices_process_id(const struct ty_slices *slices, size_t thread)
{
	const struct ty_report *report = &slices->timeline->report;
	int32_t pid = report->stacks.identities.items[thread].pid;

	return pid ? pid : ty_report_target(report).pid;
}
