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
#include "family.h"

#include <errno.h>

#define BLOCKING_INTERVAL_NS (NS_PER_MS / 10) /* stopping threads more often than that is warned of */
#define LIVE_PROGRESS_NS (50 * NS_PER_MS)
#define REATTACH_PAUSE_NS (2 * NS_PER_MS)

struct loop {
	struct session *session;
	ty_sampler *sampler;
	ty_run_summary earlier; /* sum over the samplers before this one */
	struct progress progress;
	struct realtime realtime;
	ty_collector *report; /* it speaks before the results do */
};

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
	ty_target_counters counters = { .size = sizeof(counters) };
	ty_run_summary sum = *so_far;

	if (loop->session->replayed && ty_recording_info(loop->session->target, &recording) == 0) {
		progress_draw_share(&loop->progress, &recording, sum.samples);
		return 0;
	}
	add_earlier(loop, &sum);
	ty_target_statistics(loop->session->target, &counters);
	if (loop->session->member) {
		member_progress(loop->session->member, &sum, &counters);
	} else if (loop->session->live) {
		live_count(loop->session->live, &sum);
	} else {
		progress_draw(&loop->progress, &sum);
		realtime_show(&loop->realtime, &sum, &counters);
	}
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

/* With --merge the results are those of all processes, and have begun. */
static int begin_collectors(struct loop *loop)
{
	const struct session *session = loop->session;
	ty_run_info run = run_info(session->options, session->target);
	ty_recording_information recording = { .size = sizeof(recording) };
	int result;

	if (session->replayed && ty_recording_info(run.target, &recording) == 0) {
		run.start_time_ns = recording.start_time_ns;
		run.start_unix_ns = recording.start_unix_ns;
		run.mode = recording.mode;
	}
	result = loop->report ? ty_collector_begin(loop->report, &run) : 0;

	if (result >= 0 && session->live)
		result = ty_collector_begin(live_collector(session->live), &run);
	if (result < 0 || (session->member && session->options->merge))
		return result;
	return outputs_begin(session->outputs, &run);
}

static bool is_told_to_end(const struct loop *loop)
{
	return loop->session->member ? member_is_over(loop->session->member) : signals_received() != 0;
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
		if (result == -TY_EEXITED || is_told_to_end(loop) || now_ns() - refused_since_ns > REFUSAL_PATIENCE_NS)
			return result;
		sleep_ns(REATTACH_PAUSE_NS);
	}
	return 0;
}

/* Tells those who may want to stop it which sampler runs; NULL: none does. */
static void announce(const struct loop *loop, ty_sampler *sampler)
{
	if (loop->session->member)
		member_watch(loop->session->member, sampler);
	else
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
		return result == -TY_EEXITED || is_told_to_end(loop) ? 1 : result;
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

/* 0 to go on; 1: profiling is over; negative: it ended with an error. */
static int take_sample(struct loop *loop)
{
	struct session *session = loop->session;
	const ty_snapshot *snapshot = NULL;
	int result = ty_sampler_next(loop->sampler, &snapshot);

	if (result == -TY_ENOTPYTHON || result == -TY_EREPLACED)
		return go_on_after_exec(loop);
	if (result == 1 && session->live)
		return go_on_for_view(loop);
	if (result == 0 && session->live)
		result = ty_collector_sample(live_collector(session->live), snapshot);
	if (result != 0)
		return result;
	return session->member && session->options->merge ? member_give(session->member, snapshot)
	                               : outputs_give(session->outputs, snapshot);
}

static int end_collectors(struct loop *loop)
{
	struct session *session = loop->session;

	session->summary = sum_up(loop);
	session->counters.size = sizeof(session->counters);
	ty_target_statistics(session->target, &session->counters);
	note_python(session);
	if (session->member && !member_may_write(session->member, &session->summary, &session->counters))
		return 0;
	if (loop->report)
		ty_collector_end(loop->report, &session->summary);
	/* An earlier result is worth more than an empty one. */
	if (session->result < 0 && !session->summary.samples) {
		complain("no sample was taken; nothing was written");
		return session->result;
	}
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
	if (session->result < 0 && (!session->member || member_may_complain(session->member)))
		complain_target(session->target, session->result, session->pid);
}

/* Samples until the end and writes everything. 0, or negative after saying what went wrong. */
int session_run(struct session *session)
{
	struct loop loop = { .session = session };
	int result = make_sampler(&loop, &loop.sampler);

	note_python(session);
	if (!session->member)
		warn_of_stops(session->options);
	if (result == 0 && !session->member) {
		progress_init(&loop.progress, session->options, session->pid);
		realtime_init(&loop.realtime, session->options);
		result = report_collector(session, &loop.report);
	}
	if (result == 0)
		result = begin_collectors(&loop);
	if (result == 0 && session->live)
		result = live_begin(session->live, session->target);
	if (result < 0) {
		complain("cannot begin: %s", ty_strerror(result));
		goto out;
	}
	sample_until_end(&loop);
	result = end_collectors(&loop);
	if (session->outputs->stats_sink && !session->member) {
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
