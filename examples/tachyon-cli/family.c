/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --subprocesses: starts a member for every process, ends them all, and says how it went.
 *
 * It goes on until the last process has ended, like strace -f: a program that leaves something running is profiled
 * until that ends too, or until --duration or Ctrl-C.
 */
#include "family.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define LOOK_NS (20 * NS_PER_MS)
#define DRAW_NS (NS_PER_SECOND / 4)
#define OTHERS_NAMED 5 /* of those that are not Python */

void summary_add(ty_run_summary *sum, const ty_run_summary *part)
{
	sum->samples += part->samples;
	sum->missed += part->missed;
	sum->failed += part->failed;
	sum->verified += part->verified;
	sum->repaired += part->repaired;
	sum->torn += part->torn;
	sum->incomplete += part->incomplete;
	sum->unreadable += part->unreadable;
}

void counters_add(ty_target_counters *sum, const ty_target_counters *part)
{
	sum->samples += part->samples;
	sum->failed += part->failed;
	sum->verified += part->verified;
	sum->repaired += part->repaired;
	sum->torn += part->torn;
	sum->incomplete += part->incomplete;
	sum->retries += part->retries;
	sum->stops += part->stops;
	sum->stop_ns += part->stop_ns;
	sum->syscalls += part->syscalls;
	sum->bytes_read += part->bytes_read;
	sum->predicted += part->predicted;
	sum->code_objects += part->code_objects;
	sum->code_checks += part->code_checks;
}

/* Of all processes, so far. */
static void sum_up(struct family *family, ty_run_summary *sum, ty_target_counters *counters)
{
	pthread_mutex_lock(&family->lock);
	*sum = family->gone;
	*counters = family->counters_gone;
	for (size_t i = 0; i < family->count; i++) {
		summary_add(sum, &family->members[i]->so_far);
		counters_add(counters, &family->members[i]->counters);
	}
	pthread_mutex_unlock(&family->lock);
	sum->size = sizeof(*sum);
	counters->size = sizeof(*counters);
	sum->duration_ns = now_ns() - family->start_ns;
}

/* ---- members ---- */

static void add_member(struct family *family, pid_t pid)
{
	if (family->count == family->capacity) {
		size_t capacity = family->capacity ? 2 * family->capacity : 64;

		pthread_mutex_lock(&family->lock);
		struct member **members = realloc(family->members, capacity * sizeof(*members));

		family->members = members ? members : family->members;
		family->capacity = members ? capacity : family->capacity;
		pthread_mutex_unlock(&family->lock);
		if (!members) {
			complain("process %d is left out: out of memory", (int)pid);
			return;
		}
	}
	struct member *member = member_start(family, pid);

	if (!member)
		return;
	pthread_mutex_lock(&family->lock);
	family->members[family->count++] = member;
	pthread_mutex_unlock(&family->lock);
}

static void note_other(struct family *family, const struct member *member)
{
	size_t used = strlen(family->other_names);

	if (family->others++ < OTHERS_NAMED)
		snprintf(family->other_names + used, sizeof(family->other_names) - used, "%s%s (%d)", used ? ", " : "",
		         member->name[0] ? member->name : "?", (int)member->pid);
}

/* The lock is held, or there are no threads any more. */
static void count_member(struct family *family, const struct member *member)
{
	summary_add(&family->gone, &member->so_far);
	counters_add(&family->counters_gone, &member->counters);
	if (member->state == MEMBER_OTHER)
		note_other(family, member);
	else if (member->state == MEMBER_REFUSED)
		family->refused++;
	else if (member->state != MEMBER_SAMPLED)
		family->unready++;
}

/* Takes a member whose thread has finished out of the list; NULL: none has. */
static struct member *take_finished(struct family *family)
{
	struct member *found = NULL;

	pthread_mutex_lock(&family->lock);
	for (size_t i = 0; i < family->count && !found; i++) {
		if (!family->members[i]->finished)
			continue;
		found = family->members[i];
		count_member(family, found);
		family->members[i] = family->members[--family->count];
	}
	pthread_mutex_unlock(&family->lock);
	return found;
}

static void reap_members(struct family *family)
{
	struct member *member;

	while ((member = take_finished(family))) {
		pthread_join(member->thread, NULL);
		member_free(member);
	}
}

/* Whether a thread still has something to do, beside waiting for its turn to write. */
static bool is_busy(struct family *family)
{
	bool busy = false;

	pthread_mutex_lock(&family->lock);
	for (size_t i = 0; i < family->count; i++)
		busy |= !family->members[i]->finished && !family->members[i]->waiting;
	pthread_mutex_unlock(&family->lock);
	return busy;
}

static void note_exec(struct family *family, pid_t pid)
{
	pthread_mutex_lock(&family->lock);
	for (size_t i = 0; i < family->count; i++) {
		if (family->members[i]->pid == pid)
			family->members[i]->replaced = true;
	}
	pthread_cond_broadcast(&family->changed);
	pthread_mutex_unlock(&family->lock);
}

static void stop_all(struct family *family)
{
	pthread_mutex_lock(&family->lock);
	family->over = true;
	for (size_t i = 0; i < family->count; i++) {
		if (family->members[i]->sampler)
			ty_sampler_stop(family->members[i]->sampler);
	}
	pthread_cond_broadcast(&family->changed);
	pthread_mutex_unlock(&family->lock);
}

/* ---- watching ---- */

static void handle(struct family *family, const ty_process_event *event)
{
	if (event->kind == TY_PROCESS_STARTED) {
		family->living++;
		add_member(family, event->pid);
	} else if (event->kind == TY_PROCESS_REPLACED) {
		note_exec(family, event->pid);
	} else if (event->kind == TY_PROCESS_ENDED) {
		family->living--;
	}
}

static bool has_failed(struct family *family)
{
	pthread_mutex_lock(&family->lock);
	bool failed = family->error != 0;

	pthread_mutex_unlock(&family->lock);
	return failed;
}

/* Why it is over; TY_END_NONE: it is not. */
static int end_reason(struct family *family)
{
	uint64_t duration_ns = family->options->duration_ns;

	if (signals_received())
		return TY_END_STOPPED;
	if (duration_ns && now_ns() - family->start_ns >= duration_ns)
		return TY_END_DURATION;
	if (has_failed(family))
		return TY_END_ERROR;
	return family->living <= 0 && !is_busy(family) ? TY_END_EXITED : TY_END_NONE;
}

static uint64_t next_look_ns(const struct family *family)
{
	uint64_t duration_ns = family->options->duration_ns, passed_ns = now_ns() - family->start_ns;
	uint64_t left_ns = duration_ns > passed_ns ? duration_ns - passed_ns : 0;

	return duration_ns && left_ns < LOOK_NS ? left_ns : LOOK_NS;
}

/* Until all have ended, the time is over or a signal came. Gives the reason. */
static int watch(struct family *family, ty_processes *processes, struct child *child)
{
	uint64_t draw_ns = now_ns() + DRAW_NS;
	struct progress progress;
	struct realtime realtime;
	int reason;

	progress_init(&progress, family->options, family->root);
	realtime_init(&realtime, family->options);
	while ((reason = end_reason(family)) == TY_END_NONE) {
		ty_process_event event = { .size = sizeof(event) };
		int result = ty_processes_next(processes, next_look_ns(family), &event);

		if (result < 0) {
			complain("watching processes: %s", ty_strerror(result));
			reason = TY_END_ERROR;
			break;
		}
		if (result == 0)
			handle(family, &event);
		reap_members(family);
		if (child)
			child_reap(child);
		if (now_ns() >= draw_ns) {
			ty_target_counters counters;
			ty_run_summary sum;

			sum_up(family, &sum, &counters);
			progress_draw(&progress, &sum);
			realtime_show(&realtime, &sum, &counters);
			draw_ns = now_ns() + DRAW_NS;
		}
	}
	progress_clear(&progress);
	return reason;
}

/* ---- the end ---- */

static void tell_processes(const struct family *family)
{
	fprintf(stderr, "Profiled %zu process%s", family->sampled, family->sampled == 1 ? "" : "es");
	if (family->unready)
		fprintf(stderr, "; %zu ended before the first sample", family->unready);
	if (family->refused)
		fprintf(stderr, "; %zu could not be read", family->refused);
	fputc('\n', stderr);
	if (!family->others)
		return;
	fprintf(stderr, "Left out, not Python: %zu, ", family->others);
	text_puts(stderr, family->other_names);
	fputs(family->others > OTHERS_NAMED ? ", …\n" : "\n", stderr);
}

/* The report, then the results that wait for it. 0, or the first error. */
static int finish(struct family *family, struct session *session)
{
	ty_collector *report = NULL;
	int result = report_collector(session, &report);

	if (result == 0) {
		ty_run_info run = run_info(session->options, family->merged);

		ty_collector_begin(report, &run);
		ty_collector_end(report, &session->summary);
		tell_processes(family);
	}
	ty_collector_free(report);
	if (family->merged && family->sampled)
		result = outputs_end(family->outputs, family->options, &session->summary);
	pthread_mutex_lock(&family->lock);
	family->reported = true;
	pthread_cond_broadcast(&family->changed);
	pthread_mutex_unlock(&family->lock);
	while (family->count) {
		reap_members(family);
		sleep_ns(NS_PER_MS);
	}
	if (family->outputs->stats_sink && family->sampled) {
		int written = stats_write(family->outputs->stats_sink, session);

		result = result < 0 ? result : written;
	}
	return result;
}

/* --merge: the collectors begin before there is anything to collect. */
static int begin_merged(struct family *family)
{
	if (!family->options->merge)
		return 0;
	int result = ty_merged_new(&family->merged);
	ty_run_info run = run_info(family->options, family->merged);

	return result < 0 ? result : outputs_begin(family->outputs, &run);
}

/* Every process may need some files of its own. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static void init(struct family *family, const struct options *options, struct outputs *outputs, pid_t root)
{
	pthread_condattr_t attributes;

	*family = (struct family){
		.options = options,
		.outputs = outputs,
		.root = root,
		.living = 1,
		.start_ns = now_ns(),
	};
	pthread_mutex_init(&family->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&family->changed, &attributes);
	pthread_condattr_destroy(&attributes);
}

static int run_all(struct family *family, ty_processes *processes, struct child *child, struct session *session)
{
	int result = begin_merged(family);

	if (result < 0) {
		complain("cannot begin: %s", ty_strerror(result));
		return result;
	}
	raise_file_limit();
	add_member(family, family->root);
	int reason = watch(family, processes, child);

	stop_all(family);
	while (is_busy(family)) {
		reap_members(family);
		sleep_ns(NS_PER_MS);
	}
	reap_members(family);
	sum_up(family, &session->summary, &session->counters);
	session->summary.end_reason = reason;
	session->python = family->python;
	result = finish(family, session);
	if (result == 0 && family->sampled == 0) {
		complain("no Python process was sampled; nothing was written");
		result = -TY_ENOTPYTHON;
	}
	return result;
}

/*
 * Profiles a process and its descendants. `processes` watches it already, so that none was missed. 0, or negative after
 * saying what went wrong; *reason is enum ty_end_reason.
 */
int family_run(const struct options *options, struct outputs *outputs, ty_processes *processes, pid_t root,
               struct child *child, int *reason)
{
	struct family family;
	struct session session = { .options = options, .outputs = outputs, .child = child, .pid = root };

	init(&family, options, outputs, root);
	int result = run_all(&family, processes, child, &session);

	*reason = session.summary.end_reason;
	ty_detach(family.merged);
	free(family.members);
	pthread_mutex_destroy(&family.lock);
	pthread_cond_destroy(&family.changed);
	return result;
}
