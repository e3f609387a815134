/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_REPORT_H
#define TY_COLLECT_REPORT_H

/*
 * A collector that gathers stacks and writes them to a sink at the end: what collapsed, pstats and their like have in
 * common. Embed it as the first member; `write` is all that differs.
 */

#include <tachyon/collector.h>

#include "collect/stacks.h"

struct ty_report {
	struct ty_stacks stacks;
	ty_run_info run;
	ty_run_summary summary;
	ty_sink *sink;
	/* Writes to the sink what was gathered; the sink is committed afterwards. 0 or a negative error. */
	int (*write)(struct ty_report *report);
};

struct ty_report_options {
	bool by_thread;
	bool instructions;
	int trust; /* enum ty_trust */
};

/*
 * Makes a collector of `report`, which the caller allocated with malloc() and both it and the sink are owned by the
 * collector from now on: freed with it, or here on error. 0, -TY_EOPTION, -ENOMEM.
 */
int ty_report_new(struct ty_report *report, const struct ty_report_options *options, ty_sink *sink,
                  int (*write)(struct ty_report *report), ty_collector **collector);

#endif
