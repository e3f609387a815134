/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_SPECIALIZATION_H
#define TY_COLLECT_SPECIALIZATION_H

/*
 * How much of the time ran in specialized instructions, and which instructions could be specialized and are not: what a
 * person can do something about. All numbers are leaf samples.
 */

#include "collect/sites.h"

struct ty_specialization {
	uint64_t by_adaptation[TY_ADAPTATIONS];
	uint64_t leaf; /* sum */
};

/* One function. */
struct ty_specialization ty_specialization_of(const struct ty_site_function *function);

/* All functions, and frames that are none: samples of artificial leaves are of unknown adaptation. */
struct ty_specialization ty_specialization_total(const struct ty_sites *sites, uint64_t counted);

/* An instruction that was seen in its generic form. */
struct ty_generic {
	const struct ty_site *site;
	const struct ty_site_form *form; /* the generic one with the most samples */
	uint64_t samples;                /* in all generic forms */
};

/* The instructions that were seen in a generic form, the hottest first. Allocated; NULL when memory is out. */
struct ty_generic *ty_specialization_generic(const struct ty_sites *sites, size_t *count);

/* Name of an adaptation in JSON. */
const char *ty_adaptation_key(enum ty_adaptation adaptation);

#endif
