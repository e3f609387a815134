/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_ARGUMENT_H
#define TY_PYTHON_ARGUMENT_H

/* What the argument of an instruction stands for, in the words of the target's own dis module. */

#include "python/bytecode.h"
#include "python/value.h"

/* The items of a tuple of the target. */
struct ty_items {
	uint64_t *addresses;
	uint32_t count;
};

/* What the arguments of one code object refer to. */
struct ty_referents {
	struct ty_items consts;
	struct ty_items names;
	struct ty_items locals; /* locals, cells and free variables: co_localsplusnames */
	uint32_t *labels;       /* for every code unit its number among the jump targets, from 1; 0: it is none */
};

/* Unit that the instruction at `unit` refers to with its argument, jump or not; -1: none, or outside of the code. */
int64_t ty_argument_target(const struct ty_bytecode *bytecode, uint32_t unit);

/*
 * Appends what dis shows in parentheses behind the argument of the instruction at `unit`; nothing if that is nothing,
 * or if the argument refers to nothing that is there. 0, or a negative errno when the target cannot be read.
 */
int ty_argument_text(struct ty_values *values, const struct ty_referents *referents, const struct ty_bytecode *bytecode,
                     uint32_t unit, struct ty_text *text);

#endif
