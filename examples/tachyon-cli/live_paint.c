/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text at a place of the screen. All text goes through text_fit(): names and source lines come from the target, and a
 * terminal obeys control characters; what the terminal cannot show is escaped.
 */
#include <curses.h>
#include <stdarg.h>
#include <string.h>

#include "live.h"

#define SPARK_LEVELS 8
#define LINE_BYTES 2048

static void set_color(int color)
{
	attrset((attr_t)terminal_attributes(color & 0xff) | (color & LIVE_REVERSE ? A_REVERSE : A_NORMAL));
}

const char *paint_text(const struct view *view, const char *text, const char *plain)
{
	return view->terminal.plain ? plain : text;
}

/* Text of ours or foreign, cut to a width; the columns after it are left as they are. */
static int put(const struct view *view, int row, int column, int width, int color, const char *text)
{
	char fitted[LINE_BYTES];
	int room = view->terminal.columns - column;

	if (row < 0 || row >= view->terminal.rows || column < 0 || room <= 0)
		return column;
	int taken = (int)text_fit(fitted, sizeof(fitted), text, (size_t)(width < room ? width : room),
	                          view->terminal.plain);

	set_color(color);
	mvaddstr(row, column, fitted);
	set_color(PAINT_PLAIN);
	return column + taken;
}

int paint(const struct view *view, int row, int column, int color, const char *format, ...)
{
	char text[LINE_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return put(view, row, column, LINE_BYTES, color, text);
}

int paint_fit(const struct view *view, int row, int column, int width, int color, const char *text)
{
	int end = column + width < view->terminal.columns ? column + width : view->terminal.columns;
	int at = width > 0 ? put(view, row, column, width, color, text) : column;

	if (at < end && row >= 0 && row < view->terminal.rows) {
		set_color(color);
		mvprintw(row, at, "%*s", end - at, "");
		set_color(PAINT_PLAIN);
	}
	return column + width;
}

void paint_blank(const struct view *view, int row, int color)
{
	paint_fit(view, row, 0, view->terminal.columns, color, "");
}

int paint_bar(const struct view *view, int row, int column, int width, int color, double share)
{
	int full = share <= 0 ? 0 : share >= 1 ? width : (int)(share * width + 0.5);

	column = put(view, row, column, 1, PAINT_DIM, "[");
	for (int i = 0; i < width; i++)
		column = i < full ? put(view, row, column, 1, color, paint_text(view, "█", "#"))
		                  : put(view, row, column, 1, PAINT_DIM, paint_text(view, "░", "."));
	return put(view, row, column, 1, PAINT_DIM, "]");
}

int paint_sparkline(const struct view *view, int row, int column, int width, int color, const uint16_t *shares,
                    int count)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const letters[] = { " ", ".", ".", ":", "-", "=", "+", "*", "#" };
	int most = 1;

	for (int i = 0; i < count; i++)
		most = shares[i] > most ? shares[i] : most;
	for (int i = count > width ? count - width : 0; i < count; i++) {
		/* What is not nothing shows. */
		int level = (shares[i] * SPARK_LEVELS + most - 1) / most;

		column = put(view, row, column, 1, color, paint_text(view, blocks[level], letters[level]));
	}
	return column;
}

int paint_rule(const struct view *view, int row, int column, const char *title)
{
	const char *dash = paint_text(view, "─", "-");

	for (int i = 0; i < 3; i++)
		column = put(view, row, column, 1, PAINT_DIM, dash);
	if (*title) {
		column = put(view, row, column + 1, view->terminal.columns - column - 8, PAINT_TITLE, title) + 1;
	}
	while (column < view->terminal.columns)
		column = put(view, row, column, 1, PAINT_DIM, dash);
	return column;
}

/* 1234567 as "1,234,567". */
const char *grouped(uint64_t number, char buffer[32])
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	char *at = buffer;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return buffer;
}
