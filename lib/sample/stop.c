/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stopping one thread for one reading.
 *
 * PTRACE_SEIZE does not stop, PTRACE_INTERRUPT does, PTRACE_DETACH lets go (ptrace(2)). A thread that is seized is let
 * go by the kernel when its tracer dies, whatever the tracer was doing: nothing is left stopped by a SIGKILL. What
 * interrupts the wait is not ours to keep: a signal that was about to be delivered is handed on with the detach.
 *
 * The wait for the stop is bounded; while it lasts the thread is not held up. A thread in an uninterruptible sleep
 * (state D) stops only when it wakes: at the deadline it is given up for this sample and remembered as pending, and let
 * go as soon as it does stop.
 *
 * ptrace is tied to the calling thread: sampling has to be done by the thread that attached, and waiting is for one
 * thread id only (__WALL), so that children of the embedding program are left to it.
 */
#include "sample/stop.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <tachyon/sampler.h>

#include "sample/artificial.h"
#include "sample/confirm.h"
#include "sample/status.h"
#include "target/proc.h"
#include "util/clock.h"

#define DEFAULT_DEADLINE_US 100000

/* Polls that only yield, and the sleep between later ones: a thread that runs stops within a few µs. */
#define YIELDS 200
#define POLL_NS 50000

/* How long ty_detach() waits for threads that are still to stop. */
#define LAST_WAIT_NS 10000000000ULL

/* Readings of one thread within a stop, each of which brings what the one before did not know of. */
#define READINGS_MAX 6

struct stopped {
	pid_t tid;
	int signal; /* to be delivered when it goes on; 0: none */
	uint64_t since_ns;
};

static void let_go(ty_target *target, struct stopped *stopped)
{
	ptrace(PTRACE_DETACH, stopped->tid, NULL, (void *)(intptr_t)stopped->signal);
	target->counters.stops++;
	target->counters.stop_ns += ty_now_ns() - stopped->since_ns;
}

/* A stop that we did not ask for is the delivery of a signal, or of SIGTRAP by an exec. */
static int signal_of(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
}

/* 1 when the thread has stopped, 0 when it runs, -ESRCH when it ended. */
static int poll_stop(struct stopped *stopped)
{
	int status;
	pid_t got = waitpid(stopped->tid, &status, __WALL | WNOHANG);

	if (got < 0 && errno != EINTR)
		return -errno;
	if (got != stopped->tid)
		return 0;
	if (!WIFSTOPPED(status))
		return -ESRCH;
	stopped->signal = signal_of(status);
	return 1;
}

static int wait_for_stop(struct stopped *stopped, uint64_t deadline_ns)
{
	for (int polls = 0;; polls++) {
		const struct timespec pause = { .tv_nsec = POLL_NS };
		int result = poll_stop(stopped);

		if (result != 0)
			return result < 0 ? result : 0;
		if (ty_now_ns() > deadline_ns)
			return -ETIMEDOUT;
		if (polls < YIELDS)
			sched_yield();
		else
			nanosleep(&pause, NULL);
	}
}

/* ---- threads that were told to stop and have not yet ---- */

static int remember_pending(ty_target *target, pid_t tid)
{
	pid_t *slot = ty_array_push(&target->pending_stops);

	if (slot)
		*slot = tid;
	return slot ? -ETIMEDOUT : -ENOMEM;
}

static bool is_pending(const ty_target *target, pid_t tid)
{
	for (size_t i = 0; i < target->pending_stops.count; i++)
		if (target->pending_stops.items[i] == tid)
			return true;
	return false;
}

static void release_pending(ty_target *target)
{
	for (size_t i = 0; i < target->pending_stops.count;) {
		struct stopped stopped = { .tid = target->pending_stops.items[i], .since_ns = ty_now_ns() };
		int result = poll_stop(&stopped);

		if (result == 0) {
			i++;
			continue;
		}
		if (result > 0)
			let_go(target, &stopped);
		target->pending_stops.items[i] = target->pending_stops.items[--target->pending_stops.count];
	}
}

void ty_stops_finish(ty_target *target)
{
	const struct timespec pause = { .tv_nsec = POLL_NS };
	uint64_t deadline_ns = ty_now_ns() + LAST_WAIT_NS;

	for (release_pending(target); target->pending_stops.count && ty_now_ns() < deadline_ns; release_pending(target))
		nanosleep(&pause, NULL);
	ty_array_free(&target->pending_stops);
}

/* Says who has the thread already: the kernel gives a thread one tracer. */
static int refuse(ty_target *target, pid_t tid, int code)
{
	pid_t tracer = code == -EPERM ? ty_proc_tracer(target->pid, tid) : 0;
	char name[32] = "";

	if (!tracer)
		return ty_fail(&target->error, code, "cannot stop thread %d: %s", (int)tid, ty_strerror(code));
	ty_proc_thread_name(tracer, tracer, name, sizeof(name));
	return ty_fail(
	        &target->error, -TY_EPERMISSION,
	        "cannot stop thread %d: process %d (%s) is attached to it. A thread can be stopped by one debugger or "
	        "profiler only: end that one, or do without stopping threads",
	        (int)tid, (int)tracer, name);
}

static int stop(ty_target *target, const struct ty_thread *thread, struct stopped *stopped)
{
	uint64_t deadline_us =
	        target->options.stop_deadline_us ? target->options.stop_deadline_us : DEFAULT_DEADLINE_US;
	int result;

	*stopped = (struct stopped){ .tid = (pid_t)thread->host_id, .since_ns = ty_now_ns() };
	if (target->is_capture || stopped->tid <= 0)
		return -ENOTSUP;
	release_pending(target);
	if (is_pending(target, stopped->tid))
		return -ETIMEDOUT;
	if (ptrace(PTRACE_SEIZE, stopped->tid, NULL, NULL) != 0)
		return refuse(target, stopped->tid, -errno);
	if (ptrace(PTRACE_INTERRUPT, stopped->tid, NULL, NULL) != 0)
		return -errno;
	result = wait_for_stop(stopped, stopped->since_ns + deadline_us * 1000);
	return result == -ETIMEDOUT ? remember_pending(target, stopped->tid) : result;
}

static int read_thread(ty_target *target, struct ty_thread *thread)
{
	struct ty_region_list *lists[] = { &target->shared, &thread->list, &target->code_list };
	int result;

	target->plan.stale = true;
	result = ty_plan_read(&target->plan, lists, 3);
	target->plan.stale = target->threads_stale = true;
	return result;
}

/* Walks bytes that were all read while the thread was stopped. 1: something was missing or has changed, once more. */
static int walk_thread(ty_target *target, struct ty_thread *thread)
{
	struct ty_walk_result result;
	bool missed = false;

	ty_status_find_holders(target, &missed);
	ty_artificial_find_collectors(target, &missed);
	ty_status_update(target, thread, &missed);
	ty_artificial_note(target, thread);
	target->walker.at_rest = true;
	ty_walk_thread(&target->walker, thread, &result);
	target->walker.at_rest = false;
	if (result.error < 0)
		return result.error;
	ty_codes_confirm(target, &result);
	thread->verdict = result.verdict;
	return missed || result.missed || result.code_changed;
}

/* The usual case: the thread goes on as soon as it is read, and the bytes are looked at afterwards. */
static int read_and_let_go(ty_target *target, struct ty_thread *thread)
{
	struct stopped stopped;
	int result = stop(target, thread, &stopped);

	if (result < 0)
		return result;
	result = read_thread(target, thread);
	let_go(target, &stopped);
	return result < 0 ? result : walk_thread(target, thread);
}

/*
 * When something was not predicted: what is missing can be known only by looking, and after a further stop it would be
 * something else again. So it is fetched while the thread is stopped.
 */
static int read_and_fetch(ty_target *target, struct ty_thread *thread)
{
	struct stopped stopped;
	int result = stop(target, thread, &stopped);

	if (result < 0)
		return result;
	result = 1;
	for (int i = 0; result > 0 && i < READINGS_MAX; i++) {
		result = read_thread(target, thread);
		if (result == 0)
			result = walk_thread(target, thread);
	}
	let_go(target, &stopped);
	return result;
}

int ty_sample_thread_stopped(ty_target *target, struct ty_thread *thread)
{
	int result = read_and_let_go(target, thread);

	if (result > 0)
		result = read_and_fetch(target, thread);
	if (result < 0)
		return result;
	if (result > 0 && thread->verdict <= TY_REPAIRED)
		thread->verdict = TY_TORN;
	return ty_walk_publish(&target->walker, thread, thread->verdict) ? 0 : -ENOMEM;
}

/* With all threads wanted, their list is read without a stop first. */
static int find_threads(ty_target *target)
{
	bool missed = false;
	int result;

	target->plan.stale = true;
	for (size_t i = 0; i < target->threads.count; i++)
		target->threads.items[i]->verdict = TY_FAILED;
	ty_array_clear(&target->lists);
	if (!ty_array_reserve(&target->lists, target->threads.count + 1))
		return -ENOMEM;
	target->lists.items[target->lists.count++] = &target->shared;
	for (size_t i = 0; i < target->threads.count; i++)
		target->lists.items[target->lists.count++] = &target->threads.items[i]->list;
	result = ty_plan_read(&target->plan, target->lists.items, target->lists.count);
	if (result == 0)
		result = ty_threads_update(target, &missed);
	if (result == 0)
		ty_status_find_holders(target, &missed);
	return result;
}

/* A thread that the mode does not select is not stopped to find out. */
static bool is_wanted(ty_target *target, struct ty_thread *thread)
{
	bool missed;

	if (target->mode == TY_MODE_WALL)
		return true;
	ty_status_update(target, thread, &missed);
	return ty_status_matches(target->mode, thread->status);
}

int ty_sample_stopped(ty_target *target)
{
	int result = find_threads(target);
	size_t stopped = 0;

	if (result < 0)
		return ty_target_lost(target, result);
	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		struct ty_thread *thread = target->snapshot.threads.items[i];

		if (!is_wanted(target, thread)) {
			stopped++;
			continue;
		}
		result = ty_sample_thread_stopped(target, thread);
		if (result == -ENOMEM)
			return ty_target_lost(target, result);
		stopped += result == 0 || result == -ETIMEDOUT;
	}
	/* A thread that just ended, or sleeps, is no reason to fail, but where none may be stopped the caller has to
	 * know. */
	if (stopped || !target->snapshot.threads.count)
		return 0;
	/* What the refusal said, unless there is nobody left to stop. */
	return ty_proc_ended(target->pid) ? ty_target_lost(target, -ESRCH) : result;
}
