/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sampling loop of `run` and `attach`.
 *
 * It pulls samples with ty_sampler_next() and hands them to the collectors itself, instead of leaving that to
 * ty_sampler_run(), because a process that calls exec() must be followed without ending the profile: a launcher written
 * in Python that execs the real program is one profile, not two.
 */
#include "cli.h"

#include <errno.h>
#include <time.h>

#define COLLECTORS 2
#define REATTACH_FIRST_NS (NS_PER_MS / 2)
#define REATTACH_LONGEST_NS (20 * NS_PER_MS)

struct loop {
	struct session *session;
	ty_sampler *sampler;
	struct progress progress;
	ty_collector *collectors[COLLECTORS];
};

static uint64_t unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static int make_sampler(struct loop *loop)
{
	const struct options *options = loop->session->options;
	ty_sampler_options sampler = {
		.size = sizeof(sampler),
		.interval_ns = options->interval_ns,
		.duration_ns = options->duration_ns,
		.opcodes = options->opcodes,
		.progress = progress_draw,
		.progress_user_data = &loop->progress,
	};

	return ty_sampler_new(loop->session->target, &sampler, &loop->sampler);
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
		.mode = TY_MODE_WALL,
		.opcodes = options->opcodes,
	};
	int result = 0;

	for (int i = 0; i < COLLECTORS && result == 0; i++)
		result = ty_collector_begin(loop->collectors[i], &run);
	return result;
}

/* After exec(): waits until the process is a Python again. 0, or why not. */
static int follow_exec(struct loop *loop)
{
	uint64_t pause_ns = REATTACH_FIRST_NS;
	int result;

	while ((result = ty_reattach(loop->session->target)) != 0) {
		/* Not a Python (yet): the program it became may be a launcher once more. */
		bool wait = result == -TY_ESTARTING || result == -TY_EREPLACED || result == -TY_ENOTPYTHON;

		if (!wait || signals_received())
			return result;
		sleep_ns(pause_ns);
		pause_ns = pause_ns * 2 > REATTACH_LONGEST_NS ? REATTACH_LONGEST_NS : pause_ns * 2;
	}
	return 0;
}

/* 0 to go on; 1: profiling is over; negative: it ended with an error. */
static int take_sample(struct loop *loop)
{
	const ty_snapshot *snapshot = NULL;
	int result = ty_sampler_next(loop->sampler, &snapshot);

	if (result == -TY_EREPLACED) {
		result = follow_exec(loop);
		/* The end of the process and our own are no errors. */
		return result == -TY_EEXITED || signals_received() ? 1 : result;
	}
	for (int i = 0; i < COLLECTORS && result == 0; i++)
		result = ty_collector_sample(loop->collectors[i], snapshot);
	return result;
}

static int end_collectors(struct loop *loop)
{
	struct session *session = loop->session;
	int result = 0;

	session->summary.size = sizeof(session->summary);
	ty_sampler_summary(loop->sampler, &session->summary);
	for (int i = 0; i < COLLECTORS; i++)
		result = ty_collector_end(loop->collectors[i], &session->summary);
	/* What the last one, the result itself, gave. */
	return output_finish(session->output, session->options, result);
}

static void sample_until_end(struct loop *loop)
{
	struct session *session = loop->session;

	signals_watch(loop->sampler);
	do
		session->result = take_sample(loop);
	while (session->result == 0);
	signals_watch(NULL);
	progress_clear(&loop->progress);
	if (session->result == -TY_EEXITED || session->result > 0)
		session->result = 0;
	if (session->result < 0)
		complain_target(session->target, session->result, session->pid);
}

/* Samples until the end and writes everything. 0, or negative after saying what went wrong. */
int session_run(struct session *session)
{
	struct loop loop = { .session = session };
	int result = make_sampler(&loop);

	if (result == 0)
		result = report_collector(&loop.collectors[0]);
	loop.collectors[1] = session->output->collector;
	if (result == 0) {
		progress_init(&loop.progress, session->options, session->pid);
		result = begin_collectors(&loop);
	}
	if (result < 0) {
		complain("cannot begin: %s", ty_strerror(result));
		goto out;
	}
	sample_until_end(&loop);
	result = end_collectors(&loop);
	if (session->output->stats_sink) {
		int written = stats_write(session->output->stats_sink, session);

		result = result < 0 ? result : written;
	}
	if (session->result < 0)
		result = session->result;
out:
	ty_collector_free(loop.collectors[0]);
	ty_sampler_free(loop.sampler);
	return result;
}
