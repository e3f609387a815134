/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last minute, by the time of the samples: what never was sampled has no past.
 *
 * A second of a function is its share of the samples of that second. Only functions that have samples in a second are
 * written to; seconds in between are cleared when the next one is written, so that the thousands of functions that do
 * nothing cost nothing. A reader that comes late (it was stopped, its terminal was blocked) makes one long second and
 * leaves the others at what that one was.
 */
#include "collect/live.h"

#include <errno.h>

#include "util/clock.h"

#define TREND_SECONDS 5   /* that a second is compared with */
#define TREND_LEAST 10    /* thousandths that make a difference */
#define TREND_RELATIVE 10 /* and this part of what it was */

static uint16_t share_of(uint64_t samples, uint64_t all)
{
	return all ? (uint16_t)(samples * 1000 / all) : 0;
}

/* Writes the seconds after the last one that was written: nothing, and then what it was now. */
static void write_seconds(struct ty_live_past *past, uint64_t first, uint64_t last, uint16_t leaf, uint16_t on_stack)
{
	uint64_t begin = past->second + 1;

	if (last - past->second > TY_LIVE_SECONDS)
		begin = last - TY_LIVE_SECONDS + 1;
	for (uint64_t second = begin; second <= last; second++) {
		past->leaf[second % TY_LIVE_SECONDS] = second >= first ? leaf : 0;
		past->on_stack[second % TY_LIVE_SECONDS] = second >= first ? on_stack : 0;
	}
	past->second = last;
}

static int remember_function(struct ty_live_copy *copy, size_t i, uint64_t first, uint64_t samples)
{
	struct ty_live_function *function = &copy->functions.items[i];
	const struct ty_linestat *now = &copy->by_function[i];

	if (!function->past && !now->cumulative)
		return 0;
	if (!function->past) {
		function->past = calloc(1, sizeof(*function->past));
		if (!function->past)
			return -ENOMEM;
		function->past->second = first - 1;
	}
	struct ty_live_past *past = function->past;

	if (now->cumulative != past->on_stack_before)
		write_seconds(past, first, copy->second, share_of(now->direct - past->leaf_before, samples),
		              share_of(now->cumulative - past->on_stack_before, samples));
	past->leaf_before = now->direct;
	past->on_stack_before = now->cumulative;
	return 0;
}

int ty_live_remember(struct ty_live *live)
{
	struct ty_live_copy *copy = &live->copy;
	uint64_t now = copy->time_ns, samples, first;
	int error = 0;

	if (!copy->second_end_ns)
		copy->second_end_ns = now + TY_NS_PER_SECOND;
	if (now < copy->second_end_ns)
		return 0;
	samples = copy->counted - copy->counted_before_second;
	first = copy->second + 1;
	copy->second += 1 + (now - copy->second_end_ns) / TY_NS_PER_SECOND;
	copy->second_end_ns += (copy->second - first + 1) * TY_NS_PER_SECOND;
	copy->counted_before_second = copy->counted;
	for (size_t i = 0; !error && i < copy->counted_functions; i++)
		error = remember_function(copy, i, first, samples);
	return error;
}

void ty_live_forget(struct ty_live *live)
{
	struct ty_live_copy *copy = &live->copy;

	for (size_t i = 0; i < copy->functions.count; i++) {
		free(copy->functions.items[i].past);
		copy->functions.items[i].past = NULL;
	}
	copy->counted_before_second = 0;
	copy->second_end_ns = 0;
}

static uint16_t share_in(const struct ty_live_past *past, uint64_t second, bool on_stack)
{
	if (second > past->second || second + TY_LIVE_SECONDS <= past->second)
		return 0;
	return on_stack ? past->on_stack[second % TY_LIVE_SECONDS] : past->leaf[second % TY_LIVE_SECONDS];
}

int ty_live_trend(const struct ty_live *live, uint32_t function, bool on_stack)
{
	const struct ty_live_copy *copy = &live->copy;
	const struct ty_live_past *past = copy->functions.items[function - 1].past;
	int now, before = 0, least;

	if (!past || copy->second <= TREND_SECONDS)
		return 0;
	now = share_in(past, copy->second, on_stack);
	for (uint64_t i = 1; i <= TREND_SECONDS; i++)
		before += share_in(past, copy->second - i, on_stack);
	before /= TREND_SECONDS;
	least = before / TREND_RELATIVE > TREND_LEAST ? before / TREND_RELATIVE : TREND_LEAST;
	return now - before >= least ? 1 : before - now >= least ? -1 : 0;
}

int ty_live_history(ty_live *live, uint32_t function, int on_stack, uint16_t *shares, size_t seconds)
{
	const struct ty_live_copy *copy = &live->copy;

	if (!function || function > copy->functions.count)
		return -TY_ENOTFOUND;
	const struct ty_live_past *past = copy->functions.items[function - 1].past;

	if (seconds > TY_LIVE_SECONDS)
		seconds = TY_LIVE_SECONDS;
	for (size_t i = 0; i < seconds; i++) {
		uint64_t ago = seconds - 1 - i;

		shares[i] = past && copy->second > ago ? share_in(past, copy->second - ago, on_stack != 0) : 0;
	}
	return (int)seconds;
}
