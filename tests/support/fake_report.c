/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fake_report.h"

#include <string.h>

#include "support/test.h"

ty_target *target;
ty_collector *collector;
ty_sink *sink;

void report_open(void)
{
	target = fake_target_new();
	fake_function(target, "main", "/src/main.py", "<module>", 1);
	fake_function(target, "add", "/src/add.py", "add", 10);
	fake_function(target, "gc", "~", "<GC>", 0);
	ck_assert_ok(ty_sink_memory(&sink));
}

void report_begin(uint64_t interval_ns)
{
	ty_run_info run = { .size = sizeof(run),
		            .target = target,
		            .interval_ns = interval_ns,
		            .start_time_ns = FAKE_START_NS,
		            .start_unix_ns = 7 };

	ck_assert_ok(ty_collector_begin(collector, &run));
}

void report_end(void)
{
	ck_assert_ok(ty_collector_end(collector, &(ty_run_summary){ .size = sizeof(ty_run_summary) }));
}

void report_has(const char *text)
{
	const char *written = ty_sink_data(sink, NULL);

	ck_assert_msg(strstr(written, text) != NULL, "%s\nis not in\n%s", text, written);
}

void report_close(void)
{
	ty_collector_free(collector);
	fake_target_free(target);
}
