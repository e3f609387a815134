/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_FLAMEGRAPH_H
#define TY_COLLECT_FLAMEGRAPH_H

/*
 * The parts of the flame graph: flamegraph.c gathers, flamegraph_diff.c puts a baseline beside it, flamegraph_data.c
 * writes the page's data.
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
	uint64_t before; /* likewise, of the baseline */
};

struct ty_flamegraph_rows {
	TY_ARRAY(struct ty_flamegraph_row) rows; /* by node */
};

/* Stacks folded by place. */
struct ty_flamegraph_tree {
	struct ty_calltree tree; /* node n is row n - 1 of the page. Without nodes: not made yet */
	struct ty_flamegraph_rows leaf;
	struct ty_flamegraph_rows standing;
};

/* Folds by line, or by function as a whole. 0 or -ENOMEM. */
int ty_flamegraph_fold(struct ty_flamegraph_tree *folded, struct ty_stacks *stacks, struct ty_places *places, bool whole);
void ty_flamegraph_free_tree(struct ty_flamegraph_tree *folded);

/* The run that a profile is compared with: stacks of functions as a whole. */
struct ty_flamegraph_baseline {
	struct ty_stacks stacks;
	struct ty_places places;
	struct ty_flamegraph_tree folded;
	char title[96];
	uint64_t duration_ns;
};

struct ty_flamegraph {
	struct ty_report report; /* first: a ty_report is what the collector knows */
	struct ty_activity activity;
	struct ty_excerpts excerpts;
	uint32_t nodes_seen; /* of the call tree, whose functions have been seen */
	struct ty_flamegraph_baseline *baseline; /* NULL: none */

	/* At the end: */
	struct ty_json json;
	struct ty_places places;
	struct ty_modules modules;
	struct ty_flamegraph_tree folded;
	TY_ARRAY(uint64_t) before; /* by node of the tree: self samples of the baseline */
	struct ty_map opcode_numbers; /* by address of the name, which is static */
	TY_ARRAY(const struct ty_leaf *) opcodes;
};

/* Reads a baseline to its end. 0 or a negative error. */
int ty_flamegraph_read_baseline(struct ty_flamegraph *flamegraph, ty_target *target);
void ty_flamegraph_free_baseline(struct ty_flamegraph_baseline *baseline);

/* Puts the baseline's tree and rows into the profile's. 0 or -ENOMEM. */
int ty_flamegraph_unite(struct ty_flamegraph *flamegraph);

/* What a sample of this run stands for. */
uint64_t ty_flamegraph_interval_ns(const struct ty_flamegraph *flamegraph);

/* What a sample of the baseline is in samples of this run. */
double ty_flamegraph_baseline_scale(const struct ty_flamegraph *flamegraph);

/* The whole page. 0 or a negative error; errors of the sink stick to it. */
int ty_flamegraph_write(struct ty_flamegraph *flamegraph);

#endif
