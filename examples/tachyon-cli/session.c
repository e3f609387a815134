/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sampling loop of `run` and `attach`.
 *
 * It pulls samples with ty_sampler_next() and hands them to the collectors itself, instead of leaving that to
 * ty_sampler_run(), because a launcher written in Python that becomes something else and then Python again is one
 * profile, not two. A sampler follows an exec() from Python to Python by itself and ends with -TY_ENOTPYTHON at any
 * other; here the process is watched until it is a Python once more, and a second sampler goes on where the first one
 * ended.
 */
#include "cli.h"

#include <errno.h>
#include <time.h>

#define BLOCKING_INTERVAL_NS (NS_PER_MS / 10) /* stopping threads more often than that is warned of */
#define LIVE_PROGRESS_NS (50 * NS_PER_MS)
#define REATTACH_PAUSE_NS (2 * NS_PER_MS)

struct loop {
	struct session *session;
	ty_sampler *sampler;
	ty_run_summary earlier; /* sum over the samplers before this one */
	struct progress progress;
	ty_collector *report; /* it speaks before the results do */
};

static uint64_t unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static void add_earlier(const struct loop *loop, ty_run_summary *sum)
{
	const ty_run_summary *earlier = &loop->earlier;

	sum->duration_ns += earlier->duration_ns;
	sum->samples += earlier->samples;
	sum->missed += earlier->missed;
	sum->failed += earlier->failed;
	sum->verified += earlier->verified;
	sum->repaired += earlier->repaired;
	sum->torn += earlier->torn;
	sum->incomplete += earlier->incomplete;
	sum->unreadable += earlier->unreadable;
}

/* The counters of all samplers; how it ended is the last one's. */
static ty_run_summary sum_up(const struct loop *loop)
{
	ty_run_summary sum = { .size = sizeof(sum) };

	ty_sampler_summary(loop->sampler, &sum);
	add_earlier(loop, &sum);
	return sum;
}

/* ty_sampler_options.progress; non-zero would stop the sampler. */
static int on_progress(const ty_run_summary *so_far, void *user_data)
{
	struct loop *loop = user_data;
	ty_recording_information recording = { .size = sizeof(recording) };
	ty_run_summary sum = *so_far;

	if (loop->session->replayed && ty_recording_info(loop->session->target, &recording) == 0) {
		progress_draw_share(&loop->progress, &recording, sum.samples);
		return 0;
	}
	add_earlier(loop, &sum);
	if (loop->session->live)
		live_count(loop->session->live, &sum);
	else
		progress_draw(&loop->progress, &sum);
	return 0;
}

/* What is left of the duration, at least 1 ns: 0 would mean for ever. */
static uint64_t time_left(const struct loop *loop)
{
	uint64_t duration_ns = loop->session->options->duration_ns;

	return duration_ns > loop->earlier.duration_ns ? duration_ns - loop->earlier.duration_ns : 1;
}

/* The target tells only while it is there. */
static void note_python(struct session *session)
{
	ty_target_information python = { .size = sizeof(python) };

	if (ty_target_info(session->target, &python) == 0)
		session->python = python;
}

/* Up to 2 kHz what it costs the target to share its processor with us stays within some percent. */
#define BESIDE_INTERVAL_MIN_NS 500000

static int placement(const struct options *options)
{
	if (options->placement == PLACEMENT_BY_RATE)
		return options->interval_ns >= BESIDE_INTERVAL_MIN_NS ? TY_PLACE_BESIDE : TY_PLACE_FREE;
	return options->placement == PLACEMENT_BESIDE ? TY_PLACE_BESIDE : TY_PLACE_FREE;
}

static int make_sampler(struct loop *loop, ty_sampler **out)
{
	struct options options = *loop->session->options;
	ty_sampler_options sampler = { .size = sizeof(sampler) };

	if (loop->session->live) {
		live_apply(loop->session->live, &options);
		sampler.progress_interval_ns = LIVE_PROGRESS_NS;
	}
	sampler.interval_ns = options.interval_ns;
	sampler.duration_ns = options.duration_ns ? time_left(loop) : 0;
	sampler.mode = options.mode;
	sampler.opcodes = options.opcodes;
	sampler.progress = on_progress;
	sampler.progress_user_data = loop;
	sampler.placement = placement(&options);
	return ty_sampler_new(loop->session->target, &sampler, out);
}

/* Each stop costs the target some microseconds: at high rates little else is left to it. */
static void warn_of_stops(const struct options *options)
{
	if (options->stop_policy == TY_STOP_ALWAYS && options->interval_ns < BLOCKING_INTERVAL_NS)
		fprintf(stderr,
		        "Warning: --blocking stops every sampled thread %.0f times a second; consider 10khz or less\n",
		        (double)NS_PER_SECOND / (double)options->interval_ns);
}

static int begin_collectors(struct loop *loop)
{
	const struct options *options = loop->session->options;
	ty_run_info run = {
		.size = sizeof(run),
		.target = loop->session->target,
		.start_time_ns = now_ns(),
		.start_unix_ns = unix_ns(),
		.interval_ns = options->interval_ns,
		.mode = options->mode,
		.opcodes = options->opcodes,
	};
	ty_recording_information recording = { .size = sizeof(recording) };
	struct outputs *outputs = loop->session->outputs;
	int result;

	if (loop->session->replayed && ty_recording_info(run.target, &recording) == 0) {
		run.start_time_ns = recording.start_time_ns;
		run.start_unix_ns = recording.start_unix_ns;
		run.mode = recording.mode;
	}
	result = ty_collector_begin(loop->report, &run);

	if (result >= 0 && loop->session->live)
		result = ty_collector_begin(live_collector(loop->session->live), &run);
	for (size_t i = 0; i < outputs->count && result >= 0; i++)
		result = ty_collector_begin(outputs->items[i].collector, &run);
	return result;
}

/* Waits until the process, which became something else, is a Python again. 0, or why not. */
static int wait_for_python(struct loop *loop)
{
	uint64_t refused_since_ns = 0;
	int result;

	while ((result = ty_reattach(loop->session->target)) != 0) {
		bool other = result == -TY_ESTARTING || result == -TY_EREPLACED || result == -TY_ENOTPYTHON;

		/* A program that is being loaded may look like anything for a moment. */
		if (other || refused_since_ns == 0)
			refused_since_ns = now_ns();
		if (result == -TY_EEXITED || signals_received() || now_ns() - refused_since_ns > REFUSAL_PATIENCE_NS)
			return result;
		sleep_ns(REATTACH_PAUSE_NS);
	}
	return 0;
}

/* Tells those who may want to stop it which sampler runs; NULL: none does. */
static void announce(const struct loop *loop, ty_sampler *sampler)
{
	signals_watch(sampler);
	if (loop->session->live)
		live_sampling(loop->session->live, sampler);
}

/* Sampling goes on with a sampler of its own. 0 or negative. */
static int replace_sampler(struct loop *loop, const ty_run_summary *sum)
{
	ty_sampler *next = NULL;
	int result;

	loop->earlier = *sum;
	result = make_sampler(loop, &next);
	if (result < 0)
		return result;
	announce(loop, next);
	ty_sampler_free(loop->sampler);
	loop->sampler = next;
	return 0;
}

/* 0: sampling goes on; 1: there is nothing more to sample; negative: error. */
static int go_on_after_exec(struct loop *loop)
{
	ty_run_summary sum = sum_up(loop);
	int result = wait_for_python(loop);

	if (result != 0)
		return result == -TY_EEXITED || signals_received() ? 1 : result;
	return replace_sampler(loop, &sum);
}

/* The sampler has ended. 0: the view only wanted something in between; 1: it is over; negative: error. */
static int go_on_for_view(struct loop *loop)
{
	ty_run_summary sum = sum_up(loop);

	if (sum.end_reason != TY_END_STOPPED || !live_goes_on(loop->session->live, &sum))
		return 1;
	return replace_sampler(loop, &sum);
}

/* One result that fails is left out from then on. Positive: one asks to stop; negative: none is left. */
static int give_sample(struct outputs *outputs, const ty_snapshot *snapshot)
{
	int error = 0, wish = 0;
	size_t failed = 0;

	for (size_t i = 0; i < outputs->count; i++) {
		struct output *output = &outputs->items[i];
		int result = output->error ? 0 : ty_collector_sample(output->collector, snapshot);

		if (result < 0)
			output->error = result;
		if (result > 0)
			wish = result;
		if (output->error)
			error = output->error;
		failed += output->error != 0;
	}
	return failed == outputs->count ? error : wish;
}

/* 0 to go on; 1: profiling is over; negative: it ended with an error. */
static int take_sample(struct loop *loop)
{
	struct live *live = loop->session->live;
	const ty_snapshot *snapshot = NULL;
	int result = ty_sampler_next(loop->sampler, &snapshot);

	if (result == -TY_ENOTPYTHON || result == -TY_EREPLACED)
		return go_on_after_exec(loop);
	if (result == 1 && live)
		return go_on_for_view(loop);
	if (result == 0 && live)
		result = ty_collector_sample(live_collector(live), snapshot);
	return result == 0 ? give_sample(loop->session->outputs, snapshot) : result;
}

static int end_collectors(struct loop *loop)
{
	struct session *session = loop->session;

	session->summary = sum_up(loop);
	note_python(session);
	ty_collector_end(loop->report, &session->summary);
	return outputs_end(session->outputs, session->options, &session->summary);
}

static void show_until_quit(struct loop *loop)
{
	ty_run_summary sum = sum_up(loop);

	live_count(loop->session->live, &sum);
	live_end(loop->session->live, &sum, loop->session->result);
}

static void sample_until_end(struct loop *loop)
{
	struct session *session = loop->session;

	announce(loop, loop->sampler);
	do
		session->result = take_sample(loop);
	while (session->result == 0);
	announce(loop, NULL);
	progress_clear(&loop->progress);
	if (session->result == -TY_EEXITED || session->result > 0)
		session->result = 0;
	if (session->live)
		show_until_quit(loop);
	if (session->result < 0)
		complain_target(session->target, session->result, session->pid);
}

/* Samples until the end and writes everything. 0, or negative after saying what went wrong. */
int session_run(struct session *session)
{
	struct loop loop = { .session = session };
	int result = make_sampler(&loop, &loop.sampler);

	note_python(session);
	warn_of_stops(session->options);
	if (result == 0)
		result = report_collector(session, &loop.report);
	if (result == 0) {
		progress_init(&loop.progress, session->options, session->pid);
		result = begin_collectors(&loop);
	}
	if (result == 0 && session->live)
		result = live_begin(session->live, session->target);
	if (result < 0) {
		complain("cannot begin: %s", ty_strerror(result));
		goto out;
	}
	sample_until_end(&loop);
	result = end_collectors(&loop);
	if (session->outputs->stats_sink) {
		int written = stats_write(session->outputs->stats_sink, session);

		result = result < 0 ? result : written;
	}
	if (session->result < 0)
		result = session->result;
out:
	ty_collector_free(loop.report);
	ty_sampler_free(loop.sampler);
	return result;
}
