/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures the library on one process and prints one JSON object:
 *
 *     bench PID SECONDS [--all] [--mode wall|cpu|gil|exception] [--cpu-status] [--no-opcodes] [--samples N] [--rate HZ]
 *           [--frames MIN] [--floor RANGES]
 *
 * With a mode it is a sampler's, whose clock costs as well; modes are compared with each other. A sample is what a profiler needs: ty_sample() with the leaf's instruction, and the location and instruction of the leaf
 * of every thread; --no-opcodes leaves the instructions out. One with fewer than MIN frames, or that is not proven, is
 * "lost". --floor measures the bare process_vm_readv() of as many bytes instead, in so many ranges: what no reader of
 * foreign memory can be faster than. Public headers only; allocations are counted by standing in front of malloc().
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <time.h>

#include <tachyon/tachyon.h>

#define NS_PER_SECOND 1000000000ULL
#define WARM_UP_SAMPLES 2000
#define RANGES_MAX 1024
#define NO_MODE (-1)
/* Ranges of the floor begin at so many different places, all within the runtime's memory. */
#define FLOOR_SPREAD 8

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *pointer, size_t size);

static uint64_t allocations;

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
	allocations++;
	return __libc_realloc(pointer, size);
}

struct run {
	int pid;
	double seconds;
	uint64_t samples_max, interval_ns;
	uint32_t frames_min;
	size_t floor_ranges; /* 0: the library is measured */
	ty_attach_options options;
	int mode;            /* enum ty_mode; NO_MODE: no sampler */
	ty_sampler *sampler; /* NULL: ty_sample() alone */
	/* Results. */
	uint64_t samples, failed, stacks, lost, duration_ns, cpu_ns, attach_ns, allocations;
	ty_target_counters counters;
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static void look_at_leaf(const struct run *run, ty_target *target, const ty_frame *leaf)
{
	ty_location_info location = { .size = sizeof(location) };
	ty_instruction_info instruction = { .size = sizeof(instruction) };

	ty_location(target, leaf, &location);
	if (run->options.opcodes)
		ty_instruction(target, leaf, &instruction);
}

static void take(struct run *run, ty_target *target)
{
	const ty_snapshot *snapshot;

	run->samples++;
	if (run->sampler ? ty_sampler_next(run->sampler, &snapshot) : ty_sample(target, &snapshot)) {
		run->failed++;
		return;
	}
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		ty_snapshot_thread(snapshot, i, &thread);
		run->stacks++;
		run->lost += thread.verdict > TY_REPAIRED || thread.frame_count < run->frames_min;
		if (thread.frame_count)
			look_at_leaf(run, target, thread.frames);
	}
}

/* The same bytes as the run before took, from the beginning of the runtime's own memory. */
static void take_floor(struct run *run, uint64_t address, size_t size_bytes, void *into)
{
	size_t part = size_bytes / run->floor_ranges;
	struct iovec local = { .iov_base = into, .iov_len = part * run->floor_ranges };
	struct iovec remote[RANGES_MAX];

	for (size_t i = 0; i < run->floor_ranges; i++)
		remote[i] = (struct iovec){ .iov_base = (char *)(uintptr_t)address + i % FLOOR_SPREAD * part, .iov_len = part };
	run->samples++;
	run->failed += process_vm_readv(run->pid, &local, 1, remote, run->floor_ranges, 0) != (ssize_t)local.iov_len;
}

static void wait_until(uint64_t time_ns)
{
	struct timespec until = { .tv_sec = (time_t)(time_ns / NS_PER_SECOND), .tv_nsec = (long)(time_ns % NS_PER_SECOND) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
}

static void measure(struct run *run, ty_target *target)
{
	ty_target_information information = { .size = sizeof(information) };
	size_t size_bytes = (size_t)(run->counters.bytes_read / (run->counters.samples ? run->counters.samples : 1));
	void *buffer = run->floor_ranges ? malloc(size_bytes + 1) : NULL;
	uint64_t begin_ns = clock_ns(CLOCK_MONOTONIC), begin_cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	uint64_t end_ns = begin_ns + (uint64_t)(run->seconds * 1e9), before = allocations;

	ty_target_info(target, &information);
	run->samples = run->failed = run->stacks = run->lost = 0;
	while (run->samples < run->samples_max && clock_ns(CLOCK_MONOTONIC) < end_ns) {
		if (run->interval_ns)
			wait_until(begin_ns + run->samples * run->interval_ns);
		if (run->floor_ranges)
			take_floor(run, information.runtime_address, size_bytes, buffer);
		else
			take(run, target);
	}
	run->duration_ns = clock_ns(CLOCK_MONOTONIC) - begin_ns;
	run->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begin_cpu_ns;
	run->allocations = allocations - before;
	free(buffer);
}

static void print(const struct run *run, const ty_target_counters *before)
{
	double samples = run->samples ? (double)run->samples : 1;
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("{\"samples\": %" PRIu64 ", \"failed\": %" PRIu64 ", \"stacks\": %" PRIu64 ", \"lost\": %" PRIu64, run->samples,
	       run->failed, run->stacks, run->lost);
	printf(", \"rate_hz\": %.1f, \"cpu_us\": %.3f", samples * 1e9 / (double)run->duration_ns,
	       (double)run->cpu_ns / 1e3 / samples);
	printf(", \"calls\": %.4f, \"bytes\": %.0f, \"allocations\": %.5f",
	       (double)(run->counters.syscalls - before->syscalls) / samples,
	       (double)(run->counters.bytes_read - before->bytes_read) / samples, (double)run->allocations / samples);
	printf(", \"attach_ms\": %.3f, \"peak_rss_bytes\": %ld}\n", (double)run->attach_ns / 1e6, usage.ru_maxrss * 1024);
}

static int parse_mode(const char *name)
{
	static const char *const names[] = { [TY_MODE_WALL] = "wall", [TY_MODE_CPU] = "cpu", [TY_MODE_GIL] = "gil",
		                             [TY_MODE_EXCEPTION] = "exception" };

	for (int mode = 0; mode <= TY_MODE_EXCEPTION; mode++)
		if (names[mode] && strcmp(name, names[mode]) == 0)
			return mode;
	fprintf(stderr, "bench: no mode %s\n", name);
	exit(2);
}

static void parse(int argc, char **argv, struct run *run)
{
	run->pid = argc > 2 ? atoi(argv[1]) : 0;
	run->seconds = argc > 2 ? atof(argv[2]) : 0;
	for (int i = 3; i < argc; i++) {
		if (strcmp(argv[i], "--all") == 0)
			run->options.threads = TY_THREADS_ALL;
		else if (strcmp(argv[i], "--no-opcodes") == 0)
			run->options.opcodes = 0;
		else if (strcmp(argv[i], "--cpu-status") == 0)
			run->options.cpu_status = 1;
		else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc)
			run->mode = parse_mode(argv[++i]);
		else if (strcmp(argv[i], "--floor") == 0 && i + 1 < argc)
			run->floor_ranges = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--samples") == 0 && i + 1 < argc)
			run->samples_max = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--rate") == 0 && i + 1 < argc)
			run->interval_ns = (uint64_t)(1e9 / atof(argv[++i]));
		else if (strcmp(argv[i], "--frames") == 0 && i + 1 < argc)
			run->frames_min = (uint32_t)atoi(argv[++i]);
		else
			run->pid = 0;
	}
	if (!run->pid || run->floor_ranges > RANGES_MAX) {
		fprintf(stderr, "usage: bench PID SECONDS [--all] [--no-opcodes] [--samples N] [--rate HZ] [--frames MIN] "
		                "[--floor RANGES]\n");
		exit(2);
	}
}

/* Its clock is as fast as possible: waiting is left to measure(). */
static ty_sampler *new_sampler(const struct run *run, ty_target *target)
{
	ty_sampler_options options = { .size = sizeof(options), .interval_ns = 1, .mode = run->mode };
	ty_sampler *sampler;

	return run->mode == NO_MODE || ty_sampler_new(target, &options, &sampler) ? NULL : sampler;
}

int main(int argc, char **argv)
{
	struct run run = { .samples_max = UINT64_MAX, .mode = NO_MODE, .options = { .size = sizeof(run.options), .opcodes = 1 } };
	ty_error_info error = { .size = sizeof(error) };
	ty_target_counters before = { .size = sizeof(before) };
	ty_target *target;
	uint64_t begin_ns;

	parse(argc, argv, &run);
	begin_ns = clock_ns(CLOCK_MONOTONIC);
	if (ty_attach(run.pid, &run.options, &target)) {
		ty_last_error(target, &error);
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	run.sampler = new_sampler(&run, target);
	take(&run, target);
	run.attach_ns = clock_ns(CLOCK_MONOTONIC) - begin_ns;
	while (run.samples < WARM_UP_SAMPLES && !run.interval_ns)
		take(&run, target);
	run.counters.size = sizeof(run.counters);
	ty_target_statistics(target, &before);
	run.counters = before;
	measure(&run, target);
	ty_target_statistics(target, &run.counters);
	print(&run, &before);
	ty_sampler_free(run.sampler);
	ty_detach(target);
	return 0;
}
