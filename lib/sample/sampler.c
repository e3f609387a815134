/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock of a profile.
 *
 * Ticks are absolute times at start + n * interval, so that rates need not divide anything and no error adds up.
 * Waiting is clock_nanosleep(2) to a little before the tick and then a short spin: a timer wakes some 50 µs late, which
 * at 10 kHz would be half the interval. Ticks that passed while the caller was busy are missed, not made up for:
 * samples taken in a burst would all see the same state.
 *
 * A recording has its own time: it is replayed without waiting, and what its run was is what collectors are told.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <tachyon/sampler.h>

#include "sample/beside.h"
#include "sample/replay.h"
#include "sample/target.h"
#include "util/clock.h"
#include "util/options.h"

#define AS_FAST_AS_POSSIBLE 1
#define DEFAULT_INTERVAL_NS 1000000ULL
#define DEFAULT_PROGRESS_NS 250000000ULL

/*
 * How long before a tick the sleep ends; the rest is spun. Never more than a tenth of the interval, and not at all from
 * 1 ms on, where a timer's lateness does not matter and the processor time would.
 */
#define SPIN_NS 60000ULL
#define SPIN_INTERVAL_NS 1000000ULL

/* Longest sleep in one piece: so often ty_sampler_stop() is looked for, and progress told, at slow rates. */
#define NAP_NS 100000000ULL

/* Samples of a recording between two looks at the clock, for showing progress. */
#define REPLAYED_PER_LOOK 1024

/* Failed readings in a row, and the time they last, after which an error no longer is a passing one. */
#define FAILURES_MAX 100
#define FAILURE_NS 2000000000ULL

struct ty_sampler {
	ty_target *target;
	ty_sampler_options options;
	ty_run_summary summary;
	uint64_t start_ns; /* 0: not started */
	uint64_t next_ns;
	uint64_t progress_ns;
	uint64_t failing_since_ns;
	uint32_t failures;
	bool reattached; /* since the last sample */
	int error;       /* that ended it */
	struct ty_beside beside;
	atomic_int stop;
};

static bool is_mode(int mode)
{
	return mode == TY_MODE_WALL || mode == TY_MODE_CPU || mode == TY_MODE_GIL || mode == TY_MODE_EXCEPTION;
}

int ty_sampler_new(ty_target *target, const ty_sampler_options *options, ty_sampler **out)
{
	ty_sampler *sampler = calloc(1, sizeof(*sampler));
	int result;

	*out = NULL;
	if (!sampler)
		return -ENOMEM;
	result = ty_options_in(&sampler->options, sizeof(sampler->options), options);
	if (result < 0 || !is_mode(sampler->options.mode) || sampler->options.placement < TY_PLACE_FREE ||
	    sampler->options.placement > TY_PLACE_BESIDE || !target) {
		free(sampler);
		return -TY_EOPTION;
	}
	if (!sampler->options.interval_ns)
		sampler->options.interval_ns = DEFAULT_INTERVAL_NS;
	if (!sampler->options.progress_interval_ns)
		sampler->options.progress_interval_ns = DEFAULT_PROGRESS_NS;
	sampler->target = target;
	sampler->summary.size = sizeof(sampler->summary);
	*out = sampler;
	return 0;
}

void ty_sampler_free(ty_sampler *sampler)
{
	if (sampler)
		ty_beside_leave(&sampler->beside);
	free(sampler);
}

void ty_sampler_stop(ty_sampler *sampler)
{
	atomic_store(&sampler->stop, 1);
}

static int end(ty_sampler *sampler, enum ty_end_reason reason)
{
	if (sampler->summary.end_reason == TY_END_NONE) {
		sampler->summary.end_reason = reason;
		sampler->summary.duration_ns = ty_now_ns() - sampler->start_ns;
		ty_beside_leave(&sampler->beside);
	}
	return 1;
}

static void start(ty_sampler *sampler)
{
	if (sampler->start_ns)
		return;
	sampler->start_ns = ty_now_ns();
	sampler->next_ns = sampler->start_ns;
	sampler->progress_ns = sampler->start_ns + sampler->options.progress_interval_ns;
}

/* Where we keep the target from running, we do not spin. */
static uint64_t spin_time(const ty_sampler *sampler)
{
	uint64_t tenth_ns = sampler->options.interval_ns / 10;

	if (sampler->options.interval_ns >= SPIN_INTERVAL_NS || sampler->beside.bound)
		return 0;
	return tenth_ns < SPIN_NS ? tenth_ns : SPIN_NS;
}

static void report_progress(ty_sampler *sampler)
{
	uint64_t now;

	/* A replayed sample takes little longer than looking at the clock. */
	if (!sampler->options.progress || (sampler->target->replay && sampler->summary.samples % REPLAYED_PER_LOOK))
		return;
	now = ty_now_ns();
	if (now < sampler->progress_ns)
		return;
	sampler->progress_ns = now + sampler->options.progress_interval_ns;
	sampler->summary.duration_ns = now - sampler->start_ns;
	if (sampler->options.progress(&sampler->summary, sampler->options.progress_user_data) != 0)
		atomic_store(&sampler->stop, 1);
}

/* Sleeps until shortly before a time and spins the rest. false: stopped. */
static bool sleep_until(ty_sampler *sampler, uint64_t time_ns)
{
	uint64_t spin_ns = spin_time(sampler);

	for (uint64_t now = ty_now_ns(); now < time_ns; now = ty_now_ns()) {
		uint64_t left = time_ns - now;
		struct timespec until;

		if (atomic_load(&sampler->stop))
			return false;
		if (left <= spin_ns)
			continue;
		left = left - spin_ns < NAP_NS ? left - spin_ns : NAP_NS;
		until.tv_sec = (time_t)((now + left) / TY_NS_PER_SECOND);
		until.tv_nsec = (long)((now + left) % TY_NS_PER_SECOND);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		report_progress(sampler);
	}
	return !atomic_load(&sampler->stop);
}

/* Waits for the next tick. false: stopped. */
static bool wait_for_tick(ty_sampler *sampler)
{
	return sampler->target->replay ? !atomic_load(&sampler->stop) : sleep_until(sampler, sampler->next_ns);
}

/* Now, or the end of the run if that is over: no tick is missed behind it. */
static uint64_t end_of_ticks(const ty_sampler *sampler, uint64_t now)
{
	uint64_t end_ns = sampler->start_ns + sampler->options.duration_ns;

	return sampler->options.duration_ns && now > end_ns ? end_ns : now;
}

/* Sets the next tick; those that have passed already are missed. */
static void schedule(ty_sampler *sampler)
{
	uint64_t now, missed = 0;

	if (sampler->target->replay)
		return;
	now = end_of_ticks(sampler, ty_now_ns());
	sampler->next_ns += sampler->options.interval_ns;
	if (sampler->options.interval_ns == AS_FAST_AS_POSSIBLE) {
		sampler->next_ns = now;
	} else if (now > sampler->next_ns) {
		missed = (now - sampler->next_ns) / sampler->options.interval_ns;
		sampler->summary.missed += missed;
		sampler->next_ns += missed * sampler->options.interval_ns;
	}
	ty_beside_tick(&sampler->beside, missed);
}

static bool is_over(const ty_sampler *sampler, uint64_t time_ns)
{
	if (sampler->options.max_samples && sampler->summary.samples >= sampler->options.max_samples)
		return true;
	return !sampler->target->replay && sampler->options.duration_ns &&
	       time_ns >= sampler->start_ns + sampler->options.duration_ns;
}

static void count(ty_sampler *sampler, const ty_snapshot *snapshot)
{
	uint64_t *counters[] = { &sampler->summary.verified, &sampler->summary.repaired, &sampler->summary.torn,
		                 &sampler->summary.incomplete, &sampler->summary.unreadable };

	sampler->summary.samples++;
	sampler->failures = 0;
	sampler->reattached = false;
	for (size_t i = 0; i < ty_snapshot_threads(snapshot); i++) {
		ty_thread_info thread = { .size = sizeof(thread) };

		if (ty_snapshot_thread(snapshot, i, &thread) == 0 && thread.verdict >= 0 && thread.verdict <= TY_FAILED)
			++*counters[thread.verdict];
	}
}

static int end_with_error(ty_sampler *sampler, int error)
{
	end(sampler, TY_END_ERROR);
	sampler->error = error;
	return error;
}

/*
 * The process called exec(). While the new program is being loaded it may look like no Python, or like a broken one, so
 * it has some time to become one; ticks in that time are not failed readings, there is nothing to read.
 */
static int follow_exec(ty_sampler *sampler, uint64_t now)
{
	int result = ty_reattach(sampler->target);

	sampler->reattached = result == 0;
	if (result == 0)
		return 0;
	if (ty_error_classify(result) == TY_CLASS_GONE)
		return end(sampler, TY_END_EXITED);
	return now - sampler->failing_since_ns < FAILURE_NS ? 0 : end_with_error(sampler, result);
}

/* A reading failed. 0: it may pass; 1: profiling ended; negative: it ended with an error. */
static int consider_failure(ty_sampler *sampler, int error)
{
	uint64_t now = ty_now_ns();

	if (ty_error_classify(error) == TY_CLASS_GONE)
		return end(sampler, TY_END_EXITED);
	if (sampler->failures++ == 0)
		sampler->failing_since_ns = now;
	/*
	 * -TY_EPERMISSION: it may be another program already, one that is just being loaded. -TY_ESTATE: the last
	 * attempt to attach to the new program did not succeed. A program that was attached to again and still may not
	 * be read, or stopped, is the one it was.
	 */
	if (error == -TY_EREPLACED || (error == -TY_EPERMISSION && !sampler->reattached) || error == -TY_ESTATE)
		return follow_exec(sampler, now);
	sampler->summary.failed++;
	if (ty_error_classify(error) == TY_CLASS_RETRY &&
	    (sampler->failures < FAILURES_MAX || now - sampler->failing_since_ns < FAILURE_NS))
		return 0;
	return end_with_error(sampler, error);
}

/* The mode is the sampler's, and so is the processor: other calls of ty_sample() on the target give all threads. */
static int take_sample(ty_sampler *sampler, const ty_snapshot **snapshot)
{
	int result;

	sampler->target->mode = sampler->options.mode;
	sampler->target->beside = sampler->options.placement == TY_PLACE_BESIDE ? &sampler->beside : NULL;
	result = ty_sample(sampler->target, snapshot);
	sampler->target->beside = NULL;
	sampler->target->mode = TY_MODE_WALL;
	return result;
}

/* Takes the sample of a tick that has come. 0, TY_SAMPLER_NOTHING where it failed and may pass, else as
 * ty_sampler_next(). */
static int take_tick(ty_sampler *sampler, const ty_snapshot **snapshot)
{
	int result = take_sample(sampler, snapshot);

	schedule(sampler);
	report_progress(sampler);
	if (result == 0) {
		count(sampler, *snapshot);
		return 0;
	}
	result = consider_failure(sampler, result);
	return result != 0 ? result : TY_SAMPLER_NOTHING;
}

/* Whether profiling goes on: 0, else what ends it. */
static int look_for_end(ty_sampler *sampler)
{
	if (sampler->summary.end_reason != TY_END_NONE)
		return sampler->error ? sampler->error : 1;
	return is_over(sampler, sampler->next_ns) ? end(sampler, TY_END_DURATION) : 0;
}

int ty_sampler_next(ty_sampler *sampler, const ty_snapshot **snapshot)
{
	int result;

	*snapshot = NULL;
	start(sampler);
	do {
		result = look_for_end(sampler);
		if (result != 0)
			return result;
		if (!wait_for_tick(sampler))
			return end(sampler, TY_END_STOPPED);
		result = take_tick(sampler, snapshot);
	} while (result == TY_SAMPLER_NOTHING);
	return result;
}

int ty_sampler_poll(ty_sampler *sampler, const ty_snapshot **snapshot, uint64_t *wait_ns)
{
	bool is_replay = sampler->target->replay != NULL;
	uint64_t now;
	int result;

	*snapshot = NULL;
	start(sampler);
	result = look_for_end(sampler);
	if (result == 0 && atomic_load(&sampler->stop))
		result = end(sampler, TY_END_STOPPED);
	if (result == 0)
		result = is_replay || ty_now_ns() >= sampler->next_ns ? take_tick(sampler, snapshot)
		                                                      : TY_SAMPLER_NOTHING;
	now = ty_now_ns();
	if (wait_ns)
		*wait_ns = is_replay || now >= sampler->next_ns ? 0 : sampler->next_ns - now;
	return result;
}

int ty_sampler_summary(ty_sampler *sampler, ty_run_summary *summary)
{
	ty_run_summary filled = sampler->summary;

	if (filled.end_reason == TY_END_NONE && sampler->start_ns)
		filled.duration_ns = ty_now_ns() - sampler->start_ns;
	if (sampler->target->replay)
		ty_replay_summary(sampler->target->replay, &filled);
	return ty_options_out(summary, &filled, sizeof(filled));
}

/* ---- push ---- */

struct receiver {
	ty_collector *collector;
	bool open; /* begun and not failed */
};

static void begin_all(ty_sampler *sampler, struct receiver *receivers, size_t count, int *error)
{
	ty_run_info run = {
		.size = sizeof(run),
		.target = sampler->target,
		.start_time_ns = ty_now_ns(),
		.start_unix_ns = ty_clock_ns(CLOCK_REALTIME),
		.interval_ns = sampler->options.interval_ns,
		.mode = sampler->options.mode,
		.opcodes = sampler->options.opcodes != 0,
	};

	if (sampler->target->replay)
		ty_replay_run(sampler->target->replay, &run);
	for (size_t i = 0; i < count; i++) {
		int result = ty_collector_begin(receivers[i].collector, &run);

		receivers[i].open = result >= 0;
		if (result < 0 && !*error)
			*error = result;
		if (result > 0)
			end(sampler, TY_END_COLLECTOR);
	}
}

static void sample_all(ty_sampler *sampler, const ty_snapshot *snapshot, struct receiver *receivers, size_t count,
                       int *error)
{
	size_t open = 0;

	for (size_t i = 0; i < count; i++) {
		int result = receivers[i].open ? ty_collector_sample(receivers[i].collector, snapshot) : 0;

		if (result > 0)
			end(sampler, TY_END_COLLECTOR);
		if (result < 0) {
			if (!*error)
				*error = result;
			ty_collector_end(receivers[i].collector, &sampler->summary);
			receivers[i].open = false;
		}
		open += receivers[i].open;
	}
	if (!open && count)
		end(sampler, TY_END_COLLECTOR);
}

static void end_all(ty_sampler *sampler, struct receiver *receivers, size_t count, int *error)
{
	ty_run_summary summary = { .size = sizeof(summary) };

	ty_sampler_summary(sampler, &summary);
	for (size_t i = 0; i < count; i++) {
		int result = receivers[i].open ? ty_collector_end(receivers[i].collector, &summary) : 0;

		if (result < 0 && !*error)
			*error = result;
	}
}

int ty_sampler_run(ty_sampler *sampler, ty_collector *const *collectors, size_t count)
{
	struct receiver *receivers = calloc(count + 1, sizeof(*receivers));
	const ty_snapshot *snapshot;
	int error = 0, result;

	if (!receivers)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		receivers[i].collector = collectors[i];
	start(sampler);
	begin_all(sampler, receivers, count, &error);
	while ((result = ty_sampler_next(sampler, &snapshot)) == 0)
		sample_all(sampler, snapshot, receivers, count, &error);
	end_all(sampler, receivers, count, &error);
	free(receivers);
	return result < 0 ? result : error;
}
