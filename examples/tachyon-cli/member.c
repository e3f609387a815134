/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One process of a family: tries to attach until it can, or the process ends; then samples it as any session does.
 *
 * A child is tried at once and again at growing intervals, because a program may take long to become Python, or to load
 * it; an exec() starts that over. Results are named as CPython's profiler names them: base_PID.ext beside the base.ext
 * that was asked for.
 */
#include "family.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_DELAY_NS (NS_PER_MS / 2)
#define LONGEST_DELAY_NS (50 * NS_PER_MS)
#define OTHER_DELAY_NS (NS_PER_SECOND / 2) /* for what has been something else for a while */
#define OTHER_AFTER_NS (2 * NS_PER_SECOND)
#define ROOT_PATIENCE_NS (50 * NS_PER_MS)
#define REFUSALS_TOLD 5
#define STACK_BYTES ((size_t)1 << 20)

/* ---- names of results ---- */

/* Where the ending of a path begins: that of its format if it has it, else what follows the last dot. */
static size_t find_ending(const char *path, enum format format)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t length = strlen(path), ending = strlen(format_table[format].ending) + 1;
	const char *dot = strrchr(base, '.');

	if (strlen(base) > ending && path[length - ending] == '.' &&
	    !strcmp(path + length - ending + 1, format_table[format].ending))
		return length - ending;
	return dot && dot != base ? (size_t)(dot - path) : length;
}

/* A directory gets a file named after the process anyhow, and a device is no place of its own. */
static bool is_shared_place(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* "base_PID.ext"; a table that would go to stdout is a file of CPython's name. */
static void name_result(struct member *member, struct output_choice *choice, char place[4096])
{
	const char *path = choice->path;

	if (!path && choice->format == FORMAT_PSTATS) {
		snprintf(place, 4096, "profile_%d.pstats", (int)member->pid);
	} else if (!path || is_shared_place(path)) {
		return;
	} else {
		size_t ending = find_ending(path, choice->format);

		snprintf(place, 4096, "%.*s_%d%s", (int)ending, path, (int)member->pid, path + ending);
	}
	choice->path = place;
}

static void name_results(struct member *member)
{
	member->options.stats = NULL;
	member->options.browser = false;
	for (size_t i = 0; i < member->options.output_count; i++)
		name_result(member, &member->options.outputs[i], member->places[i]);
}

/* ---- attaching ---- */

static void set_state(struct member *member, enum member_state state)
{
	pthread_mutex_lock(&member->family->lock);
	member->state = state;
	if (member->pid == member->family->root)
		pthread_cond_broadcast(&member->family->changed);
	pthread_mutex_unlock(&member->family->lock);
}

bool member_is_over(struct member *member)
{
	pthread_mutex_lock(&member->family->lock);
	bool over = member->family->over;

	pthread_mutex_unlock(&member->family->lock);
	return over;
}

static struct timespec time_after(uint64_t duration_ns)
{
	uint64_t then_ns = now_ns() + duration_ns;

	return (struct timespec){ (time_t)(then_ns / NS_PER_SECOND), (long)(then_ns % NS_PER_SECOND) };
}

/* Waits until it is worth to try again. false: it is not, everybody is to end. */
static bool wait_for_retry(struct member *member, uint64_t *delay_ns, uint64_t longest_ns)
{
	struct family *family = member->family;
	struct timespec until = time_after(*delay_ns);

	pthread_mutex_lock(&family->lock);
	while (!family->over && !member->replaced &&
	       pthread_cond_timedwait(&family->changed, &family->lock, &until) == 0)
		;
	*delay_ns = member->replaced ? FIRST_DELAY_NS : *delay_ns * 2 > longest_ns ? longest_ns : *delay_ns * 2;
	/* What it was says nothing any more. */
	if (member->replaced)
		member->state = MEMBER_TRYING;
	member->replaced = false;
	bool go_on = !family->over;

	pthread_mutex_unlock(&family->lock);
	return go_on;
}

static void read_name(struct member *member)
{
	char path[64], name[NAME_BYTES] = "";

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)member->pid);
	FILE *file = fopen(path, "re");

	if (!file)
		return;
	if (fgets(name, sizeof(name), file)) {
		name[strcspn(name, "\n")] = '\0';
		memcpy(member->name, name, sizeof(name));
	}
	fclose(file);
}

/* What an error says about the process. */
static enum member_state state_of(int code)
{
	switch (code) {
	case -TY_ESTARTING:
	case -TY_EREPLACED:
		return MEMBER_STARTING;
	case -TY_ENOTPYTHON:
		return MEMBER_OTHER;
	default:
		return MEMBER_REFUSED;
	}
}

/* Whether to say why it cannot be read: whoever may not read one may often read none of many, for the same reason. */
bool member_may_complain(struct member *member)
{
	struct family *family = member->family;

	pthread_mutex_lock(&family->lock);
	size_t told = family->refusals_told++;

	pthread_mutex_unlock(&family->lock);
	if (told == REFUSALS_TOLD)
		complain("more processes that cannot be read are only counted");
	return told < REFUSALS_TOLD;
}

/* Tries until the process can be attached to, has ended or refuses for good: then NULL. Says why it refuses. */
static ty_target *attach(struct member *member)
{
	uint64_t delay_ns = FIRST_DELAY_NS, begin_ns = now_ns(), refused_since_ns = 0;
	ty_attach_options options;
	enum member_state state;
	ty_target *target = NULL;
	char message[1024] = "";
	int code;

	attach_options_fill(&options, &member->options);
	while ((code = ty_attach(member->pid, &options, &target)) != 0 && code != -TY_EEXITED) {
		ty_error_info error = { .size = sizeof(error) };

		state = state_of(code);
		/* A process that ends has no memory left for a moment, as one that is being loaded has none yet. */
		if (state != MEMBER_STARTING || member->state != MEMBER_OTHER)
			set_state(member, state);
		read_name(member);
		if (state != MEMBER_REFUSED)
			refused_since_ns = 0;
		else if (!refused_since_ns)
			refused_since_ns = now_ns();
		message[0] = '\0';
		if (state == MEMBER_REFUSED && target && ty_last_error(target, &error) == 0)
			snprintf(message, sizeof(message), "%s", error.message);
		ty_detach(target);
		target = NULL;
		if (refused_since_ns && now_ns() - refused_since_ns > REFUSAL_PATIENCE_NS)
			break;
		if (state == MEMBER_STARTING)
			delay_ns = FIRST_DELAY_NS;
		if (!wait_for_retry(member, &delay_ns,
		                    now_ns() - begin_ns > OTHER_AFTER_NS ? OTHER_DELAY_NS : LONGEST_DELAY_NS))
			break;
	}
	if (code != 0) {
		ty_detach(target);
		target = NULL;
		if (message[0] && member_may_complain(member))
			complain("%s (%s)", message, member->name);
	}
	return target;
}

/* ---- sampling ---- */

/* The lock is held. */
static bool root_may_be_python(const struct family *family)
{
	for (size_t i = 0; i < family->count; i++) {
		const struct member *member = family->members[i];

		if (member->pid == family->root)
			return member->state == MEMBER_TRYING || member->state == MEMBER_STARTING;
	}
	return false;
}

/*
 * The first Python has the results as they were named; with --merge all have them. The process that was started or
 * named is the first, unless it is no Python: it gets a moment to show.
 */
static bool claim_results(struct member *member, ty_target *target)
{
	struct family *family = member->family;
	struct timespec until = time_after(ROOT_PATIENCE_NS);

	pthread_mutex_lock(&family->lock);
	member->state = MEMBER_SAMPLED;
	family->sampled++;
	while (!family->first && !family->over && root_may_be_python(family) &&
	       pthread_cond_timedwait(&family->changed, &family->lock, &until) == 0)
		;
	if (!family->first) {
		family->first = member;
		family->python.size = sizeof(family->python);
		ty_target_info(target, &family->python);
		pthread_cond_broadcast(&family->changed);
	}
	bool first = family->first == member;

	pthread_mutex_unlock(&family->lock);
	return first;
}

static int open_results(struct member *member, bool first)
{
	if (member->family->merged || first) {
		member->outputs = member->family->outputs;
		return 0;
	}
	name_results(member);
	member->outputs = calloc(1, sizeof(*member->outputs));
	return member->outputs ? outputs_open(member->outputs, &member->options, member->pid) : -ENOMEM;
}

static void sample(struct member *member, ty_target *target)
{
	struct session session = {
		.options = &member->options,
		.target = target,
		.pid = member->pid,
		.member = member,
	};
	bool first = claim_results(member, target);

	if (open_results(member, first) == 0) {
		session.outputs = member->outputs;
		session_run(&session);
	}
	if (member->outputs && member->outputs != member->family->outputs)
		outputs_free(member->outputs);
	if (member->family->merged) {
		pthread_mutex_lock(&member->family->lock);
		ty_merged_leave(member->family->merged, target);
		pthread_mutex_unlock(&member->family->lock);
	}
}

static void *run_thread(void *user_data)
{
	struct member *member = user_data;
	ty_target *target = attach(member);

	if (target)
		sample(member, target);
	ty_detach(target);
	pthread_mutex_lock(&member->family->lock);
	member->finished = true;
	pthread_mutex_unlock(&member->family->lock);
	return NULL;
}

/* ---- what a session asks ---- */

/* NULL: there is none any more. */
void member_watch(struct member *member, ty_sampler *sampler)
{
	pthread_mutex_lock(&member->family->lock);
	member->sampler = sampler;
	if (sampler && member->family->over)
		ty_sampler_stop(sampler);
	pthread_mutex_unlock(&member->family->lock);
}

void member_progress(struct member *member, const ty_run_summary *so_far, const ty_target_counters *counters)
{
	pthread_mutex_lock(&member->family->lock);
	member->so_far = *so_far;
	member->counters = *counters;
	pthread_mutex_unlock(&member->family->lock);
}

/* --merge: hands a sample to the results of all. */
int member_give(struct member *member, const ty_snapshot *snapshot)
{
	struct family *family = member->family;
	const ty_snapshot *merged;

	pthread_mutex_lock(&family->lock);
	int result = family->error ? family->error : ty_merged_sample(family->merged, snapshot, &merged);

	if (result == 0)
		result = outputs_give(family->outputs, merged);
	if (result < 0)
		family->error = result;
	pthread_mutex_unlock(&family->lock);
	return result;
}

/*
 * Notes how it went. Whether the results are to be written now, by this thread: not if there is nothing in them, or
 * they are those of all. The first waits for the report, which goes before them.
 */
bool member_may_write(struct member *member, const ty_run_summary *summary, const ty_target_counters *counters)
{
	struct family *family = member->family;

	member_progress(member, summary, counters);
	if (family->merged)
		return false;
	pthread_mutex_lock(&family->lock);
	if (member != family->first) {
		pthread_mutex_unlock(&family->lock);
		return summary->samples > 0;
	}
	member->waiting = true;
	while (!family->reported)
		pthread_cond_wait(&family->changed, &family->lock);
	pthread_mutex_unlock(&family->lock);
	return true;
}

/* ---- the thread ---- */

/* NULL: no memory or no thread for it, and said so. Signals are the main thread's. */
struct member *member_start(struct family *family, pid_t pid)
{
	struct member *member = calloc(1, sizeof(*member));
	pthread_attr_t attributes;
	sigset_t all, before;

	if (!member) {
		complain("process %d is left out: out of memory", (int)pid);
		return NULL;
	}
	*member = (struct member){ .family = family, .pid = pid, .options = *family->options };
	member->options.duration_ns = 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	int error = pthread_create(&member->thread, &attributes, run_thread, member);

	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error) {
		complain("process %d is left out: %s", (int)pid, strerror(error));
		free(member);
		return NULL;
	}
	return member;
}

/* Its thread has been joined. */
void member_free(struct member *member)
{
	if (member->outputs != member->family->outputs)
		free(member->outputs);
	free(member);
}
