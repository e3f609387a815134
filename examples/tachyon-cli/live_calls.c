/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of calls: who calls the function that is selected, and who calls them; or what it calls.
 */
#include <string.h>

#include "live.h"

#define DEPTH_SHOWN 32
#define BRANCH_COLUMNS 3

static void draw_branch(const struct view *view, int row, int at, const ty_live_call_info *info)
{
	for (uint32_t depth = 1; depth < info->depth && depth < DEPTH_SHOWN; depth++)
		at += BRANCH_COLUMNS;
	if (info->depth)
		paint(view, row, at, PAINT_DIM, "%s",
		      info->is_last ? paint_text(view, "└─ ", "`- ") : paint_text(view, "├─ ", "|- "));
}

static void draw_row(const struct view *view, int row, const ty_live_call_info *info)
{
	int depth = info->depth < DEPTH_SHOWN ? (int)info->depth : DEPTH_SHOWN;
	int at = paint(view, row, 1, PAINT_PLAIN, "%9llu %6.1f%%  ", (unsigned long long)info->samples,
	               view_percent(view, info->samples));

	draw_branch(view, row, at, info);
	at = paint(view, row, at + depth * BRANCH_COLUMNS, info->depth ? PAINT_PLAIN : PAINT_TITLE, "%s", info->name);
	if (strcmp(info->filename, "~") != 0)
		paint(view, row, at + 2, PAINT_DIM, "%s:%d", short_file(info->filename), (int)info->line);
}

void calls_draw(struct view *view, struct area area)
{
	bool callers = view->direction == TY_LIVE_CALLERS;
	ty_live_call_info info = { .size = sizeof(info) };
	int rows = area.rows - 2;
	int count = ty_live_calls(view->live->model, view->selected_function, view->direction, view->thread);
	char title[LIVE_NAME_BYTES + 64];

	view->list_count = count < 0 ? 0 : count;
	if (view->list_top > view->list_count - rows)
		view->list_top = view->list_count - rows;
	if (view->list_top < 0)
		view->list_top = 0;
	snprintf(title, sizeof(title), callers ? "Who calls %s()" : "What %s() calls", view->selected_name);
	paint_rule(view, area.top, 0, title);
	paint_blank(view, area.top + 1, PAINT_TITLE | LIVE_REVERSE);
	paint(view, area.top + 1, 1, PAINT_TITLE | LIVE_REVERSE, "%9s %7s  function", "on-stack", "share");
	if (!view->list_count)
		paint(view, area.top + 2, 2, PAINT_DIM, "It has no samples");
	for (int i = 0; i < rows && ty_live_call(view->live->model, (size_t)(view->list_top + i), &info) == 0; i++)
		draw_row(view, area.top + 2 + i, &info);
}
