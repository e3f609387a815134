/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_EXCERPTS_H
#define TY_COLLECT_EXCERPTS_H

/*
 * Source that goes into a page: lines round those that were sampled. Lines come from a function of the program that uses
 * the library, which knows where the target's files are; here they are bounded, because a target may name any file.
 */

#include <tachyon/collector.h>

#include "collect/places.h"
#include "output/json.h"

/* Longer lines are cut: minified files have lines of a megabyte. */
#define TY_EXCERPT_LINE_BYTES 400

struct ty_excerpts {
	ty_source_fn source; /* NULL: there are none */
	void *user_data;
	uint32_t functions_seen; /* by ty_excerpts_see() */
	char line[TY_EXCERPT_LINE_BYTES + 1];
};

/*
 * While samples come: lets files be read that are gone with the target. Ids of functions are dense, so that one number
 * tells which were seen.
 */
void ty_excerpts_see(struct ty_excerpts *excerpts, ty_target *target, uint32_t function);

/* One line, cut between characters, with a NUL; valid until the next call. NULL: it cannot be had. */
const char *ty_excerpts_line(struct ty_excerpts *excerpts, const char *filename, int32_t line);

/* A JSON member "source": columns file, line and text of all lines round the places. 0 or -ENOMEM. */
int ty_excerpts_write(struct ty_excerpts *excerpts, const struct ty_places *places, struct ty_json *json);

#endif
