/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_UTIL_CLOCK_H
#define TY_UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

#define TY_NS_PER_SECOND 1000000000ULL

static inline uint64_t ty_clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * TY_NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static inline uint64_t ty_now_ns(void)
{
	return ty_clock_ns(CLOCK_MONOTONIC);
}

#endif
