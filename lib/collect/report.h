/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_REPORT_H
#define TY_COLLECT_REPORT_H

/*
 * A collector that gathers stacks and writes them to a sink at the end: what collapsed, pstats and their like have in
 * common. Embed it as the first member; `write` is all that differs.
 */

#include <tachyon/collector.h>

#include "collect/stacks.h"
#include "output/json.h"

struct ty_gathered;

struct ty_report {
	struct ty_stacks stacks;
	ty_run_info run;
	ty_run_summary summary;
	ty_sink *sink;
	/* Writes to the sink what was gathered; the sink is committed afterwards. 0 or a negative error. */
	int (*write)(struct ty_report *report);
	int (*loaded)(struct ty_report *report, const struct ty_gathered *from); /* as in the options */
};

struct ty_report_options {
	bool by_thread;
	bool instructions;
	int trust; /* enum ty_trust */
	bool has_no_sink; /* the result goes elsewhere; `callbacks` end it */
	/* For reports that do more than gather: as in ty_stacks, with the report as user_data. NULL: nothing. */
	int (*observe)(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node,
	               void *user_data);
	/*
	 * For reports that do more than gather and can do without when the samples are given to them at once (merge.h):
	 * called after that. 0 or a negative error. NULL: a report that observes, or has functions of its own, must see
	 * every sample.
	 */
	int (*loaded)(struct ty_report *report, const struct ty_gathered *from);
	/* NULL: the functions below. */
	const ty_collector_callbacks *callbacks;
};

/* What the functions of a collector with a ty_report as user_data do, for those that do more. */
int ty_report_begin(const ty_run_info *run, void *user_data);
int ty_report_sample(const ty_snapshot *snapshot, void *user_data);
int ty_report_end(const ty_run_summary *summary, void *user_data);
void ty_report_destroy(void *user_data);

/* For `loaded` above where nothing is to be done. */
int ty_report_loaded(struct ty_report *report, const struct ty_gathered *from);

/*
 * Makes a collector of `report`, which the caller allocated with malloc() and both it and the sink are owned by the
 * collector from now on: freed with it, or here on error. 0, -TY_EOPTION, -ENOMEM.
 */
int ty_report_new(struct ty_report *report, const struct ty_report_options *options, ty_sink *sink,
                  int (*write)(struct ty_report *report), ty_collector **collector);

/*
 * What one sample stands for in every report: the interval that was asked for, as in CPython's, whatever was missed.
 * Asked to sample as fast as possible, only the result tells how fast that was. Comparisons of two runs, which seldom
 * miss alike, do otherwise (flamegraph_diff.c).
 */
uint64_t ty_report_interval_ns(const struct ty_report *report);

/* Facts about the target; zeros where it does not tell. */
ty_target_information ty_report_target(const struct ty_report *report);

/* "3.14.2", "3.15.0b1"; the minor version alone where the patch level is not known, "unknown" where
 * nothing is, or several processes differ. */
#define TY_VERSION_BYTES 32
const char *ty_report_python_version(const struct ty_report *report, char buffer[TY_VERSION_BYTES]);

/* "wall", "cpu", "gil", "all", "exception": CPython's names for which samples count. */
const char *ty_report_mode(const struct ty_report *report);

/* Members of an object: how many stacks there were by verdict, and ticks without a sample. */
void ty_report_write_verdicts(const struct ty_report *report, struct ty_json *json);

/*
 * Writes a page of HTML (output/page.h) to json->sink: its data are what is known of the run and the members that `write`
 * adds by `json`. 0 or the error of `write`; those of the sink stick to it.
 */
int ty_report_write_page(const struct ty_report *report, const char *page, struct ty_json *json,
                         int (*write)(void *user_data), void *user_data);

#endif
