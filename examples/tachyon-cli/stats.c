/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --stats FILE: one JSON object for scripts.
 *
 * `failed` counts the readings that gave nothing: ticks at which the target could not be read at all and threads whose
 * stack could not. The profiler's own cost is that of the whole program, start and output included (getrusage(2)).
 */
#include "cli.h"

#include <sys/resource.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* "3.15.0", "3.15.0b2": PY_VERSION_HEX taken apart (patchlevel.h: 8 bits each, then 4 of level, 4 of serial). */
static void version_text(const ty_target_information *target, char *text, size_t size)
{
	uint32_t hex = target->python_hexversion;
	uint32_t level = hex >> 4 & 15;

	if (hex == 0)
		snprintf(text, size, "%u.%u", target->python_version >> 8, target->python_version & 255);
	else if (level == 15)
		snprintf(text, size, "%u.%u.%u", hex >> 24, hex >> 16 & 255, hex >> 8 & 255);
	else
		snprintf(text, size, "%u.%u.%u%s%u", hex >> 24, hex >> 16 & 255, hex >> 8 & 255,
		         level == 12   ? "rc"
		         : level == 11 ? "b"
		                       : "a",
		         hex & 15);
}

static int format_stats(char *json, size_t size, const struct session *session)
{
	const ty_run_summary *run = &session->summary;
	double duration_s = (double)run->duration_ns / 1e9;
	const ty_target_counters *counters = &session->counters;
	struct rusage usage = { 0 };
	char version[32];

	getrusage(RUSAGE_SELF, &usage);
	version_text(&session->python, version, sizeof(version));
	return snprintf(json, size,
	                "{\n  \"python_version\": \"%s\",\n  \"pid\": %d,\n  \"duration_s\": %.6f,\n"
	                "  \"samples\": %llu,\n  \"rate_hz\": %.3f,\n  \"missed\": %llu,\n"
	                "  \"verified\": %llu,\n  \"repaired\": %llu,\n  \"torn\": %llu,\n  \"incomplete\": %llu,\n"
	                "  \"failed\": %llu,\n  \"syscalls\": %llu,\n  \"bytes_read\": %llu,\n"
	                "  \"profiler_cpu_s\": %.6f,\n  \"peak_rss_bytes\": %llu\n}\n",
	                version, (int)session->pid, duration_s, (unsigned long long)run->samples,
	                duration_s > 0 ? (double)run->samples / duration_s : 0.0, (unsigned long long)run->missed,
	                (unsigned long long)run->verified, (unsigned long long)run->repaired,
	                (unsigned long long)run->torn, (unsigned long long)run->incomplete,
	                (unsigned long long)(run->failed + run->unreadable), (unsigned long long)counters->syscalls,
	                (unsigned long long)counters->bytes_read, seconds(usage.ru_utime) + seconds(usage.ru_stime),
	                (unsigned long long)usage.ru_maxrss * 1024);
}

/* 0, or negative after saying why it could not be written. */
int stats_write(ty_sink *sink, const struct session *session)
{
	char json[1024];
	int length = format_stats(json, sizeof(json), session);
	int result = ty_sink_write(sink, json, (size_t)length);

	if (result == 0)
		result = ty_sink_commit(sink);
	if (result < 0)
		complain("cannot write '%s': %s", session->options->stats, ty_strerror(result));
	return result;
}
