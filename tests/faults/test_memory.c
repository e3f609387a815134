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

/* `format` NULL: only the target is opened. */
static int profile(open_fn open_target, const struct fault_format *format)
{
	ty_target *target = NULL;
	int result = open_target(&target);

	opening = allocations_made();
	if (!result && format)
		result = collect(target, format);
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

TEST(a_process_is_looked_at_without_memory)
{
	fault_begin();
	try_all(open_ourselves, NULL);
	fault_end();
}
