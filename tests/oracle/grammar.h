/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_TESTS_ORACLE_GRAMMAR_H
#define TY_TESTS_ORACLE_GRAMMAR_H

/*
 * The set of stacks that a program can have, as grammar.py wrote it, and the question whether a stack is one of them.
 * Numbers of functions of the grammar stand for the library's function ids, of which code made at run time has many.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tachyon/tachyon.h>

#define FUNCTIONS_MAX 256
#define UNKNOWN_FUNCTION (-1)

struct edge {
	int line; /* from the first line of the caller */
	int callee;
};

struct function {
	char *name; /* "file:qualified name" */
	bool root;
	int at_depth; /* 0: anywhere */
	struct edge *edges;
	size_t edge_count;
	int32_t *lines; /* by code unit: line from the first, or LINE_NOT_ASKED */
	size_t line_count;
};

/* What a function id of the library is in the grammar. */
struct known_function {
	int function; /* index, or UNKNOWN_FUNCTION */
	int number;   /* NUMBER of a "<made NUMBER>" file, -1 for others */
	bool asked;
	uint32_t first_line;
};

struct grammar {
	struct function functions[FUNCTIONS_MAX];
	int function_count;
	uint32_t depth_max;
	struct known_function *known; /* by function id */
	size_t known_count;
};

enum judgement {
	STACK_POSSIBLE,
	STACK_IMPOSSIBLE,
	STACK_UNREADABLE /* some frame is a placeholder: nothing can be said */
};

void grammar_load(struct grammar *grammar, const char *path);

/* Forgets the function ids of a target that is detached. */
void grammar_forget(struct grammar *grammar);

/* Index of the function of a frame, or UNKNOWN_FUNCTION. */
int grammar_function(struct grammar *grammar, ty_target *target, const ty_frame *frame);

enum judgement grammar_judge(struct grammar *grammar, ty_target *target, const ty_frame *frames, uint32_t count);

#endif
