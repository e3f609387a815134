/* SPDX-License-Identifier: Apache-2.0 */
/* Stacks of a JSON lines file, and when each of them was seen: that goes to a temporary file as it comes. */
#include "collect/jsonl.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/fold.h"
#include "util/cleanup.h"

int ty_jsonl_sample(const ty_snapshot *snapshot, void *user_data)
{
	struct ty_jsonl *jsonl = user_data;
	uint64_t now_ns = ty_snapshot_time(snapshot), start_ns = jsonl->report.run.start_time_ns;
	uint64_t time_ns = now_ns > start_ns ? now_ns - start_ns : 0;

	/* The clock does not go back; a caller's own snapshots might. */
	if (time_ns > jsonl->time_ns)
		jsonl->time_ns = time_ns;
	return ty_report_sample(snapshot, user_data);
}

int ty_jsonl_observe(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node, void *user_data)
{
	struct ty_jsonl *jsonl = user_data;
	int error;

	(void)thread, (void)info;
	if (!node)
		return 0;
	error = ty_stream_put(&jsonl->spool, &jsonl->samples, node);
	if (!error)
		error = ty_stream_put(&jsonl->spool, &jsonl->samples, jsonl->time_ns - jsonl->last_ns);
	jsonl->last_ns = jsonl->time_ns;
	return error;
}

void ty_jsonl_destroy(void *user_data)
{
	struct ty_jsonl *jsonl = user_data;

	ty_stream_free(&jsonl->samples);
	ty_spool_free(&jsonl->spool);
	ty_report_destroy(user_data);
}

/* The thread that a node belongs to, by node. */
static uint32_t *threads_of_nodes(const struct ty_calltree *tree)
{
	uint32_t *threads = calloc(tree->nodes.count, sizeof(*threads));

	for (size_t i = 1; threads && i < tree->nodes.count; i++) {
		const struct ty_callnode *node = &tree->nodes.items[i];

		threads[i] = node->site.kind == TY_CALLTREE_THREAD ? node->site.function : threads[node->parent];
	}
	return threads;
}

static void write_stack_table(struct ty_jsonl *jsonl, const struct ty_calltree *stacks)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "stack_table", .key = "stacks" };

	for (uint32_t i = 1; i < stacks->nodes.count; i++) {
		const struct ty_callnode *node = &stacks->nodes.items[i];
		struct ty_json *json;

		if (node->site.kind == TY_CALLTREE_THREAD)
			continue;
		json = ty_jsonl_begin_entry(&table);
		ty_json_member_uint(json, "stack_id", i);
		if (stacks->nodes.items[node->parent].site.kind != TY_CALLTREE_THREAD)
			ty_json_member_uint(json, "parent_id", node->parent);
		ty_json_member_uint(json, "frame_id", node->site.function - 1);
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
}

static void write_samples_by_stack(struct ty_jsonl *jsonl, const struct ty_calltree *stacks, const uint32_t *threads)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "agg", .kind = "stack", .key = "entries" };

	for (uint32_t i = 1; i < stacks->nodes.count; i++) {
		struct ty_json *json;

		if (!stacks->nodes.items[i].self)
			continue;
		json = ty_jsonl_begin_entry(&table);
		ty_json_member_uint(json, "stack_id", i);
		ty_json_member_uint(json, "thread_id", threads[i]);
		ty_json_member_uint(json, "self", stacks->nodes.items[i].self);
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
}

/* stack_of_node: by node of the stacks' tree. */
static int write_times(struct ty_jsonl *jsonl, const uint32_t *stack_of_node, const uint32_t *threads)
{
	struct ty_jsonl_table table = { .jsonl = jsonl, .type = "sample_table", .key = "samples" };
	struct ty_stream_reader reader;
	uint64_t node, delta_ns, time_ns = 0;
	int error = ty_stream_read(&reader, &jsonl->spool, &jsonl->samples);

	if (error)
		return error;
	while (ty_stream_get(&reader, &node) && ty_stream_get(&reader, &delta_ns)) {
		struct ty_json *json = ty_jsonl_begin_entry(&table);

		time_ns += delta_ns;
		ty_json_member_uint(json, "time_ns", time_ns);
		ty_json_member_uint(json, "thread_id", threads[stack_of_node[node]]);
		ty_json_member_uint(json, "stack_id", stack_of_node[node]);
		ty_json_end(json, '}');
	}
	ty_jsonl_end_table(&table);
	error = reader.error;
	ty_stream_reader_free(&reader);
	return error;
}

int ty_jsonl_write_stacks(struct ty_jsonl *jsonl)
{
	struct ty_calltree folded;
	_cleanup_free_ uint32_t *where = ty_fold(&jsonl->report.stacks.tree, jsonl->spot_of_node, &folded);
	_cleanup_free_ uint32_t *threads = NULL;
	int error = 0;

	if (!where)
		return -ENOMEM;
	threads = threads_of_nodes(&folded);
	if (threads) {
		write_stack_table(jsonl, &folded);
		write_samples_by_stack(jsonl, &folded, threads);
	}
	if (threads && jsonl->with_times)
		error = write_times(jsonl, where, threads);
	ty_calltree_free(&folded);
	return threads ? error : -ENOMEM;
}
