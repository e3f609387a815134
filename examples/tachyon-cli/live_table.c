/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of functions. Its columns, and from which width on each is there, are those of CPython's live view; so are
 * their names, which --sort takes.
 */
#include <string.h>

#include "live.h"

#define MARK_COLUMNS 2
#define NAME_LEAST 10
#define NAME_MOST 40
#define NAME_WIDE 60 /* on a terminal of WIDE_COLUMNS */
#define WIDE_COLUMNS 180

enum column { COLUMN_NSAMPLES, COLUMN_SAMPLE_PCT, COLUMN_TOTTIME, COLUMN_CUMUL_PCT, COLUMN_CUMTIME, COLUMNS_SHOWN };

static const struct {
	const char *title;
	int sort; /* enum ty_sort */
	int width;
	int from_width; /* of the terminal */
} columns[COLUMNS_SHOWN] = {
	[COLUMN_NSAMPLES] = { "nsamples", TY_SORT_NSAMPLES, 15, 0 },
	[COLUMN_SAMPLE_PCT] = { "sample%", TY_SORT_SAMPLE_PCT, 8, 80 },
	[COLUMN_TOTTIME] = { "tottime", TY_SORT_TOTTIME, 10, 100 },
	[COLUMN_CUMUL_PCT] = { "cumul%", TY_SORT_CUMUL_PCT, 8, 120 },
	[COLUMN_CUMTIME] = { "cumtime", TY_SORT_CUMTIME, 10, 140 },
};

static bool is_shown(const struct view *view, enum column column)
{
	return view->terminal.columns >= columns[column].from_width;
}

/* Columns of the name; the rest of the line is the file's. */
static int name_width(const struct view *view, int used)
{
	int most = view->terminal.columns >= WIDE_COLUMNS ? NAME_WIDE : NAME_MOST;
	int width = (view->terminal.columns - used) / 2;

	return width < NAME_LEAST ? NAME_LEAST : width > most ? most : width;
}

static void note_column(struct view *view, int first, int last, int sort)
{
	int *noted = view->sort_columns[view->sort_column_count++];

	noted[0] = first;
	noted[1] = last;
	noted[2] = sort;
}

static int draw_title(struct view *view, int row, int at, int width, const char *title, int sort)
{
	/* "cumulative samples" is sorted by in the column that shows them after the slash. */
	bool sorted = view->sort == sort || (sort == TY_SORT_NSAMPLES && view->sort == TY_SORT_NSAMPLES_CUMUL);
	char text[64];

	snprintf(text, sizeof(text), "%s%s", title, sorted ? paint_text(view, "▼", "v") : "");
	note_column(view, at, at + width, sort);
	int pad = width - (int)text_width(text, strlen(text));

	paint_fit(view, row, at, pad, PAINT_TITLE | LIVE_REVERSE, "");
	paint(view, row, at + pad, PAINT_TITLE | LIVE_REVERSE, "%s", text);
	return at + width;
}

static void draw_titles(struct view *view, int row)
{
	int at = MARK_COLUMNS;
	bool by_name = view->sort == TY_SORT_NAME;

	view->sort_column_count = 0;
	view->table_header_row = row;
	paint_blank(view, row, PAINT_TITLE | LIVE_REVERSE);
	for (int i = 0; i < COLUMNS_SHOWN; i++)
		if (is_shown(view, (enum column)i))
			at = draw_title(view, row, at, columns[i].width, columns[i].title, columns[i].sort);
	int width = name_width(view, at + 2);

	note_column(view, at + 2, at + 2 + width, TY_SORT_NAME);
	paint(view, row, at + 2, PAINT_TITLE | LIVE_REVERSE, "%s%s", view->group == TY_LIVE_TASKS ? "task" : "function",
	      by_name ? paint_text(view, "▼", "v") : "");
	paint(view, row, at + width + 3, PAINT_TITLE | LIVE_REVERSE, "file:line");
}

/* ---- rows ---- */

static int trend_color(const struct view *view, int trend, int color)
{
	if (!view->trends || !trend || color & LIVE_REVERSE)
		return color;
	return trend > 0 ? PAINT_GOOD : PAINT_BAD;
}

static int draw_cell(const struct view *view, int row, int at, enum column column, int color,
                     const ty_live_function_info *info)
{
	bool on_stack = column == COLUMN_CUMUL_PCT || column == COLUMN_CUMTIME;
	uint64_t samples = on_stack ? info->on_stack : info->leaf;
	char text[64];

	if (column == COLUMN_NSAMPLES)
		snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)info->leaf,
		         (unsigned long long)info->on_stack);
	else if (column == COLUMN_SAMPLE_PCT || column == COLUMN_CUMUL_PCT)
		snprintf(text, sizeof(text), "%.1f", view_percent(view, samples));
	else
		snprintf(text, sizeof(text), "%.3f", view_seconds(view, samples));
	color = trend_color(view, on_stack ? info->on_stack_trend : info->leaf_trend, color);
	paint(view, row, at, color, "%*s", columns[column].width, text);
	return at + columns[column].width;
}

static void draw_row(const struct view *view, int row, const ty_live_function_info *info, bool selected)
{
	int color = selected ? PAINT_PLAIN | LIVE_REVERSE : PAINT_PLAIN;
	int at = MARK_COLUMNS;
	char place[LIVE_NAME_BYTES];

	paint_blank(view, row, color);
	if (selected)
		paint(view, row, 0, color, "%s", paint_text(view, "►", ">"));
	for (int i = 0; i < COLUMNS_SHOWN; i++)
		if (is_shown(view, (enum column)i))
			at = draw_cell(view, row, at, (enum column)i, color, info);
	at += 2;
	at = paint_fit(view, row, at, name_width(view, at), color, info->name) + 1;
	/* What has no file is no code of Python's. */
	if (!strcmp(info->filename, "~"))
		return;
	snprintf(place, sizeof(place), "%s:%d", short_file(info->filename), (int)info->line);
	paint_fit(view, row, at, view->terminal.columns - at, selected ? color : PAINT_DIM, place);
}

static void scroll_to_selected(struct view *view, int rows)
{
	if (view->top > view->selected)
		view->top = view->selected;
	if (view->selected >= view->top + rows)
		view->top = view->selected - rows + 1;
	if (view->top > view->row_count - rows)
		view->top = view->row_count - rows;
	if (view->top < 0)
		view->top = 0;
}

static void draw_nothing(const struct view *view, int row)
{
	if (view->filter[0])
		paint(view, row, 2, PAINT_DIM, "No function matches the filter (c clears it)");
	else if (view->group == TY_LIVE_TASKS)
		paint(view, row, 2, PAINT_DIM, "No asyncio task was seen (needs --async-aware)");
	else if (view->end != LIVE_RUNNING)
		paint(view, row, 2, PAINT_DIM, "Not one sample could be taken");
	else
		paint(view, row, 2, PAINT_DIM, "Waiting for the first sample");
}

void table_draw(struct view *view, struct area area)
{
	ty_live_function_info info = { .size = sizeof(info) };
	int rows = area.rows - 1;

	scroll_to_selected(view, rows);
	draw_titles(view, area.top);
	view->table_area = (struct area){ area.top + 1, rows };
	if (!view->row_count)
		draw_nothing(view, area.top + 1);
	for (int i = 0; i < rows && ty_live_function(view->live->model, (size_t)(view->top + i), &info) == 0; i++)
		draw_row(view, area.top + 1 + i, &info, view->top + i == view->selected);
}
