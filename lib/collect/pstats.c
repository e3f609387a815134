/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pstats collector: a table of functions for people, or the file that pstats.Stats of CPython loads. Texts, columns
 * and units are those of CPython 3.15's profiling.sampling, so that who knows one can read the other and scripts for
 * one work with the other; what is added (verdicts, instructions) stands on lines of its own.
 */
#include "collect/pstats.h"

#include <errno.h>
#include <stdlib.h>

#include "output/text.h"
#include "util/cleanup.h"
#include "util/clock.h"
#include "util/options.h"

static const struct ty_pstats_colors COLORS = {
	.heading = "\x1b[1;34m",
	.file = "\x1b[32m",
	.line = "\x1b[33m",
	.function = "\x1b[36m",
	.reset = "\x1b[0m",
};
static const struct ty_pstats_colors NO_COLORS = { "", "", "", "", "" };

static int write_pstats(struct ty_report *report)
{
	struct ty_pstats *pstats = (struct ty_pstats *)report;
	int error = ty_linestats_init(&pstats->stats, &report->stacks.tree, report->stacks.target);

	if (error)
		return error;
	pstats->interval_s = (double)ty_report_interval_ns(report) / (double)TY_NS_PER_SECOND;
	if (pstats->options.format == TY_PSTATS_MARSHAL)
		error = ty_pstats_write_file(pstats);
	else
		error = ty_pstats_write_table(pstats);
	ty_linestats_free(&pstats->stats);
	return error;
}

double ty_pstats_percent(const struct ty_pstats *pstats, uint64_t samples)
{
	return pstats->stats.samples ? (double)samples / (double)pstats->stats.samples * 100 : 0;
}

int ty_pstats_write_function(struct ty_pstats *pstats, const char *file, int32_t line, const char *name)
{
	const struct ty_pstats_colors *colors = &pstats->colors;
	_cleanup_free_ char *clean_file = ty_text_clean(file, TY_TEXT_LINE);
	_cleanup_free_ char *clean_name = ty_text_clean(name, TY_TEXT_LINE);
	char number[16] = "";

	if (!clean_file || !clean_name)
		return -ENOMEM;
	if (line >= 0)
		snprintf(number, sizeof(number), "%d", line);
	ty_print(pstats->report.sink, "%s%s%s:%s%s%s(%s%s%s)", colors->file, clean_file, colors->reset, colors->line,
	         number, colors->reset, colors->function, clean_name, colors->reset);
	return 0;
}

static bool options_are_valid(const ty_pstats_options *options)
{
	return options->format >= TY_PSTATS_TEXT && options->format <= TY_PSTATS_MARSHAL &&
	       options->sort >= TY_SORT_NSAMPLES && options->sort <= TY_SORT_NAME;
}

int ty_pstats_new(const ty_pstats_options *options, ty_sink *sink, ty_collector **collector)
{
	struct ty_pstats *pstats = calloc(1, sizeof(*pstats));
	struct ty_report_options report = { 0 };
	ty_pstats_options known;

	/* What we do not know is refused like a trust that does not exist. */
	if (ty_options_in(&known, sizeof(known), options) || !options_are_valid(&known))
		known.trust = -1;
	report.trust = known.trust;
	report.instructions = known.opcodes && known.format == TY_PSTATS_TEXT;
	if (pstats) {
		pstats->options = known;
		pstats->colors = known.color ? COLORS : NO_COLORS;
	}
	return ty_report_new(pstats ? &pstats->report : NULL, &report, sink, write_pstats, collector);
}
