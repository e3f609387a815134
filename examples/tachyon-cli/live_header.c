/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the whole: how much was sampled, how good it is, what the threads do. A low window gets the lines
 * that say most.
 */
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "live.h"

#define FULL_ROWS 8
#define SHORT_ROWS 4
#define ROOM_FOR_FULL 22 /* rows of the terminal */
#define BAR_COLUMNS 20
#define STATE_BAR_COLUMNS 6
#define STATE_WAITING 2
#define STATE_CPU 3
#define LABEL_COLUMNS 13
#define WIDE_COLUMNS 80 /* from here on long words */

int header_rows(const struct view *view)
{
	return view->terminal.rows >= ROOM_FOR_FULL ? FULL_ROWS : SHORT_ROWS;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0.0;
}

static int label(const struct view *view, int row, const char *text)
{
	return paint_fit(view, row, 0, LABEL_COLUMNS, PAINT_DIM, text);
}

/* ---- the lines ---- */

static void thread_text(const struct view *view, char *text, size_t size)
{
	ty_live_thread_info info = { .size = sizeof(info) };

	if (!view->thread || ty_live_thread(view->live->model, view->thread, &info) != 0)
		snprintf(text, size, "ALL (%u)", view->overview.threads);
	else
		snprintf(text, size, "%llu%s%s (%u/%u)", (unsigned long long)info.id, *info.name ? " " : "", info.name,
		         view->thread, view->overview.threads);
}

static void draw_title(const struct view *view, int row)
{
	const ty_target_information *python = &view->live->python;

	paint(view, row, 0, PAINT_TITLE, "tachyon-cli live: Python %u.%u%s", python->python_version >> 8,
	      python->python_version & 255, python->free_threaded ? " (free-threaded)" : "");
	if (view->end == LIVE_COMPLETE)
		paint(view, row, view->terminal.columns - 12, PAINT_GOOD | LIVE_REVERSE, " COMPLETE ");
}

/* One more fact after a bar, if there is room for all of it. */
static int add_fact(const struct view *view, int row, int at, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

static int add_fact(const struct view *view, int row, int at, const char *format, ...)
{
	char text[192];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (at + 3 + (int)text_width(text, strlen(text)) > view->terminal.columns)
		return at;
	if (at)
		at = paint(view, row, at, PAINT_DIM, "%s", paint_text(view, " │ ", " | "));
	return paint(view, row, at, PAINT_PLAIN, "%s", text);
}

static void draw_facts(const struct view *view, int row)
{
	uint64_t up_s = view->overview.duration_ns / NS_PER_SECOND;
	char thread[128], clock[16] = "";
	time_t now = time(NULL);
	struct tm local;

	thread_text(view, thread, sizeof(thread));
	if (localtime_r(&now, &local))
		strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	int at = add_fact(view, row, 0, "PID %d", (int)view->live->python.pid);

	at = add_fact(view, row, at, "Thread: %s", thread);
	at = add_fact(view, row, at, "Uptime: %llum%02llus", (unsigned long long)up_s / 60,
	              (unsigned long long)up_s % 60);
	if (view->terminal.columns >= WIDE_COLUMNS)
		at = add_fact(view, row, at, "Time: %s", clock);
	at = add_fact(view, row, at, "Interval: %.0f%ss", (double)view->interval_ns / 1e3, paint_text(view, "µ", "u"));
	add_fact(view, row, at, "Display: %.1fHz", 1e9 / (double)view->refresh_ns);
}

static void draw_samples(const struct view *view, int row)
{
	double target_hz = 1e9 / (double)view->interval_ns;
	char number[32];
	int at = label(view, row, "Samples:");

	grouped(view->overview.samples, number);
	if (view->terminal.columns >= WIDE_COLUMNS) {
		at = paint(view, row, at, PAINT_PLAIN, "%10s total (%8.1f/s) ", number, view->rate_hz);
		at = paint_bar(view, row, at, BAR_COLUMNS, PAINT_TITLE, view->rate_hz / target_hz);
		at = paint(view, row, at, PAINT_DIM, " of %.1f/s", target_hz);
	} else {
		at = paint(view, row, at, PAINT_PLAIN, "%s (%.0f/s of %.0f/s)", number, view->rate_hz, target_hz);
	}
	if (view->overview.missed)
		paint(view, row, at, PAINT_WARM, "  %s missed", grouped(view->overview.missed, number));
}

static void draw_efficiency(const struct view *view, int row)
{
	const ty_live_overview_info *overview = &view->overview;
	uint64_t good = overview->verified + overview->repaired, all = overview->stacks + overview->failed;
	int at = label(view, row, "Efficiency:");

	at = paint_bar(view, row, at, BAR_COLUMNS, PAINT_GOOD, share(good, all));
	at = paint(view, row, at, PAINT_PLAIN, " %6.2f%% good, ", 100 * share(good, all));
	paint(view, row, at, all > good ? PAINT_BAD : PAINT_PLAIN, "%.2f%% failed",
	      all ? 100 - 100 * share(good, all) : 0.0);
}

static void draw_verdicts(const struct view *view, int row)
{
	const ty_live_overview_info *overview = &view->overview;
	const struct {
		uint64_t count;
		const char *name;
		enum live_paint color;
	} verdicts[] = {
		{ overview->verified, "verified", PAINT_PLAIN },
		{ overview->repaired, "repaired", PAINT_PLAIN },
		{ overview->torn, "torn", PAINT_BAD },
		{ overview->incomplete, "incomplete", PAINT_BAD },
		{ overview->unreadable, "unreadable", PAINT_BAD },
		{ overview->failed, "failed", PAINT_BAD },
	};
	int at = label(view, row, "Verdicts:");
	char number[32];

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		/* The last two are rare. */
		if (i >= 4 && !verdicts[i].count)
			continue;
		at = paint(view, row, at, verdicts[i].count ? verdicts[i].color : PAINT_DIM, "%s%s %s", i ? ", " : "",
		           grouped(verdicts[i].count, number), verdicts[i].name);
	}
}

static void draw_states(const struct view *view, int row)
{
	const ty_live_overview_info *overview = &view->overview;
	uint64_t all = overview->stacks, off = all > overview->has_gil ? all - overview->has_gil : 0;
	const struct {
		const char *name;
		const char *abbreviated;
		double share;
		enum live_paint color;
	} states[] = {
		{ "on gil", "on", share(overview->has_gil, all), PAINT_GOOD },
		{ "off gil", "off", share(off, all), PAINT_BAD },
		{ "waiting for gil", "waiting", share(overview->gil_requested, all), PAINT_WARM },
		{ "cpu", "cpu", share(overview->on_cpu, all), PAINT_TITLE },
		{ "exc", "exc", share(overview->has_exception, all), PAINT_GENERIC },
		{ "GC", "GC", share(overview->collecting, overview->counted), PAINT_HOT },
	};
	bool wide = view->terminal.columns >= 90, bars = view->terminal.columns >= 140;
	int at = label(view, row, "Threads:");

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		/* What was not asked for, and what cannot be: who has the GIL does not wait for it. */
		if ((i == STATE_CPU && overview->unknown == all) || (i == STATE_WAITING && view->mode == TY_MODE_GIL))
			continue;
		at = paint(view, row, at, PAINT_DIM, "%s", !i ? "" : wide ? paint_text(view, " │ ", " | ") : " ");
		if (bars)
			at = paint_bar(view, row, at, STATE_BAR_COLUMNS, states[i].color, states[i].share) + 1;
		at = paint(view, row, at, states[i].share > 0 ? states[i].color : PAINT_DIM, "%.*f%% %s", wide ? 1 : 0,
		           100 * states[i].share, wide ? states[i].name : states[i].abbreviated);
	}
}

static void draw_functions(const struct view *view, int row)
{
	const ty_live_overview_info *overview = &view->overview;
	int at = label(view, row, "Functions:");

	paint(view, row, at, PAINT_PLAIN, "%u total, %u executing, %u only on stack, %d in the table",
	      overview->functions, overview->executing, overview->functions - overview->executing, view->row_count);
}

/* The three rows with the most leaf samples, whatever the table is sorted by. */
static void draw_top(const struct view *view, int row)
{
	static const enum live_paint medals[] = { PAINT_HOT, PAINT_WARM, PAINT_GOOD };
	ty_live_function_info top[3] = { { 0 } }, info = { .size = sizeof(info) };
	int at = label(view, row, "Top 3:");

	for (int i = 0; i < view->row_count && ty_live_function(view->live->model, (size_t)i, &info) == 0; i++) {
		for (int place = 0; place < 3; place++) {
			if (info.leaf <= top[place].leaf)
				continue;
			memmove(&top[place + 1], &top[place], (size_t)(2 - place) * sizeof(top[0]));
			top[place] = info;
			break;
		}
		/* Sorted by them, the first rows are it. */
		if (view->sort == TY_SORT_NSAMPLES && i >= 2)
			break;
	}
	for (int place = 0; place < 3 && top[place].leaf; place++) {
		at = paint(view, row, at, medals[place], "%s%d ", place ? "  " : "", place + 1);
		at = paint(view, row, at, PAINT_PLAIN, "%.40s (%.1f%%)", top[place].name,
		           view_percent(view, top[place].leaf));
	}
}

static void draw_banner(const struct view *view, int row)
{
	paint_blank(view, row, (view->end == LIVE_COMPLETE ? PAINT_GOOD : PAINT_BAD) | LIVE_REVERSE);
	paint(view, row, 1, (view->end == LIVE_COMPLETE ? PAINT_GOOD : PAINT_BAD) | LIVE_REVERSE, "%s%s",
	      paint_text(view, view->end == LIVE_COMPLETE ? "✓ " : "✗ ", ""), view->end_text);
}

void header_draw(const struct view *view, struct area area)
{
	int row = area.top;

	if (area.rows == FULL_ROWS)
		draw_title(view, row++);
	draw_facts(view, row++);
	draw_samples(view, row++);
	draw_efficiency(view, row++);
	if (area.rows == FULL_ROWS)
		draw_verdicts(view, row++);
	draw_states(view, row++);
	if (area.rows == FULL_ROWS) {
		draw_functions(view, row++);
		draw_top(view, row++);
	}
	if (view->end != LIVE_RUNNING)
		draw_banner(view, area.rows == FULL_ROWS ? area.top : area.top + area.rows - 1);
}
