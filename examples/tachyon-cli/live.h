/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_H
#define LIVE_H

/*
 * The live view, in parts that know as little of each other as they can:
 *
 *     live.c           starts and ends it; what the sampling thread and the view say to each other
 *     live_capture.c   keeps the target's output off the screen and shows it afterwards
 *     live_record.c    what the samples are given to: the model, and a recording
 *     live_save.c      writes the profile so far without stopping
 *     live_terminal.c  the terminal: open, close, stop, continue, crash; colours
 *     live_paint.c     text, bars and sparklines at a place of the screen
 *     live_keys.c      keys and mouse: what they change in the view
 *     live_prompt.c    lines that are typed: filter, save
 *     live_view.c      one frame: the state of the view, brought up to date and laid out
 *     live_header.c live_table.c live_panel.c live_listing.c live_calls.c live_help.c: its parts
 *
 * The model is the library's (tachyon/live.h). The main thread samples, because the thread that attached must be the
 * one that may stop others (ptrace(2)); the view has a thread of its own and alone touches the terminal.
 */

#include <pthread.h>
#include <stdatomic.h>

#include "cli.h"

#define LIVE_MIN_COLUMNS 60
#define LIVE_MIN_ROWS 12
#define LIVE_NAME_BYTES 512

/* ---- live.c: the two threads ---- */

enum live_end { LIVE_RUNNING, LIVE_COMPLETE, LIVE_FAILED };

/* What the view asks of the sampling thread. */
struct live_request {
	bool quit;
	bool save;
	enum format format;
	bool opcodes; /* with instructions */
	char path[1024];
	bool sampling; /* with what is in `live` by then */
};

struct live {
	const struct options *options;
	ty_live *model;
	ty_collector *collector; /* model and recorder behind one */
	ty_collector *recorder;  /* NULL: nothing is recorded any more */
	char recording[256];     /* its file; the name is gone when sampling has begun */
	int recording_fd;        /* -1: there is none */
	uint64_t recorded;       /* samples */
	struct live_capture *capture;
	struct source_cache *sources;
	ty_target_information python;
	pthread_t thread;
	bool thread_runs;

	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t asked;
	struct live_request request;
	ty_sampler *sampler;  /* the one that samples now; NULL: none does */
	uint64_t interval_ns; /* how samples are to be taken: */
	int mode;             /* enum ty_mode */
	unsigned int applied; /* how often a sampler has begun with them */
	enum live_end end;
	char end_text[256];
	bool close;  /* the view shall end */
	int save_fd; /* gives the outcome of a save that is under way; -1: none */
	pid_t save_pid;
	char save_path[1024];
	bool user_quit;
	bool is_stuck;  /* the view does not answer: its terminal holds it */
	int open_error; /* why the terminal could not be used; 0: it could */
};

/* Each is called by the view. */
void live_ask_quit(struct live *live);
bool live_ask_save(struct live *live, const struct live_request *save);
void live_ask_sampling(struct live *live, uint64_t interval_ns, int mode);

/* live_save.c: by the sampling thread */
void live_save(struct live *live, const ty_run_summary *so_far, const struct live_request *request);
/* By the view. 1: done; 0: not yet, or nothing to wait for; negative: what went wrong. */
int live_save_outcome(struct live *live);

/* live_record.c; by the sampling thread */
int live_record_open(struct live *live);
void live_record_end(struct live *live, const ty_run_summary *summary);
void live_record_close(struct live *live);
int live_record_replay(const struct live *live, ty_collector *collector);

/* live_capture.c */
struct live_capture *live_capture_open(void);
const int *live_capture_stdio(const struct live_capture *capture);
void live_capture_begin(struct live_capture *capture);
void live_capture_end(struct live_capture *capture);

/* ---- live_terminal.c ---- */

enum live_paint {
	PAINT_PLAIN,
	PAINT_TITLE,
	PAINT_DIM,
	PAINT_GOOD, /* also: specialized, rising */
	PAINT_BAD,  /* also: falling */
	PAINT_WARM,
	PAINT_HOT,
	PAINT_GENERIC,
	PAINT_SOURCE,
	LIVE_PAINTS
};

struct terminal {
	bool plain; /* nothing but ASCII */
	bool has_colors;
	int rows, columns;
};

/* Whether a view can be had at all; says why not. */
bool terminal_check(void);
int terminal_open(struct terminal *terminal);
void terminal_close(void);
/* Waits for a key, a signal or the time. true: a key may be there. */
bool terminal_wait(uint64_t timeout_ns);
/* What signals asked for: stops with the job, takes on a new size. true: everything is to be drawn again. */
bool terminal_obey_signals(struct terminal *terminal);
void terminal_wake(void); /* from any thread */
unsigned long terminal_attributes(enum live_paint color);
/* From outside of the view's thread, when that does not answer any more. */
void terminal_rescue(void);
/* In a forked copy: whatever happens to it, the terminal is left alone. */
void terminal_disown(void);
/* Whether nobody is there any more. */
bool terminal_is_gone(void);

/* ---- the view ---- */

enum view_page { PAGE_TABLE, PAGE_LISTING, PAGE_CALLS, PAGE_HELP };
enum view_prompt { PROMPT_NONE, PROMPT_FILTER, PROMPT_SAVE_FORMAT, PROMPT_SAVE_PATH };

/* A rectangle of rows. */
struct area {
	int top, rows;
};

struct view {
	struct live *live;
	struct terminal terminal;
	enum view_page page, page_below; /* of the help: where Esc goes */
	enum view_prompt prompt;

	/* What is asked of the model. */
	int sort, group;
	uint32_t thread;
	char filter[128];
	int direction; /* of calls */

	/* How it is shown. */
	bool paused, trends, panel;
	uint64_t refresh_ns;
	int row_count;     /* of the table */
	int selected, top; /* row of the table, and the first one on the screen */
	bool moved;        /* somebody has chosen a row: it is followed; before, the first row is selected */
	uint32_t selected_function;
	int32_t selected_line;
	int list_count, list_top; /* of the listing or the tree of calls */

	/* Of the function that is selected; its name outlives the list. */
	char selected_name[LIVE_NAME_BYTES];
	char selected_file[LIVE_NAME_BYTES];

	/* Lines being typed. */
	char typed[1024];
	size_t typed_bytes;
	char filter_before[128];
	enum format save_format;

	char message[256];
	uint64_t message_until_ns;
	ty_live_overview_info overview;
	uint64_t rate_since_ns; /* for the rate of the last second */
	uint64_t samples_before;
	double rate_hz;
	enum live_end end;
	char end_text[256];
	uint64_t interval_ns;
	int mode;
	unsigned int applied; /* as in live: counts are reset when it has changed */
	bool reset_when_applied;

	/* Where things were drawn, for the mouse. */
	struct area table_area;
	int table_header_row;
	int sort_columns[8][3]; /* first column, last column, key */
	int sort_column_count;
	bool quit;
};

void view_run(struct live *live);
void view_say(struct view *view, const char *format, ...) __attribute__((format(printf, 2, 3)));
void view_draw(struct view *view);
void view_update(struct view *view);
void view_list(struct view *view);
double view_seconds(const struct view *view, uint64_t samples);
double view_percent(const struct view *view, uint64_t samples);
const char *short_file(const char *filename);
const char *view_mode_name(int mode);

/* live_keys.c: one key. */
void keys_press(struct view *view, int key);
void keys_mouse(struct view *view);
void view_select(struct view *view, int row);

/* live_prompt.c */
void prompt_open(struct view *view, enum view_prompt prompt);
void prompt_press(struct view *view, int key);
void prompt_draw(const struct view *view, int row);

/* the parts; each draws into its area */
int header_rows(const struct view *view);
void header_draw(const struct view *view, struct area area);
void table_draw(struct view *view, struct area area);
void panel_draw(struct view *view, struct area area);
void listing_draw(struct view *view, struct area area);
int listing_hottest(struct view *view);
void calls_draw(struct view *view, struct area area);
void help_draw(const struct view *view, struct area area);
void footer_draw(const struct view *view, int row);

/* live_paint.c: each returns the column after what was painted; nothing is painted beyond the screen. */
#define LIVE_REVERSE 0x100 /* with a color */
int paint(const struct view *view, int row, int column, int color, const char *format, ...)
        __attribute__((format(printf, 5, 6)));
/* Foreign text in exactly `width` columns. */
int paint_fit(const struct view *view, int row, int column, int width, int color, const char *text);
int paint_bar(const struct view *view, int row, int column, int width, int color, double share);
int paint_sparkline(const struct view *view, int row, int column, int width, int color, const uint16_t *shares,
                    int count);
int paint_rule(const struct view *view, int row, int column, const char *title);
void paint_blank(const struct view *view, int row, int color);
/* The better of two texts for what the terminal can show. */
const char *paint_text(const struct view *view, const char *text, const char *plain);
const char *grouped(uint64_t number, char buffer[32]);

#endif
