/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table: one row a place, as CPython prints it. Paths are cut to their base names and places that look the same
 * then become one row. Rows that the sort order leaves equal are ordered by their other count, then by name, so that
 * the same samples always give the same text.
 */
#include "collect/pstats.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "output/text.h"
#include "util/cleanup.h"

#define DEFAULT_ROWS 15
#define COUNT_WIDTH 15
#define PERCENT_WIDTH 8
#define TIME_WIDTH 12

struct unit {
	const char *title_direct;
	const char *title_cumulative;
	double scale;
};

static const struct unit SECONDS = { "tottime (s)", "cumtime (s)", 1 };
static const struct unit MILLISECONDS = { "tottime (ms)", "cumtime (ms)", 1e3 };
static const struct unit MICROSECONDS = { "tottime (μs)", "cumtime (μs)", 1e6 };

static int descending(uint64_t left, uint64_t right)
{
	return (left < right) - (left > right);
}

static int by_name(const void *left, const void *right)
{
	const struct ty_pstats_row *a = left, *b = right;
	int order = strcmp(a->file, b->file);

	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : strcmp(a->name, b->name);
}

static int by_direct(const void *left, const void *right)
{
	const struct ty_pstats_row *a = left, *b = right;
	int order = descending(a->direct, b->direct);

	if (order == 0)
		order = descending(a->cumulative, b->cumulative);
	return order ? order : by_name(left, right);
}

static int by_cumulative(const void *left, const void *right)
{
	const struct ty_pstats_row *a = left, *b = right;
	int order = descending(a->cumulative, b->cumulative);

	if (order == 0)
		order = descending(a->direct, b->direct);
	return order ? order : by_name(left, right);
}

static int (*const ORDERS[])(const void *, const void *) = {
	[TY_SORT_NSAMPLES] = by_direct,   [TY_SORT_TOTTIME] = by_direct,       [TY_SORT_CUMTIME] = by_cumulative,
	[TY_SORT_SAMPLE_PCT] = by_direct, [TY_SORT_CUMUL_PCT] = by_cumulative, [TY_SORT_NSAMPLES_CUMUL] = by_cumulative,
	[TY_SORT_NAME] = by_name,
};

/* One row a place by base name, sorted by name. NULL: out of memory. */
static struct ty_pstats_row *make_rows(const struct ty_linestats *stats, size_t *count)
{
	const struct ty_places *places = &stats->places;
	struct ty_pstats_row *rows = calloc(places->places.count + 1, sizeof(*rows));
	size_t kept = 0;

	for (size_t i = 0; rows && i < places->places.count; i++) {
		const struct ty_place *place = &places->places.items[i];

		rows[i] = (struct ty_pstats_row){
			.file = ty_places_basename(ty_places_string(places, place->file)),
			.name = ty_places_string(places, place->name),
			.line = place->line,
			.direct = stats->by_place[i].direct,
			.cumulative = stats->by_place[i].cumulative,
		};
	}
	if (rows)
		qsort(rows, places->places.count, sizeof(*rows), by_name);
	for (size_t i = 0; rows && i < places->places.count; i++) {
		if (kept && by_name(&rows[kept - 1], &rows[i]) == 0) {
			rows[kept - 1].direct += rows[i].direct;
			rows[kept - 1].cumulative += rows[i].cumulative;
		} else {
			rows[kept++] = rows[i];
		}
	}
	*count = kept;
	return rows;
}

static struct unit unit_for(double seconds)
{
	if (seconds >= 1)
		return SECONDS;
	return seconds >= 1e-3 ? MILLISECONDS : MICROSECONDS;
}

static void write_heading(struct ty_pstats *pstats, int width, const char *text, const char *end)
{
	ty_sink *sink = pstats->report.sink;

	ty_print_string(sink, pstats->colors.heading);
	ty_print_padded(sink, width, text);
	ty_print(sink, "%s%s", pstats->colors.reset, end);
}

struct units {
	struct unit direct;
	struct unit cumulative;
};

/* Units in which the largest values of the shown rows are readable. */
static struct units units_for(const struct ty_pstats *pstats, const struct ty_pstats_row *rows, size_t count)
{
	uint64_t direct = 0, cumulative = 0;

	for (size_t i = 0; i < count; i++) {
		direct = rows[i].direct > direct ? rows[i].direct : direct;
		cumulative = rows[i].cumulative > cumulative ? rows[i].cumulative : cumulative;
	}
	return (struct units){ unit_for((double)direct * pstats->interval_s),
		               unit_for((double)cumulative * pstats->interval_s) };
}

static void write_headings(struct ty_pstats *pstats, const struct units *units)
{
	write_heading(pstats, 0, "Profile Stats:", "\n");
	write_heading(pstats, COUNT_WIDTH, "nsamples", "  ");
	write_heading(pstats, PERCENT_WIDTH, "sample%", "  ");
	write_heading(pstats, TIME_WIDTH, units->direct.title_direct, "  ");
	write_heading(pstats, PERCENT_WIDTH, "cumul%", "  ");
	write_heading(pstats, TIME_WIDTH, units->cumulative.title_cumulative, "  ");
	write_heading(pstats, 0, "filename:lineno(function)", "\n");
}

static int write_row(struct ty_pstats *pstats, const struct ty_pstats_row *row, const struct units *units)
{
	double direct_s = (double)row->direct * pstats->interval_s;
	double cumulative_s = (double)row->cumulative * pstats->interval_s;
	char counts[2 * sizeof("18446744073709551615")];
	ty_sink *sink = pstats->report.sink;
	int error;

	snprintf(counts, sizeof(counts), "%" PRIu64 "/%" PRIu64, row->direct, row->cumulative);
	ty_print(sink, "%*s  ", COUNT_WIDTH, counts);
	ty_print(sink, "%*.1f  ", PERCENT_WIDTH, ty_pstats_percent(pstats, row->direct));
	ty_print(sink, "%*.3f  ", TIME_WIDTH, direct_s * units->direct.scale);
	ty_print(sink, "%*.1f  ", PERCENT_WIDTH, ty_pstats_percent(pstats, row->cumulative));
	ty_print(sink, "%*.3f  ", TIME_WIDTH, cumulative_s * units->cumulative.scale);
	error = ty_pstats_write_function(pstats, row->file, row->line, row->name);
	ty_print_string(sink, "\n");
	return error;
}

static int write_rows(struct ty_pstats *pstats, const struct ty_pstats_row *rows, size_t count)
{
	struct units units = units_for(pstats, rows, count);
	int error = 0;

	write_headings(pstats, &units);
	for (size_t i = 0; !error && i < count; i++)
		error = write_row(pstats, &rows[i], &units);
	return error;
}

/* Not of CPython's: how far the numbers can be trusted. */
static void write_verdicts(struct ty_pstats *pstats)
{
	const uint64_t *verdicts = pstats->report.stacks.verdicts;
	ty_sink *sink = pstats->report.sink;
	char buffer[TY_GROUPED_BYTES];
	uint64_t all = 0;

	for (int i = 0; i < TY_VERDICTS; i++)
		all += verdicts[i];
	ty_print(sink, "Stacks: %s verified (%.1f %%)", ty_text_grouped(verdicts[TY_VERIFIED], buffer),
	         all ? (double)verdicts[TY_VERIFIED] * 100 / (double)all : 0);
	ty_print(sink, ", %s repaired", ty_text_grouped(verdicts[TY_REPAIRED], buffer));
	ty_print(sink, ", %s torn", ty_text_grouped(verdicts[TY_TORN], buffer));
	ty_print(sink, ", %s incomplete", ty_text_grouped(verdicts[TY_INCOMPLETE], buffer));
	if (verdicts[TY_FAILED])
		ty_print(sink, ", %s unreadable", ty_text_grouped(verdicts[TY_FAILED], buffer));
	if (verdicts[TY_TORN] + verdicts[TY_INCOMPLETE] && pstats->options.trust == TY_TRUST_PROVEN)
		ty_print_string(sink, "; torn and incomplete ones are not in the table");
	ty_print_string(sink, "\n");
}

static void write_legend(struct ty_pstats *pstats)
{
	static const char *const LEGEND[][2] = {
		{ "nsamples", "Direct/Cumulative samples (direct executing / on call stack)" },
		{ "sample%", "Percentage of total samples this function was directly executing" },
		{ "tottime", "Estimated total time spent directly in this function" },
		{ "cumul%", "Percentage of total samples when this function was on the call stack" },
		{ "cumtime", "Estimated cumulative time (including time in called functions)" },
		{ "filename:lineno(function)", "Function location and name" },
	};

	ty_print_string(pstats->report.sink, "\n");
	write_heading(pstats, 0, "Legend:", "\n");
	for (size_t i = 0; i < sizeof(LEGEND) / sizeof(*LEGEND); i++)
		ty_print(pstats->report.sink, "  %s%s%s: %s\n", pstats->colors.line, LEGEND[i][0], pstats->colors.reset,
		         LEGEND[i][1]);
}

int ty_pstats_write_table(struct ty_pstats *pstats)
{
	size_t count, limit = pstats->options.limit ? pstats->options.limit : DEFAULT_ROWS;
	_cleanup_free_ struct ty_pstats_row *rows = make_rows(&pstats->stats, &count);
	int error = 0;

	if (!rows)
		return -ENOMEM;
	if (count == 0) {
		ty_print_string(pstats->report.sink, "No samples were collected.\n");
		write_verdicts(pstats);
		return 0;
	}
	qsort(rows, count, sizeof(*rows), ORDERS[pstats->options.sort]);
	if (count > limit && pstats->options.limit != UINT32_MAX)
		count = limit;
	error = write_rows(pstats, rows, count);
	ty_print_string(pstats->report.sink, "\n");
	write_verdicts(pstats);
	write_legend(pstats);
	if (!error && !pstats->options.no_summary)
		error = ty_pstats_write_summary(pstats, rows, count);
	if (!error && pstats->options.opcodes)
		error = ty_pstats_write_instructions(pstats);
	return error;
}
