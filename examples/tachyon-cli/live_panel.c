/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instruction panel: the hot lines of the function that is selected, below each its hot instructions. What fits is
 * shown, the hottest first; all of it in its order is the listing (Enter).
 */
#include <stdlib.h>
#include <string.h>

#include "live.h"
#include "live_rows.h"

#define ROWS_MAX 4096
#define SPARK_COLUMNS 60

/* A line with its instructions, as a part of the list. */
struct group {
	int first, count; /* the line is the first */
	uint64_t leaf, on_stack;
};

static int by_heat(const void *left, const void *right)
{
	const struct group *a = left, *b = right;

	if (a->leaf != b->leaf)
		return a->leaf < b->leaf ? 1 : -1;
	if (a->on_stack != b->on_stack)
		return a->on_stack < b->on_stack ? 1 : -1;
	return (a->first > b->first) - (a->first < b->first);
}

static int group_lines(const struct view *view, int count, struct group *groups)
{
	ty_live_instruction_info info = { .size = sizeof(info) };
	int found = 0;

	for (int i = 0; i < count && ty_live_instruction(view->live->model, (size_t)i, &info) == 0; i++) {
		if (info.is_line)
			groups[found++] = (struct group){ i, 0, info.leaf, info.on_stack };
		if (found)
			groups[found - 1].count++;
	}
	qsort(groups, (size_t)found, sizeof(*groups), by_heat);
	return found;
}

static int draw_group(const struct view *view, const struct group *group, int row, int end)
{
	ty_live_instruction_info info = { .size = sizeof(info) };

	for (int i = group->first; i < group->first + group->count && row < end; i++) {
		if (ty_live_instruction(view->live->model, (size_t)i, &info) != 0)
			break;
		/* Here only what was sampled. */
		if (info.is_line || info.leaf)
			live_row_draw(view, row++, &info, false);
	}
	return row;
}

static void draw_heading(const struct view *view, int row)
{
	uint16_t shares[SPARK_COLUMNS];
	char title[LIVE_NAME_BYTES + 64];
	int room = view->terminal.columns - 34, seconds;
	bool on_stack = view->sort == TY_SORT_CUMTIME || view->sort == TY_SORT_CUMUL_PCT ||
	                view->sort == TY_SORT_NSAMPLES_CUMUL;

	if (!view->selected_function) {
		paint_rule(view, row, 0, "Instructions");
		return;
	}
	snprintf(title, sizeof(title), "Instructions for %.*s()", room > 12 ? room : 12, view->selected_name);
	paint_rule(view, row, 0, title);
	if (view->terminal.columns < 100)
		return;
	seconds = ty_live_history(view->live->model, view->selected_function, on_stack, shares, SPARK_COLUMNS);
	int width = view->terminal.columns / 3 < SPARK_COLUMNS ? view->terminal.columns / 3 : SPARK_COLUMNS;
	int at = view->terminal.columns - width - 14;

	if (seconds > 0) {
		paint(view, row, at, PAINT_DIM, " last minute ");
		paint_sparkline(view, row, at + 13, width, PAINT_TITLE, shares, seconds);
	}
}

void panel_draw(struct view *view, struct area area)
{
	int row = area.top + 1, end = area.top + area.rows;
	int count = view->selected_function
	                    ? ty_live_instructions(view->live->model, view->selected_function, view->thread)
	                    : 0;
	struct group *groups = count > 0 ? calloc((size_t)count, sizeof(*groups)) : NULL;

	draw_heading(view, area.top);
	if (!view->selected_function)
		paint(view, row, 2, PAINT_DIM, "No function selected (j and k select one)");
	else if (!groups)
		paint(view, row, 2, PAINT_DIM, "No instructions of it were seen");
	int found = groups ? group_lines(view, count, groups) : 0;

	for (int i = 0; i < found && row < end && (groups[i].leaf || groups[i].on_stack); i++)
		row = draw_group(view, &groups[i], row, end);
	free(groups);
}
