/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the processes that a process starts.
 *
 * What else the kernel offers, and why it is not used. Process events by netlink (CN_PROC) are told to the initial
 * namespaces alone and, before Linux 6.6, to CAP_NET_ADMIN alone; they are those of the whole machine, and are lost
 * when they are many. /proc/PID/task/TID/children (CONFIG_PROC_CHILDREN) has to be read for every thread of every
 * process, each time. ptrace(2) stops the target at every fork, and takes its place from debuggers. A pidfd
 * (pidfd_open(2)) tells when a process ends, not what it starts.
 *
 * What is used: the number of the last process or thread made, which /proc/loadavg ends with. Numbers are given in
 * order and in every PID namespace around the new process as well, so those between the last look and this one are all
 * there is to look at. A number is given shortly before the process can be seen; one that is not there is asked for
 * again for a while. All processes are looked through at the start and when too many were made at once; and again and
 * again where the file does not tell, or is not the kernel's own (lxcfs puts another one in its place).
 *
 * A process whose parent ended before it was looked at is somebody else's child by then. Where that is us, a child
 * subreaper (PR_SET_CHILD_SUBREAPER) of what we have started, ty_processes_adopt() tells so. That is for the caller to
 * decide: it is seen by the orphans, and a process has one set of children for all its purposes.
 */
#include <tachyon/processes.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "target/kin.h"
#include "util/array.h"
#include "util/clock.h"
#include "util/map.h"
#include "util/options.h"

/* Time between two looks; and shortly after something was started, because it rarely comes alone. */
#define LOOK_NS 1000000ULL
#define BUSY_LOOK_NS 250000ULL
#define BUSY_NS 10000000ULL

/* How long a number may belong to a process that is not there yet. */
#define BIRTH_NS 10000000ULL

/* Time between two checks of what is known, and between two looks at all processes where nothing tells of new ones. */
#define CHECK_NS 2000000ULL
#define SCAN_NS 10000000ULL

/* Looking takes at most one part in so many of the time. */
#define SHARE 20

/* Looks at all processes in a row, each of which finds one more generation at least. */
#define SCANS_MAX 8

/* Numbers that are looked at one by one; from there on it is cheaper to look at all processes. */
#define NEW_MAX 512

/* Descendants followed: as many as Linux can number. */
#define MEMBERS_MAX ((size_t)4 << 20)

struct member {
	pid_t pid;
	pid_t parent; /* when it was first seen */
	uint64_t start_ticks;
	struct ty_executable executable;
	bool told; /* it has memory of its own */
};

/* A number that was given, of a process we have not seen yet. */
struct birth {
	pid_t pid;
	uint64_t noticed_ns;
};

struct ty_processes {
	int last_fd; /* of /proc/loadavg; -1: it does not tell */
	pid_t last;
	TY_ARRAY(struct member) members;
	struct ty_map index_by_pid; /* in members, plus 1 */
	pid_t reaper; /* whose children belong here; 0: none */
	TY_ARRAY(struct birth) births;
	TY_ARRAY(ty_process_event) events;
	size_t next_event;
	uint64_t changed_ns; /* when something was last started */
	uint64_t check_ns;   /* when to check again */
	uint64_t scan_ns;
	uint64_t cost_ns; /* of the last look */
	bool failed;      /* out of memory */
};

static struct member *find_member(const struct ty_processes *processes, pid_t pid)
{
	const uint64_t *index = ty_map_get(&processes->index_by_pid, (uint64_t)pid);

	return index ? &processes->members.items[*index - 1] : NULL;
}

static void tell(struct ty_processes *processes, int kind, const struct member *member)
{
	ty_process_event *event = ty_array_push(&processes->events);

	if (event)
		*event = (ty_process_event){ sizeof(*event), kind, member->pid, member->parent, 0 };
	else
		processes->failed = true;
}

static void add_member(struct ty_processes *processes, pid_t pid, const struct ty_kin *kin, bool is_first)
{
	struct member *member = processes->members.count < MEMBERS_MAX ? ty_array_push(&processes->members) : NULL;

	if (!member || !ty_map_put(&processes->index_by_pid, (uint64_t)pid, processes->members.count)) {
		processes->members.count -= member != NULL;
		processes->failed = true;
		return;
	}
	*member = (struct member){ .pid = pid, .parent = kin->parent, .start_ticks = kin->start_ticks };
	member->told = is_first || !ty_kin_share_memory(pid, kin->parent);
	member->executable = ty_kin_executable(pid);
	if (member->told && !is_first)
		tell(processes, TY_PROCESS_STARTED, member);
}

static void remove_member(struct ty_processes *processes, struct member *member)
{
	size_t index = (size_t)(member - processes->members.items);

	if (member->told)
		tell(processes, TY_PROCESS_ENDED, member);
	ty_map_remove(&processes->index_by_pid, (uint64_t)member->pid);
	*member = processes->members.items[--processes->members.count];
	/* Cannot fail: its key is in the map. */
	if (index < processes->members.count)
		(void)ty_map_put(&processes->index_by_pid, (uint64_t)member->pid, index + 1);
}

static bool has_ended(const struct ty_kin *kin)
{
	return kin->state == 'Z' || kin->state == 'X';
}

static bool belongs(const struct ty_processes *processes, const struct ty_kin *kin)
{
	return (processes->reaper && kin->parent == processes->reaper) || find_member(processes, kin->parent);
}

/* Takes a process in if it belongs here. false: there is none with that number, perhaps not yet. */
static bool consider(struct ty_processes *processes, pid_t pid)
{
	struct member *known = find_member(processes, pid);
	struct ty_kin kin;

	if (!ty_kin_read(pid, &kin))
		return false;
	if (known && known->start_ticks == kin.start_ticks)
		return true;
	if (known)
		remove_member(processes, known);
	if (!has_ended(&kin) && belongs(processes, &kin) && ty_kin_process_of(pid) == pid) {
		add_member(processes, pid, &kin, false);
		processes->changed_ns = ty_now_ns();
	}
	return true;
}

/* ---- new numbers ---- */

static void note_births(struct ty_processes *processes, pid_t first, pid_t last, uint64_t now_ns)
{
	for (pid_t pid = first; pid <= last; pid++) {
		struct birth *birth = ty_array_push(&processes->births);

		if (!birth) {
			processes->failed = true;
			return;
		}
		*birth = (struct birth){ pid, now_ns };
	}
}

/* true when all processes have to be looked at instead. */
static bool look_at_numbers(struct ty_processes *processes, uint64_t now_ns)
{
	pid_t last = processes->last_fd < 0 ? 0 : ty_kin_last(processes->last_fd);
	pid_t before = processes->last;

	if (last == before)
		return false;
	processes->last = last;
	processes->changed_ns = now_ns;
	/* Behind the largest number they begin anew. */
	if (last < before || last - before > NEW_MAX || processes->births.count > NEW_MAX)
		return true;
	note_births(processes, before + 1, last, now_ns);
	return false;
}

static void look_at_births(struct ty_processes *processes, uint64_t now_ns)
{
	size_t kept = 0;

	for (size_t i = 0; i < processes->births.count; i++) {
		struct birth birth = processes->births.items[i];

		if (!consider(processes, birth.pid) && now_ns - birth.noticed_ns < BIRTH_NS)
			processes->births.items[kept++] = birth;
	}
	processes->births.count = kept;
}

/* ---- all processes ---- */

static bool consider_each(pid_t pid, void *user_data)
{
	struct ty_processes *processes = user_data;

	if (!find_member(processes, pid))
		consider(processes, pid);
	return !processes->failed;
}

/*
 * Once more as long as there are new ones: a child may have a smaller number than its parent. But not for ever: where
 * processes are started faster than they are looked at, what is left is found by its number.
 */
static void scan(struct ty_processes *processes)
{
	size_t before = 0;

	for (int i = 0; i < SCANS_MAX && processes->members.count > before && !processes->failed; i++) {
		before = processes->members.count;
		ty_kin_each(consider_each, processes);
	}
}

/* ---- what is known ---- */

static bool same_executable(struct ty_executable a, struct ty_executable b)
{
	return a.inode == b.inode && a.device == b.device;
}

static void check_executable(struct ty_processes *processes, struct member *member)
{
	struct ty_executable now = ty_kin_executable(member->pid);
	bool replaced = now.inode && member->executable.inode && !same_executable(now, member->executable);

	if (now.inode)
		member->executable = now;
	if (member->told && replaced)
		tell(processes, TY_PROCESS_REPLACED, member);
	if (member->told || ty_kin_share_memory(member->pid, member->parent))
		return;
	member->told = true;
	tell(processes, TY_PROCESS_STARTED, member);
}

static void check_members(struct ty_processes *processes)
{
	for (size_t i = 0; i < processes->members.count;) {
		struct member *member = &processes->members.items[i];
		struct ty_kin kin;

		if (!ty_kin_read(member->pid, &kin) || has_ended(&kin) || kin.start_ticks != member->start_ticks) {
			remove_member(processes, member);
			continue;
		}
		check_executable(processes, member);
		i++;
	}
}

/* ---- the whole ---- */

static uint64_t later(uint64_t now_ns, uint64_t period_ns, uint64_t cost_ns)
{
	return now_ns + (cost_ns * SHARE > period_ns ? cost_ns * SHARE : period_ns);
}

static void look(struct ty_processes *processes)
{
	uint64_t begin_ns = ty_now_ns(), now_ns;
	bool all = look_at_numbers(processes, begin_ns);

	look_at_births(processes, begin_ns);
	now_ns = ty_now_ns();
	if (all || (processes->last_fd < 0 && now_ns >= processes->scan_ns)) {
		scan(processes);
		processes->scan_ns = later(ty_now_ns(), SCAN_NS, ty_now_ns() - now_ns);
	}
	now_ns = ty_now_ns();
	if (now_ns >= processes->check_ns) {
		check_members(processes);
		processes->check_ns = later(ty_now_ns(), CHECK_NS, ty_now_ns() - now_ns);
	}
	processes->cost_ns = ty_now_ns() - begin_ns;
}

int ty_processes_new(int pid, ty_processes **out)
{
	ty_processes *processes;
	struct ty_kin kin;

	if (!out)
		return -TY_EOPTION;
	*out = NULL;
	if (pid <= 0 || !ty_kin_read(pid, &kin) || has_ended(&kin) || ty_kin_process_of(pid) != pid)
		return -TY_EEXITED;
	processes = calloc(1, sizeof(*processes));
	if (!processes)
		return -ENOMEM;
	processes->last_fd = ty_kin_open_last();
	/* Before all are looked at, so that none falls between. */
	processes->last = processes->last_fd < 0 ? 0 : ty_kin_last(processes->last_fd);
	add_member(processes, pid, &kin, true);
	scan(processes);
	processes->scan_ns = ty_now_ns() + SCAN_NS;
	if (processes->failed) {
		ty_processes_free(processes);
		return -ENOMEM;
	}
	*out = processes;
	return 0;
}

int ty_processes_adopt(ty_processes *processes, int reaper)
{
	if (!processes || reaper <= 0)
		return -TY_EOPTION;
	processes->reaper = reaper;
	return 0;
}

static int take_event(struct ty_processes *processes, ty_process_event *event)
{
	ty_process_event first = processes->events.items[processes->next_event++];

	if (processes->next_event == processes->events.count) {
		ty_array_clear(&processes->events);
		processes->next_event = 0;
	}
	return ty_options_out(event, &first, sizeof(first));
}

static uint64_t pause_ns(const struct ty_processes *processes, uint64_t now_ns)
{
	uint64_t pause = now_ns - processes->changed_ns < BUSY_NS ? BUSY_LOOK_NS : LOOK_NS;

	return pause > processes->cost_ns ? pause : processes->cost_ns;
}

int ty_processes_next(ty_processes *processes, uint64_t timeout_ns, ty_process_event *event)
{
	uint64_t begin_ns = ty_now_ns();

	for (;;) {
		struct timespec sleep;
		uint64_t now_ns, pause;

		if (processes->events.count)
			return take_event(processes, event);
		look(processes);
		if (processes->failed)
			return -ENOMEM;
		if (processes->events.count)
			continue;
		now_ns = ty_now_ns();
		if (now_ns - begin_ns >= timeout_ns)
			return 1;
		pause = pause_ns(processes, now_ns);
		if (pause > timeout_ns - (now_ns - begin_ns))
			pause = timeout_ns - (now_ns - begin_ns);
		sleep.tv_sec = (time_t)(pause / TY_NS_PER_SECOND);
		sleep.tv_nsec = (long)(pause % TY_NS_PER_SECOND);
		if (clock_nanosleep(CLOCK_MONOTONIC, 0, &sleep, NULL) == EINTR)
			return 1;
	}
}

void ty_processes_free(ty_processes *processes)
{
	if (!processes)
		return;
	if (processes->last_fd >= 0)
		close(processes->last_fd);
	ty_array_free(&processes->members);
	ty_map_free(&processes->index_by_pid);
	ty_array_free(&processes->births);
	ty_array_free(&processes->events);
	free(processes);
}
