/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_ANNOTATION_H
#define TY_COLLECT_ANNOTATION_H

/* The parts of the annotation collector: annotation.c makes it and puts together what the others write. */

#include <tachyon/annotation.h>
#include <tachyon/opcode.h>

#include "collect/annotated.h"
#include "collect/listings.h"
#include "collect/places.h"
#include "collect/report.h"
#include "collect/sites.h"
#include "collect/specialization.h"

/* Colours of the text: escape sequences, or empty strings. */
struct ty_annotation_colors {
	const char *heading;
	const char *hot;
	const char *warm;
	const char *source;
	const char *specialized;
	const char *generic;
	const char *dim;
	const char *reset;
};

/* One function that is shown. */
struct ty_annotated_function {
	const struct ty_site_function *samples;
	ty_function_info info;
	struct ty_specialization specialization;
	struct ty_annotated *instructions; /* by offset */
	size_t instruction_count;
	bool is_listed; /* its instructions were read, not only those that were sampled */
};

struct ty_annotation {
	struct ty_report report; /* first: a ty_report is what the collector knows */
	ty_annotation_options options;
	char *function; /* options.function */
	struct ty_annotation_colors colors;
	struct ty_listings listings;
	uint32_t nodes_seen; /* of the call tree, whose functions have been noted */

	/* At the end: */
	struct ty_sites sites;
	struct ty_specialization specialization;
	struct ty_generic *generic;
	size_t generic_count;
	TY_ARRAY(struct ty_annotated_function) functions; /* hottest first */
};

/* Each writes to the report's sink. 0 or -ENOMEM; errors of the sink stick to it. */
int ty_annotation_write_text(struct ty_annotation *annotation);
int ty_annotation_write_json(struct ty_annotation *annotation);
int ty_annotation_write_specialization(struct ty_annotation *annotation);

/* Facts about an instruction that could be specialized and is not. */
struct ty_generic_place {
	ty_function_info function;
	ty_location_info location;
	const char *argument_text;
};
struct ty_generic_place ty_annotation_place(const struct ty_annotation *annotation, const struct ty_generic *generic);

/* Share of all leaf samples in per cent. */
double ty_annotation_percent(const struct ty_annotation *annotation, uint64_t samples);

/* Foreign text made harmless. 0 or -ENOMEM. */
int ty_annotation_print_clean(struct ty_annotation *annotation, const char *text);

#endif
