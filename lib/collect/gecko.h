/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_GECKO_H
#define TY_COLLECT_GECKO_H

/* What gecko.c gathers and gecko_file.c writes. */

#include "collect/report.h"
#include "collect/spots.h"
#include "output/spool.h"

/* Categories, by index in the file; those of CPython's profiler. */
enum ty_gecko_category {
	TY_GECKO_OTHER,
	TY_GECKO_PYTHON,
	TY_GECKO_NATIVE,
	TY_GECKO_GC,
	TY_GECKO_GIL,
	TY_GECKO_CPU,
	TY_GECKO_CODE,
	TY_GECKO_OPCODES,
	TY_GECKO_EXCEPTION,
};

/* What a marker says. 0: nothing is known, and no marker. */
enum ty_gecko_marker {
	TY_GECKO_NONE,
	TY_GECKO_HAS_GIL,
	TY_GECKO_NO_GIL,
	TY_GECKO_WAITING_FOR_GIL,
	TY_GECKO_ON_CPU,
	TY_GECKO_OFF_CPU,
	TY_GECKO_PYTHON_CODE,
	TY_GECKO_NATIVE_CODE,
	TY_GECKO_COLLECTING,
	TY_GECKO_HAS_EXCEPTION,
	TY_GECKO_NO_EXCEPTION,
	TY_GECKO_FIRST_OPCODE, /* and those above: index of a form */
};

/* What can be true of a thread beside each other. */
enum ty_gecko_track {
	TY_GECKO_TRACK_GIL,
	TY_GECKO_TRACK_WAIT,
	TY_GECKO_TRACK_CPU,
	TY_GECKO_TRACK_CODE,
	TY_GECKO_TRACK_GC,
	TY_GECKO_TRACK_EXCEPTION,
	TY_GECKO_TRACK_OPCODE,
	TY_GECKO_TRACKS
};

/* An instruction that a leaf stood on, in one form. */
struct ty_gecko_form {
	ty_frame frame;
	uint16_t opcode;
	bool is_specialized;
	const char *name; /* static; NULL: no instruction */
	const char *base_name;
};

/* A thread as the file shows it, by index of its identity. */
struct ty_gecko_thread {
	struct ty_stream samples; /* node, time since the sample before in ns */
	uint64_t sample_count;
	uint64_t last_sample_ns;
	struct ty_stream markers; /* enum ty_gecko_marker, begin in ns, duration in ns */
	uint64_t marker_count;
	uint64_t first_ns; /* of the run, likewise */
	uint64_t last_ns;
	uint32_t now[TY_GECKO_TRACKS]; /* what is true, and since when */
	uint64_t since_ns[TY_GECKO_TRACKS];
};

struct ty_gecko {
	struct ty_report report;
	bool opcodes;
	bool free_threaded;
	uint32_t status_seen; /* of any thread, ever: what the reader can tell at all */
	struct ty_spool spool;
	uint64_t time_ns; /* of the snapshot, since the begin */
	TY_ARRAY(struct ty_gecko_thread) threads;
	TY_ARRAY(struct ty_gecko_form) forms;
	struct ty_map site_numbers; /* function and offset -> number */
	struct ty_map form_numbers; /* number of the site and opcode -> index in forms + 1 */
	TY_ARRAY(bool) collects;    /* by node: the garbage collector is on the stack */
};

/* ---- writing ---- */

struct ty_gecko_marker_kind {
	const char *name;
	const char *type; /* of the schema */
	enum ty_gecko_category category;
};
extern const struct ty_gecko_marker_kind ty_gecko_markers[TY_GECKO_FIRST_OPCODE];

struct ty_gecko_writer {
	struct ty_gecko *gecko;
	struct ty_json json;
	struct ty_spots spots;
	struct ty_calltree stacks; /* of spots; node n is row n - 1 of the stack table */
	uint32_t *stack_of_node;
	TY_ARRAY(uint32_t) files; /* their strings, by row */
	uint32_t *file_rows;      /* by string; row + 1, 0: no file */
	uint64_t time_ns;         /* of the sample that is written */
};

/* 0 or a negative error. */
int ty_gecko_write(struct ty_report *report);

/* gecko_tables.c; released also after an error. */
int ty_gecko_prepare(struct ty_gecko_writer *writer);
void ty_gecko_release(struct ty_gecko_writer *writer);
void ty_gecko_write_shared(struct ty_gecko_writer *writer);
void ty_gecko_begin_table(struct ty_json *json, const char *name, uint64_t length);

/* A column with one value in every row. */
void ty_gecko_write_constant(struct ty_json *json, const char *key, uint64_t length, const char *literal);

/* Row of a marker's name. */
uint64_t ty_gecko_marker_string(const struct ty_gecko_writer *writer, uint64_t marker);

/* "BINARY_OP_ADD_INT (BINARY_OP)". */
#define TY_GECKO_LABEL_BYTES 128
const char *ty_gecko_label(const struct ty_gecko_form *form, char buffer[TY_GECKO_LABEL_BYTES]);

#endif
