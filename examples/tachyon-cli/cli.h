/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_H
#define CLI_H

/*
 * What the parts of tachyon-cli share. The program uses nothing but the public headers of libtachyon: whatever it does,
 * another program can do.
 *
 *     main.c      picks the command
 *     options.c   the command line                           option_table.c  one table of options
 *     help.c      the same table as help text
 *     run.c       `run`: start a command and profile it      spawn.c    starts, waits for and ends a process
 *     follow.c    finds the Python in a command              attach.c   `attach` and what run shares with it
 *     session.c   the sampling loop                          output.c   opens and ends results
 *     outputs.c   which results go where                     browser.c  --browser
 *     report.c    the text at the end                        stats.c    --stats
 *     progress.c  the line on a terminal                     signals.c  Ctrl-C and friends
 *     dump.c      `dump`                                     source.c   lines of the target's sources
 *     replay.c    `replay`: reports from recordings
 *     sourced.c   collectors that show them                  pages.c    results that are HTML
 *     annotate.c  `annotate`: `run` or `attach` with another result, and a pager
 *     realtime.c  --realtime-stats
 *     tasks.c     `tasks`                                    tasks_json.c its other form
 *     text.c      foreign text made safe for a terminal
 *     family.c    --subprocesses: watches and ends them      member.c   one of them, by a thread
 *     live.h      --live: the map of its own files, live_*.c; live_missing.c stands for them where there is no curses
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <tachyon/tachyon.h>

#define PROGRAM "tachyon-cli"
#define NS_PER_SECOND 1000000000ULL
#define NS_PER_MS 1000000ULL

/* How long a refusal may be the passing state of a program that is being started. */
#define REFUSAL_PATIENCE_NS (2 * NS_PER_SECOND)

/* Exit statuses of our own; with `run`, the target's status takes the place of EXIT_DONE. */
enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

enum command {
	COMMAND_RUN = 1,
	COMMAND_ATTACH = 2,
	COMMAND_DUMP = 4,
	COMMAND_ANNOTATE = 8,
	COMMAND_REPLAY = 16,
	COMMAND_TASKS = 32
};

/* Commands that start a program, whose options end where its name stands. */
#define STARTS (COMMAND_RUN | COMMAND_ANNOTATE)

enum format {
	FORMAT_PSTATS,
	FORMAT_COLLAPSED,
	FORMAT_JSONL,
	FORMAT_GECKO,
	FORMAT_SPEEDSCOPE,
	FORMAT_PPROF,
	FORMAT_CALLGRIND,
	FORMAT_CHROME_TRACE,
	FORMAT_PERFETTO,
	FORMAT_FLAMEGRAPH,
	FORMAT_DIFF_FLAMEGRAPH,
	FORMAT_HEATMAP,
	FORMAT_BINARY,
	FORMAT_ANNOTATE,
	FORMATS
};

#define OUTPUTS_MAX 16

/* A result that was asked for. */
struct output_choice {
	enum format format; /* FORMATS while parsing: not told yet */
	const char *path;   /* NULL: the format's own place */
};

/* --placement. */
enum placement {
	PLACEMENT_BY_RATE, /* not given */
	PLACEMENT_FREE,
	PLACEMENT_BESIDE
};

struct options {
	enum command command;
	uint64_t interval_ns;
	enum placement placement;
	uint64_t duration_ns; /* 0: until the target ends */
	bool all_threads;
	bool opcodes;
	bool no_opcodes; /* replay */
	bool subprocesses;
	bool merge; /* --subprocesses or replay: all of them as one */
	bool realtime_stats;
	int tasks; /* enum ty_task_selection */
	int mode;  /* enum ty_mode */
	bool native;
	bool no_gc;
	int stop_policy; /* enum ty_stop_policy */
	int trust;       /* enum ty_trust */
	struct output_choice outputs[OUTPUTS_MAX];
	size_t output_count;
	bool browser;
	int compression;      /* enum ty_compression */
	const char *baseline; /* recording for FORMAT_DIFF_FLAMEGRAPH */
	const char *stats;    /* NULL: none */
	int sort;             /* enum ty_sort */
	uint32_t limit;       /* as ty_pstats_options.limit */
	bool no_summary;
	bool live;    /* show a view while sampling; then there may be no outputs at all */
	bool stacks;  /* as ty_jsonl_options.stacks */
	bool times;   /* as ty_jsonl_options.times */
	bool offsets; /* as ty_collapsed_options.offsets */

	const char *function; /* annotate: as in ty_annotation_options; limit as well */
	bool specialization;  /* annotate: that part alone */
	bool json;            /* annotate */

	bool module;        /* run: TARGET is a module */
	const char *python; /* run: interpreter for TARGET; NULL when `target` is a whole command */
	char **target;      /* run: TARGET or COMMAND with its arguments, NULL terminated */
	int pid;            /* attach, dump, annotate; 0: `target` is run */
	char **recordings;  /* replay, annotate: files, NULL terminated; NULL: none */
};

/* option_table.c */
enum option_group {
	GROUP_TARGET,
	GROUP_PROCESS,
	GROUP_SAMPLING,
	GROUP_OUTPUT,
	GROUP_PSTATS,
	GROUP_ANNOTATION,
	GROUP_TASKS,
	GROUP_GENERAL
};

struct option_spec {
	char letter; /* 0: none */
	const char *name;
	const char *metavar; /* NULL: takes no argument */
	int commands;        /* of enum command, or-ed */
	enum option_group group;
	/* Stores the value. false: refused, with the reason written to why. */
	bool (*set)(struct options *options, const char *value, char *why, size_t why_size);
	const char *help;
};

extern const struct option_spec option_table[];
extern const size_t option_count;

/* options.c */
enum parse_result { PARSE_OK, PARSE_DONE, PARSE_USAGE };
enum parse_result options_parse(struct options *options, enum command command, int argc, char **argv);

/* help.c */
void help_program(FILE *out);
void help_command(FILE *out, enum command command);
void help_usage(FILE *out, enum command command);
const char *command_name(enum command command);

/* spawn.c */
struct child {
	pid_t pid;
	int go_fd;    /* closing it lets the child exec */
	int error_fd; /* gives the errno of a failed exec */
	bool reaped;
	int wait_status;
};

/* stdio: descriptors that take the place of 0, 1 and 2, -1 to leave one as it is; NULL: all as they are. */
int child_spawn(struct child *child, char *const argv[], const int *stdio);
int child_release(struct child *child);
bool child_ended(struct child *child);
bool child_reap(struct child *child);
void child_wait(struct child *child);
void child_terminate(struct child *child, pid_t also);
int child_exit_status(const struct child *child);

/* follow.c */
struct candidate {
	pid_t pid;
	uint64_t next_try_ns;
	uint64_t delay_ns;
};

struct follower {
	ty_processes *processes; /* NULL: descendants are not found */
	uint64_t changed_ns;     /* when a process or an executable was last seen to be new */
	bool seen_starting;      /* a Python that was not up yet has been seen */
	int error;               /* the last refusal worth telling: permission, version, offsets; 0: none */
	pid_t error_pid;
	uint64_t error_since_ns;
	uint64_t error_last_ns;
	char message[1024]; /* of that refusal */
	size_t count;
	struct candidate *candidates; /* in the order in which they were seen */
};

void follower_init(struct follower *follower, pid_t root);
ty_target *follower_step(struct follower *follower, const ty_attach_options *options, pid_t *pid);
bool follower_is_refused(const struct follower *follower);
void follower_wait(struct follower *follower);
void follower_free(struct follower *follower);

/* attach.c */
void attach_options_fill(ty_attach_options *attach, const struct options *options);
int attach_command(const struct options *options);
void complain_target(ty_target *target, int code, int pid);
ty_target *attach_patiently(const struct options *options, const ty_attach_options *attach);

/* outputs.c */
enum format format_of_path(const char *path);
bool outputs_add(struct options *options, enum format format, const char *path, char *why, size_t why_size);
bool outputs_have(const struct options *options, enum format format);
bool outputs_settle(struct options *options, enum format by_default, char *why, size_t why_size);
bool is_directory(const char *path);

/* output.c */
struct format_spec {
	const char *name;     /* of the option, and the first part of a file's own name */
	const char *ending;   /* the rest of it; "" for a folder */
	const char *finished; /* said before the path of the result */
	const char *also;     /* other endings that tell the format, divided by spaces; NULL: none */
	const char *own_name; /* the first part of a file's own name, where it is not `name` */
	const char *page;     /* what --browser opens: "" the result, or a file in it; NULL: nothing */
};

extern const struct format_spec format_table[FORMATS];

/* One result. */
struct output {
	enum format format;
	ty_collector *collector;
	char path[4096]; /* "" for stdout */
	int error;       /* negative: it failed while profiling; the others go on */
};

/* All of them. */
struct outputs {
	struct output items[OUTPUTS_MAX];
	size_t count;
	ty_sink *stats_sink;
};

const char *output_name(enum format format, int pid, char *name, size_t size);
int outputs_open(struct outputs *outputs, const struct options *options, int pid);
ty_run_info run_info(const struct options *options, ty_target *target);
int outputs_begin(struct outputs *outputs, const ty_run_info *run);
int outputs_give(struct outputs *outputs, const ty_snapshot *snapshot);
int outputs_end(struct outputs *outputs, const struct options *options, const ty_run_summary *summary);
bool outputs_show_table(const struct outputs *outputs);
void outputs_free(struct outputs *outputs);

/* browser.c */
void browser_open(const char *path, const char *page);

/* session.c */
struct member;

struct session {
	const struct options *options;
	ty_target *target;
	struct outputs *outputs;
	struct child *child;          /* run: the command; NULL otherwise */
	bool replayed;                /* the target is a recording */
	struct live *live;            /* NULL: no view */
	pid_t pid;                    /* of the Python that is sampled */
	ty_target_information python; /* what was sampled, also when it has ended since */
	ty_run_summary summary;
	ty_target_counters counters;
	struct member *member; /* one of several processes, and its thread; NULL: there is one */
	int result;            /* 0, or the error that ended profiling */
};

int session_run(struct session *session);

/* family.c */
int family_run(const struct options *options, struct outputs *outputs, ty_processes *processes, pid_t root,
               struct child *child, int *reason);
/* live.c, in the order of their use; by the thread that samples */
struct live;
struct live *live_open(const struct options *options);
const int *live_stdio(const struct live *live); /* for the program that run starts */
void live_started(struct live *live);           /* it has been started */
int live_begin(struct live *live, ty_target *target);
ty_collector *live_collector(struct live *live);
void live_sampling(struct live *live, ty_sampler *sampler); /* this one samples now; NULL: none */
void live_count(struct live *live, const ty_run_summary *so_far);
/* The sampler was stopped: whether another one goes on. */
bool live_goes_on(struct live *live, const ty_run_summary *so_far);
void live_apply(struct live *live, struct options *options); /* what the view has changed */
void live_end(struct live *live, const ty_run_summary *summary, int error);
bool live_was_quit(const struct live *live);
void live_free(struct live *live);

/* report.c */
int report_collector(const struct session *session, ty_collector **collector);

/* stats.c */
int stats_write(ty_sink *sink, const struct session *session);

/* progress.c */
struct progress {
	bool shown;
	bool drawn;
	uint64_t duration_ns;
	pid_t pid;              /* whose writing to our terminal is watched; 0: nobody */
	uint64_t bytes_written; /* by it, when last looked at */
	uint64_t quiet_since_ns;
};

void progress_init(struct progress *progress, const struct options *options, pid_t pid);
void progress_draw(struct progress *progress, const ty_run_summary *so_far);
void progress_draw_share(struct progress *progress, const ty_recording_information *recording, uint64_t samples);
void progress_clear(struct progress *progress);
bool wants_color(int fd);

/* realtime.c */
struct realtime {
	bool shown;
	uint64_t begin_ns;
	uint64_t last_ns; /* when the last line was printed, with these numbers */
	ty_run_summary summary;
	ty_target_counters counters;
};

void realtime_init(struct realtime *realtime, const struct options *options);
void realtime_show(struct realtime *realtime, const ty_run_summary *summary, const ty_target_counters *counters);
void realtime_print_total(const ty_run_summary *summary, const ty_target_counters *counters);

/* signals.c */
void signals_install(void);
void signals_restore_for_child(void);
void signals_watch(ty_sampler *sampler);
int signals_received(void);       /* the last of SIGINT, SIGTERM, SIGHUP; 0: none */
int signals_count(void);          /* how many so far */
bool signals_from_terminal(void); /* the last one was typed: the whole foreground group has it */

/* dump.c */
int dump_command(const struct options *options);

/* tasks.c */
int tasks_command(const struct options *options);

/* annotate.c */
int annotate_collector(const struct options *options, bool to_stdout, ty_sink *sink, ty_collector **collector);
int annotate_sink(const struct options *options, ty_sink **sink);
int annotate_command(const struct options *options);

/* replay.c */
bool is_recording(const char *path);
int replay_command(const struct options *options);

/* run.c */
int run_command(const struct options *options);

/* source.c */
struct source_cache;
struct source_cache *source_open(int pid);
const char *source_line(struct source_cache *cache, const char *filename, int line, size_t *size_bytes);
void source_close(struct source_cache *cache);

/* pages.c */
int flamegraph_collector(const struct options *options, ty_sink *sink, ty_collector **collector);
int heatmap_collector(const struct options *options, const char *path, ty_collector **collector);
int diff_collector(const struct options *options, ty_sink *sink, ty_collector **collector);

/* sourced.c */
struct sourced;
struct sourced *sourced_new(void);
const char *sourced_line(const char *filename, int32_t line, size_t *size_bytes, void *user_data);
ty_collector **sourced_inner(struct sourced *sourced);
int sourced_collector(struct sourced *sourced, int result, ty_collector **collector);
ty_collector *sourced_behind(ty_collector *collector, int pid);

/* text.c */
size_t text_print(FILE *out, const char *text, size_t size_bytes);
size_t text_puts(FILE *out, const char *text);
size_t text_fit(char *fitted, size_t size, const char *text, size_t columns, bool plain);
size_t text_width(const char *text, size_t size_bytes);
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);
int output_flush(void);
uint64_t now_ns(void);
void sleep_ns(uint64_t duration_ns);

#endif
