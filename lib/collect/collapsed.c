/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collapsed stacks, the lines that flamegraph.pl and its successors read and that CPython's profiler writes:
 *
 *     tid:4711;main.py:<module>:12;parse.py:Parser.next:88 152
 *
 * Outermost frame first, base names only, artificial frames by their name alone, most frequent line first and equally
 * frequent ones in the order of their bytes. With opcodes the leaf's instruction is one more frame,
 * "[BINARY_OP_ADD_INT]" or "[BINARY_OP_ADD_INT@24]"; its samples are leaf samples.
 *
 * A semicolon in a name becomes a comma and a control character its escape (output/text.h); the count is what follows
 * the last blank, so blanks in names do no harm.
 *
 * Frames on different instructions of one line are one frame here, so the tree of instructions is folded into a tree of
 * texts. Lines are never held in memory: two that are to be compared are told apart by the rank of their nodes.
 */
#include <tachyon/collector.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/places.h"
#include "collect/report.h"
#include "output/sink.h"
#include "output/text.h"
#include "util/cleanup.h"
#include "util/options.h"

struct collapsed {
	struct ty_report report;
	bool offsets;
	struct ty_places places;
	struct ty_strtab texts;
	struct ty_calltree lines; /* nodes: TY_CALLTREE_LABEL, function: number of a text */
	uint32_t *rank;           /* by node of lines: its place in the order of texts */
};

static uint32_t label(struct collapsed *collapsed, const char *text)
{
	return ty_strtab_add(&collapsed->texts, text, strlen(text));
}

static uint32_t thread_label(struct collapsed *collapsed, uint64_t id)
{
	char text[sizeof("tid:18446744073709551615")];

	snprintf(text, sizeof(text), "tid:%" PRIu64, id);
	return label(collapsed, text);
}

static uint32_t place_label(struct collapsed *collapsed, uint32_t number)
{
	const struct ty_place *place = ty_places_get(&collapsed->places, number);
	_cleanup_free_ char *name = ty_text_clean(ty_places_string(&collapsed->places, place->name), TY_TEXT_STACK);
	_cleanup_free_ char *file =
	        ty_text_clean(ty_places_basename(ty_places_string(&collapsed->places, place->file)), TY_TEXT_STACK);
	_cleanup_free_ char *text = NULL;

	if (!name || !file)
		return 0;
	if (ty_places_is_artificial(&collapsed->places, number))
		return label(collapsed, name);
	if (asprintf(&text, "%s:%s:%" PRId32, file, name, place->line) < 0) {
		text = NULL;
		return 0;
	}
	return label(collapsed, text);
}

static uint32_t line_child(struct collapsed *collapsed, uint32_t parent, uint32_t text)
{
	if (!text)
		return 0;
	return ty_calltree_child(&collapsed->lines, parent,
	                         (struct ty_callsite){ .function = text, .kind = TY_CALLTREE_LABEL });
}

/* Texts of all places, by number - 1. NULL: out of memory. */
static uint32_t *label_places(struct collapsed *collapsed)
{
	size_t count = collapsed->places.places.count;
	uint32_t *labels = malloc((count + 1) * sizeof(*labels));

	for (size_t i = 0; labels && i < count; i++) {
		labels[i] = place_label(collapsed, (uint32_t)i + 1);
		if (!labels[i])
			free(ty_steal_ptr(labels));
	}
	return labels;
}

static uint32_t text_of_node(struct collapsed *collapsed, const struct ty_callnode *node, uint32_t place,
                             const uint32_t *labels)
{
	if (node->site.kind == TY_CALLTREE_THREAD)
		return thread_label(collapsed, collapsed->report.stacks.identities.items[node->site.function].id);
	return labels[place - 1];
}

/* Folds the tree of instructions into `lines`; folded[] tells where each node went. */
static int fold_tree(struct collapsed *collapsed, uint32_t *folded)
{
	const struct ty_calltree *tree = &collapsed->report.stacks.tree;
	_cleanup_free_ uint32_t *places = ty_places_of_tree(&collapsed->places, tree);
	_cleanup_free_ uint32_t *labels = places ? label_places(collapsed) : NULL;

	if (!labels)
		return -ENOMEM;
	folded[TY_CALLTREE_ROOT] = TY_CALLTREE_ROOT;
	for (size_t i = 1; i < tree->nodes.count; i++) {
		const struct ty_callnode *node = &tree->nodes.items[i];
		uint32_t text = text_of_node(collapsed, node, places[i], labels);

		folded[i] = line_child(collapsed, folded[node->parent], text);
		if (!folded[i])
			return -ENOMEM;
		collapsed->lines.nodes.items[folded[i]].self += node->self;
	}
	return 0;
}

static uint32_t instruction_label(struct collapsed *collapsed, const struct ty_leaf *leaf, int32_t offset)
{
	char text[128];

	if (collapsed->offsets)
		snprintf(text, sizeof(text), "[%s@%" PRId32 "]", leaf->name, offset);
	else
		snprintf(text, sizeof(text), "[%s]", leaf->name);
	return label(collapsed, text);
}

/* Moves samples from the leaves' lines to a child for the instruction. What has no instruction stays where it is. */
static int split_by_instruction(struct collapsed *collapsed, const uint32_t *folded)
{
	const struct ty_stacks *stacks = &collapsed->report.stacks;

	for (size_t i = 0; i < stacks->instructions.leaves.count; i++) {
		const struct ty_leaf *leaf = &stacks->instructions.leaves.items[i];
		int32_t offset = stacks->tree.nodes.items[leaf->node].site.offset;
		uint32_t child;

		if (!leaf->name)
			continue;
		child = line_child(collapsed, folded[leaf->node], instruction_label(collapsed, leaf, offset));
		if (!child)
			return -ENOMEM;
		collapsed->lines.nodes.items[child].self += leaf->samples;
		collapsed->lines.nodes.items[folded[leaf->node]].self -= leaf->samples;
	}
	return 0;
}

/*
 * A node as part of a line: its text at the end of one, or its text and a semicolon at the start of longer ones. "f;g"
 * stands before "f!" and after "f", so a node's own line and the lines below it are two items to be sorted.
 */
struct item {
	uint32_t parent;
	uint32_t node;
	const char *text;
	bool is_prefix;
};

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	size_t i = 0;
	unsigned char x, y;

	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	while (a->text[i] && a->text[i] == b->text[i])
		i++;
	/* No text holds a semicolon itself. */
	x = a->text[i] || !a->is_prefix ? (unsigned char)a->text[i] : ';';
	y = b->text[i] || !b->is_prefix ? (unsigned char)b->text[i] : ';';
	return (x > y) - (x < y);
}

static struct item *sorted_items(const struct collapsed *collapsed, size_t *count)
{
	const struct ty_calltree *lines = &collapsed->lines;
	struct item *items = calloc(2 * lines->nodes.count, sizeof(*items));

	*count = 0;
	for (uint32_t i = 1; items && i < lines->nodes.count; i++) {
		const struct ty_callnode *node = &lines->nodes.items[i];
		struct item item = {
			.parent = node->parent,
			.node = i,
			.text = ty_strtab_get(&collapsed->texts, node->site.function),
		};

		if (node->self)
			items[(*count)++] = item;
		item.is_prefix = true;
		if (node->first_child)
			items[(*count)++] = item;
	}
	if (items)
		qsort(items, *count, sizeof(*items), compare_items);
	return items;
}

/* Numbers the lines in the order of their texts, by walking the tree with sorted children. */
static int rank_lines(struct collapsed *collapsed)
{
	const struct ty_calltree *lines = &collapsed->lines;
	_cleanup_free_ size_t *cursors = calloc(lines->nodes.count, sizeof(*cursors));
	size_t count;
	_cleanup_free_ struct item *items = sorted_items(collapsed, &count);
	uint32_t node = TY_CALLTREE_ROOT, next = 0;

	collapsed->rank = calloc(lines->nodes.count, sizeof(*collapsed->rank));
	if (!cursors || !items || !collapsed->rank)
		return -ENOMEM;
	for (size_t i = count; i-- > 0;)
		cursors[items[i].parent] = i;
	for (;;) {
		const struct item *item = &items[cursors[node]];

		if (cursors[node] < count && item->parent == node) {
			cursors[node]++;
			if (item->is_prefix)
				node = item->node;
			else
				collapsed->rank[item->node] = next++;
		} else if (node == TY_CALLTREE_ROOT) {
			return 0;
		} else {
			node = lines->nodes.items[node].parent;
		}
	}
}

struct line {
	uint64_t samples;
	uint32_t rank;
	uint32_t node;
};

static int compare_lines(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	if (a->samples != b->samples)
		return a->samples > b->samples ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

static int write_line(struct collapsed *collapsed, const struct line *line)
{
	const struct ty_calltree *lines = &collapsed->lines;
	ty_sink *sink = collapsed->report.sink;
	TY_ARRAY(uint32_t) path = { 0 };
	uint32_t *step;

	for (uint32_t node = line->node; node; node = lines->nodes.items[node].parent) {
		step = ty_array_push(&path);
		if (!step) {
			ty_array_free(&path);
			return -ENOMEM;
		}
		*step = lines->nodes.items[node].site.function;
	}
	for (size_t i = path.count; i-- > 0;) {
		ty_print_string(sink, ty_strtab_get(&collapsed->texts, path.items[i]));
		ty_sink_write(sink, i ? ";" : " ", 1);
	}
	ty_print(sink, "%" PRIu64 "\n", line->samples);
	ty_array_free(&path);
	return ty_sink_error(sink);
}

static int write_lines(struct collapsed *collapsed)
{
	const struct ty_calltree *lines = &collapsed->lines;
	_cleanup_free_ struct line *sorted = calloc(lines->nodes.count, sizeof(*sorted));
	size_t count = 0;
	int error = 0;

	if (!sorted)
		return -ENOMEM;
	for (uint32_t i = 1; i < lines->nodes.count; i++)
		if (lines->nodes.items[i].self)
			sorted[count++] = (struct line){ lines->nodes.items[i].self, collapsed->rank[i], i };
	qsort(sorted, count, sizeof(*sorted), compare_lines);
	for (size_t i = 0; !error && i < count; i++)
		error = write_line(collapsed, &sorted[i]);
	return error;
}

static int write_collapsed(struct ty_report *report)
{
	struct collapsed *collapsed = (struct collapsed *)report;
	_cleanup_free_ uint32_t *folded = calloc(report->stacks.tree.nodes.count, sizeof(*folded));
	int error = folded ? ty_calltree_init(&collapsed->lines) : -ENOMEM;

	if (error)
		return error;
	ty_places_init(&collapsed->places, report->stacks.target);
	error = fold_tree(collapsed, folded);
	if (!error)
		error = split_by_instruction(collapsed, folded);
	if (!error)
		error = rank_lines(collapsed);
	if (!error)
		error = write_lines(collapsed);
	free(ty_steal_ptr(collapsed->rank));
	ty_strtab_free(&collapsed->texts);
	ty_calltree_free(&collapsed->lines);
	ty_places_free(&collapsed->places);
	return error;
}

int ty_collapsed_new(const ty_collapsed_options *options, ty_sink *sink, ty_collector **collector)
{
	struct collapsed *collapsed = calloc(1, sizeof(*collapsed));
	ty_collapsed_options known;
	struct ty_report_options report = { .by_thread = true };

	/* An option we do not know is refused like a trust that does not exist. */
	report.trust = ty_options_in(&known, sizeof(known), options) ? -1 : known.trust;
	report.instructions = known.opcodes != 0;
	if (collapsed)
		collapsed->offsets = known.offsets != 0;
	return ty_report_new(collapsed ? &collapsed->report : NULL, &report, sink, write_collapsed, collector);
}
