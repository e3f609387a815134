/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results that are HTML pages: the library's collectors with the sources of the target, and the recording that a
 * profile is compared with. The recording is read before profiling begins.
 */
#include "cli.h"

#include <errno.h>

static int make_flamegraph(const struct options *options, ty_target *baseline, ty_sink *sink, ty_collector **collector)
{
	struct sourced *sourced = sourced_new();
	ty_flamegraph_options flamegraph = {
		.size = sizeof(flamegraph),
		.opcodes = options->opcodes,
		.trust = options->trust,
		.source = sourced_line,
		.source_user_data = sourced,
		.baseline = baseline,
	};

	if (!sourced) {
		ty_sink_free(sink);
		return -ENOMEM;
	}
	return sourced_collector(sourced, ty_flamegraph_new(&flamegraph, sink, sourced_inner(sourced)), collector);
}

/* Owns the sink, also on error; likewise below. */
int flamegraph_collector(const struct options *options, ty_sink *sink, ty_collector **collector)
{
	return make_flamegraph(options, NULL, sink, collector);
}

int heatmap_collector(const struct options *options, const char *path, ty_collector **collector)
{
	struct sourced *sourced = sourced_new();
	ty_heatmap_options heatmap = {
		.size = sizeof(heatmap),
		.opcodes = options->opcodes,
		.trust = options->trust,
		.source = sourced_line,
		.source_user_data = sourced,
	};

	if (!sourced)
		return -ENOMEM;
	return sourced_collector(sourced, ty_heatmap_new(&heatmap, path, sourced_inner(sourced)), collector);
}

static int check_baseline(const struct options *options, const ty_recording_information *baseline)
{
	if (baseline->mode != options->mode) {
		complain("'%s' was recorded in another --mode: the two cannot be compared", options->baseline);
		return -TY_EOPTION;
	}
	if (options->opcodes && !baseline->opcodes)
		complain("'%s' has no instructions, so that all will be shown as new: record with --opcodes",
		         options->baseline);
	return 0;
}

static int complain_baseline(ty_target *target, const struct options *options, int code)
{
	ty_error_info error = { .size = sizeof(error) };
	bool told = target && ty_last_error(target, &error) == 0 && error.code && error.message && *error.message;

	complain("%s: %s", options->baseline, told ? error.message : ty_strerror(code));
	return code;
}

/* Says itself what is wrong with the baseline. */
int diff_collector(const struct options *options, ty_sink *sink, ty_collector **collector)
{
	ty_recording_information info = { .size = sizeof(info) };
	ty_target *baseline = NULL;
	int code = ty_open_recording(options->baseline, NULL, &baseline);

	if (code == 0)
		code = ty_recording_info(baseline, &info);
	if (code < 0)
		complain_baseline(baseline, options, code);
	else
		code = check_baseline(options, &info);
	if (code < 0) {
		ty_sink_free(sink);
	} else {
		code = make_flamegraph(options, baseline, sink, collector);
		if (code < 0)
			complain_baseline(baseline, options, code);
	}
	ty_detach(baseline);
	return code;
}
