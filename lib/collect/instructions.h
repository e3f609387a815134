/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_COLLECT_INSTRUCTIONS_H
#define TY_COLLECT_INSTRUCTIONS_H

/*
 * On which instruction the leaves of a call tree stood, and in which form: the adaptive interpreter rewrites
 * instructions, so one node may have been seen with several opcodes.
 */

#include <stdint.h>

#include <tachyon/snapshot.h>

#include "util/array.h"
#include "util/map.h"

struct ty_leaf {
	uint32_t node;     /* of the call tree */
	uint32_t argument; /* as in ty_instruction_info, likewise the rest */
	uint32_t opcode_flags;
	uint16_t opcode;
	uint16_t flags;
	const char *name; /* static; NULL if the frame has no instruction */
	const char *base_name;
	uint64_t samples;
};

struct ty_instructions {
	TY_ARRAY(struct ty_leaf) leaves;
	struct ty_map by_form; /* node and opcode as executing -> index */
	/*
	 * What nodes stood on when they were made, of those that stood on something: for a frame that waits for what it
	 * called, the call. Without samples: those are the tree's.
	 */
	TY_ARRAY(struct ty_leaf) standing;
};

/* Counts one sample of a leaf. 0 or -ENOMEM. */
int ty_instructions_add(struct ty_instructions *instructions, ty_target *target, uint32_t node, const ty_frame *frame);

/* Notes what a new node stands on. 0 or -ENOMEM. */
int ty_instructions_stand(struct ty_instructions *instructions, ty_target *target, uint32_t node,
                          const ty_frame *frame);

/* Adds what was gathered for another tree; mapped: nodes of this tree by those of the other. 0 or -ENOMEM. */
int ty_instructions_merge(struct ty_instructions *into, const struct ty_instructions *from, const uint32_t *mapped);
void ty_instructions_free(struct ty_instructions *instructions);

#endif
