/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_PSTATS_H
#define TY_COLLECT_PSTATS_H

/* The parts of the pstats collector: pstats.c makes it and chooses among them. */

#include "collect/linestats.h"
#include "collect/report.h"

/* Colours of a table: escape sequences, or empty strings. */
struct ty_pstats_colors {
	const char *heading;
	const char *file;
	const char *line;
	const char *function;
	const char *reset;
};

struct ty_pstats {
	struct ty_report report; /* first: a ty_report is what the collector knows */
	ty_pstats_options options;
	struct ty_linestats stats;
	struct ty_pstats_colors colors;
	double interval_s;
};

/* One row of the table: a place by base name. */
struct ty_pstats_row {
	const char *file;
	const char *name;
	int32_t line;
	uint64_t direct;
	uint64_t cumulative;
};

/* Each writes to the report's sink. 0 or -ENOMEM; errors of the sink stick to it. */
int ty_pstats_write_table(struct ty_pstats *pstats);
int ty_pstats_write_summary(struct ty_pstats *pstats, const struct ty_pstats_row *rows, size_t count);
int ty_pstats_write_instructions(struct ty_pstats *pstats);
int ty_pstats_write_file(struct ty_pstats *pstats);

/* "file:line(function)" in colours, the names made harmless. `line` < 0: none. */
int ty_pstats_write_function(struct ty_pstats *pstats, const char *file, int32_t line, const char *name);

/* Share of all leaf samples in per cent. */
double ty_pstats_percent(const struct ty_pstats *pstats, uint64_t samples);

#endif
