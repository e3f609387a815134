/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_CALLTREE_H
#define TY_COLLECT_CALLTREE_H

/*
 * A tree of stacks: a node is one frame under the stack that leads to it, so that stacks which begin alike share their
 * nodes and a whole stack is one number, its leaf's node. The memory follows the number of distinct stacks, not of
 * samples.
 *
 * Nodes are numbered in the order they are made: a parent is always smaller than its children. So a loop downwards sees
 * every child before its parent and one upwards every parent before its children, without recursion. Node 0 is the
 * root, which is no frame.
 */

#include <stdbool.h>
#include <stdint.h>

#include "util/array.h"

#define TY_CALLTREE_ROOT 0U

/* Nodes that are no frame of a snapshot. Values above those of enum ty_frame_kind. */
enum ty_calltree_kind {
	TY_CALLTREE_THREAD = 0xff, /* function: number of a thread */
	TY_CALLTREE_LABEL = 0xfe,  /* function: number of a text */
};

/* What tells the children of a node apart. */
struct ty_callsite {
	uint32_t function;
	int32_t offset;
	uint8_t kind; /* enum ty_frame_kind or enum ty_calltree_kind */
};

struct ty_callnode {
	struct ty_callsite site;
	uint32_t parent;
	uint32_t first_child;  /* 0: none. The newest first */
	uint32_t next_sibling; /* 0: none */
	uint64_t self;         /* samples whose leaf this is */
};

struct ty_calltree {
	TY_ARRAY(struct ty_callnode) nodes;
	uint32_t *slots; /* open addressing by parent and site; 0 is an empty slot */
	size_t mask;
};

/* 0 or -ENOMEM. */
int ty_calltree_init(struct ty_calltree *tree);
void ty_calltree_free(struct ty_calltree *tree);

/* The child of `parent` at a site, made if there is none. 0: out of memory, or 2^32 nodes. */
uint32_t ty_calltree_child(struct ty_calltree *tree, uint32_t parent, struct ty_callsite site);

/*
 * Samples at or below each node, by node. Allocated, to be freed by the caller; NULL when memory is out.
 */
uint64_t *ty_calltree_totals(const struct ty_calltree *tree);

/*
 * Walks the tree depth first without recursion: starts at the root; each call gives the next node, and `left` is called
 * for every node that is left on the way. 0: the walk is over.
 */
uint32_t ty_calltree_next(const struct ty_calltree *tree, uint32_t node, void (*left)(uint32_t node, void *user_data),
                          void *user_data);

#endif
