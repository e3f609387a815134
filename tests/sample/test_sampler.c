/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a profile, as an event loop asks it: on fakes, so that nothing here depends on how long it takes. */
#include <tachyon/sampler.h>

#include <errno.h>
#include <time.h>

#include "support/fake_python.h"
#include "support/test.h"

#define LONG_NS 3600000000000ULL

static struct fake_python *python;
static ty_target *target;
static ty_sampler *sampler;

static void begin(ty_sampler_options options)
{
	python = fake_python_new(TY_PYTHON_3_14);
	fake_call(fake_thread_new(python, FAKE_PID), fake_code(python, "work", "RESUME NOP CALL RETURN_VALUE"));
	target = fake_target(python, NULL);
	options.size = sizeof(options);
	ck_assert_ok(ty_sampler_new(target, &options, &sampler));
}

static void end(void)
{
	ty_sampler_free(sampler);
	ty_detach(target);
	fake_python_free(python);
}

static ty_run_summary summary(void)
{
	ty_run_summary filled = { .size = sizeof(filled) };

	ck_assert_ok(ty_sampler_summary(sampler, &filled));
	return filled;
}

static int poll(uint64_t *wait_ns)
{
	const ty_snapshot *snapshot;
	int result = ty_sampler_poll(sampler, &snapshot, wait_ns);

	ck_assert_int_eq(snapshot != NULL, result == 0);
	return result;
}

TEST(a_poll_before_the_tick_reads_nothing)
{
	uint64_t wait_ns, reads;

	begin((ty_sampler_options){ .interval_ns = LONG_NS });
	ck_assert_int_eq(poll(&wait_ns), 0);
	ck_assert_uint_gt(wait_ns, LONG_NS / 2);
	ck_assert_uint_le(wait_ns, LONG_NS);
	reads = fake_reads(python->memory);
	ck_assert_int_eq(poll(&wait_ns), TY_SAMPLER_NOTHING);
	ck_assert_uint_gt(wait_ns, LONG_NS / 2);
	ck_assert_uint_eq(fake_reads(python->memory), reads);
	ck_assert_uint_eq(summary().samples, 1);
	ck_assert_uint_eq(summary().missed, 0);
	end();
}

/* A reading that lasts longer than what is left of the run. */
static void doze(uint64_t number, size_t ranges, void *user_data)
{
	const struct timespec rest = { .tv_nsec = 40000000 };
	int *times = user_data;

	(void)number;
	(void)ranges;
	if (*times && --*times == 0)
		nanosleep(&rest, NULL);
}

TEST(no_tick_behind_the_end_is_missed)
{
	int times = 1;

	begin((ty_sampler_options){ .interval_ns = 1000000, .duration_ns = 20000000 });
	fake_on_read(target->memory, doze, &times);
	while (poll(NULL) != 1)
		;
	ck_assert_uint_gt(summary().missed, 0);
	ck_assert_uint_le(summary().samples + summary().missed, 21);
	end();
}

TEST(a_poll_as_fast_as_possible_always_samples)
{
	uint64_t wait_ns;

	begin((ty_sampler_options){ .interval_ns = 1 });
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(poll(&wait_ns), 0);
		ck_assert_uint_eq(wait_ns, 0);
	}
	ck_assert_int_eq(poll(NULL), 0);
	ck_assert_uint_eq(summary().samples, 11);
	end();
}

TEST(a_poll_that_fails_is_tried_at_the_next_tick)
{
	begin((ty_sampler_options){ .interval_ns = 1 });
	ck_assert_int_eq(poll(NULL), 0);
	fake_fail(python->memory, -EFAULT);
	ck_assert_int_eq(poll(NULL), TY_SAMPLER_NOTHING);
	ck_assert_int_eq(poll(NULL), TY_SAMPLER_NOTHING);
	ck_assert_uint_eq(summary().failed, 2);
	ck_assert_int_eq(summary().end_reason, TY_END_NONE);
	fake_fail(python->memory, 0);
	ck_assert_int_eq(poll(NULL), 0);
	end();
}

TEST(a_poll_ends_when_the_samples_are_taken)
{
	begin((ty_sampler_options){ .interval_ns = 1, .max_samples = 2 });
	ck_assert_int_eq(poll(NULL), 0);
	ck_assert_int_eq(poll(NULL), 0);
	ck_assert_int_eq(poll(NULL), 1);
	ck_assert_int_eq(summary().end_reason, TY_END_DURATION);
	end();
}

TEST(a_poll_ends_when_it_is_stopped)
{
	begin((ty_sampler_options){ .interval_ns = LONG_NS });
	ck_assert_int_eq(poll(NULL), 0);
	ty_sampler_stop(sampler);
	ck_assert_int_eq(poll(NULL), 1);
	ck_assert_int_eq(summary().end_reason, TY_END_STOPPED);
	end();
}
