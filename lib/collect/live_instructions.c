/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines and instructions of one function: its disassembly and its samples, put together by offset.
 *
 * Functions that a reader cannot tell apart may be several code objects (two lambdas of one line are): offsets of one
 * mean nothing in another, so the one with the most samples is shown.
 */
#include <errno.h>
#include <stdlib.h>

#include <tachyon/opcode.h>

#include "collect/live.h"

#include "util/cleanup.h"
#include "util/options.h"

#define FORMS_MAX 8 /* of one instruction that are told apart */

/* What samples tell of one offset. */
struct spot {
	int32_t offset;
	int32_t line;
	uint64_t leaf, on_stack;
	uint32_t forms;
	struct {
		const struct ty_leaf *leaf;
		uint64_t samples;
	} form[FORMS_MAX];
};

struct detail {
	struct ty_live *live;
	uint32_t id, thread;         /* of the code object that is shown */
	uint32_t *spot_of, *line_of; /* by node, numbers from 1 */
	struct ty_map spot_numbers, line_numbers;
	TY_ARRAY(struct spot) spots;
	TY_ARRAY(struct spot) lines; /* offset is not used */
	TY_ARRAY(struct ty_listing_row) listing;
	TY_ARRAY(const char *) arguments; /* of the listing */
};

static void free_detail(struct detail *detail)
{
	free(detail->spot_of);
	free(detail->line_of);
	ty_map_free(&detail->spot_numbers);
	ty_map_free(&detail->line_numbers);
	ty_array_free(&detail->spots);
	ty_array_free(&detail->lines);
	ty_array_free(&detail->listing);
	ty_array_free(&detail->arguments);
}

/* ---- which code object ---- */

/* The id of the function's code object with the most leaf samples; the last one seen if none has any. */
static int choose_code(struct detail *detail, uint32_t function)
{
	const struct ty_live_copy *copy = &detail->live->copy;
	struct ty_map samples = { 0 };
	uint64_t most = 0;
	int error = 0;

	for (size_t i = 1; !error && i < copy->tree.nodes.count; i++) {
		const struct ty_callnode *node = &copy->tree.nodes.items[i];
		const uint64_t *known;
		uint64_t sum;

		if (copy->function_of.items[i] != function || !node->site.function)
			continue;
		known = ty_map_get(&samples, node->site.function);
		sum = (known ? *known : 0) + (ty_live_is_seen(copy, i, detail->thread) ? node->self : 0);
		if (!ty_map_put(&samples, node->site.function, sum))
			error = -ENOMEM;
		if (sum >= most) {
			most = sum;
			detail->id = node->site.function;
		}
	}
	ty_map_free(&samples);
	return error;
}

/* ---- samples ---- */

/* Of an offset or a line, which is -1 at the least: no key of a map is 0. */
static uint64_t key_of(int32_t number)
{
	return (uint64_t)((int64_t)number + 2);
}

static int number_nodes(struct detail *detail)
{
	const struct ty_live_copy *copy = &detail->live->copy;
	size_t count = copy->tree.nodes.count;

	detail->spot_of = calloc(count, sizeof(*detail->spot_of));
	detail->line_of = calloc(count, sizeof(*detail->line_of));
	if (!detail->spot_of || !detail->line_of)
		return -ENOMEM;
	for (size_t i = 1; i < count; i++) {
		struct ty_callsite site = copy->tree.nodes.items[i].site;
		int32_t line = copy->nodes.items[i].line;

		if (site.function != detail->id || site.kind == TY_CALLTREE_THREAD)
			continue;
		detail->spot_of[i] = (uint32_t)ty_map_number(&detail->spot_numbers, key_of(site.offset));
		detail->line_of[i] = (uint32_t)ty_map_number(&detail->line_numbers, key_of(line));
		if (!detail->spot_of[i] || !detail->line_of[i])
			return -ENOMEM;
		if (detail->spot_of[i] > detail->spots.count) {
			struct spot *spot = ty_array_push(&detail->spots);

			if (!spot)
				return -ENOMEM;
			*spot = (struct spot){ .offset = site.offset, .line = line };
		}
		if (detail->line_of[i] > detail->lines.count) {
			struct spot *spot = ty_array_push(&detail->lines);

			if (!spot)
				return -ENOMEM;
			*spot = (struct spot){ .line = line };
		}
	}
	return 0;
}

static int count_spots(struct detail *detail)
{
	_cleanup_free_ struct ty_linestat *spots =
	        ty_live_count(detail->live, detail->spot_of, detail->spots.count, detail->thread);
	_cleanup_free_ struct ty_linestat *lines =
	        ty_live_count(detail->live, detail->line_of, detail->lines.count, detail->thread);

	if (!spots || !lines)
		return -ENOMEM;
	for (size_t i = 0; i < detail->spots.count; i++) {
		detail->spots.items[i].leaf = spots[i].direct;
		detail->spots.items[i].on_stack = spots[i].cumulative;
	}
	for (size_t i = 0; i < detail->lines.count; i++) {
		detail->lines.items[i].leaf = lines[i].direct;
		detail->lines.items[i].on_stack = lines[i].cumulative;
	}
	return 0;
}

static void add_form(struct spot *spot, const struct ty_leaf *leaf)
{
	for (uint32_t i = 0; i < spot->forms; i++) {
		if (spot->form[i].leaf->name == leaf->name) {
			spot->form[i].samples += leaf->samples;
			return;
		}
	}
	if (spot->forms == FORMS_MAX)
		return;
	spot->form[spot->forms].leaf = leaf;
	spot->form[spot->forms++].samples = leaf->samples;
}

static void add_forms(struct detail *detail)
{
	const struct ty_live_copy *copy = &detail->live->copy;

	for (size_t i = 0; i < copy->leaves.count; i++) {
		const struct ty_leaf *leaf = &copy->leaves.items[i].leaf;

		/* A leaf may be newer than the copy of the nodes. */
		if (!leaf->name || !leaf->samples || leaf->node >= copy->tree.nodes.count ||
		    !detail->spot_of[leaf->node])
			continue;
		if (ty_live_is_seen(copy, leaf->node, detail->thread))
			add_form(&detail->spots.items[detail->spot_of[leaf->node] - 1], leaf);
	}
}

/* The form with the most samples; NULL: none could be told. */
static const struct ty_leaf *usual_form(const struct spot *spot)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < spot->forms; i++)
		if (spot->form[i].samples > spot->form[best].samples)
			best = i;
	return spot->forms ? spot->form[best].leaf : NULL;
}

/* ---- the listing ---- */

/* A chunk of the source's listing; argument texts stay where they are. How much is left to copy, -ENOMEM. */
static int copy_chunk(struct detail *detail, const struct ty_listing *listing)
{
	size_t begin = detail->listing.count, rows = listing ? listing->rows.count : 0;

	for (size_t i = begin; i < rows && i < begin + TY_LIVE_CHUNK; i++) {
		const struct ty_listing_row *row = &listing->rows.items[i];

		*(struct ty_listing_row *)ty_array_push(&detail->listing) = *row;
		*(const char **)ty_array_push(&detail->arguments) =
		        ty_strtab_get(&detail->live->source.listings.strings, row->argument_text);
	}
	return rows > detail->listing.count;
}

static int copy_listing(struct detail *detail)
{
	const struct ty_listings *listings = &detail->live->source.listings;
	bool more;

	do {
		/* Room is made before the lock is taken. */
		if (!ty_array_reserve(&detail->listing, detail->listing.count + TY_LIVE_CHUNK) ||
		    !ty_array_reserve(&detail->arguments, detail->arguments.count + TY_LIVE_CHUNK))
			return -ENOMEM;
		ty_live_lock(detail->live);
		detail->live->source.wanted = detail->live->opcodes ? detail->id : 0;
		more = copy_chunk(detail, ty_listings_get(listings, detail->id));
		ty_live_unlock(detail->live);
	} while (more);
	return 0;
}

/* ---- rows ---- */

static int form_of(uint32_t flags, uint32_t opcode_flags)
{
	static const int FORMS[TY_ADAPTATIONS] = {
		[TY_SPECIALIZED] = TY_LIVE_FORM_SPECIALIZED,    [TY_GENERIC] = TY_LIVE_FORM_GENERIC,
		[TY_NOT_SPECIALIZABLE] = TY_LIVE_FORM_FIXED,    [TY_IN_TRACE] = TY_LIVE_FORM_TRACE,
		[TY_ADAPTATION_UNKNOWN] = TY_LIVE_FORM_UNKNOWN,
	};

	return FORMS[ty_adaptation_of(flags, opcode_flags)];
}

static void take_instruction(ty_live_instruction_info *row, const ty_instruction_info *instruction)
{
	row->name = instruction->name;
	row->base_name = instruction->base_name;
	row->opcode = instruction->opcode;
	row->argument = instruction->argument;
	row->flags = instruction->flags;
	row->has_argument = (instruction->opcode_flags & TY_OPCODE_HAS_ARGUMENT) != 0;
	row->form = form_of(instruction->flags, instruction->opcode_flags);
}

/* As most of its samples saw it. */
static void take_samples(ty_live_instruction_info *row, const struct spot *spot)
{
	const struct ty_leaf *leaf = usual_form(spot);

	row->leaf = spot->leaf;
	row->on_stack = spot->on_stack;
	row->forms = spot->forms;
	if (!leaf)
		return;
	row->name = leaf->name;
	row->base_name = leaf->base_name;
	row->opcode = leaf->opcode;
	row->argument = leaf->argument;
	row->flags = leaf->flags;
	row->has_argument = (leaf->opcode_flags & TY_OPCODE_HAS_ARGUMENT) != 0;
	row->form = form_of(leaf->flags, leaf->opcode_flags);
}

static int add_listed(struct detail *detail, size_t i)
{
	const struct ty_listing_row *listed = &detail->listing.items[i];
	ty_live_instruction_info *row = ty_array_push(&detail->live->copy.instructions);
	const uint64_t *number = ty_map_get(&detail->spot_numbers, key_of(listed->instruction.offset));

	if (!row)
		return -ENOMEM;
	*row = (ty_live_instruction_info){
		.line = listed->location.line > 0 ? listed->location.line : -1,
		.offset = listed->instruction.offset,
		.column = listed->location.column,
		.end_line = listed->location.end_line,
		.end_column = listed->location.end_column,
		.argument_text = detail->arguments.items[i],
		.label = listed->label,
	};
	take_instruction(row, &listed->instruction);
	if (number) {
		struct spot *spot = &detail->spots.items[*number - 1];

		take_samples(row, spot);
		spot->offset = INT32_MAX; /* has its row */
	}
	return 0;
}

/* What was sampled and is in no listing. */
static int add_unlisted(struct detail *detail)
{
	for (size_t i = 0; i < detail->spots.count; i++) {
		const struct spot *spot = &detail->spots.items[i];
		ty_live_instruction_info *row;

		if (spot->offset == INT32_MAX || !spot->on_stack)
			continue;
		row = ty_array_push(&detail->live->copy.instructions);
		if (!row)
			return -ENOMEM;
		*row = (ty_live_instruction_info){
			.line = spot->line ? spot->line : -1,
			.offset = spot->offset,
			.column = -1,
			.end_line = -1,
			.end_column = -1,
			.name = "",
			.base_name = "",
			.argument_text = "",
		};
		take_samples(row, spot);
	}
	return 0;
}

/* A line for every one that has instructions. */
static int add_lines(struct detail *detail)
{
	struct ty_live_copy *copy = &detail->live->copy;
	size_t instructions = copy->instructions.count;

	for (size_t i = 0; i < instructions; i++) {
		int32_t line = copy->instructions.items[i].line;
		uint64_t number = ty_map_number(&detail->line_numbers, key_of(line < 0 ? 0 : line));

		if (!number)
			return -ENOMEM;
		if (number > detail->lines.count) {
			struct spot *spot = ty_array_push(&detail->lines);

			if (!spot)
				return -ENOMEM;
			spot->line = line < 0 ? 0 : line;
		}
	}
	for (size_t i = 0; i < detail->lines.count; i++) {
		const struct spot *line = &detail->lines.items[i];
		ty_live_instruction_info *row = ty_array_push(&copy->instructions);

		if (!row)
			return -ENOMEM;
		*row = (ty_live_instruction_info){
			.is_line = 1,
			.line = line->line ? line->line : -1,
			.leaf = line->leaf,
			.on_stack = line->on_stack,
			.offset = -1,
			.name = "",
			.base_name = "",
			.argument_text = "",
		};
	}
	return 0;
}

static int by_place(const void *left, const void *right)
{
	const ty_live_instruction_info *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->is_line != b->is_line)
		return a->is_line ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

static int make_rows(struct detail *detail)
{
	struct ty_live_copy *copy = &detail->live->copy;
	int error = 0;

	for (size_t i = 0; !error && i < detail->listing.count; i++)
		error = add_listed(detail, i);
	if (!error)
		error = add_unlisted(detail);
	if (!error)
		error = add_lines(detail);
	if (!error && copy->instructions.count)
		qsort(copy->instructions.items, copy->instructions.count, sizeof(*copy->instructions.items), by_place);
	return error;
}

int ty_live_instructions(ty_live *live, uint32_t function, uint32_t thread)
{
	struct detail detail = { .live = live, .thread = thread };
	int error;

	ty_array_clear(&live->copy.instructions);
	if (!function || function > live->copy.functions.count || !ty_live_knows_thread(live, thread))
		return -TY_ENOTFOUND;
	if (!live->copy.totals)
		return -ENOMEM;
	error = choose_code(&detail, function);
	if (!error && detail.id)
		error = number_nodes(&detail);
	if (!error && detail.id)
		error = count_spots(&detail);
	if (!error && detail.id) {
		add_forms(&detail);
		error = copy_listing(&detail);
	}
	if (!error && detail.id)
		error = make_rows(&detail);
	free_detail(&detail);
	return error ? error : (int)live->copy.instructions.count;
}

int ty_live_instruction(ty_live *live, size_t index, ty_live_instruction_info *out)
{
	if (index >= live->copy.instructions.count)
		return -TY_ENOTFOUND;
	return ty_options_out(out, &live->copy.instructions.items[index], sizeof(ty_live_instruction_info));
}
