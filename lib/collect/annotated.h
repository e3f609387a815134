/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_ANNOTATED_H
#define TY_COLLECT_ANNOTATED_H

/*
 * The instructions of a function as they are and as they were sampled, put together by offset. One that was sampled but
 * is not in the listing (a function that was gone before it could be read, bytecode that could not be told) is made from
 * its samples, so that no sample is lost.
 */

#include "collect/listings.h"
#include "collect/sites.h"

/* Name of one that could not be told. */
#define TY_UNKNOWN_INSTRUCTION "(not known)"

/* One instruction of a function: as it is, and as it was sampled. */
struct ty_annotated {
	struct ty_listing_row row;  /* of the listing; of the samples where there is no listing */
	const struct ty_site *site; /* NULL: it was not sampled */
	const char *argument_text;
	bool is_listed;
};

/*
 * All instructions by offset, allocated. `is_listed`: they were read, not only those that were sampled. 0 or -ENOMEM.
 */
int ty_annotated_merge(const struct ty_listings *listings, const struct ty_site_function *function,
                       struct ty_annotated **instructions, size_t *count, bool *is_listed);

/* Where in the source a site is; -1 where that is not known. */
ty_location_info ty_annotated_location(ty_target *target, const struct ty_site *site);

#endif
