/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the Python in a command that was just started.
 *
 * `python3 x.py` is Python from its exec on. A launcher becomes Python by a later exec in the same process (env, venv
 * scripts, pyenv shims); a shell, make or bwrap starts it as a child. So the process and its descendants are tried, the
 * process first, again and again until one can be attached to: often at first, because Python is up within some
 * milliseconds and its first imports are to be seen, and then less and less often for a process that stays what it is.
 * A new process or a new executable starts that over.
 *
 * Descendants come from /proc/PID/task/TID/children (proc(5), Linux 3.5, CONFIG_PROC_CHILDREN). Every thread is asked,
 * because a child is listed with the thread that forked it. Where the kernel has no such file, the parents of all
 * processes are read instead, less often because that is slow.
 */
#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_DELAY_NS (NS_PER_MS / 2)
#define LONGEST_DELAY_NS (50 * NS_PER_MS)
#define SLOW_PAUSE_NS (5 * NS_PER_MS)
#define BUSY_NS (2 * NS_PER_SECOND) /* how long after a change to look often */
#define MAX_TASKS 1024

static bool has_children_files(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	return access(path, R_OK) == 0;
}

void follower_init(struct follower *follower, pid_t root)
{
	*follower = (struct follower){ .root = root, .changed_ns = now_ns(), .scan_all = !has_children_files() };
}

/* Time until the next look. */
uint64_t follower_pause_ns(const struct follower *follower)
{
	return follower->scan_all || now_ns() - follower->changed_ns > BUSY_NS ? SLOW_PAUSE_NS : FIRST_DELAY_NS;
}

static struct candidate *find_candidate(struct follower *follower, pid_t pid)
{
	for (size_t i = 0; i < follower->count; i++) {
		if (follower->candidates[i].pid == pid)
			return &follower->candidates[i];
	}
	if (follower->count == FOLLOW_CANDIDATES)
		return NULL;
	struct candidate *candidate = &follower->candidates[follower->count++];

	*candidate = (struct candidate){ .pid = pid };
	return candidate;
}

/* Forgets processes that are gone: a build with thousands of short children must not fill the table. */
static void drop_ended(struct follower *follower)
{
	char path[64];
	size_t kept = 0;

	for (size_t i = 0; i < follower->count; i++) {
		snprintf(path, sizeof(path), "/proc/%d", (int)follower->candidates[i].pid);
		struct stat status;

		if (stat(path, &status) == 0)
			follower->candidates[kept++] = follower->candidates[i];
	}
	follower->count = kept;
}

/* Notices a new process or an exec in a known one. */
static void look_at_executable(struct follower *follower, struct candidate *candidate)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)candidate->pid);
	if (stat(path, &status) < 0)
		return;
	if (status.st_dev == candidate->device && status.st_ino == candidate->inode)
		return;
	candidate->device = status.st_dev;
	candidate->inode = status.st_ino;
	candidate->next_try_ns = 0;
	candidate->delay_ns = FIRST_DELAY_NS;
	follower->changed_ns = now_ns();
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

static size_t add_children_of_task(pid_t pid, long task, pid_t *list, size_t count, size_t capacity)
{
	char path[96];
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%ld/children", (int)pid, task);
	FILE *file = fopen(path, "re");

	if (!file)
		return count;
	while (count < capacity && fscanf(file, "%d", &child) == 1)
		list[count++] = child;
	fclose(file);
	return count;
}

static size_t add_listed_children(pid_t pid, pid_t *list, size_t count, size_t capacity)
{
	char path[64];
	struct dirent *entry;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);

	if (!tasks)
		return count;
	for (int seen = 0; seen < MAX_TASKS && (entry = readdir(tasks)); seen++) {
		if (entry->d_name[0] != '.')
			count = add_children_of_task(pid, strtol(entry->d_name, NULL, 10), list, count, capacity);
	}
	closedir(tasks);
	return count;
}

/* From "PID (NAME) STATE PARENT …"; the name may hold spaces and brackets. */
static pid_t parent_of(long pid)
{
	char path[64];
	char line[512];
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	const char *rest = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;

	if (rest && sscanf(rest, ") %*c %d", &parent) != 1)
		parent = 0;
	fclose(file);
	return parent;
}

static size_t scan_for_children(pid_t pid, pid_t *list, size_t count, size_t capacity)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	while (processes && count < capacity && (entry = readdir(processes))) {
		long child = strtol(entry->d_name, NULL, 10);

		if (child > 0 && parent_of(child) == pid)
			list[count++] = (pid_t)child;
	}
	if (processes)
		closedir(processes);
	return count;
}

/* One look at the command and its descendants. The target that could be attached to, with its PID, or NULL. */
ty_target *follower_step(struct follower *follower, const ty_attach_options *options, pid_t *pid)
{
	pid_t list[FOLLOW_CANDIDATES] = { follower->root };
	size_t count = 1;

	if (follower->count == FOLLOW_CANDIDATES)
		drop_ended(follower);
	for (size_t i = 0; i < count; i++) {
		struct candidate *candidate = find_candidate(follower, list[i]);

		if (candidate) {
			look_at_executable(follower, candidate);
			ty_target *target = candidate->inode && now_ns() >= candidate->next_try_ns
			                            ? try_candidate(follower, candidate, options)
			                            : NULL;

			if (target) {
				*pid = list[i];
				return target;
			}
		}
		count = follower->scan_all ? scan_for_children(list[i], list, count, FOLLOW_CANDIDATES)
		                           : add_listed_children(list[i], list, count, FOLLOW_CANDIDATES);
	}
	return NULL;
}
