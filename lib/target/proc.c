/* SPDX-License-Identifier: Apache-2.0 */
#include "target/proc.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/cleanup.h"

/* Bit of CAP_SYS_PTRACE in the masks of /proc/PID/status (linux/capability.h). */
#define CAP_SYS_PTRACE_BIT 19

/* A process may have this many threads at the most (PID_MAX_LIMIT of the kernel). */
#define THREADS_MAX (4 * 1024 * 1024)

/* Entries of an auxiliary vector that are looked at; the kernel writes some 25 (AT_VECTOR_SIZE). */
#define AUXV_MAX 128

/* Value of one line "KEY:\tVALUE" of a status file. */
static bool status_value(const char *path, const char *key, char *value, size_t size_bytes)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	size_t key_length = strlen(key);
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, key_length) != 0 || line[key_length] != ':')
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(value, size_bytes, "%s", line + key_length + 1 + strspn(line + key_length + 1, " \t"));
		return true;
	}
	return false;
}

static bool process_value(pid_t pid, const char *key, char *value, size_t size_bytes)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	return status_value(path, key, value, size_bytes);
}

pid_t ty_proc_namespace_id(pid_t pid, pid_t tid)
{
	char path[64], ids[256];
	const char *innermost;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	if (!status_value(path, "NSpid", ids, sizeof(ids)))
		return tid;
	innermost = strrchr(ids, '\t');
	return (pid_t)strtol(innermost ? innermost + 1 : ids, NULL, 10);
}

pid_t ty_proc_host_tid(pid_t pid, pid_t namespace_tid)
{
	_cleanup_closedir_ DIR *directory = NULL;
	struct dirent *entry;
	size_t seen = 0;
	char path[64];

	/* Usually both namespaces are one and the ids are equal. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d", (int)pid, (int)namespace_tid);
	if (access(path, F_OK) == 0 && ty_proc_namespace_id(pid, namespace_tid) == namespace_tid)
		return namespace_tid;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory)) && seen++ < THREADS_MAX) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid > 0 && ty_proc_namespace_id(pid, tid) == namespace_tid)
			return tid;
	}
	return 0;
}

bool ty_proc_ended(pid_t pid)
{
	char state[64];

	errno = 0;
	if (!process_value(pid, "State", state, sizeof(state)))
		return errno == ENOENT || errno == ESRCH;
	return state[0] == 'Z' || state[0] == 'X';
}

pid_t ty_proc_tracer(pid_t pid, pid_t tid)
{
	char path[64], tracer[32];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	return status_value(path, "TracerPid", tracer, sizeof(tracer)) ? (pid_t)strtol(tracer, NULL, 10) : 0;
}

uint64_t ty_proc_random_bytes(pid_t pid)
{
	_cleanup_fclose_ FILE *file = NULL;
	uint64_t entry[2]; /* type, value */
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)pid);
	file = fopen(path, "re");
	for (int i = 0; file && i < AUXV_MAX && fread(entry, sizeof(entry), 1, file) == 1; i++)
		if (entry[0] == AT_RANDOM)
			return entry[1];
	return 0;
}

void ty_proc_thread_name(pid_t pid, pid_t tid, char *name, size_t size_bytes)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64];

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", (int)pid, (int)tid);
	file = fopen(path, "re");
	if (file && fgets(name, (int)size_bytes, file))
		name[strcspn(name, "\n")] = '\0';
}

void ty_proc_text(const char *path, char *text, size_t size_bytes)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size_bytes - 1);

	text[got > 0 ? got : 0] = '\0';
}

const char *ty_proc_fields(const char *stat)
{
	const char *name_end = strrchr(stat, ')');

	return name_end && name_end[1] == ' ' ? name_end + 2 : NULL;
}

/* Field of /proc/PID/task/TID/stat that is the processor, counted from the state (proc_pid_stat(5): 39 and 3). */
#define STAT_PROCESSOR 36

static bool parse_processor(const char *stat, int *processor)
{
	const char *field = ty_proc_fields(stat);

	for (int i = 0; field && i < STAT_PROCESSOR; i++) {
		field = strchr(field, ' ');
		field += field != NULL;
	}
	return field && sscanf(field, "%d", processor) == 1 && *processor >= 0;
}

bool ty_proc_thread_schedule(pid_t pid, pid_t tid, struct ty_thread_schedule *schedule)
{
	char path[64], stat[1024];
	int policy;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid, (int)tid);
	ty_proc_text(path, stat, sizeof(stat));
	policy = sched_getscheduler(tid);
	/* A flag may stand beside the policy; -1, which has all bits, is no answer. */
	if (policy >= 0)
		policy &= ~SCHED_RESET_ON_FORK;
	schedule->is_real_time = policy == SCHED_FIFO || policy == SCHED_RR || policy == SCHED_DEADLINE;
	return parse_processor(stat, &schedule->processor);
}

static int read_number(const char *path, int fallback)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	int number = fallback;

	if (file && fscanf(file, "%d", &number) != 1)
		number = fallback;
	return number;
}

static bool have_ptrace_capability(void)
{
	char mask[32];

	return process_value(getpid(), "CapEff", mask, sizeof(mask)) &&
	       (strtoull(mask, NULL, 16) >> CAP_SYS_PTRACE_BIT & 1);
}

static bool same_user_namespace(pid_t pid)
{
	char path[64], ours[64] = "", theirs[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	/* The link of a process that we may not trace cannot be read either: then nothing is known. */
	if (readlink("/proc/self/ns/user", ours, sizeof(ours) - 1) < 0 ||
	    readlink(path, theirs, sizeof(theirs) - 1) < 0)
		return true;
	return strcmp(ours, theirs) == 0;
}

/* The user ids that ptrace(2) compares (real, effective, saved) are ours. */
static bool same_user(pid_t pid)
{
	char ids[128];
	char *at = ids;

	if (!process_value(pid, "Uid", ids, sizeof(ids)))
		return true;
	for (int i = 0; i < 3; i++)
		if (strtoul(at, &at, 10) != geteuid())
			return false;
	return true;
}

static bool is_descendant(pid_t pid)
{
	char value[32];

	for (int depth = 0; pid > 1 && depth < 64; depth++) {
		if (!process_value(pid, "PPid", value, sizeof(value)))
			return false;
		pid = (pid_t)strtol(value, NULL, 10);
		if (pid == getpid())
			return true;
	}
	return false;
}

void ty_proc_explain_refusal(pid_t pid, char *text, size_t size_bytes)
{
	int scope = read_number("/proc/sys/kernel/yama/ptrace_scope", 0);
	bool capable = have_ptrace_capability();

	if (scope >= 3) {
		snprintf(text, size_bytes,
		         "Yama forbids all tracing on this machine (kernel.yama.ptrace_scope is %d). "
		         "It can only be lowered by a reboot with another setting.",
		         scope);
	} else if (scope == 2 && !capable) {
		snprintf(text, size_bytes,
		         "Yama allows tracing to CAP_SYS_PTRACE only (kernel.yama.ptrace_scope is 2). "
		         "Run with sudo, or give this program the capability: setcap cap_sys_ptrace+ep PROGRAM.");
	} else if (!same_user_namespace(pid) && !capable) {
		snprintf(text, size_bytes,
		         "process %d lives in another user namespace, in which we have no CAP_SYS_PTRACE. "
		         "Run as root in the initial user namespace, or inside the container.",
		         (int)pid);
	} else if (!same_user(pid) && !capable) {
		snprintf(text, size_bytes,
		         "process %d belongs to another user (or changed its user ids) and we have no CAP_SYS_PTRACE. "
		         "Run as that user, with sudo, or in a container with --cap-add=SYS_PTRACE.",
		         (int)pid);
	} else if (scope == 1 && !capable && !is_descendant(pid)) {
		snprintf(text, size_bytes,
		         "Yama allows tracing of descendants only (kernel.yama.ptrace_scope is 1). "
		         "Start the program from the profiler, run with sudo, or: sysctl kernel.yama.ptrace_scope=0.");
	} else if (!capable) {
		snprintf(text, size_bytes,
		         "process %d is not dumpable (it has file capabilities, changed user, or called "
		         "prctl(PR_SET_DUMPABLE, 0)), or a seccomp filter or security module refuses. "
		         "Run with sudo, or in a container with --cap-add=SYS_PTRACE.",
		         (int)pid);
	} else {
		snprintf(text, size_bytes,
		         "a seccomp filter, a security module (SELinux, AppArmor) or a capability that process %d has "
		         "and "
		         "we have not refuses it. Run outside the container, or allow process_vm_readv in its profile.",
		         (int)pid);
	}
}
