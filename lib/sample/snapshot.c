/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One sample: read, walk, judge, and read again what did not hold.
 *
 * A reading is one vector read of everything the last samples used. Stacks that hold are accepted; the others, and
 * those for which something had to be fetched on its own, are read once more, all of their regions by one call again,
 * so that what is accepted in the end is always the bytes of one reading.
 */
#include <errno.h>
#include <string.h>

#include "sample/artificial.h"
#include "sample/beside.h"
#include "sample/confirm.h"
#include "sample/merged.h"
#include "sample/replay.h"
#include "sample/rest.h"
#include "sample/status.h"
#include "sample/stop.h"
#include "sample/target.h"
#include "sample/tasks.h"
#include "target/proc.h"
#include "util/clock.h"
#include "util/options.h"

/* Readings within one sample that only fetched what had not been predicted; they do not count as retries. */
#define MISSES_MAX 6

/* Readings of lists of threads that are changed while they are read. */
#define LIST_READINGS_MAX 4

/* Samples between two looks for regions that are no longer used. */
#define SWEEP_SAMPLES 64

static bool is_refusal(int code)
{
	return code == -EPERM || code == -EACCES;
}

int ty_target_lost(ty_target *target, int code)
{
	bool starved = target->plan.is_starved;
	int mapped;

	target->plan.is_starved = false;
	if (code == -ENOMEM || starved)
		return ty_fail(&target->error, -ENOMEM, "out of memory");
	/* -ESRCH says it as well in the middle of exec(). */
	if (!target->is_capture && ty_proc_ended(target->pid))
		return ty_fail(&target->error, -TY_EEXITED, "process %d has ended", (int)target->pid);
	mapped = target->is_capture ? 1 : ty_runtime_is_mapped(target->pid, &target->runtime);
	if (mapped == 0 || ty_exec_happened(target->memory, &target->program))
		return ty_fail(&target->error, -TY_EREPLACED, "process %d was replaced by exec()", (int)target->pid);
	if (is_refusal(code) || is_refusal(mapped)) {
		char reason[TY_MESSAGE_BYTES / 2];

		ty_proc_explain_refusal(target->pid, reason, sizeof(reason));
		return ty_fail(&target->error, -TY_EPERMISSION, "may no longer read process %d: %s", (int)target->pid,
		               reason);
	}
	return ty_fail_at(&target->error, -TY_ECORRUPT, target->memory->fault_address,
	                  "the interpreter's list of threads cannot be followed; it is changing, or finishing");
}

/* Adds one list. What the array held before is still there: `same` counts how far both agree. */
static void add_list(ty_target *target, struct ty_region_list *list, size_t before, size_t *same)
{
	size_t index = target->lists.count++;

	*same += *same == index && index < before && target->lists.items[index] == list;
	target->lists.items[index] = list;
}

/* What one reading has to bring: everything that is shared, and the threads that are not accepted yet. */
static int gather_lists(ty_target *target, bool only_open)
{
	size_t before = target->lists.count, same = 0;

	ty_array_clear(&target->lists);
	if (!ty_array_reserve(&target->lists, target->threads.count + 2))
		return -ENOMEM;
	add_list(target, &target->shared, before, &same);
	for (size_t i = 0; i < target->threads.count; i++)
		if (!only_open || !target->threads.items[i]->accepted)
			add_list(target, &target->threads.items[i]->list, before, &same);
	add_list(target, &target->code_list, before, &same);
	/* The same lists again need no new vector, and can be compared with what they were. */
	target->plan.stale |= same != before || same != target->lists.count;
	target->threads_stale = only_open && target->lists.count != target->threads.count + 2;
	return 0;
}

static int read_plan(ty_target *target, bool only_open)
{
	int result = 0;

	if (only_open || target->threads_stale)
		result = gather_lists(target, only_open);
	return result < 0 ? result : ty_plan_read(&target->plan, target->lists.items, target->lists.count);
}

/* A thread that was not expected to have run. Returns whether that is so. */
static bool accept_resting(ty_target *target, struct ty_thread *thread, bool *missed)
{
	thread->accepted = ty_rest_holds(target, thread);
	if (thread->accepted) {
		ty_status_update(target, thread, missed);
		ty_artificial_note(target, thread);
	}
	*missed |= !thread->accepted;
	return thread->accepted;
}

/* Walks every thread that is not accepted. Returns the number of those that are still open, or a negative error. */
static int walk_threads(ty_target *target, bool *missed, bool last)
{
	int open = 0;

	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		struct ty_thread *thread = target->snapshot.threads.items[i];
		struct ty_walk_result result;

		if (thread->accepted)
			continue;
		if (ty_rest_is_predicted(target, thread)) {
			open += !accept_resting(target, thread, missed);
			continue;
		}
		ty_status_update(target, thread, missed);
		if (!ty_status_matches(target->mode, thread->status)) {
			thread->accepted = true;
			continue;
		}
		ty_artificial_note(target, thread);
		ty_walk_thread(&target->walker, thread, &result);
		if (result.error < 0)
			return result.error;
		ty_codes_confirm(target, &result);
		thread->verdict = result.verdict;
		/* Bytes that were read one after the other prove nothing, however well they fit. */
		if ((result.missed || result.code_changed) && thread->verdict <= TY_REPAIRED)
			thread->verdict = TY_TORN;
		*missed |= result.missed || result.code_changed;
		thread->accepted = thread->verdict <= TY_REPAIRED || last;
		if (thread->accepted && !ty_walk_publish(&target->walker, thread, thread->verdict))
			return -ENOMEM;
		if (thread->verdict <= TY_REPAIRED)
			ty_rest_date(target, thread);
		open += !thread->accepted;
	}
	return open;
}

/* The first reading of a sample. A list of threads that was changed meanwhile is read once more: others stand behind.
 */
static int read_first(ty_target *target, bool *missed)
{
	int result = 0;

	for (int i = 0; result == 0 && i < LIST_READINGS_MAX && (i == 0 || target->list_is_cut); i++) {
		result = read_plan(target, false);
		if (result == 0)
			result = ty_threads_update(target, missed);
	}
	return result;
}

static int read_again(ty_target *target, bool *missed)
{
	int result = read_plan(target, true);

	return result < 0 ? result : ty_threads_recheck(target, missed);
}

/* A thread that ran while it was read is on another processor than we are. From its own one it is read once more. */
static void follow_open(ty_target *target)
{
	for (size_t i = 0; i < target->snapshot.threads.count; i++) {
		const struct ty_thread *thread = target->snapshot.threads.items[i];

		if (thread->accepted)
			continue;
		ty_beside_follow(target->beside, target->pid, (pid_t)thread->host_id);
		return;
	}
}

static int read_until_proven(ty_target *target)
{
	uint32_t retries = target->options.max_retries;
	int misses = 0;

	for (bool first = true;; first = false) {
		bool missed = false;
		int result = first ? read_first(target, &missed) : read_again(target, &missed);

		if (result < 0)
			return ty_target_lost(target, result);
		ty_status_find_holders(target, &missed);
		ty_artificial_find_collectors(target, &missed);
		result = walk_threads(target, &missed, misses >= MISSES_MAX || (!missed && !retries));
		target->counters.predicted += first && !missed;
		if (result <= 0)
			return result;
		if (missed && misses < MISSES_MAX) {
			misses++;
			continue;
		}
		target->counters.retries++;
		if (target->beside && !target->is_capture)
			follow_open(target);
		if (!retries)
			return walk_threads(target, &missed, true);
		retries--;
	}
}

static void count_verdicts(ty_target *target)
{
	for (size_t i = 0; i < target->snapshot.shown.count; i++) {
		switch (target->snapshot.shown.items[i]->verdict) {
		case TY_VERIFIED:
			target->counters.verified++;
			break;
		case TY_REPAIRED:
			target->counters.repaired++;
			break;
		case TY_TORN:
			target->counters.torn++;
			break;
		case TY_INCOMPLETE:
			target->counters.incomplete++;
			break;
		}
	}
}

static void sweep(ty_target *target)
{
	if (target->plan.sample % SWEEP_SAMPLES)
		return;
	ty_plan_sweep(&target->plan, &target->shared);
	ty_plan_sweep(&target->plan, &target->code_list);
	for (size_t i = 0; i < target->threads.count; i++)
		ty_plan_sweep(&target->plan, &target->threads.items[i]->list);
}

/* What memory alone could not prove is read once more with that thread stopped, where the caller allows it. */
static void stop_for_the_rest(ty_target *target)
{
	for (size_t i = 0; i < target->snapshot.threads.count; i++)
		if (ty_status_matches(target->mode, target->snapshot.threads.items[i]->status) &&
		    target->snapshot.threads.items[i]->verdict > TY_REPAIRED)
			ty_sample_thread_stopped(target, target->snapshot.threads.items[i]);
}

/* What one call read was all where it had been. More calls may mean that another program lies at the same addresses. */
static bool was_replaced(ty_target *target, uint64_t calls_before)
{
	return target->memory->syscalls - calls_before > 1 && ty_exec_happened(target->memory, &target->program);
}

static int take_sample(ty_target *target)
{
	uint64_t calls_before = target->memory->syscalls;
	int result;

	target->plan.sample++;
	for (size_t i = 0; i < target->threads.count; i++)
		target->threads.items[i]->accepted = false;
	ty_status_ask_kernel(target);
	ty_rest_predict(target);
	target->snapshot.time_ns = ty_now_ns();
	result = target->options.stop_policy == TY_STOP_ALWAYS ? ty_sample_stopped(target) : read_until_proven(target);
	if (result >= 0 && target->options.stop_policy == TY_STOP_THREAD)
		stop_for_the_rest(target);
	return result >= 0 && was_replaced(target, calls_before) ? ty_target_lost(target, -TY_EREPLACED) : result;
}

static int sample_tasks(ty_target *target, int tasks, bool show)
{
	int result = ty_tasks_of(target) ? ty_tasks_read(target->tasks, tasks) : -ENOMEM;

	return result == 0 && show ? ty_tasks_show(target->tasks, tasks) : result;
}

/* Threads, and tasks if any are wanted, which show in their place. 0 or a negative error. */
static int sample_process(ty_target *target, int tasks, bool show)
{
	int result = take_sample(target);

	if (result >= 0 && !ty_status_select(target))
		result = ty_target_lost(target, -ENOMEM);
	if (result >= 0 && tasks != TY_TASKS_NONE) {
		result = sample_tasks(target, tasks, show);
		result = result < 0 ? ty_target_lost(target, result) : 0;
	}
	if (result < 0)
		return result;
	count_verdicts(target);
	sweep(target);
	return 0;
}

/* An error is counted. */
static int sample(ty_target *target, int tasks, bool show)
{
	int result;

	if (!target->attached || target->merged)
		return ty_fail(&target->error, -TY_ESTATE, "the target is not attached");
	target->error.phase = TY_PHASE_SAMPLE;
	target->snapshot.by_task = false;
	target->reads_tasks = tasks != TY_TASKS_NONE;
	result = target->replay ? ty_replay_sample(target) : sample_process(target, tasks, show);
	if (result < 0) {
		/* Stacks may have changed that nobody was shown: nothing is unchanged since the snapshot before. */
		target->snapshot.number++;
		target->counters.failed++;
		return result;
	}
	target->counters.samples++;
	return 0;
}

int ty_sample(ty_target *target, const ty_snapshot **snapshot)
{
	int result = sample(target, target->options.tasks, true);

	*snapshot = result == 0 ? &target->snapshot : NULL;
	return result;
}

int ty_sample_tasks(ty_target *target, const ty_task_list **list)
{
	int result;

	*list = NULL;
	if (target->replay)
		return ty_fail(&target->error, -TY_ESTATE, "a recording holds the stacks of tasks, not the tasks");
	result = sample(target, TY_TASKS_ALL, false);
	if (result == 0)
		*list = target->tasks;
	return result;
}

const ty_task_list *ty_snapshot_tasks(const ty_snapshot *snapshot)
{
	return snapshot->by_task ? snapshot->target->tasks : NULL;
}

uint64_t ty_snapshot_time(const ty_snapshot *snapshot)
{
	return snapshot->time_ns;
}

size_t ty_snapshot_threads(const ty_snapshot *snapshot)
{
	const struct ty_merged *merged = snapshot->target->merged;

	if (snapshot->target->replay)
		return ty_replay_threads(snapshot->target->replay);
	return merged ? ty_merged_threads(merged) : snapshot->shown.count;
}

int32_t ty_snapshot_pid(const ty_snapshot *snapshot)
{
	const struct ty_merged *merged = snapshot->target->merged;

	const struct ty_replay *replay = snapshot->target->replay;
	int32_t replayed = replay ? ty_replay_pid(replay) : 0;

	if (replayed)
		return replayed;
	return merged ? ty_merged_pid(merged) : snapshot->target->pid;
}

ty_target *ty_snapshot_target(const ty_snapshot *snapshot)
{
	return snapshot->target;
}

int ty_snapshot_thread(const ty_snapshot *snapshot, size_t index, ty_thread_info *info)
{
	struct ty_thread *thread;
	ty_thread_info filled;
	const ty_frame *frames;
	size_t frame_count;

	if (snapshot->target->replay)
		return ty_replay_thread(snapshot->target->replay, index, info);
	if (snapshot->target->merged)
		return ty_merged_thread(snapshot->target->merged, index, info);
	if (index >= snapshot->shown.count)
		return -TY_ENOTFOUND;
	thread = snapshot->shown.items[index];
	frames = ty_artificial_frames(thread, &frame_count);
	filled = (ty_thread_info){
		.native_id = thread->native_id,
		.host_id = thread->host_id,
		.pthread_id = thread->pthread_id,
		.interpreter = thread->interpreter,
		.status = thread->status,
		.verdict = thread->verdict,
		.frames = frames,
		.frame_count = (uint32_t)frame_count,
		.unchanged_frames = thread->shown_unchanged,
		.thread_key = thread->key,
	};
	return ty_options_out(info, &filled, sizeof(filled));
}
