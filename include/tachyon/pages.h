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
	ty_target *baseline; /**< what the profile is compared with: a recording, which is read to its end by
	                          ty_flamegraph_new() and not used after it. NULL: nothing */
} ty_flamegraph_options;

/**
 * A flame graph: one HTML file that needs no network, with search, zoom, inversion, a filter by thread, names by file or
 * by module, and shares of the GIL, the CPU, garbage collection and exceptions.
 *
 * With a baseline it shows functions instead of lines, each with its time before and now, what is new and what has
 * vanished, instructions included. Files are matched across different checkouts, environments and versions of Python. A
 * sample of either run stands for its duration divided by its samples, so that ticks that were missed change nothing.
 * Without a baseline it stands for the interval that was asked for, as in every other report.
 *
 * @param options NULL for the defaults
 * @param sink where to write at the end; owned by the collector from now on, also on error
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -TY_EOPTION, -ENOMEM, or the error at which reading the baseline ended early
 * @note Any thread; the one that uses the baseline. @since 0.1
 */
TY_API int ty_flamegraph_new(const ty_flamegraph_options *options, ty_sink *sink, ty_collector **collector);

/**
 * Options of ty_heatmap_new().
 * @since 0.1
 */
typedef struct ty_heatmap_options {
	size_t size; /**< sizeof(ty_heatmap_options) */
	int opcodes; /**< non-zero: the bytecode of every line. Attach with ty_attach_options.opcodes */
	int trust;   /**< enum ty_trust */
	int reserved[2];
	/** The sources. NULL: pages show the numbers of lines only. It is also called when a function is first seen, for a
	    line of it, so that files can be read that are gone with the target. */
	ty_source_fn source;
	void *source_user_data; /**< handed to source */
} ty_heatmap_options;

/**
 * A heatmap of the sources: a folder with an index by project, standard library and packages, and a page for every file
 * in which samples fell: lines with self and total samples, who called them and whom they call, and below each line all
 * its instructions, sampled or not, with their columns in the source. Functions are disassembled while the target runs.
 * @param options NULL for the defaults
 * @param directory the folder; it is made when the result is written, under a temporary name beside it until then
 * @param[out] collector to be freed with ty_collector_free()
 * @return 0, -EEXIST if there is something that is no empty folder, other -errno, -TY_EOPTION, -ENOMEM
 * @note Any thread. @since 0.1
 */
TY_API int ty_heatmap_new(const ty_heatmap_options *options, const char *directory, ty_collector **collector);

#ifdef __cplusplus
}
#endif

#endif
