/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_TIMELINE_H
#define TY_COLLECT_TIMELINE_H

/*
 * What each thread did when: the base of the reports that keep every sample (Firefox Profiler, Perfetto, Chrome). Embed
 * it as the first member; `write` is all that differs.
 *
 * Beside the samples stand states: intervals in which something stays true of a thread. It holds the GIL, waits for it,
 * runs Python code, collects garbage, stands on one instruction. They are those of CPython 3.15's profiling.sampling
 * --gecko. They begin and end at samples: what happened between two samples is not known. What the target or the
 * reading does not tell (who is on a CPU, the GIL of a free-threaded build) gives no state rather than a guess; so "No
 * GIL" and "No Exception" begin with the first thread that was seen to have one.
 */

#include "collect/report.h"
#include "output/spool.h"

/* 0: nothing is known. */
enum ty_state {
	TY_STATE_NONE,
	TY_STATE_HAS_GIL,
	TY_STATE_NO_GIL,
	TY_STATE_WAITING_FOR_GIL,
	TY_STATE_ON_CPU,
	TY_STATE_OFF_CPU,
	TY_STATE_PYTHON_CODE,
	TY_STATE_NATIVE_CODE,
	TY_STATE_COLLECTING,
	TY_STATE_HAS_EXCEPTION,
	TY_STATE_NO_EXCEPTION,
	TY_STATE_FIRST_OPCODE, /* and those above: index of a form */
};

/* What can be true of a thread beside each other. */
enum ty_track {
	TY_TRACK_GIL,
	TY_TRACK_WAIT,
	TY_TRACK_CPU,
	TY_TRACK_CODE,
	TY_TRACK_GC,
	TY_TRACK_EXCEPTION,
	TY_TRACK_OPCODE,
	TY_TRACKS
};

/* "Has GIL", by state. */
extern const char *const ty_state_names[TY_STATE_FIRST_OPCODE];

/* The track of a state. */
enum ty_track ty_track_of(uint64_t state);

/* An instruction that a leaf stood on, in one form. */
struct ty_form {
	ty_frame frame;
	uint16_t opcode;
	bool is_specialized;
	const char *name; /* static; NULL: no instruction */
	const char *base_name;
};

/* "BINARY_OP_ADD_INT (BINARY_OP)". */
#define TY_LABEL_BYTES 128
const char *ty_form_label(const struct ty_form *form, char buffer[TY_LABEL_BYTES]);

/* What the streams of a thread hold, number by number. */
enum ty_sample_number {
	TY_SAMPLE_NODE,     /* of the call tree; 0: the thread was not there from now on */
	TY_SAMPLE_DELTA_NS, /* since the sample before */
	TY_SAMPLE_NUMBERS
};
enum ty_span_number {
	TY_SPAN_STATE,
	TY_SPAN_SINCE_NS, /* the begin of the run */
	TY_SPAN_DURATION_NS,
	TY_SPAN_NUMBERS
};

/* A thread as reports show it, by index of its identity. */
struct ty_timeline_thread {
	struct ty_stream samples;
	uint64_t sample_count; /* gaps included */
	uint64_t last_sample_ns;
	struct ty_stream spans; /* states, in the order of their ends */
	uint64_t span_count;
	uint64_t first_ns; /* since the begin of the run, likewise the others */
	uint64_t last_ns;
	uint64_t seen;           /* number of the snapshot of its process it was last in; 0: none */
	uint32_t now[TY_TRACKS]; /* what is true, and since when */
	uint64_t since_ns[TY_TRACKS];
	uint32_t tracks; /* 1 << track: it has spans there */
};

struct ty_timeline {
	struct ty_report report;
	bool opcodes;
	bool free_threaded;
	uint32_t status_seen; /* of any thread, ever: what the reader can tell at all */
	struct ty_spool spool;
	uint64_t time_ns; /* of the snapshot, since the begin */
	TY_ARRAY(struct ty_timeline_thread) threads;
	TY_ARRAY(struct ty_form) forms;
	struct ty_map site_numbers; /* function and offset -> number */
	struct ty_map form_numbers; /* number of the site and opcode -> index in forms + 1 */
	TY_ARRAY(bool) collects;    /* by node: the garbage collector is on the stack */
	int (*write)(struct ty_timeline *timeline);
};

struct ty_timeline_options {
	bool opcodes;
	int trust; /* enum ty_trust */
	/* Writes to the sink what was gathered. 0 or a negative error. */
	int (*write)(struct ty_timeline *timeline);
};

/* As ty_report_new(). */
int ty_timeline_new(struct ty_timeline *timeline, const struct ty_timeline_options *options, ty_sink *sink,
                    ty_collector **collector);

/*
 * Whether there is anything to show of a thread: not of one that was never seen to run. A thread that is just being made
 * has no id yet, and comes back as another one.
 */
bool ty_timeline_has(const struct ty_timeline *timeline, size_t thread);

/* When the last stack of a thread ended, as far as is known: a sample stands for one interval. */
uint64_t ty_timeline_end_ns(const struct ty_timeline *timeline, const struct ty_timeline_thread *thread);

#endif
