/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The specialization report as text: in total and by function how the leaf samples divide, then the instructions that
 * could be specialized and are not. Their share is of all leaf samples: it bounds what there is to win.
 */
#include "collect/annotation.h"

#include <errno.h>
#include <inttypes.h>

#include "output/text.h"
#include "util/cleanup.h"

#define GENERIC_SHOWN 10
#define POSITION_WIDTH 28

/* How far the numbers can be trusted. */
static void write_verdicts(struct ty_annotation *annotation)
{
	static const char *const NAMES[TY_VERDICTS] = { "verified", "repaired", "torn", "incomplete", "unreadable" };
	const struct ty_stacks *stacks = &annotation->report.stacks;
	ty_sink *sink = annotation->report.sink;
	char buffer[TY_GROUPED_BYTES];

	ty_print(sink, "Leaf samples: %s, one a stack. Stacks:", ty_text_grouped(stacks->counted, buffer));
	for (size_t i = 0; i < TY_VERDICTS; i++)
		if (i < TY_FAILED || stacks->verdicts[i])
			ty_print(sink, "%s %s %s", i ? "," : "", ty_text_grouped(stacks->verdicts[i], buffer),
			         NAMES[i]);
	ty_print_string(sink, "\n");
}

static void write_shares(ty_sink *sink, const struct ty_specialization *specialization)
{
	double whole = specialization->leaf ? (double)specialization->leaf : 1;

	for (int i = 0; i < TY_ADAPTATIONS; i++)
		ty_print(sink, "%*.1f%%", i == TY_NOT_SPECIALIZABLE ? 18 : 11,
		         (double)specialization->by_adaptation[i] * 100 / whole);
	ty_print(sink, "  %10" PRIu64 "  ", specialization->leaf);
}

static int write_function(struct ty_annotation *annotation, const struct ty_annotated_function *function)
{
	ty_sink *sink = annotation->report.sink;
	int error;

	write_shares(sink, &function->specialization);
	error = ty_annotation_print_clean(annotation, ty_places_basename(function->info.filename));
	ty_print(sink, ":%" PRIu32 "(", function->info.first_line);
	if (!error)
		error = ty_annotation_print_clean(annotation, function->info.qualname);
	ty_print_string(sink, ")\n");
	return error;
}

static int write_divided(struct ty_annotation *annotation)
{
	ty_sink *sink = annotation->report.sink;
	int error = 0;

	ty_print(sink, "\n%sHow leaf samples divide:%s\n", annotation->colors.heading, annotation->colors.reset);
	ty_print(sink, "%12s%12s%19s%12s%12s  %10s  %s\n", "specialized", "generic", "not specializable", "JIT trace",
	         "not known", "leaf", "function");
	write_shares(sink, &annotation->specialization);
	ty_print_string(sink, "all\n");
	for (size_t i = 0; !error && i < annotation->functions.count; i++)
		error = write_function(annotation, &annotation->functions.items[i]);
	return error;
}

/* "file.py:12:8", columns from 0 as dis has them. */
static int write_position(struct ty_annotation *annotation, const struct ty_generic_place *place)
{
	_cleanup_free_ char *file = ty_text_clean(ty_places_basename(place->function.filename), TY_TEXT_LINE);
	_cleanup_free_ char *text = NULL;
	int length;

	if (!file)
		return -ENOMEM;
	if (place->location.line < 0)
		length = asprintf(&text, "%s:?", file);
	else if (place->location.column < 0)
		length = asprintf(&text, "%s:%" PRId32, file, place->location.line);
	else
		length = asprintf(&text, "%s:%" PRId32 ":%" PRId32, file, place->location.line, place->location.column);
	if (length < 0) {
		text = NULL; /* asprintf leaves it undefined */
		return -ENOMEM;
	}
	ty_print_padded(annotation->report.sink, -POSITION_WIDTH, text);
	return 0;
}

static int write_generic(struct ty_annotation *annotation, const struct ty_generic *generic)
{
	struct ty_generic_place place = ty_annotation_place(annotation, generic);
	const struct ty_leaf *leaf = generic->form->leaf;
	ty_sink *sink = annotation->report.sink;
	int error;

	ty_print(sink, "%12" PRIu64 "%11.1f%%  ", generic->samples,
	         ty_annotation_percent(annotation, generic->samples));
	error = write_position(annotation, &place);
	ty_print(sink, "  %s%s%s %" PRIu32, annotation->colors.generic, leaf->name, annotation->colors.reset,
	         leaf->argument);
	if (!error && *place.argument_text) {
		ty_print_string(sink, " (");
		error = ty_annotation_print_clean(annotation, place.argument_text);
		ty_print_string(sink, ")");
	}
	ty_print_string(sink, " in ");
	if (!error)
		error = ty_annotation_print_clean(annotation, place.function.qualname);
	if (generic->samples < generic->site->leaf)
		ty_print(sink, "; %.1f%% of its samples are specialized",
		         (double)(generic->site->leaf - generic->samples) * 100 / (double)generic->site->leaf);
	if (leaf->flags & TY_INSTRUCTION_INSTRUMENTED)
		ty_print_string(sink, "; instrumented, which keeps it generic");
	ty_print_string(sink, "\n");
	return error;
}

static int write_all_generic(struct ty_annotation *annotation)
{
	size_t count = annotation->generic_count, shown = count < GENERIC_SHOWN ? count : GENERIC_SHOWN;
	ty_sink *sink = annotation->report.sink;
	int error = 0;

	if (!count)
		return 0;
	ty_print(sink, "\n%sCould be specialized and is not:%s\n", annotation->colors.heading,
	         annotation->colors.reset);
	ty_print(sink, "%12s%12s  %-*s  %s\n", "leaf", "share", POSITION_WIDTH, "file:line:col", "instruction");
	for (size_t i = 0; !error && i < shown; i++)
		error = write_generic(annotation, &annotation->generic[i]);
	if (shown < count)
		ty_print(sink, "%12s  (%zu more)\n", "...", count - shown);
	return error;
}

int ty_annotation_write_specialization(struct ty_annotation *annotation)
{
	int error;

	write_verdicts(annotation);
	error = write_divided(annotation);
	return error ? error : write_all_generic(annotation);
}
