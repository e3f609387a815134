/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live view's life, and what its two threads say to each other: the sampling thread (session.c) tells which sampler
 * runs and how it ended; the view asks for an end, another rate, a save. A request stops the sampler; the session finds
 * it here and goes on with a new sampler, as it does when the target has called exec(). So nothing is looked at in
 * between two samples.
 */
#include "live.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAIT_NS (100 * NS_PER_MS)
#define JOIN_S 2

/* ---- what the view asks ---- */

/* With the lock held. */
static void interrupt(struct live *live)
{
	if (live->sampler)
		ty_sampler_stop(live->sampler);
	pthread_cond_signal(&live->asked);
}

void live_ask_quit(struct live *live)
{
	pthread_mutex_lock(&live->lock);
	live->request.quit = live->user_quit = true;
	interrupt(live);
	pthread_mutex_unlock(&live->lock);
}

bool live_ask_save(struct live *live, const struct live_request *save)
{
	bool is_free;

	pthread_mutex_lock(&live->lock);
	is_free = !live->request.save && live->save_fd < 0;
	if (is_free) {
		live->request.save = true;
		live->request.format = save->format;
		live->request.opcodes = save->opcodes;
		memcpy(live->request.path, save->path, sizeof(save->path));
		interrupt(live);
	}
	pthread_mutex_unlock(&live->lock);
	return is_free;
}

void live_ask_sampling(struct live *live, uint64_t interval_ns, int mode)
{
	pthread_mutex_lock(&live->lock);
	live->interval_ns = interval_ns;
	live->mode = mode;
	live->request.sampling = true;
	interrupt(live);
	pthread_mutex_unlock(&live->lock);
}

/* ---- what the session does ---- */

static void take_request(struct live *live, struct live_request *request)
{
	pthread_mutex_lock(&live->lock);
	*request = live->request;
	live->request = (struct live_request){ .quit = request->quit };
	pthread_mutex_unlock(&live->lock);
}

bool live_goes_on(struct live *live, const ty_run_summary *so_far)
{
	struct live_request request;

	if (signals_received())
		return false;
	take_request(live, &request);
	if (request.save)
		live_save(live, so_far, &request);
	return !request.quit && (request.save || request.sampling);
}

void live_sampling(struct live *live, ty_sampler *sampler)
{
	pthread_mutex_lock(&live->lock);
	live->sampler = sampler;
	/* What was asked before it was there. */
	if (sampler && (live->request.quit || live->request.save || live->request.sampling))
		ty_sampler_stop(sampler);
	pthread_mutex_unlock(&live->lock);
}

void live_apply(struct live *live, struct options *options)
{
	pthread_mutex_lock(&live->lock);
	options->interval_ns = live->interval_ns;
	options->mode = live->mode;
	live->applied++;
	pthread_mutex_unlock(&live->lock);
}

ty_collector *live_collector(struct live *live)
{
	return live->collector;
}

void live_count(struct live *live, const ty_run_summary *so_far)
{
	(void)ty_live_progress(so_far, live->model);
}

bool live_was_quit(const struct live *live)
{
	return live->user_quit;
}

/* ---- the end ---- */

static void tell_end(struct live *live, const ty_run_summary *summary, int error)
{
	pthread_mutex_lock(&live->lock);
	live->sampler = NULL;
	live->end = error < 0 ? LIVE_FAILED : LIVE_COMPLETE;
	if (error < 0)
		snprintf(live->end_text, sizeof(live->end_text), "PROFILING ENDED: %s - Press 'q' to quit, 'w' to save",
		         ty_strerror(error));
	else if (!summary->samples)
		snprintf(live->end_text, sizeof(live->end_text),
		         "PROFILING COMPLETE - Not one sample could be taken - Press 'q' to Quit");
	else
		snprintf(live->end_text, sizeof(live->end_text),
		         "PROFILING COMPLETE - Final Results Below - Press 'q' to Quit, 'w' to save");
	pthread_mutex_unlock(&live->lock);
	terminal_wake();
}

static void wait_a_moment(struct live *live)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)WAIT_NS;
	until.tv_sec += until.tv_nsec / (long)NS_PER_SECOND;
	until.tv_nsec %= (long)NS_PER_SECOND;
	pthread_mutex_lock(&live->lock);
	if (!live->request.quit && !live->request.save)
		pthread_cond_timedwait(&live->asked, &live->lock, &until);
	pthread_mutex_unlock(&live->lock);
}

static void close_view(struct live *live)
{
	struct timespec until;

	if (!live->thread_runs)
		return;
	pthread_mutex_lock(&live->lock);
	live->close = true;
	pthread_mutex_unlock(&live->lock);
	terminal_wake();
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += JOIN_S;
	/* A terminal that takes nothing holds the view, but not us and what was sampled. */
	if (pthread_timedjoin_np(live->thread, NULL, &until) != 0) {
		terminal_rescue();
		live->is_stuck = true;
	}
	live->thread_runs = false;
	if (live->open_error)
		complain("the terminal cannot be used: %s", strerror(-live->open_error));
}

/* Leaves the final picture on the screen until somebody quits, then gives the screen back. */
void live_end(struct live *live, const ty_run_summary *summary, int error)
{
	struct live_request request;

	live_record_end(live, summary);
	tell_end(live, summary, error);
	for (;;) {
		take_request(live, &request);
		if (request.save)
			live_save(live, summary, &request);
		if (request.quit || signals_received() || !live->thread_runs)
			break;
		wait_a_moment(live);
	}
	close_view(live);
	while (live->save_fd >= 0 && live_save_outcome(live) == 0)
		sleep_ns(WAIT_NS / 10);
}

/* ---- begin ---- */

static void *run_view(void *argument)
{
	pthread_setname_np(pthread_self(), "live view");
	view_run(argument);
	return NULL;
}

/* The view begins. 0 or -errno. */
int live_begin(struct live *live, ty_target *target)
{
	int error;

	live->python.size = sizeof(live->python);
	(void)ty_target_info(target, &live->python);
	live->sources = source_open(live->python.pid);
	error = pthread_create(&live->thread, NULL, run_view, live);
	live->thread_runs = !error;
	return -error;
}

/* Before anything runs. NULL: there can be no view, and why was said. */
struct live *live_open(const struct options *options)
{
	ty_live_options model = { .size = sizeof(model), .opcodes = 1, .trust = options->trust };
	struct live *live;

	if (!terminal_check())
		return NULL;
	live = calloc(1, sizeof(*live));
	if (live)
		live->options = options;
	if (!live || ty_live_new(&model, &live->model) < 0 || live_record_open(live) < 0) {
		complain("out of memory");
		free(live);
		return NULL;
	}
	live->interval_ns = options->interval_ns;
	live->mode = options->mode;
	live->save_fd = -1;
	pthread_mutex_init(&live->lock, NULL);
	pthread_cond_init(&live->asked, NULL);
	if (options->target)
		live->capture = live_capture_open();
	if (options->target && !live->capture) {
		live_free(live);
		return NULL;
	}
	return live;
}

const int *live_stdio(const struct live *live)
{
	return live_capture_stdio(live->capture);
}

void live_started(struct live *live)
{
	live_capture_begin(live->capture);
}

/* Shows what the target has written to the terminal meanwhile. */
void live_free(struct live *live)
{
	if (!live)
		return;
	close_view(live);
	live_capture_end(live->capture);
	/* A view that hangs in its terminal still uses all this. */
	if (live->is_stuck)
		return;
	source_close(live->sources);
	live_record_close(live);
	ty_live_free(live->model);
	pthread_mutex_destroy(&live->lock);
	pthread_cond_destroy(&live->asked);
	free(live);
}
