/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and mouse. The keys of CPython's live view do here what they do there; help (live_help.c) lists all.
 */
#include <curses.h>
#include <string.h>

#include "live.h"

#define KEY_ESCAPE 27
#define KEY_TAB '\t'
#define REFRESH_STEP_NS (50 * NS_PER_MS)
#define REFRESH_LEAST_NS (50 * NS_PER_MS)
#define REFRESH_MOST_NS NS_PER_SECOND
#define WHEEL_ROWS 3
#define PAGE_ROWS 10
#define FASTEST_NS 10000ULL
#define SLOWEST_NS NS_PER_SECOND

static const int sort_keys[] = { TY_SORT_NSAMPLES, TY_SORT_SAMPLE_PCT,     TY_SORT_TOTTIME, TY_SORT_CUMUL_PCT,
	                         TY_SORT_CUMTIME,  TY_SORT_NSAMPLES_CUMUL, TY_SORT_NAME };
#define SORT_KEYS ((int)(sizeof(sort_keys) / sizeof(sort_keys[0])))

/* ---- what keys do ---- */

static void turn_sort(struct view *view, int direction)
{
	int at = 0;

	while (at < SORT_KEYS - 1 && sort_keys[at] != view->sort)
		at++;
	view->sort = sort_keys[(at + direction + SORT_KEYS) % SORT_KEYS];
	view_list(view);
}

static void turn_thread(struct view *view, int direction)
{
	uint32_t threads = view->overview.threads;

	if (!view->thread || threads < 2)
		return;
	view->thread = (view->thread - 1 + (uint32_t)direction + threads) % threads + 1;
	view_list(view);
}

static void toggle_thread(struct view *view)
{
	if (!view->thread && !view->overview.threads)
		return;
	view->thread = view->thread ? 0 : 1;
	view_list(view);
}

static void turn_group(struct view *view, int group)
{
	view->group = view->group == group ? TY_LIVE_FUNCTIONS : group;
	view->moved = false;
	view->page = PAGE_TABLE;
	view_list(view);
}

static void change_refresh(struct view *view, bool faster)
{
	if (faster && view->refresh_ns > REFRESH_LEAST_NS)
		view->refresh_ns -= REFRESH_STEP_NS;
	else if (!faster && view->refresh_ns < REFRESH_MOST_NS)
		view->refresh_ns += REFRESH_STEP_NS;
}

static void reset(struct view *view)
{
	if (view->end != LIVE_RUNNING) {
		view_say(view, "profiling has ended: there is nothing to count again");
		return;
	}
	ty_live_reset(view->live->model);
	view->rate_since_ns = 0;
	view->moved = false;
	view_list(view);
	view_say(view, "counts begin again here; what w saves does not");
}

static void toggle_pause(struct view *view)
{
	view->paused = !view->paused;
	if (!view->paused)
		view_update(view);
}

/* ---- rate and mode ---- */

/* The next of 1, 2, 5, 10, … samples a second. */
static uint64_t next_interval(uint64_t interval_ns, bool faster)
{
	static const uint64_t steps[] = { 1, 2, 5 };
	uint64_t slower_ns = SLOWEST_NS;

	for (uint64_t rate_hz = 1; rate_hz <= NS_PER_SECOND / FASTEST_NS; rate_hz *= 10) {
		for (int i = 0; i < 3 && rate_hz * steps[i] <= NS_PER_SECOND / FASTEST_NS; i++) {
			uint64_t step_ns = NS_PER_SECOND / (rate_hz * steps[i]);

			if (faster && step_ns < interval_ns)
				return step_ns;
			if (!faster && step_ns <= interval_ns)
				return slower_ns;
			slower_ns = step_ns;
		}
	}
	return faster ? FASTEST_NS : slower_ns;
}

/* Times are samples times interval, and shares are of what one mode sees: with another one counting begins again. */
static bool change_sampling(struct view *view, uint64_t interval_ns, int mode)
{
	if (view->end != LIVE_RUNNING) {
		view_say(view, "profiling has ended");
		return false;
	}
	live_ask_sampling(view->live, interval_ns, mode);
	view->interval_ns = interval_ns;
	view->mode = mode;
	view->reset_when_applied = true;
	view->rate_since_ns = 0;
	view_list(view);
	return true;
}

static void change_rate(struct view *view, bool faster)
{
	uint64_t interval_ns = next_interval(view->interval_ns, faster);

	if (interval_ns != view->interval_ns && change_sampling(view, interval_ns, view->mode))
		view_say(view, "%.0f samples/s from now on; counts begin again", 1e9 / (double)interval_ns);
}

static void turn_mode(struct view *view)
{
	static const int modes[] = { TY_MODE_WALL, TY_MODE_CPU, TY_MODE_GIL, TY_MODE_EXCEPTION };
	size_t count = sizeof(modes) / sizeof(modes[0]), at = 0;

	while (at < count - 1 && modes[at] != view->mode)
		at++;
	if (change_sampling(view, view->interval_ns, modes[(at + 1) % count]))
		view_say(view, "mode %s from now on; counts begin again", view_mode_name(view->mode));
}

/* ---- pages ---- */

static void open_page(struct view *view, enum view_page page)
{
	if (page != PAGE_HELP && !view->selected_function) {
		view_say(view, "no function is selected");
		return;
	}
	if (page == PAGE_HELP)
		view->page_below = view->page;
	view->page = page;
	view->list_top = 0;
	/* From here on this function is meant, wherever the table puts it. */
	view->moved = true;
}

static void leave_page(struct view *view)
{
	view->page = view->page == PAGE_HELP ? view->page_below : PAGE_TABLE;
	view->list_top = 0;
}

static void go_by(struct view *view, int rows)
{
	if (view->page == PAGE_TABLE) {
		view->moved = true;
		view_select(view, view->selected + rows);
	} else {
		/* The page itself keeps it within its rows. */
		view->list_top = view->list_top + rows < 0 ? 0 : view->list_top + rows;
	}
}

static bool press_movement(struct view *view, int key)
{
	int far = view->row_count > view->list_count ? view->row_count : view->list_count;

	switch (key) {
	case 'j':
	case KEY_DOWN:
		go_by(view, 1);
		return true;
	case 'k':
	case KEY_UP:
		go_by(view, -1);
		return true;
	case KEY_NPAGE:
	case ' ':
		go_by(view, PAGE_ROWS);
		return true;
	case KEY_PPAGE:
		go_by(view, -PAGE_ROWS);
		return true;
	case KEY_HOME:
		go_by(view, -far);
		view->moved = false;
		return true;
	case KEY_END:
		go_by(view, far);
		return true;
	case KEY_RIGHT:
		turn_thread(view, 1);
		return true;
	case KEY_LEFT:
		turn_thread(view, -1);
		return true;
	default:
		return false;
	}
}

static bool press_page(struct view *view, int key)
{
	switch (key) {
	case KEY_ENTER:
	case '\n':
	case '\r':
		if (view->page == PAGE_TABLE)
			open_page(view, PAGE_LISTING);
		return true;
	case KEY_ESCAPE:
	case KEY_BACKSPACE:
		leave_page(view);
		return true;
	case 'g':
		open_page(view, PAGE_CALLS);
		return true;
	case KEY_TAB:
		if (view->page == PAGE_CALLS)
			view->direction = !view->direction;
		return true;
	case 'n':
		if (view->page == PAGE_LISTING)
			view->list_top = listing_hottest(view) > 2 ? listing_hottest(view) - 2 : 0;
		return true;
	case 'h':
	case '?':
		if (view->page == PAGE_HELP)
			leave_page(view);
		else
			open_page(view, PAGE_HELP);
		return true;
	default:
		return false;
	}
}

static bool press_sampling(struct view *view, int key)
{
	switch (key) {
	case '+':
	case '=':
		change_refresh(view, true);
		return true;
	case '-':
		change_refresh(view, false);
		return true;
	case ']':
		change_rate(view, true);
		return true;
	case '[':
		change_rate(view, false);
		return true;
	case 'm':
		turn_mode(view);
		return true;
	case 'p':
		toggle_pause(view);
		return true;
	case 'r':
		reset(view);
		return true;
	case 'w':
		prompt_open(view, PROMPT_SAVE_FORMAT);
		return true;
	default:
		return false;
	}
}

static void press_list(struct view *view, int key)
{
	switch (key) {
	case 's':
		turn_sort(view, 1);
		break;
	case 'S':
		turn_sort(view, -1);
		break;
	case 't':
		toggle_thread(view);
		break;
	case 'x':
		view->trends = !view->trends;
		break;
	case 'o':
		view->panel = !view->panel;
		break;
	case 'l':
		turn_group(view, TY_LIVE_LINES);
		break;
	case 'a':
		turn_group(view, TY_LIVE_TASKS);
		break;
	case '/':
		prompt_open(view, PROMPT_FILTER);
		break;
	case 'c':
		view->filter[0] = '\0';
		view_list(view);
		break;
	default:
		break;
	}
}

void keys_press(struct view *view, int key)
{
	if (view->prompt) {
		prompt_press(view, key);
		return;
	}
	if (key == 'q') {
		view->quit = true;
		live_ask_quit(view->live);
	} else if (!press_movement(view, key) && !press_page(view, key) && !press_sampling(view, key)) {
		press_list(view, key);
	}
}

/* ---- mouse ---- */

static void click(struct view *view, int row, int column)
{
	int in_table = row - view->table_area.top;

	if (view->page != PAGE_TABLE)
		return;
	if (row == view->table_header_row) {
		for (int i = 0; i < view->sort_column_count; i++)
			if (column >= view->sort_columns[i][0] && column < view->sort_columns[i][1])
				view->sort = view->sort_columns[i][2];
		view_list(view);
	} else if (in_table >= 0 && in_table < view->table_area.rows && view->top + in_table < view->row_count) {
		view->moved = true;
		view_select(view, view->top + in_table);
	}
}

void keys_mouse(struct view *view)
{
	MEVENT event;

	if (getmouse(&event) != OK || view->prompt)
		return;
	if (event.bstate & BUTTON4_PRESSED)
		go_by(view, -WHEEL_ROWS);
	else if (event.bstate & BUTTON5_PRESSED)
		go_by(view, WHEEL_ROWS);
	else if (event.bstate & BUTTON1_PRESSED)
		click(view, event.y, event.x);
	if (event.bstate & BUTTON1_DOUBLE_CLICKED) {
		click(view, event.y, event.x);
		if (view->page == PAGE_TABLE && event.y != view->table_header_row)
			open_page(view, PAGE_LISTING);
	}
}
