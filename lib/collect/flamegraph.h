/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_FLAMEGRAPH_H
#define TY_COLLECT_FLAMEGRAPH_H

/*
 * The parts of the flame graph: flamegraph.c gathers, flamegraph_diff.c puts a baseline beside it, flamegraph_data.c writes
 * the page's data.
 */

#include <tachyon/pages.h>

#include "collect/activity.h"
#include "collect/excerpts.h"
#include "collect/modules.h"
#include "collect/places.h"
#include "collect/report.h"

/* Samples of one instruction, in one form, at one node. */
struct ty_flamegraph_row {
	uint32_t node; /* of the flame graph's tree */
	int32_t offset;
	const struct ty_leaf *leaf; /* one of those that were added up; it has a name */
	uint64_t samples;
	double before;
};

struct ty_flamegraph_rows {
	TY_ARRAY(struct ty_flamegraph_row) rows; /* by node */
};

struct ty_flamegraph {
	struct ty_report report; /* first: a ty_report is what the collector knows */
	struct ty_activity activity;
	struct ty_excerpts excerpts;
	uint32_t nodes_seen; /* of the call tree, whose functions have been seen */

	/* At the end: */
	struct ty_json json;
	struct ty_places places;
	struct ty_modules modules;
	struct ty_calltree tree; /* of places; node n is row n - 1. Without nodes: not made yet */
	struct ty_flamegraph_rows leaf;
	struct ty_flamegraph_rows standing;
	struct ty_map opcode_numbers; /* by address of the name, which is static */
	TY_ARRAY(const struct ty_leaf *) opcodes;
};

/* The whole page. 0 or a negative error; errors of the sink stick to it. */
int ty_flamegraph_write(struct ty_flamegraph *flamegraph);

#endif
