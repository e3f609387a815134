/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that are typed at the bottom: the filter, and where to save what. A filter works while it is typed; Esc takes
 * back what was typed.
 */
#include <curses.h>
#include <string.h>

#include "live.h"

#define KEY_ESCAPE 27
#define KEY_DELETE 127

static void start_typing(struct view *view, const char *text)
{
	snprintf(view->typed, sizeof(view->typed), "%s", text);
	view->typed_bytes = strlen(view->typed);
}

static void start_path(struct view *view)
{
	char name[128];

	start_typing(view, output_name(view->save_format, view->live->python.pid, name, sizeof(name)));
}

void prompt_open(struct view *view, enum view_prompt prompt)
{
	view->prompt = prompt;
	if (prompt == PROMPT_FILTER) {
		memcpy(view->filter_before, view->filter, sizeof(view->filter));
		start_typing(view, view->filter);
	} else if (prompt == PROMPT_SAVE_PATH) {
		start_path(view);
	}
}

/* Deletes a whole character. */
static void delete_last(struct view *view)
{
	while (view->typed_bytes > 0 && ((unsigned char)view->typed[view->typed_bytes - 1] & 0xc0) == 0x80)
		view->typed_bytes--;
	if (view->typed_bytes > 0)
		view->typed_bytes--;
	view->typed[view->typed_bytes] = '\0';
}

static void type(struct view *view, int key)
{
	if (key == KEY_BACKSPACE || key == KEY_DELETE || key == '\b')
		delete_last(view);
	else if (key >= ' ' && key < 256 && view->typed_bytes + 1 < sizeof(view->typed)) {
		view->typed[view->typed_bytes++] = (char)key;
		view->typed[view->typed_bytes] = '\0';
	}
}

static void filter_by(struct view *view, const char *text)
{
	snprintf(view->filter, sizeof(view->filter), "%.*s", (int)sizeof(view->filter) - 1, text);
	view_list(view);
}

static void turn_format(struct view *view, int direction)
{
	view->save_format = (enum format)(((int)view->save_format + direction + FORMATS) % FORMATS);
}

/* A letter goes to the next format that begins with it. */
static void find_format(struct view *view, int letter)
{
	for (int i = 1; i <= FORMATS; i++) {
		enum format format = (enum format)(((int)view->save_format + i) % FORMATS);

		if (format_table[format].name[0] == letter) {
			view->save_format = format;
			return;
		}
	}
}

static void press_format(struct view *view, int key)
{
	if (key == KEY_RIGHT || key == KEY_DOWN || key == '\t')
		turn_format(view, 1);
	else if (key == KEY_LEFT || key == KEY_UP)
		turn_format(view, -1);
	else
		find_format(view, key);
}

/* With instructions where they are looked at. */
static void save(struct view *view)
{
	struct live_request request = { .format = view->save_format,
		                        .opcodes = view->panel || view->live->options->opcodes };

	snprintf(request.path, sizeof(request.path), "%s", view->typed);
	if (live_ask_save(view->live, &request))
		view_say(view, "saving %s", view->typed);
	else
		view_say(view, "another save is still under way");
}

static void accept(struct view *view)
{
	enum view_prompt prompt = view->prompt;

	view->prompt = PROMPT_NONE;
	if (prompt == PROMPT_SAVE_FORMAT)
		prompt_open(view, PROMPT_SAVE_PATH);
	else if (prompt == PROMPT_SAVE_PATH)
		save(view);
}

void prompt_press(struct view *view, int key)
{
	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		accept(view);
	} else if (key == KEY_ESCAPE) {
		if (view->prompt == PROMPT_FILTER)
			filter_by(view, view->filter_before);
		view->prompt = PROMPT_NONE;
	} else if (view->prompt == PROMPT_SAVE_FORMAT) {
		press_format(view, key);
	} else {
		type(view, key);
		if (view->prompt == PROMPT_FILTER)
			filter_by(view, view->typed);
	}
}

void prompt_draw(const struct view *view, int row)
{
	static const char *const labels[] = {
		[PROMPT_FILTER] = "Filter: ", [PROMPT_SAVE_FORMAT] = "Save as: ", [PROMPT_SAVE_PATH] = "Save to: "
	};
	int at = 0;

	paint_blank(view, row, PAINT_PLAIN);
	paint_blank(view, row + 1, PAINT_PLAIN);
	at = paint(view, row, at, PAINT_TITLE, "%s", labels[view->prompt]);
	if (view->prompt == PROMPT_SAVE_FORMAT) {
		paint(view, row, at, PAINT_PLAIN, "< %s >", format_table[view->save_format].name);
		paint(view, row + 1, 0, PAINT_DIM, "left/right or a letter: format   Enter: go on   Esc: cancel");
		return;
	}
	/* Of a long line its end, where one types. */
	int room = view->terminal.columns - at - 2;
	const char *shown = view->typed + ((int)view->typed_bytes > room ? (int)view->typed_bytes - room : 0);

	at = paint(view, row, at, PAINT_PLAIN, "%s", shown);
	paint(view, row, at, PAINT_PLAIN | LIVE_REVERSE, " ");
	paint(view, row + 1, 0, PAINT_DIM, "Enter: accept   Esc: cancel");
}
