/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/merge.h"
#include "output/page.h"
#include "output/sink.h"

int ty_report_begin(const ty_run_info *run, void *user_data)
{
	struct ty_report *report = user_data;

	report->run = *run;
	report->stacks.target = run->target;
	return 0;
}

int ty_report_sample(const ty_snapshot *snapshot, void *user_data)
{
	struct ty_report *report = user_data;

	return ty_stacks_add(&report->stacks, snapshot);
}

int ty_report_loaded(struct ty_report *report, const struct ty_gathered *from)
{
	(void)report;
	(void)from;
	return 0;
}

/* For ty_collector_load(). */
static int load(const struct ty_gathered *from, void *user_data)
{
	struct ty_report *report = user_data;
	int error = ty_stacks_merge(&report->stacks, from->stacks);

	return error || !report->loaded ? error : report->loaded(report, from);
}

int ty_report_end(const ty_run_summary *summary, void *user_data)
{
	struct ty_report *report = user_data;
	int error;

	report->summary = *summary;
	error = report->write(report);
	return error ? error : ty_sink_commit(report->sink);
}

void ty_report_destroy(void *user_data)
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
		.begin = ty_report_begin,
		.sample = ty_report_sample,
		.end = ty_report_end,
		.destroy = ty_report_destroy,
	};
	const ty_collector_callbacks *callbacks = options->callbacks ? options->callbacks : &CALLBACKS;
	int error;

	if (!report || (!sink && !options->has_no_sink) || !collector) {
		ty_sink_free(sink);
		free(report);
		return report ? -TY_EOPTION : -ENOMEM;
	}
	report->sink = sink;
	report->write = write;
	error = ty_stacks_init(&report->stacks, options->by_thread, options->instructions, options->trust);
	report->loaded = options->loaded;
	report->stacks.observe = options->observe;
	report->stacks.observe_user_data = report;
	if (!error)
		error = ty_collector_new(callbacks, report, collector);
	if (error)
		callbacks->destroy(report);
	else if (options->loaded || (!options->observe && !options->callbacks))
		ty_collector_set_load(*collector, load);
	return error;
}

uint64_t ty_report_interval_ns(const struct ty_report *report)
{
	if (report->run.interval_ns <= 1 && report->stacks.longest_turn)
		return report->summary.duration_ns / report->stacks.longest_turn;
	return report->run.interval_ns;
}

ty_target_information ty_report_target(const struct ty_report *report)
{
	ty_target_information information = { .size = sizeof(information) };

	if (!report->stacks.target || ty_target_info(report->stacks.target, &information))
		return (ty_target_information){ 0 };
	return information;
}

const char *ty_report_python_version(const struct ty_report *report, char buffer[TY_VERSION_BYTES])
{
	/* By the release level of PY_VERSION_HEX, 0xa to 0xf. */
	static const char *const LEVELS[] = { "a", "b", "rc" };
	ty_target_information target = ty_report_target(report);
	uint32_t hex = target.python_hexversion, level = hex >> 4 & 15;

	if (!target.python_version)
		snprintf(buffer, TY_VERSION_BYTES, "unknown");
	else if (!hex)
		snprintf(buffer, TY_VERSION_BYTES, "%u.%u", target.python_version >> 8, target.python_version & 0xff);
	else if (level < 0xa || level >= 0xd)
		snprintf(buffer, TY_VERSION_BYTES, "%u.%u.%u", hex >> 24, hex >> 16 & 0xff, hex >> 8 & 0xff);
	else
		snprintf(buffer, TY_VERSION_BYTES, "%u.%u.%u%s%u", hex >> 24, hex >> 16 & 0xff, hex >> 8 & 0xff,
		         LEVELS[level - 0xa], hex & 15);
	return buffer;
}

const char *ty_report_mode(const struct ty_report *report)
{
	/* Their numbers are those of enum ty_mode; "all" is one of CPython's that ours does without. */
	static const char *const NAMES[] = { "wall", "cpu", "gil", "all", "exception" };
	int mode = report->run.mode;

	return mode >= 0 && mode < (int)(sizeof(NAMES) / sizeof(*NAMES)) ? NAMES[mode] : "unknown";
}

void ty_report_write_verdicts(const struct ty_report *report, struct ty_json *json)
{
	static const char *const KEYS[TY_VERDICTS] = { "verified", "repaired", "torn", "incomplete", "unreadable" };

	for (size_t i = 0; i < TY_VERDICTS; i++)
		ty_json_member_uint(json, KEYS[i], report->stacks.verdicts[i]);
	ty_json_member_uint(json, "missed", report->summary.missed);
	ty_json_member_uint(json, "failed", report->summary.failed);
}

static void write_run(const struct ty_report *report, struct ty_json *json)
{
	ty_target_information target = ty_report_target(report);
	char version[TY_VERSION_BYTES], title[96];

	snprintf(title, sizeof(title), "Python %s, process %d", ty_report_python_version(report, version), target.pid);
	ty_json_member_string(json, "title", title);
	ty_json_member_bool(json, "free_threaded", target.free_threaded);
	ty_json_member_uint(json, "duration_ns", report->summary.duration_ns);
	ty_json_member_uint(json, "samples", report->stacks.snapshots);
	ty_json_open(json, "trust", '{');
	ty_report_write_verdicts(report, json);
	ty_json_end(json, '}');
}

int ty_report_write_page(const struct ty_report *report, const char *page, struct ty_json *json,
                         int (*write)(void *user_data), void *user_data)
{
	const char *mark = strstr(page, TY_PAGE_MARK);
	int error;

	ty_sink_write(json->sink, page, (size_t)(mark - page));
	ty_json_begin(json, '{');
	write_run(report, json);
	error = write(user_data);
	ty_json_end(json, '}');
	mark += strlen(TY_PAGE_MARK);
	ty_sink_write(json->sink, mark, strlen(mark));
	return error;
}
