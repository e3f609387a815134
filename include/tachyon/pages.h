/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_PAGES_H
#define TACHYON_PAGES_H

/**
 * @file pages.h
 * Results to look at in a browser: flame graphs and the heatmap of the sources. Each page is one HTML file that loads
 * nothing, from nowhere.
 */

#include <tachyon/collector.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Options of ty_flamegraph_new().
 * @since 0.1
 */
typedef struct ty_flamegraph_options {
	size_t size; /**< sizeof(ty_flamegraph_options) */
	int opcodes; /**< non-zero: the instructions of every node: executing, and waiting in a call */
	int trust;   /**< enum ty_trust */
	int reserved[2];
	/** Source lines to show with a node. NULL: without. It is also called when a function is first seen, for a line of
	    it, so that files can be read that are gone with the target. */
	ty_source_fn source;
	void *source_user_data; /**< handed to source */
} ty_flamegraph_options;

/**
 * A flame graph: one HTML file that needs no network, with search, zoom, inversion, a filter by thread, names by file or
 * by module, and shares of the GIL, the CPU, garbage collection and exceptions.
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_flamegraph_new(const ty_flamegraph_options *options, ty_sink *sink, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif
