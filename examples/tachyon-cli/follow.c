/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the Python in a command that was just started.
 *
 * `python3 x.py` is Python from its exec on. A launcher becomes Python by a later exec in the same process (env, venv
 * scripts, pyenv shims); a shell, make or bwrap starts it as a child. So the process and its descendants, which
 * ty_processes tells of, are tried, the process first, again and again until one can be attached to: often at first,
 * because Python is up within some milliseconds and its first imports are to be seen, and then less and less often for
 * a process that stays what it is. A new process or a new executable starts that over.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_DELAY_NS (NS_PER_MS / 2)
#define LONGEST_DELAY_NS (50 * NS_PER_MS)
#define SLOW_PAUSE_NS (5 * NS_PER_MS)
#define BUSY_NS (2 * NS_PER_SECOND) /* how long after a change to look often */

static struct candidate *find_candidate(const struct follower *follower, pid_t pid)
{
	for (size_t i = 0; i < follower->count; i++) {
		if (follower->candidates[i].pid == pid)
			return &follower->candidates[i];
	}
	return NULL;
}

static void add_candidate(struct follower *follower, pid_t pid)
{
	struct candidate *grown = realloc(follower->candidates, (follower->count + 1) * sizeof(*grown));

	/* Out of memory: the others may be Python. */
	if (!grown)
		return;
	follower->candidates = grown;
	grown[follower->count++] = (struct candidate){ .pid = pid, .delay_ns = FIRST_DELAY_NS };
	follower->changed_ns = now_ns();
}

static void take_event(struct follower *follower, const ty_process_event *event)
{
	struct candidate *candidate = find_candidate(follower, event->pid);

	if (event->kind == TY_PROCESS_STARTED && !candidate) {
		add_candidate(follower, event->pid);
	} else if (event->kind == TY_PROCESS_REPLACED && candidate) {
		candidate->next_try_ns = 0;
		candidate->delay_ns = FIRST_DELAY_NS;
		follower->changed_ns = now_ns();
	} else if (event->kind == TY_PROCESS_ENDED && candidate) {
		follower->count--;
		memmove(candidate, candidate + 1,
		        (size_t)(follower->candidates + follower->count - candidate) * sizeof(*candidate));
	}
}

/* Without what tells of descendants the process itself is still tried. */
void follower_init(struct follower *follower, pid_t root)
{
	*follower = (struct follower){ 0 };
	if (ty_processes_new(root, &follower->processes) != 0)
		follower->processes = NULL;
	add_candidate(follower, root);
}

void follower_free(struct follower *follower)
{
	ty_processes_free(follower->processes);
	free(follower->candidates);
	follower->processes = NULL;
	follower->candidates = NULL;
	follower->count = 0;
}

/* Waits until it is time for the next look, or there is something new to look at. */
void follower_wait(struct follower *follower)
{
	uint64_t pause_ns = now_ns() - follower->changed_ns > BUSY_NS ? SLOW_PAUSE_NS : FIRST_DELAY_NS;
	ty_process_event event = { .size = sizeof(event) };
	int result = -1;

	while (follower->processes && (result = ty_processes_next(follower->processes, pause_ns, &event)) == 0) {
		take_event(follower, &event);
		pause_ns = 0;
	}
	if (result < 0)
		sleep_ns(pause_ns);
}

/* Keeps what a refusal said, for the end of the command or of our patience. */
static void note_refusal(struct follower *follower, const struct candidate *candidate, ty_target *target, int code)
{
	ty_error_info error = { .size = sizeof(error) };

	if (follower->error != code || follower->error_pid != candidate->pid)
		follower->error_since_ns = now_ns();
	follower->error_last_ns = now_ns();
	follower->error = code;
	follower->error_pid = candidate->pid;
	follower->message[0] = '\0';
	if (target && ty_last_error(target, &error) == 0 && error.message)
		snprintf(follower->message, sizeof(follower->message), "%s", error.message);
}

/* Whether a refusal has lasted long enough not to pass, and still holds. */
bool follower_is_refused(const struct follower *follower)
{
	return follower->error && follower->error_last_ns - follower->error_since_ns > REFUSAL_PATIENCE_NS &&
	       now_ns() - follower->error_last_ns < 4 * LONGEST_DELAY_NS;
}

static ty_target *try_candidate(struct follower *follower, struct candidate *candidate,
                                const ty_attach_options *options)
{
	ty_target *target = NULL;
	int code = ty_attach(candidate->pid, options, &target);

	if (code == 0)
		return target;
	if (code == -TY_ESTARTING) {
		/* Python it is; it will be ready within milliseconds. */
		follower->seen_starting = true;
		candidate->delay_ns = FIRST_DELAY_NS;
	} else if (code != -TY_ENOTPYTHON && code != -TY_EREPLACED && code != -TY_EEXITED) {
		note_refusal(follower, candidate, target, code);
	}
	ty_detach(target);
	candidate->next_try_ns = now_ns() + candidate->delay_ns;
	candidate->delay_ns = candidate->delay_ns * 2 > LONGEST_DELAY_NS ? LONGEST_DELAY_NS : candidate->delay_ns * 2;
	return NULL;
}

/* One look at the command and its descendants. The target that could be attached to, with its PID, or NULL. */
ty_target *follower_step(struct follower *follower, const ty_attach_options *options, pid_t *pid)
{
	for (size_t i = 0; i < follower->count; i++) {
		struct candidate *candidate = &follower->candidates[i];
		ty_target *target =
		        now_ns() >= candidate->next_try_ns ? try_candidate(follower, candidate, options) : NULL;

		if (target) {
			*pid = candidate->pid;
			return target;
		}
	}
	return NULL;
}
