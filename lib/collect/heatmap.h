/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_HEATMAP_H
#define TY_COLLECT_HEATMAP_H

/*
 * The parts of the heatmap: heatmap.c gathers, heatmap_lines.c counts by line, heatmap_pages.c writes the pages.
 */

#include <tachyon/pages.h>

#include "collect/annotated.h"
#include "collect/excerpts.h"
#include "collect/linestats.h"
#include "collect/listings.h"
#include "collect/modules.h"
#include "collect/report.h"
#include "collect/sites.h"

struct ty_folder;

/* Samples of a line, whatever functions share it; under recursion a sample counts once. */
struct ty_heat_line {
	uint32_t file; /* of the places' strings */
	int32_t line;
	uint64_t self;
	uint64_t total;
};

/* Samples in which a line waited for a function that it had called. */
struct ty_heat_call {
	uint32_t caller; /* number of a place */
	uint32_t callee_file;
	uint32_t callee_name;
	int32_t callee_line; /* its first */
	uint64_t samples;
};

struct ty_heat_file {
	uint32_t file;
	uint32_t module; /* number in `modules` */
	uint64_t self;
	uint64_t total;
	const struct ty_heat_line *lines; /* by number */
	size_t line_count;
};

struct ty_heat {
	struct ty_places places;
	struct ty_modules modules;
	TY_ARRAY(struct ty_heat_line) lines; /* by file and line */
	TY_ARRAY(struct ty_heat_call) calls; /* by number of samples, most first */
	TY_ARRAY(struct ty_heat_file) files; /* hottest first: the order of their pages */
	struct ty_map page_of_file;          /* index in files + 1 */
};

/* 0 or -ENOMEM; to be freed in any case. */
int ty_heat_init(struct ty_heat *heat, const struct ty_stacks *stacks);
void ty_heat_free(struct ty_heat *heat);

struct ty_heatmap {
	struct ty_report report; /* first: a ty_report is what the collector knows */
	struct ty_folder *folder;
	struct ty_excerpts excerpts;
	struct ty_listings listings;
	bool with_opcodes;
	uint32_t nodes_seen; /* of the call tree, whose functions have been seen */

	/* At the end: */
	struct ty_heat heat;
	struct ty_sites sites;
};

/* All files of the folder. 0 or a negative error. */
int ty_heatmap_write(struct ty_heatmap *heatmap);

#endif
