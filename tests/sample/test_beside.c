/* SPDX-License-Identifier: Apache-2.0 */
/* Following a thread to its processor, and back. */
#include "sample/beside.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

/* Moves that are tried: following is left out for a while after one that did not help. */
#define TRIES 200

static pid_t child_on(int processor)
{
	pid_t pid = fork();

	if (pid == 0) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(processor, &one);
		if (sched_setaffinity(0, sizeof(one), &one) != 0)
			_exit(1);
		for (;;)
			pause();
	}
	return pid;
}

static void end_child(pid_t pid)
{
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

static cpu_set_t affinity(void)
{
	cpu_set_t set;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(set), &set), 0);
	return set;
}

TEST(it_follows_and_goes_back)
{
	cpu_set_t before = affinity(), after;
	struct ty_beside beside = { 0 };

	for (int processor = 0; processor < CPU_SETSIZE; processor++) {
		pid_t child;

		if (!CPU_ISSET(processor, &before))
			continue;
		child = child_on(processor);
		for (int i = 0; i < TRIES && !(beside.bound && sched_getcpu() == processor); i++) {
			ty_beside_follow(&beside, child, child);
			usleep(100);
		}
		ck_assert(beside.bound);
		ck_assert_int_eq(sched_getcpu(), processor);
		end_child(child);
	}
	ty_beside_leave(&beside);
	after = affinity();
	ck_assert(CPU_EQUAL(&before, &after));
	ck_assert(!beside.bound);
}

TEST(a_thread_that_is_gone_is_not_followed)
{
	cpu_set_t before = affinity(), after;
	struct ty_beside beside = { 0 };

	ty_beside_follow(&beside, getpid(), 1 << 22);
	after = affinity();
	ck_assert(!beside.bound);
	ck_assert(CPU_EQUAL(&before, &after));
	ty_beside_leave(&beside);
}

/* Where ticks are missed it lets go, and does not come back at once. */
TEST(a_processor_that_has_too_much_to_do_is_left)
{
	cpu_set_t before = affinity(), after;
	struct ty_beside beside = { 0 };
	pid_t child = child_on(sched_getcpu());

	for (int i = 0; i < TRIES && !beside.bound; i++)
		ty_beside_follow(&beside, child, child);
	ck_assert(beside.bound);
	for (int i = 0; i < 1000; i++)
		ty_beside_tick(&beside, i % 50 == 0);
	ck_assert(beside.bound);
	for (int i = 0; i < 100; i++)
		ty_beside_tick(&beside, 1);
	ck_assert(!beside.bound);
	after = affinity();
	ck_assert(CPU_EQUAL(&before, &after));
	for (int i = 0; i < TRIES; i++)
		ty_beside_follow(&beside, child, child);
	ck_assert(!beside.bound);
	end_child(child);
}
