/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is full, as far as a process can make one for itself: its files may not grow beyond a limit. A result is
 * there as a whole or not at all, the one of the run before stays, and what was gathered before a temporary file was
 * full is written.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <tachyon/tachyon.h>

#include "faults/formats.h"
#include "support/test.h"
#include "util/cleanup.h"

/* No result is as small as this, and no temporary file of so many samples. */
#define LIMIT_BYTES 64
#define BLOCKS_BYTES (2 * 4096)
#define SAMPLES 20000

static void limit_files(rlim_t size_bytes)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size_bytes;
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int profile(const struct fault_format *format, ty_sink *sink, uint64_t samples, ty_collector **collector)
{
	ty_target *target;
	int result;

	*collector = NULL;
	ck_assert_ok(fault_open_capture(&target));
	result = format->make(sink, collector);
	if (!result)
		result = fault_sample(target, *collector, samples);
	ty_detach(target);
	return result;
}

static void write_file(const char *text)
{
	_cleanup_fclose_ FILE *file = fopen(fault_result, "we");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
}

static void check_file(const char *text)
{
	_cleanup_fclose_ FILE *file = fopen(fault_result, "re");
	char found[64] = "";

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(found, sizeof(found), file));
	ck_assert_str_eq(found, text);
}

TEST(the_result_of_the_run_before_stays)
{
	fault_begin();
	for (size_t i = 0; i < FAULT_FORMATS; i++) {
		const struct fault_format *format = &fault_formats[i];
		ty_collector *collector;
		ty_sink *sink;
		int result;

		if (!format->has_sink)
			continue;
		write_file("from before");
		ck_assert_ok(ty_sink_file(fault_result, &sink));
		limit_files(LIMIT_BYTES);
		result = profile(format, sink, 10, &collector);
		ty_collector_free(collector);
		limit_files(RLIM_INFINITY);
		ck_assert_msg(result == -EFBIG, "%s: %d (%s)", format->name, result, test_error_text(result));
		check_file("from before");
		ck_assert_uint_eq(fault_remove_results(), 1);
	}
	fault_end();
}

static const struct fault_format *find(const char *name)
{
	for (size_t i = 0; i < FAULT_FORMATS; i++)
		if (!strcmp(fault_formats[i].name, name))
			return &fault_formats[i];
	ck_abort_msg("no format %s", name);
	return NULL;
}

TEST(no_half_of_a_heatmap_is_left)
{
	ty_collector *collector;

	fault_begin();
	limit_files(LIMIT_BYTES);
	ck_assert_int_eq(profile(find("heatmap"), NULL, 10, &collector), -EFBIG);
	ty_collector_free(collector);
	limit_files(RLIM_INFINITY);
	ck_assert_uint_eq(fault_remove_results(), 0);
	fault_end();
}

/* Every bracket of a JSON text is closed, none too often; its strings hold none that count. */
static void check_closed(const char *name, const char *text)
{
	int open = 0;
	bool quoted = false;

	for (; *text; text++) {
		if (*text == '\\' && text[1])
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (!quoted)
			open += (*text == '{' || *text == '[') - (*text == '}' || *text == ']');
		ck_assert_msg(open >= 0, "%s", name);
	}
	ck_assert_msg(open == 0 && !quoted, "%s: %d brackets open", name, open);
}

TEST(what_came_before_a_temporary_file_was_full_is_written)
{
	static const char *const names[] = { "gecko", "chrome trace", "perfetto", "jsonl" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct fault_format *format = find(names[i]);
		ty_collector *collector;
		const char *written;
		ty_sink *sink;
		size_t size_bytes;

		ck_assert_ok(ty_sink_memory(&sink));
		limit_files(BLOCKS_BYTES);
		ck_assert_int_eq(profile(format, sink, SAMPLES, &collector), -EFBIG);
		limit_files(RLIM_INFINITY);
		written = ty_sink_data(sink, &size_bytes);
		ck_assert_msg(size_bytes > 1024, "%s: %zu bytes", names[i], size_bytes);
		if (strcmp(names[i], "perfetto"))
			check_closed(names[i], written);
		ty_collector_free(collector);
	}
}
