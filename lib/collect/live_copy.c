/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reading thread's copy: what is new in the source, a chunk at a time under the lock, and what follows from it,
 * which needs no lock: rows that nodes belong to, and the sums of a list of functions.
 *
 * Room is made before the lock is taken: growing an array may copy all of it.
 */
#include "collect/live.h"

#include <errno.h>

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- under the lock ---- */

/* How much there is to copy. */
struct extent {
	size_t nodes, leaves, threads;
};

static struct extent look(struct ty_live *live)
{
	const struct ty_live_source *source = &live->source;
	struct extent extent;

	ty_live_lock(live);
	/* Lines are asked for last: a node that has one is complete. */
	extent = (struct extent){ source->lines.count, source->stacks.instructions.leaves.count,
		                  smaller(source->tallies.count, source->activity.threads.count) };
	live->copy.so_far = source->so_far;
	live->copy.time_ns = source->time_ns;
	ty_live_unlock(live);
	return extent;
}

static int make_room(struct ty_live_copy *copy, const struct extent *extent)
{
	bool done =
	        ty_array_reserve(&copy->tree.nodes, extent->nodes) && ty_array_reserve(&copy->nodes, extent->nodes) &&
	        ty_array_reserve(&copy->function_of, extent->nodes) &&
	        ty_array_reserve(&copy->line_of, extent->nodes) && ty_array_reserve(&copy->task_of, extent->nodes) &&
	        ty_array_reserve(&copy->file_of, extent->nodes) &&
	        ty_array_reserve(&copy->file_line_of, extent->nodes) &&
	        ty_array_reserve(&copy->leaves, extent->leaves) && ty_array_reserve(&copy->threads, extent->threads);

	return done ? 0 : -ENOMEM;
}

/* One node: site and parent once, its samples every time. */
static void copy_node(struct ty_live_copy *copy, const struct ty_live_source *source, size_t i)
{
	const struct ty_callnode *from = &source->stacks.tree.nodes.items[i];

	if (i >= copy->tree.nodes.count) {
		struct ty_callnode *node = &copy->tree.nodes.items[copy->tree.nodes.count++];

		/* Children are linked when all is there: what the source has linked may not have been copied yet. */
		*node = (struct ty_callnode){ .site = from->site, .parent = from->parent };
		copy->nodes.items[copy->nodes.count++] = (struct ty_live_node){ .line = source->lines.items[i] };
	}
	copy->tree.nodes.items[i].self = from->self - copy->nodes.items[i].before;
}

static void copy_leaf(struct ty_live_copy *copy, const struct ty_live_source *source, size_t i)
{
	const struct ty_leaf *from = &source->stacks.instructions.leaves.items[i];

	if (i >= copy->leaves.count)
		copy->leaves.items[copy->leaves.count++].before = 0;
	copy->leaves.items[i].leaf = *from;
	copy->leaves.items[i].leaf.samples -= copy->leaves.items[i].before;
}

static void subtract(struct ty_live_tally *tally, const struct ty_live_tally *before)
{
	for (size_t i = 0; i < TY_VERDICTS; i++)
		tally->verdicts[i] -= before->verdicts[i];
	tally->activity.samples -= before->activity.samples;
	tally->activity.has_gil -= before->activity.has_gil;
	tally->activity.waits_for_gil -= before->activity.waits_for_gil;
	tally->activity.on_cpu -= before->activity.on_cpu;
	tally->activity.cpu_unknown -= before->activity.cpu_unknown;
	tally->activity.has_exception -= before->activity.has_exception;
}

static void copy_thread(struct ty_live_copy *copy, const struct ty_live_source *source, size_t i)
{
	const struct ty_stacks_identity *from = &source->stacks.identities.items[i];
	struct ty_live_thread *thread = &copy->threads.items[i];

	if (i >= copy->threads.count) {
		copy->threads.count++;
		*thread = (struct ty_live_thread){ from->id, from->interpreter, .is_main = from->is_main };
	}
	strncpy(thread->name, from->name, sizeof(thread->name) - 1);
	thread->tally = source->tallies.items[i];
	thread->tally.activity = source->activity.threads.items[i];
	thread->now = thread->tally;
	subtract(&thread->tally, &thread->before);
}

static void copy_chunks(struct ty_live *live, size_t count,
                        void (*copy_one)(struct ty_live_copy *copy, const struct ty_live_source *source, size_t i))
{
	for (size_t begin = 0; begin < count; begin += TY_LIVE_CHUNK) {
		size_t end = smaller(begin + TY_LIVE_CHUNK, count);

		ty_live_lock(live);
		for (size_t i = begin; i < end; i++)
			copy_one(&live->copy, &live->source, i);
		ty_live_unlock(live);
	}
}

/* ---- what follows from it ---- */

/* The number of a function: the same for code objects that a reader cannot tell apart. 0: out of memory. */
static uint32_t number_function(struct ty_live_copy *copy, const struct ty_live_name *name)
{
	uint32_t filename = ty_strtab_add(&copy->strings, name->filename, strlen(name->filename));
	uint32_t qualname = ty_strtab_add(&copy->strings, name->name, strlen(name->name));
	uint64_t pair, number = 0;

	if (!filename || !qualname)
		return 0;
	pair = ty_map_number(&copy->pairs, (uint64_t)filename << 32 | qualname);
	if (pair)
		number = ty_map_number_in(&copy->function_numbers, pair << 32 | (uint32_t)name->first_line,
		                          &copy->functions);
	if (number > copy->functions.count)
		*ty_array_push(&copy->functions) =
		        (struct ty_live_function){ filename, qualname, name->first_line, NULL };
	return (uint32_t)number;
}

/* Names are read under the lock and become ours: a wild id and one without a name share a number. */
static uint32_t function_of_id(struct ty_live *live, uint32_t id)
{
	struct ty_live_name name = { "~", "<unknown>", 0 };
	struct ty_live_copy *copy = &live->copy;

	if (id < copy->function_by_id.count && copy->function_by_id.items[id])
		return copy->function_by_id.items[id];
	ty_live_lock(live);
	if (id < live->source.names.count && live->source.names.items[id].name)
		name = live->source.names.items[id];
	else
		id = 0;
	ty_live_unlock(live);
	while (copy->function_by_id.count <= id)
		if (!ty_array_push(&copy->function_by_id))
			return 0;
	copy->function_by_id.items[id] = number_function(copy, &name);
	return copy->function_by_id.items[id];
}

static uint32_t number_line(struct ty_live_lines *lines, uint32_t owner, int32_t line)
{
	uint64_t number = ty_map_number_in(&lines->numbers, (uint64_t)owner << 32 | (uint32_t)line, &lines->lines);

	if (number > lines->lines.count)
		*ty_array_push(&lines->lines) = (struct ty_live_line){ owner, line };
	return (uint32_t)number;
}

static uint32_t number_file(struct ty_live_copy *copy, uint32_t filename)
{
	uint64_t number = ty_map_number_in(&copy->file_numbers, filename, &copy->files);

	if (number > copy->files.count)
		*ty_array_push(&copy->files) = filename;
	return (uint32_t)number;
}

/* The rows of a frame that its function belongs to as well. 0 or -ENOMEM. */
static int learn_frame(struct ty_live_copy *copy, size_t i, uint32_t function)
{
	uint32_t filename = copy->functions.items[function - 1].filename;
	int32_t line = copy->nodes.items[i].line;

	copy->line_of.items[i] = number_line(&copy->lines, function, line);
	if (!copy->line_of.items[i])
		return -ENOMEM;
	/* What has no code object is in no file. */
	if (copy->tree.nodes.items[i].site.kind != TY_FRAME_PYTHON ||
	    !strcmp(ty_strtab_get(&copy->strings, filename), "~"))
		return 0;
	copy->file_of.items[i] = number_file(copy, filename);
	if (copy->file_of.items[i])
		copy->file_line_of.items[i] = number_line(&copy->file_lines, copy->file_of.items[i], line);
	return copy->file_line_of.items[i] ? 0 : -ENOMEM;
}

static void link_child(struct ty_calltree *tree, uint32_t i)
{
	struct ty_callnode *node = &tree->nodes.items[i], *parent = &tree->nodes.items[node->parent];

	node->next_sibling = parent->first_child;
	parent->first_child = i;
}

static int number_node(struct ty_live *live, size_t i)
{
	struct ty_live_copy *copy = &live->copy;
	struct ty_callsite site = copy->tree.nodes.items[i].site;
	uint32_t function = 0;

	/* Room was made for them. */
	copy->task_of.items[i] = copy->line_of.items[i] = copy->file_of.items[i] = 0;
	copy->file_line_of.items[i] = copy->function_of.items[i] = 0;
	if (i == TY_CALLTREE_ROOT || site.kind == TY_CALLTREE_THREAD)
		return 0;
	function = function_of_id(live, site.function);
	if (!function)
		return -ENOMEM;
	copy->function_of.items[i] = function;
	copy->task_of.items[i] = site.kind == TY_FRAME_TASK ? function : 0;
	return learn_frame(copy, i, function);
}

/* Finds out what a node that was copied belongs to. Where memory is out it is not known, and asked the next time. */
static int learn_node(struct ty_live *live, size_t i)
{
	struct ty_live_copy *copy = &live->copy;
	struct ty_callsite site = copy->tree.nodes.items[i].site;
	struct ty_live_node *node = &copy->nodes.items[i];
	const struct ty_live_node *parent = &copy->nodes.items[copy->tree.nodes.items[i].parent];
	int error = number_node(live, i);

	if (error)
		return error;
	copy->task_of.count = copy->line_of.count = copy->file_of.count = i + 1;
	copy->file_line_of.count = copy->function_of.count = i + 1;
	if (i == TY_CALLTREE_ROOT)
		return 0;
	link_child(&copy->tree, (uint32_t)i);
	node->thread = site.kind == TY_CALLTREE_THREAD ? site.function + 1 : parent->thread;
	node->collects = parent->collects || site.kind == TY_FRAME_GC;
	return 0;
}

struct ty_linestat *ty_live_count(const struct ty_live *live, const uint32_t *number_of_node, size_t count,
                                  uint32_t thread)
{
	const struct ty_live_copy *copy = &live->copy;
	uint32_t *seen = NULL;
	struct ty_linestat *stats;

	if (thread) {
		seen = calloc(copy->tree.nodes.count, sizeof(*seen));
		if (!seen)
			return NULL;
		for (size_t i = 0; i < copy->tree.nodes.count; i++)
			seen[i] = ty_live_is_seen(copy, i, thread) ? number_of_node[i] : 0;
	}
	stats = ty_linestats_count(&copy->tree, copy->totals, seen ? seen : number_of_node, count);
	free(seen);
	return stats;
}

/* A copy without sums cannot be asked. */
static void forget_sums(struct ty_live_copy *copy)
{
	free(copy->totals);
	free(copy->by_function);
	copy->totals = NULL;
	copy->by_function = NULL;
	copy->counted_functions = 0;
}

static int sum_up(struct ty_live *live)
{
	struct ty_live_copy *copy = &live->copy;

	copy->totals = ty_calltree_totals(&copy->tree);
	if (copy->totals)
		copy->by_function = ty_live_count(live, copy->function_of.items, copy->functions.count, 0);
	if (!copy->by_function) {
		forget_sums(copy);
		return -ENOMEM;
	}
	copy->counted_functions = copy->functions.count;
	copy->counted = copy->tree.nodes.count ? copy->totals[TY_CALLTREE_ROOT] : 0;
	for (size_t i = 0; i < copy->threads.count; i++)
		copy->threads.items[i].counted = 0;
	for (size_t i = 0; i < copy->tree.nodes.count; i++) {
		uint32_t thread = copy->nodes.items[i].thread;

		if (copy->tree.nodes.items[i].site.kind == TY_CALLTREE_THREAD && thread <= copy->threads.count)
			copy->threads.items[thread - 1].counted = copy->totals[i];
	}
	return 0;
}

int ty_live_copy(struct ty_live *live)
{
	struct extent extent = look(live);
	struct ty_live_copy *copy = &live->copy;
	int error = make_room(copy, &extent);

	if (error || !extent.nodes)
		return error;
	forget_sums(copy);
	copy_chunks(live, extent.nodes, copy_node);
	copy_chunks(live, extent.leaves, copy_leaf);
	copy_chunks(live, extent.threads, copy_thread);
	for (size_t i = copy->function_of.count; !error && i < copy->tree.nodes.count; i++)
		error = learn_node(live, i);
	return error ? error : sum_up(live);
}

void ty_live_copy_free(struct ty_live_copy *copy)
{
	for (size_t i = 0; i < copy->functions.count; i++)
		free(copy->functions.items[i].past);
	ty_array_free(&copy->functions);
	ty_calltree_free(&copy->tree);
	ty_array_free(&copy->nodes);
	ty_array_free(&copy->function_of);
	ty_array_free(&copy->line_of);
	ty_array_free(&copy->task_of);
	ty_array_free(&copy->file_of);
	ty_array_free(&copy->file_line_of);
	ty_array_free(&copy->files);
	ty_array_free(&copy->lines.lines);
	ty_map_free(&copy->lines.numbers);
	ty_array_free(&copy->file_lines.lines);
	ty_map_free(&copy->file_lines.numbers);
	ty_array_free(&copy->function_by_id);
	ty_array_free(&copy->leaves);
	ty_array_free(&copy->threads);
	ty_array_free(&copy->rows);
	ty_array_free(&copy->instructions);
	ty_array_free(&copy->calls);
	ty_strtab_free(&copy->strings);
	ty_map_free(&copy->pairs);
	ty_map_free(&copy->function_numbers);
	ty_map_free(&copy->file_numbers);
	free(copy->totals);
	free(copy->by_function);
}
