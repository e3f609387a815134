/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_GECKO_H
#define TY_COLLECT_GECKO_H

/* What gecko_file.c and gecko_tables.c write of a timeline. */

#include "collect/spots.h"
#include "collect/timeline.h"

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

struct ty_gecko_writer {
	struct ty_timeline *timeline;
	struct ty_json json;
	struct ty_spots spots;
	struct ty_calltree stacks; /* of spots; node n is row n - 1 of the stack table */
	uint32_t *stack_of_node;
	TY_ARRAY(uint32_t) files; /* their strings, by row */
	uint32_t *file_rows;      /* by string; row + 1, 0: no file */
	uint64_t time_ns;         /* of the sample that is written */
};

/* 0 or a negative error. */
int ty_gecko_write(struct ty_timeline *timeline);

/* gecko_tables.c; released also after an error. */
int ty_gecko_prepare(struct ty_gecko_writer *writer);
void ty_gecko_release(struct ty_gecko_writer *writer);
void ty_gecko_write_shared(struct ty_gecko_writer *writer);
void ty_gecko_begin_table(struct ty_json *json, const char *name, uint64_t length);

/* A column with one value in every row. */
void ty_gecko_write_constant(struct ty_json *json, const char *key, uint64_t length, const char *literal);

/* Row of a state's name. */
uint64_t ty_gecko_state_string(const struct ty_gecko_writer *writer, uint64_t state);

#endif
