/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --realtime-stats: once a second, how sampling goes; and at the end, what reading the target took.
 *
 * A line speaks of the second before it, so that a change shows at once: the rate, how many stacks were proven, how
 * many samples found everything where the last ones had it (predicted), and what had to be read beside. Each line
 * stands by itself, on a terminal as in a file, because it is wider than most terminals and could not be written over.
 */
#include "cli.h"

#define PERIOD_NS NS_PER_SECOND
#define LINE_BYTES 512

void realtime_init(struct realtime *realtime, const struct options *options)
{
	*realtime = (struct realtime){ .shown = options->realtime_stats, .begin_ns = now_ns() };
	realtime->last_ns = realtime->begin_ns;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 100.0;
}

static double each(uint64_t amount, uint64_t samples)
{
	return samples ? (double)amount / (double)samples : 0.0;
}

static uint64_t count_stacks(const ty_run_summary *summary)
{
	return summary->verified + summary->repaired + summary->torn + summary->incomplete + summary->unreadable;
}

/* What was counted since the line before. */
static ty_run_summary summary_since(const ty_run_summary *now, const ty_run_summary *before)
{
	return (ty_run_summary){
		.samples = now->samples - before->samples,
		.missed = now->missed - before->missed,
		.failed = now->failed - before->failed,
		.verified = now->verified - before->verified,
		.repaired = now->repaired - before->repaired,
		.torn = now->torn - before->torn,
		.incomplete = now->incomplete - before->incomplete,
		.unreadable = now->unreadable - before->unreadable,
	};
}

static ty_target_counters counters_since(const ty_target_counters *now, const ty_target_counters *before)
{
	return (ty_target_counters){
		.predicted = now->predicted - before->predicted,
		.code_objects = now->code_objects - before->code_objects,
		.code_checks = now->code_checks - before->code_checks,
		.syscalls = now->syscalls - before->syscalls,
		.bytes_read = now->bytes_read - before->bytes_read,
	};
}

static void print_line(const struct realtime *realtime, uint64_t now, const ty_run_summary *summary,
                       const ty_target_counters *counters)
{
	ty_run_summary run = summary_since(summary, &realtime->summary);
	ty_target_counters reads = counters_since(counters, &realtime->counters);
	double seconds = (double)(now - realtime->last_ns) / 1e9;
	char line[LINE_BYTES];

	snprintf(
	        line, sizeof(line),
	        "Stats: %.0f s  %.1f Hz  %.2f%% proven (%llu verified, %llu repaired, %llu torn, %llu incomplete, %llu "
	        "unreadable)  %llu missed, %llu failed  cache %.1f%% (%llu code objects fetched, %llu checked)  %.2f "
	        "reads, %.0f bytes a sample\n",
	        (double)(now - realtime->begin_ns) / 1e9, (double)run.samples / seconds,
	        share(run.verified + run.repaired, count_stacks(&run)), (unsigned long long)run.verified,
	        (unsigned long long)run.repaired, (unsigned long long)run.torn, (unsigned long long)run.incomplete,
	        (unsigned long long)run.unreadable, (unsigned long long)run.missed, (unsigned long long)run.failed,
	        share(reads.predicted, run.samples), (unsigned long long)reads.code_objects,
	        (unsigned long long)reads.code_checks, each(reads.syscalls, run.samples),
	        each(reads.bytes_read, run.samples));
	fputs(line, stderr);
}

/* Prints a line if a second has passed since the last. */
void realtime_show(struct realtime *realtime, const ty_run_summary *summary, const ty_target_counters *counters)
{
	uint64_t now = now_ns();

	if (!realtime->shown || now - realtime->last_ns < PERIOD_NS)
		return;
	print_line(realtime, now, summary, counters);
	realtime->last_ns = now;
	realtime->summary = *summary;
	realtime->counters = *counters;
}

/* At the end, of the whole run. */
void realtime_print_total(const ty_run_summary *summary, const ty_target_counters *counters)
{
	fprintf(stderr,
	        "Reading statistics:\n"
	        "  Samples:      %llu, %.1f%% found all where it was predicted; %llu readings repeated\n"
	        "  Code objects: %llu fetched, %llu compared again\n"
	        "  Reads:        %llu calls (%.2f a sample), %llu bytes (%.0f a sample)\n",
	        (unsigned long long)summary->samples, share(counters->predicted, summary->samples),
	        (unsigned long long)counters->retries, (unsigned long long)counters->code_objects,
	        (unsigned long long)counters->code_checks, (unsigned long long)counters->syscalls,
	        each(counters->syscalls, summary->samples), (unsigned long long)counters->bytes_read,
	        each(counters->bytes_read, summary->samples));
	if (counters->stops)
		fprintf(stderr, "  Stops:        %llu, %.1f µs each\n", (unsigned long long)counters->stops,
		        (double)counters->stop_ns / (double)counters->stops / 1e3);
}
