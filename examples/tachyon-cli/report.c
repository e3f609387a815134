/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text at the end: how many samples, how fast, how good.
 *
 * It is a collector of our own that stands before the result's, so that it speaks first. The lines are those of
 * CPython's profiler, with one more for the verdicts. They go to stderr: stdout belongs to the result and, with `run`,
 * to the target. The error rate is the share of stacks that nothing proves, and of readings that failed altogether.
 */
#include "cli.h"

#include <signal.h>

#define WARN_MISSED_PERCENT 1.0

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0.0;
}

static uint64_t count_stacks(const ty_run_summary *summary)
{
	return summary->verified + summary->repaired + summary->torn + summary->incomplete + summary->unreadable;
}

static void print_verdicts(const ty_run_summary *summary)
{
	uint64_t proven = summary->verified + summary->repaired;

	fprintf(stderr, "Stacks: %.2f%% proven (%llu verified, %llu repaired, %llu torn, %llu incomplete",
	        percent(proven, count_stacks(summary)), (unsigned long long)summary->verified,
	        (unsigned long long)summary->repaired, (unsigned long long)summary->torn,
	        (unsigned long long)summary->incomplete);
	if (summary->unreadable)
		fprintf(stderr, ", %llu unreadable", (unsigned long long)summary->unreadable);
	fputs(")\n", stderr);
}

static void print_missed(const ty_run_summary *summary)
{
	uint64_t expected = summary->samples + summary->failed + summary->missed;
	double missed_percent = percent(summary->missed, expected);

	if (missed_percent >= WARN_MISSED_PERCENT)
		fprintf(stderr, "Warning: missed %llu samples from the expected total of %llu (%.2f%%)\n",
		        (unsigned long long)summary->missed, (unsigned long long)expected, missed_percent);
}

/* A profile that is empty is no failure where nothing did what the mode looks for. */
static void print_nothing(const struct options *options)
{
	fputs("No samples were collected.\n", stderr);
	if (options->mode == TY_MODE_CPU)
		fputs("This can happen in CPU mode when all threads are idle.\n", stderr);
	else if (options->mode == TY_MODE_GIL)
		fputs("This can happen in GIL mode when no sampled thread holds the GIL.\n", stderr);
	else if (options->mode == TY_MODE_EXCEPTION)
		fputs("This can happen in exception mode when no sampled thread raises or handles one.\n", stderr);
	if (options->tasks == TY_TASKS_RUNNING)
		fputs("With --async-aware only tasks that run are shown: --async-mode all shows those that wait as well. See "
		      "also `" PROGRAM " tasks PID`.\n",
		      stderr);
	else if (options->tasks == TY_TASKS_ALL)
		fputs("`" PROGRAM " tasks PID` says whether the process has asyncio tasks.\n", stderr);
}

static int report_end(const ty_run_summary *summary, void *user_data)
{
	double seconds = (double)summary->duration_ns / 1e9;
	const struct session *session = user_data;
	uint64_t unproven = summary->torn + summary->incomplete + summary->unreadable + summary->failed;

	if (signals_received() == SIGINT)
		fputs("Interrupted by user.\n", stderr);
	fprintf(stderr, "%s %llu samples in %.2f seconds\n", session->replayed ? "Replayed" : "Captured",
	        (unsigned long long)summary->samples, seconds);
	fprintf(stderr, "Sample rate: %.2f samples/sec\n", seconds > 0 ? (double)summary->samples / seconds : 0.0);
	fprintf(stderr, "Error rate: %.2f\n", percent(unproven, count_stacks(summary) + summary->failed));
	if (!count_stacks(summary))
		print_nothing(session->options);
	/* The table says it itself. */
	else if (!outputs_show_table(session->outputs))
		print_verdicts(summary);
	if (!signals_received())
		print_missed(summary);
	if (session->options->realtime_stats)
		realtime_print_total(summary, &session->counters);
	return 0;
}

int report_collector(const struct session *session, ty_collector **collector)
{
	static const ty_collector_callbacks callbacks = { .size = sizeof(callbacks), .end = report_end };

	return ty_collector_new(&callbacks, (void *)session, collector);
}
