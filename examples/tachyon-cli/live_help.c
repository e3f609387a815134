/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The help page, and the two lines at the bottom: what is set, and the most useful keys.
 */
#include <string.h>

#include "live.h"

static const struct {
	const char *key;
	const char *text;
} help[] = {
	{ "q", "quit; a program that was started by run is ended" },
	{ "j k, arrows", "select a function, or scroll" },
	{ "Enter", "all lines and instructions of the function" },
	{ "n", "in there: go to the hottest instruction" },
	{ "g", "who calls it; Tab: what it calls" },
	{ "o", "panel with the hot instructions of the function" },
	{ "Esc", "back" },
	{ "s S", "sort by the next or the last column; or click on it" },
	{ "l", "rows are lines, or functions" },
	{ "a", "rows are asyncio tasks" },
	{ "/ c", "filter by name or file; clear it" },
	{ "t", "one thread, or all; left and right choose it" },
	{ "p", "hold the picture; sampling goes on" },
	{ "r", "count from here on" },
	{ "[ ]", "sample slower, faster" },
	{ "m", "mode: wall, cpu, gil, exception" },
	{ "- +", "draw slower, faster" },
	{ "x", "colours of trends: rising, falling" },
	{ "w", "write the profile so far to a file" },
};
#define HELP_LINES ((int)(sizeof(help) / sizeof(help[0])))
#define KEY_COLUMNS 14
#define COLUMN_COLUMNS 62 /* of two columns, where there is room for them */

void help_draw(const struct view *view, struct area area)
{
	int rows = area.rows - 1, used = 0;
	bool two = view->terminal.columns >= 2 * COLUMN_COLUMNS;
	int per_column = two ? (HELP_LINES + 1) / 2 : HELP_LINES;

	paint_rule(view, area.top, 0, "Keys");
	for (int i = view->list_top; i < HELP_LINES && used < rows; i++) {
		int column = two ? i / per_column * COLUMN_COLUMNS : 0;
		int row = area.top + 1 + (two ? i % per_column : used);

		used += !two;
		if (row >= area.top + area.rows)
			continue;
		paint_fit(view, row, column + 1, KEY_COLUMNS, PAINT_TITLE, help[i].key);
		paint(view, row, column + 1 + KEY_COLUMNS, PAINT_PLAIN, "%s", help[i].text);
	}
}

static const char *sort_name(int sort)
{
	/* In the order of enum ty_sort, the words of --sort. */
	static const char *const names[] = { "nsamples",  "tottime",        "cumtime", "sample-pct",
		                             "cumul-pct", "nsamples-cumul", "name" };

	return names[sort];
}

static void draw_settings(const struct view *view, int row)
{
	int at = paint(view, row, 0, PAINT_PLAIN, "Sort: %s", sort_name(view->sort));

	if (view->group != TY_LIVE_FUNCTIONS)
		at = paint(view, row, at, PAINT_PLAIN, " by %s", view->group == TY_LIVE_LINES ? "line" : "task");
	if (view->mode != TY_MODE_WALL)
		at = paint(view, row, at, PAINT_WARM, " [Mode: %s]", view_mode_name(view->mode));
	if (view->paused)
		at = paint(view, row, at, PAINT_WARM | LIVE_REVERSE, " [PAUSED]");
	if (view->filter[0])
		at = paint(view, row, at, PAINT_WARM, " [Filter: %s]", view->filter);
	if (!view->trends)
		at = paint(view, row, at, PAINT_DIM, " [Trend colors: OFF]");
	if (now_ns() < view->message_until_ns)
		paint(view, row, at + 2, PAINT_TITLE, "%s", view->message);
}

void footer_draw(const struct view *view, int row)
{
	static const char *const keys[] = {
		[PAGE_TABLE] = "q quit  h help  s sort  / filter  o instructions  Enter listing  g callers  t thread  "
		               "p pause  w save",
		[PAGE_LISTING] = "Esc back  j k scroll  n hottest  g callers  p pause  w save  h help  q quit",
		[PAGE_CALLS] = "Esc back  j k scroll  Tab callers/callees  p pause  w save  h help  q quit",
		[PAGE_HELP] = "Esc back  j k scroll  q quit",
	};

	draw_settings(view, row);
	paint(view, row + 1, 0, PAINT_DIM, "%s", keys[view->page]);
}
