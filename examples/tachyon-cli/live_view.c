/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The view's thread: waits for keys and for the next frame, asks the model, draws.
 *
 * A frame costs what the profile is large, so the next one waits until this one was no more than a small part of the
 * time: a view that is left open on a huge program becomes slower, not dearer. What was drawn is drawn again at once
 * when a key was pressed; the model is asked again only at the view's own pace.
 */
#include <curses.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "live.h"

#define REFRESH_NS (100 * NS_PER_MS)
#define MOST_LOAD 20 /* a frame's processor time is no more than this part of the time until the next */
#define MESSAGE_NS (4 * NS_PER_SECOND)
#define KEYS_AT_ONCE 64

/* ---- small things that the parts share ---- */

double view_seconds(const struct view *view, uint64_t samples)
{
	return (double)samples * (double)view->interval_ns / 1e9;
}

double view_percent(const struct view *view, uint64_t samples)
{
	return view->overview.counted ? 100.0 * (double)samples / (double)view->overview.counted : 0.0;
}

/* What says where a file is from, without where Python was installed. */
const char *short_file(const char *filename)
{
	static const char *const roots[] = { "/site-packages/", "/dist-packages/" };
	const char *found;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		found = strstr(filename, roots[i]);
		if (found)
			return found + strlen(roots[i]);
	}
	found = strstr(filename, "/lib/python3");
	if (found && strchr(found + 5, '/'))
		return strchr(found + 5, '/') + 1;
	found = strrchr(filename, '/');
	return found ? found + 1 : filename;
}

/* The words of --mode. */
const char *view_mode_name(int mode)
{
	switch (mode) {
	case TY_MODE_CPU:
		return "cpu";
	case TY_MODE_GIL:
		return "gil";
	case TY_MODE_EXCEPTION:
		return "exception";
	default:
		return "wall";
	}
}

void view_say(struct view *view, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(view->message, sizeof(view->message), format, arguments);
	va_end(arguments);
	view->message_until_ns = now_ns() + MESSAGE_NS;
}

/* ---- the model ---- */

static void keep_selected(struct view *view, const ty_live_function_info *row)
{
	view->selected_function = row->function;
	view->selected_line = row->line;
	snprintf(view->selected_name, sizeof(view->selected_name), "%s", row->name);
	snprintf(view->selected_file, sizeof(view->selected_file), "%s", row->filename);
}

/* The row of the list that was selected, wherever it stands now. */
static void find_selected(struct view *view)
{
	ty_live_function_info row = { .size = sizeof(row) };

	for (int i = 0; view->moved && i < view->row_count; i++) {
		if (ty_live_function(view->live->model, (size_t)i, &row) == 0 &&
		    row.function == view->selected_function &&
		    (view->group != TY_LIVE_LINES || row.line == view->selected_line)) {
			view->selected = i;
			return;
		}
	}
	if (!view->moved)
		view->selected = 0;
	view_select(view, view->selected);
}

/* Selects a row of the table, as near as there is one. */
void view_select(struct view *view, int row)
{
	ty_live_function_info info = { .size = sizeof(info) };

	row = row >= view->row_count ? view->row_count - 1 : row;
	view->selected = row < 0 ? 0 : row;
	if (ty_live_function(view->live->model, (size_t)view->selected, &info) == 0)
		keep_selected(view, &info);
	else
		view->selected_function = 0;
}

/* Makes the list again, as the view wants it now. */
void view_list(struct view *view)
{
	ty_live_query query = {
		.size = sizeof(query),
		.group = view->group,
		.sort = view->sort,
		.thread = view->thread,
		.filter = view->filter,
	};
	int count = ty_live_functions(view->live->model, &query);

	view->row_count = count < 0 ? 0 : count;
	view->overview.size = sizeof(view->overview);
	(void)ty_live_overview(view->live->model, view->thread, &view->overview);
	find_selected(view);
}

static void measure_rate(struct view *view)
{
	ty_live_overview_info all = { .size = sizeof(all) };
	uint64_t now = now_ns();

	if (ty_live_overview(view->live->model, 0, &all) != 0)
		return;
	if (view->end != LIVE_RUNNING) {
		view->rate_hz = all.duration_ns ? (double)all.samples * 1e9 / (double)all.duration_ns : 0;
		return;
	}
	if (all.samples < view->samples_before || !view->rate_since_ns)
		view->samples_before = all.samples, view->rate_since_ns = now;
	if (now - view->rate_since_ns < NS_PER_SECOND)
		return;
	view->rate_hz = (double)(all.samples - view->samples_before) * 1e9 / (double)(now - view->rate_since_ns);
	view->samples_before = all.samples;
	view->rate_since_ns = now;
}

static void take_state(struct view *view)
{
	struct live *live = view->live;

	pthread_mutex_lock(&live->lock);
	view->end = live->end;
	snprintf(view->end_text, sizeof(view->end_text), "%s", live->end_text);
	view->interval_ns = live->interval_ns;
	view->mode = live->mode;
	view->quit |= live->close;
	bool applied = live->applied != view->applied;

	view->applied = live->applied;
	pthread_mutex_unlock(&live->lock);
	if (!applied || !view->reset_when_applied)
		return;
	/* Up to here samples were still taken as before. */
	view->reset_when_applied = false;
	(void)ty_live_update(view->live->model);
	ty_live_reset(view->live->model);
}

void view_update(struct view *view)
{
	if (view->paused)
		return;
	if (ty_live_update(view->live->model) < 0)
		view_say(view, "out of memory: the view stays as it is");
	measure_rate(view);
	view_list(view);
}

static void watch_save(struct view *view)
{
	int outcome = live_save_outcome(view->live);

	if (outcome == 1)
		view_say(view, "saved: %s", view->live->save_path);
	else if (outcome == -TY_EOPTION)
		view_say(view, "--%s needs a recording, and none could be made", format_table[view->save_format].name);
	else if (outcome < 0)
		view_say(view, "not saved: %s", ty_strerror(outcome));
}

/* ---- a frame ---- */

static bool is_too_small(const struct view *view)
{
	return view->terminal.columns < LIVE_MIN_COLUMNS || view->terminal.rows < LIVE_MIN_ROWS;
}

static void draw_too_small(const struct view *view)
{
	paint(view, 0, 0, PAINT_HOT, "Window too small: %dx%d", view->terminal.columns, view->terminal.rows);
	paint(view, 1, 0, PAINT_PLAIN, "needs %dx%d; sampling goes on", LIVE_MIN_COLUMNS, LIVE_MIN_ROWS);
	paint(view, 2, 0, PAINT_PLAIN, "q quits");
}

static int panel_rows(const struct view *view, int rows)
{
	int wanted = rows * 2 / 5;

	return !view->panel ? 0 : wanted > 16 ? 16 : wanted < 4 ? 4 : wanted;
}

static void draw_table_page(struct view *view, struct area area)
{
	int panel = panel_rows(view, area.rows);

	table_draw(view, (struct area){ area.top, area.rows - panel });
	if (panel)
		panel_draw(view, (struct area){ area.top + area.rows - panel, panel });
}

static void draw_page(struct view *view, struct area area)
{
	switch (view->page) {
	case PAGE_LISTING:
		listing_draw(view, area);
		break;
	case PAGE_CALLS:
		calls_draw(view, area);
		break;
	case PAGE_HELP:
		help_draw(view, area);
		break;
	default:
		draw_table_page(view, area);
	}
}

void view_draw(struct view *view)
{
	erase();
	view->table_area.rows = 0;
	if (is_too_small(view)) {
		draw_too_small(view);
	} else {
		int header = header_rows(view);

		header_draw(view, (struct area){ 0, header });
		draw_page(view, (struct area){ header, view->terminal.rows - header - 2 });
		footer_draw(view, view->terminal.rows - 2);
		if (view->prompt)
			prompt_draw(view, view->terminal.rows - 2);
	}
	refresh();
}

/* ---- the loop ---- */

static uint64_t cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * NS_PER_SECOND + (uint64_t)used.tv_nsec;
}

static bool take_keys(struct view *view)
{
	bool any = false;

	for (int i = 0; i < KEYS_AT_ONCE; i++) {
		int key = getch();

		if (key == ERR)
			break;
		any = true;
		if (key == KEY_MOUSE)
			keys_mouse(view);
		else if (key != KEY_RESIZE)
			keys_press(view, key);
	}
	return any;
}

static uint64_t frame(struct view *view)
{
	uint64_t cpu_before_ns = cpu_ns(), pause_ns;

	view_update(view);
	watch_save(view);
	view_draw(view);
	pause_ns = (cpu_ns() - cpu_before_ns) * MOST_LOAD;
	return pause_ns > view->refresh_ns ? pause_ns : view->refresh_ns;
}

static void loop(struct view *view)
{
	uint64_t next_ns = 0;

	while (!view->quit) {
		uint64_t now = now_ns();
		bool draw = terminal_obey_signals(&view->terminal);

		take_state(view);
		if (now >= next_ns)
			next_ns = now_ns() + frame(view);
		else if (draw)
			view_draw(view);
		now = now_ns();
		(void)terminal_wait(next_ns > now ? next_ns - now : 0);
		/* A window that was closed while SIGHUP is ignored. */
		if (terminal_is_gone()) {
			live_ask_quit(view->live);
			return;
		}
		if (take_keys(view))
			view_draw(view);
	}
}

void view_run(struct live *live)
{
	struct view *view = calloc(1, sizeof(*view));
	int error = view ? terminal_open(&view->terminal) : -ENOMEM;

	if (error) {
		live->open_error = error;
		live_ask_quit(live);
		free(view);
		return;
	}
	view->live = live;
	view->refresh_ns = REFRESH_NS;
	view->trends = view->terminal.has_colors;
	view->panel = live->options->opcodes;
	view->sort = live->options->sort;
	take_state(view);
	loop(view);
	terminal_close();
	free(view);
}
