/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A collector of the library's that shows source lines, with the sources of the process that it is begun with: root and
 * working directory of the process are opened while it lives.
 */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct sourced {
	ty_collector *inner, *outer;
	struct source_cache *sources;
	struct sourced *next;
};

static struct sourced *all;

struct sourced *sourced_new(void)
{
	return calloc(1, sizeof(struct sourced));
}

/* A ty_source_fn; user_data: what sourced_new() gave. */
const char *sourced_line(const char *filename, int32_t line, size_t *size_bytes, void *user_data)
{
	struct sourced *sourced = user_data;

	return sourced->sources ? source_line(sourced->sources, filename, line, size_bytes) : NULL;
}

static int begin(const ty_run_info *run, void *user_data)
{
	ty_target_information target = { .size = sizeof(target) };
	struct sourced *sourced = user_data;

	/* The process of a recording has ended, and its number may be another's: its files are looked for in our root. */
	if (ty_target_info(run->target, &target) == 0)
		sourced->sources = source_open(target.is_capture ? (int)getpid() : target.pid);
	return ty_collector_begin(sourced->inner, run);
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct sourced *sourced = user_data;

	return ty_collector_sample(sourced->inner, snapshot);
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct sourced *sourced = user_data;

	return ty_collector_end(sourced->inner, summary);
}

static void destroy(void *user_data)
{
	struct sourced *sourced = user_data;
	struct sourced **link = &all;

	while (*link && *link != sourced)
		link = &(*link)->next;
	if (*link)
		*link = sourced->next;
	ty_collector_free(sourced->inner);
	source_close(sourced->sources);
	free(sourced);
}

/* Where the collector that shows the lines goes. */
ty_collector **sourced_inner(struct sourced *sourced)
{
	return &sourced->inner;
}

/* Owns `sourced`, also on error. `result`: what making the inner one gave. */
int sourced_collector(struct sourced *sourced, int result, ty_collector **collector)
{
	static const ty_collector_callbacks callbacks = {
		.size = sizeof(callbacks), .begin = begin, .sample = sample, .end = end, .destroy = destroy
	};

	if (result == 0)
		result = ty_collector_new(&callbacks, sourced, collector);
	if (result < 0) {
		destroy(sourced);
		return result;
	}
	sourced->outer = *collector;
	sourced->next = all;
	all = sourced;
	return result;
}

/*
 * The library's own collector behind one of these, with the sources of a process; one that is none of these itself. For
 * what the library hands over at once instead of by begin and sample.
 */
ty_collector *sourced_behind(ty_collector *collector, int pid)
{
	for (struct sourced *sourced = all; sourced; sourced = sourced->next) {
		if (sourced->outer != collector)
			continue;
		if (!sourced->sources)
			sourced->sources = source_open(pid);
		return sourced->inner;
	}
	return collector;
}
