/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "util/clock.h"

TEST(counts_nanoseconds_of_the_monotonic_clock)
{
	struct timespec nap = { .tv_nsec = 2000000 };
	uint64_t begin_ns = ty_now_ns();
	struct timespec between;
	uint64_t end_ns;

	clock_gettime(CLOCK_MONOTONIC, &between);
	while (nanosleep(&nap, &nap))
		;
	end_ns = ty_now_ns();
	ck_assert_uint_ge(end_ns - begin_ns, 2000000);
	ck_assert_uint_le(begin_ns, (uint64_t)between.tv_sec * TY_NS_PER_SECOND + (uint64_t)between.tv_nsec);
}

TEST(reads_the_clock_it_is_asked_for)
{
	uint64_t unix_ns = ty_clock_ns(CLOCK_REALTIME);

	ck_assert_uint_ge(unix_ns / TY_NS_PER_SECOND + 1, (uint64_t)time(NULL));
	ck_assert_uint_le(unix_ns / TY_NS_PER_SECOND, (uint64_t)time(NULL));
}
