/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a thread is on CPU: what the kernel's files say, and threads of our own that run and sleep. */
#include "target/cpu.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/test.h"

static enum ty_cpu_state parse(enum ty_cpu_source source, const char *text)
{
	uint64_t futex;

	return ty_cpu_parse(source, text, strlen(text), &futex);
}

TEST(the_file_of_the_system_call)
{
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, "running\n"), TY_CPU_ON);
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, "230 0x0 0x0 0x7ffc"), TY_CPU_OFF);
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, "0 0x1"), TY_CPU_OFF);
	/* Blocked, but in no system call: a page fault. */
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, "-1 0x7ffc 0x7f"), TY_CPU_OFF);
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, ""), TY_CPU_UNKNOWN);
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, "runn"), TY_CPU_UNKNOWN);
	ck_assert_int_eq(parse(TY_CPU_SYSCALL, "\n"), TY_CPU_UNKNOWN);
}

TEST(where_a_thread_waits_in_futex)
{
	uint64_t futex;
	char text[64];

	snprintf(text, sizeof(text), "%d 0x7f5c3a2b1018 0x189 0x0", SYS_futex);
	ck_assert_int_eq(ty_cpu_parse(TY_CPU_SYSCALL, text, strlen(text), &futex), TY_CPU_OFF);
	ck_assert_uint_eq(futex, 0x7f5c3a2b1018);
	snprintf(text, sizeof(text), "%d", SYS_futex);
	ck_assert_int_eq(ty_cpu_parse(TY_CPU_SYSCALL, text, strlen(text), &futex), TY_CPU_OFF);
	ck_assert_uint_eq(futex, 0);
	snprintf(text, sizeof(text), "%d 0x7f5c3a2b1018", SYS_read);
	ck_assert_int_eq(ty_cpu_parse(TY_CPU_SYSCALL, text, strlen(text), &futex), TY_CPU_OFF);
	ck_assert_uint_eq(futex, 0);
	ck_assert_int_eq(ty_cpu_parse(TY_CPU_SYSCALL, "running", 7, &futex), TY_CPU_ON);
	ck_assert_uint_eq(futex, 0);
}

TEST(the_file_of_the_state)
{
	static const char off[] = "SDTtZXIP";

	ck_assert_int_eq(parse(TY_CPU_STAT, "12 (python3) R 1 12"), TY_CPU_ON);
	for (const char *state = off; *state; state++) {
		char text[32];

		snprintf(text, sizeof(text), "12 (python3) %c 1 12", *state);
		ck_assert_int_eq(parse(TY_CPU_STAT, text), TY_CPU_OFF);
	}
	ck_assert_int_eq(parse(TY_CPU_STAT, "12 (python3) ? 1 12"), TY_CPU_UNKNOWN);
	ck_assert_int_eq(parse(TY_CPU_STAT, "12 (python3"), TY_CPU_UNKNOWN);
	ck_assert_int_eq(parse(TY_CPU_STAT, "12 (python3)"), TY_CPU_UNKNOWN);
	ck_assert_int_eq(parse(TY_CPU_STAT, "12 (python3) "), TY_CPU_UNKNOWN);
	ck_assert_int_eq(parse(TY_CPU_STAT, ""), TY_CPU_UNKNOWN);
}

TEST(a_name_with_a_parenthesis_is_no_state)
{
	ck_assert_int_eq(parse(TY_CPU_STAT, "12 (a) R 1 (b) S 1 12"), TY_CPU_OFF);
	ck_assert_int_eq(parse(TY_CPU_STAT, "12 ()) R 1 12"), TY_CPU_ON);
}

struct worker {
	int wake[2]; /* a pipe */
	atomic_int tid;
	atomic_bool goes_to_sleep;
};

/* Runs until it is told to sleep, and sleeps until it is woken. */
static void *work(void *user_data)
{
	struct worker *worker = user_data;
	char byte;

	worker->tid = gettid();
	while (!worker->goes_to_sleep)
		;
	return read(worker->wake[0], &byte, 1) == 1 ? worker : NULL;
}

/* It may take a moment to get there. */
static bool becomes(const struct ty_cpu_probe *probe, enum ty_cpu_state state)
{
	uint64_t futex;

	for (int i = 0; i < 100000; i++) {
		if (ty_cpu_ask(probe, &futex) == state)
			return true;
		usleep(100);
	}
	return false;
}

TEST(a_thread_that_runs_and_sleeps_and_ends)
{
	struct worker worker = { .tid = 0 };
	struct ty_cpu_probe probe;
	pthread_t thread;
	void *result;

	ck_assert_int_eq(pipe(worker.wake), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, work, &worker), 0);
	while (!worker.tid)
		;
	ck_assert(ty_cpu_open(&probe, getpid(), worker.tid));
	ck_assert(becomes(&probe, TY_CPU_ON));
	worker.goes_to_sleep = true;
	ck_assert(becomes(&probe, TY_CPU_OFF));
	ck_assert_int_eq(write(worker.wake[1], "", 1), 1);
	pthread_join(thread, &result);
	ck_assert_ptr_eq(result, &worker);
	/* The file of a thread that ended says nothing, even if its number is used again. */
	ck_assert(becomes(&probe, TY_CPU_UNKNOWN));
	ty_cpu_close(&probe);
}

TEST(no_such_thread)
{
	struct ty_cpu_probe probe;
	uint64_t futex;

	ck_assert(!ty_cpu_open(&probe, getpid(), 1 << 30));
	ck_assert_int_eq(probe.fd, -1);
	ck_assert_int_eq(ty_cpu_ask(&probe, &futex), TY_CPU_UNKNOWN);
	ty_cpu_close(&probe);
}
