/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The annotation collector: bytecode with samples, what perf annotate is for machine code.
 *
 * While samples come it does two things: stacks are counted, and functions are disassembled (listings.h). At the end
 * both are put together by function and offset (annotated.h).
 */
#include "collect/annotation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/merge.h"
#include "output/text.h"
#include "util/cleanup.h"
#include "util/options.h"

#define DEFAULT_FUNCTIONS 5
#define ALL_PARTS (TY_ANNOTATION_SPECIALIZATION | TY_ANNOTATION_LISTING)

static const struct ty_annotation_colors COLORS = {
	.heading = "\x1b[1;34m",
	.hot = "\x1b[1;31m",
	.warm = "\x1b[33m",
	.source = "\x1b[1m",
	.specialized = "\x1b[32m",
	.generic = "\x1b[35m",
	.dim = "\x1b[90m",
	.reset = "\x1b[0m",
};
static const struct ty_annotation_colors NO_COLORS = { "", "", "", "", "", "", "", "" };

double ty_annotation_percent(const struct ty_annotation *annotation, uint64_t samples)
{
	uint64_t all = annotation->report.stacks.counted;

	return all ? (double)samples / (double)all * 100 : 0;
}

int ty_annotation_print_clean(struct ty_annotation *annotation, const char *text)
{
	_cleanup_free_ char *clean = ty_text_clean(text, TY_TEXT_LINE);

	if (!clean)
		return -ENOMEM;
	ty_print_string(annotation->report.sink, clean);
	return 0;
}

/* ---- while samples come ---- */

/* For ty_listings: lets the source be read while it can be. */
static void see_function(const ty_function_info *function, void *user_data)
{
	struct ty_annotation *annotation = user_data;
	size_t size_bytes;

	if (annotation->options.source)
		(void)annotation->options.source(function->filename, (int32_t)function->first_line, &size_bytes,
		                                 annotation->options.source_user_data);
}

/* Functions that a name was given for are wanted even if they are never a leaf: nodes that are new tell of them. */
static int note_new_nodes(struct ty_annotation *annotation)
{
	const struct ty_calltree *tree = &annotation->report.stacks.tree;
	int error = 0;

	for (; !error && annotation->nodes_seen < tree->nodes.count; annotation->nodes_seen++) {
		struct ty_callsite site = tree->nodes.items[annotation->nodes_seen].site;

		if (site.kind == TY_FRAME_PYTHON && site.function)
			error = ty_listings_note(&annotation->listings, site.function, false);
	}
	return error;
}

/* For ty_stacks. */
static int observe(const struct ty_stacks_thread *thread, const ty_thread_info *info, uint32_t node, void *user_data)
{
	struct ty_annotation *annotation = user_data;
	int error = 0;

	(void)thread;
	annotation->listings.target = annotation->report.stacks.target;
	if (node && info->frames[0].kind == TY_FRAME_PYTHON)
		error = ty_listings_note(&annotation->listings, info->frames[0].function, true);
	return !error && annotation->function ? note_new_nodes(annotation) : error;
}

/* For ty_report. */
static int loaded(struct ty_report *report, const struct ty_gathered *from)
{
	struct ty_annotation *annotation = (struct ty_annotation *)report;
	int error = ty_listings_take(&annotation->listings, from->listings);

	annotation->listings.target = report->stacks.target;
	return error ? error : note_new_nodes(annotation);
}

/* ---- at the end ---- */

static int by_samples(const void *left, const void *right)
{
	const struct ty_annotated_function *a = left, *b = right;

	if (a->samples->leaf != b->samples->leaf)
		return a->samples->leaf > b->samples->leaf ? -1 : 1;
	if (a->samples->on_stack != b->samples->on_stack)
		return a->samples->on_stack > b->samples->on_stack ? -1 : 1;
	return a->samples->id > b->samples->id ? 1 : -1;
}

static size_t limit_of(const ty_annotation_options *options)
{
	if (options->limit == UINT32_MAX || (!options->limit && options->function))
		return SIZE_MAX;
	return options->limit ? options->limit : DEFAULT_FUNCTIONS;
}

/* The functions that are shown. A function that never executed itself is shown only if it was asked for. */
static int choose_functions(struct ty_annotation *annotation)
{
	size_t limit = limit_of(&annotation->options);

	for (size_t i = 0; i < annotation->sites.functions.count; i++) {
		const struct ty_site_function *samples = &annotation->sites.functions.items[i];
		struct ty_annotated_function *function;

		if ((!samples->leaf && !annotation->function) || !ty_listings_want(&annotation->listings, samples->id))
			continue;
		function = ty_array_push(&annotation->functions);
		if (!function)
			return -ENOMEM;
		function->samples = samples;
	}
	if (annotation->functions.count)
		qsort(annotation->functions.items, annotation->functions.count, sizeof(struct ty_annotated_function),
		      by_samples);
	if (annotation->functions.count > limit)
		annotation->functions.count = limit;
	return 0;
}

static int annotate_function(struct ty_annotation *annotation, struct ty_annotated_function *function)
{
	int error = ty_listings_update(&annotation->listings, function->samples->id);

	function->info.size = sizeof(function->info);
	if (error || ty_function(annotation->report.stacks.target, function->samples->id, &function->info))
		return error ? error : -TY_ENOTFOUND;
	function->specialization = ty_specialization_of(function->samples);
	return ty_annotated_merge(&annotation->listings, function->samples, &function->instructions,
	                          &function->instruction_count, &function->is_listed);
}

struct ty_generic_place ty_annotation_place(const struct ty_annotation *annotation, const struct ty_generic *generic)
{
	const struct ty_listing *listing = ty_listings_get(&annotation->listings, generic->site->function);
	struct ty_generic_place place = {
		.function = { .size = sizeof(place.function) },
		.location = ty_annotated_location(annotation->report.stacks.target, generic->site),
		.argument_text = "",
	};

	if (ty_function(annotation->report.stacks.target, generic->site->function, &place.function))
		place.function.filename = place.function.qualname = place.function.name = "<unknown>";
	for (size_t i = 0; listing && i < listing->rows.count; i++)
		if (listing->rows.items[i].instruction.offset == generic->site->offset)
			place.argument_text =
			        ty_strtab_get(&annotation->listings.strings, listing->rows.items[i].argument_text);
	return place;
}

static int put_together(struct ty_annotation *annotation)
{
	int error = ty_sites_init(&annotation->sites, &annotation->report.stacks);

	if (error)
		return error;
	annotation->listings.target = annotation->report.stacks.target;
	annotation->specialization = ty_specialization_total(&annotation->sites, annotation->report.stacks.counted);
	annotation->generic = ty_specialization_generic(&annotation->sites, &annotation->generic_count);
	if (!annotation->generic)
		return -ENOMEM;
	error = choose_functions(annotation);
	for (size_t i = 0; !error && i < annotation->functions.count; i++)
		error = annotate_function(annotation, &annotation->functions.items[i]);
	return error;
}

static int write_annotation(struct ty_report *report)
{
	struct ty_annotation *annotation = (struct ty_annotation *)report;
	int error = put_together(annotation);

	if (error)
		return error;
	return annotation->options.format == TY_ANNOTATION_JSON ? ty_annotation_write_json(annotation)
	                                                        : ty_annotation_write_text(annotation);
}

/* ---- the collector ---- */

static void destroy(void *user_data)
{
	struct ty_annotation *annotation = user_data;

	for (size_t i = 0; i < annotation->functions.count; i++)
		free(annotation->functions.items[i].instructions);
	ty_array_free(&annotation->functions);
	ty_sites_free(&annotation->sites);
	ty_listings_free(&annotation->listings);
	free(annotation->generic);
	free(annotation->function);
	ty_report_destroy(annotation);
}

static bool options_are_valid(const ty_annotation_options *options)
{
	return options->format >= TY_ANNOTATION_TEXT && options->format <= TY_ANNOTATION_JSON &&
	       !(options->parts & ~ALL_PARTS);
}

static struct ty_annotation *make(const ty_annotation_options *options)
{
	struct ty_annotation *annotation = calloc(1, sizeof(*annotation));

	if (annotation && options->function && !(annotation->function = strdup(options->function))) {
		free(annotation);
		return NULL;
	}
	if (!annotation)
		return NULL;
	annotation->options = *options;
	annotation->options.function = annotation->function;
	annotation->options.parts = options->parts ? options->parts : ALL_PARTS;
	annotation->colors = options->color ? COLORS : NO_COLORS;
	ty_listings_init(&annotation->listings, annotation->function);
	annotation->listings.seen = see_function;
	annotation->listings.seen_user_data = annotation;
	return annotation;
}

int ty_annotation_new(const ty_annotation_options *options, ty_sink *sink, ty_collector **collector)
{
	static const ty_collector_callbacks CALLBACKS = {
		.size = sizeof(CALLBACKS),
		.begin = ty_report_begin,
		.sample = ty_report_sample,
		.end = ty_report_end,
		.destroy = destroy,
	};
	struct ty_report_options report = { .instructions = true, .observe = observe, .loaded = loaded, .callbacks = &CALLBACKS };
	struct ty_annotation *annotation;
	ty_annotation_options known;

	if (!sink || !collector) {
		ty_sink_free(sink);
		return -TY_EOPTION;
	}
	/* What we do not know is refused like a trust that does not exist. */
	if (ty_options_in(&known, sizeof(known), options) || !options_are_valid(&known))
		known = (ty_annotation_options){ .trust = -1 };
	report.trust = known.trust;
	annotation = make(&known);
	return ty_report_new(annotation ? &annotation->report : NULL, &report, sink, write_annotation, collector);
}
