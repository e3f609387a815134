/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_SITES_H
#define TY_COLLECT_SITES_H

/*
 * Samples by instruction: by function and offset, not by line, because two operations of one line are two things.
 * Computed once, at the end.
 *
 *   leaf        the instruction was executing
 *   on_stack    it was executing or waiting for what it called; under recursion a sample counts once
 *
 * The adaptive interpreter rewrites instructions while the program runs, so that a site has been seen in one form or
 * several; their samples are its leaf samples.
 */

#include "collect/linestats.h"
#include "collect/stacks.h"

/* What the adaptive interpreter made of an instruction. */
enum ty_adaptation {
	TY_SPECIALIZED,
	TY_GENERIC, /* could be specialized and is not */
	TY_NOT_SPECIALIZABLE,
	TY_IN_TRACE,           /* a JIT trace was running: what runs inside is not visible */
	TY_ADAPTATION_UNKNOWN, /* no instruction, or one that could not be told */
	TY_ADAPTATIONS,
};

/* Leaf samples of a site in one form. What is instrumented or in a trace is a form of its own. */
struct ty_site_form {
	uint32_t function;
	int32_t offset;
	const struct ty_leaf *leaf; /* one of those that were added up; it has a name */
	uint64_t samples;
};

struct ty_site {
	uint32_t function;
	int32_t offset;
	uint64_t leaf;
	uint64_t on_stack;
	const struct ty_site_form *forms; /* most often seen first */
	size_t form_count;
};

/* Under recursion the on-stack samples of a line are not the sum of those of its instructions. */
struct ty_site_line {
	uint32_t function;
	int32_t line; /* -1: not known */
	uint64_t leaf;
	uint64_t on_stack;
};

/* Neighbours in the arrays of ty_sites belong to one function. */
struct ty_site_function {
	uint32_t id;
	uint64_t leaf;
	uint64_t on_stack;
	const struct ty_site *sites; /* by offset */
	size_t site_count;
	const struct ty_site_line *lines; /* by number */
	size_t line_count;
};

struct ty_sites {
	TY_ARRAY(struct ty_site) sites;              /* by function and offset */
	TY_ARRAY(struct ty_site_line) lines;         /* by function and number */
	TY_ARRAY(struct ty_site_function) functions; /* by id */
	struct ty_site_form *forms;
	size_t form_count;
};

/* 0 or -ENOMEM. */
int ty_sites_init(struct ty_sites *sites, const struct ty_stacks *stacks);
void ty_sites_free(struct ty_sites *sites);

/* By the flags of a ty_instruction_info and of its opcode. */
enum ty_adaptation ty_adaptation_of(uint32_t flags, uint32_t opcode_flags);

#endif
