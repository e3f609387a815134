/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging must keep up with some hundred thousand stacks a second, so that each function id is looked up by name once
 * and each instruction's line once. Errors end the program: it is a test tool.
 */
#include "grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_NOT_ASKED INT32_MIN
#define CODE_UNIT_BYTES 2
#define CODE_UNITS_MAX 100000

static void *grown(void *items, size_t size_bytes)
{
	void *moved = realloc(items, size_bytes);

	if (!moved)
		abort();
	return moved;
}

static int find(const struct grammar *grammar, const char *name)
{
	for (int i = 0; i < grammar->function_count; i++)
		if (strcmp(grammar->functions[i].name, name) == 0)
			return i;
	return UNKNOWN_FUNCTION;
}

static int find_or_add(struct grammar *grammar, const char *name)
{
	int i = find(grammar, name);

	if (i != UNKNOWN_FUNCTION)
		return i;
	if (grammar->function_count == FUNCTIONS_MAX) {
		fprintf(stderr, "more than %d functions\n", FUNCTIONS_MAX);
		exit(2);
	}
	grammar->functions[grammar->function_count] = (struct function){ .name = strdup(name) };
	return grammar->function_count++;
}

static void add_edge(struct grammar *grammar, const char *caller, int line, const char *callee)
{
	struct function *function = &grammar->functions[find_or_add(grammar, caller)];
	struct edge edge = { .line = line, .callee = find_or_add(grammar, callee) };

	function->edges = grown(function->edges, (function->edge_count + 1) * sizeof(edge));
	function->edges[function->edge_count++] = edge;
}

void grammar_load(struct grammar *grammar, const char *path)
{
	FILE *file = fopen(path, "r");
	char name[256], callee[256], line[600];
	int number;

	if (!file) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "depth\t%d", &number) == 1)
			grammar->depth_max = (uint32_t)number;
		else if (sscanf(line, "edge\t%255[^\t]\t%d\t%255[^\n]", name, &number, callee) == 3)
			add_edge(grammar, name, number, callee);
		else if (sscanf(line, "at\t%255[^\t]\t%d", name, &number) == 2)
			grammar->functions[find_or_add(grammar, name)].at_depth = number;
		else if (sscanf(line, "root\t%255[^\n]", name) == 1)
			grammar->functions[find_or_add(grammar, name)].root = true;
	}
	fclose(file);
}

void grammar_forget(struct grammar *grammar)
{
	free(grammar->known);
	grammar->known = NULL;
	grammar->known_count = 0;
}

/* "/a/pairs.py" and "loop" are "pairs:loop"; "<made 17>" and "inner__17" are "made:inner__*". */
static void identify(struct grammar *grammar, const ty_function_info *info, struct known_function *known)
{
	const char *base = strrchr(info->filename, '/');
	const char *number = strstr(info->qualname, "__");
	char name[512];

	base = base ? base + 1 : info->filename;
	known->number = -1;
	if (sscanf(info->filename, "<made %d>", &known->number) != 1)
		snprintf(name, sizeof(name), "%.*s:%s", (int)strcspn(base, "."), base, info->qualname);
	else if (!number)
		snprintf(name, sizeof(name), "made:%s", info->qualname);
	else if (atoi(number + 2) == known->number)
		snprintf(name, sizeof(name), "made:%.*s__*", (int)(number - info->qualname), info->qualname);
	else
		snprintf(name, sizeof(name), "name and file of two functions");
	known->function = find(grammar, name);
	known->first_line = info->first_line;
	known->asked = true;
}

static const struct known_function *lookup(struct grammar *grammar, ty_target *target, uint32_t id)
{
	ty_function_info info = { .size = sizeof(info) };

	if (id >= grammar->known_count) {
		size_t count = (size_t)id * 2 + 64;

		grammar->known = grown(grammar->known, count * sizeof(*grammar->known));
		memset(&grammar->known[grammar->known_count], 0, (count - grammar->known_count) * sizeof(*grammar->known));
		grammar->known_count = count;
	}
	if (!grammar->known[id].asked) {
		if (ty_function(target, id, &info))
			info.qualname = info.filename = "?";
		identify(grammar, &info, &grammar->known[id]);
	}
	return &grammar->known[id];
}

int grammar_function(struct grammar *grammar, ty_target *target, const ty_frame *frame)
{
	return lookup(grammar, target, frame->function)->function;
}

/* Line of a frame from the first of its function. The same for every function id with this name. */
static int32_t line_of(struct function *function, const struct known_function *known, ty_target *target,
		       const ty_frame *frame)
{
	size_t unit = frame->offset < 0 ? 0 : (size_t)frame->offset / CODE_UNIT_BYTES;
	ty_location_info location = { .size = sizeof(location) };

	if (unit >= CODE_UNITS_MAX)
		return LINE_NOT_ASKED;
	if (unit >= function->line_count) {
		function->lines = grown(function->lines, (unit + 64) * sizeof(*function->lines));
		while (function->line_count < unit + 64)
			function->lines[function->line_count++] = LINE_NOT_ASKED;
	}
	if (function->lines[unit] == LINE_NOT_ASKED && ty_location(target, frame, &location) == 0)
		function->lines[unit] = location.line - (int32_t)known->first_line;
	return function->lines[unit];
}

static bool may_call(const struct function *caller, int32_t line, int callee)
{
	for (size_t i = 0; i < caller->edge_count; i++)
		if (caller->edges[i].callee == callee && caller->edges[i].line == line)
			return true;
	return false;
}

/* Whether frames[caller] may stand below frames[caller - 1]. */
static bool pair_is_possible(struct grammar *grammar, ty_target *target, const ty_frame *frames, uint32_t caller)
{
	struct known_function below = *lookup(grammar, target, frames[caller].function);
	struct known_function above = *lookup(grammar, target, frames[caller - 1].function);
	struct function *function;

	if (below.function == UNKNOWN_FUNCTION || above.function == UNKNOWN_FUNCTION)
		return false;
	if (below.number >= 0 && above.number >= 0 && below.number != above.number)
		return false;
	function = &grammar->functions[below.function];
	return may_call(function, line_of(function, &below, target, &frames[caller]), above.function);
}

static bool depth_is_possible(struct grammar *grammar, ty_target *target, const ty_frame *frames, uint32_t count)
{
	int at_depth = grammar->functions[grammar_function(grammar, target, frames)].at_depth;

	return count <= grammar->depth_max && (!at_depth || (uint32_t)at_depth == count);
}

enum judgement grammar_judge(struct grammar *grammar, ty_target *target, const ty_frame *frames, uint32_t count)
{
	int root;

	for (uint32_t i = 0; i < count; i++)
		if (frames[i].kind == TY_FRAME_UNREADABLE)
			return STACK_UNREADABLE;
	root = count ? grammar_function(grammar, target, &frames[count - 1]) : UNKNOWN_FUNCTION;
	if (root == UNKNOWN_FUNCTION || !grammar->functions[root].root)
		return STACK_IMPOSSIBLE;
	for (uint32_t i = count - 1; i > 0; i--)
		if (!pair_is_possible(grammar, target, frames, i))
			return STACK_IMPOSSIBLE;
	return depth_is_possible(grammar, target, frames, count) ? STACK_POSSIBLE : STACK_IMPOSSIBLE;
}
