/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one reading of asyncio tasks costs: tasks PID SECONDS TASKS-MIN all|running. Prints one JSON object.
 *
 * `all` is ty_sample_tasks(), with the threads' stacks: what CPython's get_all_awaited_by() gives and more. `running` is
 * ty_sample() of TY_TASKS_RUNNING: what get_async_stack_trace() gives. Locations are resolved as CPython's are.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tachyon/tachyon.h>

struct figures {
	uint64_t samples, failed, unproven, stacks;
	double wall_s, cpu_s;
};

static double clock_s(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void resolve(ty_target *target, const ty_frame *frames, uint32_t count)
{
	ty_location_info location = { .size = sizeof(location) };

	for (uint32_t i = 0; i < count; i++)
		ty_location(target, &frames[i], &location);
}

static int sample_all(ty_target *target, struct figures *figures, uint64_t tasks_min)
{
	const ty_task_list *list;
	ty_task_list_info info = { .size = sizeof(info) };
	int result = ty_sample_tasks(target, &list);

	if (result < 0)
		return result;
	ty_task_list_describe(list, &info);
	for (uint64_t i = 0; i < info.count; i++) {
		ty_task_info task = { .size = sizeof(task) };

		ty_task_list_get(list, i, &task);
		resolve(target, task.frames, task.frame_count);
		figures->unproven += task.verdict > TY_REPAIRED;
	}
	figures->stacks += info.count;
	return info.count < tasks_min || info.limits ? -1 : 0;
}

static int sample_running(ty_target *target, struct figures *figures)
{
	const ty_snapshot *snapshot;
	int result = ty_sample(target, &snapshot);

	for (size_t i = 0; result == 0 && i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		ty_snapshot_thread(snapshot, i, &thread);
		resolve(target, thread.frames, thread.frame_count);
		figures->unproven += thread.verdict > TY_REPAIRED;
		figures->stacks++;
	}
	return result;
}

static void measure(ty_target *target, bool all, double seconds, uint64_t tasks_min, struct figures *figures)
{
	double begin = clock_s(CLOCK_MONOTONIC), cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);

	do {
		int result = all ? sample_all(target, figures, tasks_min) : sample_running(target, figures);

		figures->samples++;
		figures->failed += result < 0;
		figures->wall_s = clock_s(CLOCK_MONOTONIC) - begin;
	} while (figures->wall_s < seconds);
	figures->cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
}

int main(int argc, char **argv)
{
	bool all = argc == 5 && strcmp(argv[4], "all") == 0;
	ty_attach_options options = { .size = sizeof(options), .threads = TY_THREADS_ALL };
	ty_target_counters counters = { .size = sizeof(counters) };
	struct figures figures = { 0 };
	ty_target *target;

	if (argc != 5)
		return 2;
	options.tasks = all ? TY_TASKS_NONE : TY_TASKS_RUNNING;
	if (ty_attach(atoi(argv[1]), &options, &target) < 0)
		return 1;
	measure(target, all, atof(argv[2]), strtoull(argv[3], NULL, 10), &figures);
	ty_target_statistics(target, &counters);
	printf("{\"samples\": %llu, \"failed\": %llu, \"unproven\": %llu, \"stacks\": %llu, \"wall_us\": %.3f, "
	       "\"cpu_us\": %.3f, \"syscalls\": %.2f, \"bytes\": %.0f}\n",
	       (unsigned long long)figures.samples, (unsigned long long)figures.failed,
	       (unsigned long long)figures.unproven, (unsigned long long)figures.stacks,
	       figures.wall_s * 1e6 / (double)figures.samples, figures.cpu_s * 1e6 / (double)figures.samples,
	       (double)counters.syscalls / (double)figures.samples, (double)counters.bytes_read / (double)figures.samples);
	ty_detach(target);
	return 0;
}
