/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watches the threads of a process for a while, and prints one JSON object about all that was seen:
 *
 *     watch [--cpu] [--statuses | --names] PID SECONDS INTERVAL_NS
 *
 * "attached" comes first, a line of its own. In each interval one sample is taken, at a random time within it: nothing
 * that the target does in a rhythm of its own can keep in step. Where it may, it runs before all other threads, so that
 * what else the machine does decides neither when it samples.
 *
 * --statuses gives every sample: [time in ns, native id, status, native id, status, …]. --names counts names of
 * threads, and functions, over the whole time. Stands on the public headers alone.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <tachyon/tachyon.h>

#define NS_PER_SECOND 1000000000ULL
#define WORDS_MAX 512
#define WORD_BYTES 512
#define VERDICTS 5

/* How often each text was seen; `others` are those that found no place. */
struct tally {
	struct {
		char text[WORD_BYTES];
		uint64_t count;
	} words[WORDS_MAX];
	size_t count;
	uint64_t others;
};

struct watch {
	ty_target *target;
	ty_attach_options options;
	bool statuses, names;
	int pid;
	uint64_t duration_ns, interval_ns, random;
	uint64_t samples, failed, last_key, verdicts[VERDICTS];
	long early_rss_bytes;
	struct tally threads, functions;
	FILE *log;
	char *text; /* that the log has become */
	size_t length;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static void wait_until(uint64_t time_ns)
{
	struct timespec until = { .tv_sec = (time_t)(time_ns / NS_PER_SECOND),
		                  .tv_nsec = (long)(time_ns % NS_PER_SECOND) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
		;
}

/* xorshift64: any will do, as long as it knows nothing of the target. */
static uint64_t next_random(struct watch *watch)
{
	watch->random ^= watch->random << 13;
	watch->random ^= watch->random >> 7;
	watch->random ^= watch->random << 17;
	return watch->random;
}

static long rss_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

static void count(struct tally *tally, const char *text)
{
	size_t i = 0;

	while (i < tally->count && strcmp(tally->words[i].text, text) != 0)
		i++;
	if (i == WORDS_MAX || strlen(text) >= WORD_BYTES) {
		tally->others++;
		return;
	}
	if (i == tally->count)
		strcpy(tally->words[tally->count++].text, text);
	tally->words[i].count++;
}

static void count_frames(struct watch *watch, const ty_thread_info *thread)
{
	for (uint32_t i = 0; i < thread->frame_count; i++) {
		ty_function_info function = { .size = sizeof(function) };
		int status = ty_function(watch->target, thread->frames[i].function, &function);

		count(&watch->functions, status ? ty_strerror(status) : function.qualname);
	}
}

static void look_at(struct watch *watch, const ty_thread_info *thread)
{
	if (thread->verdict >= 0 && thread->verdict < VERDICTS)
		watch->verdicts[thread->verdict]++;
	/* Keys count up. */
	if (thread->thread_key > watch->last_key)
		watch->last_key = thread->thread_key;
	if (watch->statuses)
		fprintf(watch->log, ", %" PRIu64 ", %" PRIu32, thread->native_id, thread->status);
	if (watch->names) {
		count(&watch->threads, ty_thread_name(watch->target, thread->thread_key));
		count_frames(watch, thread);
	}
}

static void take(struct watch *watch)
{
	const ty_snapshot *snapshot;

	watch->samples++;
	if (ty_sample(watch->target, &snapshot)) {
		watch->failed++;
		return;
	}
	if (watch->statuses)
		fprintf(watch->log, "%s[%" PRIu64, ftell(watch->log) ? ",\n" : "", ty_snapshot_time(snapshot));
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_snapshot_thread(snapshot, i, &thread) == 0)
			look_at(watch, &thread);
	}
	if (watch->statuses)
		putc(']', watch->log);
}

/*
 * Intervals that went by meanwhile are left out: samples in a row would all see the same. A quarter of the time is
 * enough for every cache to have become as large as it will be.
 */
static void run(struct watch *watch)
{
	uint64_t begin_ns = now_ns();

	for (uint64_t tick_ns = 0; tick_ns < watch->duration_ns; tick_ns += watch->interval_ns) {
		if (now_ns() > begin_ns + tick_ns + watch->interval_ns)
			continue;
		wait_until(begin_ns + tick_ns + next_random(watch) % watch->interval_ns);
		take(watch);
		if (!watch->early_rss_bytes && tick_ns > watch->duration_ns / 4)
			watch->early_rss_bytes = rss_bytes();
	}
}

static void print_text(const char *text)
{
	putchar('"');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		printf(*c < 0x20 || *c == '"' || *c == '\\' ? "\\u%04x" : "%c", *c);
	putchar('"');
}

static void print_tally(const char *name, const struct tally *tally)
{
	printf(", \"%s\": {", name);
	for (size_t i = 0; i < tally->count; i++) {
		printf(i ? ", " : "");
		print_text(tally->words[i].text);
		printf(": %" PRIu64, tally->words[i].count);
	}
	printf("}, \"other_%s\": %" PRIu64, name, tally->others);
}

static void print(struct watch *watch)
{
	printf("{\"samples\": %" PRIu64 ", \"failed\": %" PRIu64 ", \"threads\": %" PRIu64, watch->samples,
	       watch->failed, watch->last_key);
	printf(", \"early_rss_bytes\": %ld, \"rss_bytes\": %ld, \"verdicts\": [", watch->early_rss_bytes, rss_bytes());
	for (int i = 0; i < VERDICTS; i++)
		printf(i ? ", %" PRIu64 : "%" PRIu64, watch->verdicts[i]);
	printf("]");
	print_tally("names", &watch->threads);
	print_tally("functions", &watch->functions);
	fclose(watch->log);
	printf(", \"statuses\": [%s]}\n", watch->text);
	free(watch->text);
}

static void parse(int argc, char **argv, struct watch *watch)
{
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		watch->options.cpu_status |= strcmp(argv[at], "--cpu") == 0;
		watch->statuses |= strcmp(argv[at], "--statuses") == 0;
		watch->names |= strcmp(argv[at], "--names") == 0;
	}
	if (argc - at != 3) {
		fprintf(stderr, "usage: watch [--cpu] [--statuses | --names] PID SECONDS INTERVAL_NS\n");
		exit(2);
	}
	watch->pid = atoi(argv[at]);
	watch->duration_ns = (uint64_t)(atof(argv[at + 1]) * 1e9);
	watch->interval_ns = strtoull(argv[at + 2], NULL, 10) | 1;
}

int main(int argc, char **argv)
{
	static struct watch watch = { .options = { .size = sizeof(watch.options), .threads = TY_THREADS_ALL } };
	struct sched_param real_time = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };
	int status;

	parse(argc, argv, &watch);
	watch.random = now_ns() | 1;
	watch.log = open_memstream(&watch.text, &watch.length);
	status = watch.log ? ty_attach(watch.pid, &watch.options, &watch.target) : -1;
	printf("{\"status\": %d}\n", status);
	fflush(stdout);
	if (status)
		return EXIT_FAILURE;
	sched_setscheduler(0, SCHED_FIFO, &real_time);
	run(&watch);
	print(&watch);
	ty_detach(watch.target);
	return EXIT_SUCCESS;
}
