/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an opcode byte stands for is asked when it is first seen at its place, not at the end: instrumentation and
 * executors are resolved through the target's memory, and at the end there may be no target any more.
 */
#include "collect/instructions.h"

#include <errno.h>

/* What names a form in the map; never 0 because a leaf is never the root. */
static uint64_t form_key(uint32_t node, const ty_frame *frame)
{
	uint64_t opcode = frame->flags & TY_FRAME_HAS_OPCODE ? 0x100U | frame->opcode : 0;

	return (uint64_t)node << 9 | opcode;
}

static void resolve(struct ty_leaf *leaf, ty_target *target, const ty_frame *frame)
{
	ty_instruction_info info = { .size = sizeof(info) };

	/* An artificial frame has none, and a byte that is no opcode must not get a name. */
	if (ty_instruction(target, frame, &info) != 0)
		return;
	leaf->name = info.name;
	leaf->base_name = info.base_name;
	leaf->argument = info.argument;
	leaf->opcode = info.opcode;
	leaf->opcode_flags = info.opcode_flags;
	leaf->flags = info.flags;
}

int ty_instructions_add(struct ty_instructions *instructions, ty_target *target, uint32_t node, const ty_frame *frame)
{
	uint64_t key = form_key(node, frame);
	const uint64_t *index = ty_map_get(&instructions->by_form, key);
	struct ty_leaf *leaf;

	if (index) {
		instructions->leaves.items[*index].samples++;
		return 0;
	}
	leaf = ty_array_push(&instructions->leaves);
	if (!leaf)
		return -ENOMEM;
	if (!ty_map_put(&instructions->by_form, key, instructions->leaves.count - 1)) {
		instructions->leaves.count--;
		return -ENOMEM;
	}
	*leaf = (struct ty_leaf){ .node = node, .samples = 1 };
	resolve(leaf, target, frame);
	return 0;
}

int ty_instructions_stand(struct ty_instructions *instructions, ty_target *target, uint32_t node, const ty_frame *frame)
{
	struct ty_leaf *standing = ty_array_push(&instructions->standing);

	if (!standing)
		return -ENOMEM;
	standing->node = node;
	resolve(standing, target, frame);
	if (!standing->name)
		instructions->standing.count--;
	return 0;
}

void ty_instructions_free(struct ty_instructions *instructions)
{
	ty_array_free(&instructions->leaves);
	ty_array_free(&instructions->standing);
	ty_map_free(&instructions->by_form);
}
