/* SPDX-License-Identifier: Apache-2.0 */
/* The collector for Firefox Profiler: a timeline, whose states become interval markers. */
#include "collect/gecko.h"

#include <stdlib.h>

#include "util/options.h"

int ty_gecko_new(const ty_gecko_options *options, ty_sink *sink, ty_collector **collector)
{
	struct ty_timeline_options timeline = { .write = ty_gecko_write };
	ty_gecko_options known;

	/* An option we do not know is refused like a trust that does not exist. */
	timeline.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	timeline.opcodes = known.opcodes != 0;
	return ty_timeline_new(calloc(1, sizeof(struct ty_timeline)), &timeline, sink, collector);
}
