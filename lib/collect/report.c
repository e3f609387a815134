/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/report.h"

#include <errno.h>
#include <stdlib.h>

static int begin(const ty_run_info *run, void *user_data)
{
	struct ty_report *report = user_data;

	report->run = *run;
	report->stacks.target = run->target;
	return 0;
}

static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct ty_report *report = user_data;

	return ty_stacks_add(&report->stacks, snapshot);
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct ty_report *report = user_data;
	int error;

	report->summary = *summary;
	error = report->write(report);
	return error ? error : ty_sink_commit(report->sink);
}

static void destroy(void *user_data)
{
	struct ty_report *report = user_data;

	ty_stacks_free(&report->stacks);
	ty_sink_free(report->sink);
	free(report);
}

int ty_report_new(struct ty_report *report, const struct ty_report_options *options, ty_sink *sink,
                  int (*write)(struct ty_report *report), ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = begin,
		.sample = sample,
		.end = end,
		.destroy = destroy,
	};
	int error;

	if (!report || !sink || !collector) {
		ty_sink_free(sink);
		free(report);
		return report ? -TY_EOPTION : -ENOMEM;
	}
	report->sink = sink;
	report->write = write;
	error = ty_stacks_init(&report->stacks, options->by_thread, options->instructions, options->trust);
	if (!error)
		error = ty_collector_new(&CALLBACKS, report, collector);
	if (error)
		destroy(report);
	return error;
}
