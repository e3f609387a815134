/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listing as text: source lines in their order, below each its instructions in theirs. A line of which no
 * instruction is known is shown where it stands between two that are, so that loops and branches can be read; long gaps
 * (nested functions, comments) are left out.
 *
 * Counted are leaf samples, and on-stack samples beside them; shares are of all leaf samples.
 */
#include "collect/annotation.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/text.h"
#include "util/cleanup.h"

#define HOT_PERCENT 10
#define WARM_PERCENT 1
#define GAP_LINES 2   /* lines without instructions that are shown */
#define FORMS_SHOWN 4 /* of one instruction */
#define ARGUMENT_CHARACTERS 32
#define LINE_BYTES 512 /* of a source line that are shown */

/* "leaf, share, on-stack" take this much. */
#define COUNTS_WIDTH 32

struct table {
	struct ty_annotation *annotation;
	const struct ty_annotated_function *function;
	const struct ty_annotated **by_line; /* the instructions by line and offset */
	int name_width;
};

static int by_line(const void *left, const void *right)
{
	const struct ty_annotated *a = *(const struct ty_annotated *const *)left;
	const struct ty_annotated *b = *(const struct ty_annotated *const *)right;

	if (a->row.location.line != b->row.location.line)
		return a->row.location.line < b->row.location.line ? -1 : 1;
	return a->row.instruction.offset < b->row.instruction.offset ? -1 : 1;
}

static const char *heat(const struct ty_annotation *annotation, uint64_t leaf)
{
	double percent = ty_annotation_percent(annotation, leaf);

	if (percent >= HOT_PERCENT)
		return annotation->colors.hot;
	return percent >= WARM_PERCENT ? annotation->colors.warm : "";
}

/* Nothing where there is nothing: what was sampled stands out. */
static void write_counts(struct ty_annotation *annotation, uint64_t leaf, uint64_t on_stack)
{
	ty_sink *sink = annotation->report.sink;
	const char *color = heat(annotation, leaf);

	if (leaf)
		ty_print(sink, "%s%10" PRIu64 "  %6.1f%%%s", color, leaf, ty_annotation_percent(annotation, leaf),
		         *color ? annotation->colors.reset : "");
	else
		ty_print(sink, "%19s", "");
	if (on_stack)
		ty_print(sink, "  %10" PRIu64 " ", on_stack);
	else
		ty_print(sink, "%13s", "");
}

/* ---- source lines ---- */

static int write_source(const struct table *table, int32_t line)
{
	const ty_annotation_options *options = &table->annotation->options;
	ty_sink *sink = table->annotation->report.sink;
	_cleanup_free_ char *text = NULL;
	size_t size_bytes = 0;
	const char *source;

	if (line < 0) {
		ty_print(sink, "%6s  (no line)\n", "-");
		return 0;
	}
	source = options->source
	                 ? options->source(table->function->info.filename, line, &size_bytes, options->source_user_data)
	                 : NULL;
	ty_print(sink, "%6" PRId32, line);
	if (source && size_bytes) {
		text = strndup(source, size_bytes < LINE_BYTES ? size_bytes : LINE_BYTES);
		if (!text)
			return -ENOMEM;
		for (char *tab = text; (tab = strchr(tab, '\t'));)
			*tab = ' ';
		ty_print(sink, "  %s", table->annotation->colors.source);
		if (ty_annotation_print_clean(table->annotation, text))
			return -ENOMEM;
		ty_print_string(sink, table->annotation->colors.reset);
	}
	ty_print_string(sink, "\n");
	return 0;
}

static struct ty_site_line samples_of_line(const struct ty_site_function *function, int32_t line)
{
	for (size_t i = 0; i < function->line_count; i++)
		if (function->lines[i].line == line)
			return function->lines[i];
	return (struct ty_site_line){ 0 };
}

static int write_line(const struct table *table, int32_t line)
{
	struct ty_site_line samples = samples_of_line(table->function->samples, line);

	write_counts(table->annotation, samples.leaf, samples.on_stack);
	return write_source(table, line);
}

/* Lines without instructions between two that have some. */
static int write_gap(const struct table *table, int32_t before, int32_t line)
{
	int error = 0;

	if (before < 0 || line - before - 1 > GAP_LINES) {
		if (before >= 0)
			ty_print(table->annotation->report.sink, "%*s%6s\n", COUNTS_WIDTH, "", "...");
		return 0;
	}
	for (int32_t i = before + 1; !error && i < line; i++) {
		write_counts(table->annotation, 0, 0);
		error = write_source(table, i);
	}
	return error;
}

/* ---- instructions ---- */

static bool is_sampled(const struct ty_annotated *instruction)
{
	return instruction->site && instruction->site->form_count;
}

/* As most of its samples saw it; as it is now if there are none. */
static const char *name_of(const struct ty_annotated *instruction)
{
	return is_sampled(instruction) ? instruction->site->forms[0].leaf->name : instruction->row.instruction.name;
}

static uint32_t opcode_flags_of(const struct ty_annotated *instruction)
{
	return is_sampled(instruction) ? instruction->site->forms[0].leaf->opcode_flags
	                               : instruction->row.instruction.opcode_flags;
}

static uint32_t flags_of(const struct ty_annotated *instruction)
{
	return is_sampled(instruction) ? instruction->site->forms[0].leaf->flags : instruction->row.instruction.flags;
}

static const char *color_of(const struct ty_annotation *annotation, enum ty_adaptation adaptation)
{
	if (adaptation == TY_SPECIALIZED)
		return annotation->colors.specialized;
	return adaptation == TY_GENERIC ? annotation->colors.generic : "";
}

/* Cut to a width at a character. */
static void cut(char *text, size_t characters)
{
	for (; *text; text++) {
		bool begins = ((unsigned char)*text & 0xc0) != 0x80;

		if (begins && characters-- == 0)
			*text = '\0';
		if (!*text)
			return;
	}
}

/* "5 (x)" with what it stands for made harmless. NULL: out of memory. */
static char *argument_of(const struct ty_annotated *instruction)
{
	_cleanup_free_ char *clean = ty_text_clean(instruction->argument_text, TY_TEXT_LINE);
	char *text = NULL;

	if (!clean)
		return NULL;
	if (!(opcode_flags_of(instruction) & TY_OPCODE_HAS_ARGUMENT))
		return strdup("");
	cut(clean, ARGUMENT_CHARACTERS);
	if (asprintf(&text, *clean ? "%" PRIu32 " (%s)" : "%" PRIu32, instruction->row.instruction.argument, clean) < 0)
		return NULL;
	return text;
}

/* Several forms: each with its share of the instruction's leaf samples. */
static void write_forms(struct ty_annotation *annotation, const struct ty_site *site)
{
	ty_sink *sink = annotation->report.sink;

	for (size_t i = 0; i < site->form_count && i < FORMS_SHOWN; i++)
		ty_print(sink, "%s%s %.1f%%", i ? ", " : "", site->forms[i].leaf->name,
		         (double)site->forms[i].samples * 100 / (double)site->leaf);
	if (site->form_count > FORMS_SHOWN)
		ty_print_string(sink, ", ...");
}

static const char *state_of(enum ty_adaptation adaptation)
{
	static const char *const STATES[TY_ADAPTATIONS] = {
		[TY_SPECIALIZED] = "specialized",      [TY_GENERIC] = "generic",
		[TY_NOT_SPECIALIZABLE] = "",           [TY_IN_TRACE] = "JIT trace",
		[TY_ADAPTATION_UNKNOWN] = "not known",
	};

	return STATES[adaptation];
}

/* Whether it has got another form since. */
static bool has_changed(const struct ty_annotated *instruction)
{
	return instruction->is_listed && is_sampled(instruction) &&
	       instruction->row.instruction.opcode != instruction->site->forms[0].leaf->opcode;
}

static void write_state(struct ty_annotation *annotation, const struct ty_annotated *instruction)
{
	enum ty_adaptation adaptation = ty_adaptation_of(flags_of(instruction), opcode_flags_of(instruction));
	const char *color = color_of(annotation, adaptation), *state = state_of(adaptation);
	ty_sink *sink = annotation->report.sink;

	ty_print(sink, "%s%s%s", color, state, *color ? annotation->colors.reset : "");
	if (is_sampled(instruction) && instruction->site->form_count > 1) {
		ty_print_string(sink, *state ? ": " : "");
		write_forms(annotation, instruction->site);
	}
	if (has_changed(instruction))
		ty_print(sink, "%snow %s", *state ? "; " : "", instruction->row.instruction.name);
	if (flags_of(instruction) & TY_INSTRUCTION_INSTRUMENTED)
		ty_print(sink, "%sinstrumented", *state || has_changed(instruction) ? "; " : "");
}

static bool has_state(const struct ty_annotated *instruction)
{
	enum ty_adaptation adaptation = ty_adaptation_of(flags_of(instruction), opcode_flags_of(instruction));

	return adaptation != TY_NOT_SPECIALIZABLE || (is_sampled(instruction) && instruction->site->form_count > 1) ||
	       has_changed(instruction) || flags_of(instruction) & TY_INSTRUCTION_INSTRUMENTED;
}

static int write_instruction(const struct table *table, const struct ty_annotated *instruction)
{
	struct ty_annotation *annotation = table->annotation;
	enum ty_adaptation adaptation = ty_adaptation_of(flags_of(instruction), opcode_flags_of(instruction));
	const struct ty_site *site = instruction->site;
	_cleanup_free_ char *argument = argument_of(instruction);
	const char *color = color_of(annotation, adaptation);
	ty_sink *sink = annotation->report.sink;
	char label[16] = "", offset[16] = "?";

	if (!argument)
		return -ENOMEM;
	if (instruction->row.instruction.offset >= 0)
		snprintf(offset, sizeof(offset), "%" PRId32, instruction->row.instruction.offset);
	if (instruction->row.label)
		snprintf(label, sizeof(label), "L%" PRIu32, instruction->row.label);
	write_counts(annotation, site ? site->leaf : 0, site ? site->on_stack : 0);
	ty_print(sink, "%s%11s%6s%s  %s%s%s", annotation->colors.dim, label, offset, annotation->colors.reset, color,
	         name_of(instruction), *color ? annotation->colors.reset : "");
	/* Padding goes before what follows, so that no line ends in blanks. */
	if (*argument || has_state(instruction)) {
		ty_print(sink, "%*s", table->name_width - (int)strlen(name_of(instruction)) + 2, "");
		if (has_state(instruction))
			ty_print_padded(sink, -(ARGUMENT_CHARACTERS / 2 + 8), argument);
		else
			ty_print_string(sink, argument);
	}
	if (has_state(instruction)) {
		ty_print_string(sink, "  ");
		write_state(annotation, instruction);
	}
	ty_print_string(sink, "\n");
	return 0;
}

/* ---- functions ---- */

static int write_heading(const struct table *table)
{
	const struct ty_annotated_function *function = table->function;
	struct ty_annotation *annotation = table->annotation;
	ty_sink *sink = annotation->report.sink;
	const struct ty_site_function *samples = function->samples;
	int error;

	ty_print(sink, "\n%s", annotation->colors.heading);
	error = ty_annotation_print_clean(annotation, function->info.filename);
	ty_print(sink, ":%" PRIu32 "(", function->info.first_line);
	if (!error)
		error = ty_annotation_print_clean(annotation, function->info.qualname);
	ty_print(sink, ")%s: %" PRIu64 " leaf samples (%.1f%%), %" PRIu64 " on-stack (%.1f%%)\n",
	         annotation->colors.reset, samples->leaf, ty_annotation_percent(annotation, samples->leaf),
	         samples->on_stack, ty_annotation_percent(annotation, samples->on_stack));
	if (!function->is_listed)
		ty_print_string(sink,
		                "Its code could not be read: only the instructions that were sampled are shown.\n");
	ty_print(sink, "%s%10s  %7s  %10s %6s  %s%s\n", annotation->colors.heading, "leaf", "share", "on-stack", "line",
	         "source / offset, instruction, argument, state", annotation->colors.reset);
	return error;
}

static int write_lines(struct table *table)
{
	size_t count = table->function->instruction_count;
	int32_t line = -1;
	int error = 0;

	qsort(table->by_line, count, sizeof(*table->by_line), by_line);
	for (size_t i = 0; !error && i < count; i++) {
		int32_t next = table->by_line[i]->row.location.line;

		/* A module begins with an instruction at line 0, which is none. */
		if (i == 0 || next != line) {
			error = i ? write_gap(table, line > 0 ? line : -1, next) : 0;
			if (!error)
				error = write_line(table, next);
			line = next;
		}
		if (!error)
			error = write_instruction(table, table->by_line[i]);
	}
	return error;
}

static int write_function(struct ty_annotation *annotation, const struct ty_annotated_function *function)
{
	size_t count = function->instruction_count;
	_cleanup_free_ const struct ty_annotated **sorted = calloc(count + 1, sizeof(*sorted));
	struct table table = { .annotation = annotation, .function = function, .by_line = sorted };
	int error;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		int length = (int)strlen(name_of(&function->instructions[i]));

		sorted[i] = &function->instructions[i];
		table.name_width = length > table.name_width ? length : table.name_width;
	}
	error = write_heading(&table);
	return error ? error : write_lines(&table);
}

static void write_no_function(struct ty_annotation *annotation)
{
	ty_print_string(annotation->report.sink, annotation->function ? "\nNo function with that name was sampled.\n"
	                                                              : "\nNo samples were collected.\n");
}

int ty_annotation_write_text(struct ty_annotation *annotation)
{
	int error = 0;

	if (annotation->options.parts & TY_ANNOTATION_SPECIALIZATION)
		error = ty_annotation_write_specialization(annotation);
	if (!(annotation->options.parts & TY_ANNOTATION_LISTING))
		return error;
	if (!annotation->functions.count)
		write_no_function(annotation);
	for (size_t i = 0; !error && i < annotation->functions.count; i++)
		error = write_function(annotation, &annotation->functions.items[i]);
	return error;
}
