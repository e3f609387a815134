/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an opcode byte stands for is asked when it is first seen at its place, not at the end: instrumentation and
 * executors are resolved through the target's memory, and at the end there may be no target any more.
 */
#include "collect/instructions.h"

#include <errno.h>

#define FORM_BITS 9

/* What names a form in the map; never 0 because a leaf is never the root. */
static uint64_t form_key(uint32_t node, const ty_frame *frame)
{
	uint64_t opcode = frame->flags & TY_FRAME_HAS_OPCODE ? 0x100U | frame->opcode : 0;

	return (uint64_t)node << FORM_BITS | opcode;
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

static int merge_leaf(struct ty_instructions *into, const struct ty_leaf *from, uint32_t node, uint64_t form)
{
	uint64_t key = (uint64_t)node << FORM_BITS | form;
	const uint64_t *index = ty_map_get(&into->by_form, key);
	struct ty_leaf *leaf;

	if (index) {
		into->leaves.items[*index].samples += from->samples;
		return 0;
	}
	leaf = ty_array_push(&into->leaves);
	if (!leaf || !ty_map_put(&into->by_form, key, into->leaves.count - 1)) {
		into->leaves.count -= leaf != NULL;
		return -ENOMEM;
	}
	*leaf = *from;
	leaf->node = node;
	return 0;
}

int ty_instructions_merge(struct ty_instructions *into, const struct ty_instructions *from, const uint32_t *mapped)
{
	int error = 0;

	for (size_t i = 0; !error && from->by_form.slots && i <= from->by_form.mask; i++) {
		const struct ty_map_slot *slot = &from->by_form.slots[i];
		const struct ty_leaf *leaf = &from->leaves.items[slot->value];

		if (slot->key)
			error = merge_leaf(into, leaf, mapped[leaf->node], slot->key & ((1U << FORM_BITS) - 1));
	}
	for (size_t i = 0; !error && i < from->standing.count; i++) {
		struct ty_leaf *standing = ty_array_push(&into->standing);

		if (!standing)
			return -ENOMEM;
		*standing = from->standing.items[i];
		standing->node = mapped[standing->node];
	}
	return error;
}

void ty_instructions_free(struct ty_instructions *instructions)
{
	ty_array_free(&instructions->leaves);
	ty_array_free(&instructions->standing);
	ty_map_free(&instructions->by_form);
}
