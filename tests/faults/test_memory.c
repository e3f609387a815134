/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out: whole runs, from attaching to the written result, in which every allocation fails once, alone
 * and with all that follow. Each ends with -ENOMEM or goes on without what it could not have; none leaks, none crashes,
 * and none leaves half a result behind.
 */
#include <errno.h>
#include <unistd.h>

#include <tachyon/tachyon.h>

#include "faults/formats.h"
#include "support/allocations.h"
#include "support/test.h"

/* Of the allocations of a run every one fails up to here, then one in so many: they repeat themselves. */
#define EVERY_NUMBER 100
#define STEP 3
#define SAMPLES 12

typedef int (*open_fn)(ty_target **target);

static unsigned long opening; /* allocations of the last opening */

/* A process that is no Python: ours. */
static int open_ourselves(ty_target **target)
{
	int result = ty_attach(getpid(), NULL, target);

	return result == -TY_ENOTPYTHON ? 0 : result;
}

/* What a view was told that is neither an answer nor want of memory. Assertions allocate: they come afterwards. */
static int wrong;

static int note(int result)
{
	if (result < 0 && result != -ENOMEM && result != -TY_ENOTFOUND)
		wrong = result;
	return result;
}

/* Everything a view asks; what comes after a list that could not be made is asked all the same. */
static void ask(ty_live *live)
{
	ty_live_query query = { .size = sizeof(query), .filter = "e" };
	ty_live_function_info function = { .size = sizeof(function) };
	uint16_t shares[10];
	int count;

	note(ty_live_update(live));
	count = note(ty_live_functions(live, &query));
	for (int i = 0; i < count; i++)
		note(ty_live_function(live, (size_t)i, &function));
	note(ty_live_instructions(live, 1, 0));
	note(ty_live_calls(live, 1, TY_LIVE_CALLERS, 0));
	note(ty_live_calls(live, 1, TY_LIVE_CALLEES, 0));
	note(ty_live_history(live, 1, 0, shares, 10));
}

static int save(ty_live *live)
{
	ty_run_summary summary = { .size = sizeof(summary) };
	ty_collector *collector = NULL;
	ty_sink *sink = NULL;
	int result = ty_sink_memory(&sink);

	if (!result)
		result = ty_flamegraph_new(NULL, sink, &collector);
	if (!result)
		result = ty_live_save(live, &summary, collector);
	ty_collector_free(collector);
	return result == -TY_ESTATE ? 0 : result;
}

/* A view goes on asking, whatever could not be had a moment ago. */
static int view(ty_target *target)
{
	ty_live_options options = { .size = sizeof(options), .opcodes = 1 };
	ty_run_info run = { .size = sizeof(run), .target = target, .interval_ns = 1000000, .opcodes = 1 };
	const ty_snapshot *snapshot;
	ty_live *live;
	int result = ty_live_new(&options, &live);
	bool failed = false;

	if (!result)
		result = ty_collector_begin(ty_live_collector(live), &run);
	for (int i = 0; !result && i < SAMPLES; i++) {
		/* A collector that has failed is given no more. */
		if (!failed && note(ty_sample(target, &snapshot)) == 0)
			failed = note(ty_collector_sample(ty_live_collector(live), snapshot)) < 0;
		if (i % 3 == 0)
			ask(live);
	}
	if (!result)
		result = save(live);
	ty_live_free(live);
	return result;
}

static int collect(ty_target *target, const struct fault_format *format)
{
	ty_collector *collector = NULL;
	ty_sink *sink = NULL;
	int result = format->has_sink ? ty_sink_memory(&sink) : 0;

	if (!result)
		result = format->make(sink, &collector);
	if (!result)
		result = fault_sample(target, collector, SAMPLES);
	ty_collector_free(collector);
	return result;
}

/* Not a format, but tried like one. */
static const struct fault_format live_view = { .name = "live view" };

/* `format` NULL: only the target is opened. */
static int profile(open_fn open_target, const struct fault_format *format)
{
	ty_target *target = NULL;
	int result = open_target(&target);

	opening = allocations_made();
	if (!result && format)
		result = format == &live_view ? view(target) : collect(target, format);
	ty_detach(target);
	return result;
}

static void try(open_fn open_target, const struct fault_format *format, enum allocations_fail fail,
                unsigned long number)
{
	const char *what = format ? format->name : "opening";
	size_t held = allocations_held(), files;
	int result;

	allocations_begin(fail, number);
	result = profile(open_target, format);
	allocations_end();
	files = fault_remove_results();
	ck_assert_msg(result >= 0 || result == -ENOMEM, "%s, allocation %lu (%d): %d (%s)", what, number, fail, result,
	              test_error_text(result));
	ck_assert_msg(allocations_held() == held, "%s, allocation %lu (%d): %zu blocks leaked", what, number, fail,
	              allocations_held() - held);
	ck_assert_msg(!wrong, "%s, allocation %lu (%d): asked, it said %d", what, number, fail, wrong);
	ck_assert_msg(files <= 1, "%s, allocation %lu (%d): %zu files left", what, number, fail, files);
}

static void try_all(open_fn open_target, const struct fault_format *format)
{
	unsigned long count, first;

	try(open_target, format, ALLOCATIONS_SUCCEED, 0);
	count = allocations_made();
	first = format ? opening : 0;
	ck_assert_uint_gt(count, first + 10);
	for (unsigned long number = first + 1; number <= count; number += number < first + EVERY_NUMBER ? 1 : STEP) {
		try(open_target, format, ALLOCATIONS_FAIL_ONE, number);
		try(open_target, format, ALLOCATIONS_FAIL_FROM, number);
	}
}

static void try_formats(open_fn open_target)
{
	fault_begin();
	try_all(open_target, NULL);
	for (size_t i = 0; i < FAULT_FORMATS; i++)
		try_all(open_target, &fault_formats[i]);
	fault_end();
}

TEST(a_profile_of_a_target_survives_without_memory)
{
	try_formats(fault_open_capture);
}

TEST(a_profile_of_a_recording_survives_without_memory)
{
	try_formats(fault_open_recording);
}

TEST(a_live_view_survives_without_memory)
{
	fault_begin();
	try_all(fault_open_capture, &live_view);
	fault_end();
}

TEST(a_process_is_looked_at_without_memory)
{
	fault_begin();
	try_all(open_ourselves, NULL);
	fault_end();
}
