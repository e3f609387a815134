/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listing: all lines of a function, below each its instructions, sampled or not, with what the adaptive interpreter
 * made of them. It fills the window; the panel shows the same rows.
 *
 * Columns: leaf samples, their share of all, on-stack samples; then the line's number and source, or offset, name,
 * argument and form.
 */
#include <string.h>

#include "live.h"
#include "live_rows.h"

#define HOT_PERCENT 10
#define WARM_PERCENT 1
#define BAR_COLUMNS 10
#define NAME_COLUMNS 32
#define ARGUMENT_COLUMNS 22
#define SOURCE_BYTES 512

static int heat(const struct view *view, uint64_t leaf)
{
	double percent = view_percent(view, leaf);

	return percent >= HOT_PERCENT ? PAINT_HOT : percent >= WARM_PERCENT ? PAINT_WARM : PAINT_PLAIN;
}

static int draw_counts(const struct view *view, int row, int color, const ty_live_instruction_info *info)
{
	int at = 1;

	if (info->leaf)
		paint(view, row, at, color ? color : heat(view, info->leaf), "%9llu %6.1f%%",
		      (unsigned long long)info->leaf, view_percent(view, info->leaf));
	at += 18;
	if (view->terminal.columns >= 80) {
		if (info->on_stack)
			paint(view, row, at, color, "%9llu", (unsigned long long)info->on_stack);
		at += 10;
	}
	return at;
}

/* ---- a source line ---- */

static void draw_line(const struct view *view, int row, int at, int color, const ty_live_instruction_info *info)
{
	char text[SOURCE_BYTES];
	size_t size_bytes = 0;
	const char *source;

	if (info->line < 0) {
		paint(view, row, at, color ? color : PAINT_DIM, "%6s  (no line)", "-");
		return;
	}
	at = paint(view, row, at, color ? color : PAINT_DIM, "%6d  ", (int)info->line);
	source = view->live->sources ? source_line(view->live->sources, view->selected_file, info->line, &size_bytes)
	                             : NULL;
	if (!source)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)(size_bytes < sizeof(text) ? size_bytes : sizeof(text) - 1), source);
	paint(view, row, at, color ? color : PAINT_SOURCE, "%s", text);
}

/* ---- an instruction ---- */

static const char *form_name(int form)
{
	switch (form) {
	case TY_LIVE_FORM_SPECIALIZED:
		return "specialized";
	case TY_LIVE_FORM_GENERIC:
		return "could specialize";
	case TY_LIVE_FORM_TRACE:
		return "JIT trace";
	case TY_LIVE_FORM_UNKNOWN:
		return "not known";
	default:
		return "";
	}
}

static int form_color(int form)
{
	return form == TY_LIVE_FORM_SPECIALIZED ? PAINT_GOOD
	       : form == TY_LIVE_FORM_GENERIC   ? PAINT_GENERIC
	                                        : PAINT_PLAIN;
}

static int draw_argument(const struct view *view, int row, int at, int color, const ty_live_instruction_info *info)
{
	char text[256] = "";

	if (info->has_argument)
		snprintf(text, sizeof(text), *info->argument_text ? "%u (%s)" : "%u", (unsigned)info->argument,
		         info->argument_text);
	return paint_fit(view, row, at, ARGUMENT_COLUMNS, color, text) + 1;
}

static void draw_instruction(const struct view *view, int row, int at, int color, const ty_live_instruction_info *info)
{
	int own = color ? color : form_color(info->form);
	char label[16] = "";

	if (info->label)
		snprintf(label, sizeof(label), "L%u", (unsigned)info->label);
	if (view->terminal.columns >= 100)
		at = paint(view, row, at, color ? color : PAINT_DIM, "%5s", label);
	at = paint(view, row, at, color ? color : PAINT_DIM, "%6d  ", (int)info->offset);
	at = paint_fit(view, row, at, NAME_COLUMNS, own, *info->name ? info->name : "(not known)") + 1;
	if (view->terminal.columns >= 100)
		at = draw_argument(view, row, at, color, info);
	at = paint(view, row, at, own, "%s", form_name(info->form));
	if (info->form == TY_LIVE_FORM_SPECIALIZED && view->terminal.columns >= 120)
		at = paint(view, row, at, color ? color : PAINT_DIM, " from %s", info->base_name);
	if (info->forms > 1)
		at = paint(view, row, at, own, ", %u forms", (unsigned)info->forms);
	if (info->flags & TY_INSTRUCTION_INSTRUMENTED)
		paint(view, row, at, color ? color : PAINT_DIM, ", instrumented");
}

void live_row_draw(const struct view *view, int row, const ty_live_instruction_info *info, bool selected)
{
	int color = selected ? PAINT_PLAIN | LIVE_REVERSE : PAINT_PLAIN;

	if (selected)
		paint_blank(view, row, color);
	int at = draw_counts(view, row, color, info);

	if (info->is_line)
		draw_line(view, row, at, color, info);
	else
		draw_instruction(view, row, at, color, info);
}

/* ---- the page ---- */

/* Row with the most leaf samples. */
int listing_hottest(struct view *view)
{
	ty_live_instruction_info info = { .size = sizeof(info) };
	uint64_t most = 0;
	int hottest = 0;

	for (int i = 0; i < view->list_count && ty_live_instruction(view->live->model, (size_t)i, &info) == 0; i++) {
		if (!info.is_line && info.leaf > most) {
			most = info.leaf;
			hottest = i;
		}
	}
	return hottest;
}

static void draw_titles(const struct view *view, int row)
{
	char title[2 * LIVE_NAME_BYTES + 64];

	snprintf(title, sizeof(title), "%s()  %s", view->selected_name, view->selected_file);
	paint_rule(view, row, 0, title);
	paint_blank(view, row + 1, PAINT_TITLE | LIVE_REVERSE);
	paint(view, row + 1, 1, PAINT_TITLE | LIVE_REVERSE, "%9s %7s %s  line  source / offset  instruction", "leaf",
	      "share", view->terminal.columns >= 80 ? " on-stack" : "");
}

void listing_draw(struct view *view, struct area area)
{
	ty_live_instruction_info info = { .size = sizeof(info) };
	int rows = area.rows - 2;
	int count = ty_live_instructions(view->live->model, view->selected_function, view->thread);

	view->list_count = count < 0 ? 0 : count;
	if (view->list_top > view->list_count - rows)
		view->list_top = view->list_count - rows;
	if (view->list_top < 0)
		view->list_top = 0;
	draw_titles(view, area.top);
	if (!view->list_count)
		paint(view, area.top + 2, 2, PAINT_DIM, "No instructions of it were seen");
	for (int i = 0; i < rows && ty_live_instruction(view->live->model, (size_t)(view->list_top + i), &info) == 0;
	     i++)
		live_row_draw(view, area.top + 2 + i, &info, false);
}
