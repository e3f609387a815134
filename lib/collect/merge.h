/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_MERGE_H
#define TY_COLLECT_MERGE_H

/*
 * Samples that were gathered elsewhere: a collector that only counts stacks can be given a whole call tree at once
 * instead of every sample when it comes. Built-in collectors that can have a function for it; their own state is the
 * same afterwards as if they had seen every sample.
 */

#include "collect/activity.h"
#include "collect/listings.h"
#include "collect/stacks.h"

struct ty_gathered {
	const struct ty_stacks *stacks; /* by thread */
	const struct ty_activity *activity;
	const struct ty_listings *listings;
};

/* Adds samples gathered by thread to others. 0, -ENOMEM, -TY_ESTATE for another target. */
int ty_stacks_merge(struct ty_stacks *into, const struct ty_stacks *from);

/* Takes the samples; the user_data is the collector's. 0 or a negative error. */
typedef int (*ty_load_fn)(const struct ty_gathered *from, void *user_data);

/* collector.c */
void ty_collector_set_load(ty_collector *collector, ty_load_fn load);
bool ty_collector_can_load(const ty_collector *collector);
/* After begin and before end. 0 or a negative error. */
int ty_collector_load(ty_collector *collector, const struct ty_gathered *from);

#endif
