/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that this test starts, as the library tells of them. */
#include <tachyon/processes.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"
#include "util/clock.h"

#define PATIENCE_NS 20000000000ULL
#define MANY 150
#define SHORT_US 30000
#define SHORT_CHILDREN 20
#define STORM_US 20000
#define STORM_CHILDREN 40 /* at a time */
#define STORMS 3
#define STORM_WATCHED_NS 300000000ULL
#define STORM_PATIENCE_NS 2000000000ULL

static ty_processes *watch_self(void)
{
	ty_processes *processes;

	ck_assert_ok(ty_processes_new(getpid(), &processes));
	return processes;
}

/* The next event, which has to be of that kind. */
static ty_process_event expect(ty_processes *processes, int kind)
{
	ty_process_event event = { .size = sizeof(event) };
	int result;

	do
		result = ty_processes_next(processes, PATIENCE_NS, &event);
	while (result == 1 && errno == EINTR);
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(event.kind, kind);
	return event;
}

static void expect_of(ty_processes *processes, int kind, pid_t pid)
{
	ck_assert_int_eq(expect(processes, kind).pid, pid);
}

static void expect_nothing(ty_processes *processes)
{
	ty_process_event event = { .size = sizeof(event) };

	ck_assert_int_eq(ty_processes_next(processes, 30000000, &event), 1);
}

/* A child that waits until it is killed. */
static pid_t start_waiting(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST(a_child_is_told_of_and_its_end)
{
	ty_processes *processes = watch_self();
	pid_t child = start_waiting();
	ty_process_event event = expect(processes, TY_PROCESS_STARTED);

	ck_assert_int_eq(event.pid, child);
	ck_assert_int_eq(event.parent, getpid());
	end(child);
	expect_of(processes, TY_PROCESS_ENDED, child);
	expect_nothing(processes);
	ty_processes_free(processes);
}

TEST(children_that_are_there_already_are_told_of)
{
	pid_t child = start_waiting();
	ty_processes *processes = watch_self();

	expect_of(processes, TY_PROCESS_STARTED, child);
	end(child);
	expect_of(processes, TY_PROCESS_ENDED, child);
	ty_processes_free(processes);
}

TEST(a_grandchild_comes_after_its_parent)
{
	ty_processes *processes = watch_self();
	ty_process_event first, second;
	pid_t child = fork();

	if (child == 0) {
		start_waiting();
		for (;;)
			pause();
	}
	first = expect(processes, TY_PROCESS_STARTED);
	second = expect(processes, TY_PROCESS_STARTED);
	ck_assert_int_eq(first.pid, child);
	ck_assert_int_eq(second.parent, child);
	kill(second.pid, SIGKILL);
	expect_of(processes, TY_PROCESS_ENDED, second.pid);
	end(child);
	expect_of(processes, TY_PROCESS_ENDED, child);
	ty_processes_free(processes);
}

/* Starts a process that starts another one and ends; that one says its id when somebody else has taken it in. */
static void start_orphan(pid_t reaper, int told)
{
	pid_t self;

	if (fork() == 0) {
		if (fork() != 0)
			_exit(0);
		while (getppid() != reaper)
			usleep(100);
		self = getpid();
		ck_assert_int_eq(write(told, &self, sizeof(self)), sizeof(self));
		for (;;)
			pause();
	}
	wait(NULL);
}

TEST(an_orphan_belongs_to_those_of_its_reaper)
{
	pid_t reaper = getpid(), orphan, root;
	ty_processes *processes;
	int go[2], told[2];
	char byte;

	ck_assert_ok(pipe(go) | pipe(told) | prctl(PR_SET_CHILD_SUBREAPER, 1));
	root = fork();
	if (root == 0) {
		ck_assert_int_eq(read(go[0], &byte, 1), 1);
		start_orphan(reaper, told[1]);
		for (;;)
			pause();
	}
	ck_assert_ok(ty_processes_new(root, &processes));
	ck_assert_ok(ty_processes_adopt(processes, reaper));
	ck_assert_int_eq(write(go[1], "g", 1), 1);
	/* Nobody looks before the one in between has ended. */
	ck_assert_int_eq(read(told[0], &orphan, sizeof(orphan)), sizeof(orphan));
	expect_of(processes, TY_PROCESS_STARTED, orphan);
	end(orphan);
	expect_of(processes, TY_PROCESS_ENDED, orphan);
	end(root);
	expect_of(processes, TY_PROCESS_ENDED, root);
	ty_processes_free(processes);
	ck_assert_ok(prctl(PR_SET_CHILD_SUBREAPER, 0));
}

TEST(a_zombie_has_ended)
{
	ty_processes *processes = watch_self();
	pid_t child = start_waiting();

	expect_of(processes, TY_PROCESS_STARTED, child);
	kill(child, SIGKILL);
	expect_of(processes, TY_PROCESS_ENDED, child);
	waitpid(child, NULL, 0);
	ty_processes_free(processes);
}

TEST(exec_is_told)
{
	ty_processes *processes = watch_self();
	int go[2];
	char byte = 0;
	pid_t child;

	ck_assert_int_eq(pipe(go), 0);
	child = fork();
	if (child == 0) {
		(void)!read(go[0], &byte, 1);
		execlp("sleep", "sleep", "100", (char *)NULL);
		_exit(1);
	}
	expect_of(processes, TY_PROCESS_STARTED, child);
	ck_assert_int_eq(write(go[1], &byte, 1), 1);
	expect_of(processes, TY_PROCESS_REPLACED, child);
	end(child);
	expect_of(processes, TY_PROCESS_ENDED, child);
	close(go[0]);
	close(go[1]);
	ty_processes_free(processes);
}

/* posix_spawn() of glibc shares memory until exec(), so that what is told of is the new program. */
TEST(a_child_by_vfork_is_told_of_once_it_is_a_program)
{
	char *const words[] = { "sleep", "100", NULL };
	ty_processes *processes = watch_self();
	char path[64], program[256] = "";
	pid_t child;

	ck_assert_int_eq(posix_spawnp(&child, "sleep", NULL, NULL, words, environ), 0);
	expect_of(processes, TY_PROCESS_STARTED, child);
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)child);
	ck_assert_int_gt(readlink(path, program, sizeof(program) - 1), 0);
	ck_assert_ptr_null(strstr(program, "test_processes"));
	end(child);
	expect_of(processes, TY_PROCESS_ENDED, child);
	ty_processes_free(processes);
}

static void *wait_for_cancel(void *unused)
{
	for (;;)
		pause();
	return unused;
}

TEST(a_thread_is_no_process)
{
	ty_processes *processes = watch_self();
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_cancel, NULL), 0);
	expect_nothing(processes);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	ty_processes_free(processes);
}

TEST(processes_of_others_are_not_told_of)
{
	pid_t child = start_waiting(), other;
	ty_processes *processes;

	ck_assert_ok(ty_processes_new(child, &processes));
	other = start_waiting();
	expect_nothing(processes);
	end(other);
	end(child);
	expect_of(processes, TY_PROCESS_ENDED, child);
	ty_processes_free(processes);
}

TEST(there_may_be_any_number)
{
	ty_processes *processes = watch_self();
	pid_t children[MANY];

	for (int i = 0; i < MANY; i++)
		children[i] = start_waiting();
	for (int i = 0; i < MANY; i++)
		expect(processes, TY_PROCESS_STARTED);
	for (int i = 0; i < MANY; i++)
		end(children[i]);
	for (int i = 0; i < MANY; i++)
		expect(processes, TY_PROCESS_ENDED);
	expect_nothing(processes);
	ty_processes_free(processes);
}

/* A child and when it lived, in shared memory: it writes itself when it ends. */
struct life {
	pid_t pid;
	uint64_t born_ns;
	uint64_t end_ns;
	int met; /* a whole look fell into it */
	int seen;
};

static void live_shortly(struct life *life)
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(SHORT_US);
		life->end_ns = ty_now_ns();
		_exit(0);
	}
	life->pid = pid;
	life->born_ns = ty_now_ns();
}

/* Looks as often as it can until the child has ended. */
static void watch_life(ty_processes *processes, struct life *life)
{
	ty_process_event event = { .size = sizeof(event) };

	while (waitpid(life->pid, NULL, WNOHANG) == 0) {
		uint64_t begin_ns = ty_now_ns(), looked_ns;
		int found = ty_processes_next(processes, 0, &event) == 0;

		looked_ns = ty_now_ns();
		life->seen |= found && event.kind == TY_PROCESS_STARTED && event.pid == life->pid;
		life->met |= begin_ns > life->born_ns && (!life->end_ns || looked_ns < life->end_ns);
	}
	while (ty_processes_next(processes, 0, &event) == 0)
		life->seen |= event.kind == TY_PROCESS_STARTED && event.pid == life->pid;
}

/* Those during whose 30 ms we were let run at all: on a busy machine that is not all of them. */
TEST(a_child_that_lives_30_ms_is_seen)
{
	struct life *life = mmap(NULL, sizeof(*life), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ty_processes *processes = watch_self();
	int met = 0;

	for (int i = 0; i < SHORT_CHILDREN; i++) {
		*life = (struct life){ 0 };
		live_shortly(life);
		watch_life(processes, life);
		ck_assert(life->seen || !life->met);
		met += life->met;
	}
	ck_assert_int_gt(met, 0);
	munmap(life, sizeof(*life));
	ty_processes_free(processes);
}

/* Children without end, each of which lives long enough to be seen. */
static pid_t start_storm(void)
{
	pid_t storm = fork();

	while (storm == 0) {
		if (fork() == 0) {
			usleep(STORM_US);
			_exit(0);
		}
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		usleep(STORM_US / STORM_CHILDREN);
	}
	return storm;
}

/* Every child that is told of is told of once more when it has ended, and the storm itself. */
TEST(a_storm_of_children_holds_nobody_up)
{
	ty_process_event event = { .size = sizeof(event) };
	pid_t storms[STORMS];
	ty_processes *processes;
	int counts[] = { [TY_PROCESS_STARTED] = 0, [TY_PROCESS_ENDED] = 0, [TY_PROCESS_REPLACED] = 0 };
	uint64_t begin_ns;

	for (int i = 0; i < STORMS; i++)
		storms[i] = start_storm();
	usleep(STORM_US * 2);
	begin_ns = ty_now_ns();
	ck_assert_ok(ty_processes_new(getpid(), &processes));
	ck_assert_uint_lt(ty_now_ns() - begin_ns, STORM_PATIENCE_NS);
	begin_ns = ty_now_ns();
	while (ty_now_ns() - begin_ns < STORM_WATCHED_NS)
		if (ty_processes_next(processes, STORM_WATCHED_NS / 10, &event) == 0)
			counts[event.kind]++;
	ck_assert_uint_lt(ty_now_ns() - begin_ns, STORM_PATIENCE_NS);
	ck_assert_int_gt(counts[TY_PROCESS_STARTED], STORM_CHILDREN);
	for (int i = 0; i < STORMS; i++)
		end(storms[i]);
	begin_ns = ty_now_ns();
	while (counts[TY_PROCESS_STARTED] != counts[TY_PROCESS_ENDED] && ty_now_ns() - begin_ns < STORM_PATIENCE_NS)
		if (ty_processes_next(processes, STORM_WATCHED_NS, &event) == 0)
			counts[event.kind]++;
	ck_assert_int_eq(counts[TY_PROCESS_STARTED], counts[TY_PROCESS_ENDED]);
	ty_processes_free(processes);
}

TEST(what_is_no_process_is_refused)
{
	ty_processes *processes;
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	ck_assert_int_eq(ty_processes_new(child, &processes), -TY_EEXITED);
	ck_assert_ptr_null(processes);
	ck_assert_int_eq(ty_processes_new(0, &processes), -TY_EEXITED);
	ck_assert_int_eq(ty_processes_new(getpid(), NULL), -TY_EOPTION);
	ty_processes_free(NULL);
}
