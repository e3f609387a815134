/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A collector of your own: counts which function each sample found on top. custom-collector PID [SECONDS]
 *
 * Ids of functions are dense and stable, so that an array indexed by id is the whole aggregation; names are asked for
 * once, at the end. Only stacks that are proven to have existed are counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <tachyon/tachyon.h>

#define DEFAULT_SECONDS 2

struct tally {
	ty_target *target;
	uint64_t *samples; /* by id of the function */
	size_t count;
};

static int grow(struct tally *tally, uint32_t function)
{
	size_t count = (size_t)function * 2 + 1;
	uint64_t *samples = realloc(tally->samples, count * sizeof(*samples));

	if (!samples)
		return -ENOMEM;
	for (size_t i = tally->count; i < count; i++)
		samples[i] = 0;
	tally->samples = samples;
	tally->count = count;
	return 0;
}

static int begin(const ty_run_info *run, void *user_data)
{
	struct tally *tally = user_data;

	tally->target = run->target;
	return 0;
}

/* The snapshot is valid during this call only: take from it what you need. */
static int sample(const ty_snapshot *snapshot, void *user_data)
{
	struct tally *tally = user_data;

	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };
		int code = ty_snapshot_thread(snapshot, i, &thread);

		if (code != 0)
			return code;
		if (thread.verdict > TY_REPAIRED || thread.frame_count == 0)
			continue;
		uint32_t function = thread.frames[0].function;

		if (function >= tally->count && (code = grow(tally, function)) != 0)
			return code;
		tally->samples[function]++;
	}
	return 0;
}

/* The target is still there, even if its process has ended: it has kept the names. */
static int end(const ty_run_summary *summary, void *user_data)
{
	struct tally *tally = user_data;

	for (uint32_t id = 0; id < tally->count; id++) {
		ty_function_info function = { .size = sizeof(function) };

		if (tally->samples[id] > 0 && ty_function(tally->target, id, &function) == 0)
			printf("%8llu %s (%s:%u)\n", (unsigned long long)tally->samples[id], function.qualname,
			       function.filename, function.first_line);
	}
	printf("%8llu samples\n", (unsigned long long)summary->samples);
	return 0;
}

static void destroy(void *user_data)
{
	struct tally *tally = user_data;

	free(tally->samples);
}

int main(int argc, char **argv)
{
	const ty_collector_callbacks callbacks = { sizeof(callbacks), begin, sample, end, destroy };
	double seconds = argc > 2 ? atof(argv[2]) : DEFAULT_SECONDS;
	ty_sampler_options options = { .size = sizeof(options), .duration_ns = (uint64_t)(seconds * 1e9) };
	struct tally tally = { 0 };
	ty_collector *collector = NULL;
	ty_sampler *sampler = NULL;
	ty_target *target = NULL;
	int code = ty_attach(argc > 1 ? atoi(argv[1]) : 0, NULL, &target);

	if (code == 0)
		code = ty_collector_new(&callbacks, &tally, &collector);
	if (code == 0)
		code = ty_sampler_new(target, &options, &sampler);
	if (code == 0)
		code = ty_sampler_run(sampler, &collector, 1);
	if (code != 0)
		fprintf(stderr, "custom-collector: %s\n", ty_strerror(code));
	ty_sampler_free(sampler);
	ty_collector_free(collector);
	ty_detach(target);
	return code != 0;
}
