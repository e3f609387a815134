/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_JSONL_H
#define TY_COLLECT_JSONL_H

/* What jsonl.c and jsonl_stacks.c, which writes stacks and their times, share. */

#include "collect/report.h"
#include "collect/spots.h"
#include "output/json.h"
#include "output/spool.h"

#define TY_RUN_ID_BYTES 16

struct ty_jsonl {
	struct ty_report report;
	bool with_stacks;
	bool with_times;
	struct ty_json json;
	struct ty_spots spots;
	uint32_t *spot_of_node;
	char run_id[2 * TY_RUN_ID_BYTES + 1];
	/* With times: node of every sample and the time since the one before, in ns. */
	struct ty_spool spool;
	struct ty_stream samples;
	uint64_t time_ns; /* of the snapshot, since the begin */
	uint64_t last_ns; /* of the last sample */
};

/* A table that is cut into records. */
struct ty_jsonl_table {
	struct ty_jsonl *jsonl;
	const char *type;
	const char *kind; /* of an agg; NULL for others */
	const char *key;  /* of the array */
	size_t entries;
};

/* Opens an entry, and a record for it where the last one is full. */
struct ty_json *ty_jsonl_begin_entry(struct ty_jsonl_table *table);
void ty_jsonl_end_table(struct ty_jsonl_table *table);

/* Callbacks of the collector. */
int ty_jsonl_sample(const ty_snapshot *snapshot, void *user_data);
int ty_jsonl_observe(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node, void *user_data);
void ty_jsonl_destroy(void *user_data);

/* Stacks, and their times if they were gathered. 0 or an error. */
int ty_jsonl_write_stacks(struct ty_jsonl *jsonl);

#endif
