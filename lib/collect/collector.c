/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector object: four callbacks and the order in which they may be called. Built-in collectors are made of the
 * same four, so that nothing they can do is out of reach of a program's own.
 *
 * To add a built-in collector: a file of its own here with a constructor in <tachyon/collector.h> (documented there,
 * listed in tachyon.map); aggregate with stacks.h, resolve with places.h, write through output/; say in every report
 * whether a number counts leaf or on-stack samples, and show the verdicts; a test named after the file with hostile
 * names.
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <stdlib.h>

#include "collect/merge.h"
#include "util/options.h"

enum collector_state { IS_NEW, HAS_BEGUN, HAS_ENDED };

struct ty_collector {
	ty_collector_callbacks callbacks;
	void *user_data;
	enum collector_state state;
	ty_load_fn load; /* NULL: it must see every sample */
};

int ty_collector_new(const ty_collector_callbacks *callbacks, void *user_data, ty_collector **collector)
{
	ty_collector_callbacks known;

	if (!collector)
		return -TY_EOPTION;
	*collector = NULL;
	if (!callbacks || ty_options_in(&known, sizeof(known), callbacks))
		return -TY_EOPTION;
	*collector = malloc(sizeof(**collector));
	if (!*collector)
		return -ENOMEM;
	**collector = (ty_collector){ .callbacks = known, .user_data = user_data };
	return 0;
}

void ty_collector_free(ty_collector *collector)
{
	if (collector && collector->callbacks.destroy)
		collector->callbacks.destroy(collector->user_data);
	free(collector);
}

int ty_collector_begin(ty_collector *collector, const ty_run_info *run)
{
	ty_run_info known;

	if (collector->state != IS_NEW)
		return -TY_ESTATE;
	if (!run || ty_options_in(&known, sizeof(known), run))
		return -TY_EOPTION;
	collector->state = HAS_BEGUN;
	return collector->callbacks.begin ? collector->callbacks.begin(&known, collector->user_data) : 0;
}

int ty_collector_sample(ty_collector *collector, const ty_snapshot *snapshot)
{
	if (collector->state != HAS_BEGUN)
		return -TY_ESTATE;
	return collector->callbacks.sample ? collector->callbacks.sample(snapshot, collector->user_data) : 0;
}

int ty_collector_end(ty_collector *collector, const ty_run_summary *summary)
{
	ty_run_summary known;

	if (collector->state != HAS_BEGUN)
		return -TY_ESTATE;
	if (!summary || ty_options_in(&known, sizeof(known), summary))
		return -TY_EOPTION;
	collector->state = HAS_ENDED;
	return collector->callbacks.end ? collector->callbacks.end(&known, collector->user_data) : 0;
}

void ty_collector_set_load(ty_collector *collector, ty_load_fn load)
{
	collector->load = load;
}

bool ty_collector_can_load(const ty_collector *collector)
{
	return collector->load && collector->state == IS_NEW;
}

int ty_collector_load(ty_collector *collector, const struct ty_gathered *from)
{
	if (!collector->load || collector->state != HAS_BEGUN)
		return -TY_ESTATE;
	return collector->load(from, collector->user_data);
}
