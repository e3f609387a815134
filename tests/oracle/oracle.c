/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples a program whose possible stacks are known and compares:
 *
 *     oracle PID GRAMMAR FAST-SAMPLES PACED-SAMPLES SECONDS [--all]
 *
 * Five readings of the same process, each ended by its number of samples or after so many seconds; one JSON object with a
 * member each:
 *
 *   "fast"      as fast as it goes, nothing stopped: as many chances as possible to be wrong
 *   "paced"     the same, the target having run between two samples: what its leaves are
 *   "beside"    paced, from the processor that the target runs on (TY_PLACE_BESIDE)
 *   "trusting"  paced, without retries and every stack believed: what a reader without verdicts gives
 *   "stopped"   paced, each sample with the thread stopped: the truth that the leaves are compared with
 *
 * Paced readings wait for the CPU clock of the target. Where it has to share its processor it is often found at the very
 * place where it was before, and a histogram of such samples says more about the scheduler than about the program.
 *
 * Each has the stacks by verdict, the impossible ones among those that are called proven and among all, some of them
 * spelled out, and what the leaves were: by function and by instruction. Public headers only.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tachyon/tachyon.h>

#include "grammar.h"

#define EXAMPLES_MAX 5
#define NS_PER_SECOND 1e9
#define EXAMPLE_FRAMES_MAX 12
#define VERDICTS 5
/* CPU time of the target between two paced samples; random, so that no loop of its own falls in step. */
#define PACE_MIN_NS 5000
#define PACE_SPREAD_NS 50000
#define PACE_WAITS_MAX 100000

struct plan {
	uint64_t samples;
	uint64_t duration_ns;
	bool paced;
	int placement;
	clockid_t target_clock;
	ty_attach_options options;
};

/* One reading. Leaf instructions by function and code unit. */
struct tally {
	uint64_t samples, failed, stacks;
	uint64_t verdicts[VERDICTS];
	uint64_t impossible_proven, impossible_all, unreadable, bad_instruction;
	uint64_t leaves[FUNCTIONS_MAX];
	uint64_t *instructions[FUNCTIONS_MAX];
	size_t instruction_counts[FUNCTIONS_MAX];
	uint64_t duration_ns;
	ty_target_counters counters;
	char *examples[EXAMPLES_MAX];
	int example_count;
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static void keep_example(struct tally *tally, ty_target *target, const ty_thread_info *thread)
{
	size_t size;
	FILE *text;

	if (tally->example_count == EXAMPLES_MAX)
		return;
	text = open_memstream(&tally->examples[tally->example_count++], &size);
	fprintf(text, "verdict %d, %" PRIu32 " frames:", thread->verdict, thread->frame_count);
	for (uint32_t i = 0; i < thread->frame_count && i < EXAMPLE_FRAMES_MAX; i++) {
		ty_function_info function = { .size = sizeof(function), .qualname = "?" };
		ty_location_info location = { .size = sizeof(location) };

		ty_function(target, thread->frames[i].function, &function);
		ty_location(target, &thread->frames[i], &location);
		fprintf(text, " %s:%d@%d", function.qualname, location.line, thread->frames[i].offset);
	}
	fclose(text);
}

static void count_leaf(struct tally *tally, int function, int32_t offset)
{
	size_t unit = offset < 0 ? 0 : (size_t)offset / 2 + 1;

	tally->leaves[function]++;
	if (unit >= tally->instruction_counts[function]) {
		size_t count = unit + 64;
		uint64_t *moved = realloc(tally->instructions[function], count * sizeof(*moved));

		if (!moved)
			abort();
		memset(moved + tally->instruction_counts[function], 0,
		       (count - tally->instruction_counts[function]) * sizeof(*moved));
		tally->instructions[function] = moved;
		tally->instruction_counts[function] = count;
	}
	tally->instructions[function][unit]++;
}

static int is_proven(const ty_thread_info *thread)
{
	return thread->verdict == TY_VERIFIED || thread->verdict == TY_REPAIRED;
}

/* The leaves that a report would show: of all stacks where everything is believed, else of the proven ones. */
static void count_stack(struct tally *tally, struct grammar *grammar, ty_target *target, const ty_thread_info *thread,
			int believe_all)
{
	ty_instruction_info instruction = { .size = sizeof(instruction) };
	enum judgement judgement;

	tally->stacks++;
	tally->verdicts[thread->verdict]++;
	if (!thread->frame_count)
		return;
	judgement = grammar_judge(grammar, target, thread->frames, thread->frame_count);
	tally->unreadable += judgement == STACK_UNREADABLE;
	tally->impossible_all += judgement == STACK_IMPOSSIBLE;
	tally->impossible_proven += judgement == STACK_IMPOSSIBLE && is_proven(thread);
	if (judgement == STACK_IMPOSSIBLE && is_proven(thread))
		keep_example(tally, target, thread);
	if (judgement != STACK_POSSIBLE || !(is_proven(thread) || believe_all))
		return;
	tally->bad_instruction += ty_instruction(target, thread->frames, &instruction) != 0;
	count_leaf(tally, grammar_function(grammar, target, thread->frames), thread->frames->offset);
}

/* Waits until the target has run for a moment; not for ever, it may be blocked. */
static void pace(clockid_t target_clock)
{
	uint64_t end_ns = clock_ns(target_clock) + PACE_MIN_NS + (uint64_t)(rand() % PACE_SPREAD_NS);
	struct timespec nap = { .tv_nsec = PACE_MIN_NS };

	for (int i = 0; i < PACE_WAITS_MAX && clock_ns(target_clock) < end_ns; i++)
		nanosleep(&nap, NULL);
}

static ty_target *attach(int pid, const ty_attach_options *options)
{
	ty_error_info error = { .size = sizeof(error) };
	ty_target *target;

	if (ty_attach(pid, options, &target) == 0)
		return target;
	ty_last_error(target, &error);
	fprintf(stderr, "%s\n", error.message);
	exit(2);
}

static void sample_all(struct tally *tally, struct grammar *grammar, ty_target *target, const struct plan *plan)
{
	ty_sampler_options options = { .size = sizeof(options), .interval_ns = 1, .max_samples = plan->samples,
		                       .duration_ns = plan->duration_ns, .placement = plan->placement };
	ty_thread_info thread = { .size = sizeof(thread) };
	const ty_snapshot *snapshot;
	ty_sampler *sampler;

	if (ty_sampler_new(target, &options, &sampler) != 0)
		abort();
	for (;;) {
		if (plan->paced)
			pace(plan->target_clock);
		if (ty_sampler_next(sampler, &snapshot) != 0)
			break;
		tally->samples++;
		for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++)
			if (ty_snapshot_thread(snapshot, i, &thread) == 0)
				count_stack(tally, grammar, target, &thread, plan->options.max_retries == UINT32_MAX);
	}
	ty_sampler_free(sampler);
}

static void print_leaves(const struct tally *tally, const struct grammar *grammar)
{
	const char *separator = "";

	printf("\"leaves\": {");
	for (int i = 0; i < grammar->function_count; i++)
		if (tally->leaves[i]) {
			printf("%s\"%s\": %" PRIu64, separator, grammar->functions[i].name, tally->leaves[i]);
			separator = ", ";
		}
	separator = "";
	printf("}, \"instructions\": {");
	for (int i = 0; i < grammar->function_count; i++)
		for (size_t unit = 0; unit < tally->instruction_counts[i]; unit++)
			if (tally->instructions[i][unit]) {
				printf("%s\"%s@%d\": %" PRIu64, separator, grammar->functions[i].name,
				       (int)(unit * 2) - 2, tally->instructions[i][unit]);
				separator = ", ";
			}
	printf("}");
}

static void print(const char *name, const struct tally *tally, const struct grammar *grammar)
{
	printf("\"%s\": {\"samples\": %" PRIu64 ", \"failed\": %" PRIu64 ", \"stacks\": %" PRIu64, name, tally->samples,
	       tally->failed, tally->stacks);
	printf(", \"verified\": %" PRIu64 ", \"repaired\": %" PRIu64 ", \"torn\": %" PRIu64 ", \"incomplete\": %" PRIu64
	       ", \"unread\": %" PRIu64,
	       tally->verdicts[0], tally->verdicts[1], tally->verdicts[2], tally->verdicts[3], tally->verdicts[4]);
	printf(", \"impossible_proven\": %" PRIu64 ", \"impossible_all\": %" PRIu64 ", \"unreadable\": %" PRIu64
	       ", \"bad_instruction\": %" PRIu64 ", \"duration_ns\": %" PRIu64 ", \"syscalls\": %" PRIu64
	       ", \"retries\": %" PRIu64 ", \"stops\": %" PRIu64 ", \"bytes_read\": %" PRIu64 ", ",
	       tally->impossible_proven, tally->impossible_all, tally->unreadable, tally->bad_instruction,
	       tally->duration_ns, tally->counters.syscalls, tally->counters.retries, tally->counters.stops,
	       tally->counters.bytes_read);
	print_leaves(tally, grammar);
	printf(", \"examples\": [");
	for (int i = 0; i < tally->example_count; i++)
		printf("%s\"%s\"", i ? ", " : "", tally->examples[i]);
	printf("]}");
}

static void reading(const char *name, int pid, struct grammar *grammar, const struct plan *plan)
{
	struct tally tally = { 0 };
	ty_target *target = attach(pid, &plan->options);
	uint64_t begin_ns = clock_ns(CLOCK_MONOTONIC);

	tally.counters.size = sizeof(tally.counters);
	sample_all(&tally, grammar, target, plan);
	tally.duration_ns = clock_ns(CLOCK_MONOTONIC) - begin_ns;
	ty_target_statistics(target, &tally.counters);
	print(name, &tally, grammar);
	ty_detach(target);
	grammar_forget(grammar);
	for (int i = 0; i < FUNCTIONS_MAX; i++)
		free(tally.instructions[i]);
	for (int i = 0; i < tally.example_count; i++)
		free(tally.examples[i]);
}

int main(int argc, char **argv)
{
	static struct grammar grammar;
	struct plan plan = { .options = { .size = sizeof(plan.options), .opcodes = 1, .no_gc_frames = 1 } };
	int pid;

	if (argc < 6 || clock_getcpuclockid(pid = atoi(argv[1]), &plan.target_clock)) {
		fprintf(stderr, "usage: oracle PID GRAMMAR FAST-SAMPLES PACED-SAMPLES SECONDS [--all]\n");
		return 2;
	}
	grammar_load(&grammar, argv[2]);
	if (argc > 6 && strcmp(argv[6], "--all") == 0)
		plan.options.threads = TY_THREADS_ALL;
	plan.samples = strtoull(argv[3], NULL, 10);
	plan.duration_ns = (uint64_t)(strtod(argv[5], NULL) * NS_PER_SECOND);
	printf("{");
	reading("fast", pid, &grammar, &plan);
	plan.samples = strtoull(argv[4], NULL, 10);
	plan.paced = true;
	printf(", ");
	reading("paced", pid, &grammar, &plan);
	printf(", ");
	plan.placement = TY_PLACE_BESIDE;
	reading("beside", pid, &grammar, &plan);
	plan.placement = TY_PLACE_FREE;
	printf(", ");
	plan.options.stop_policy = TY_STOP_ALWAYS;
	reading("stopped", pid, &grammar, &plan);
	printf(", ");
	plan.options.stop_policy = TY_STOP_NEVER;
	plan.options.max_retries = UINT32_MAX;
	reading("trusting", pid, &grammar, &plan);
	printf("}\n");
	return 0;
}
