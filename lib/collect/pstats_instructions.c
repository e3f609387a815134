/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instructions of the hot functions, which CPython's table does not have. Counted are leaf samples: the thread was
 * executing the instruction itself, not waiting for what it called.
 *
 * An instruction is keyed by its offset, so that two BINARY_OPs of one line are two rows, and by its form, so that code
 * that was specialized and lost it shows both. Functions are told apart by file, name and first line; positions, too,
 * are part of the key because two lambdas of one line share all of that.
 */
#include "collect/pstats.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <tachyon/opcode.h>

#include "output/text.h"
#include "util/cleanup.h"

#define FUNCTIONS_SHOWN 5
#define INSTRUCTIONS_SHOWN 8
#define POSITION_BYTES 64

struct instruction {
	struct ty_place_function function;
	int32_t offset;
	ty_location_info location;
	const struct ty_leaf *leaf; /* one of those that were added up */
	uint64_t samples;
};

/* The instructions of one function: neighbours in the array. */
struct group {
	struct instruction *instructions;
	size_t count;
	uint64_t samples;
};

static int ascending(int64_t left, int64_t right)
{
	return (left > right) - (left < right);
}

static int by_function(const struct instruction *a, const struct instruction *b)
{
	int order = ascending(a->function.pair, b->function.pair);

	return order ? order : ascending(a->function.first_line, b->function.first_line);
}

static int by_identity(const void *left, const void *right)
{
	const struct instruction *a = left, *b = right;
	const ty_location_info *x = &a->location, *y = &b->location;
	int order = by_function(a, b);

	if (order == 0)
		order = ascending(a->offset, b->offset);
	if (order == 0)
		order = ascending(a->leaf->opcode, b->leaf->opcode);
	if (order == 0)
		order = ascending(x->line, y->line);
	if (order == 0)
		order = ascending(x->column, y->column);
	if (order == 0)
		order = ascending(x->end_line, y->end_line);
	return order ? order : ascending(x->end_column, y->end_column);
}

static int by_samples(const void *left, const void *right)
{
	const struct instruction *a = left, *b = right;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return by_identity(left, right);
}

static int by_group_samples(const void *left, const void *right)
{
	const struct group *a = left, *b = right;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return by_function(a->instructions, b->instructions);
}

static int describe(struct ty_pstats *pstats, const struct ty_leaf *leaf, struct instruction *instruction)
{
	struct ty_callsite site = pstats->report.stacks.tree.nodes.items[leaf->node].site;
	const struct ty_place_function *function = ty_places_function(&pstats->stats.places, site.function);
	ty_frame frame = { .function = site.function, .offset = site.offset, .kind = site.kind };

	if (!function)
		return -ENOMEM;
	*instruction = (struct instruction){
		.function = *function,
		.offset = site.offset,
		.location = { .size = sizeof(ty_location_info) },
		.leaf = leaf,
		.samples = leaf->samples,
	};
	if (ty_location(pstats->report.stacks.target, &frame, &instruction->location) != 0)
		instruction->location.line = -1;
	return 0;
}

/* Adds up neighbours that are one instruction; gives how many are left. */
static size_t merge(struct instruction *instructions, size_t count)
{
	size_t kept = 0;

	qsort(instructions, count, sizeof(*instructions), by_identity);
	for (size_t i = 0; i < count; i++) {
		if (kept && by_identity(&instructions[kept - 1], &instructions[i]) == 0)
			instructions[kept - 1].samples += instructions[i].samples;
		else
			instructions[kept++] = instructions[i];
	}
	return kept;
}

/* The instructions of all leaves, by function; leaves that have none, like "<GC>", are left out. NULL: out of memory.
 */
static struct instruction *make_instructions(struct ty_pstats *pstats, size_t *count)
{
	const struct ty_instructions *all = &pstats->report.stacks.instructions;
	struct instruction *instructions = calloc(all->leaves.count + 1, sizeof(*instructions));

	*count = 0;
	for (size_t i = 0; instructions && i < all->leaves.count; i++) {
		if (!all->leaves.items[i].name)
			continue;
		if (describe(pstats, &all->leaves.items[i], &instructions[(*count)++])) {
			free(instructions);
			return NULL;
		}
	}
	if (instructions)
		*count = merge(instructions, *count);
	return instructions;
}

/* Functions, hottest first, each with its instructions, hottest first. NULL: out of memory. */
static struct group *make_groups(struct instruction *instructions, size_t count, size_t *group_count)
{
	struct group *groups = calloc(count + 1, sizeof(*groups));

	*group_count = 0;
	for (size_t i = 0; groups && i < count; i++) {
		struct group *group = *group_count ? &groups[*group_count - 1] : NULL;

		if (!group || by_function(group->instructions, &instructions[i])) {
			group = &groups[(*group_count)++];
			group->instructions = &instructions[i];
		}
		group->count++;
		group->samples += instructions[i].samples;
	}
	for (size_t i = 0; groups && i < *group_count; i++)
		qsort(groups[i].instructions, groups[i].count, sizeof(*instructions), by_samples);
	if (groups)
		qsort(groups, *group_count, sizeof(*groups), by_group_samples);
	return groups;
}

struct widths {
	int position;
	int name;
	int base;
};

/* "11:8-11:13", the form of python -m dis -P: columns from 0, in bytes. */
static const char *position_text(const ty_location_info *location, char buffer[POSITION_BYTES])
{
	if (location->line < 0)
		snprintf(buffer, POSITION_BYTES, "?");
	else if (location->column < 0)
		snprintf(buffer, POSITION_BYTES, "%" PRId32, location->line);
	else
		snprintf(buffer, POSITION_BYTES, "%" PRId32 ":%" PRId32 "-%" PRId32 ":%" PRId32, location->line,
		         location->column, location->end_line, location->end_column);
	return buffer;
}

/* The generic form where that is another one. */
static const char *base_text(const struct ty_leaf *leaf)
{
	return strcmp(leaf->base_name, leaf->name) ? leaf->base_name : "";
}

static int longer(int width, const char *text)
{
	int length = (int)strlen(text);

	return length > width ? length : width;
}

static struct widths widths_of(const struct group *group, size_t shown)
{
	struct widths widths = { sizeof("line:col") - 1, sizeof("instruction") - 1, sizeof("base") - 1 };
	char buffer[POSITION_BYTES];

	for (size_t i = 0; i < shown; i++) {
		const struct instruction *instruction = &group->instructions[i];

		widths.position = longer(widths.position, position_text(&instruction->location, buffer));
		widths.name = longer(widths.name, instruction->leaf->name);
		widths.base = longer(widths.base, base_text(instruction->leaf));
	}
	return widths;
}

static void write_instruction(struct ty_pstats *pstats, const struct instruction *instruction,
                              const struct widths *widths)
{
	const struct ty_pstats_colors *colors = &pstats->colors;
	const struct ty_leaf *leaf = instruction->leaf;
	/* What could be specialized and is not stands out. */
	const char *color = leaf->opcode_flags & TY_OPCODE_SPECIALIZABLE ? colors->line : colors->function;
	int padding = widths->name - (int)strlen(leaf->name) + 2;
	ty_sink *sink = pstats->report.sink;
	char buffer[POSITION_BYTES];

	char offset[16] = "?";

	/* CPython's recordings do not have it. */
	if (instruction->offset >= 0)
		snprintf(offset, sizeof(offset), "%" PRId32, instruction->offset);
	ty_print(sink, "%12" PRIu64 "  %8.1f  %6s  %-*s  ", instruction->samples,
	         ty_pstats_percent(pstats, instruction->samples), offset, widths->position,
	         position_text(&instruction->location, buffer));
	ty_print(sink, "%s%s%s", color, leaf->name, colors->reset);
	/* Padding goes before what follows, so that no line ends in blanks. */
	if (leaf->opcode_flags & TY_OPCODE_HAS_ARGUMENT)
		ty_print(sink, "%*s%-*s  %8" PRIu32, padding, "", widths->base, base_text(leaf), leaf->argument);
	else if (*base_text(leaf))
		ty_print(sink, "%*s%s", padding, "", base_text(leaf));
	ty_print_string(sink, "\n");
}

static int write_group(struct ty_pstats *pstats, const struct group *group, size_t shown)
{
	const struct ty_place_function *function = &group->instructions->function;
	const struct ty_places *places = &pstats->stats.places;
	struct widths widths = widths_of(group, shown);
	ty_sink *sink = pstats->report.sink;
	int error;

	ty_print_string(sink, "\n");
	error = ty_pstats_write_function(pstats, ty_places_basename(ty_places_string(places, function->file)),
	                                 (int32_t)function->first_line, ty_places_string(places, function->name));
	ty_print(sink, ": %" PRIu64 " sample%s, %.1f%%\n", group->samples, group->samples == 1 ? "" : "s",
	         ty_pstats_percent(pstats, group->samples));
	ty_print(sink, "%s%12s  %8s  %6s  %-*s  %-*s  %-*s  %8s%s\n", pstats->colors.heading, "samples", "sample%",
	         "offset", widths.position, "line:col", widths.name, "instruction", widths.base, "base", "argument",
	         pstats->colors.reset);
	for (size_t i = 0; i < shown; i++)
		write_instruction(pstats, &group->instructions[i], &widths);
	if (shown < group->count)
		ty_print(sink, "%12s  (%zu more instructions)\n", "...", group->count - shown);
	return error;
}

static size_t at_most(const struct ty_pstats *pstats, size_t count, size_t limit)
{
	return count < limit || pstats->options.limit == UINT32_MAX ? count : limit;
}

int ty_pstats_write_instructions(struct ty_pstats *pstats)
{
	size_t count, group_count, shown;
	_cleanup_free_ struct instruction *instructions = make_instructions(pstats, &count);
	_cleanup_free_ struct group *groups = instructions ? make_groups(instructions, count, &group_count) : NULL;
	int error = 0;

	if (!groups)
		return -ENOMEM;
	ty_print(pstats->report.sink, "\n%sHot Instructions:%s leaf samples, the instruction itself was executing\n",
	         pstats->colors.heading, pstats->colors.reset);
	shown = at_most(pstats, group_count, FUNCTIONS_SHOWN);
	for (size_t i = 0; !error && i < shown; i++)
		error = write_group(pstats, &groups[i], at_most(pstats, groups[i].count, INSTRUCTIONS_SHOWN));
	if (!group_count)
		ty_print_string(pstats->report.sink, "  No instructions were gathered.\n");
	return error;
}
