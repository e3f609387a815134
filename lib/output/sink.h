/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_OUTPUT_SINK_H
#define TY_OUTPUT_SINK_H

#include <tachyon/sink.h>

/* Makes the sink fail with a negative error, unless it already has: for writers that ran out of something else. */
void ty_sink_fail(ty_sink *sink, int error);

/* The first error, 0 if there was none. */
int ty_sink_error(const ty_sink *sink);

#endif
