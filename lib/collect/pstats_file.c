/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file that pstats.Stats and pstats.SampledStats (CPython 3.15) load: a marshalled dictionary
 *
 *     (file, line, function): (direct, cumulative, tottime, cumtime, {caller: samples})
 *
 * with whole paths, times in seconds, and the key ("__sampled__",): True that tells counts of samples from counts of
 * calls.
 */
#include "collect/pstats.h"

#include <errno.h>
#include <stdlib.h>

#include "output/marshal.h"
#include "util/cleanup.h"

static void write_place(struct ty_pstats *pstats, uint32_t number)
{
	const struct ty_place *place = ty_places_get(&pstats->stats.places, number);
	ty_sink *sink = pstats->report.sink;

	ty_marshal_tuple(sink, 3);
	ty_marshal_string(sink, ty_places_string(&pstats->stats.places, place->file));
	ty_marshal_int(sink, place->line);
	ty_marshal_string(sink, ty_places_string(&pstats->stats.places, place->name));
}

/* Writes the callers of a place and gives how many pairs that were. They stand in the order of places. */
static size_t write_callers(struct ty_pstats *pstats, uint32_t place, const struct ty_caller *callers, size_t count)
{
	ty_sink *sink = pstats->report.sink;
	size_t written = 0;

	ty_marshal_dict_begin(sink);
	for (; written < count && callers[written].callee == place; written++) {
		write_place(pstats, callers[written].caller);
		ty_marshal_int(sink, (int64_t)callers[written].samples);
	}
	ty_marshal_dict_end(sink);
	return written;
}

int ty_pstats_write_file(struct ty_pstats *pstats)
{
	ty_sink *sink = pstats->report.sink;
	size_t count, written = 0;
	_cleanup_free_ struct ty_caller *callers =
	        ty_linestats_callers(&pstats->stats, &pstats->report.stacks.tree, &count);

	if (!callers)
		return -ENOMEM;
	ty_marshal_dict_begin(sink);
	for (uint32_t place = 1; place <= pstats->stats.places.places.count; place++) {
		struct ty_linestat stat = pstats->stats.by_place[place - 1];

		write_place(pstats, place);
		ty_marshal_tuple(sink, 5);
		ty_marshal_int(sink, (int64_t)stat.direct);
		ty_marshal_int(sink, (int64_t)stat.cumulative);
		ty_marshal_float(sink, (double)stat.direct * pstats->interval_s);
		ty_marshal_float(sink, (double)stat.cumulative * pstats->interval_s);
		written += write_callers(pstats, place, callers + written, count - written);
	}
	ty_marshal_tuple(sink, 1);
	ty_marshal_string(sink, "__sampled__");
	ty_marshal_true(sink);
	ty_marshal_dict_end(sink);
	return 0;
}
