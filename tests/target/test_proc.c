/* SPDX-License-Identifier: Apache-2.0 */
/* What /proc says of processes and threads of our own. */
#include "target/proc.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

TEST(who_ended_and_who_did_not)
{
	pid_t child = fork();
	siginfo_t info;

	if (child == 0)
		_exit(0);
	ck_assert_int_gt(child, 0);
	ck_assert(!ty_proc_ended(getpid()));
	/* A zombie, then nobody. */
	ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	ck_assert(ty_proc_ended(child));
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	ck_assert(ty_proc_ended(child));
}

TEST(nobody_has_ended_because_we_are_out_of_descriptors)
{
	struct rlimit before, none;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert(!ty_proc_ended(getpid()));
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(ordinary_threads_are_not_real_time)
{
	static const int POLICIES[] = { SCHED_OTHER, SCHED_BATCH, SCHED_OTHER | SCHED_RESET_ON_FORK };
	const struct sched_param parameters = { 0 };
	struct ty_thread_schedule schedule;

	for (size_t i = 0; i < sizeof(POLICIES) / sizeof(*POLICIES); i++) {
		ck_assert_int_eq(sched_setscheduler(0, POLICIES[i], &parameters), 0);
		ck_assert(ty_proc_thread_schedule(getpid(), getpid(), &schedule));
		ck_assert(!schedule.is_real_time);
		ck_assert_int_ge(schedule.processor, 0);
	}
}
