/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heatmap: sources with samples. While samples come, stacks are counted, functions are disassembled (listings.h)
 * and the program that uses the library is asked for their sources, both because a target that ends takes them with it.
 *
 * Lines that only call are shown with their bytecode as well, so functions are noted that are seldom leaves: whenever a
 * stack brings something new, all of its functions are.
 */
#include "collect/heatmap.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/merge.h"
#include "output/folder.h"
#include "util/options.h"

/* ---- while samples come ---- */

static int note_stack(struct ty_heatmap *heatmap, const ty_thread_info *info)
{
	int error = 0;

	for (uint32_t i = 0; !error && i < info->frame_count; i++) {
		const ty_frame *frame = &info->frames[i];

		if (frame->kind != TY_FRAME_PYTHON || !frame->function)
			continue;
		ty_excerpts_see(&heatmap->excerpts, heatmap->listings.target, frame->function);
		if (heatmap->with_opcodes)
			error = ty_listings_note(&heatmap->listings, frame->function, true);
	}
	return error;
}

/* For ty_stacks. */
static int observe(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node, void *user_data)
{
	struct ty_heatmap *heatmap = user_data;
	const struct ty_stacks *stacks = &heatmap->report.stacks;

	(void)thread;
	heatmap->listings.target = stacks->target;
	if (!node)
		return 0;
	if (heatmap->nodes_seen < stacks->tree.nodes.count) {
		heatmap->nodes_seen = (uint32_t)stacks->tree.nodes.count;
		return note_stack(heatmap, info);
	}
	if (heatmap->with_opcodes && info->frames[0].kind == TY_FRAME_PYTHON)
		return ty_listings_note(&heatmap->listings, info->frames[0].function, true);
	return 0;
}

/* For ty_report. */
static int loaded(struct ty_report *report, const struct ty_gathered *from)
{
	struct ty_heatmap *heatmap = (struct ty_heatmap *)report;
	const struct ty_calltree *tree = &report->stacks.tree;

	for (size_t i = 1; i < tree->nodes.count; i++) {
		struct ty_callsite site = tree->nodes.items[i].site;

		if (site.kind == TY_FRAME_PYTHON && site.function)
			ty_excerpts_see(&heatmap->excerpts, report->stacks.target, site.function);
	}
	return heatmap->with_opcodes ? ty_listings_take(&heatmap->listings, from->listings) : 0;
}

/* ---- at the end ---- */

/* What has been made of the functions up to now, as far as there is somebody to ask. */
static int update_listings(struct ty_heatmap *heatmap)
{
	int error = 0;

	for (size_t i = 0; !error && heatmap->with_opcodes && i < heatmap->sites.functions.count; i++)
		error = ty_listings_update(&heatmap->listings, heatmap->sites.functions.items[i].id);
	return error;
}

static int end(const ty_run_summary *summary, void *user_data)
{
	struct ty_heatmap *heatmap = user_data;
	int error = ty_sites_init(&heatmap->sites, &heatmap->report.stacks);

	heatmap->report.summary = *summary;
	heatmap->listings.target = heatmap->report.stacks.target;
	if (!error)
		error = update_listings(heatmap);
	if (!error)
		error = ty_heat_init(&heatmap->heat, &heatmap->report.stacks);
	if (!error)
		error = ty_heatmap_write(heatmap);
	return error ? error : ty_folder_commit(heatmap->folder);
}

/* ---- the collector ---- */

static void destroy(void *user_data)
{
	struct ty_heatmap *heatmap = user_data;

	ty_heat_free(&heatmap->heat);
	ty_sites_free(&heatmap->sites);
	ty_listings_free(&heatmap->listings);
	ty_folder_free(heatmap->folder);
	ty_report_destroy(heatmap);
}

static int make(const ty_heatmap_options *options, struct ty_folder *folder, ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = ty_report_begin,
		.sample = ty_report_sample,
		.end = end,
		.destroy = destroy,
	};
	struct ty_report_options report = {
		.instructions = options->opcodes != 0,
		.trust = options->trust,
		.has_no_sink = true,
		.observe = observe,
		.loaded = loaded,
		.callbacks = &CALLBACKS,
	};
	struct ty_heatmap *heatmap = calloc(1, sizeof(*heatmap));

	if (!heatmap) {
		ty_folder_free(folder);
		return -ENOMEM;
	}
	heatmap->folder = folder;
	heatmap->with_opcodes = options->opcodes != 0;
	heatmap->excerpts.source = options->source;
	heatmap->excerpts.user_data = options->source_user_data;
	ty_listings_init(&heatmap->listings, NULL);
	heatmap->listings.at_once = true;
	return ty_report_new(&heatmap->report, &report, NULL, NULL, collector);
}

int ty_heatmap_new(const ty_heatmap_options *options, const char *directory, ty_collector **collector)
{
	struct ty_folder *folder;
	ty_heatmap_options known;
	int error;

	if (!collector)
		return -TY_EOPTION;
	*collector = NULL;
	if (!directory || ty_options_in(&known, sizeof(known), options))
		return -TY_EOPTION;
	error = ty_folder_new(directory, &folder);
	return error ? error : make(&known, folder, collector);
}
